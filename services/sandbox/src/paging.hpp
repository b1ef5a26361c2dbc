#pragma once

#include "services/sandbox/src/router.hpp"

#include <cstddef>
#include <string>
#include <variant>

namespace lakegate::sandbox {

/// The part of a list that one answer carries.
struct page {
  std::size_t first = 0;
  std::size_t count = 0;
  std::string next_token; ///< Empty: the last page.
};

/// Unity Catalog's paging: no `max_results` is everything at once, 0 the server's page
/// size, more than `page_size` is cut to it. The second page is always empty and has a
/// token when anything is left: clients must not stop there. A refusal for what makes no
/// sense.
std::variant<page, http_response> page_of(const call& c, std::size_t total,
                                          std::size_t page_size);

} // namespace lakegate::sandbox
