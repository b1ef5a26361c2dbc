#include "services/catalog/src/listing.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/rules.hpp>

#include <algorithm>

namespace lakegate::catalog {

namespace {

/// The part of `items`, which are sorted, that `part` asks for.
template <class T>
std::vector<T> cut(std::vector<T> items, const slice& part) {
  auto size = static_cast<std::int64_t>(items.size());
  auto first = std::min(part.offset, size);
  auto count = std::min(part.limit.value_or(size), size - first);
  items.erase(items.begin(), items.begin() + first);
  items.resize(static_cast<std::size_t>(count));
  return items;
}

std::size_t bytes_of(const data_source& x) {
  std::size_t result = 256 + x.table_name.size() + x.owner.size();
  for (const auto& column : x.columns)
    result += 64 + column.name.size() + column.data_type.size();
  return result;
}

} // namespace

page_walk::step page_walk::turn(const std::string& next_page_token) {
  if (next_page_token.empty())
    return step::finished;
  if (++pages_ >= max_pages_ || !seen_.insert(next_page_token).second)
    return step::broken;
  token_ = next_page_token;
  return step::next_page;
}

name_page cut_names(std::vector<std::string> names, const slice& part) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  name_page result;
  result.total = static_cast<std::int64_t>(names.size());
  result.names = cut(std::move(names), part);
  return result;
}

caf::expected<table_page> cut_tables(std::vector<databricks::table_info> tables,
                                     const slice& part, std::size_t max_bytes) {
  std::sort(tables.begin(), tables.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  auto is_same = [](const auto& a, const auto& b) { return a.name == b.name; };
  tables.erase(std::unique(tables.begin(), tables.end(), is_same), tables.end());
  table_page result;
  result.total = static_cast<std::int64_t>(tables.size());
  std::size_t bytes = 0;
  for (auto& table : cut(std::move(tables), part)) {
    result.items.push_back(to_data_source(std::move(table)));
    bytes += bytes_of(result.items.back());
  }
  if (bytes > max_bytes)
    return make_error(errc::invalid_query,
                      faults{{"limit", "gives an answer that is too large; ask for fewer "
                                       "tables at a time"}});
  return result;
}

data_source to_data_source(databricks::table_info x) {
  data_source result;
  result.catalog_name = std::move(x.catalog);
  result.schema_name = std::move(x.schema);
  result.table_name = std::move(x.name);
  std::stable_sort(x.columns.begin(), x.columns.end(),
                   [](const auto& a, const auto& b) { return a.position < b.position; });
  for (auto& info : x.columns)
    result.columns.push_back(
        {std::move(info.name),
         info.type_text.empty() ? std::move(info.type_name) : std::move(info.type_text),
         info.nullable});
  result.row_count = x.row_count;
  result.size_bytes = x.size_bytes;
  result.owner = std::move(x.owner);
  if (x.updated_at_ms)
    result.last_refreshed = to_rfc3339(std::chrono::system_clock::time_point{
        std::chrono::milliseconds{*x.updated_at_ms}});
  return result;
}

void check_list(const std::vector<std::pair<std::string_view, std::string_view>>& names,
                const slice& part, faults& found) {
  for (const auto& [field, name] : names)
    rules::check_identifier(field, name, found);
  if (part.limit)
    rules::check_limit("limit", *part.limit, found);
  rules::check_offset("offset", part.offset, found);
}

} // namespace lakegate::catalog
