#include "shared/core/src/utf8.hpp"

#include <simdjson.h>

namespace lakegate::utf8 {

character decode(std::string_view text, std::size_t at) noexcept {
  auto byte = [&](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto lead = byte(at);
  if (lead < 0x80)
    return {lead, 1};
  std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4)
    return {};
  char32_t low = 0x80;
  char32_t high = 0xBF;
  if (lead == 0xE0)
    low = 0xA0;
  else if (lead == 0xED)
    high = 0x9F;
  else if (lead == 0xF0)
    low = 0x90;
  else if (lead == 0xF4)
    high = 0x8F;
  auto code = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    auto next = byte(at + i);
    if (next < low || next > high)
      return {};
    code = (code << 6) | (next & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {code, size};
}

bool is_valid(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

void append(std::string& out, char32_t code) {
  auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  auto put_tail = [&](int shift) { put(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    put(code);
    return;
  }
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put_tail(6);
  } else {
    put(0xF0 | (code >> 18));
    put_tail(12);
    put_tail(6);
  }
  put_tail(0);
}

} // namespace lakegate::utf8
