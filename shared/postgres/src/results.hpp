#pragma once

#include "shared/postgres/src/handles.hpp"

#include <lakegate/postgres/connection.hpp>

namespace lakegate::postgres {

/// Takes an answer over without copying its rows. A PGresult is immutable, so any thread
/// may read it (libpq, "Behavior in Threaded Programs").
result_ptr make_result(pgresult_ptr result);

/// What a result of status PGRES_FATAL_ERROR says.
sql_failure failure_of(const PGresult* result);

/// What a connection that could not be opened, or broke, says. The SQLSTATE is read from
/// its text, so its verbosity must be PQERRORS_VERBOSE: libpq 15 tells it in no other
/// way.
sql_failure failure_of(const PGconn* connection);

} // namespace lakegate::postgres
