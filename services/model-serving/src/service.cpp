#include "services/model-serving/src/service.hpp"

#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/supervisor.hpp>
#include <lakegate/runtime/unbatcher.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace lakegate::model_serving {

const postgres::migration_set& migrations();

namespace {

using clock = std::chrono::steady_clock;

std::chrono::milliseconds time_to(clock::time_point deadline) {
  auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
  return std::max(left, std::chrono::milliseconds{1});
}

template <class T>
T value_or_throw(caf::expected<T> x) {
  if (!x)
    throw std::runtime_error{runtime::sentence_of(x.error())};
  return std::move(*x);
}

component_status journal_status(const journal* x) {
  if (!x)
    return {"journal", "not_configured", "Without a database no inference is logged."};
  if (x->get_state().is_full)
    return {"journal", "down", "The journal is full."};
  return {"journal", "up", {}};
}

auto room_of(std::shared_ptr<journal> rows) {
  return [rows = std::move(rows)](std::uint64_t bytes) {
    auto room = rows ? rows->try_reserve(bytes) : nullptr;
    auto is_kept = !rows || room;
    return is_kept ? std::optional{log_row_reserved{std::move(room)}} : std::nullopt;
  };
}

} // namespace

struct service::impl {
  impl(config options, std::shared_ptr<prometheus::Registry> given, dependencies with);
  ~impl();

  void open_database();
  void open_workspace();
  void spawn_parts();
  service_status status() const;
  void drain(clock::time_point deadline);
  void flush(clock::time_point deadline);

  bool has_database() const { return !options_.database.connection.host.empty(); }
  bool has_workspace() const {
    return !options_.workspace.host.empty() || replaced_.serving;
  }

  /// One actor of ours, kept running until this goes.
  template <class Contract>
  Contract supervised(std::string name,
                      std::function<Contract(caf::actor_system&)> factory) {
    auto result = runtime::spawn_supervised<Contract>(node_.system(), std::move(factory),
                                                      {.name = std::move(name)});
    owned_.push_back(caf::actor_cast<caf::strong_actor_ptr>(result));
    return result;
  }

  config options_;
  std::shared_ptr<prometheus::Registry> registry_;
  dependencies replaced_;
  std::shared_ptr<metrics> counted_;
  std::shared_ptr<postgres::availability> availability_;
  std::shared_ptr<journal> journal_;
  databricks::workspace_ptr workspace_;
  runtime::node node_;
  std::vector<caf::strong_actor_ptr> owned_; ///< In the order in which they start.
  databricks::serving_actor serving_;
  databricks::registry_actor models_;
  postgres::database_actor database_;
  inference_log_actor log_;
  inference_actor inferences_;
  service_actor actor_;
  caf::strong_actor_ptr unbatcher_;
  std::uint16_t port_ = 0;
};

service::impl::impl(config options, std::shared_ptr<prometheus::Registry> given,
                    dependencies with)
    : options_{std::move(options)}, registry_{std::move(given)},
      replaced_{std::move(with)}, counted_{std::make_shared<metrics>(*registry_)},
      availability_{std::make_shared<postgres::availability>()}, node_{options_.node} {
  counted_->limits_are(options_.inferences.max_in_flight, options_.journal.max_bytes);
  if (has_database())
    journal_ = value_or_throw(journal::open(options_.journal));
  open_workspace();
  open_database();
  spawn_parts();
  unbatcher_ = runtime::spawn_unbatcher(node_, actor_, {.service = options_.node.name},
                                        *registry_);
  port_ = value_or_throw(node_.publish(unbatcher_));
}

/// Actors first, so that nobody asks the journal any more; its threads before the actor
/// system, since they hold handles of it.
service::impl::~impl() {
  for (auto x = owned_.rbegin(); x != owned_.rend(); ++x)
    caf::anon_send_exit(*x, caf::exit_reason::user_shutdown);
  if (journal_)
    journal_->close();
}

void service::impl::open_workspace() {
  if (!replaced_.serving || !replaced_.registry)
    workspace_ = databricks::make_workspace(options_.workspace, *registry_);
  auto where = workspace_;
  using namespace databricks;
  serving_ = supervised<serving_actor>(
      "workspace_serving", [where, make = replaced_.serving](auto& sys) {
        return make ? make(sys) : spawn_serving(sys, where);
      });
  models_ = supervised<registry_actor>(
      "workspace_registry", [where, make = replaced_.registry](auto& sys) {
        return make ? make(sys) : spawn_registry(sys, where);
      });
}

