#pragma once

#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

namespace lakegate::runtime {

/// True for an exit message that another node sent. Any peer may send one to any actor
/// that it knows, and `kill` can't be trapped by a handler (reliability: "any TCP peer
/// owns a CAF node"), so such messages must not reach a mailbox. CAF 0.17.6 delivers what
/// comes from the network on an execution unit that knows the proxies, and nothing else
/// on such a one.
inline bool is_foreign_exit(const caf::type_erased_tuple& content,
                            caf::execution_unit* context) {
  return context != nullptr && context->proxy_registry_ptr() != nullptr
         && content.match_elements<caf::exit_msg>();
}

/// Logs the type of the exception that is being handled.
void log_defect(const char* actor) noexcept;

/// An actor that other nodes can talk to and can't end: not by an exit message, and not
/// by a message whose handler throws.
template <class Base>
class guarded : public Base {
public:
  using Base::Base;

  void enqueue(caf::mailbox_element_ptr x, caf::execution_unit* context) override {
    if (!is_foreign_exit(x->content(), context))
      Base::enqueue(std::move(x), context);
  }

  void enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
               caf::execution_unit* context) override {
    enqueue(caf::make_mailbox_element(std::move(from), id, {}, std::move(content)),
            context);
  }

  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    try {
      return Base::consume(x);
    } catch (...) {
      log_defect(this->name());
    }
    if (x.mid.is_request())
      this->make_response_promise().deliver(caf::make_error(caf::sec::runtime_error));
    return caf::invoke_message_result::consumed;
  }
};

/// Replaces CAF's handlers that print what a message holds, or an exception's text, to
/// standard error: ours log the type only.
void set_quiet_handlers(caf::scheduled_actor& self, std::string name);

} // namespace lakegate::runtime
