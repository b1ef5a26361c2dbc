#pragma once

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/errors.hpp>

#include <set>
#include <string>
#include <vector>

namespace lakegate::catalog {

/// Walks the pages of one upstream list to its end.
class page_walk {
public:
  explicit page_walk(std::size_t max_pages) : max_pages_{max_pages} {}

  enum class step { next_page, finished, broken };

  /// Takes the token of a page that was read. Broken: a token comes twice, or the pages
  /// have no end.
  step turn(const std::string& next_page_token);

  /// Of the page to read now; empty for the first one.
  const std::string& token() const noexcept { return token_; }

private:
  std::size_t max_pages_;
  std::size_t pages_ = 0;
  std::string token_;
  std::set<std::string> seen_;
};

/// The names in byte order, each once, cut to `part`.
name_page cut_names(std::vector<std::string> names, const slice& part);

/// The tables in byte order of their names, cut to `part`. Tables whose descriptions are
/// together larger than `max_bytes` are `invalid_query`: a smaller limit helps.
caf::expected<table_page> cut_tables(std::vector<databricks::table_info> tables,
                                     const slice& part, std::size_t max_bytes);

/// A table as the API shows it, columns in their order.
data_source to_data_source(databricks::table_info x);

/// Faults of a list request: names and slice.
void check_list(const std::vector<std::pair<std::string_view, std::string_view>>& names,
                const slice& part, faults& found);

} // namespace lakegate::catalog
