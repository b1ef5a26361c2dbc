#pragma once

#include <lakegate/postgres/connection.hpp>
#include <lakegate/postgres/credentials.hpp>
#include <lakegate/postgres/migrations.hpp>
#include <lakegate/postgres/query.hpp>

#include <caf/actor_system.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace lakegate::postgres {

/// What the connection threads know of the database; readable from any thread.
class availability {
public:
  database_state get() const;
  void set(database_state now);

private:
  mutable std::mutex mutex_;
  database_state state_{"down", "The database has not been reached yet."};
};

struct database_config {
  std::string process; ///< `preferences`; the metrics' label.
  connection_config connection;
  /// Null: the password is empty.
  std::shared_ptr<credential_provider> credentials;
  /// Applied by each new connection before its first query, so that a database that is
  /// away at the start, or replaced by an empty one, needs no restart. No steps: none.
  migration_set migrations;
  std::size_t connections = 1;
  std::size_t max_waiting = 1024;           ///< Beyond: `overloaded`, at once.
  std::size_t max_batch = 64;               ///< Queries sent before answers are awaited.
  std::size_t max_batch_bytes = 256 * 1024; ///< Of their parameters; one may be larger.
  std::chrono::milliseconds reconnect_cap{400};
  /// For credentials that expire; 10 % is taken off or not at random.
  std::chrono::milliseconds max_age{std::chrono::minutes{40}};
  /// Where to tell how the database is; may be null.
  std::shared_ptr<availability> state;
};

/// Starts the POSTGRES actor with its connection threads. No host: every query is
/// `lakebase_not_configured`. The actor ends its threads when it exits, within the time
/// of one name lookup or one call of `credentials`. Metrics: `lakegate_sql_seconds`,
/// `lakegate_sql_waiting`, `lakegate_sql_connections`, all by `process`.
database_actor spawn_database(caf::actor_system& system, database_config config,
                              const std::shared_ptr<prometheus::Registry>& registry);

} // namespace lakegate::postgres
