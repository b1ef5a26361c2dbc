#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// What a piece of Databricks SQL is.
enum class token_kind {
  word,        ///< A keyword or bare name.
  quoted_name, ///< `` `…` ``
  text,        ///< `'…'` or `"…"`
  number,      ///< Without its type suffix (`1L`).
  binary,      ///< `X'1F'`; value is the hex text.
  parameter,   ///< `:name`
  ordinal,     ///< `?`
  symbol,      ///< An operator or punctuation mark.
  end          ///< Behind the last one.
};

struct token {
  token_kind kind = token_kind::end;
  std::string value;      ///< Unescaped; of a parameter its name.
  std::size_t offset = 0; ///< Byte of the statement.

  /// True for a bare word that is `upper`, whatever its case.
  bool is_word(std::string_view upper) const;
  bool is_symbol(std::string_view mark) const {
    return kind == token_kind::symbol && value == mark;
  }
  /// Can it be part of a name?
  bool is_name() const {
    return kind == token_kind::word || kind == token_kind::quoted_name;
  }
};

/// Where the text stops being SQL.
struct lexical_fault {
  std::size_t offset = 0;
  std::string near; ///< The piece that can't be read.
};

/// Cuts a statement into its tokens, comments and blanks dropped, an `end` token last.
/// Rules: Databricks SQL reference, "Identifiers", "STRING type", "Parameter markers".
std::variant<std::vector<token>, lexical_fault> read_tokens(std::string_view sql);

/// ASCII only: the language's keywords and Unity Catalog's folding of names.
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

} // namespace lakegate::sandbox
