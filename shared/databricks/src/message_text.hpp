#pragma once

#include <string>
#include <string_view>

/// What may be kept of the words that Databricks writes for people. Pure functions.
namespace lakegate::databricks {

/// `text` without surrounding blanks, request ids (`[ReqId: …]`), stack traces, SQL text
/// and plan dumps, and no longer than a client can use.
std::string clean_message(std::string_view text);

/// The class in brackets of a SQL error, `UNRESOLVED_COLUMN.WITH_SUGGESTION`; may be
/// empty.
std::string find_error_class(std::string_view message);

/// The five characters behind `SQLSTATE:`; may be empty.
std::string find_sql_state(std::string_view message);

/// The scope in `… does not have required scopes: sql` and its kin; may be empty.
std::string find_required_scope(std::string_view message);

/// Does `text` hold `part`, in any case? `part` is lower case.
bool contains_ignoring_case(std::string_view text, std::string_view part);

} // namespace lakegate::databricks
