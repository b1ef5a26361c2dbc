#include "services/sandbox/src/sql_translation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lakegate::sandbox {

namespace {

using words = std::initializer_list<std::string_view>;

bool is_any(const token& t, words upper) {
  return std::any_of(upper.begin(), upper.end(), [&](auto w) { return t.is_word(w); });
}

std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const auto c : text) {
    if (c == '\'')
      result += '\'';
    result += c;
  }
  return result + "'";
}

/// An open parenthesis.
struct paren {
  bool is_cast = false;    ///< `AS` inside is followed by a type.
  bool in_from = false;    ///< A comma inside separates tables.
  bool plain_from = false; ///< FROM is an argument's keyword: `EXTRACT(YEAR FROM x)`.
};

class translator {
public:
  translator(std::string_view source, std::vector<token> tokens,
             const std::vector<sql_parameter>& parameters)
      : source_{source}, tokens_{std::move(tokens)}, given_{parameters} {}

  std::variant<translation, statement_error> run() {
    drop_final_semicolons();
    if (at().kind == token_kind::end)
      return syntax_error(source_, source_.size(), {});
    out_.kind = kind_of_statement();
    open_.push_back({});
    while (!failure_ && at().kind != token_kind::end)
      step();
    if (failure_)
      return *failure_;
    return std::move(out_);
  }

private:
  const token& at(std::size_t ahead = 0) const {
    return tokens_[std::min(i_ + ahead, tokens_.size() - 1)];
  }
  const token& before() const {
    static const token none{};
    return i_ == 0 ? none : tokens_[i_ - 1];
  }

  void drop_final_semicolons() {
    while (tokens_.size() > 1 && tokens_[tokens_.size() - 2].is_symbol(";"))
      tokens_.erase(tokens_.end() - 2);
  }

  statement_kind kind_of_statement() const {
    auto first = std::find_if(tokens_.begin(), tokens_.end(),
                              [](const auto& t) { return !t.is_symbol("("); });
    if (first->is_word("INSERT"))
      return statement_kind::insert;
    if (is_any(*first, {"UPDATE", "DELETE", "MERGE"}))
      return statement_kind::change;
    if (is_any(*first, {"SELECT", "WITH", "VALUES", "TABLE", "FROM"}))
      return statement_kind::query;
    return statement_kind::command;
  }

  void emit(std::string_view text) {
    if (!out_.sql.empty())
      out_.sql += ' ';
    out_.positions.push_back({out_.sql.size(), at().offset});
    out_.sql += text;
  }

  void fail_at(const token& t) {
    failure_ = syntax_error(source_, t.offset, t.kind == token_kind::end ? "" : t.value);
  }

  void step() {
    switch (at().kind) {
    case token_kind::word:
      return take_word();
    case token_kind::quoted_name:
      return take_name();
    case token_kind::text:
      return take_literal(single_quoted(at().value));
    case token_kind::number:
      return take_literal(at().value);
    case token_kind::binary:
      return take_literal("'\\x" + at().value + "'::bytea");
    case token_kind::parameter:
    case token_kind::ordinal:
      return take_parameter();
    default:
      return take_symbol();
    }
  }

  void take_literal(std::string_view text) {
    emit(text);
    ++i_;
  }

  void take_symbol() {
    const auto mark = at().value;
    if (mark == ";")
      return fail_at(at());
    if (mark == "(")
      open_.push_back({is_any(before(), {"CAST", "TRY_CAST"}), false,
                       is_any(before(), {"EXTRACT", "TRIM", "SUBSTRING", "OVERLAY"})});
    if (mark == ")" && open_.size() > 1)
      open_.pop_back();
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> renamed{
        {{"<=>", "IS NOT DISTINCT FROM"}, {"==", "="}}};
    const auto* found = std::find_if(renamed.begin(), renamed.end(),
                                     [&](const auto& r) { return r.first == mark; });
    emit(found == renamed.end() ? std::string_view{mark} : found->second);
    ++i_;
    if (mark == "::")
      take_type();
  }

  void take_word() {
    if (at(1).is_symbol("("))
      return take_call();
    if (at().is_word("AS") && open_.back().is_cast) {
      take_literal("AS");
      return take_type();
    }
    if (at(1).kind == token_kind::text && at().is_word("TIMESTAMP"))
      return take_literal("timestamptz");
    if (take_keyword())
      return;
    take_name();
  }

