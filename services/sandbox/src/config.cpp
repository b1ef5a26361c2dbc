#include "services/sandbox/src/config.hpp"

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;
using runtime::anything;
using runtime::duration_between;
using runtime::integer_between;

} // namespace

std::vector<runtime::setting> all_settings() {
  return {
      {"sandbox.host",
       {"LAKEGATE_SANDBOX_HOST"},
       "127.0.0.1",
       anything(),
       "Address to listen on. Whoever reaches it may steer the sandbox."},
      {"sandbox.port",
       {"LAKEGATE_SANDBOX_PORT"},
       "8181",
       integer_between(0, 65535),
       "Port to listen on; 0 is any free one."},
      {"sandbox.pg-host",
       {"LAKEGATE_SANDBOX_PGHOST"},
       "127.0.0.1",
       anything(),
       "The PostgreSQL that holds the data."},
      {"sandbox.pg-port",
       {"LAKEGATE_SANDBOX_PGPORT"},
       "5432",
       integer_between(1, 65535),
       "Its port."},
      {"sandbox.pg-user",
       {"LAKEGATE_SANDBOX_PGUSER"},
       "postgres",
       anything(),
       "Its superuser: the sandbox makes roles and databases."},
      {"sandbox.pg-password",
       {"LAKEGATE_SANDBOX_PGPASSWORD"},
       "",
       anything(),
       "The superuser's password.",
       true},
      {"sandbox.pg-wait",
       {"LAKEGATE_SANDBOX_PGWAIT"},
       "60s",
       duration_between(0s, 10min),
       "How long a start waits for PostgreSQL."},
      {"sandbox.client-secret",
       {"LAKEGATE_SANDBOX_CLIENT_SECRET"},
       "sandbox-secret",
       anything(),
       "OAuth secret of the service principal sandbox-client.",
       true},
      {"sandbox.token-lifetime",
       {"LAKEGATE_SANDBOX_TOKEN_LIFETIME"},
       "60min",
       duration_between(1s, 24h),
       "How long OAuth tokens are good."},
      {"sandbox.warehouse-id",
       {"LAKEGATE_SANDBOX_WAREHOUSE_ID"},
       "sandbox",
       anything(),
       "Id of the one SQL warehouse."},
      {"sandbox.page-size",
       {"LAKEGATE_SANDBOX_PAGE_SIZE"},
       "3",
       integer_between(1, 1000),
       "Most entries in a page of a Unity Catalog list."},
      {"sandbox.chunk-rows",
       {"LAKEGATE_SANDBOX_CHUNK_ROWS"},
       "500",
       integer_between(1, 100000),
       "Rows in a chunk of a statement's result."},
      {"sandbox.cold-start",
       {"LAKEGATE_SANDBOX_COLD_START"},
       "5s",
       duration_between(0s, 5min),
       "How long the first call of sleepy-model takes."},
      {"sandbox.token-interval",
       {"LAKEGATE_SANDBOX_TOKEN_INTERVAL"},
       "20ms",
       duration_between(0s, 10s),
       "Time between the events of a chat stream."},
      {"sandbox.threads",
       {"LAKEGATE_SANDBOX_THREADS"},
       "8",
       integer_between(1, 64),
       "Threads that answer requests; as many again run statements."},
  };
}

config read_config(const runtime::settings& values) {
  config result;
  const auto size = [&](std::string_view name) {
    return static_cast<std::size_t>(values.integer(name));
  };
  result.host = values.text("sandbox.host");
  result.port = static_cast<std::uint16_t>(values.integer("sandbox.port"));
  result.database.host = values.text("sandbox.pg-host");
  result.database.port = static_cast<std::uint16_t>(values.integer("sandbox.pg-port"));
  result.database.user = values.text("sandbox.pg-user");
  result.database.password = access_token{values.text("sandbox.pg-password")};
  result.database_wait = values.duration("sandbox.pg-wait");
  result.client_secret = access_token{values.text("sandbox.client-secret")};
  result.token_lifetime = std::chrono::duration_cast<std::chrono::seconds>(
      values.duration("sandbox.token-lifetime"));
  result.warehouse_id = values.text("sandbox.warehouse-id");
  result.page_size = size("sandbox.page-size");
  result.chunk_rows = size("sandbox.chunk-rows");
  result.cold_start = values.duration("sandbox.cold-start");
  result.token_interval = values.duration("sandbox.token-interval");
  result.threads = size("sandbox.threads");
  return result;
}

} // namespace lakegate::sandbox
