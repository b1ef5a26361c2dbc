#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate::model_serving {

/// One row of the inference log as it waits in the journal. Times are milliseconds since
/// the epoch; JSON is text that was validated before.
struct log_record {
  std::string request_id;
  std::string endpoint_name;
  std::string user_id;
  std::string inputs;
  std::optional<std::string> predictions; ///< None unless `status` is SUCCESS.
  std::string status;                     ///< SUCCESS, ERROR or TIMEOUT.
  std::int64_t execution_time_ms = 1;
  std::optional<std::string> error_message;
  std::int64_t created_at_ms = 0;
  std::int64_t completed_at_ms = 0;

  friend bool operator==(const log_record&, const log_record&) = default;
};

/// Bytes in front of each payload: its length, then its CRC-32C, little endian.
inline constexpr std::size_t frame_header_bytes = 8;

/// The whole frame, header included, ready to be written.
std::string encode_frame(const log_record& x);

/// An upper bound for the frame of a record without predictions whose names, inputs and
/// error message together have `text_bytes` bytes.
std::uint64_t frame_bound(std::uint64_t text_bytes) noexcept;

/// A frame's header as found on disk; a length of 0 is preallocated, unwritten space.
struct frame_header {
  std::uint32_t length = 0;
  std::uint32_t checksum = 0;
};
frame_header read_frame_header(std::string_view bytes) noexcept;

/// The record of a payload; nothing if the checksum or the form is wrong.
std::optional<log_record> decode_payload(frame_header header, std::string_view payload);

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`.
std::uint32_t crc32c(std::string_view bytes) noexcept;

} // namespace lakegate::model_serving
