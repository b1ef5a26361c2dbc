#include "shared/runtime/src/open_commands.hpp"

#include <lakegate/runtime/log.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace lakegate::runtime {

namespace {

constexpr std::size_t max_replies = 256;
constexpr std::size_t max_reply_bytes = 64 * 1024;

caf::actor actor_of(const attached_link& x) {
  return caf::actor_cast<caf::actor>(x.remote);
}

} // namespace

open_commands::open_commands(caf::event_based_actor& self, caf::strong_actor_ptr service,
                             std::vector<command_entry> commands, unbatcher_config config,
                             const std::string& process, prometheus::Registry& registry)
    : self_{self}, service_{std::move(service)}, commands_{std::move(commands)},
      config_{std::move(config)}, metrics_{registry, process, config_.service,
                                           config_.max_in_flight} {
  std::ranges::sort(commands_, {}, &command_entry::kind);
}

wire::link_attached open_commands::attach(const caf::strong_actor_ptr& link,
                                          const wire::attach_link& x) {
  wire::link_attached answer;
  for (const auto& name : x.commands)
    if (std::ranges::find(commands_, name, &command_entry::name) == commands_.end())
      answer.unknown.push_back(name);
  if (find(link) == nullptr && answer.unknown.empty()) {
    auto key = next_key_++;
    auto& added = links_.emplace(key, config_.max_message_bytes).first->second;
    added.key = key;
    added.remote = link;
    added.clock.delay(x.sent_at, steady_now());
    keys_[link.get()] = key;
    metrics_.link_attached();
  }
  return answer;
}

void open_commands::forget(const caf::actor_addr& link) {
  auto key = keys_.find(caf::actor_cast<caf::actor_control_block*>(link));
  if (key == keys_.end())
    return;
  // What is in flight stays: the service works on it still.
  links_.erase(key->second);
  keys_.erase(key);
  metrics_.link_gone();
}

attached_link* open_commands::find(const caf::strong_actor_ptr& link) {
  auto key = keys_.find(link.get());
  return key == keys_.end() ? nullptr : &links_.at(key->second);
}

const command_entry* open_commands::entry_of(std::uint16_t kind) const {
  auto i = std::ranges::lower_bound(commands_, kind, {}, &command_entry::kind);
  return i != commands_.end() && i->kind == kind ? &*i : nullptr;
}

void open_commands::take(const caf::strong_actor_ptr& link, wire::command_batch& x) {
  auto* from = find(link);
  if (from == nullptr)
    return log::warn("batch_of_a_stranger", {{"service", config_.service}});
  auto delay = from->clock.delay(x.sent_at, steady_now());
  for (auto& frame : x.frames)
    take(*from, frame, delay);
}

void open_commands::take(const caf::strong_actor_ptr& link, wire::command_chunk& x) {
  auto* from = find(link);
  if (from == nullptr)
    return log::warn("batch_of_a_stranger", {{"service", config_.service}});
  self_.send(actor_of(*from), wire::chunk_received{});
  auto part = from->parts.add(x.part.id, x.offset, x.total, x.part.bytes);
  if (part.what == chunk_assembler::state::refused) {
    // The chunks behind the one that was refused are refused, too: one answer.
    if (x.offset == 0)
      refuse(*from, x.part, "too large, or too many large ones");
  } else if (part.what == chunk_assembler::state::complete) {
    x.part.bytes = std::move(part.bytes);
    take(*from, x.part, from->clock.delay(x.sent_at, steady_now()));
  }
}

void open_commands::take(attached_link& from, wire::command_frame& x,
                         std::int64_t delay) {
  if (x.kind == wire::abandon)
    return abandon(from, x.id);
  const auto* entry = entry_of(x.kind);
  if (entry == nullptr)
    return refuse(from, x, "not a command of this service");
  if (!entry->is_answered)
    return hand_over(from, *entry, x, x.budget);
  auto left = x.budget - delay;
  if (left <= 0) {
    // Nobody waits for an answer any more.
    metrics_.expired();
  } else if (is_full(from)) {
    metrics_.overloaded();
    fail(from, x.id, {errc::overloaded, {}, {}, caf::none});
  } else {
    hand_over(from, *entry, x, left);
  }
}

void open_commands::hand_over(attached_link& from, const command_entry& entry,
                              const wire::command_frame& x, std::int64_t left) {
  auto budget = std::chrono::microseconds{left};
  auto now = clock::now();
  command_terms terms{budget, {}};
  if (entry.is_answered && entry.is_metered)
    terms.meter = std::make_shared<call_meter>(now, call_meter::start::in_queue);
  auto command = entry.read(self_.system(), x.bytes, terms);
  if (!command)
    return refuse(from, x, "not readable");
  if (!entry.is_answered)
    return service_->enqueue(nullptr, caf::make_message_id(), std::move(*command),
                             self_.context());
  auto id = open_.insert({from.key, x.id, &entry, now + budget, std::move(terms.meter)});
  ++from.in_flight;
  metrics_.command_taken();
  service_->enqueue(self_.ctrl(), caf::make_message_id(id), std::move(*command),
                    self_.context());
}

