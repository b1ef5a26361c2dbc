#include "services/sandbox/src/workspace.hpp"

namespace {

using namespace lakegate;

caf::expected<runtime::running_parts>
start(const runtime::settings& values, const std::shared_ptr<prometheus::Registry>&) {
  runtime::running_parts result;
  result.push_back(std::make_unique<sandbox::workspace>(sandbox::read_config(values)));
  return result;
}

} // namespace

int main(int argc, char** argv) {
  return runtime::service_main(argc, argv,
                               {"lakegate-sandbox",
                                "A local workspace that speaks the Databricks REST APIs.",
                                sandbox::all_settings(), start});
}
