#pragma once

#include <lakegate/http/message.hpp>

#include <optional>
#include <string>

namespace lakegate::databricks {

/// What the body of a refusal says, whichever of the platform's shapes it has: JSON with
/// `error_code` (text or number) and `message`, with `error` and perhaps
/// `error_description` (API 1.2, OAuth), SCIM's `detail`, Okta's `errorSummary`, an
/// OpenAI-like `error` object, `CODE: text`, HTML, or nothing at all.
struct error_body {
  std::string code;    ///< Empty where it is a number or missing.
  std::string message; ///< Cleaned.
  std::string resource_type;
  std::string resource_name;
  std::string privilege;
  std::optional<std::int32_t> retry_delay; ///< Seconds, from google.rpc.RetryInfo.
};

/// Never fails: what can't be read is left out.
error_body read_error_body(const http::response& answer);

} // namespace lakegate::databricks
