#include "services/catalog/src/service.hpp"

#include <stdexcept>

namespace {

using parts = std::vector<std::unique_ptr<lakegate::runtime::running_part>>;

caf::expected<parts> start(const lakegate::runtime::settings& values,
                           const std::shared_ptr<prometheus::Registry>& registry) {
  auto settings = lakegate::catalog::read_config(values);
  if (!settings)
    return settings.error();
  try {
    parts result;
    result.push_back(
        std::make_unique<lakegate::catalog::service>(std::move(*settings), registry));
    return result;
  } catch (const std::runtime_error& why) {
    return lakegate::runtime::setting_error(why.what());
  }
}

} // namespace

int main(int argc, char** argv) {
  return lakegate::runtime::service_main(
      argc, argv,
      {"lakegate-catalog",
       "Unity Catalog and SQL of a Databricks workspace, for Lakegate.",
       lakegate::catalog::config_settings(), start});
}
