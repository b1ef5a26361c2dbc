#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::runtime {

/// Where a service listens. A host name that resolves to several addresses stands for as
/// many replicas.
struct peer_address {
  std::string host;
  std::uint16_t port = 0;
};

/// Reads `host:port[,host:port…]`; the error's sentence says what it must be.
caf::expected<std::vector<peer_address>> parse_peer_addresses(std::string_view text);

/// The check of a setting that `parse_peer_addresses` reads.
std::string check_peer_addresses(std::string_view text);

/// Whether `host` is this machine and nothing else: `localhost`, ::1 or an address in
/// 127/8. Looks no name up.
bool is_loopback(std::string_view host);

} // namespace lakegate::runtime
