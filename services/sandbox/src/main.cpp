#include "services/sandbox/src/workspace.hpp"

#include <lakegate/core/errors.hpp>

#include <stdexcept>

namespace {

using namespace lakegate;

using parts = std::vector<std::unique_ptr<runtime::running_part>>;

caf::expected<parts> start(const runtime::settings& values,
                           const std::shared_ptr<prometheus::Registry>&) {
  try {
    parts result;
    result.push_back(std::make_unique<sandbox::workspace>(sandbox::read_config(values)));
    return result;
  } catch (const std::runtime_error& e) {
    return make_error(failure{errc::internal_error, e.what(), "", caf::none});
  }
}

} // namespace

int main(int argc, char** argv) {
  return runtime::service_main(argc, argv,
                               {"lakegate-sandbox",
                                "A local workspace that speaks the Databricks REST APIs.",
                                sandbox::setting_table(), start});
}
