#pragma once

#include "services/catalog/src/column_type.hpp"

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/json_writer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::catalog {

/// A column of an answer: the name that its values get, and how they are written.
struct rendered_column {
  std::string name;
  column_type type;
};

/// Appends one cell, which the Statement Execution API always sends as text, as the JSON
/// that contract.md (section 6) promises for its type. Text that is no value of the type
/// comes out as a JSON string: nothing is lost and the answer is JSON whatever the
/// warehouse sends.
void append_cell(json_writer& out, const column_type& type, std::string_view text);

/// Writes rows as a JSON array of objects.
class row_renderer {
public:
  /// `columns` in the order of the cells.
  explicit row_renderer(std::vector<rendered_column> columns);

  /// False, and nothing is added, if a row has not as many cells as there are columns.
  bool add(const std::vector<std::vector<databricks::cell>>& rows);

  std::size_t bytes() const noexcept { return out_.str().size(); }
  std::int64_t rows() const noexcept { return rows_; }

  /// The whole array; nothing may be added afterwards.
  json_text finish() &&;

private:
  std::vector<rendered_column> columns_;
  json_writer out_;
  std::int64_t rows_ = 0;
};

} // namespace lakegate::catalog
