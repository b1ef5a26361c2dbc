#include "gateway/src/config.hpp"
#include "gateway/src/server.hpp"

#include <lakegate/runtime/service_main.hpp>

#include <exception>

int main(int argc, char** argv) {
  using namespace lakegate;
  using parts = std::vector<std::unique_ptr<runtime::running_part>>;
  return runtime::service_main(
      argc, argv,
      {"lakegate-gateway", "Serves the HTTP API of Lakegate.",
       gateway::gateway_settings(),
       [](const auto& values, const auto& registry) -> caf::expected<parts> {
         auto config = gateway::read_config(values);
         if (!config)
           return std::move(config.error());
         try {
           parts running;
           running.push_back(
               std::make_unique<gateway::server>(std::move(*config), registry));
           return running;
         } catch (const std::exception& x) {
           return runtime::setting_error(x.what());
         }
       }});
}
