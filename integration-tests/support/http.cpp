#include "integration-tests/support/http.hpp"

#include "integration-tests/support/openapi.hpp"

#include <lakegate/testing/raw_client.hpp>

#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace lakegate::integration {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x))
           == std::tolower(static_cast<unsigned char>(y));
  });
}

std::string describe(const Request& x) {
  auto text = x.method() + " " + x.target();
  for (const auto& [name, value] : x.headers())
    if (!same_name(name, "X-Forwarded-Access-Token") && !same_name(name, "Authorization"))
      text += "\n  " + name + ": " + value;
  if (!x.body().empty())
    text += "\n  " + x.body().substr(0, 2000);
  return text;
}

Response to_response(const httplib::Result& result) {
  Response x;
  if (!result) {
    x.transport_error = httplib::to_string(result.error());
    return x;
  }
  x.status = result->status;
  x.headers.assign(result->headers.begin(), result->headers.end());
  x.body = result->body;
  return x;
}

/// Notes which `error_code`s were seen, one file a process, for
/// `integration-tests/check-codes`.
void note(const Response& response) {
  const auto* folder = std::getenv("LAKEGATE_SEEN_DIR");
  auto body = nlohmann::json::parse(response.body, nullptr, false);
  if (!folder || !body.is_object() || !body.contains("detail"))
    return;
  std::ofstream{std::string{folder} + "/" + std::to_string(getpid()) + ".codes",
                std::ios::app}
      << body["detail"].value("error_code", "") << "\n";
}

void judge(const Request& request, const Response& response) {
  note(response);
  for (const auto& violation : openapi_document::shared().violations(request, response))
    ADD_FAILURE() << "The answer breaks the OpenAPI document: " << violation << "\n"
                  << testing::PrintToString(response);
}

/// Status line, headers and body as they came.
Response parse_answer(const std::string& text) {
  Response x;
  auto head_end = text.find("\r\n\r\n");
  if (head_end == std::string::npos) {
    x.transport_error = "closed without an answer";
    return x;
  }
  x.status = std::stoi(text.substr(text.find(' ') + 1, 3));
  for (auto at = text.find("\r\n"); at < head_end;) {
    auto end = text.find("\r\n", at + 2);
    auto line = text.substr(at + 2, end - at - 2);
    auto colon = line.find(": ");
    x.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    at = end;
  }
  x.body = text.substr(head_end + 4);
  return x;
}

/// Method and target of the first line.
Request request_line_of(std::string_view bytes) {
  auto blank = bytes.find(' ');
  auto end = std::min(bytes.find(" HTTP/"), bytes.find("\r\n"));
  return {std::string{bytes.substr(0, blank)},
          std::string{bytes.substr(blank + 1, end - blank - 1)}};
}

} // namespace

std::string Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name))
      return value;
  return {};
}

bool Response::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& x) { return same_name(x.first, name); });
}

nlohmann::json Response::json() const {
  return nlohmann::json::parse(body);
}

void PrintTo(const Response& x, std::ostream* os) {
  *os << x.request << "\n-> ";
  if (x.status == 0) {
    *os << "no answer: " << x.transport_error;
    return;
  }
  *os << "HTTP " << x.status << "\n";
  for (const auto& [name, value] : x.headers)
    *os << "  " << name << ": " << value << "\n";
  *os << x.body.substr(0, 4000);
}

Request Request::As(std::string_view user) && {
  return std::move(*this).WithToken(TokenOf(user));
}

Request Request::WithToken(std::string token) && {
  return std::move(*this).WithHeader("X-Forwarded-Access-Token", std::move(token));
}

Request Request::With(const nlohmann::json& body) && {
  return std::move(*this).WithBody(body.dump());
}

Request Request::WithBody(std::string body, std::string content_type) && {
  body_ = std::move(body);
  return std::move(*this).WithHeader("Content-Type", std::move(content_type));
}

Request Request::WithHeader(std::string name, std::string value) && {
  headers_.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

Request Request::BesidesTheApi() && {
  is_besides_the_api_ = true;
  return std::move(*this);
}

std::string Encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      result += static_cast<char>(c);
    } else {
      result += '%';
      result += digits[c >> 4];
      result += digits[c & 15];
    }
  }
  return result;
}

std::string TokenOf(std::string_view user) {
  return "token-of-" + std::string{user};
}

Response Client::Send(const Request& request, std::chrono::milliseconds limit) const {
  auto url = base_url_.empty() ? "http://127.0.0.1:" + std::to_string(port_) : base_url_;
  httplib::Client client{url};
  client.set_url_encode(false);
  client.set_connection_timeout(std::chrono::seconds{5});
  client.set_read_timeout(limit);
  client.set_write_timeout(limit);
  httplib::Request raw;
  raw.method = request.method();
  raw.path = request.target();
  raw.body = request.body();
  for (const auto& [name, value] : request.headers())
    raw.headers.emplace(name, value);
  auto begun = std::chrono::steady_clock::now();
  auto response = to_response(client.send(raw));
  response.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun);
  response.request = describe(request);
  judge(request, response);
  return response;
}

Response Client::SendBytes(std::string_view bytes) const {
  test::raw_client connection{port_};
  connection.write(bytes);
  auto response = parse_answer(connection.read_answer());
  response.request = std::string{bytes.substr(0, 2000)};
  auto request = request_line_of(bytes);
  if (openapi_document::shared().operation_of(request.method(), request.target()))
    judge(request, response);
  return response;
}

} // namespace lakegate::integration
