#pragma once

#include "services/preferences/src/metrics.hpp"
#include "services/preferences/src/stored.hpp"

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/postgres/query.hpp>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::preferences {

/// What the contract leaves to the operator.
struct limits {
  std::int64_t keys_per_user = 1000;
  /// The most bytes of values that one list may hold: beyond, `invalid_request`.
  std::int64_t list_bytes = 32 * 1024 * 1024;
};

/// The answer to a list whose values exceed `limits::list_bytes`.
caf::error page_too_large(std::int64_t limit);

/// State of the PREFERENCES actor: rules in front, the database behind.
struct preferences_state {
  static inline const char* name = "preferences";

  explicit preferences_state(service_actor::pointer owner) : self{owner} {}

  caf::result<preference_page> list(const list_preferences& cmd);
  caf::result<preference> get(const get_preference& cmd);
  caf::result<saved_preference> save(save_preference& cmd);
  caf::result<deleted_preference> remove(const delete_preference& cmd);
  caf::result<service_status> status();

  /// Runs a statement for `who` and hands over its rows or its error, as a client sees
  /// it.
  void run(const caller& who, const postgres::statement& what,
           std::vector<postgres::parameter> parameters,
           std::function<void(const postgres::rows&)> done,
           std::function<void(const caf::error&)> failed);
  /// Logs and counts a row that can't be read.
  void skip(const caller& who, std::int64_t id);
  caf::expected<preference_page> conclude(const caller& who, stored_page found);
  caf::expected<preference> conclude(const get_preference& cmd,
                                     const postgres::rows& rows);
  caf::expected<saved_preference> conclude(stored_outcome x);
  caf::expected<deleted_preference> conclude(const std::string& key,
                                             std::string_view outcome);

  service_actor::pointer self;
  postgres::database_actor database;
  std::shared_ptr<metrics> counts;
  limits allowed;
};

/// The PREFERENCES service of the contract. It ends when `database` does.
service_actor::behavior_type
preferences(service_actor::stateful_pointer<preferences_state> self,
            const postgres::database_actor& database, const limits& allowed,
            const std::shared_ptr<metrics>& counts);

} // namespace lakegate::preferences
