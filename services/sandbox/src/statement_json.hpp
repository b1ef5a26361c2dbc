#pragma once

#include "services/sandbox/src/http.hpp"
#include "services/sandbox/src/statements.hpp"

#include <cstddef>
#include <string>

namespace lakegate::sandbox {

/// A StatementResponse: status, and of a succeeded one manifest and first chunk.
http_response statement_answer(const std::string& id, const statement::snapshot& now,
                               std::size_t chunk_rows);

/// A bare ResultData of a chunk that exists.
http_response chunk_answer(const std::string& id, const result_table& table,
                           std::size_t index, std::size_t chunk_rows);

std::size_t chunk_count(const result_table& table, std::size_t chunk_rows);

} // namespace lakegate::sandbox
