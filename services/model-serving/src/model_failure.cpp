#include "services/model-serving/src/model_failure.hpp"

#include "services/model-serving/src/invocation.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>
#include <lakegate/databricks/upstream_errors.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace lakegate::model_serving {

namespace {

using databricks::failure_kind;

constexpr std::size_t max_model_message = 1500;
constexpr std::size_t max_log_message = 2048;

constexpr databricks::error_mapping mapping{
    errc::model_permission_denied, errc::endpoint_not_found, errc::model_unavailable,
    errc::model_timeout, errc::invalid_input};

/// What the model said, without the stack trace that some servers put into the message
/// itself.
std::string model_message_of(std::string_view text) {
  for (std::string_view mark : {"Traceback (most recent call last)", "\n\tat "})
    text = text.substr(0, text.find(mark));
  auto last = text.find_last_not_of(" \t\r\n");
  return shortened(text.substr(0, last == std::string_view::npos ? 0 : last + 1),
                   max_model_message);
}

bool says_not_ready(std::string_view message) {
  std::string lower;
  for (auto c : message)
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::array<std::string_view, 5> words{"not ready", "not yet ready",
                                                  "being created", "being deployed",
                                                  "not been deployed"};
  return std::any_of(words.begin(), words.end(),
                     [&](auto x) { return lower.find(x) != std::string::npos; });
}

} // namespace

caf::error error_of(const databricks::upstream_failure& x,
                    const std::string& endpoint_name) {
  auto result = failure_of(databricks::translate(x, mapping));
  json_writer w;
  w.begin_object();
  if (!endpoint_name.empty())
    w.member("endpoint_name", endpoint_name);
  if (x.kind == failure_kind::invalid_argument) {
    result.message = "The model refused the inputs; see model_message.";
    w.member("model_message", model_message_of(x.message));
  } else {
    json_view{json_text::trusted(result.details.empty() ? "{}" : result.details)}
        .each_member([&](const std::string& key, json_view value) {
          w.key(key).raw(value.raw());
          return true;
        });
  }
  if (x.kind == failure_kind::unavailable && x.http_status != 0)
    w.member("upstream_status", x.http_status);
  result.details = std::move(w.end_object()).str();
  return make_error(std::move(result));
}

bool may_be_retried(const databricks::upstream_failure& x) noexcept {
  return x.kind == failure_kind::unavailable || x.kind == failure_kind::rate_limited
         || (x.kind == failure_kind::timeout && !x.sent);
}

bool may_be_not_ready(const databricks::upstream_failure& x) {
  return x.kind == failure_kind::not_found
         || ((x.kind == failure_kind::invalid_argument
              || x.kind == failure_kind::unavailable)
             && says_not_ready(x.message));
}

bool is_endpoint_fault(const databricks::upstream_failure& x) noexcept {
  return x.kind == failure_kind::unavailable || x.kind == failure_kind::timeout;
}

caf::error not_ready(const std::string& endpoint_name) {
  json_writer w;
  w.begin_object().member("endpoint_name", endpoint_name).end_object();
  return make_error(failure{errc::endpoint_not_ready, {}, std::move(w).str(), caf::none});
}

std::string log_message_of(const caf::error& x) {
  auto what = failure_of(x);
  auto text =
      std::string{spec_of(what.code).name} + ": "
      + (what.message.empty() ? std::string{spec_of(what.code).message} : what.message);
  auto details = json_text::trusted(what.details.empty() ? "{}" : what.details);
  if (auto words = json_view{details}["model_message"].string())
    text += " " + *words;
  return shortened(text, max_log_message);
}

} // namespace lakegate::model_serving
