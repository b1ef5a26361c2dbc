#pragma once

#include "gateway/src/http_message.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lakegate::gateway {

/// What our own pages may do: load and ask nothing but this gateway, run no inline
/// script.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// How much of a folder is served: all of it is kept in memory.
struct web_site_limits {
  std::size_t files = 10'000;
  std::size_t bytes = 64 * 1024 * 1024;
};

/// The files that the gateway serves beside the API. All of them are in memory and found
/// by their whole path, so that no request reads a disk or leads anywhere else.
/// Immutable; any thread.
class web_site {
public:
  /// The console.
  static std::shared_ptr<const web_site> console();

  /// The console's place taken by the single-page app in `folder`, all of which is read
  /// now. Names that begin with a dot, symbolic links that lead out of the folder or to
  /// another folder, and what is no regular file are left out. Throws std::runtime_error
  /// with a sentence's end ("has no index.html") if it can't be served.
  static std::shared_ptr<const web_site> of_folder(const std::string& folder,
                                                   web_site_limits limits = {});

  /// True if one of the files has that path, given by its segments, still encoded.
  bool has(std::span<const std::string_view> segments) const;

  /// The answer to a GET or HEAD: the file (or 304 where `If-None-Match` names it), and
  /// for an unknown path the app's index.html if it is a page that is asked for. Nothing:
  /// there is none. Paths below /api never lead to a file.
  std::optional<http_response> answer(const http_request& request,
                                      std::span<const std::string_view> segments) const;

private:
  struct file {
    std::string bytes;
    std::string_view content_type;
    std::string etag;
    bool is_ours = false; ///< Served with `page_policy`.
  };
  void add(std::string path, std::string_view name, std::string bytes, bool is_ours);
  const file* find(std::span<const std::string_view> segments) const;
  static http_response render(const http_request& request, const file& what);

  std::map<std::string, file, std::less<>> files_;
  const file* fallback_ = nullptr; ///< The app's index.html; none for the console.
};

} // namespace lakegate::gateway
