#include "services/catalog/src/statement_builder.hpp"

namespace lakegate::catalog {

namespace {

std::string_view comparison_of(filter_op op) noexcept {
  switch (op) {
  case filter_op::ne:
    return " <> ";
  case filter_op::lt:
    return " < ";
  case filter_op::lte:
    return " <= ";
  case filter_op::gt:
    return " > ";
  case filter_op::gte:
    return " >= ";
  case filter_op::like:
    return " LIKE ";
  default:
    return " = ";
  }
}

/// Collects text and parameters of one statement.
class builder {
public:
  builder& text(std::string_view x) {
    out_.text += x;
    return *this;
  }

  builder& name(std::string_view x) { return text(quote_identifier(x)); }

  /// A marker for `value`, named by its position: `:p1`.
  builder& marker(const typed_value& value) {
    return marker("p" + std::to_string(out_.parameters.size() + 1), value);
  }

  builder& marker(std::string parameter, const typed_value& value) {
    text(":").text(parameter);
    out_.parameters.push_back({std::move(parameter), value.type, value.text});
    return *this;
  }

  builder& from(const query_plan& plan) {
    text(" FROM ").name(plan.catalog).text(".").name(plan.schema).text(".");
    return name(plan.table);
  }

  builder& where(const query_plan& plan) {
    std::string_view join = " WHERE ";
    for (const auto& x : plan.conditions) {
      text(join);
      condition(x);
      join = " AND ";
    }
    return *this;
  }

  builder& order(const query_plan& plan) {
    std::string_view join = " ORDER BY ";
    for (const auto& term : plan.order_by) {
      text(join).name(term.column).text(term.descending ? " DESC" : " ASC");
      join = ", ";
    }
    return *this;
  }

  built_statement finish() && { return std::move(out_); }

private:
  void condition(const planned_condition& x) {
    if (x.op == filter_op::is_null)
      name(x.column).text(x.is_null ? " IS NULL" : " IS NOT NULL");
    else if (x.op == filter_op::in || x.op == filter_op::not_in)
      list(x);
    else
      name(x.column).text(comparison_of(x.op)).marker(x.values.front());
  }

  /// SQL has no empty list: nothing is in one, everything is not.
  void list(const planned_condition& x) {
    auto negated = x.op == filter_op::not_in;
    if (x.values.empty()) {
      text(negated ? "TRUE" : "FALSE");
      return;
    }
    name(x.column).text(negated ? " NOT IN (" : " IN (");
    std::string_view join;
    for (const auto& value : x.values) {
      text(join).marker(value);
      join = ", ";
    }
    text(")");
  }

  built_statement out_;
};

} // namespace

std::string quote_identifier(std::string_view name) {
  std::string result = "`";
  for (auto c : name) {
    if (c == '`')
      result += '`';
    result += c;
  }
  return result += '`';
}

built_statement build_page(const query_plan& plan) {
  auto in_range = plan.offset <= max_sql_offset;
  builder b;
  std::string_view join = "SELECT ";
  for (const auto& column : plan.columns) {
    auto encoded = column.type.kind == type_kind::binary;
    b.text(join).text(encoded ? "base64(" : "").name(column.name);
    b.text(encoded ? ")" : "");
    join = ", ";
  }
  b.from(plan).where(plan).order(plan);
  b.text(" LIMIT ");
  b.marker("row_limit", {"INT", in_range ? std::to_string(plan.limit) : "0"});
  b.text(" OFFSET ");
  b.marker("row_offset", {"INT", in_range ? std::to_string(plan.offset) : "0"});
  return std::move(b).finish();
}

built_statement build_count(const query_plan& plan) {
  builder b;
  b.text("SELECT COUNT(*)").from(plan).where(plan);
  return std::move(b).finish();
}

} // namespace lakegate::catalog
