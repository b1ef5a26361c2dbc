#include "services/sandbox/src/statement_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/statement_json.hpp"

#include <atomic>
#include <charconv>
#include <memory>
#include <optional>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;

/// A POST, checked.
struct submission {
  statement_request what;
  std::chrono::seconds wait{10};
  bool cancel_on_timeout = false;
};

/// `0s`, or `5s` to `50s`.
std::optional<std::chrono::seconds> read_wait_timeout(std::string_view text) {
  int seconds = -1;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || rest + 1 != end || *rest != 's')
    return std::nullopt;
  if (seconds != 0 && (seconds < 5 || seconds > 50))
    return std::nullopt;
  return std::chrono::seconds{seconds};
}

std::vector<sql_parameter> read_parameters(json_view body) {
  std::vector<sql_parameter> result;
  body["parameters"].each_element([&](json_view p) {
    sql_parameter parameter;
    parameter.name = p["name"].string().value_or("");
    parameter.type = p["type"].string().value_or("STRING");
    parameter.ordinal = static_cast<int>(p["ordinal"].integer().value_or(0));
    const auto value = p["value"];
    if (value.exists() && !value.is_null())
      parameter.value = value.string().value_or(std::string{value.raw()});
    result.push_back(std::move(parameter));
    return true;
  });
  return result;
}

std::optional<http_response> check_form(json_view body, const warehouse& house) {
  const auto disposition = body["disposition"].string().value_or("INLINE");
  if (disposition != "INLINE")
    return invalid_parameter("The sandbox has no disposition but INLINE; got "
                             + disposition + ".");
  const auto format = body["format"].string().value_or("JSON_ARRAY");
  if (format != "JSON_ARRAY")
    return invalid_parameter("The format " + format
                             + " is not supported with disposition INLINE.");
  const auto id = body["warehouse_id"].string().value_or("");
  if (id.empty())
    return invalid_parameter("Missing required field: warehouse_id");
  if (id != house.id())
    return invalid_parameter(id + " is not a valid endpoint id.");
  if (body["statement"].string().value_or("").empty())
    return invalid_parameter("Missing required field: statement");
  return std::nullopt;
}

std::variant<submission, http_response> read_submission(const call& c, json_view body,
                                                        const warehouse& house) {
  if (auto refused = check_form(body, house))
    return *refused;
  submission result;
  const auto wait = body["wait_timeout"].string().value_or("10s");
  const auto seconds = read_wait_timeout(wait);
  if (!seconds)
    return invalid_parameter("Invalid wait timeout: " + wait
                             + ". The time should be 0s or between 5s and 50s.");
  result.wait = *seconds;
  result.cancel_on_timeout =
      body["on_wait_timeout"].string().value_or("CONTINUE") == "CANCEL";
  result.what.user = c.caller->user_name;
  result.what.statement = body["statement"].string().value_or("");
  result.what.parameters = read_parameters(body);
  result.what.catalog = body["catalog"].string().value_or("");
  result.what.schema = body["schema"].string().value_or("");
  result.what.row_limit = body["row_limit"].integer();
  result.what.byte_limit = body["byte_limit"].integer();
  return result;
}

http_response no_such_statement(std::string_view id) {
  return error_answer(
      {404, "NOT_FOUND", "The statement " + std::string{id} + " was not found."});
}

/// The routes; copied into their handlers.
class statement_routes {
public:
  explicit statement_routes(sql_services services) : services_{std::move(services)} {}

  void post(const call_ptr& c, const reply_function& reply) const {
    const auto text = json_body(*c);
    if (const auto* refused = std::get_if<http_response>(&text))
      return reply(*refused);
    auto read =
        read_submission(*c, json_view{std::get<json_text>(text)}, services_.house);
    if (const auto* refused = std::get_if<http_response>(&read))
      return reply(*refused);
    auto& asked = std::get<submission>(read);
    const auto which = services_.running.start(std::move(asked.what), c->pending_polls,
                                               services_.house.start());
    if (!which)
      return reply(error_answer(
          {429, "REQUEST_LIMIT_EXCEEDED", "Too many statements are queued."}));
    if (asked.wait == 0s || which->is_held_back())
      return reply(statement_answer(which->id(), {}, services_.chunk_rows));
    answer_when_done(which, asked, reply);
  }

