#include "services/sandbox/src/control_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/seed.hpp"
#include "services/sandbox/src/sql_lexer.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

namespace lakegate::sandbox {

namespace {

using postgres::quote_identifier;

http_response done() {
  http_response answer;
  answer.body = "{}";
  return answer;
}

http_response outcome_of(const std::optional<std::string>& problem) {
  return problem ? error_answer({500, "INTERNAL_ERROR", *problem}) : done();
}

/// A right of Unity Catalog and PostgreSQL's.
struct privilege_pair {
  std::string_view securable_type;
  std::string_view privilege;
  std::string_view postgres;
};
constexpr std::array<privilege_pair, 4> privileges{{
    {"CATALOG", "USE CATALOG", "CONNECT ON DATABASE "},
    {"SCHEMA", "USE SCHEMA", "USAGE ON SCHEMA "},
    {"TABLE", "SELECT", "SELECT ON "},
    {"TABLE", "MODIFY", "INSERT, UPDATE, DELETE ON "},
}};

/// A grant or revocation as a scenario asks for it.
struct grant_request {
  bool is_grant = true;
  std::string user;
  std::string privilege;
  std::string securable_type;
  std::string securable;
};

/// `catalog.schema.table`; dots beyond the second are the table's.
std::vector<std::string> name_parts(std::string_view name, std::size_t count) {
  std::vector<std::string> result;
  while (result.size() + 1 < count) {
    const auto dot = std::min(name.find('.'), name.size());
    result.emplace_back(name.substr(0, dot));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  result.emplace_back(name);
  return result;
}

http_response change_data_right(sessions& pool, const grant_request& asked) {
  const auto* pair =
      std::find_if(privileges.begin(), privileges.end(), [&](const auto& p) {
        return p.securable_type == asked.securable_type && p.privilege == asked.privilege;
      });
  if (pair == privileges.end())
    return invalid_parameter("No privilege " + asked.privilege + " on "
                             + asked.securable_type + ".");
  const std::size_t count = asked.securable_type == "CATALOG"  ? 1
                            : asked.securable_type == "SCHEMA" ? 2
                                                               : 3;
  const auto parts = name_parts(asked.securable, count);
  auto object = quote_identifier(parts.back());
  if (count == 3)
    object = quote_identifier(parts[1]) + "." + object;
  const auto statement =
      (asked.is_grant ? "GRANT " : "REVOKE ") + std::string{pair->postgres} + object
      + (asked.is_grant ? " TO " : " FROM ") + quote_identifier(asked.user);
  const auto answer = pool.run(parts.front(), statement);
  if (const auto* failure = std::get_if<postgres::sql_failure>(&answer))
    return invalid_parameter(failure->message);
  return done();
}

class control_routes {
public:
  explicit control_routes(control_services services) : services_{services} {}

  http_response add_fault(json_view body) const {
    auto read = read_fault(body);
    if (const auto* problem = std::get_if<std::string>(&read))
      return invalid_parameter(*problem);
    services_.misfortunes.add(std::get<fault_rule>(std::move(read)));
    return done();
  }

  http_response change_grant(json_view body) const {
    const auto text = [&](std::string_view name) {
      return body[name].string().value_or("");
    };
    const grant_request asked{text("action") != "revoke", text("user"),
                              to_upper(text("privilege")),
                              to_upper(text("securable_type")), text("securable")};
    if (!find_account(asked.user))
      return invalid_parameter("There is no user " + asked.user + ".");
    if (asked.securable_type != "ENDPOINT")
      return change_data_right(services_.pool, asked);
    if (!find_endpoint(asked.securable))
      return invalid_parameter("There is no endpoint " + asked.securable + ".");
    if (asked.is_grant)
      services_.rights.grant(asked.user, asked.securable);
    else
      services_.rights.revoke(asked.user, asked.securable);
    return done();
  }

  http_response change_token(json_view body) const {
    const auto expired = body["expired"].boolean().value_or(true);
    if (const auto token = body["token"].string())
      services_.who.set_expired(*token, expired);
    else if (const auto user = body["user"].string())
      services_.who.set_user_expired(*user, expired);
    else
      return invalid_parameter("Name a token or a user.");
    return done();
  }

  http_response change_warehouse(json_view body) const {
    if (body["state"].string() == "STOPPED")
      services_.house.stop(
          std::chrono::milliseconds{body["start_ms"].integer().value_or(2000)});
    else
      services_.house.start();
    return done();
  }

  http_response make_big_table(json_view body) const {
    constexpr std::int64_t most = 10'000'000;
    const auto rows = body["rows"].integer().value_or(1'000'000);
    if (rows < 1 || rows > most)
      return invalid_parameter("rows must be between 1 and 10000000.");
    return outcome_of(sandbox::make_big_table(services_.pool, rows));
  }

  /// All but the tokens that were issued and the log.
  http_response reset() const {
    services_.misfortunes.clear();
    services_.rights.restore();
    services_.house.stop(std::chrono::milliseconds{0});
    services_.house.start();
    services_.is_asleep = true;
    for (const auto& user : everybody) {
      services_.who.set_user_expired(user.user_name, false);
      services_.who.set_expired(user.token, false);
    }
    return outcome_of(restore_grants(services_.pool));
  }

  const control_services& services() const { return services_; }

private:
  control_services services_;
};

} // namespace

void add_control_routes(route_table& routes, const control_services& services) {
  const auto api = std::make_shared<const control_routes>(services);
  const auto add = [&](std::string_view method, const std::string& path,
                       const blocking_handler& run) {
    routes.add(method, "/__sandbox/" + path, run, needs::nothing);
  };
  const auto post = [&](const std::string& path,
                        http_response (control_routes::*run)(json_view) const) {
    add("POST", path, [api, run](const call& c) -> http_response {
      const auto text = json_body(c);
      if (const auto* refused = std::get_if<http_response>(&text))
        return *refused;
      return (*api.*run)(json_view{std::get<json_text>(text)});
    });
  };
  add("GET", "health", [](const call&) {
    http_response answer;
    answer.body = R"({"status":"healthy"})";
    return answer;
  });
  post("faults", &control_routes::add_fault);
  add("DELETE", "faults", [api](const call&) {
    api->services().misfortunes.clear();
    return done();
  });
  post("grants", &control_routes::change_grant);
  post("tokens", &control_routes::change_token);
  post("warehouse", &control_routes::change_warehouse);
  post("tables/big", &control_routes::make_big_table);
  add("DELETE", "tables/big",
      [api](const call&) { return outcome_of(drop_big_table(api->services().pool)); });
  add("POST", "reset", [api](const call&) { return api->reset(); });
  add("GET", "requests", [api](const call&) {
    json_writer w;
    api->services().requests.write(w);
    return json_answer(std::move(w));
  });
  add("DELETE", "requests", [api](const call&) {
    api->services().requests.clear();
    return done();
  });
}

} // namespace lakegate::sandbox
