#pragma once

#include "integration-tests/support/http.hpp"

#include <lakegate/core/errors.hpp>

#include <gmock/gmock.h>

#include <set>

/// What a test says of an answer. Each prints the whole answer when it does not hold.
namespace lakegate::integration {

MATCHER_P(HasStatus, status, "is HTTP " + std::to_string(status)) {
  return arg.status == status;
}

MATCHER_P2(HasHeader, name, value,
           "has " + std::string{name} + ": " + std::string{value}) {
  return arg.header(name) == value;
}

/// The body equals this JSON.
MATCHER_P(HasBody, expected, "has the body " + nlohmann::json(expected).dump()) {
  return nlohmann::json::parse(arg.body, nullptr, false) == nlohmann::json(expected);
}

/// Is `part` contained in `whole`? Objects may have more members; all else is equal.
inline bool Contains(const nlohmann::json& whole, const nlohmann::json& part) {
  if (!part.is_object() || !whole.is_object())
    return whole == part;
  for (const auto& [key, value] : part.items())
    if (!whole.contains(key) || !Contains(whole[key], value))
      return false;
  return true;
}

/// The body is an object with at least these members.
MATCHER_P(HasJson, part, "has in its body " + nlohmann::json(part).dump()) {
  return Contains(nlohmann::json::parse(arg.body, nullptr, false), nlohmann::json(part));
}

/// The answer that the error table has for `code`: status, `error_code`, `retry_after`
/// and the Retry-After header, all of the same row.
MATCHER_P(IsProblem, code, "is the problem " + to_string(code)) {
  const auto& row = spec_of(code);
  auto body = nlohmann::json::parse(arg.body, nullptr, false);
  if (arg.status != row.status || !body.is_object() || !body.contains("detail"))
    return false;
  const auto& detail = body["detail"];
  return detail.value("error_code", "") == row.name
         && detail["retry_after"].is_null() == !arg.has_header("Retry-After")
         && (row.retry_after == 0) == detail["retry_after"].is_null();
}

/// Each fault of a 400 as `field: reason`, in the answer's order.
inline std::vector<std::string> FaultsOf(const Response& response) {
  std::vector<std::string> result;
  auto body = nlohmann::json::parse(response.body, nullptr, false);
  if (!body.is_object())
    return result;
  auto faults =
      body.value(nlohmann::json::json_pointer{"/detail/technical_details/errors"},
                 nlohmann::json::array());
  for (const auto& x : faults)
    result.push_back(x.value("field", "") + ": " + x.value("reason", ""));
  return result;
}

/// A 400 that names exactly these fields as broken, each for one rule or more.
MATCHER_P2(IsProblemWith, code, fields,
           "is the problem " + to_string(code) + " naming "
               + testing::PrintToString(fields)) {
  auto body = nlohmann::json::parse(arg.body, nullptr, false);
  if (!testing::Value(arg, IsProblem(code)))
    return false;
  std::set<std::string> named;
  for (const auto& x :
       body["detail"]["technical_details"].value("errors", nlohmann::json::array()))
    named.insert(x.value("field", ""));
  std::vector<std::string> wanted{fields};
  return testing::ExplainMatchResult(testing::UnorderedElementsAreArray(wanted), named,
                                     result_listener);
}

} // namespace lakegate::integration
