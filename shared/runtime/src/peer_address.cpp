#include <lakegate/runtime/peer_address.hpp>

#include <lakegate/core/errors.hpp>
#include <lakegate/core/text.hpp>
#include <lakegate/runtime/settings.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

#include <arpa/inet.h>

namespace lakegate::runtime {

namespace {

/// `host:port` or `[v6]:port`.
std::optional<peer_address> parse_one(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return std::nullopt;
  auto host = text.substr(0, colon);
  auto port = text.substr(colon + 1);
  if (host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return std::nullopt;
  std::uint16_t number = 0;
  auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (host.empty() || fault != std::errc{} || end != port.data() + port.size()
      || number == 0)
    return std::nullopt;
  return peer_address{std::string{host}, number};
}

} // namespace

caf::expected<std::vector<peer_address>> parse_peer_addresses(std::string_view text) {
  std::vector<peer_address> result;
  for (std::size_t begin = 0; begin <= text.size();) {
    auto end = std::min(text.find(',', begin), text.size());
    auto word = trimmed(text.substr(begin, end - begin), " \t");
    auto one = parse_one(word);
    if (!one)
      return make_error(
          failure{errc::invalid_request,
                  "must be host:port, or several of them with commas between",
                  {},
                  caf::none});
    result.push_back(std::move(*one));
    begin = end + 1;
  }
  return result;
}

std::string check_peer_addresses(std::string_view text) {
  auto peers = parse_peer_addresses(text);
  return peers ? std::string{} : sentence_of(peers.error());
}

bool is_loopback(std::string_view host) {
  std::array<std::byte, sizeof(in_addr)> address{};
  return host == "localhost" || host == "::1"
         || (::inet_pton(AF_INET, std::string{host}.c_str(), address.data()) == 1
             && address[0] == std::byte{127});
}

} // namespace lakegate::runtime
