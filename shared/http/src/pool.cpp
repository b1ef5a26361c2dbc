#include "shared/http/src/pool.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lakegate::http {

namespace {

asio::ssl::context trust_of(const client_config& config) {
  asio::ssl::context result{asio::ssl::context::tls_client};
  result.set_verify_mode(asio::ssl::verify_peer);
  if (SSL_CTX_set_min_proto_version(result.native_handle(), TLS1_2_VERSION) != 1)
    throw std::runtime_error{"OpenSSL does not know TLS 1.2"};
  // Without certificates nobody is trusted, and each call says so.
  asio::error_code ignored;
  if (config.ca_file.empty())
    result.set_default_verify_paths(ignored);
  else
    result.load_verify_file(config.ca_file, ignored);
  return result;
}

} // namespace

pool::pool(asio::io_context& io, const client_config& config, owner& whom)
    : io_{io}, config_{config}, owner_{whom}, trust_{trust_of(config)} {}

bool pool::start(transfer& x) {
  const auto& base_url = x.what().base_url;
  auto found = hosts_.find(base_url);
  if (found == hosts_.end()) {
    auto where = parse_origin(base_url);
    if (!where)
      return false;
    found = hosts_.emplace(base_url, host{std::move(*where), 0, {}, {}}).first;
  }
  place(found->second, x);
  return true;
}

void pool::place(host& to, transfer& x) {
  if (auto kept = take_idle(to)) {
    kept->carry(x);
    carriers_.emplace(&x, std::move(kept));
  } else if (to.connections < config_.max_connections_per_host) {
    connection::owner& me = *this;
    auto fresh = std::make_shared<connection>(io_, to.where, trust_, me);
    ++to.connections;
    fresh->open_for(x, config_.connect_timeout);
    carriers_.emplace(&x, std::move(fresh));
  } else {
    to.waiting.push_back(&x);
  }
}

/// The one that was used last: those that are not needed grow old, and go.
pool::connection_ptr pool::take_idle(host& from) {
  while (!from.idle.empty()) {
    auto kept = std::move(from.idle.back());
    from.idle.pop_back();
    if (kept->is_usable())
      return kept;
    kept->close();
    --from.connections;
  }
  return nullptr;
}

transfer* pool::take_waiting(host& from) {
  if (from.waiting.empty())
    return nullptr;
  auto* next = from.waiting.front();
  from.waiting.pop_front();
  return next;
}

void pool::forget_connection(host& of) {
  --of.connections;
  if (auto* next = take_waiting(of))
    place(of, *next);
}

void pool::on_answer(connection& from, transfer& x, response answer) {
  auto self = std::move(carriers_.extract(&x).mapped());
  auto& at = host_of(from);
  if (!from.is_open()) {
    forget_connection(at);
  } else if (auto* next = take_waiting(at)) {
    self->carry(*next);
    carriers_.emplace(next, std::move(self));
  } else {
    at.idle.push_back(std::move(self));
  }
  owner_.on_end(x, std::move(answer));
}

void pool::on_failure(connection& from, transfer* x, transport_failure why,
                      bool is_stale) {
  auto self = from.shared_from_this();
  auto& at = host_of(from);
  carriers_.erase(x);
  std::erase(at.idle, self);
  forget_connection(at);
  if (!x)
    return;
  if (is_stale && x->may_repeat())
    place(at, *x);
  else
    owner_.on_end(*x, transfer::failed(why));
}

void pool::stop(const transfer& x) {
  auto carrier = carriers_.extract(&x);
  if (carrier.empty()) {
    std::erase(hosts_.find(x.what().base_url)->second.waiting, &x);
    return;
  }
  carrier.mapped()->close();
  forget_connection(host_of(*carrier.mapped()));
}

void pool::close() {
  for (auto& [url, x] : hosts_)
    for (auto& kept : x.idle)
      kept->close();
}

} // namespace lakegate::http
