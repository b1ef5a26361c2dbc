#pragma once

#include <string>

namespace lakegate::test {

/// The superuser's password in every temporary cluster.
inline constexpr auto cluster_password = "temporary-secret";

/// Path of one of PostgreSQL's programs, of the newest version installed.
std::string postgres_program(const std::string& name);

/// Where clusters live: in memory where there is room (a copy takes 50 ms instead of up
/// to a second), else the directory for temporary files.
std::string cluster_base();

/// Fills `directory` with a fresh data directory that the user `postgres` owns: a copy of
/// the machine's kept one, which is made here if there is none yet, with further lines of
/// postgresql.conf.
void make_data_directory(const std::string& directory, const std::string& options);

} // namespace lakegate::test
