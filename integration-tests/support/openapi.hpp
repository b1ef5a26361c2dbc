#pragma once

#include "integration-tests/support/http.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::integration {

/// The OpenAPI document of the repository, as a judge of requests and answers. JSON
/// Schemas are checked by RapidJSON.
class openapi_document {
public:
  /// gateway/openapi/openapi.json.
  static const openapi_document& shared();
  explicit openapi_document(const std::string& text);
  ~openapi_document();

  /// What the answer breaks: unknown route answered otherwise than 404, undocumented
  /// status, error code or media type, missing header, body that breaks its schema, a
  /// body where none may be, `Retry-After` that disagrees with `retry_after`. Requests
  /// that were accepted (2xx) are checked against their schema, too.
  std::vector<std::string> violations(const Request& request,
                                      const Response& response) const;

  /// Every `error_code` that some operation documents, and NOT_FOUND.
  std::vector<std::string> error_codes() const;
  /// Every operation as `METHOD /path/{template}`.
  std::vector<std::string> operations() const;
  /// The operation that serves this; nothing if no path or no method of it matches.
  std::optional<std::string> operation_of(const std::string& method,
                                          const std::string& target) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::integration
