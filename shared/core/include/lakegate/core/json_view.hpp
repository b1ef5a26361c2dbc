#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <lakegate/core/json_text.hpp>

namespace lakegate {

enum class json_kind { null, boolean, number, string, array, object };

/// A cheap view of one value inside validated JSON text; scans what it is asked for and
/// builds no tree, so every number keeps its digits (`raw()`). The text must outlive it.
/// Asking a value for what it is not gives nothing: callers check what they need, and an
/// upstream that sends another type is handled like one that sends nothing.
class json_view {
public:
  json_view() = default; ///< Of an absent value: `exists()` is false.
  explicit json_view(const json_text& text);
  /// `text` must have passed `find_json_fault`.
  static json_view of_validated(std::string_view text);

  bool exists() const noexcept { return !text_.empty(); }
  json_kind kind() const noexcept; ///< `null` for an absent value.
  bool is_null() const noexcept { return kind() == json_kind::null; }
  bool is_object() const noexcept { return kind() == json_kind::object; }
  bool is_array() const noexcept { return kind() == json_kind::array; }
  bool is_string() const noexcept { return kind() == json_kind::string; }
  bool is_number() const noexcept { return kind() == json_kind::number; }
  bool is_boolean() const noexcept { return kind() == json_kind::boolean; }

  /// The value exactly as written, without surrounding white space.
  std::string_view raw() const noexcept { return text_; }

  std::optional<std::string> string() const; ///< Unescaped.
  std::optional<std::int64_t>
  integer() const; ///< Only of a number written as an integer that fits.
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  /// The member of an object; absent if there is none or this is no object.
  json_view operator[](std::string_view key) const;
  /// The element of an array; absent past its end.
  json_view operator[](std::size_t index) const;

  /// Calls `f` for each member in order, until it returns false.
  void each_member(const std::function<bool(const std::string& key, json_view)>& f) const;
  /// Calls `f` for each element in order, until it returns false.
  void each_element(const std::function<bool(json_view)>& f) const;
  std::size_t size() const; ///< Members or elements; 0 for anything else.

private:
  std::string_view text_;
};

} // namespace lakegate
