#pragma once

#include "services/sandbox/src/http.hpp"

#include <lakegate/core/json_view.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// One misfortune that a scenario scripts.
struct fault_rule {
  std::string method;     ///< Empty: any.
  std::string pattern;    ///< Of the path as sent; `*` matches anything, also nothing.
  std::string user;       ///< User name; empty: anybody.
  std::int64_t skip = 0;  ///< Matching requests that pass first.
  std::int64_t times = 1; ///< Requests that it then hits; -1: all.
  int status = 0;         ///< 0: the real answer.
  std::string body;       ///< Empty: Databricks' body of that status.
  std::vector<header> headers; ///< Added to the answer.
  std::chrono::milliseconds delay{0};
  std::string
      action; ///< Empty, `reset`, `hang`, `malformed`, `html`, `truncate` or `pending`.
  int polls = 1; ///< Of `pending`: how often the statement is seen PENDING.
};

/// Reads the body of `POST /__sandbox/faults`; a sentence if it makes no sense.
std::variant<fault_rule, std::string> read_fault(json_view body);

/// The answer of a rule that takes the place of the real one; nothing for `truncate`,
/// `pending` and mere delays.
std::optional<http_response> scripted_answer(const fault_rule& rule);

/// True if `text` matches `pattern` with its `*`.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// The rules in force. Thread safe.
class faults {
public:
  void add(fault_rule rule);
  void clear();
  /// The first rule that matches, used up by one.
  std::optional<fault_rule> take(std::string_view method, std::string_view path,
                                 std::string_view user);

private:
  std::mutex lock_;
  std::vector<fault_rule> rules_;
};

} // namespace lakegate::sandbox
