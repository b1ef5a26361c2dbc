#pragma once

#include "gateway/src/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lakegate::gateway {

/// Which other origins' pages may call the API from a browser (the Fetch standard's CORS
/// protocol). Without origins nothing is ever added.
class cors_policy {
public:
  explicit cors_policy(std::vector<std::string> origins) : origins_{std::move(origins)} {}

  /// Adds to the answer of an actual request what its page may read.
  void decorate(const http_request& request, http_response& answer) const;
  /// The answer to OPTIONS of a path that takes the methods `allowed`.
  http_response preflight(const http_request& request, const std::string& allowed) const;

private:
  /// The configured origin that the request names; nullptr: none.
  const std::string* origin_of(const http_request& request) const;

  std::vector<std::string> origins_;
};

} // namespace lakegate::gateway
