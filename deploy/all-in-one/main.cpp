#include "deploy/all-in-one/assembly.hpp"

#include <lakegate/runtime/service_main.hpp>

int main(int argc, char** argv) {
  using namespace lakegate;
  return runtime::service_main(
      argc, argv,
      {"lakegate-all", "Runs the gateway and the three services in one process.",
       all_settings(),
       [](const auto& values,
          const auto& registry) -> caf::expected<runtime::running_parts> {
         auto all = assembly::start(values, registry);
         if (!all)
           return std::move(all.error());
         return assembly::parts_of(std::move(*all));
       }});
}
