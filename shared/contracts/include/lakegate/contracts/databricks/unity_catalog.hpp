#pragma once

#include <lakegate/contracts/databricks/common.hpp>

namespace lakegate::databricks {

struct list_catalogs {
  call_context ctx;
  std::string page_token; ///< Empty: the first page.
};

struct list_schemas {
  call_context ctx;
  std::string catalog;
  std::string page_token;
};

struct list_tables {
  call_context ctx;
  std::string catalog;
  std::string schema;
  bool with_columns = true;
  std::string page_token;
};

struct get_table {
  call_context ctx;
  std::string catalog;
  std::string schema;
  std::string table;
};

/// One page of names. It may be empty and still have a next page.
struct name_page {
  std::vector<std::string> names;
  std::string next_page_token; ///< Empty: the last page.
};

struct column_info {
  std::string name;
  std::string type_text; ///< "bigint", "decimal(10,2)", "array<string>".
  std::string type_name; ///< "LONG", "DECIMAL", "ARRAY"; unknown ones pass.
  bool nullable = true;
  std::int32_t position = 0;
};

struct table_info {
  std::string catalog;
  std::string schema;
  std::string name;
  std::string table_type;
  std::string owner;
  std::vector<column_info> columns;
  std::vector<std::string>
      primary_key; ///< Columns of the declared one, in order; may be empty.
  caf::optional<std::int64_t> row_count;
  caf::optional<std::int64_t> size_bytes;
  caf::optional<std::int64_t> updated_at_ms; ///< Epoch.
};

struct table_page {
  std::vector<table_info> tables;
  std::string next_page_token;
};

using catalog_actor = caf::typed_actor<
    // GET /api/2.1/unity-catalog/catalogs
    caf::replies_to<list_catalogs>::with<name_page>,
    // GET /api/2.1/unity-catalog/schemas
    caf::replies_to<list_schemas>::with<name_page>,
    // GET /api/2.1/unity-catalog/tables
    caf::replies_to<list_tables>::with<table_page>,
    // GET /api/2.1/unity-catalog/tables/{full_name}
    caf::replies_to<get_table>::with<table_info>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_catalogs& x) {
  return f(caf::meta::type_name("list_catalogs"), x.ctx, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_schemas& x) {
  return f(caf::meta::type_name("list_schemas"), x.ctx, x.catalog, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_tables& x) {
  return f(caf::meta::type_name("list_tables"), x.ctx, x.catalog, x.schema,
           x.with_columns, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_table& x) {
  return f(caf::meta::type_name("get_table"), x.ctx, x.catalog, x.schema, x.table);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, name_page& x) {
  return f(caf::meta::type_name("name_page"), x.names, x.next_page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, column_info& x) {
  return f(caf::meta::type_name("column_info"), x.name, x.type_text, x.type_name,
           x.nullable, x.position);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, table_info& x) {
  return f(caf::meta::type_name("table_info"), x.catalog, x.schema, x.name, x.table_type,
           x.owner, x.columns, x.primary_key, x.row_count, x.size_bytes, x.updated_at_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, table_page& x) {
  return f(caf::meta::type_name("table_page"), x.tables, x.next_page_token);
}

} // namespace lakegate::databricks
