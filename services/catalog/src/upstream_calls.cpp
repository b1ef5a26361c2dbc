#include "services/catalog/src/upstream_calls.hpp"

namespace lakegate::catalog {

namespace {

using databricks::failure_kind;

bool may_repeat(const databricks::upstream_failure& x, repeatable kind) {
  auto did_nothing = x.kind == failure_kind::rate_limited || x.http_status == 503
                     || (x.kind == failure_kind::unavailable && !x.sent);
  if (kind == repeatable::statement)
    return did_nothing;
  return did_nothing || x.kind == failure_kind::unavailable
         || x.kind == failure_kind::timeout;
}

} // namespace

std::optional<std::chrono::milliseconds>
retry_delay(const databricks::upstream_failure& x, repeatable kind, int attempts_made,
            const limits& bounds, double random) {
  if (attempts_made >= bounds.max_attempts || !may_repeat(x, kind))
    return std::nullopt;
  auto least = std::chrono::seconds{x.retry_after.value_or(0)};
  return least + full_jitter(bounds.retry, attempts_made, random);
}

} // namespace lakegate::catalog
