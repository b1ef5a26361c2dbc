#include "services/model-serving/src/journal_record.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace lakegate::model_serving {

static_assert(std::endian::native == std::endian::little,
              "frames are little endian and written as they are in memory");

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t fixed_bytes = 256;

using crc_tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr crc_tables make_crc_tables() {
  crc_tables t{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    auto x = i;
    for (int bit = 0; bit < 8; ++bit)
      x = (x >> 1) ^ ((x & 1) != 0 ? 0x82F63B78u : 0u);
    t[0][i] = x;
  }
  for (std::size_t k = 1; k < t.size(); ++k)
    for (std::size_t i = 0; i < 256; ++i)
      t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xFF];
  return t;
}

constexpr auto tables = make_crc_tables();

template <class T>
void put(std::string& out, T x) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &x, sizeof(T));
  out.append(bytes, sizeof(T));
}

void put(std::string& out, const std::string& x) {
  put(out, static_cast<std::uint32_t>(x.size()));
  out += x;
}

void put(std::string& out, const std::optional<std::string>& x) {
  put(out, static_cast<std::uint8_t>(x.has_value()));
  if (x)
    put(out, *x);
}

/// Reads what `put` wrote; after the first value that is not there nothing more is read.
class reader {
public:
  explicit reader(std::string_view bytes) : bytes_{bytes} {}

  template <class T>
  T number() {
    T x{};
    if (auto raw = take(sizeof(T)); raw.size() == sizeof(T))
      std::memcpy(&x, raw.data(), sizeof(T));
    return x;
  }

  std::string text() { return std::string{take(number<std::uint32_t>())}; }

  std::optional<std::string> optional_text() {
    if (number<std::uint8_t>() == 0)
      return std::nullopt;
    return text();
  }

  bool is_complete() const noexcept { return !failed_ && bytes_.empty(); }

private:
  std::string_view take(std::size_t n) {
    if (failed_ || n > bytes_.size()) {
      failed_ = true;
      return {};
    }
    auto result = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return result;
  }

  std::string_view bytes_;
  bool failed_ = false;
};

} // namespace

std::uint32_t crc32c(std::string_view bytes) noexcept {
  auto crc = ~0u;
  auto p = reinterpret_cast<const unsigned char*>(bytes.data());
  auto n = bytes.size();
  for (; n >= 8; n -= 8, p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    word ^= crc;
    crc = 0;
    for (std::size_t k = 0; k < 8; ++k)
      crc ^= tables[7 - k][(word >> (8 * k)) & 0xFF];
  }
  for (; n > 0; --n, ++p)
    crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xFF];
  return ~crc;
}

std::uint64_t frame_bound(std::uint64_t text_bytes) noexcept {
  return fixed_bytes + text_bytes;
}

std::string encode_frame(const log_record& x) {
  std::string out;
  out.reserve(fixed_bytes + x.inputs.size() + (x.predictions ? x.predictions->size() : 0)
              + (x.error_message ? x.error_message->size() : 0));
  out.append(frame_header_bytes, '\0');
  put(out, version);
  put(out, x.request_id);
  put(out, x.endpoint_name);
  put(out, x.user_id);
  put(out, x.inputs);
  put(out, x.predictions);
  put(out, x.status);
  put(out, x.execution_time_ms);
  put(out, x.error_message);
  put(out, x.created_at_ms);
  put(out, x.completed_at_ms);
  auto payload = std::string_view{out}.substr(frame_header_bytes);
  frame_header header{static_cast<std::uint32_t>(payload.size()), crc32c(payload)};
  std::memcpy(out.data(), &header, frame_header_bytes);
  return out;
}

frame_header read_frame_header(std::string_view bytes) noexcept {
  frame_header result;
  static_assert(sizeof result == frame_header_bytes);
  if (bytes.size() >= frame_header_bytes)
    std::memcpy(&result, bytes.data(), frame_header_bytes);
  return result;
}

std::optional<log_record> decode_payload(frame_header header, std::string_view payload) {
  if (payload.size() != header.length || crc32c(payload) != header.checksum)
    return std::nullopt;
  reader in{payload};
  if (in.number<std::uint8_t>() != version)
    return std::nullopt;
  log_record x;
  x.request_id = in.text();
  x.endpoint_name = in.text();
  x.user_id = in.text();
  x.inputs = in.text();
  x.predictions = in.optional_text();
  x.status = in.text();
  x.execution_time_ms = in.number<std::int64_t>();
  x.error_message = in.optional_text();
  x.created_at_ms = in.number<std::int64_t>();
  x.completed_at_ms = in.number<std::int64_t>();
  if (!in.is_complete())
    return std::nullopt;
  return x;
}

} // namespace lakegate::model_serving
