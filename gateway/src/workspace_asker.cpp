#include "gateway/src/workspace_asker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <utility>

namespace lakegate::gateway {

namespace {

/// The answer takes its way back, too; the workspace client gives up within `time_left`.
constexpr auto grace = std::chrono::milliseconds{500};

/// Runs on the thread of an io_context, which is its mailbox.
class loop_actor final : public caf::event_based_actor {
public:
  loop_actor(caf::actor_config& config, asio::io_context* loop)
      : event_based_actor{config}, loop_{loop}, unit_{&system()} {}

  caf::behavior make_behavior() override {
    return {[](caf::unit_t) {}};
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    auto keep = caf::strong_actor_ptr{ctrl()};
    asio::post(*loop_, [this, keep, what = std::move(what)]() mutable {
      activate(&unit_, *what);
    });
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
  asio::io_context* loop_;
  caf::scoped_execution_unit unit_;
};

} // namespace

ask_workspace make_workspace_asker(caf::actor_system& system, asio::io_context& loop,
                                   databricks::identity_actor workspace) {
  auto address = caf::actor_cast<caf::strong_actor_ptr>(
      system.spawn<loop_actor, caf::hidden>(&loop));
  return [address, workspace](
             databricks::get_current_user what,
             std::function<void(caf::expected<databricks::workspace_user>)> then) {
    auto* self = static_cast<loop_actor*>(caf::actor_cast<caf::abstract_actor*>(address));
    auto budget = what.ctx.time_left + grace;
    self->request(workspace, budget, std::move(what))
        .then([then](databricks::workspace_user& found) { then(std::move(found)); },
              [then](caf::error& why) { then(std::move(why)); });
  };
}

} // namespace lakegate::gateway