void service::impl::open_database() {
  if (!has_database())
    return;
  auto how = options_.database;
  how.process = options_.node.name;
  how.migrations = migrations();
  how.state = availability_;
  if (!how.credentials && workspace_ && options_.principal.exists())
    how.credentials = std::make_shared<postgres::function_password>(
        databricks::make_database_password_source(workspace_, options_.principal));
  database_ = supervised<postgres::database_actor>(
      "postgres", [how, registry = registry_](auto& sys) {
        return postgres::spawn_database(sys, how, registry);
      });
}

void service::impl::spawn_parts() {
  model_serving_parts parts;
  parts.log = log_ = supervised<inference_log_actor>(
      "inference_log", [c = options_.log, j = journal_, d = database_, m = counted_](
                           auto& sys) { return spawn_inference_log(sys, c, j, d, m); });
  parts.inferences = inferences_ = supervised<inference_actor>(
      "inference", [c = options_.inferences,
                    peers = inference_peers{serving_, log_, counted_, room_of(journal_)}](
                       auto& sys) { return spawn_inference(sys, c, peers); });
  parts.detection = supervised<schema_detection_actor>(
      "schema_detection",
      [c = options_.detection,
       peers = schema_detection_peers{serving_, models_, database_, counted_}](
          auto& sys) { return spawn_schema_detection(sys, c, peers); });
  endpoints_config where;
  where.workspace_url = options_.workspace.host;
  parts.endpoints =
      supervised<endpoints_actor>("endpoints", [where, serving = serving_](auto& sys) {
        return spawn_endpoints(sys, where, serving);
      });
  parts.status = [this] { return status(); };
  actor_ = supervised<service_actor>(
      "model_serving", [parts](auto& sys) { return spawn_model_serving(sys, parts); });
}

service_status service::impl::status() const {
  service_status result;
  if (has_workspace())
    result.components.push_back({"workspace", "up", {}});
  else
    result.components.push_back({"workspace", "not_configured", "Set DATABRICKS_HOST."});
  auto database = has_database()
                      ? availability_->get()
                      : postgres::database_state{"not_configured", "Set PGHOST."};
  result.components.push_back({"database", database.status, database.detail});
  result.components.push_back(journal_status(journal_.get()));
  return result;
}

/// Takes no new work and waits until what is in flight is answered.
void service::impl::drain(clock::time_point deadline) {
  if (!runtime::drain_unbatcher(unbatcher_, time_to(deadline)))
    log::warn("inferences_cut_short");
}

/// Ends what still runs, then brings the journal into the table.
void service::impl::flush(clock::time_point deadline) {
  caf::scoped_actor self{node_.system()};
  auto ignore = [](const caf::error&) {};
  self->request(inferences_, time_to(deadline), stop_inferences{})
      .receive([](const inferences_stopped&) {}, ignore);
  auto left = time_to(deadline);
  self->request(log_, left, flush_log{left})
      .receive([](const log_flushed&) {},
               [](const caf::error& why) {
                 log::warn("journal_not_flushed",
                           {{"reason", to_string(failure_of(why).code)}});
               });
}

service::service(config options, std::shared_ptr<prometheus::Registry> registry,
                 dependencies replaced)
    : impl_{std::make_unique<impl>(std::move(options), std::move(registry),
                                   std::move(replaced))} {}

service::~service() = default;

std::uint16_t service::port() const noexcept {
  return impl_->port_;
}

const service_actor& service::actor() const noexcept {
  return impl_->actor_;
}

caf::actor_system& service::system() noexcept {
  return impl_->node_.system();
}

void service::stop(std::chrono::milliseconds limit) {
  auto deadline = clock::now() + limit;
  impl_->drain(deadline - limit / 4);
  impl_->flush(deadline);
}

bool service::is_ready() const {
  return impl_->has_workspace()
         && !(impl_->journal_ && impl_->journal_->get_state().is_full);
}

} // namespace lakegate::model_serving
