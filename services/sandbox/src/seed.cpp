#include "services/sandbox/src/seed.hpp"

#include "services/sandbox/src/accounts.hpp"

#include <lakegate/postgres/migrations.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <vector>

namespace lakegate::sandbox {

/// Embedded from migrations/ (lakegate_embed_migrations).
const postgres::migration_set& migrations();

namespace {

using namespace std::chrono_literals;
using postgres::quote_identifier;
using postgres::quote_literal;

constexpr auto script_limit = 120s;
constexpr std::string_view lock_number = "7165219901";

using problem = std::optional<std::string>;

/// A catalog and the steps of migrations/ that make it.
struct catalog_seed {
  std::string_view name;
  std::array<int, 2> steps;
};
constexpr std::array<catalog_seed, 2> catalogs{{{"samples", {1, 2}}, {"main", {1, 3}}}};

problem problem_of(const postgres::answer& answer, std::string_view doing) {
  const auto* failure = std::get_if<postgres::sql_failure>(&answer);
  if (!failure)
    return std::nullopt;
  return "Preparing the sandbox's PostgreSQL failed while " + std::string{doing} + ": "
         + (failure->sqlstate.empty() ? "" : failure->sqlstate + " ") + failure->message;
}

problem run_script(sessions& pool, const std::string& database, const std::string& sql,
                   std::string_view doing) {
  auto session = pool.as_superuser(database);
  if (auto* failure = std::get_if<postgres::sql_failure>(&session))
    return problem_of(*failure, doing);
  return problem_of(std::get<session_lease>(session)->run_script(sql, script_limit),
                    doing);
}

std::string role_script(const std::string& role, const std::string& attributes) {
  const auto name = quote_identifier(role);
  return "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = "
         + quote_literal(role) + ") THEN CREATE ROLE " + name
         + "; END IF; END $do$; ALTER ROLE " + name + " " + attributes + ";\n";
}

problem make_roles(sessions& pool) {
  auto script = role_script(std::string{owner_name}, "NOLOGIN");
  for (const auto& user : everybody) {
    const std::string name{user.user_name};
    script += role_script(name, "LOGIN NOSUPERUSER PASSWORD "
                                    + quote_literal(pool.password_of(name).reveal()));
  }
  return run_script(pool, std::string{maintenance_database}, script, "making the roles");
}

/// A catalog is a database that belongs to `owner_name`; any other of that name is not
/// ours.
problem make_database(sessions& pool, const std::string& name) {
  const std::string maintenance{maintenance_database};
  auto found = pool.run(
      maintenance, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1",
      {name});
  if (auto failed = problem_of(found, "looking for the database " + name))
    return failed;
  const auto& rows = *std::get<postgres::result_ptr>(found);
  if (rows.size() > 0 && rows.at(0, 0) == owner_name)
    return std::nullopt;
  if (rows.size() > 0)
    return "The database " + name + " exists but is not the sandbox's (its owner is not "
           + std::string{owner_name} + "). Give the sandbox a PostgreSQL of its own.";
  // Spark compares strings by their bytes.
  return problem_of(pool.run(maintenance, "CREATE DATABASE " + quote_identifier(name)
                                              + " OWNER " + quote_identifier(owner_name)
                                              + " TEMPLATE template0 ENCODING 'UTF8'"
                                                " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
                    "making the database " + name);
}

problem fill_database(sessions& pool, const catalog_seed& what) {
  const std::string name{what.name};
  auto session = pool.as_superuser(name);
  if (auto* failure = std::get_if<postgres::sql_failure>(&session))
    return problem_of(*failure, "connecting to " + name);
  postgres::migration_set steps{"sandbox", {}};
  for (const auto& step : migrations().steps)
    if (std::find(what.steps.begin(), what.steps.end(), step.version) != what.steps.end())
      steps.steps.push_back(step);
  auto& lease = std::get<session_lease>(session);
  if (auto failure = postgres::apply_migrations(*lease.operator->(),
                                                std::string{helper_schema}, steps))
    return problem_of(*failure, "filling the catalog " + name);
  lease.spoil();
  return run_script(pool, name, "DROP SCHEMA IF EXISTS public",
                    "removing the schema public");
}

/// Who may read which schemas of a catalog; `*` is all of them.
struct reader {
  std::string_view user;
  std::string_view catalog;
  std::string_view schema;
};
constexpr std::array<reader, 6> readers{{
    {"engineer@example.com", "samples", "*"},
    {"engineer@example.com", "main", "*"},
    {"sandbox-client", "samples", "*"},
    {"sandbox-client", "main", "*"},
    {"analyst@example.com", "samples", "*"},
    {"analyst@example.com", "main", "sales"},
}};

/// Takes every right of the users in the database and grants those of the table.
std::string grants_script(const std::string& catalog,
                          const std::vector<std::string>& schemas) {
  const auto database = quote_identifier(catalog);
  auto script = "REVOKE ALL ON DATABASE " + database + " FROM PUBLIC;\n";
  for (const auto& user : everybody) {
    const auto role = quote_identifier(user.user_name);
    script += "REVOKE ALL ON DATABASE " + database + " FROM " + role + ";\n";
    for (const auto& s : schemas) {
      script += "REVOKE ALL ON SCHEMA " + quote_identifier(s) + " FROM " + role + ";\n";
      script += "REVOKE ALL ON ALL TABLES IN SCHEMA " + quote_identifier(s) + " FROM "
                + role + ";\n";
    }
  }
  for (const auto& r : readers) {
    if (r.catalog != catalog)
      continue;
    const auto role = quote_identifier(r.user);
    script += "GRANT CONNECT ON DATABASE " + database + " TO " + role + ";\n";
    for (const auto& s : schemas) {
      if (r.schema != "*" && r.schema != s)
        continue;
      script += "GRANT USAGE ON SCHEMA " + quote_identifier(s) + " TO " + role + ";\n";
      script += "GRANT SELECT ON ALL TABLES IN SCHEMA " + quote_identifier(s) + " TO "
                + role + ";\n";
    }
  }
  return script;
}

problem restore_grants(sessions& pool, const std::string& catalog) {
  auto found = pool.run(catalog,
                        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE "
                        "'pg\\_%' AND nspname NOT IN ('information_schema', $1)",
                        {std::string{helper_schema}});
  if (auto failed = problem_of(found, "reading the schemas of " + catalog))
    return failed;
  const auto& rows = *std::get<postgres::result_ptr>(found);
  std::vector<std::string> schemas;
  for (std::size_t i = 0; i < rows.size(); ++i)
    schemas.emplace_back(*rows.at(i, 0));
  return run_script(pool, catalog, grants_script(catalog, schemas), "granting rights");
}

problem seed_locked(sessions& pool) {
  if (auto failed = make_roles(pool))
    return failed;
  for (const auto& c : catalogs) {
    if (auto failed = make_database(pool, std::string{c.name}))
      return failed;
    if (auto failed = fill_database(pool, c))
      return failed;
  }
  return restore_grants(pool);
}

} // namespace

problem restore_grants(sessions& pool) {
  for (const auto& c : catalogs)
    if (auto failed = restore_grants(pool, std::string{c.name}))
      return failed;
  return std::nullopt;
}

problem seed(sessions& pool) {
  auto session = pool.as_superuser(std::string{maintenance_database});
  if (auto* failure = std::get_if<postgres::sql_failure>(&session))
    return problem_of(*failure, "connecting");
  auto& lease = std::get<session_lease>(session);
  const std::string number{lock_number};
  if (auto failed = problem_of(
          lease->run("SELECT pg_advisory_lock(" + number + ")", {}, script_limit),
          "waiting for another sandbox that prepares it"))
    return failed;
  auto result = seed_locked(pool);
  lease.spoil();
  return result;
}

problem make_big_table(sessions& pool, std::int64_t rows) {
  const auto count = std::to_string(rows);
  auto found = pool.run("main",
                        "SELECT to_regclass('sales.big') IS NOT NULL AND "
                        "pg_catalog.obj_description(to_regclass('sales.big')) = $1",
                        {count + " rows"});
  if (auto failed = problem_of(found, "looking for main.sales.big"))
    return failed;
  if (std::get<postgres::result_ptr>(found)->at(0, 0) == "t")
    return std::nullopt;
  const auto script =
      "DROP TABLE IF EXISTS sales.big;\n"
      "SET LOCAL ROLE \"admin@example.com\";\n"
      "CREATE TABLE sales.big (id bigint PRIMARY KEY, name text, amount numeric(12,2), "
      "created_at timestamptz);\n"
      "INSERT INTO sales.big SELECT n, 'row ' || n, (n % 100000)::numeric / 100, "
      "TIMESTAMPTZ '2024-01-01 00:00:00+00' + n * interval '1 second' "
      "FROM generate_series(1::bigint, "
      + count + ") AS n;\nCOMMENT ON TABLE sales.big IS '" + count
      + " rows';\nGRANT SELECT ON sales.big TO \"engineer@example.com\", "
        "\"analyst@example.com\", "
        "\"sandbox-client\";\nRESET ROLE;\nANALYZE sales.big;\n";
  return run_script(pool, "main", script, "making main.sales.big");
}

problem drop_big_table(sessions& pool) {
  return run_script(pool, "main", "DROP TABLE IF EXISTS sales.big",
                    "dropping main.sales.big");
}

std::optional<fare_model> fit_fares(sessions& pool) {
  const auto answer = pool.run(
      "samples", "SELECT pg_catalog.count(*), pg_catalog.sum(x), pg_catalog.sum(h), "
                 "pg_catalog.sum(y), "
                 "pg_catalog.sum(x*x), pg_catalog.sum(h*h), pg_catalog.sum(x*h), "
                 "pg_catalog.sum(x*y), "
                 "pg_catalog.sum(h*y) FROM (SELECT trip_distance AS x, fare_amount AS y, "
                 "extract(hour FROM tpep_pickup_datetime)::double precision AS h FROM "
                 "nyctaxi.trips) AS t");
  const auto* rows = std::get_if<postgres::result_ptr>(&answer);
  if (!rows)
    return std::nullopt;
  const auto at = [&](std::size_t column) {
    return std::strtod(std::string{(*rows)->at(0, column).value_or("0")}.c_str(),
                       nullptr);
  };
  return fit_fares(
      trip_sums{at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8)});
}

} // namespace lakegate::sandbox
