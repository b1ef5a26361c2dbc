#include <lakegate/http/url.hpp>

#include <cctype>

namespace lakegate::http {

namespace {

/// RFC 3986, 2.3.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string encode(std::string_view text, bool with_dots) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (auto c : text) {
    if (is_unreserved(c) && !(with_dots && c == '.')) {
      result += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

bool is_host_character(char c) {
  return is_unreserved(c) || c == ':' || c == '[' || c == ']';
}

} // namespace

bool is_dot_segment(std::string_view text) noexcept {
  return text == "." || text == "..";
}

std::string encode_segment(std::string_view text) {
  return encode(text, is_dot_segment(text));
}

query_builder& query_builder::add(std::string_view name, std::string_view value) {
  text_ += text_.empty() ? '?' : '&';
  text_ += encode(name, false) + '=' + encode(value, false);
  return *this;
}

query_builder& query_builder::add_if(std::string_view name, std::string_view value) {
  return value.empty() ? *this : add(name, value);
}

std::optional<std::string> origin_of(std::string_view pasted) {
  std::string scheme = "https";
  if (auto mark = pasted.find("://"); mark != std::string_view::npos) {
    scheme.clear();
    for (auto c : pasted.substr(0, mark))
      scheme += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    pasted.remove_prefix(mark + 3);
  }
  auto authority = pasted.substr(0, pasted.find_first_of("/?#"));
  if (auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  if ((scheme != "https" && scheme != "http") || authority.empty()
      || authority.starts_with(':'))
    return std::nullopt;
  for (auto c : authority)
    if (!is_host_character(c))
      return std::nullopt;
  return scheme + "://" + std::string{authority};
}

std::optional<std::string> query_parameter_of(std::string_view pasted,
                                              std::string_view name) {
  auto mark = pasted.find('?');
  auto rest =
      mark == std::string_view::npos ? std::string_view{} : pasted.substr(mark + 1);
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find('&'));
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return std::string{part.substr(name.size() + 1)};
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
  return std::nullopt;
}

} // namespace lakegate::http
