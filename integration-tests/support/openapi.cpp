#include "integration-tests/support/openapi.hpp"

// RapidJSON's own regular expressions know no \d; std::regex knows what JSON Schema asks
// for.
#define RAPIDJSON_SCHEMA_USE_INTERNALREGEX 0
#define RAPIDJSON_SCHEMA_USE_STDREGEX 1
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace lakegate::integration {

namespace {

using nlohmann::json;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> result;
  std::string segment;
  std::istringstream in{std::string{path}};
  while (std::getline(in, segment, '/'))
    result.push_back(segment);
  return result;
}

bool matches(const std::string& pattern, const std::string& path) {
  auto want = segments_of(pattern);
  auto have = segments_of(path);
  return std::equal(want.begin(), want.end(), have.begin(), have.end(),
                    [](const std::string& w, const std::string& h) {
                      return w == h || (!w.empty() && w.front() == '{' && !h.empty());
                    });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

} // namespace

struct openapi_document::impl {
  json doc;
  mutable std::mutex mutex;
  mutable std::map<std::string, std::unique_ptr<rapidjson::SchemaDocument>> schemas;

  const json& resolve(const json& x) const {
    return x.contains("$ref")
               ? doc.at(json::json_pointer{x["$ref"].get<std::string>().substr(1)})
               : x;
  }

  /// The path template and operation that serve a request.
  const json* find(const std::string& method, const std::string& target,
                   std::string* pattern = nullptr) const {
    auto path = path_of(target);
    for (const auto& [candidate, operations] : doc["paths"].items()) {
      if (!matches(candidate, path))
        continue;
      auto verb = method == "HEAD" ? "get" : lower(method);
      if (pattern)
        *pattern = candidate;
      return operations.contains(verb) ? &operations[verb] : nullptr;
    }
    return nullptr;
  }

  bool knows_path(const std::string& target) const {
    std::string pattern;
    find("GET", target, &pattern);
    return !pattern.empty();
  }

  /// What of `text` breaks `schema`; empty if nothing does.
  std::string fault_of(const json& schema, const std::string& text) const {
    rapidjson::Document value;
    value.Parse(text.c_str(), text.size());
    // A number beyond double is JSON; RapidJSON just can't hold it.
    if (value.GetParseError() == rapidjson::kParseErrorNumberTooBig)
      return {};
    if (value.HasParseError())
      return "is not JSON";
    std::lock_guard guard{mutex};
    auto& compiled = schemas[schema.dump()];
    if (!compiled) {
      json root{{"allOf", json::array({schema})},
                {"components", {{"schemas", doc["components"]["schemas"]}}}};
      rapidjson::Document raw;
      raw.Parse(root.dump().c_str());
      compiled = std::make_unique<rapidjson::SchemaDocument>(raw);
    }
    rapidjson::SchemaValidator validator{*compiled};
    if (value.Accept(validator))
      return {};
    rapidjson::StringBuffer where;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
    return std::string{"breaks `"} + validator.GetInvalidSchemaKeyword() + "` at "
           + where.GetString();
  }

  void check_headers(const json& documented, const Response& response,
                     std::vector<std::string>& found) const {
    auto headers = documented.value("headers", json::object());
    for (const auto& [name, raw] : headers.items()) {
      const auto& header = resolve(raw);
      if (!response.has_header(name)) {
        if (header.value("required", false))
          found.push_back("the header " + name + " is missing");
        continue;
      }
      auto text = response.header(name);
      auto is_integer = header["schema"].value("type", "") == "integer";
      auto fault = fault_of(header["schema"], is_integer ? text : json(text).dump());
      if (!fault.empty())
        found.push_back("the header " + name + " " + fault);
    }
  }

  void check_body(const json& documented, const Response& response,
                  std::vector<std::string>& found) const {
    if (!documented.contains("content")) {
      if (!response.body.empty())
        found.push_back("there is a body where none may be");
      return;
    }
    auto type = response.header("Content-Type");
    type = type.substr(0, type.find(';'));
    if (!documented["content"].contains(type)) {
      found.push_back("the media type \"" + type + "\" is not documented");
      return;
    }
    if (type != "application/json")
      return;
    auto fault = fault_of(documented["content"][type]["schema"], response.body);
    if (!fault.empty())
      found.push_back("the body " + fault);
  }

  void check_retry_after(const Response& response,
                         std::vector<std::string>& found) const {
    auto body = json::parse(response.body, nullptr, false);
    if (!body.is_object() || !body.contains("detail")
        || !body["detail"].contains("retry_after"))
      return;
    const auto& value = body["detail"]["retry_after"];
    auto want = value.is_null() ? std::string{} : value.dump();
    if (response.header("Retry-After") != want)
      found.push_back("Retry-After and retry_after disagree");
    if (body["detail"].contains("correlation_id")
        && body["detail"]["correlation_id"] != response.header("X-Correlation-ID"))
      found.push_back("X-Correlation-ID and correlation_id disagree");
  }
};

openapi_document::openapi_document(const std::string& text)
    : impl_{std::make_unique<impl>()} {
  impl_->doc = json::parse(text);
}

openapi_document::~openapi_document() = default;

const openapi_document& openapi_document::shared() {
  static const auto* document = [] {
    std::ifstream file{LAKEGATE_OPENAPI_FILE};
    std::stringstream text;
    text << file.rdbuf();
    if (text.str().empty())
      throw std::runtime_error{"can't read " LAKEGATE_OPENAPI_FILE};
    return new openapi_document{text.str()};
  }();
  return *document;
}

std::vector<std::string> openapi_document::violations(const Request& request,
                                                      const Response& response) const {
  std::vector<std::string> found;
  if (response.status == 0 || request.method() == "OPTIONS")
    return found;
  if (request.is_besides_the_api()) {
    if (impl_->knows_path(request.target()))
      found.push_back("a page is served where the API has a path");
    return found;
  }
  const auto* operation = impl_->find(request.method(), request.target());
  auto status = std::to_string(response.status);
  json documented;
  if (operation && (*operation)["responses"].contains(status)) {
    documented = impl_->resolve((*operation)["responses"][status]);
  } else if (!operation && !impl_->knows_path(request.target())
             && response.status == 404) {
    documented = impl_->doc["components"]["responses"]["NotFound"];
  } else if (!operation && impl_->knows_path(request.target())
             && response.status == 405) {
    auto other = impl_->doc["components"]["responses"].value("MethodNotAllowed", json{});
    documented = impl_->resolve(other);
  } else {
    return {"the status " + status + " is not documented for " + request.method() + " "
            + path_of(request.target())};
  }
  impl_->check_headers(documented, response, found);
  if (request.method() != "HEAD") {
    impl_->check_body(documented, response, found);
    impl_->check_retry_after(response, found);
  }
  if (operation && response.status < 300 && operation->contains("requestBody")) {
    const auto& schema =
        (*operation)["requestBody"]["content"]["application/json"]["schema"];
    auto fault = impl_->fault_of(schema, request.body());
    if (!fault.empty())
      found.push_back("the request was accepted, but its body " + fault);
  }
  return found;
}

std::vector<std::string> openapi_document::error_codes() const {
  std::vector<std::string> result;
  for (const auto& [code, example] : impl_->doc["components"]["examples"].items())
    result.push_back(code);
  return result;
}

std::vector<std::string> openapi_document::operations() const {
  std::vector<std::string> result;
  for (const auto& [path, operations] : impl_->doc["paths"].items())
    for (const auto& [verb, operation] : operations.items()) {
      std::string method = verb;
      std::transform(method.begin(), method.end(), method.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      result.push_back(method + " " + path);
    }
  return result;
}

std::optional<std::string>
openapi_document::operation_of(const std::string& method,
                               const std::string& target) const {
  std::string pattern;
  if (!impl_->find(method, target, &pattern))
    return std::nullopt;
  return (method == "HEAD" ? "GET" : method) + " " + pattern;
}

} // namespace lakegate::integration
