#include "services/catalog/src/column_type.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace lakegate::catalog {

namespace {

constexpr int max_depth = 32;

constexpr auto words = std::array<std::pair<std::string_view, type_kind>, 24>{{
    {"boolean", type_kind::boolean},
    {"tinyint", type_kind::integer},
    {"byte", type_kind::integer},
    {"smallint", type_kind::integer},
    {"short", type_kind::integer},
    {"int", type_kind::integer},
    {"integer", type_kind::integer},
    {"bigint", type_kind::integer},
    {"long", type_kind::integer},
    {"float", type_kind::float32},
    {"real", type_kind::float32},
    {"double", type_kind::float64},
    {"decimal", type_kind::decimal},
    {"dec", type_kind::decimal},
    {"numeric", type_kind::decimal},
    {"date", type_kind::date},
    {"timestamp", type_kind::timestamp},
    {"timestamp_ltz", type_kind::timestamp},
    {"timestamp_ntz", type_kind::timestamp_ntz},
    {"string", type_kind::string},
    {"char", type_kind::string},
    {"varchar", type_kind::string},
    {"binary", type_kind::binary},
    {"variant", type_kind::variant},
}};

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) noexcept {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// Recursive descent over one type text; nothing where the text isn't a type.
class type_reader {
public:
  explicit type_reader(std::string_view text) : rest_{text} {}

  std::optional<column_type> read_all() {
    auto result = read_type(0);
    skip_blanks();
    if (!rest_.empty())
      return std::nullopt;
    return result;
  }

private:
  std::optional<column_type> read_type(int depth) {
    if (depth > max_depth)
      return std::nullopt;
    auto word = read_word();
    if (word == "array")
      return read_parameters(type_kind::array, 1, depth);
    if (word == "map")
      return read_parameters(type_kind::map, 2, depth);
    if (word == "struct")
      return read_struct(depth);
    column_type result;
    if (auto known = std::find_if(words.begin(), words.end(),
                                  [&](const auto& x) { return x.first == word; });
        known != words.end())
      result.kind = known->second;
    skip_to_end_of_scalar();
    return result;
  }

  std::optional<column_type> read_parameters(type_kind kind, std::size_t count,
                                             int depth) {
    column_type result{kind, {}, {}};
    if (!take('<'))
      return std::nullopt;
    while (result.parts.size() < count) {
      if (!result.parts.empty() && !take(','))
        return std::nullopt;
      auto part = read_type(depth + 1);
      if (!part)
        return std::nullopt;
      result.parts.push_back(std::move(*part));
    }
    if (!take('>'))
      return std::nullopt;
    return result;
  }

  std::optional<column_type> read_struct(int depth) {
    column_type result{type_kind::structure, {}, {}};
    if (!take('<'))
      return std::nullopt;
    if (take('>'))
      return result;
    do {
      auto name = read_field_name();
      auto part = name && take(':') ? read_type(depth + 1) : std::nullopt;
      if (!part)
        return std::nullopt;
      result.field_names.push_back(std::move(*name));
      result.parts.push_back(std::move(*part));
      skip_to_end_of_scalar();
    } while (take(','));
    if (!take('>'))
      return std::nullopt;
    return result;
  }

  std::string read_word() {
    skip_blanks();
    std::string result;
    while (!rest_.empty() && is_word(rest_.front())) {
      result += lower(rest_.front());
      rest_.remove_prefix(1);
    }
    return result;
  }

  /// In backticks, a doubled one standing for itself; or bare up to the colon.
  std::optional<std::string> read_field_name() {
    skip_blanks();
    if (!rest_.starts_with('`')) {
      auto colon = rest_.find(':');
      if (colon == std::string_view::npos)
        return std::nullopt;
      std::string result{rest_.substr(0, colon)};
      rest_.remove_prefix(colon);
      return result;
    }
    std::string result;
    for (rest_.remove_prefix(1); !rest_.empty();) {
      auto c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '`' && !rest_.starts_with('`'))
        return result;
      if (c == '`')
        rest_.remove_prefix(1);
      result += c;
    }
    return std::nullopt;
  }

  /// Past `(10,2)`, `NOT NULL`, `COLLATE x` and `COMMENT 'text'` to the next `,` or `>`.
  void skip_to_end_of_scalar() {
    int open = 0;
    while (!rest_.empty()) {
      auto c = rest_.front();
      if (open == 0 && (c == ',' || c == '>'))
        return;
      if (c == '\'')
        skip_quoted();
      else
        rest_.remove_prefix(1);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
  }

  void skip_quoted() {
    for (rest_.remove_prefix(1); !rest_.empty();) {
      auto c = rest_.front();
      rest_.remove_prefix(c == '\\' && rest_.size() > 1 ? 2 : 1);
      if (c == '\'')
        return;
    }
  }

  void skip_blanks() {
    while (rest_.starts_with(' '))
      rest_.remove_prefix(1);
  }

  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
};

} // namespace

column_type parse_column_type(std::string_view text) {
  return type_reader{text}.read_all().value_or(column_type{});
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace lakegate::catalog
