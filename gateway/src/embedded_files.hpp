#pragma once

#include <string_view>

/// Files that are part of the program (`gateway/cmake/embed.cmake`).
namespace lakegate::gateway::embedded {

std::string_view openapi_json() noexcept; ///< The OpenAPI 3.1 document.
std::string_view docs_html() noexcept;    ///< The page that renders it.

} // namespace lakegate::gateway::embedded
