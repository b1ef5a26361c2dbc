#include <lakegate/postgres/database.hpp>

#include "shared/postgres/src/channel.hpp"
#include "shared/postgres/src/query_metrics.hpp"
#include "shared/postgres/src/worker.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <unordered_map>

namespace lakegate::postgres {

/// What a connection thread has to tell: one message for a batch of answers.
struct finished_batch {
  std::vector<finished_job> jobs;
};

} // namespace lakegate::postgres

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::postgres::finished_batch)

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;

using owner_actor =
    database_actor::extend<caf::reacts_to<finished_batch>, caf::reacts_to<caf::tick_atom>,
                           caf::reacts_to<caf::update_atom>,
                           caf::reacts_to<caf::flush_atom>>;

/// How late an answer to a caller whose time is up may come.
constexpr auto tick_interval = 20ms;

/// Queries that wait for the end of a turn at most.
constexpr std::size_t max_gathered = 64;

/// How old the gauges may be.
constexpr auto gauge_interval = 1s;

/// One query whose caller waits.
struct open_query {
  caf::typed_response_promise<rows_ptr> promise;
  const statement* what = nullptr;
  steady::time_point begun;
  steady::time_point deadline;
  meter_ptr meter;
};

struct owner_state {
  static inline const char* name = "postgres";

  explicit owner_state(owner_actor::pointer owner) : self{owner} {}

  void start(const database_config& config,
             const std::shared_ptr<prometheus::Registry>& registry);
  caf::result<rows_ptr> begin(query& x);
  void hand_over();
  void finish(finished_batch& batch);
  void finish(std::uint64_t id, rows_ptr rows, const caf::error& failed);
  void expire();
  void keep_ticking();
  void measure();
  void fail_all();

  owner_actor::pointer self;
  std::unique_ptr<query_metrics> metrics;
  std::shared_ptr<availability> state;
  std::unordered_map<std::uint64_t, open_query> open;
  std::uint64_t last_id = 0;
  bool is_ticking = false;
  /// Queries of one turn: the connection's thread is woken once for all of them.
  std::vector<job> gathered;
  bool is_awake = false;
  std::shared_ptr<channel> shared;
  // Last, so that the threads end before what they use.
  std::vector<std::unique_ptr<worker>> workers;
};

void owner_state::start(const database_config& config,
                        const std::shared_ptr<prometheus::Registry>& registry) {
  metrics = std::make_unique<query_metrics>(registry, config.process, config.max_waiting,
                                            config.connections);
  state = config.state ? config.state : std::make_shared<availability>();
  shared = std::make_shared<channel>(
      config.connections, config.max_waiting, state,
      [target = caf::actor_cast<caf::actor_addr>(self)](std::vector<finished_job> jobs) {
        if (auto owner = caf::actor_cast<caf::actor>(target))
          caf::anon_send(owner, finished_batch{std::move(jobs)});
      });
  for (std::size_t i = 0; i < config.connections; ++i)
    workers.push_back(std::make_unique<worker>(config, shared, i));
  measure();
}

caf::result<rows_ptr> owner_state::begin(query& x) {
  if (!std::ranges::all_of(x.parameters, is_sendable))
    return errc::internal_error;
  const auto now = steady::now();
  job waiting;
  waiting.id = ++last_id;
  waiting.what = x.what;
  waiting.parameters = std::move(x.parameters);
  waiting.deadline = now + x.time_left;
  waiting.correlation_id = std::move(x.correlation_id);
  waiting.traceparent = std::move(x.traceparent);
  auto promise = self->make_response_promise<rows_ptr>();
  if (x.meter)
    x.meter->begin(hop::database, now);
  open.emplace(last_id,
               open_query{promise, x.what, now, waiting.deadline, std::move(x.meter)});
  gathered.push_back(std::move(waiting));
  if (gathered.size() >= max_gathered)
    hand_over();
  else if (!std::exchange(is_awake, true))
    self->send(self, caf::flush_atom_v);
  keep_ticking();
  return promise;
}

/// Comes behind the queries that were in the mailbox with the first one.
void owner_state::hand_over() {
  if (!gathered.empty())
    shared->push(std::exchange(gathered, {}));
}

void owner_state::finish(finished_batch& batch) {
  for (auto& x : batch.jobs)
    finish(x.id, std::move(x.rows), x.failed);
}

/// An answer that comes after its caller was told that time is up finds nobody.
void owner_state::finish(std::uint64_t id, rows_ptr rows, const caf::error& failed) {
  auto found = open.find(id);
  if (found == open.end())
    return;
  auto x = std::move(found->second);
  open.erase(found);
  const auto now = steady::now();
  if (x.meter)
    x.meter->end(hop::database, now);
  const auto outcome = failed ? lakegate::failure_of(failed).code : errc::none;
  metrics->query_finished(*x.what, outcome, now - x.begun);
  if (failed)
    x.promise.deliver(failed);
  else
    x.promise.deliver(std::move(rows));
}

/// The threads keep deadlines, too; this one holds even while a thread hangs in a name
/// lookup or waits for a credential.
void owner_state::expire() {
  is_ticking = false;
  const auto now = steady::now();
  std::vector<std::uint64_t> late;
  for (const auto& [id, x] : open)
    if (x.deadline <= now)
      late.push_back(id);
  for (auto id : late)
    finish(id, nullptr, make_error(errc::database_unavailable));
  keep_ticking();
}

void owner_state::keep_ticking() {
  if (open.empty() || std::exchange(is_ticking, true))
    return;
  self->delayed_send(self, tick_interval, caf::tick_atom_v);
}

void owner_state::measure() {
  metrics->load(shared->waiting(), shared->connections_up());
  self->delayed_send(self, gauge_interval, caf::update_atom_v);
}

void owner_state::fail_all() {
  while (!open.empty())
    finish(open.begin()->first, nullptr, make_error(errc::service_unavailable));
}

owner_actor::behavior_type owner(owner_actor::stateful_pointer<owner_state> self,
                                 const database_config& config,
                                 const std::shared_ptr<prometheus::Registry>& registry) {
  self->state.start(config, registry);
  self->set_exit_handler([self](caf::exit_msg& x) {
    self->state.fail_all();
    self->quit(std::move(x.reason));
  });
  return {
      [self](query& x) { return self->state.begin(x); },
      [self](get_database_state) { return self->state.state->get(); },
      [self](finished_batch& x) { self->state.finish(x); },
      [self](caf::tick_atom) { self->state.expire(); },
      [self](caf::update_atom) { self->state.measure(); },
      [self](caf::flush_atom) {
        self->state.is_awake = false;
        self->state.hand_over();
      },
  };
}

database_actor::behavior_type no_database() {
  return {
      [](const query&) -> caf::result<rows_ptr> { return errc::lakebase_not_configured; },
      [](get_database_state) {
        return database_state{"not_configured", "No database is configured."};
      },
  };
}

} // namespace

database_state availability::get() const {
  std::lock_guard guard{mutex_};
  return state_;
}

void availability::set(database_state now) {
  std::lock_guard guard{mutex_};
  state_ = std::move(now);
}

database_actor spawn_database(caf::actor_system& system, database_config config,
                              const std::shared_ptr<prometheus::Registry>& registry) {
  if (!config.connection.host.empty())
    return system.spawn(owner, std::move(config), registry);
  if (config.state)
    config.state->set({"not_configured", "No database is configured."});
  return system.spawn(no_database);
}

} // namespace lakegate::postgres
