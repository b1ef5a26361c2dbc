#include "services/preferences/src/service.hpp"

#include <stdexcept>

namespace {

using lakegate::runtime::running_part;
using parts = std::vector<std::unique_ptr<running_part>>;

caf::expected<parts> start(const lakegate::runtime::settings& values,
                           const std::shared_ptr<prometheus::Registry>& registry) {
  auto options = lakegate::preferences::read_config(values);
  if (!options)
    return options.error();
  try {
    parts result;
    result.push_back(
        std::make_unique<lakegate::preferences::service>(std::move(*options), registry));
    return result;
  } catch (const std::runtime_error& fault) {
    return lakegate::runtime::setting_error(fault.what());
  }
}

} // namespace

int main(int argc, char** argv) {
  return lakegate::runtime::service_main(argc, argv,
                                         {"lakegate-preferences",
                                          "Keeps each user's preferences in PostgreSQL.",
                                          lakegate::preferences::all_settings(), start});
}
