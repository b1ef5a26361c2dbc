#include <lakegate/core/ids.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <random>

namespace lakegate {

namespace {

/// xoshiro256** of Blackman and Vigna (https://prng.di.unimi.it): 32 bytes of state, a
/// few instructions a number, equidistributed; not for secrets.
class random_source {
public:
  random_source() {
    std::random_device seed;
    for (auto& word : state_)
      word = (std::uint64_t{seed()} << 32) | seed();
    state_[0] |= 1; // all zero would stay zero
  }

  std::uint64_t next() noexcept {
    auto result = std::rotl(state_[1] * 5, 7) * 9;
    auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  std::uint64_t next_nonzero() noexcept {
    for (;;)
      if (auto x = next(); x != 0)
        return x;
  }

private:
  std::array<std::uint64_t, 4> state_;
};

random_source& this_threads_source() {
  thread_local random_source source;
  return source;
}

/// Appends the low `digits` hexadecimal digits of `x`.
void append_hex(std::string& out, std::uint64_t x, int digits) {
  constexpr char alphabet[] = "0123456789abcdef";
  for (auto shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += alphabet[(x >> shift) & 0xF];
}

/// RFC 9562, 4: the version in the 13th digit, the variant (binary 10) in the 17th.
std::string uuid_text(std::uint64_t high, std::uint64_t low, std::uint64_t version) {
  high = (high & 0xFFFFFFFFFFFF0FFFu) | version << 12;
  low = (low & 0x3FFFFFFFFFFFFFFFu) | 0x8000000000000000u;
  std::string result;
  result.reserve(36);
  append_hex(result, high >> 32, 8);
  result += '-';
  append_hex(result, high >> 16, 4);
  result += '-';
  append_hex(result, high, 4);
  result += '-';
  append_hex(result, low >> 48, 4);
  result += '-';
  append_hex(result, low, 12);
  return result;
}

bool is_hex(std::string_view text) noexcept {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) noexcept {
  return text.find_first_not_of('0') == std::string_view::npos;
}

constexpr std::size_t traceparent_size = 55;

/// W3C Trace Context, 3.2.2; a later version may be longer (3.2.4).
bool is_traceparent(std::string_view x) noexcept {
  if (x.size() < traceparent_size || x[2] != '-' || x[35] != '-' || x[52] != '-')
    return false;
  auto version = x.substr(0, 2);
  if (!is_hex(version) || version == "ff")
    return false;
  if (x.size() > traceparent_size && (version == "00" || x[traceparent_size] != '-'))
    return false;
  auto trace_id = x.substr(3, 32);
  auto parent_id = x.substr(36, 16);
  return is_hex(trace_id) && !is_zero(trace_id) && is_hex(parent_id)
         && !is_zero(parent_id) && is_hex(x.substr(53, 2));
}

} // namespace

std::string make_uuid() {
  auto& source = this_threads_source();
  return uuid_text(source.next(), source.next(), 4);
}

std::string make_time_ordered_uuid(std::chrono::system_clock::time_point t) {
  auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch())
          .count());
  auto& source = this_threads_source();
  return uuid_text(ms << 16 | (source.next() & 0xFFFF), source.next(), 7);
}

std::uint64_t make_call_id() {
  return this_threads_source().next_nonzero();
}

std::string make_traceparent() {
  auto& source = this_threads_source();
  std::string result;
  result.reserve(traceparent_size);
  result += "00-";
  append_hex(result, source.next_nonzero(), 16);
  append_hex(result, source.next(), 16);
  result += '-';
  append_hex(result, source.next_nonzero(), 16);
  result += "-01";
  return result;
}

std::string continue_traceparent(std::string_view incoming) {
  if (!is_traceparent(incoming))
    return make_traceparent();
  std::string result;
  result.reserve(traceparent_size);
  result += "00-";
  result += incoming.substr(3, 32);
  result += '-';
  append_hex(result, this_threads_source().next_nonzero(), 16);
  result += '-';
  if (incoming.starts_with("00")) {
    result += incoming.substr(53, 2);
  } else {
    // Of a later version only the sampled bit is known (3.2.4).
    auto odd = std::string_view{"13579bdf"}.find(incoming[54]) != std::string_view::npos;
    result += odd ? "01" : "00";
  }
  return result;
}

} // namespace lakegate