  http_response get(const call& c) const {
    const auto which = find(c);
    if (!which)
      return no_such_statement(c.path_value("id"));
    return statement_answer(which->id(), which->poll(), services_.chunk_rows);
  }

  http_response chunk(const call& c) const {
    const auto which = find(c);
    const auto now = which ? which->look() : statement::snapshot{};
    if (!now.result)
      return no_such_statement(c.path_value("id"));
    const auto text = c.path_value("index");
    std::size_t index = 0;
    const auto [rest, error] =
        std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc{} || rest != text.data() + text.size()
        || index >= chunk_count(*now.result, services_.chunk_rows))
      return invalid_parameter("Chunk index " + std::string{text} + " is out of range.");
    return chunk_answer(which->id(), *now.result, index, services_.chunk_rows);
  }

  http_response cancel(const call& c) const {
    const auto which = find(c);
    if (!which)
      return no_such_statement(c.path_value("id"));
    services_.running.cancel(which);
    return empty_object();
  }

  http_response close(const call& c) const {
    const auto which = find(c);
    if (!which)
      return no_such_statement(c.path_value("id"));
    services_.running.close(which);
    return empty_object();
  }

private:
  statement_ptr find(const call& c) const {
    return services_.running.find(c.path_value("id"), c.caller->user_name);
  }

  static http_response empty_object() {
    http_response result;
    result.body = "{}";
    return result;
  }

  /// Whichever comes first: the statement's end, or the end of the wait.
  void answer_when_done(const statement_ptr& which, const submission& asked,
                        const reply_function& reply) const {
    auto answered = std::make_shared<std::atomic<bool>>(false);
    const auto answer = [which, answered, reply, rows = services_.chunk_rows] {
      if (!answered->exchange(true))
        reply(statement_answer(which->id(), which->look(), rows));
    };
    which->when_done(answer);
    services_.call_later(asked.wait,
                         [which, answered, answer, cancel = asked.cancel_on_timeout,
                          &running = services_.running] {
                           if (*answered)
                             return;
                           if (cancel)
                             running.cancel(which); // its end answers
                           else
                             answer();
                         });
  }

  sql_services services_;
};

void write_warehouse(json_writer& w, const warehouse& house) {
  w.begin_object().member("id", house.id()).member("name", "Sandbox warehouse");
  w.member("state", house.state()).member("cluster_size", "2X-Small");
  w.member("warehouse_type", "PRO").member("enable_serverless_compute", true);
  w.member("auto_stop_mins", 10).member("creator_name", owner_name).end_object();
}

http_response one_warehouse(const call& c, const warehouse& house) {
  if (c.path_value("id") != house.id())
    return error_answer(
        {404, "RESOURCE_DOES_NOT_EXIST",
         "SQL warehouse " + std::string{c.path_value("id")} + " does not exist."});
  json_writer w;
  write_warehouse(w, house);
  return json_answer(std::move(w));
}

http_response all_warehouses(const warehouse& house) {
  json_writer w;
  w.begin_object().key("warehouses").begin_array();
  write_warehouse(w, house);
  w.end_array().end_object();
  return json_answer(std::move(w));
}

} // namespace

void add_sql_routes(route_table& routes, const sql_services& services) {
  const auto api = std::make_shared<const statement_routes>(services);
  const std::string base = "/api/2.0/sql/statements";
  routes.add_async("POST", base,
                   [api](const auto& c, const auto& reply) { api->post(c, reply); });
  routes.add("GET", base + "/{id}", [api](const call& c) { return api->get(c); });
  routes.add("GET", base + "/{id}/result/chunks/{index}",
             [api](const call& c) { return api->chunk(c); });
  routes.add("POST", base + "/{id}/cancel",
             [api](const call& c) { return api->cancel(c); });
  routes.add("DELETE", base + "/{id}", [api](const call& c) { return api->close(c); });

  auto& house = services.house;
  const std::string warehouses = "/api/2.0/sql/warehouses";
  routes.add("GET", warehouses, [&house](const call&) { return all_warehouses(house); });
  routes.add("GET", warehouses + "/{id}",
             [&house](const call& c) { return one_warehouse(c, house); });
  routes.add("POST", warehouses + "/{id}/start", [&house](const call& c) {
    auto answer = one_warehouse(c, house);
    if (answer.status == 200) {
      house.start();
      answer.body = "{}";
    }
    return answer;
  });
}

} // namespace lakegate::sandbox
