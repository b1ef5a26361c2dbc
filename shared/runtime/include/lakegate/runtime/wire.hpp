#pragma once

#include <lakegate/core/call_meter.hpp>

#include <caf/meta/type_name.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What a link and an unbatcher say to each other. The only messages that cross between
/// our processes: a contract's commands and results travel inside as bytes
/// (`encoding.hpp`).
namespace lakegate::runtime::wire {

inline constexpr std::uint32_t protocol_version = 2;

/// Bytes of one command or result that go out in one message; larger ones are cut, so
/// that nothing small waits long behind them.
inline constexpr std::size_t chunk_bytes = 256 * 1024;
/// Chunks of one direction that may be under way unacknowledged.
inline constexpr std::size_t chunk_window = 4;

/// Large commands or results whose chunks may be mixed.
inline constexpr std::size_t chunk_mix = 4;

/// `command_frame::kind` that takes the command of that id back: nobody waits for it.
inline constexpr std::uint16_t abandon = 0;

/// First message of a link. The unbatcher answers with `link_attached`.
struct attach_link {
  std::uint32_t version = protocol_version;
  std::vector<std::string> commands; ///< Names of what the link will ask.
  std::int64_t sent_at = 0;          ///< The link's steady clock in microseconds.
};

struct link_attached {
  std::uint32_t version = protocol_version;
  std::vector<std::string> unknown; ///< Commands that this service does not take.
};

/// The unbatcher will end: the link is to go elsewhere, and answers the same when it
/// sends no more commands. Until then they are taken, and all of them are answered.
struct going_away {};

struct command_frame {
  std::uint64_t id = 0;    ///< The link's; 0: no answer is wanted.
  std::uint16_t kind = 0;  ///< CAF's type id of the command, or `abandon`.
  std::int64_t budget = 0; ///< Microseconds that the caller still waits.
  std::string bytes;
};

struct command_batch {
  std::int64_t sent_at = 0; ///< The link's steady clock in microseconds.
  std::vector<command_frame> frames;
};

enum class reply_kind : std::uint8_t { result, failure };

struct reply_frame {
  std::uint64_t id = 0;
  reply_kind kind = reply_kind::result; ///< What `bytes` hold.
  std::string bytes;
  call_report report{}; ///< From the command's arrival to its answer.
};

struct reply_batch {
  std::vector<reply_frame> frames;
};

/// A part of a command that is larger than `chunk_bytes`; the parts of one command come
/// in order, those of several may be mixed.
struct command_chunk {
  command_frame part;
  std::uint64_t offset = 0;
  std::uint64_t total = 0; ///< Bytes of the whole command.
  std::int64_t sent_at = 0;
};

struct reply_chunk {
  reply_frame part;
  std::uint64_t offset = 0;
  std::uint64_t total = 0;
};

/// Gives the sender of a chunk room for another.
struct chunk_received {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, attach_link& x) {
  return f(caf::meta::type_name("attach_link"), x.version, x.commands, x.sent_at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_attached& x) {
  return f(caf::meta::type_name("link_attached"), x.version, x.unknown);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, going_away&) {
  return f(caf::meta::type_name("going_away"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, command_frame& x) {
  return f(caf::meta::type_name("command_frame"), x.id, x.kind, x.budget, x.bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, command_batch& x) {
  return f(caf::meta::type_name("command_batch"), x.sent_at, x.frames);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, reply_frame& x) {
  return f(caf::meta::type_name("reply_frame"), x.id, x.kind, x.bytes, x.report);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, reply_batch& x) {
  return f(caf::meta::type_name("reply_batch"), x.frames);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, command_chunk& x) {
  return f(caf::meta::type_name("command_chunk"), x.part, x.offset, x.total, x.sent_at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, reply_chunk& x) {
  return f(caf::meta::type_name("reply_chunk"), x.part, x.offset, x.total);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, chunk_received&) {
  return f(caf::meta::type_name("chunk_received"));
}

} // namespace lakegate::runtime::wire

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_runtime, 400)
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::attach_link))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::link_attached))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::going_away))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::command_batch))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::reply_batch))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::command_chunk))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::reply_chunk))
  CAF_ADD_TYPE_ID(lakegate_runtime, (lakegate::runtime::wire::chunk_received))
CAF_END_TYPE_ID_BLOCK(lakegate_runtime)
