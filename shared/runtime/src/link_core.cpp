#include "shared/runtime/src/link_core.hpp"

#include <lakegate/runtime/encoding.hpp>
#include <lakegate/runtime/log.hpp>

#include "shared/runtime/src/transit_clock.hpp"

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <exception>

namespace lakegate::runtime {

namespace {

/// What is left for the service of a call's budget: a tenth, 100 ms at most, is kept back
/// so that the service's own words about the deadline ("the query was cancelled") are
/// here before ours ("the service did not answer").
std::chrono::microseconds budget_there(std::chrono::microseconds budget) {
  constexpr auto most = std::chrono::microseconds{std::chrono::milliseconds{100}};
  return budget - std::min(budget / 10, most);
}

constexpr auto tick_interval = std::chrono::milliseconds{20};

} // namespace

link_core::link_core(caf::event_based_actor& self, node& where, link_config config,
                     link_contract contract, prometheus::Registry& registry,
                     std::shared_ptr<std::atomic<std::size_t>> live)
    : self_{self}, config_{std::move(config)},
      takes_cancel_call_{contract.takes_cancel_call}, metrics_{registry,
                                                               where.config().name,
                                                               config_.service,
                                                               config_.max_in_flight},
      replicas_{self_,
                where,
                config_,
                std::move(contract.commands),
                metrics_,
                std::move(live),
                [this](replica& x) { on_lost(x); }} {}

caf::message_handler link_core::handlers() {
  return replicas_.handlers().or_else(
      [this](wire::reply_batch& x) { on_batch(x); },
      [this](const wire::reply_chunk& x) { on_chunk(x); },
      [this](const wire::going_away&) {
        if (auto* r = replicas_.find(self_.current_sender())) {
          replicas_.leaves(*r);
          flush(*r);
          self_.send(caf::actor_cast<caf::actor>(r->remote), wire::going_away{});
        }
      },
      [this](const wire::chunk_received&) {
        if (auto* r = replicas_.find(self_.current_sender())) {
          r->chunks.acknowledged();
          send_chunks(*r);
        }
      },
      [this](caf::flush_atom) { on_turn(); }, [this](caf::tick_atom) { on_tick(); });
}

void link_core::start() {
  replicas_.start();
}

std::uint64_t link_core::submit(link_call call, link_completion done) {
  if (is_closed_)
    return refuse(std::move(done), make_error(errc::service_unavailable));
  if (call.budget.count() <= 0)
    return refuse(std::move(done), caf::sec::request_timeout);
  if (open_.size() >= config_.max_in_flight) {
    metrics_.overloaded();
    if (call.meter)
      call.meter->refused_by_link();
    return refuse(std::move(done), make_error(errc::overloaded));
  }
  if (call.bytes.size() > config_.max_message_bytes) {
    log::error("command_too_large", {{"service", config_.service},
                                     {"kind", call.kind},
                                     {"bytes", call.bytes.size()}});
    return refuse(std::move(done), make_error(errc::internal_error));
  }
  auto* to = replicas_.choose();
  if (to == nullptr)
    return refuse(std::move(done), make_error(errc::service_unavailable));
  auto now = clock::now();
  if (call.meter)
    call.meter->begin(hop::service, now);
  auto id = open_.insert(
      {std::move(done), now + call.budget, to->key, call.call_id, std::move(call.meter)});
  ++to->in_flight;
  metrics_.call_opened();
  arm();
  pass(*to, {id, call.kind, budget_there(call.budget).count(), std::move(call.bytes)});
  return id;
}

std::uint64_t link_core::refuse(link_completion done, caf::error why) {
  auto id = open_.insert({std::move(done), clock::time_point::max(), 0, 0, {}});
  failed_.push_back({id, std::move(why)});
  wake();
  return id;
}

void link_core::pass(replica& to, wire::command_frame frame) {
  if (frame.bytes.size() > wire::chunk_bytes) {
    to.chunks.push(std::move(frame));
    return wake();
  }
  to.batch_bytes += frame.bytes.size();
  to.batch.push_back(std::move(frame));
  if (to.batch.size() >= config_.max_batch || to.batch_bytes >= config_.max_batch_bytes)
    flush(to);
  else
    wake();
}

void link_core::flush(replica& to) {
  if (to.batch.empty())
    return;
  metrics_.batch_sent(to.batch.size());
  self_.send(caf::actor_cast<caf::actor>(to.remote),
             wire::command_batch{steady_now(), std::exchange(to.batch, {})});
  to.batch_bytes = 0;
}

void link_core::send_chunks(replica& to) {
  while (auto chunk = to.chunks.next()) {
    auto* call = open_.find(chunk->part.id);
    if (call == nullptr)
      continue;
    auto left = std::chrono::duration_cast<std::chrono::microseconds>(call->deadline
                                                                      - clock::now());
    chunk->part.budget = budget_there(left).count();
    chunk->sent_at = steady_now();
    self_.send(caf::actor_cast<caf::actor>(to.remote), std::move(*chunk));
  }
}

void link_core::wake() {
  if (!std::exchange(is_awake_, true))
    self_.send(&self_, caf::flush_atom_v);
}

void link_core::arm() {
  if (!std::exchange(is_ticking_, true))
    self_.delayed_send(&self_, tick_interval, caf::tick_atom_v);
}

void link_core::on_turn() {
  is_awake_ = false;
  replicas_.for_each_up([this](replica& x) {
    flush(x);
    send_chunks(x);
  });
  for (auto& x : std::exchange(failed_, {}))
    finish(x.id, std::move(x.why));
}

void link_core::on_tick() {
  is_ticking_ = false;
  auto now = clock::now();
  auto overdue = open_.ids_where([&](auto& x) { return x.deadline <= now; });
  for (auto id : overdue) {
    // A completion may have cancelled it.
    if (auto* call = open_.find(id)) {
      metrics_.expired();
      withdraw(id, *call, false);
      finish(id, caf::sec::request_timeout);
    }
  }
  if (open_.size() > 0)
    arm();
}

void link_core::on_lost(replica& x) {
  auto lost = open_.ids_where([&](auto& call) { return call.replica == x.key; });
  for (auto& frame : std::exchange(x.batch, {})) {
    // It never left, so another replica may have it.
    auto* call = open_.find(frame.id);
    auto* to = call == nullptr ? nullptr : replicas_.choose();
    if (to == nullptr)
      continue;
    call->replica = to->key;
    ++to->in_flight;
    std::erase(lost, frame.id);
    pass(*to, std::move(frame));
  }
  x.in_flight = 0;
  for (auto id : lost) {
    if (auto* call = open_.find(id)) {
      metrics_.lost();
      call->replica = 0;
      metrics_.call_closed();
      finish(id, make_error(errc::service_unavailable));
    }
  }
}

void link_core::on_batch(wire::reply_batch& x) {
  for (auto& frame : x.frames)
    finish_reply(frame);
}

void link_core::on_chunk(const wire::reply_chunk& x) {
  auto* from = replicas_.find(self_.current_sender());
  if (from == nullptr || !from->parts)
    return;
  self_.send(caf::actor_cast<caf::actor>(from->remote), wire::chunk_received{});
  if (open_.find(x.part.id) == nullptr)
    return;
  auto part = from->parts->add(x.part.id, x.offset, x.total, x.part.bytes);
  if (part.what == chunk_assembler::state::complete) {
    wire::reply_frame whole{x.part.id, x.part.kind, std::move(part.bytes), x.part.report};
    finish_reply(whole);
  } else if (part.what == chunk_assembler::state::refused) {
    log::warn("reply_chunk_refused", {{"service", config_.service}, {"total", x.total}});
    finish(x.part.id, make_error(errc::internal_error));
  }
}

void link_core::finish_reply(wire::reply_frame& x) {
  if (x.kind == wire::reply_kind::result)
    return finish(x.id, std::move(x.bytes), &x.report);
  failure why;
  if (!decode(self_.system(), x.bytes, why))
    why = {};
  finish(x.id, make_error(std::move(why)), &x.report);
}

void link_core::finish(std::uint64_t id, caf::expected<std::string> outcome,
                       const call_report* report) {
  auto call = open_.take(id);
  if (!call)
    return metrics_.late();
  if (call->meter && report != nullptr)
    call->meter->end(*report);
  else if (call->meter)
    call->meter->end(hop::service);
  if (call->replica != 0) {
    metrics_.call_closed();
    if (auto* r = replicas_.find(call->replica); r != nullptr && r->in_flight > 0)
      --r->in_flight;
  }
  try {
    call->done(std::move(outcome));
  } catch (...) {
    // What an exception says may quote a request.
    log::error("completion_threw", {{"service", config_.service}});
  }
}

void link_core::cancel(std::uint64_t ticket) {
  auto call = open_.take(ticket);
  if (!call || call->replica == 0)
    return;
  metrics_.call_closed();
  withdraw(ticket, *call, true);
  if (auto* r = replicas_.find(call->replica); r != nullptr && r->in_flight > 0)
    --r->in_flight;
}

void link_core::withdraw(std::uint64_t id, const open_call& call, bool with_cancel) {
  auto* r = replicas_.find(call.replica);
  if (r == nullptr || r->at != replica::stage::up)
    return;
  r->parts->drop(id);
  r->chunks.drop(id);
  if (std::erase_if(r->batch, [&](auto& x) { return x.id == id; }) > 0)
    return;
  if (with_cancel && takes_cancel_call_ && call.call_id != 0)
    pass(*r, {0, caf::type_id<cancel_call>::value, 0,
              encode(self_.system(), cancel_call{call.call_id})});
  pass(*r, {id, wire::abandon, 0, {}});
}

void link_core::close() {
  if (std::exchange(is_closed_, true))
    return;
  for (auto id : open_.ids_where([](auto& x) { return x.replica != 0; })) {
    open_.find(id)->replica = 0;
    metrics_.call_closed();
    failed_.push_back({id, make_error(errc::service_unavailable)});
  }
  replicas_.close();
  wake();
}

void link_core::release() {
  close();
  failed_.clear();
  open_ = {};
}

} // namespace lakegate::runtime
