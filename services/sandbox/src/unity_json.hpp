#pragma once

#include "services/sandbox/src/unity_reader.hpp"

#include <lakegate/core/json_writer.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// What `omit_…` of a table list leaves out.
struct table_detail {
  bool columns = true;
  bool properties = true;
  bool user_names = true;
};

void write_catalog(json_writer& w, const catalog_entry& from);
void write_schema(json_writer& w, const std::string& catalog, const schema_entry& from);
/// `key` only in the answer to a get: lists leave table constraints out.
void write_table(json_writer& w, const std::string& catalog, const std::string& schema,
                 const table_entry& from, const table_detail& detail,
                 const std::optional<key_entry>& key = std::nullopt);

/// An id in UUID form that is always the same for a name.
std::string stable_id(std::string_view name);
/// Epoch milliseconds at which the thing of that name was made; always the same.
std::int64_t stable_creation_time(std::string_view name);

inline constexpr std::string_view metastore_id = "5a4dba11-0000-4000-8000-000000000001";

} // namespace lakegate::sandbox
