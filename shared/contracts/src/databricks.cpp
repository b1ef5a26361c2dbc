#include <lakegate/contracts/databricks.hpp>

#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace lakegate::databricks {

namespace {

constexpr auto category = caf::atom("databricks");

} // namespace

call_context context_of(const caller& who) {
  return {who.token,     who.correlation_id, who.traceparent,
          who.time_left, who.call_id,        who.meter};
}

caf::error make_error(upstream_failure x) {
  auto code = static_cast<std::uint8_t>(x.kind);
  return caf::error{code, category, caf::make_message(std::move(x))};
}

upstream_failure failure_in(const caf::error& err) {
  if (err && err.category() == category
      && err.context().match_elements<upstream_failure>())
    return err.context().get_as<upstream_failure>(0);
  upstream_failure result;
  result.kind = err == caf::sec::request_timeout ? failure_kind::timeout
                                                 : failure_kind::unavailable;
  return result;
}

} // namespace lakegate::databricks
