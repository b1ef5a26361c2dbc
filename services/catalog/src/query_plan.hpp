#pragma once

#include "services/catalog/src/parameter_value.hpp"

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/query_request.hpp>

namespace lakegate::catalog {

struct planned_column {
  std::string name; ///< As Unity Catalog spells it.
  column_type type;
};

struct planned_condition {
  std::string column;
  filter_op op = filter_op::eq;
  std::vector<typed_value> values;
  bool is_null = true; ///< Of `filter_op::is_null` only.
};

/// A query whose every name and value was checked against the table.
struct query_plan {
  std::string catalog;
  std::string schema;
  std::string table;
  std::vector<planned_column> columns; ///< At least one.
  std::vector<planned_condition> conditions;
  std::vector<order_term> order_by; ///< Empty: none.
  std::int64_t limit = 100;
  std::int64_t offset = 0;
};

/// Plans `query`, which is complete, on the table that Unity Catalog described. Columns
/// are found without regard to case; without `columns` all are read, without `order_by`
/// the primary key orders. Each unknown column and each value that doesn't fit is a
/// fault.
query_plan plan_query(const query_table& query, const databricks::table_info& table,
                      faults& found);

} // namespace lakegate::catalog
