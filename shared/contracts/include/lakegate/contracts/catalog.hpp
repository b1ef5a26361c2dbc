#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace lakegate::catalog {

/// Which part of a sorted list to answer with; without a limit, all of it.
struct slice {
  caf::optional<std::int64_t> limit;
  std::int64_t offset = 0;
};

struct list_catalogs {
  caller who;
  slice part;
};

struct list_schemas {
  caller who;
  std::string catalog;
  slice part;
};

struct list_table_names {
  caller who;
  std::string catalog;
  std::string schema;
  slice part;
};

struct list_tables {
  caller who;
  std::string catalog;
  std::string schema;
  slice part;
};

/// Sorted names; `total` counts them before slicing.
struct name_page {
  std::vector<std::string> names;
  std::int64_t total = 0;
};

struct column {
  std::string name;
  std::string data_type; ///< Databricks' type text, e.g. `decimal(10,2)`.
  bool nullable = true;
};

/// A table as the API shows it.
struct data_source {
  std::string catalog_name;
  std::string schema_name;
  std::string table_name;
  std::vector<column> columns;
  caf::optional<std::int64_t> row_count;
  caf::optional<std::int64_t> size_bytes;
  std::string owner;
  std::string access_level = "READ";
  std::string last_refreshed; ///< RFC 3339.
};

struct table_page {
  std::vector<data_source> items;
  std::int64_t total = 0;
};

enum class filter_op : std::uint8_t {
  eq,
  ne,
  lt,
  lte,
  gt,
  gte,
  like,
  in,
  not_in,
  is_null
};

/// One ANDed condition. `values` are JSON scalars (string, number, boolean) as sent: one
/// for a comparison, any number for `in`, one boolean for `is_null`.
struct filter_condition {
  std::string column;
  filter_op op = filter_op::eq;
  std::vector<json_text> values;
};

struct order_term {
  std::string column;
  bool descending = false;
};

/// Reads a page of a table. What is missing is filled from the caller's preference
/// `query_defaults`; incomplete without it: `invalid_query`.
struct query_table {
  caller who;
  caf::optional<std::string> catalog;
  caf::optional<std::string> schema;
  caf::optional<std::string> table;
  caf::optional<std::int64_t> limit;
  std::int64_t offset = 0;
  std::vector<filter_condition> filters;
  caf::optional<std::vector<std::string>> columns;
  caf::optional<std::vector<order_term>> order_by;
  bool include_total = true;
};

struct query_result {
  std::string query_id; ///< Databricks' statement id.
  data_source source;
  std::string sql_statement; ///< With named parameters, never with values.
  json_text rows;            ///< A JSON array of objects, values by column type.
  std::int64_t row_count = 0;
  caf::optional<std::int64_t> total_row_count;
  std::int64_t execution_time_ms = 0;
  std::string executed_at;
  std::vector<order_term> order_by; ///< What was used; empty: pages are not stable.
};

/// The CATALOG service. Errors: every code of section 6 of the contract.
using service_actor = caf::typed_actor<caf::replies_to<list_catalogs>::with<name_page>,
                                       caf::replies_to<list_schemas>::with<name_page>,
                                       caf::replies_to<list_table_names>::with<name_page>,
                                       caf::replies_to<list_tables>::with<table_page>,
                                       caf::replies_to<query_table>::with<query_result>,
                                       // Cancels the statements of that call upstream.
                                       caf::reacts_to<cancel_call>,
                                       // Components: `workspace`, `warehouse`.
                                       caf::replies_to<get_status>::with<service_status>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, slice& x) {
  return f(caf::meta::type_name("slice"), x.limit, x.offset);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_catalogs& x) {
  return f(caf::meta::type_name("list_catalogs"), x.who, x.part);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_schemas& x) {
  return f(caf::meta::type_name("list_schemas"), x.who, x.catalog, x.part);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_table_names& x) {
  return f(caf::meta::type_name("list_table_names"), x.who, x.catalog, x.schema, x.part);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_tables& x) {
  return f(caf::meta::type_name("list_tables"), x.who, x.catalog, x.schema, x.part);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, name_page& x) {
  return f(caf::meta::type_name("name_page"), x.names, x.total);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, column& x) {
  return f(caf::meta::type_name("column"), x.name, x.data_type, x.nullable);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, data_source& x) {
  return f(caf::meta::type_name("data_source"), x.catalog_name, x.schema_name,
           x.table_name, x.columns, x.row_count, x.size_bytes, x.owner, x.access_level,
           x.last_refreshed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, table_page& x) {
  return f(caf::meta::type_name("table_page"), x.items, x.total);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, filter_condition& x) {
  return f(caf::meta::type_name("filter_condition"), x.column, x.op, x.values);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, order_term& x) {
  return f(caf::meta::type_name("order_term"), x.column, x.descending);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, query_table& x) {
  return f(caf::meta::type_name("query_table"), x.who, x.catalog, x.schema, x.table,
           x.limit, x.offset, x.filters, x.columns, x.order_by, x.include_total);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, query_result& x) {
  return f(caf::meta::type_name("query_result"), x.query_id, x.source, x.sql_statement,
           x.rows, x.row_count, x.total_row_count, x.execution_time_ms, x.executed_at,
           x.order_by);
}

} // namespace lakegate::catalog

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_catalog, 260)
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::list_catalogs))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::list_schemas))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::list_table_names))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::list_tables))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::name_page))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::table_page))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::query_table))
  CAF_ADD_TYPE_ID(lakegate_catalog, (lakegate::catalog::query_result))
CAF_END_TYPE_ID_BLOCK(lakegate_catalog)
