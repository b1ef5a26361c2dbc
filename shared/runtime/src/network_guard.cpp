#include <lakegate/runtime/network_guard.hpp>

#include <lakegate/runtime/log.hpp>

#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <typeinfo>

namespace lakegate::runtime {

namespace {

std::string type_of(const std::exception_ptr& x) {
  try {
    std::rethrow_exception(x);
  } catch (const std::exception& e) {
    return typeid(e).name();
  } catch (...) {
    return "unknown";
  }
}

/// Names of the elements' types, never their values.
std::string types_of(const caf::type_erased_tuple& x) {
  std::string result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto [id, info] = x.type(i);
    result += (i == 0 ? "" : " ");
    result += info != nullptr ? info->name() : std::to_string(id);
  }
  return result;
}

} // namespace

void log_defect(const char* actor) noexcept {
  try {
    log::error("actor_threw",
               {{"actor", actor}, {"exception", type_of(std::current_exception())}});
  } catch (...) {
    // Out of memory: nothing more can be said.
  }
}

void set_quiet_handlers(caf::scheduled_actor& self, std::string name) {
  self.set_default_handler(
      [name](caf::scheduled_actor*, caf::message_view& x) -> caf::result<caf::message> {
        log::warn("message_not_understood",
                  {{"actor", name}, {"types", types_of(x.content())}});
        return caf::sec::unexpected_message;
      });
  self.set_error_handler([name](caf::scheduled_actor*, caf::error& x) {
    log::warn("error_not_handled", {{"actor", name}, {"code", x.code()}});
  });
  self.set_exception_handler(
      [name](caf::scheduled_actor*, std::exception_ptr& x) -> caf::error {
        log::error("actor_threw", {{"actor", name}, {"exception", type_of(x)}});
        return caf::sec::runtime_error;
      });
}

} // namespace lakegate::runtime
