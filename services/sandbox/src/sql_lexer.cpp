#include "services/sandbox/src/sql_lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace lakegate::sandbox {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || static_cast<unsigned char>(c) >= 0x80;
}

bool is_word_part(char c) {
  return is_word_start(c) || is_digit(c);
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class lexer {
public:
  explicit lexer(std::string_view sql) : sql_{sql} {}

  std::variant<std::vector<token>, lexical_fault> run() {
    while (skip_blanks() && at_ < sql_.size()) {
      const auto start = at_;
      if (!read_one()) {
        const auto length = std::min<std::size_t>(sql_.size() - start, 20);
        return lexical_fault{start, std::string{sql_.substr(start, length)}};
      }
    }
    if (unclosed_comment_)
      return lexical_fault{at_, "/*"};
    add(token_kind::end, {}, sql_.size());
    return std::move(tokens_);
  }

private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }

  void add(token_kind kind, std::string value, std::size_t offset) {
    tokens_.push_back({kind, std::move(value), offset});
  }

  bool skip_blanks() {
    while (at_ < sql_.size()) {
      if (static_cast<unsigned char>(peek()) <= ' ' && peek() != '\0') {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const auto close = sql_.find("*/", at_ + 2);
        if (close == std::string_view::npos) {
          unclosed_comment_ = true;
          return false;
        }
        at_ = close + 2;
      } else {
        break;
      }
    }
    return true;
  }

  bool read_one() {
    const auto c = peek();
    if (c == '`')
      return read_quoted_name();
    if (c == '\'' || c == '"')
      return read_text(at_, true);
    if ((c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"'))
      return read_text(at_++, false);
    if ((c == 'x' || c == 'X') && peek(1) == '\'')
      return read_binary();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !follows_name()))
      return read_number();
    if (is_word_start(c))
      return read_word();
    if (c == ':' && is_word_start(peek(1)) && (at_ == 0 || sql_[at_ - 1] != ':'))
      return read_parameter();
    if (c == '?')
      return add(token_kind::ordinal, "?", at_++), true;
    return read_symbol();
  }

  bool follows_name() const { return !tokens_.empty() && tokens_.back().is_name(); }

  bool read_quoted_name() {
    const auto start = at_++;
    std::string name;
    while (at_ < sql_.size()) {
      if (peek() == '`' && peek(1) != '`') {
        ++at_;
        add(token_kind::quoted_name, std::move(name), start);
        return true;
      }
      at_ += peek() == '`' ? 1 : 0;
      name += sql_[at_++];
    }
    return false;
  }

  bool read_text(std::size_t start, bool escapes) {
    const auto quote = sql_[at_++];
    std::string text;
    while (at_ < sql_.size()) {
      if (peek() == quote && peek(1) != quote) {
        ++at_;
        add(token_kind::text, std::move(text), start);
        return true;
      }
      if (escapes && peek() == '\\') {
        if (!read_escape(text))
          return false;
      } else {
        at_ += peek() == quote ? 1 : 0;
        text += sql_[at_++];
      }
    }
    return false;
  }

  /// `\%` and `\_` stay as they are, for LIKE.
  bool read_escape(std::string& text) {
    ++at_;
    if (at_ >= sql_.size())
      return false;
    const auto c = sql_[at_++];
    switch (c) {
    case 'n':
      text += '\n';
      return true;
    case 't':
      text += '\t';
      return true;
    case 'r':
      text += '\r';
      return true;
    case '%':
    case '_':
      text += '\\';
      text += c;
      return true;
    case 'u':
      return read_unicode_escape(text);
    default:
      text += c;
      return true;
    }
  }

  bool read_unicode_escape(std::string& text) {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const auto c = peek();
      if (is_digit(c))
        code = code * 16 + static_cast<unsigned>(c - '0');
      else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        code = code * 16 + static_cast<unsigned>((c | 0x20) - 'a' + 10);
      else
        return false;
    }
    append_utf8(text, code);
    return true;
  }

  bool read_binary() {
    const auto start = at_;
    const auto close = sql_.find('\'', at_ + 2);
    if (close == std::string_view::npos)
      return false;
    const auto hex = sql_.substr(at_ + 2, close - at_ - 2);
    if (hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return false;
    at_ = close + 1;
    add(token_kind::binary, std::string{hex}, start);
    return true;
  }

  bool read_number() {
    const auto start = at_;
    while (is_digit(peek()))
      ++at_;
    if (peek() == '.' && is_digit(peek(1)))
      for (++at_; is_digit(peek());)
        ++at_;
    if ((peek() | 0x20) == 'e' && (is_digit(peek(1)) || is_digit(peek(2))))
      for (at_ += 2; is_digit(peek());)
        ++at_;
    auto digits = std::string{sql_.substr(start, at_ - start)};
    const auto suffix_start = at_;
    while (is_word_part(peek()))
      ++at_;
    const auto suffix = to_upper(sql_.substr(suffix_start, at_ - suffix_start));
    constexpr std::array<std::string_view, 7> known{"", "L", "S", "Y", "D", "F", "BD"};
    if (std::find(known.begin(), known.end(), suffix) == known.end())
      return at_ = start, false;
    add(token_kind::number, std::move(digits), start);
    return true;
  }

  bool read_word() {
    const auto start = at_;
    while (is_word_part(peek()))
      ++at_;
    add(token_kind::word, std::string{sql_.substr(start, at_ - start)}, start);
    return true;
  }

  bool read_parameter() {
    const auto start = at_++;
    while (is_word_part(peek()))
      ++at_;
    add(token_kind::parameter, std::string{sql_.substr(start + 1, at_ - start - 1)},
        start);
    return true;
  }

  bool read_symbol() {
    constexpr std::array<std::string_view, 11> marks{
        "<=>", "==", "<=", ">=", "<>", "!=", "||", "::", "->", "<<", ">>"};
    for (const auto mark : marks)
      if (sql_.substr(at_).starts_with(mark)) {
        add(token_kind::symbol, std::string{mark}, at_);
        at_ += mark.size();
        return true;
      }
    constexpr std::string_view single = "()[],.;+-*/%<>=!&|^~:";
    if (single.find(peek()) == std::string_view::npos)
      return false;
    add(token_kind::symbol, std::string(1, peek()), at_);
    ++at_;
    return true;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  bool unclosed_comment_ = false;
  std::vector<token> tokens_;
};

} // namespace

bool token::is_word(std::string_view upper) const {
  return kind == token_kind::word && to_upper(value) == upper;
}

std::variant<std::vector<token>, lexical_fault> read_tokens(std::string_view sql) {
  return lexer{sql}.run();
}

std::string to_upper(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::string to_lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

} // namespace lakegate::sandbox
