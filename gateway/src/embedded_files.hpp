#pragma once

#include <span>
#include <string_view>

/// Files that are part of the program (`gateway/cmake/embed.cmake`).
namespace lakegate::gateway::embedded {

struct embedded_file {
  std::string_view path; ///< Where it is served: `/`, or below `/lakegate-web/`.
  std::string_view name; ///< Its extension tells what it is.
  std::string_view bytes;
};

std::string_view openapi_json() noexcept; ///< The OpenAPI 3.1 document.
std::string_view docs_html() noexcept;    ///< The page that renders it.

/// The console's page, and what it and the page of the docs load (`gateway/web`).
std::span<const embedded_file> web_files() noexcept;

} // namespace lakegate::gateway::embedded
