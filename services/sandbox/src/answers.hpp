#pragma once

#include "services/sandbox/src/http.hpp"

#include <lakegate/core/json_writer.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::sandbox {

/// 200 with what `w` has written.
http_response json_answer(json_writer w);

/// A double as Python's JSON writes it: `212.0`, so that it stays one for its readers.
void write_double(json_writer& w, double x);

/// `{"error_code":…,"message":…}`, and `details` where `reason` is not empty:
/// google.rpc.ErrorInfo and RequestInfo, as Unity Catalog sends them.
struct api_error {
  int status = 400;
  std::string_view error_code;
  std::string message;
  std::string_view reason{};
  std::string_view domain{};
  std::initializer_list<std::pair<std::string_view, std::string_view>> metadata{};
};
http_response error_answer(const api_error& e);

/// The shape of the authentication layer: a *number* as `error_code`, and the reason in a
/// header (recorded).
http_response refused_credential(int status, std::string_view message);

http_response invalid_parameter(std::string message);

/// 400 of a body that is no JSON object.
http_response malformed_request(std::string_view reason);

/// Unity Catalog's `User does not have SELECT on Table 'a.b.c'.`
http_response privilege_missing(std::string_view privilege, std::string_view kind,
                                std::string_view name);

/// Unity Catalog's `Table 'a.b.c' does not exist.`; `kind` as in the text.
http_response securable_missing(std::string_view kind, std::string_view name);

} // namespace lakegate::sandbox
