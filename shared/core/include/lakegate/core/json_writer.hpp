#pragma once

#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate {

/// Appends JSON to one string; needed where validated text passes through untouched,
/// which no tree-building library does. Commas and colons come by themselves:
///
///     json_writer w;
///     w.begin_object().member("id", 7).member("value", json).end_object();
///     auto text = std::move(w).text();
///
/// Strings must be UTF-8; invalid bytes come out as U+FFFD, so the result is always JSON.
class json_writer {
public:
  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view{text}); }
  json_writer& value(const std::string& text) { return value(std::string_view{text}); }
  json_writer& value(bool x);
  json_writer& value(std::int64_t x);
  json_writer& value(std::uint64_t x);
  json_writer& value(std::int32_t x) { return value(static_cast<std::int64_t>(x)); }
  json_writer& value(std::uint32_t x) { return value(static_cast<std::uint64_t>(x)); }
  json_writer&
  value(double x); ///< Shortest form that reads back; NaN and infinities as strings.
  json_writer& value(const json_text& x) { return raw(x.str()); }
  json_writer& value(std::nullptr_t) { return raw("null"); }
  template <class T>
  json_writer& value(const std::optional<T>& x) {
    return x ? value(*x) : raw("null");
  }
  /// As messages carry it.
  template <class T>
  json_writer& value(const caf::optional<T>& x) {
    return x ? value(*x) : raw("null");
  }
  /// Splices JSON in as it is.
  json_writer& raw(std::string_view json);

  template <class T>
  json_writer& member(std::string_view name, const T& x) {
    return key(name).value(x);
  }

  const std::string& str() const& noexcept { return out_; }
  std::string str() && noexcept { return std::move(out_); }
  json_text text() && { return json_text::trusted(std::move(out_)); }

private:
  void separate();
  std::string out_;
  bool needs_comma_ = false;
};

/// `text` as a JSON string, quotes included, appended to `out`.
void append_json_string(std::string& out, std::string_view text);

} // namespace lakegate