bool open_commands::is_full(const attached_link& from) const {
  // One busy link may use most of the room, never all of it while there are others.
  auto limit = config_.max_in_flight;
  auto share = std::max<std::size_t>(1, limit / links_.size());
  auto shared_room = links_.size() == 1 ? limit : limit - limit / 4;
  return open_.size() >= limit
         || (from.in_flight >= share && open_.size() >= shared_room);
}

void open_commands::answered(std::uint64_t id, const caf::type_erased_tuple& answer) {
  auto call = open_.take(id);
  if (!call)
    return;
  close_one(*call);
  call_report report;
  if (call->meter) {
    auto now = clock::now();
    report = call->meter->report(now);
    metrics_.waited(*call->meter, now);
  }
  auto link = links_.find(call->link);
  if (link == links_.end())
    return;
  if (auto bytes = call->entry->write(self_.system(), answer))
    return reply(link->second,
                 {call->remote_id, wire::reply_kind::result, std::move(*bytes), report});
  if (answer.match_elements<caf::error>())
    return fail(link->second, call->remote_id, failure_of(answer.get_as<caf::error>(0)),
                report);
  log::error("answer_of_a_wrong_type",
             {{"service", config_.service}, {"command", call->entry->name}});
  fail(link->second, call->remote_id, {}, report);
}

void open_commands::close_one(const open_command& x) {
  metrics_.command_done();
  if (auto link = links_.find(x.link); link != links_.end())
    --link->second.in_flight;
}

void open_commands::abandon(attached_link& from, std::uint64_t remote_id) {
  from.parts.drop(remote_id);
  from.chunks.drop(remote_id);
  for (auto id : open_.ids_where([&](const open_command& x) {
         return x.link == from.key && x.remote_id == remote_id;
       }))
    close_one(*open_.take(id));
}

void open_commands::drop_expired() {
  auto now = clock::now();
  for (auto id : open_.ids_where([&](auto& x) { return x.deadline <= now; })) {
    metrics_.expired();
    auto call = open_.take(id);
    if (call->meter)
      metrics_.waited(*call->meter, now);
    close_one(*call);
  }
}

void open_commands::fail(attached_link& to, std::uint64_t remote_id, failure why,
                         const call_report& report) {
  reply(to, {remote_id, wire::reply_kind::failure, encode(self_.system(), why), report});
}

void open_commands::refuse(attached_link& from, const wire::command_frame& x,
                           std::string_view why) {
  metrics_.refused();
  log::warn("command_refused",
            {{"service", config_.service}, {"kind", x.kind}, {"why", why}});
  if (x.id != 0)
    fail(from, x.id, {});
}

void open_commands::reply(attached_link& to, wire::reply_frame x) {
  if (x.bytes.size() > config_.max_message_bytes) {
    log::error("result_too_large",
               {{"service", config_.service}, {"bytes", x.bytes.size()}});
    return fail(to, x.id, {});
  }
  if (x.bytes.size() > wire::chunk_bytes) {
    to.chunks.push(std::move(x));
    return send_chunks(to);
  }
  has_replies_ = true;
  to.reply_bytes += x.bytes.size();
  to.replies.frames.push_back(std::move(x));
  if (to.replies.frames.size() >= max_replies || to.reply_bytes >= max_reply_bytes)
    flush(to);
}

void open_commands::flush(attached_link& to) {
  if (to.replies.frames.empty())
    return;
  metrics_.replies_sent(to.replies.frames.size());
  self_.send(actor_of(to), std::exchange(to.replies, {}));
  to.reply_bytes = 0;
}

void open_commands::flush() {
  has_replies_ = false;
  for (auto& [key, x] : links_)
    flush(x);
}

void open_commands::send_chunks(attached_link& to) {
  while (auto chunk = to.chunks.next())
    self_.send(actor_of(to), std::move(*chunk));
}

void open_commands::chunk_received(const caf::strong_actor_ptr& link) {
  if (auto* to = find(link)) {
    to->chunks.acknowledged();
    send_chunks(*to);
  }
}

void open_commands::send_elsewhere() {
  for (auto& [key, x] : links_) {
    x.stage = attached_link::parting::asked;
    self_.send(actor_of(x), wire::going_away{});
  }
}

void open_commands::gone_elsewhere(const caf::strong_actor_ptr& link) {
  using parting = attached_link::parting;
  auto* x = find(link);
  if (x != nullptr && x->stage == parting::asked)
    x->stage = parting::sends_no_more;
  else if (x != nullptr && x->stage == parting::last_asked)
    x->stage = parting::done;
}

bool open_commands::say_farewell() {
  using parting = attached_link::parting;
  auto all_done = true;
  for (auto& [key, x] : links_) {
    if (x.stage == parting::sends_no_more && x.in_flight == 0 && !x.chunks.is_busy()
        && x.parts.is_empty()) {
      flush(x);
      self_.send(actor_of(x), wire::going_away{});
      x.stage = parting::last_asked;
    }
    all_done = all_done && x.stage == parting::done;
  }
  return all_done;
}

void open_commands::close() {
  for (auto id : open_.ids_where([](auto&) { return true; }))
    close_one(*open_.take(id));
  for (std::size_t i = 0; i < links_.size(); ++i)
    metrics_.link_gone();
  links_.clear();
  keys_.clear();
  service_ = nullptr;
}

} // namespace lakegate::runtime
