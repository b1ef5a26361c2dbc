#pragma once

#include <caf/meta/type_name.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace lakegate {

/// Why a text is not JSON as we take it.
struct json_fault {
  std::size_t offset = 0; ///< Byte of the text at which the fault was seen.
  std::string reason;     ///< For a person: "the key \"a\" comes twice in one object".
};

/// Text that is known to be one JSON value (RFC 8259), kept digit for digit as it was
/// sent.
///
/// The only ways to get one are `parse`, which validates, and `trusted`, for text that
/// our own writer built or that was validated before. Stricter than the RFC: UTF-8
/// without a BOM, nesting of at most `max_depth`, no key twice in one object, no lone
/// surrogate and no
/// `\u0000`, nothing behind the value but white space.
class json_text {
public:
  static constexpr std::size_t max_depth = 64;

  /// The JSON `null`.
  json_text() = default;

  /// Validates `text` in one pass, without recursion and without building a tree.
  static std::variant<json_text, json_fault> parse(std::string text);

  /// Takes `text` as it is; for text that was validated before or built by `json_writer`.
  static json_text trusted(std::string text) {
    json_text result;
    result.text_ = std::move(text);
    return result;
  }

  const std::string& str() const& noexcept { return text_; }
  std::string str() && noexcept { return std::move(text_); }
  std::size_t size() const noexcept { return text_.size(); }

  /// True if the value is an object. Leading white space does not matter.
  bool is_object() const noexcept;

  friend bool operator==(const json_text&, const json_text&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, json_text& x) {
    return f(caf::meta::type_name("json_text"), x.text_);
  }

private:
  std::string text_ = "null";
};

/// Checks the rules of `json_text` without taking the text over; empty reason: valid.
json_fault find_json_fault(std::string_view text);

} // namespace lakegate
