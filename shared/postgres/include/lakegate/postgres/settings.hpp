#pragma once

#include <lakegate/postgres/database.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <vector>

namespace lakegate::postgres {

/// The rows `database.*` of a process' table of settings.
std::vector<runtime::setting> database_settings();

/// `credentials` is set when a password was given; a service that logs in with OAuth sets
/// it itself. The caller adds `process` and `migrations`.
caf::expected<database_config> read_database_config(const runtime::settings& values);

/// The name of the Lakebase instance (`LAKEBASE_INSTANCE_NAME`), for the credentials API;
/// empty: none.
std::string lakebase_instance_name(const runtime::settings& values);

} // namespace lakegate::postgres
