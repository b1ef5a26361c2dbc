#include "shared/runtime/src/replica_set.hpp"

#include <lakegate/runtime/log.hpp>

#include "shared/runtime/src/transit_clock.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>

namespace lakegate::runtime {

namespace {

constexpr auto connect_timeout = std::chrono::seconds{4};
constexpr auto attach_timeout = std::chrono::seconds{2};

std::string text_of(const peer_address& x) {
  return x.host + ":" + std::to_string(x.port);
}

bool same(const peer_address& a, const peer_address& b) {
  return a.host == b.host && a.port == b.port;
}

/// Connects, answers and ends. An actor of its own, which the node's end waits for: CAF
/// 0.17 may lose a connection that its middleman makes while the system goes, and the
/// system then waits for ever for the middleman's thread.
caf::behavior dialer(caf::event_based_actor* self, caf::io::middleman_actor connector,
                     peer_address where) {
  return {
      [=](caf::connect_atom) {
        auto answer = self->make_response_promise();
        self->request(connector, connect_timeout, caf::connect_atom_v, where.host,
                      where.port)
            .then(
                [=](const caf::node_id& node, const caf::strong_actor_ptr& remote,
                    const std::set<std::string>& interfaces) mutable {
                  answer.deliver(node, remote, interfaces);
                  self->quit();
                },
                [=](caf::error& why) mutable {
                  answer.deliver(std::move(why));
                  self->quit();
                });
      },
  };
}

} // namespace

replica_set::replica_set(caf::event_based_actor& self, node& where,
                         const link_config& config, std::vector<std::string> commands,
                         link_metrics& metrics,
                         std::shared_ptr<std::atomic<std::size_t>> live,
                         lost_function lost)
    : self_{self}, node_{where}, config_{config}, commands_{std::move(commands)},
      metrics_{metrics}, live_{std::move(live)}, lost_{std::move(lost)} {}

replica_set::~replica_set() = default;

caf::message_handler replica_set::handlers() {
  return {
      [this](const peers_found& x) { update(x.addresses); },
      [this](const peer_probed& x) {
        auto* r = find(x.replica);
        if (r == nullptr || r->at != replica::stage::probing)
          return;
        if (x.is_open)
          dial(*r);
        else
          retry_later(*r);
      },
      [this](const retry_replica& x) {
        if (auto* r = present(x.key, x.attempt))
          probe(*r);
      },
      [this](const refresh_peers&) { look_up(); },
  };
}

void replica_set::start() {
  self_.set_down_handler([this](caf::down_msg& x) { on_down(x); });
  lookup_ = std::make_unique<peer_lookup>(caf::strong_actor_ptr{self_.ctrl()});
  for (const auto& x : config_.peers)
    (is_literal(x.host) ? literals_ : names_).push_back(x);
  for (const auto& x : literals_)
    add(x);
  look_up();
}

void replica_set::look_up() {
  if (is_closed_ || names_.empty())
    return;
  lookup_->find(names_);
}

void replica_set::update(std::vector<peer_address> found) {
  if (is_closed_)
    return;
  self_.delayed_send(&self_, config_.lookup_interval, refresh_peers{});
  // A name server that is away says nothing about the replicas.
  if (found.empty())
    return;
  found.insert(found.end(), literals_.begin(), literals_.end());
  for (auto i = replicas_.begin(); i != replicas_.end();) {
    auto& x = i->second;
    x.is_wanted = std::ranges::any_of(found, [&](auto& y) { return same(x.where, y); });
    if (!x.is_wanted && x.at == replica::stage::waiting)
      i = replicas_.erase(i);
    else
      ++i;
  }
  for (auto& x : found)
    if (std::ranges::none_of(replicas_, [&](auto& y) { return same(y.second.where, x); }))
      add(x);
}

void replica_set::add(peer_address where) {
  auto key = next_key_++;
  auto& x = replicas_[key];
  x.key = key;
  x.where = std::move(where);
  probe(x);
}

void replica_set::probe(replica& x) {
  ++x.attempt;
  x.at = replica::stage::probing;
  lookup_->probe(x.key, x.where);
}

void replica_set::dial(replica& x) {
  x.at = replica::stage::dialing;
  self_
      .request(node_.system().spawn(dialer, node_.connector(), x.where),
               2 * connect_timeout, caf::connect_atom_v)
      .then(
          [this, key = x.key, attempt = x.attempt](const caf::node_id&,
                                                   caf::strong_actor_ptr& remote,
                                                   const std::set<std::string>&) {
            auto* r = present(key, attempt);
            if (r != nullptr && remote != nullptr)
              attach(*r, remote);
            else if (r != nullptr)
              retry_later(*r);
          },
          [this, key = x.key, attempt = x.attempt](const caf::error&) {
            if (auto* r = present(key, attempt))
              retry_later(*r);
          });
}

void replica_set::attach(replica& x, caf::strong_actor_ptr remote) {
  // Two addresses of one process lead to one proxy.
  if (find(remote) != nullptr)
    return retry_later(x);
  x.at = replica::stage::attaching;
  x.remote = std::move(remote);
  self_.monitor(x.remote);
  self_
      .request(caf::actor_cast<caf::actor>(x.remote), attach_timeout,
               wire::attach_link{wire::protocol_version, commands_, steady_now()})
      .then(
          [this, key = x.key, attempt = x.attempt](const wire::link_attached& answer) {
            if (auto* r = present(key, attempt))
              attached(*r, answer);
          },
          [this, key = x.key, attempt = x.attempt](const caf::error&) {
            if (auto* r = present(key, attempt)) {
              drop(*r);
              retry_later(*r);
            }
          });
}

void replica_set::attached(replica& x, const wire::link_attached& answer) {
  if (answer.version != wire::protocol_version || !answer.unknown.empty()) {
    log::warn("peer_is_another_service",
              {{"service", config_.service},
               {"peer", text_of(x.where)},
               {"lacks", answer.unknown.empty() ? "" : answer.unknown.front()}});
    drop(x);
    return retry_later(x);
  }
  x.at = replica::stage::up;
  x.is_leaving = false;
  x.delay.reset();
  x.parts.emplace(config_.max_message_bytes);
  ++*live_;
  metrics_.replica_up();
  log::info("link_up", {{"service", config_.service}, {"peer", text_of(x.where)}});
}

void replica_set::on_down(const caf::down_msg& down) {
  auto* gone = caf::actor_cast<caf::actor_control_block*>(down.source);
  for (auto& [key, x] : replicas_) {
    if (x.remote.get() != gone)
      continue;
    drop(x);
    if (x.is_wanted)
      retry_later(x);
    else
      replicas_.erase(key);
    return;
  }
}

void replica_set::drop(replica& x) {
  auto was_up = x.at == replica::stage::up;
  if (was_up && !x.is_leaving)
    --*live_;
  x.at = replica::stage::waiting;
  self_.demonitor(caf::actor_cast<caf::actor_addr>(x.remote));
  x.remote = nullptr;
  x.chunks.clear();
  x.parts.reset();
  if (!was_up)
    return;
  metrics_.replica_down();
  log::warn("link_down", {{"service", config_.service}, {"peer", text_of(x.where)}});
  lost_(x);
  x.batch.clear();
  x.batch_bytes = 0;
}

void replica_set::retry_later(replica& x) {
  x.at = replica::stage::waiting;
  if (!is_closed_)
    self_.delayed_send(&self_, x.delay.next(), retry_replica{x.key, x.attempt});
}

void replica_set::leaves(replica& x) {
  if (x.at == replica::stage::up && !std::exchange(x.is_leaving, true))
    --*live_;
}

replica* replica_set::choose() {
  replica* best = nullptr;
  auto better = [](const replica& a, const replica& b) {
    return a.in_flight < b.in_flight;
  };
  auto start = replicas_.upper_bound(turn_);
  auto consider = [&](auto first, auto last) {
    for (; first != last; ++first) {
      auto& x = first->second;
      if (x.at == replica::stage::up && !x.is_leaving
          && (best == nullptr || better(x, *best)))
        best = &x;
    }
  };
  consider(start, replicas_.end());
  consider(replicas_.begin(), start);
  if (best != nullptr)
    turn_ = best->key;
  return best;
}

replica* replica_set::find(std::uint32_t key) {
  auto i = replicas_.find(key);
  return i == replicas_.end() ? nullptr : &i->second;
}

replica* replica_set::find(const caf::strong_actor_ptr& remote) {
  for (auto& [key, x] : replicas_)
    if (x.remote.get() == remote.get() && remote != nullptr)
      return &x;
  return nullptr;
}

replica* replica_set::present(std::uint32_t key, std::uint32_t attempt) {
  auto* x = find(key);
  return x != nullptr && x->attempt == attempt && !is_closed_ ? x : nullptr;
}

void replica_set::close() {
  is_closed_ = true;
  lookup_.reset();
  for (auto& [key, x] : replicas_) {
    if (x.remote == nullptr)
      continue;
    if (x.at == replica::stage::up) {
      metrics_.replica_down();
      if (!x.is_leaving)
        --*live_;
    }
    self_.demonitor(caf::actor_cast<caf::actor_addr>(x.remote));
    x.remote = nullptr;
  }
  replicas_.clear();
}

} // namespace lakegate::runtime
