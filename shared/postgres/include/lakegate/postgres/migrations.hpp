#pragma once

#include <lakegate/postgres/connection.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::postgres {

/// One file of a service's `migrations/`, embedded when it was built
/// (lakegate_embed_migrations in shared/postgres/cmake).
struct migration {
  int version = 0;       ///< The leading number of its name.
  std::string_view name; ///< `0001_user_preferences`
  std::string_view sql;
};

struct migration_set {
  std::string_view
      service; ///< Several services share a schema; versions are per service.
  std::vector<migration> steps;
};

/// Brings the tables of a service up to date: makes the schema if it is missing, applies
/// the steps that `schema_migrations` does not list, in order, in one transaction under
/// an advisory lock, so that any number of processes may start at once. Cheap when there
/// is nothing to do: one query, no lock. Nothing: done.
std::optional<sql_failure> apply_migrations(connection& to, const std::string& schema,
                                            const migration_set& what);

} // namespace lakegate::postgres
