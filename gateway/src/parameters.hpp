#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/http_message.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/core/errors.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lakegate::gateway {

/// `limit` and `offset` of a list that always has pages.
struct page {
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

/// Reads `limit` (1-1000) and `offset` (0 or more).
page read_page(const exchange& http, std::int64_t default_limit, faults& found);

/// The same for a list that is whole without a limit.
catalog::slice read_slice(const exchange& http, faults& found);

/// Reads a name of Unity Catalog or of a serving endpoint that must be given.
std::string read_identifier(const exchange& http, std::string_view name, faults& found);

/// RFC 8288 links to the other pages of a list, for the header `Link`. `path` and
/// `further` (encoded parameters, each with a leading `&`) come before them.
std::string links_of(std::string_view path, std::string_view further, page shown,
                     std::int64_t total);

/// 200 with that JSON.
http_response json_answer(std::string body);
/// The same for a list of `total` items.
http_response list_answer(std::string body, std::int64_t total);

} // namespace lakegate::gateway
