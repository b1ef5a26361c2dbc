#pragma once

#include "services/sandbox/src/column_type.hpp"

#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// A value of PostgreSQL, in text form with ISO dates, as the statement API writes the
/// cell: `true`, `2024-01-31T10:00:00.000Z`, `1.0E10`, `["1",null]`. BINARY is
/// hexadecimal.
std::string cell_text(const column_type& type, std::string_view postgres_text);

/// A double as Java prints it; `text` is PostgreSQL's shortest form.
std::string java_double(std::string_view text);

/// `{1,NULL,"a b"}` as `["1",null,"a b"]`.
std::string array_json(const column_type& element, std::string_view postgres_array);

} // namespace lakegate::sandbox
