#pragma once

#include "services/sandbox/src/column_type.hpp"
#include "services/sandbox/src/sessions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::sandbox {

struct catalog_entry {
  std::string name;
  std::string comment;
  bool usable = false; ///< The user has USE CATALOG (CONNECT).
};

struct schema_entry {
  std::string name;
  std::string comment;
  std::string owner;
  bool usable = false; ///< The user has USE SCHEMA (USAGE).
};

struct column_entry {
  std::string name;
  column_type type;
  bool nullable = true;
  std::string comment;
};

struct table_entry {
  std::string name;
  std::string table_type; ///< MANAGED, VIEW, MATERIALIZED_VIEW or FOREIGN.
  std::string comment;
  std::string owner;
  bool readable = false; ///< The user has SELECT.
  std::string view_definition;
  std::int64_t row_count = -1; ///< -1: unknown.
  std::int64_t size_bytes = 0;
  std::vector<column_entry> columns;
};

struct key_entry {
  std::string name;
  std::vector<std::string> columns;
};

/// Reads PostgreSQL's own catalogs, as the superuser, with what one user may. Nothing
/// where PostgreSQL can't be asked.
class unity_reader {
public:
  explicit unity_reader(sessions& pool) : pool_{pool} {}

  std::optional<std::vector<catalog_entry>> catalogs(std::string_view user) const;
  /// `catalog` must exist.
  std::optional<std::vector<schema_entry>> schemas(std::string_view user,
                                                   const std::string& catalog) const;
  /// Without columns.
  std::optional<std::vector<table_entry>> tables(std::string_view user,
                                                 const std::string& catalog,
                                                 const std::string& schema) const;
  bool read_columns(const std::string& catalog, const std::string& schema,
                    std::vector<table_entry>& of) const;
  std::optional<key_entry> primary_key(const std::string& catalog,
                                       const std::string& schema,
                                       const std::string& table) const;

private:
  sessions& pool_;
};

} // namespace lakegate::sandbox
