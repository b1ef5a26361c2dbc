#pragma once

#include "services/sandbox/src/router.hpp"
#include "services/sandbox/src/unity_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// Unity Catalog for one request: answers, or refuses in the order catalog, schema,
/// table.
class unity_access {
public:
  unity_access(const unity_reader& reader, std::string_view user)
      : reader_{reader}, user_{user} {}

  /// The refusal (404, 403), or nothing.
  std::optional<http_response> check_catalog(const std::string& catalog) const;
  std::optional<http_response> check_schema(const std::string& catalog,
                                            const std::string& schema) const;

  const unity_reader& reader() const noexcept { return reader_; }
  std::string_view user() const noexcept { return user_; }

private:
  const unity_reader& reader_;
  std::string_view user_;
};

/// `/api/2.1/unity-catalog/` catalogs, schemas, tables and metastore. Lists have pages of
/// at most `page_size`.
void add_unity_routes(route_table& routes, const unity_reader& reader,
                      std::size_t page_size);

} // namespace lakegate::sandbox
