#include "services/catalog/src/query_defaults.hpp"

#include "services/catalog/src/column_type.hpp"

namespace lakegate::catalog {

namespace {

using name = caf::optional<std::string>;

bool differs(const name& asked, const name& of_defaults) {
  return asked && of_defaults && !equal_ignoring_case(*asked, *of_defaults);
}

std::string member_of(const std::string& field) {
  return field.substr(0, field.find_first_of("[."));
}

} // namespace

bool has_gaps(const query_table& query) {
  return !query.catalog || !query.schema || !query.table || !query.limit || !query.columns
         || !query.order_by;
}

std::set<std::string> fill_gaps(query_table& query, const json_text& defaults,
                                faults& found) {
  faults of_defaults;
  auto other = parse_query_body(defaults, of_defaults);
  auto is_other_table = differs(query.catalog, other.catalog)
                        || differs(query.schema, other.schema)
                        || differs(query.table, other.table);
  std::set<std::string> gaps;
  auto fill = [&gaps](const char* member, auto& mine, auto& theirs) {
    if (mine)
      return;
    gaps.insert(member);
    mine = std::move(theirs);
  };
  fill("catalog", query.catalog, other.catalog);
  fill("schema", query.schema, other.schema);
  fill("table", query.table, other.table);
  fill("limit", query.limit, other.limit);
  if (!is_other_table) {
    fill("columns", query.columns, other.columns);
    fill("order_by", query.order_by, other.order_by);
  }
  std::erase_if(of_defaults, [&](const fault& x) {
    return x.field != "body" && !gaps.contains(member_of(x.field));
  });
  for (auto& x : of_defaults)
    if (x.field == "body")
      found.push_back({std::string{query_defaults_key}, std::move(x.reason)});
    else
      found.push_back(
          {std::string{query_defaults_key} + '.' + x.field, std::move(x.reason)});
  return gaps;
}

void check_complete(const query_table& query, bool defaults_were_read, faults& found) {
  auto check = [&](const char* field, const name& x) {
    if (!x)
      found.push_back(
          {field,
           defaults_were_read
               ? "is required; send it, or save it in the preference query_defaults"
               : "is required; the preference query_defaults, which may have it, "
                 "can't be read now"});
  };
  check("catalog", query.catalog);
  check("schema", query.schema);
  check("table", query.table);
}

void blame_defaults(const std::set<std::string>& filled, faults& found) {
  for (auto& x : found)
    if (filled.contains(member_of(x.field)))
      x.field = std::string{query_defaults_key} + '.' + x.field;
}

} // namespace lakegate::catalog
