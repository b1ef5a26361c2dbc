#include <lakegate/postgres/settings.hpp>

#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/peer_address.hpp>

#include <algorithm>
#include <utility>

namespace lakegate::postgres {

namespace {

using runtime::anything;
using runtime::integer_between;

/// A name that needs no quotes anywhere, as the schema's comes into many hands.
std::string check_schema(std::string_view name) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || name.size() > 63 || !std::ranges::all_of(name, is_fine)
      || (name.front() >= '0' && name.front() <= '9') || name.starts_with("pg_"))
    return "must be 1 to 63 of a-z, 0-9 and _, and begin with neither a digit nor pg_";
  return {};
}

/// Whether the way to PostgreSQL never leaves this machine. A list of hosts is no such
/// way.
bool is_local(std::string_view host) {
  return host.starts_with('/') || host.starts_with('@') || runtime::is_loopback(host);
}

bool may_be_clear_text(std::string_view ssl_mode) {
  return ssl_mode == "disable" || ssl_mode == "allow" || ssl_mode == "prefer";
}

caf::error wrong(std::string sentence) {
  return make_error(failure{errc::invalid_request, std::move(sentence), {}, caf::none});
}

} // namespace

std::vector<runtime::setting> database_settings() {
  return {
      {"database.host",
       {"PGHOST", "LAKEBASE_HOST"},
       "",
       anything(),
       "PostgreSQL's host; none: no database is configured"},
      {"database.port",
       {"PGPORT", "LAKEBASE_PORT"},
       "5432",
       integer_between(1, 65535),
       "Its port"},
      {"database.name",
       {"PGDATABASE", "LAKEBASE_DATABASE"},
       "databricks_postgres",
       anything(),
       "The database"},
      {"database.user",
       {"PGUSER", "LAKEBASE_USER", "DATABRICKS_CLIENT_ID"},
       "postgres",
       anything(),
       "The role to log in as"},
      {"database.password",
       {"PGPASSWORD", "LAKEBASE_PASSWORD"},
       "",
       anything(),
       "Its password; none with a workspace configured: an OAuth token is fetched",
       true},
      {"database.sslmode",
       {"PGSSLMODE"},
       "",
       runtime::one_of(
           {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}),
       "As libpq's sslmode; none: require, or prefer where the host is loopback or a "
       "socket. "
       "verify-full wants database.sslrootcert"},
      {"database.sslrootcert",
       {"PGSSLROOTCERT"},
       "",
       anything(),
       "File with the certificates that sign PostgreSQL's"},
      {"database.schema",
       {"LAKEGATE_DATABASE_SCHEMA"},
       "lakegate",
       check_schema,
       "Schema of all our tables; made if it is missing"},
      {"database.connections",
       {"LAKEGATE_DATABASE_CONNECTIONS"},
       "1",
       integer_between(1, 16),
       "Pipelined connections; one serves thousands a second"},
      {"database.statement-timeout",
       {"LAKEGATE_DATABASE_STATEMENT_TIMEOUT"},
       "10s",
       runtime::duration_between(std::chrono::milliseconds{100}, std::chrono::minutes{5}),
       "No statement runs longer, whatever time its caller has"},
      {"database.instance",
       {"LAKEBASE_INSTANCE_NAME"},
       "",
       anything(),
       "The Lakebase instance, for credentials of its own"},
  };
}

caf::expected<database_config> read_database_config(const runtime::settings& values) {
  database_config result;
  auto& to = result.connection;
  to.host = values.text("database.host");
  to.port = static_cast<std::uint16_t>(values.integer("database.port"));
  to.database = values.text("database.name");
  to.user = values.text("database.user");
  to.ssl_mode = values.text("database.sslmode");
  if (to.ssl_mode.empty())
    to.ssl_mode = is_local(to.host) ? "prefer" : "require";
  to.ssl_root_certificate = values.text("database.sslrootcert");
  to.schema = values.text("database.schema");
  to.statement_timeout = values.duration("database.statement-timeout");
  to.lock_timeout = to.statement_timeout / 2;
  if (const auto& password = values.text("database.password"); !password.empty())
    result.credentials = std::make_shared<static_password>(access_token{password});
  result.connections = static_cast<std::size_t>(values.integer("database.connections"));
  if (!to.host.empty() && to.ssl_mode.starts_with("verify-")
      && to.ssl_root_certificate.empty())
    return wrong("database.sslmode=" + to.ssl_mode
                 + " needs database.sslrootcert (PGSSLROOTCERT).");
  if (!to.host.empty() && !result.credentials && !is_local(to.host)
      && may_be_clear_text(to.ssl_mode))
    return wrong(
        "database.sslmode=" + to.ssl_mode + " could send the workspace's token to "
        + to.host
        + " in clear text: set PGSSLMODE=require or better, or give PGPASSWORD.");
  return result;
}

std::string lakebase_instance_name(const runtime::settings& values) {
  return values.text("database.instance");
}

} // namespace lakegate::postgres
