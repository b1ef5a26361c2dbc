#include "gateway/src/web_site.hpp"

#include "gateway/src/digest.hpp"
#include "gateway/src/embedded_files.hpp"
#include "gateway/src/preconditions.hpp"
#include "gateway/src/request_target.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace lakegate::gateway {

namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

/// Of what single-page apps are made of; anything else goes as bytes.
constexpr auto content_types =
    std::to_array<std::pair<std::string_view, std::string_view>>({
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
        {".xml", "text/xml; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".gif", "image/gif"},
        {".webp", "image/webp"},
        {".avif", "image/avif"},
        {".ico", "image/x-icon"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".ttf", "font/ttf"},
        {".pdf", "application/pdf"},
    });

std::string_view content_type_of(std::string_view name) {
  auto dot = name.rfind('.');
  auto ending = dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
  auto i = std::find_if(content_types.begin(), content_types.end(), [&](const auto& x) {
    return equal_ignoring_case(x.first, ending);
  });
  return i == content_types.end() ? "application/octet-stream" : i->second;
}

/// A strong entity tag: half of the content's SHA-256.
std::string etag_of(std::string_view bytes) {
  return '"' + sha256_hex(bytes, 16) + '"';
}

bool accepts_pages(const http_request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& x) {
    return equal_ignoring_case(x.name, "Accept")
           && x.value.find("text/html") != std::string::npos;
  });
}

bool is_api(std::span<const std::string_view> segments) {
  return !segments.empty() && segments.front() == "api";
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

/// True if `path` is what it seems, or a link to a file inside of `root`.
bool stays_inside(const fs::path& path, const fs::path& root) {
  std::error_code error;
  auto target = fs::canonical(path, error);
  return !error && fs::is_regular_file(target, error)
         && std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first
                == root.end();
}

/// At most one byte more than `most`.
std::string read_file(const fs::path& path, std::size_t most) {
  std::ifstream in{path, std::ios::binary};
  std::string bytes(std::min<std::size_t>(fs::file_size(path), most + 1), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || (in.fail() && !in.eof()))
    throw std::runtime_error{"holds " + path.filename().string()
                             + ", which can't be read"};
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

} // namespace

std::shared_ptr<const web_site> web_site::console() {
  static const auto only = [] {
    auto result = std::make_shared<web_site>();
    for (const auto& x : embedded::web_files())
      result->add(std::string{x.path}, x.name, std::string{x.bytes}, true);
    return result;
  }();
  return only;
}

std::shared_ptr<const web_site> web_site::of_folder(const std::string& folder,
                                                    web_site_limits limits) {
  std::error_code error;
  auto root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error))
    throw std::runtime_error{"is no folder that can be read"};
  auto result = std::make_shared<web_site>();
  // The page of the docs loads its own files, whatever takes the console's place.
  for (const auto& x : embedded::web_files())
    if (x.path != "/")
      result->add(std::string{x.path}, x.name, std::string{x.bytes}, true);
  auto left = limits;
  auto i = fs::recursive_directory_iterator{root, error};
  for (; !error && i != fs::recursive_directory_iterator{}; i.increment(error)) {
    if (is_hidden(i->path())) {
      i.disable_recursion_pending();
      continue;
    }
    if (!stays_inside(i->path(), root))
      continue;
    auto bytes = read_file(i->path(), left.bytes);
    if (bytes.size() > left.bytes || left.files == 0)
      throw std::runtime_error{"holds more than " + std::to_string(limits.files)
                               + " files or " + std::to_string(limits.bytes)
                               + " bytes, which is as much as the gateway keeps"};
    left.bytes -= bytes.size();
    --left.files;
    result->add("/" + i->path().lexically_relative(root).generic_string(),
                i->path().filename().native(), std::move(bytes), false);
  }
  if (error)
    throw std::runtime_error{"can't be read to its end (" + error.message() + ")"};
  auto index = result->files_.find("/index.html"s);
  if (index == result->files_.end())
    throw std::runtime_error{"has no index.html"};
  result->fallback_ = &index->second;
  result->files_.emplace("/", index->second);
  return result;
}

void web_site::add(std::string path, std::string_view name, std::string bytes,
                   bool is_ours) {
  auto etag = etag_of(bytes);
  files_.emplace(std::move(path),
                 file{std::move(bytes), content_type_of(name), std::move(etag), is_ours});
}

const web_site::file* web_site::find(std::span<const std::string_view> segments) const {
  std::string path;
  for (auto raw : segments) {
    auto name = percent_decode(raw);
    // An encoded slash is part of a name, and no file's name has one.
    if (!name || name->find('/') != std::string::npos)
      return nullptr;
    path.append("/").append(*name);
  }
  auto i = is_api(segments) ? files_.end() : files_.find(path);
  return i == files_.end() ? nullptr : &i->second;
}

bool web_site::has(std::span<const std::string_view> segments) const {
  return find(segments) != nullptr;
}

std::optional<http_response>
web_site::answer(const http_request& request,
                 std::span<const std::string_view> segments) const {
  if (const auto* known = find(segments))
    return render(request, *known);
  if (fallback_ == nullptr || is_api(segments) || !accepts_pages(request))
    return std::nullopt;
  auto result = render(request, *fallback_);
  result.set("Vary", "Accept");
  return result;
}

http_response web_site::render(const http_request& request, const file& what) {
  http_response result;
  result.set("ETag", what.etag);
  // Kept by browsers, and asked for again each time: a new version shows at once.
  result.set("Cache-Control", "no-cache");
  if (what.is_ours) {
    result.set("Content-Security-Policy", std::string{page_policy});
    result.set("Referrer-Policy", "no-referrer");
  }
  if (has_current(request, what.etag)) {
    result.status = 304;
    return result;
  }
  result.content_type = what.content_type;
  result.body = what.bytes;
  return result;
}

} // namespace lakegate::gateway
