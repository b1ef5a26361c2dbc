#pragma once

#include "services/sandbox/src/fare_model.hpp"
#include "services/sandbox/src/sessions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// Brings PostgreSQL to the sandbox's state: roles, the databases `samples` and `main`
/// with their data (only what is missing, so a second start is quick), and exactly the
/// rights of the users. Nothing: done; else one sentence that says what stood in the way.
std::optional<std::string> seed(sessions& pool);

/// Exactly the rights that every user starts with; undoes what scenarios granted and
/// revoked.
std::optional<std::string> restore_grants(sessions& pool);

/// Makes `main.sales.big` with that many rows, unless it has them already.
std::optional<std::string> make_big_table(sessions& pool, std::int64_t rows);

std::optional<std::string> drop_big_table(sessions& pool);

/// Least squares over `samples.nyctaxi.trips`.
std::optional<fare_model> fit_fares(sessions& pool);

} // namespace lakegate::sandbox
