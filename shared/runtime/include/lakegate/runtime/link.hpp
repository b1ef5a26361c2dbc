#pragma once

#include <lakegate/core/call_meter.hpp>
#include <lakegate/runtime/contract_traits.hpp>
#include <lakegate/runtime/peer_address.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What the two kinds of links have in common; see service_link.hpp and
/// remote_service.hpp.
namespace lakegate::runtime {

struct link_config {
  std::string service{}; ///< `catalog`; for logs and metric labels.
  std::vector<peer_address> peers{};
  /// Commands a message. Few enough that the service works while the gateway still reads:
  /// on two cores 24 move more than 12 or 64 (benchmarks/README.md).
  std::size_t max_batch = 24;
  std::size_t max_batch_bytes = 64 * 1024;
  std::size_t max_in_flight = 1024; ///< Beyond: `overloaded`, at once.
  /// Largest command or result, encoded. Beyond: `internal_error`.
  std::size_t max_message_bytes = 40 * 1024 * 1024;
  /// How often names are looked up again.
  std::chrono::milliseconds lookup_interval{3000};
  /// For commands that carry no `time_left` (`spawn_remote_service` only).
  std::chrono::milliseconds default_budget{2000};
};

/// A command on its way into a link, its type erased.
struct link_call {
  std::uint16_t kind = 0; ///< CAF's type id.
  std::string bytes;
  std::chrono::microseconds budget{};
  std::uint64_t call_id = 0; ///< For `cancel_call`.
  meter_ptr meter{};         ///< Told of the wait and of where its time went.
};

/// Gets the encoded result or an error of ours, once.
using link_completion = std::function<void(caf::expected<std::string>)>;

/// What a link must know of its contract.
struct link_contract {
  std::vector<std::string> commands;
  bool takes_cancel_call = false;
};

template <class Contract>
link_contract link_contract_of() {
  return {command_names<Contract>(), takes<Contract, cancel_call>};
}

} // namespace lakegate::runtime
