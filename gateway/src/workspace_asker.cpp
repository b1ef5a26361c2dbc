#include "gateway/src/workspace_asker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <chrono>
#include <mutex>
#include <utility>

namespace lakegate::gateway {

/// Whether messages may still enter the loop.
struct workspace_asker::gate {
  explicit gate(asio::io_context& io) : loop{io} {}

  template <class F>
  void post(F f) {
    std::lock_guard lock{mutex};
    if (is_open)
      asio::post(loop, std::move(f));
  }

  asio::io_context& loop;
  std::mutex mutex;
  bool is_open = true;
};

namespace {

/// The answer takes its way back, too; the workspace's actor gives up within `time_left`.
constexpr auto grace = std::chrono::milliseconds{500};

/// Runs on the thread of an io_context, which is its mailbox.
template <class Gate>
class loop_actor final : public caf::event_based_actor {
public:
  loop_actor(caf::actor_config& config, std::shared_ptr<Gate> gate)
      : event_based_actor{config}, gate_{std::move(gate)}, unit_{&system()} {}

  caf::behavior make_behavior() override {
    return {[](caf::unit_t) {}};
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    auto keep = caf::strong_actor_ptr{ctrl()};
    gate_->post(
        [this, keep, what = std::move(what)]() mutable { activate(&unit_, *what); });
  }

  void enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
               caf::execution_unit* unit) override {
    enqueue(caf::make_mailbox_element(std::move(from), id, {}, std::move(content)), unit);
  }

  void launch(caf::execution_unit*, bool, bool is_hidden) override {
    if (!is_hidden)
      register_at_system();
    activate(&unit_);
  }

private:
  std::shared_ptr<Gate> gate_;
  caf::scoped_execution_unit unit_;
};

} // namespace

workspace_asker::workspace_asker(caf::actor_system& system, asio::io_context& loop,
                                 databricks::identity_actor workspace)
    : gate_{std::make_shared<gate>(loop)}, workspace_{std::move(workspace)} {
  auto self = system.spawn<loop_actor<gate>, caf::hidden>(gate_);
  self_ = caf::actor_cast<caf::strong_actor_ptr>(self);
}

workspace_asker::~workspace_asker() {
  close();
}

void workspace_asker::ask(databricks::get_current_user what, done then) {
  auto* self =
      static_cast<loop_actor<gate>*>(caf::actor_cast<caf::abstract_actor*>(self_));
  auto budget = what.ctx.time_left + grace;
  self->request(workspace_, budget, std::move(what))
      .then([then](databricks::workspace_user& found) { then(std::move(found)); },
            [then](caf::error& why) { then(std::move(why)); });
}

void workspace_asker::close() {
  std::lock_guard lock{gate_->mutex};
  gate_->is_open = false;
}

} // namespace lakegate::gateway
