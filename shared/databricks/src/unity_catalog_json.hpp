#pragma once

#include "shared/databricks/src/json_fields.hpp"

#include <lakegate/contracts/databricks/unity_catalog.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>

#include <optional>
#include <string_view>

/// Unity Catalog's answers (databricks-sdk-go, service/catalog/model.go). Zero, false and
/// empty members are usually left out.
namespace lakegate::databricks {

/// `list` names the array: `catalogs` or `schemas`. Entries that the caller may only
/// browse are left out.
caf::expected<name_page> read_name_page(http::response& answer, std::string_view list);
caf::expected<table_page> read_table_page(http::response& answer);
caf::expected<table_info> read_table(http::response& answer);

/// A column of a table or of a statement's result; `position` counts where it is left
/// out.
std::optional<column_info> read_column(json_view column, std::size_t position);

} // namespace lakegate::databricks
