#include <lakegate/postgres/migrations.hpp>

#include <algorithm>
#include <set>

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 60s;

std::optional<sql_failure> failure_in(answer&& x) {
  if (auto* failed = std::get_if<sql_failure>(&x))
    return std::move(*failed);
  return std::nullopt;
}

/// Fills `versions` with what was applied; a missing table means none.
std::optional<sql_failure> read_applied(connection& to, const migration_set& what,
                                        std::set<int>& versions) {
  auto found = to.run("SELECT version FROM schema_migrations WHERE service = $1",
                      {std::string{what.service}}, patience);
  if (auto* failed = std::get_if<sql_failure>(&found)) {
    if (failed->sqlstate == "42P01")
      return std::nullopt;
    return *failed;
  }
  const auto& rows = *std::get<result_ptr>(found);
  for (std::size_t i = 0; i < rows.size(); ++i)
    versions.insert(std::stoi(std::string{*rows.at(i, 0)}));
  return std::nullopt;
}

bool is_complete(const migration_set& what, const std::set<int>& versions) {
  return std::ranges::all_of(what.steps,
                             [&](const auto& x) { return versions.contains(x.version); });
}

/// CREATE … IF NOT EXISTS wants the right to create even where there is nothing to
/// create, so look first. The lock is held until the transaction ends.
std::string preamble(const std::string& schema) {
  const auto name = quote_literal(schema);
  return "BEGIN; SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '50s';"
         "SELECT pg_advisory_xact_lock(hashtextextended('lakegate.migrations.' || "
         + name
         + ", 0));"
           "DO $do$ BEGIN "
           "IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = "
         + name + ") THEN CREATE SCHEMA " + quote_identifier(schema)
         + "; END IF;"
           "IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'schema_migrations' "
           "AND "
           "schemaname = "
         + name
         + ") THEN CREATE TABLE schema_migrations (service text NOT NULL, "
           "version integer NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), "
           "PRIMARY KEY (service, version)); END IF; END $do$";
}

std::optional<sql_failure> apply_step(connection& to, const migration_set& what,
                                      const migration& step) {
  if (auto failed = failure_in(to.run_script(std::string{step.sql}, patience))) {
    failed->message = std::string{step.name} + ": " + failed->message;
    return failed;
  }
  return failure_in(
      to.run("INSERT INTO schema_migrations (service, version) VALUES ($1, $2)",
             {std::string{what.service}, std::to_string(step.version)}, patience));
}

std::optional<sql_failure> apply_missing(connection& to, const std::string& schema,
                                         const migration_set& what) {
  if (auto failed = failure_in(to.run_script(preamble(schema), patience)))
    return failed;
  std::set<int> versions;
  if (auto failed = read_applied(to, what, versions))
    return failed;
  for (const auto& step : what.steps)
    if (!versions.contains(step.version))
      if (auto failed = apply_step(to, what, step))
        return failed;
  return failure_in(to.run_script("COMMIT", patience));
}

} // namespace

std::optional<sql_failure> apply_migrations(connection& to, const std::string& schema,
                                            const migration_set& what) {
  std::set<int> versions;
  if (auto failed = read_applied(to, what, versions))
    return failed;
  if (is_complete(what, versions))
    return std::nullopt;
  auto failed = apply_missing(to, schema, what);
  if (failed && to.is_open())
    to.run_script("ROLLBACK", patience);
  return failed;
}

} // namespace lakegate::postgres
