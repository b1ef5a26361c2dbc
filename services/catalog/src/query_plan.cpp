#include "services/catalog/src/query_plan.hpp"

#include <algorithm>
#include <set>

namespace lakegate::catalog {

namespace {

/// Resolves names against the columns of one table.
class planner {
public:
  planner(const databricks::table_info& table, faults& found)
      : table_{table}, found_{found} {}

  std::vector<planned_column> plan_columns(const query_table& query) {
    std::vector<planned_column> result;
    if (!query.columns) {
      for (const auto& info : table_.columns)
        result.push_back({info.name, parse_column_type(info.type_text)});
      return result;
    }
    std::set<const databricks::column_info*> seen;
    for (std::size_t i = 0; i < query.columns->size(); ++i) {
      auto field = "columns[" + std::to_string(i) + ']';
      auto info = find(field, (*query.columns)[i]);
      if (info && !seen.insert(info).second)
        found_.push_back({field, "names a column that is already in the list"});
      else if (info)
        result.push_back({info->name, parse_column_type(info->type_text)});
    }
    return result;
  }

  std::vector<order_term> plan_order(const query_table& query) {
    if (!query.order_by)
      return primary_key();
    std::vector<order_term> result;
    for (std::size_t i = 0; i < query.order_by->size(); ++i) {
      const auto& term = (*query.order_by)[i];
      auto field = "order_by[" + std::to_string(i) + ']';
      auto info = find(field, term.column);
      if (info && !has_order(*info))
        found_.push_back(
            {field, "has no order, as the column is of type " + info->type_text});
      else if (info)
        result.push_back({info->name, term.descending});
    }
    return result;
  }

  void plan_condition(const filter_condition& condition, query_plan& plan) {
    auto info = find("filters." + condition.column, condition.column);
    if (!info)
      return;
    planned_condition result{info->name, condition.op, {}, true};
    if (condition.op == filter_op::is_null)
      result.is_null = json_view{condition.values.front()}.boolean().value_or(true);
    else
      type_values(condition, *info, result.values);
    plan.conditions.push_back(std::move(result));
  }

private:
  const databricks::column_info* find(const std::string& field, std::string_view name) {
    for (const auto& info : table_.columns)
      if (equal_ignoring_case(info.name, name))
        return &info;
    found_.push_back(
        {field, "names no column of the table: \"" + std::string{name} + '"'});
    return nullptr;
  }

  static bool has_order(const databricks::column_info& info) {
    auto kind = parse_column_type(info.type_text).kind;
    return kind != type_kind::map && kind != type_kind::variant;
  }

  /// Part of it would not make pages stable: all of its columns, or none.
  std::vector<order_term> primary_key() const {
    std::vector<order_term> result;
    for (const auto& name : table_.primary_key)
      for (const auto& info : table_.columns)
        if (equal_ignoring_case(info.name, name))
          result.push_back({info.name, false});
    if (result.size() != table_.primary_key.size())
      result.clear();
    return result;
  }

  void type_values(const filter_condition& condition, const databricks::column_info& info,
                   std::vector<typed_value>& out) {
    auto type = parse_column_type(info.type_text);
    auto field = field_of(condition);
    if (condition.op == filter_op::like && type.kind != type_kind::string) {
      found_.push_back(
          {field, "needs a string column; this one is of type " + info.type_text});
      return;
    }
    auto is_list = condition.op == filter_op::in || condition.op == filter_op::not_in;
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
      auto typed = type_value(type, info.type_text, json_view{condition.values[i]});
      if (auto value = std::get_if<typed_value>(&typed))
        out.push_back(std::move(*value));
      else
        found_.push_back({is_list ? field + '[' + std::to_string(i) + ']' : field,
                          std::move(std::get<std::string>(typed))});
    }
  }

  const databricks::table_info& table_;
  faults& found_;
};

} // namespace

query_plan plan_query(const query_table& query, const databricks::table_info& table,
                      faults& found) {
  query_plan result;
  result.catalog = *query.catalog;
  result.schema = *query.schema;
  result.table = *query.table;
  result.limit = query.limit.value_or(result.limit);
  result.offset = query.offset;
  planner p{table, found};
  result.columns = p.plan_columns(query);
  for (const auto& condition : query.filters)
    p.plan_condition(condition, result);
  result.order_by = p.plan_order(query);
  return result;
}

} // namespace lakegate::catalog
