#include <lakegate/contracts/query_request.hpp>

#include <lakegate/core/rules.hpp>

#include <set>

namespace lakegate::catalog {

namespace {

void check_name(std::string_view field, const caf::optional<std::string>& name,
                faults& found) {
  if (name)
    rules::check_identifier(field, *name, found);
}

void check_columns(const std::vector<std::string>& columns, faults& found) {
  if (columns.empty())
    found.push_back({"columns", "must name at least one column"});
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto field = "columns[" + std::to_string(i) + ']';
    rules::check_identifier(field, columns[i], found);
    if (!columns[i].empty() && !seen.insert(columns[i]).second)
      found.push_back({field, "names a column that is already in the list"});
  }
}

/// Lists take any number of values, all else takes one.
bool has_right_arity(const filter_condition& condition) {
  if (condition.op == filter_op::in || condition.op == filter_op::not_in)
    return true;
  return condition.values.size() == 1;
}

void check_condition(const filter_condition& condition, faults& found) {
  rules::check_identifier("filters." + condition.column, condition.column, found);
  if (!has_right_arity(condition))
    found.push_back({field_of(condition), "must have exactly one value"});
  if (condition.values.size() > rules::max_filter_members)
    found.push_back(
        {field_of(condition),
         "must have at most " + std::to_string(rules::max_filter_members) + " members"});
}

} // namespace

void check_query(const query_table& query, faults& found) {
  check_name("catalog", query.catalog, found);
  check_name("schema", query.schema, found);
  check_name("table", query.table, found);
  if (query.limit)
    rules::check_limit("limit", *query.limit, found);
  rules::check_offset("offset", query.offset, found);
  if (query.columns)
    check_columns(*query.columns, found);
  if (query.order_by)
    for (std::size_t i = 0; i < query.order_by->size(); ++i)
      rules::check_identifier("order_by[" + std::to_string(i) + ']',
                              (*query.order_by)[i].column, found);
  if (query.filters.size() > rules::max_filter_conditions)
    found.push_back({"filters", "must hold at most "
                                    + std::to_string(rules::max_filter_conditions)
                                    + " conditions"});
  for (const auto& condition : query.filters)
    check_condition(condition, found);
}

} // namespace lakegate::catalog