  /// A function's name or a keyword in front of a parenthesis.
  void take_call() {
    if (at().is_word("IDENTIFIER"))
      return take_identifier_clause();
    const bool empty = at(2).is_symbol(")");
    if (empty
        && is_any(at(), {"CURRENT_USER", "SESSION_USER", "CURRENT_DATE",
                         "CURRENT_TIMESTAMP", "CURRENT_CATALOG"})) {
      emit(at().is_word("SESSION_USER") ? "current_user" : to_lower(at().value));
      i_ += 3;
      return;
    }
    if (empty && at().is_word("CURRENT_DATABASE"))
      return take_literal("current_schema");
    if (at().is_word("TRY_CAST"))
      return take_literal("CAST");
    if (is_table_position() && out_.kind != statement_kind::query)
      return take_name();
    note_clause();
    take_literal(at().value);
  }

  /// Remembers whether a comma at this depth separates tables.
  void note_clause() {
    if (is_any(at(), {"FROM", "JOIN"}))
      open_.back().in_from = true;
    if (is_any(at(), {"WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION",
                      "SELECT", "EXCEPT", "INTERSECT", "SET", "ON", "USING", "WINDOW"}))
      open_.back().in_from = false;
  }

  bool take_keyword() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> renamed{
        {{"RLIKE", "~"},
         {"REGEXP", "~"},
         {"MINUS", "EXCEPT"},
         {"DIV", "OPERATOR(pg_catalog./)"}}};
    for (const auto& [from, to] : renamed)
      if (at().is_word(from) && !before().is_symbol(".") && !is_table_position()) {
        take_literal(to);
        return true;
      }
    note_clause();
    if (out_.kind == statement_kind::command && is_column_type()) {
      take_type();
      return true;
    }
    return false;
  }

  bool is_column_type() const {
    return open_.size() > 1 && before().is_name()
           && is_any(at(), {"STRING", "DOUBLE", "TIMESTAMP", "TIMESTAMP_NTZ", "BINARY",
                            "TINYINT", "BYTE", "SHORT", "LONG", "FLOAT", "ARRAY"});
  }

  /// Is a table's name due here?
  bool is_table_position() const {
    if (before().is_word("FROM")
        && (open_.back().plain_from || (i_ > 1 && tokens_[i_ - 2].is_word("DISTINCT"))))
      return false;
    if (is_any(before(), {"FROM", "JOIN", "INTO", "TABLE", "UPDATE", "VIEW"}))
      return true;
    if (before().is_word("EXISTS"))
      return out_.kind == statement_kind::command;
    return before().is_symbol(",") && open_.back().in_from;
  }

  /// A possibly qualified name, or a keyword that passes as one.
  void take_name() {
    const bool is_table = is_table_position()
                          && !is_any(at(), {"IF", "SELECT", "ONLY", "LATERAL", "VALUES"});
    std::vector<token> parts{at()};
    auto next = i_ + 1;
    while (tokens_[next].is_symbol(".") && tokens_[next + 1].is_name()) {
      parts.push_back(tokens_[next + 1]);
      next += 2;
    }
    if (is_table)
      emit(table_text(parts));
    else
      emit(column_text(parts));
    i_ = next;
  }

  /// A bare name keeps its case in PostgreSQL's hands, which folds it as Databricks does.
  static std::string rendered(const token& part) {
    return part.kind == token_kind::word ? part.value : double_quoted(part.value);
  }

  std::string table_text(const std::vector<token>& parts) {
    const auto count = parts.size();
    if (count > 3) {
      failure_ = statement_error{
          "[REQUIRES_SINGLE_PART_NAMESPACE] A table name has at most three "
          "parts. SQLSTATE: 42K05",
          "42K05"};
      return {};
    }
    table_name name;
    name.table = to_lower(parts[count - 1].value);
    if (count > 1)
      name.schema = to_lower(parts[count - 2].value);
    if (count > 2)
      name.catalog = to_lower(parts[0].value);
    note_catalog(name.catalog);
    out_.tables.push_back(name);
    // Always quoted: `default` is a schema here and a keyword there.
    auto text = double_quoted(name.table);
    if (count > 1)
      text = double_quoted(name.schema) + "." + text;
    return text;
  }

  void note_catalog(const std::string& catalog) {
    if (catalog.empty() || failure_)
      return;
    if (!out_.catalog.empty() && out_.catalog != catalog)
      failure_ = statement_error{
          "[UNSUPPORTED_FEATURE.SANDBOX] The sandbox can't join catalogs: "
          "one statement reads one catalog. SQLSTATE: 0A000",
          "0A000"};
    out_.catalog = catalog;
  }

  /// In an expression, `catalog.schema.table.column` loses its catalog.
  static std::string column_text(const std::vector<token>& parts) {
    std::string text;
    for (std::size_t k = parts.size() > 3 ? 1 : 0; k < parts.size(); ++k) {
      if (!text.empty())
        text += '.';
      text += rendered(parts[k]);
    }
    return text;
  }

  const sql_parameter* parameter_at() {
    if (at().kind == token_kind::ordinal) {
      ++ordinals_;
      for (const auto& p : given_)
        if (p.ordinal == ordinals_)
          return &p;
    } else {
      for (const auto& p : given_)
        if (!p.name.empty() && p.name == at().value)
          return &p;
    }
    const auto name = at().kind == token_kind::ordinal
                          ? std::string{"_"} + std::to_string(at().offset)
                          : at().value;
    failure_ =
        statement_error{"[UNBOUND_SQL_PARAMETER] Found the unbound parameter: " + name
                            + ". Please, fix `args` and provide a mapping of the "
                              "parameter to either a SQL literal "
                              "or collection constructor functions such as `map()`, "
                              "`array()`, `struct()`. "
                              "SQLSTATE: 42P02; "
                            + line_and_position(source_, at().offset),
                        "42P02"};
    return nullptr;
  }

  void take_parameter() {
    const auto* given = parameter_at();
    if (!given)
      return;
    auto& number = numbers_[given];
    if (number == 0) {
      out_.parameters.push_back(given->value);
      number = out_.parameters.size();
    }
    emit("($" + std::to_string(number) + "::" + postgres_type(given->type) + ")");
    ++i_;
  }

  /// `IDENTIFIER('a.b')` or `IDENTIFIER(:name)`: the names inside take its place.
  void take_identifier_clause() {
    const auto start = at();
    i_ += 2;
    std::string text;
    if (at().kind == token_kind::text) {
      text = at().value;
    } else if (at().kind == token_kind::parameter || at().kind == token_kind::ordinal) {
      const auto* given = parameter_at();
      if (!given)
        return;
      text = given->value.value_or("");
    }
    auto inner = read_tokens(text);
    auto* names = std::get_if<std::vector<token>>(&inner);
    if (!names || names->size() < 2 || !at(1).is_symbol(")"))
      return fail_at(start);
    names->pop_back();
    for (auto& n : *names)
      n.offset = start.offset;
    const auto first = tokens_.begin() + static_cast<std::ptrdiff_t>(i_) - 2;
    const auto position = tokens_.erase(first, first + 4);
    tokens_.insert(position, names->begin(), names->end());
    i_ -= 2;
    take_name();
  }

  /// A type's name behind `CAST(… AS` or `::`, or of a column.
  void take_type() {
    if (!at().is_name())
      return fail_at(at());
    if (at().is_word("ARRAY") && at(1).is_symbol("<") && at(2).is_name()) {
      emit(postgres_type(at(2).value) + "[]");
      i_ += 3;
      if (!at().is_symbol(">"))
        return fail_at(at());
      ++i_;
      return;
    }
    emit(postgres_type(at().value));
    i_ += at().is_word("DOUBLE") && at(1).is_word("PRECISION") ? 2 : 1;
  }

  std::string_view source_;
  std::vector<token> tokens_;
  const std::vector<sql_parameter>& given_;
  std::size_t i_ = 0;
  int ordinals_ = 0;
  std::vector<paren> open_;
  std::map<const sql_parameter*, std::size_t> numbers_;
  std::optional<statement_error> failure_;
  translation out_;
};

} // namespace

std::variant<translation, statement_error>
translate(std::string_view statement, const std::vector<sql_parameter>& parameters) {
  auto tokens = read_tokens(statement);
  if (const auto* fault = std::get_if<lexical_fault>(&tokens))
    return syntax_error(statement, fault->offset, fault->near);
  return translator{statement, std::move(std::get<0>(tokens)), parameters}.run();
}

} // namespace lakegate::sandbox
