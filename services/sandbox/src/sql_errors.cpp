#include "services/sandbox/src/sql_errors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace lakegate::sandbox {

namespace {

/// What stands between the first two `mark`s.
std::string first_quoted(std::string_view text, char mark = '"') {
  const auto open = text.find(mark);
  const auto close = text.find(mark, open + 1);
  if (open == std::string_view::npos || close == std::string_view::npos)
    return {};
  return std::string{text.substr(open + 1, close - open - 1)};
}

std::string last_word(std::string_view text) {
  const auto blank = text.rfind(' ');
  return std::string{blank == std::string_view::npos ? text : text.substr(blank + 1)};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min(
          {above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

class error_writer {
public:
  error_writer(const postgres_failure& failure, const failed_statement& where)
      : failure_{failure}, where_{where} {}

  statement_error write() const {
    const auto& state = failure_.sql_state;
    if (state == "42P01")
      return missing_table();
    if (state == "42703")
      return missing_column();
    if (state == "42501")
      return denied();
    if (state == "42601")
      return parse_error();
    if (state == "42883")
      return missing_function();
    if (state == "22P02" || state == "22007" || state == "22008")
      return bad_cast();
    if (state == "22012")
      return {"[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor "
              "being 0 "
              "and return NULL instead. If necessary set \"ansi_mode\" to \"false\" to "
              "bypass "
              "this error."
                  + tail("22012"),
              "22012"};
    if (state.starts_with("08") || state.starts_with("57P") || state.starts_with("53"))
      return {"The SQL warehouse is temporarily unavailable.", "",
              "TEMPORARILY_UNAVAILABLE"};
    return by_class();
  }

private:
  std::size_t offset() const {
    return failure_.position == 0 ? 0 : source_offset(where_.done, failure_.position - 1);
  }

  /// ` SQLSTATE: 42P01; line 1 pos 14`
  std::string tail(std::string_view state) const {
    auto result = " SQLSTATE: " + std::string{state};
    if (failure_.position > 0)
      result += "; " + line_and_position(where_.source, offset());
    return result;
  }

  /// The table of the statement whose last part is `table`, fully qualified.
  table_name full_name(std::string_view table) const {
    table_name result{where_.catalog, where_.schema, std::string{table}};
    for (const auto& t : where_.done.tables)
      if (t.table == table) {
        if (!t.schema.empty())
          result.schema = t.schema;
        break;
      }
    return result;
  }

  statement_error missing_table() const {
    // relation "tpch.nope" does not exist
    const auto quoted = first_quoted(failure_.message);
    auto name = full_name(quoted);
    for (const auto& t : where_.done.tables)
      if (quoted == (t.schema.empty() ? t.table : t.schema + "." + t.table))
        name = full_name(t.table);
    return {
        "[TABLE_OR_VIEW_NOT_FOUND] The table or view " + backticked(name.catalog) + "."
            + backticked(name.schema) + "." + backticked(name.table)
            + " cannot be found. Verify the spelling and correctness of the schema and "
              "catalog.\nIf you did not qualify the name with a schema, verify the "
              "current_schema() output, or qualify the name with the correct schema and "
              "catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP "
              "TABLE "
              "IF EXISTS."
            + tail("42P01"),
        "42P01"};
  }

  statement_error missing_column() const {
    auto name = first_quoted(failure_.message);
    if (name.empty()) { // column n.nope does not exist
      name = failure_.message.substr(std::min<std::size_t>(7, failure_.message.size()));
      name = name.substr(0, name.find(' '));
    }
    auto known = where_.columns ? where_.columns() : std::vector<std::string>{};
    std::stable_sort(known.begin(), known.end(), [&](const auto& a, const auto& b) {
      return edit_distance(a, name) < edit_distance(b, name);
    });
    const auto head = "A column, variable, or function parameter with name "
                      + backticked(name) + " cannot be resolved.";
    if (known.empty())
      return {"[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] " + head + tail("42703"), "42703"};
    std::string suggestions;
    for (std::size_t i = 0; i < std::min<std::size_t>(known.size(), 5); ++i)
      suggestions += (i ? ", " : "") + backticked(known[i]);
    return {"[UNRESOLVED_COLUMN.WITH_SUGGESTION] " + head
                + " Did you mean one of the following? [" + suggestions + "]."
                + tail("42703"),
            "42703"};
  }

  /// The privilege of Unity Catalog that the statement needs on a table.
  std::string table_privilege() const {
    return where_.done.kind == statement_kind::query ? "SELECT" : "MODIFY";
  }

  statement_error denied() const {
    // permission denied for table nation
    const std::string_view message{failure_.message};
    const auto object = last_word(message);
    if (message.find(" for database ") != std::string_view::npos)
      return insufficient_privileges("USE CATALOG", "Catalog", where_.catalog);
    if (message.find(" for schema ") != std::string_view::npos)
      return insufficient_privileges(
          where_.done.kind == statement_kind::command ? "CREATE TABLE" : "USE SCHEMA",
          "Schema", where_.catalog + "." + object);
    if (message.starts_with("must be owner")) {
      const auto name = full_name(object);
      return insufficient_privileges("MANAGE", "Table",
                                     name.catalog + "." + name.schema + "." + name.table);
    }
    const auto head = message.find(" for ");
    const auto name_at = message.find(' ', head + 5);
    const auto name = full_name(
        name_at == std::string_view::npos ? message : message.substr(name_at + 1));
    return insufficient_privileges(table_privilege(), "Table",
                                   name.catalog + "." + name.schema + "." + name.table);
  }

  statement_error parse_error() const {
    if (failure_.message.find("at end of input") != std::string::npos)
      return syntax_error(where_.source, where_.source.size(), {});
    auto near = first_quoted(failure_.message);
    if (near.empty())
      near = last_word(failure_.message);
    return syntax_error(where_.source, offset(), near);
  }

  statement_error missing_function() const {
    // function nope(integer) does not exist; operator does not exist: text + boolean
    const std::string_view message{failure_.message};
    if (!message.starts_with("function "))
      return {"[DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] Cannot resolve the expression "
              "due to data "
              "type mismatch: "
                  + failure_.message + "." + tail("42K09"),
              "42K09"};
    const auto name = message.substr(9, message.find('(') - 9);
    return {"[UNRESOLVED_ROUTINE] Cannot resolve routine " + backticked(name)
                + " on search path [`system`.`builtin`, `system`.`session`, "
                + backticked(where_.catalog) + "." + backticked(where_.schema) + "]."
                + tail("42883"),
            "42883"};
  }

  statement_error bad_cast() const {
    // invalid input syntax for type bigint: "abc"
    const std::string_view message{failure_.message};
    const auto value = first_quoted(message);
    const auto type_at = message.find("for type ");
    auto type =
        type_at == std::string_view::npos
            ? std::string{"TIMESTAMP"}
            : to_upper(message.substr(type_at + 9, message.find(':') - type_at - 9));
    if (type.starts_with("TIMESTAMP"))
      type = "TIMESTAMP";
    if (type == "INTEGER" || type == "NUMERIC" || type == "DOUBLE PRECISION")
      type = type == "INTEGER" ? "INT" : type == "NUMERIC" ? "DECIMAL" : "DOUBLE";
    return {"[CAST_INVALID_INPUT] The value '" + value
                + "' of the type \"STRING\" cannot be cast to \"" + type
                + "\" because it is malformed. Correct the value as per the syntax, or "
                  "change its "
                  "target type. Use `try_cast` to tolerate malformed input and return "
                  "NULL instead."
                + tail("22018"),
            "22018"};
  }

  statement_error by_class() const {
    struct row {
      std::string_view state;
      std::string_view error_class;
      std::string_view their_state;
    };
    static constexpr std::array<row, 8> rows{{
        {"22003", "ARITHMETIC_OVERFLOW", "22003"},
        {"42803", "MISSING_AGGREGATION", "42803"},
        {"42702", "AMBIGUOUS_REFERENCE", "42704"},
        {"42P07", "TABLE_OR_VIEW_ALREADY_EXISTS", "42P07"},
        {"3F000", "SCHEMA_NOT_FOUND", "42704"},
        {"42804", "DATATYPE_MISMATCH", "42K09"},
        {"2201W", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E"},
        {"2201X", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E"},
    }};
    const auto* found = std::find_if(rows.begin(), rows.end(), [&](const auto& r) {
      return r.state == failure_.sql_state;
    });
    if (found == rows.end())
      return {"[SANDBOX_" + failure_.sql_state + "] " + failure_.message + "."
                  + tail(failure_.sql_state),
              failure_.sql_state};
    return {"[" + std::string{found->error_class} + "] " + failure_.message + "."
                + tail(found->their_state),
            std::string{found->their_state}};
  }

  const postgres_failure& failure_;
  const failed_statement& where_;
};

} // namespace

statement_error insufficient_privileges(std::string_view privilege, std::string_view kind,
                                        std::string_view name) {
  return {"[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have "
              + std::string{privilege} + " on " + std::string{kind} + " '"
              + std::string{name} + "'. SQLSTATE: 42501",
          "42501"};
}

statement_error databricks_error(const postgres_failure& failure,
                                 const failed_statement& where) {
  return error_writer{failure, where}.write();
}

} // namespace lakegate::sandbox
