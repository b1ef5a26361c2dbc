#pragma once

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/http.hpp"

#include <lakegate/core/json_view.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// A request that found its route.
struct call {
  std::shared_ptr<const http_request> request;
  const account* caller = nullptr; ///< None on open routes.
  std::map<std::string, std::string, std::less<>>
      path; ///< What `{name}` matched, decoded.
  query_values query;
  int pending_polls = 0; ///< Of a statement, as a scenario's fault wants it.

  std::string_view path_value(std::string_view name) const;
  std::string_view query_value(std::string_view name) const; ///< Empty if absent.
};
using call_ptr = std::shared_ptr<const call>;

/// Runs on a worker and may block.
using blocking_handler = std::function<http_response(const call&)>;
/// Runs on a worker; answers when it likes.
using async_handler = std::function<void(const call_ptr&, const reply_function&)>;

enum class needs { nothing, token };

struct route {
  std::string method;
  std::vector<std::string> pattern; ///< Segments; `{name}` matches any one.
  needs what = needs::token;
  async_handler run;
};

/// All routes of the sandbox; filled at start, then only read.
class route_table {
public:
  /// `path` is written `/api/2.0/x/{name}`; a final slash of a request does not matter.
  void add(std::string_view method, std::string_view path, blocking_handler run,
           needs what = needs::token);
  void add_async(std::string_view method, std::string_view path, async_handler run,
                 needs what = needs::token);

  struct match {
    const route* found = nullptr;
    std::map<std::string, std::string, std::less<>> path;
    bool is_other_method = false; ///< The path exists, not for this method.
  };
  match find(std::string_view method, std::string_view raw_path) const;

private:
  std::vector<route> routes_;
};

/// The body as a JSON object, or the 400 for what is none. An empty body is `{}`.
std::variant<json_text, http_response> json_body(const call& c);

} // namespace lakegate::sandbox
