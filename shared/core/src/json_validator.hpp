#pragma once

#include <lakegate/core/json_text.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate {

/// One pass over UTF-8 that finds the first thing that is not JSON as `json_text` takes
/// it. Its memory is one stack of fixed depth and 12 bytes for each key of the open
/// objects.
class json_validator {
public:
  /// `text` must be valid UTF-8 and outlive this.
  explicit json_validator(std::string_view text) noexcept : text_{text} {}

  /// Called once. An empty reason: all is well.
  json_fault run();

private:
  enum class expected : std::uint8_t {
    value,
    value_or_end,
    key,
    key_or_end,
    next,
    nothing
  };

  struct container {
    bool is_object = false;
    std::uint32_t first_key = 0;      ///< In `keys_`.
    std::uint32_t unescaped_size = 0; ///< Of `unescaped_` when it was opened.
  };

  /// A key of an open object: where it is quoted, and its unescaped bytes, which are in
  /// the text or, past the text's size, in `unescaped_`.
  struct key_place {
    std::uint32_t offset = 0;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  bool step();
  bool read_value();
  bool read_word(std::string_view word);
  bool read_number();
  bool read_digits();
  bool read_string();
  bool read_escape();
  bool read_unicode_escape();
  bool read_hex(char32_t& code);
  bool read_key();
  bool read_separator();
  bool open(bool is_object);
  bool close();
  bool keys_are_unique(std::uint32_t first);
  std::string_view key_text(const key_place& key) const noexcept;

  bool at_end() const noexcept { return at_ == text_.size(); }
  bool sees(char c) const noexcept { return at_ < text_.size() && text_[at_] == c; }
  bool sees_digit() const noexcept {
    return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
  }
  bool fail(std::size_t offset, std::string reason);
  bool fail_here(std::string reason);

  std::string_view text_;
  std::size_t at_ = 0;
  expected next_ = expected::value;
  std::array<container, json_text::max_depth> open_{};
  std::size_t depth_ = 0;
  std::vector<key_place> keys_;
  std::string unescaped_;
  bool has_escape_ = false; ///< Of the string read last.
  json_fault fault_;
};

} // namespace lakegate
