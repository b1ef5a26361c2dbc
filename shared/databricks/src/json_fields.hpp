#pragma once

#include <lakegate/core/json_view.hpp>

#include <caf/optional.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lakegate::databricks {

/// Reads the members of one object that an upstream sent. A member that is absent or null
/// is left out; one of another type than asked for makes the whole answer invalid, since
/// nobody knows what it means.
class json_fields {
public:
  explicit json_fields(json_view object)
      : object_{object}, is_valid_{object.is_object()} {}

  bool is_valid() const noexcept { return is_valid_; }
  void require(bool condition) noexcept { is_valid_ = is_valid_ && condition; }

  /// Empty if left out.
  std::string text(std::string_view name) {
    auto x = object_[name];
    require(x.is_null() || x.is_string());
    return x.string().value_or("");
  }

  /// A string or a whole number, as text; empty if left out.
  std::string text_or_number(std::string_view name) {
    auto x = object_[name];
    if (auto number = x.integer())
      return std::to_string(*number);
    return text(name);
  }

  std::string required_text(std::string_view name) {
    auto result = text(name);
    require(!result.empty());
    return result;
  }

  caf::optional<std::int64_t> integer(std::string_view name) {
    auto x = object_[name];
    auto number = x.integer();
    require(x.is_null() || number.has_value());
    return number ? caf::optional<std::int64_t>{*number} : caf::none;
  }

  bool flag(std::string_view name, bool otherwise) {
    auto x = object_[name];
    require(x.is_null() || x.is_boolean());
    return x.boolean().value_or(otherwise);
  }

  /// Absent if left out.
  json_view object(std::string_view name) {
    auto x = object_[name];
    require(x.is_null() || x.is_object());
    return x.is_object() ? x : json_view{};
  }

  /// Calls `read` for each element; nothing if left out.
  template <class F>
  void each(std::string_view name, F read) {
    auto x = object_[name];
    require(x.is_null() || x.is_array());
    x.each_element([&](json_view element) {
      require(read(element));
      return is_valid_;
    });
  }

private:
  json_view object_;
  bool is_valid_;
};

} // namespace lakegate::databricks
