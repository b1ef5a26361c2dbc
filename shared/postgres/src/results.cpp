#include "shared/postgres/src/results.hpp"

#include <cstdlib>
#include <regex>

namespace lakegate::postgres {

namespace {

class pg_rows final : public result_set {
public:
  explicit pg_rows(pgresult_ptr result) : result_{std::move(result)} {}

  std::size_t size() const noexcept override {
    return static_cast<std::size_t>(PQntuples(result_.get()));
  }

  std::optional<std::string_view> at(std::size_t row, std::size_t column) const override {
    auto r = static_cast<int>(row);
    auto c = static_cast<int>(column);
    if (PQgetisnull(result_.get(), r, c) != 0)
      return std::nullopt;
    return std::string_view{PQgetvalue(result_.get(), r, c),
                            static_cast<std::size_t>(PQgetlength(result_.get(), r, c))};
  }

  std::size_t affected() const noexcept override {
    return std::strtoull(PQcmdTuples(result_.get()), nullptr, 10);
  }

  std::size_t column_count() const noexcept override {
    return static_cast<std::size_t>(PQnfields(result_.get()));
  }

  std::string_view column_name(std::size_t column) const override {
    return PQfname(result_.get(), static_cast<int>(column));
  }

  std::uint32_t column_type(std::size_t column) const override {
    return PQftype(result_.get(), static_cast<int>(column));
  }

  std::int32_t column_modifier(std::size_t column) const override {
    return PQfmod(result_.get(), static_cast<int>(column));
  }

  std::uint32_t column_table(std::size_t column) const override {
    return PQftable(result_.get(), static_cast<int>(column));
  }

  int column_table_position(std::size_t column) const override {
    return PQftablecol(result_.get(), static_cast<int>(column));
  }

private:
  pgresult_ptr result_;
};

std::string field_of(const PGresult* result, int code) {
  const auto* text = PQresultErrorField(result, code);
  return text ? text : "";
}

} // namespace

result_ptr make_result(pgresult_ptr result) {
  return std::make_shared<pg_rows>(std::move(result));
}

sql_failure failure_of(const PGresult* result) {
  return {
      field_of(result, PG_DIAG_SQLSTATE), field_of(result, PG_DIAG_MESSAGE_PRIMARY),
      field_of(result, PG_DIAG_MESSAGE_DETAIL), field_of(result, PG_DIAG_MESSAGE_HINT),
      std::strtoull(field_of(result, PG_DIAG_STATEMENT_POSITION).c_str(), nullptr, 10)};
}

sql_failure failure_of(const PGconn* connection) {
  // "… FATAL:  28P01: password authentication failed for user "a"\nLOCATION:  …"
  static const std::regex pattern{R"(:  ([0-9A-Z]{5}): ([^\n]*))"};
  sql_failure result;
  const std::string text{PQerrorMessage(connection)};
  const std::sregex_iterator end;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}; match != end;
       ++match) {
    result.sqlstate = (*match)[1];
    result.message = (*match)[2];
  }
  if (result.message.empty())
    result.message = text.substr(0, text.find('\n'));
  return result;
}

} // namespace lakegate::postgres
