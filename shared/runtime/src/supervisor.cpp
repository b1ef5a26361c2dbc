#include <lakegate/runtime/supervisor.hpp>

#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/network_guard.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/send.hpp>

#include <deque>
#include <random>

namespace lakegate::runtime {

/// Time to spawn the child again.
struct restart_child {};

} // namespace lakegate::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::restart_child)

namespace lakegate::runtime {

namespace {

class supervisor_actor : public caf::event_based_actor, public child_gate {
public:
  supervisor_actor(caf::actor_config& config, child_factory factory,
                   supervisor_config options,
                   std::function<caf::message_handler(child_gate&)> commands)
      : event_based_actor{config}, factory_{std::move(factory)},
        options_{std::move(options)}, commands_{std::move(commands)} {}

  caf::behavior make_behavior() override {
    set_quiet_handlers(*this, "supervisor " + options_.name);
    set_down_handler([this](caf::down_msg& x) { on_down(x); });
    start();
    return commands_(*this).or_else([this](restart_child) { start(); });
  }

  caf::event_based_actor& self() noexcept override { return *this; }

  void forward(caf::message command) override {
    auto promise = make_response_promise();
    if (child_ == nullptr)
      promise.deliver(make_error(errc::service_unavailable));
    else
      promise.delegate(caf::actor_cast<caf::actor>(child_), std::move(command));
  }

  void on_exit() override {
    if (child_ != nullptr)
      caf::anon_send_exit(child_, caf::exit_reason::user_shutdown);
    child_ = nullptr;
  }

  const char* name() const override { return "supervisor"; }

private:
  void start() {
    try {
      child_ = factory_(system());
      monitor(child_);
    } catch (...) {
      log_defect(name());
      child_failed();
    }
  }

  void on_down(const caf::down_msg& x) {
    if (child_ == nullptr || x.source != caf::actor_cast<caf::actor_addr>(child_))
      return;
    child_ = nullptr;
    if (!x.reason || x.reason == caf::exit_reason::user_shutdown)
      return quit(x.reason);
    child_failed();
  }

  void child_failed() {
    auto now = std::chrono::steady_clock::now();
    failures_.push_back(now);
    while (failures_.front() + options_.window < now)
      failures_.pop_front();
    if (failures_.size() > options_.max_failures)
      return give_up();
    auto delay = next_delay();
    log::error("child_died", {{"child", options_.name}, {"restart_ms", delay.count()}});
    delayed_send(this, delay, restart_child{});
  }

  /// 200 ms for the first failure of a window, doubling with each, ±20 %.
  std::chrono::milliseconds next_delay() {
    auto delay = options_.first_delay;
    for (std::size_t i = 1; i < failures_.size() && delay < options_.longest_delay; ++i)
      delay *= 2;
    delay = std::min(delay, options_.longest_delay);
    std::uniform_real_distribution<double> jitter{0.8, 1.2};
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(delay.count()) * jitter(random_))};
  }

  void give_up() {
    log::error("supervisor_gave_up", {{"child", options_.name}});
    options_.give_up(options_.name + " failed " + std::to_string(failures_.size())
                     + " times in a row");
    quit(caf::exit_reason::unhandled_exception);
  }

  child_factory factory_;
  supervisor_config options_;
  std::function<caf::message_handler(child_gate&)> commands_;
  caf::strong_actor_ptr child_;
  std::deque<std::chrono::steady_clock::time_point> failures_;
  std::minstd_rand random_{std::random_device{}()};
};

} // namespace

caf::actor
spawn_untyped_supervisor(caf::actor_system& system, child_factory factory,
                         supervisor_config config,
                         std::function<caf::message_handler(child_gate&)> commands) {
  return system.spawn<supervisor_actor>(std::move(factory), std::move(config),
                                        std::move(commands));
}

} // namespace lakegate::runtime
