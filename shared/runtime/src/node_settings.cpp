#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/node.hpp>

namespace lakegate::runtime {

std::vector<setting> node_settings(std::string_view default_port) {
  return {
      {"node.host",
       {"LAKEGATE_NODE_HOST"},
       "127.0.0.1",
       anything(),
       "Address that the other processes of Lakegate reach this one at. Anything but "
       "loopback needs the three node.tls settings."},
      {"node.port",
       {"LAKEGATE_NODE_PORT"},
       default_port,
       integer_between(0, 65535),
       "Port that the other processes of Lakegate reach this one at; 0: any free one."},
      {"node.tls-certificate",
       {"LAKEGATE_NODE_TLS_CERTIFICATE"},
       "",
       anything(),
       "PEM file with this process' certificate, for mutual TLS between processes."},
      {"node.tls-key",
       {"LAKEGATE_NODE_TLS_KEY"},
       "",
       anything(),
       "PEM file with the key of that certificate."},
      {"node.tls-ca",
       {"LAKEGATE_NODE_TLS_CA"},
       "",
       anything(),
       "PEM file with the private CA that the processes of Lakegate share; a peer whose "
       "certificate is not of this CA is refused."},
      {"node.insecure-private-network",
       {"LAKEGATE_INSECURE_PRIVATE_NETWORK"},
       "0",
       boolean(),
       "Listen beyond loopback without TLS: whoever reaches the port can read tokens "
       "and end the service."},
      {"node.scheduler-threads",
       {"LAKEGATE_SCHEDULER_THREADS"},
       "1",
       integer_between(1, 64),
       "Worker threads of the actor system."},
  };
}

caf::expected<node_config> read_node_config(std::string name, const settings& values) {
  node_config result;
  result.name = std::move(name);
  result.listen_host = values.text("node.host");
  result.listen_port = static_cast<std::uint16_t>(values.integer("node.port"));
  result.tls_certificate = values.text("node.tls-certificate");
  result.tls_key = values.text("node.tls-key");
  result.tls_ca = values.text("node.tls-ca");
  result.insecure_private_network = values.flag("node.insecure-private-network");
  result.scheduler_threads =
      static_cast<std::size_t>(values.integer("node.scheduler-threads"));
  if (auto fault = fault_of(result); !fault.empty())
    return make_error(failure{errc::invalid_request, fault, {}, caf::none});
  return result;
}

} // namespace lakegate::runtime
