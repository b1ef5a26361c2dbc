#include "shared/databricks/src/message_text.hpp"

#include <lakegate/core/text.hpp>

#include <algorithm>
#include <cctype>

namespace lakegate::databricks {

namespace {

constexpr std::size_t longest_message = 2000;
constexpr std::string_view sql_state_mark = "SQLSTATE: ";
constexpr std::size_t sql_state_size = 5;

bool is_upper_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_class_character(char c) {
  return is_upper_or_digit(c) || c == '_' || c == '.';
}

void cut_at(std::string_view& text, std::string_view mark) {
  text = text.substr(0, text.find(mark));
}

/// Behind the SQLSTATE only the place is of use: `; line 1 pos 7` or ` (line 1, pos 0)`.
void cut_behind_sql_state(std::string_view& text) {
  auto mark = text.find(sql_state_mark);
  if (mark == std::string_view::npos)
    return;
  auto end = std::min(text.size(), mark + sql_state_mark.size() + sql_state_size);
  auto rest = text.substr(end);
  if (rest.starts_with("; line "))
    end += std::min(rest.find_first_not_of("; linepos0123456789"), rest.size());
  else if (rest.starts_with(" (line ") && rest.find(')') != std::string_view::npos)
    end += rest.find(')') + 1;
  text = text.substr(0, end);
}

void remove_request_ids(std::string& text) {
  constexpr std::string_view mark = "[ReqId:";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
    auto end = text.find(']', at);
    if (at > 0 && text[at - 1] == ' ')
      --at;
    text.erase(at, end == std::string::npos ? end : end + 1 - at);
  }
}

/// Never in the middle of a UTF-8 sequence.
void shorten(std::string& text) {
  if (text.size() <= longest_message)
    return;
  auto end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  text.resize(end);
  text += " …";
}

} // namespace

std::string clean_message(std::string_view text) {
  text = trimmed(text);
  for (std::string_view mark :
       {"\n\tat ", "\n    at ", "Traceback (most recent call last)", "\nJVM stacktrace",
        "== SQL", ";\n", "\n'", "\n+- "})
    cut_at(text, mark);
  cut_behind_sql_state(text);
  std::string result{text};
  remove_request_ids(result);
  shorten(result);
  return std::string{trimmed(result)};
}

std::string find_error_class(std::string_view message) {
  for (auto open = message.find('['); open != std::string_view::npos;
       open = message.find('[', open + 1)) {
    auto rest = message.substr(open + 1);
    auto end = std::find_if_not(rest.begin(), rest.end(), is_class_character);
    if (end != rest.end() && *end == ']' && end - rest.begin() > 1)
      return {rest.begin(), end};
  }
  return {};
}

std::string find_sql_state(std::string_view message) {
  auto mark = message.find(sql_state_mark);
  if (mark == std::string_view::npos)
    return {};
  auto state = message.substr(mark + sql_state_mark.size(), sql_state_size);
  auto is_state = state.size() == sql_state_size
                  && std::all_of(state.begin(), state.end(), is_upper_or_digit);
  return is_state ? std::string{state} : std::string{};
}

std::string find_required_scope(std::string_view message) {
  for (std::string_view mark : {"required scopes: ", "required scope: "}) {
    auto at = message.find(mark);
    if (at == std::string_view::npos)
      continue;
    auto rest = message.substr(at + mark.size());
    auto scope = trimmed(rest.substr(0, rest.find_first_of("[\n\"'")));
    while (scope.ends_with('.') || scope.ends_with(','))
      scope.remove_suffix(1);
    return std::string{scope};
  }
  return {};
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  auto is_same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), is_same)
         != text.end();
}

} // namespace lakegate::databricks
