#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// An HTTP client for tests that is not ours (cpp-httplib), and requests that read as one
/// expression: `Post("/api/model-serving/invoke").As("ann@example.com").With(body)`.
namespace lakegate::integration {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 0; ///< 0: no answer; `transport_error` says why.
  header_list headers;
  std::string body;
  std::string transport_error;
  std::string request; ///< What was asked, for failure messages; the token is not in it.
  std::chrono::milliseconds took{};

  /// The first header of that name, case-insensitively; empty if there is none.
  std::string header(std::string_view name) const;
  bool has_header(std::string_view name) const;
  /// The body as JSON; throws if it is none.
  nlohmann::json json() const;
};
void PrintTo(const Response& x, std::ostream* os);

/// A request under construction. `target` goes out as it is: encode what needs it.
class Request {
public:
  Request(std::string method, std::string target)
      : method_{std::move(method)}, target_{std::move(target)} {}

  /// With the token of that user of the reference data.
  Request As(std::string_view user) &&;
  Request WithToken(std::string token) &&;
  Request With(const nlohmann::json& body) &&;
  /// A body as it is, with that content type.
  Request WithBody(std::string body, std::string content_type = "application/json") &&;
  Request WithHeader(std::string name, std::string value) &&;
  /// Of a page or file that the gateway serves beside the API: the OpenAPI document does
  /// not know its path.
  Request BesidesTheApi() &&;

  const std::string& method() const { return method_; }
  const std::string& target() const { return target_; }
  const header_list& headers() const { return headers_; }
  const std::string& body() const { return body_; }
  bool is_besides_the_api() const { return is_besides_the_api_; }

private:
  std::string method_;
  std::string target_;
  header_list headers_;
  std::string body_;
  bool is_besides_the_api_ = false;
};

inline Request Get(std::string target) {
  return {"GET", std::move(target)};
}
inline Request Head(std::string target) {
  return {"HEAD", std::move(target)};
}
inline Request Post(std::string target) {
  return {"POST", std::move(target)};
}
inline Request Put(std::string target) {
  return {"PUT", std::move(target)};
}
inline Request Delete(std::string target) {
  return {"DELETE", std::move(target)};
}
inline Request Options(std::string target) {
  return {"OPTIONS", std::move(target)};
}

/// Percent-encodes everything but unreserved characters: for path segments and query
/// values.
std::string Encoded(std::string_view text);

/// The token that stands for `user` in the reference data.
std::string TokenOf(std::string_view user);

/// Sends to one gateway. Thread safe: a connection of its own each call, unless kept.
class Client {
public:
  explicit Client(std::uint16_t port) : port_{port} {}
  explicit Client(std::string base_url) : base_url_{std::move(base_url)} {}

  /// Sends and waits, at most `limit`. Every answer is checked against the OpenAPI
  /// document: what breaks it is a test failure that shows request, answer and rule.
  Response Send(const Request& request,
                std::chrono::milliseconds limit = std::chrono::seconds{60}) const;

  /// Sends bytes that no HTTP client would send, over a connection of their own, and
  /// reads one answer; status 0 if the gateway closes the connection without one. Answers
  /// of operations that the OpenAPI document knows are checked, too.
  Response SendBytes(std::string_view bytes) const;

private:
  std::uint16_t port_ = 0;
  std::string base_url_;
};

} // namespace lakegate::integration
