#include <lakegate/core/errors.hpp>

#include <lakegate/core/json_writer.hpp>

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace lakegate {

namespace {

constexpr auto category = caf::atom("lakegate");

} // namespace

std::string to_string(errc code) {
  return std::string{spec_of(code).name};
}

caf::error make_error(failure x) {
  auto code = static_cast<std::uint8_t>(x.code);
  return caf::error{code, category, caf::make_message(std::move(x))};
}

caf::error make_error(errc code) {
  return make_error(failure{code, {}, {}, caf::none});
}

caf::error make_error(errc code, const faults& found) {
  json_writer w;
  w.begin_object().key("errors").begin_array();
  for (const auto& x : found)
    w.begin_object().member("field", x.field).member("reason", x.reason).end_object();
  w.end_array().end_object();
  auto message = found.front().field + " " + found.front().reason;
  if (found.size() > 1)
    message += " (and " + std::to_string(found.size() - 1) + " more)";
  return make_error(failure{code, message + ".", std::move(w).str(), caf::none});
}

failure failure_of(const caf::error& err) {
  if (!err) // CAF can't be asked for the category of no error.
    return {errc::internal_error, {}, {}, caf::none};
  if (err.category() == category
      && err.code() < static_cast<std::uint8_t>(errc::count_)) {
    if (err.context().match_elements<failure>())
      return err.context().get_as<failure>(0);
    return {static_cast<errc>(err.code()), {}, {}, caf::none};
  }
  if (err == caf::sec::request_timeout || err == caf::sec::request_receiver_down
      || err == caf::exit_reason::remote_link_unreachable
      || err == caf::sec::cannot_connect_to_node)
    return {errc::service_unavailable, {}, {}, caf::none};
  return {errc::internal_error, {}, {}, caf::none};
}

} // namespace lakegate
