#pragma once

#include <lakegate/runtime/network_guard.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace lakegate::runtime {

/// An actor whose mailbox is an io_context: its handlers run on that thread, so that code
/// on the thread may call into it directly. What waits for it is kept here, not in the
/// io_context, which holds nothing of the actor system's and may outlive it. Spawn
/// hidden; whoever spawned it must `end` it before the actor system goes.
class asio_actor : public guarded<caf::event_based_actor> {
public:
  asio_actor(caf::actor_config& config, asio::io_context& io)
      : guarded{config}, inbox_{std::make_shared<inbox>(io)}, unit_{&system()} {
    inbox_->owner = this;
  }

  void enqueue(caf::mailbox_element_ptr x, caf::execution_unit* context) override {
    if (is_foreign_exit(x->content(), context))
      return;
    std::lock_guard guard{inbox_->mutex};
    if (inbox_->owner == nullptr)
      return;
    inbox_->waiting.push_back(std::move(x));
    if (inbox_->waiting.size() == 1)
      asio::post(inbox_->io, [in = inbox_] { drain(*in); });
  }

  void enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
               caf::execution_unit* context) override {
    enqueue(caf::make_mailbox_element(std::move(from), id, {}, std::move(content)),
            context);
  }

  void launch(caf::execution_unit*, bool, bool) override { activate(&unit_); }

protected:
  /// Handles `last`, whose handler must quit, and takes nothing any more. On the thread
  /// of the io_context, or while none runs it; not from inside a handler.
  void end(caf::message last) {
    std::vector<caf::mailbox_element_ptr> rest;
    {
      std::lock_guard guard{inbox_->mutex};
      inbox_->owner = nullptr;
      rest.swap(inbox_->waiting);
    }
    auto element =
        caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(last));
    activate(&unit_, *element);
  }

private:
  struct inbox {
    explicit inbox(asio::io_context& x) : io{x} {}
    asio::io_context& io;
    std::mutex mutex;
    asio_actor* owner = nullptr; ///< Null once it ended.
    std::vector<caf::mailbox_element_ptr> waiting;
  };

  static void drain(inbox& in) {
    std::vector<caf::mailbox_element_ptr> now;
    asio_actor* owner;
    {
      std::lock_guard guard{in.mutex};
      now.swap(in.waiting);
      owner = in.owner;
    }
    for (std::size_t i = 0; owner != nullptr && i < now.size(); ++i)
      owner->activate(&owner->unit_, *now[i]);
  }

  std::shared_ptr<inbox> inbox_;
  caf::scoped_execution_unit unit_;
};

} // namespace lakegate::runtime
