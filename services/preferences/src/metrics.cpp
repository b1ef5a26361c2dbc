#include "services/preferences/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

namespace lakegate::preferences {

namespace {

prometheus::Counter& writes(prometheus::Registry& registry, const char* outcome) {
  return runtime::counter_of(registry, "lakegate_preferences_writes_total",
                             "Preferences written or deleted, by outcome",
                             {{"outcome", outcome}});
}

} // namespace

metrics::metrics(std::shared_ptr<prometheus::Registry> registry)
    : registry_{std::move(registry)}, skipped_{runtime::counter_of(
                                          *registry_,
                                          "lakegate_preferences_skipped_rows_total",
                                          "Stored rows that could not be read")},
      created_{writes(*registry_, "created")}, replaced_{writes(*registry_, "replaced")},
      deleted_{writes(*registry_, "deleted")}, refused_{writes(*registry_, "refused")} {}

} // namespace lakegate::preferences
