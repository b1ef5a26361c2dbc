#include "services/preferences/src/preferences.hpp"

#include "services/preferences/src/checks.hpp"
#include "services/preferences/src/parameters.hpp"
#include "services/preferences/src/salvage.hpp"
#include "services/preferences/src/sql.hpp"

#include <lakegate/core/json_writer.hpp>
#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/request.hpp>

namespace lakegate::preferences {

namespace {

using namespace std::chrono_literals;

/// The database answers within the caller's time by itself; this only bounds the wait for
/// an actor that has died.
constexpr auto grace = 1s;

caf::error no_preference_of(const std::string& key) {
  json_writer details;
  details.begin_object().member("preference_key", key).end_object();
  return make_error(
      failure{errc::preference_not_found, {}, std::move(details).str(), caf::none});
}

/// What a failure of a statement is to a client.
caf::error translate(const caf::error& err) {
  const auto ours = failure_of(err);
  return ours.code == errc::service_unavailable ? make_error(errc::database_unavailable)
                                                : make_error(ours);
}

/// What PostgreSQL refused to store: json takes all that is JSON, so this is jsonb.
caf::error refused_value() {
  return make_error(errc::invalid_preference,
                    {{"preference_value",
                      "holds what the database can't keep or read back, such as a number "
                      "out of its range"}});
}

template <class T>
void deliver(caf::typed_response_promise<T>& promise, caf::expected<T> x) {
  if (x)
    promise.deliver(std::move(*x));
  else
    promise.deliver(std::move(x.error()));
}

} // namespace

caf::error page_too_large(std::int64_t limit) {
  return make_error(errc::invalid_request,
                    {{"limit", "gives a page of more than " + std::to_string(limit)
                                   + " bytes of values: ask for fewer"}});
}

caf::result<preference_page> preferences_state::list(const list_preferences& cmd) {
  taken(cmd.who);
  if (auto wrong = check(cmd))
    return wrong;
  auto promise = self->make_response_promise<preference_page>();
  auto parameters = page_parameters(cmd);
  parameters.push_back(number(max_stored_value_bytes));
  parameters.push_back(number(allowed.list_bytes));
  run(
      cmd.who, sql::list_preferences, std::move(parameters),
      [this, promise, who = cmd.who](const postgres::rows& rows) mutable {
        deliver(promise, conclude(who, read_page(rows, who.user_id)));
      },
      [this, promise, cmd](const caf::error& err) mutable {
        if (failure_of(err).code == errc::data_corrupted)
          salvage_page(*this, cmd, promise);
        else
          promise.deliver(err);
      });
  return promise;
}

caf::result<preference> preferences_state::get(const get_preference& cmd) {
  taken(cmd.who);
  if (auto wrong = check(cmd))
    return wrong;
  auto promise = self->make_response_promise<preference>();
  run(
      cmd.who, sql::get_preference,
      {cmd.who.user_id, cmd.key, number(max_stored_value_bytes)},
      [this, promise, cmd](const postgres::rows& rows) mutable {
        deliver(promise, conclude(cmd, rows));
      },
      [promise](const caf::error& err) mutable { promise.deliver(err); });
  return promise;
}

caf::result<saved_preference> preferences_state::save(save_preference& cmd) {
  taken(cmd.who);
  if (auto wrong = check(cmd)) {
    counts->save_refused();
    return wrong;
  }
  auto promise = self->make_response_promise<saved_preference>();
  auto who = cmd.who;
  std::vector<postgres::parameter> parameters{cmd.who.user_id,
                                              cmd.key,
                                              cmd.value.str(),
                                              tags_parameter(cmd.require),
                                              boolean(cmd.require.if_none_match),
                                              number(allowed.keys_per_user)};
  run(
      who, sql::save_preference, std::move(parameters),
      [this, promise, sent = std::move(cmd)](const postgres::rows& rows) mutable {
        deliver(promise, conclude(read_outcome(rows, std::move(sent))));
      },
      [this, promise](const caf::error& err) mutable {
        const bool is_refused = failure_of(err).code == errc::invalid_request;
        if (is_refused)
          counts->save_refused();
        promise.deliver(is_refused ? refused_value() : err);
      });
  return promise;
}

caf::result<deleted_preference> preferences_state::remove(const delete_preference& cmd) {
  taken(cmd.who);
  if (auto wrong = check(cmd))
    return wrong;
  auto promise = self->make_response_promise<deleted_preference>();
  run(
      cmd.who, sql::delete_preference,
      {cmd.who.user_id, cmd.key, tags_parameter(cmd.require),
       boolean(cmd.require.if_none_match)},
      [this, promise, key = cmd.key](const postgres::rows& rows) mutable {
        deliver(promise, conclude(key, rows.at(0, 0).value_or("")));
      },
      [promise](const caf::error& err) mutable { promise.deliver(err); });
  return promise;
}

caf::result<service_status> preferences_state::status() {
  auto promise = self->make_response_promise<service_status>();
  self->request(database, grace, postgres::get_database_state{})
      .then(
          [promise](postgres::database_state& x) mutable {
            promise.deliver(
                service_status{{{"database", std::move(x.status), std::move(x.detail)}}});
          },
          [promise](const caf::error&) mutable {
            promise.deliver(service_status{
                {{"database", "down", "The database connection is being restarted."}}});
          });
  return promise;
}

caf::expected<preference_page> preferences_state::conclude(const caller& who,
                                                           stored_page found) {
  if (found.is_too_large)
    return page_too_large(allowed.list_bytes);
  for (auto id : found.unreadable)
    skip(who, id);
  return std::move(found.page);
}

caf::expected<preference> preferences_state::conclude(const get_preference& cmd,
                                                      const postgres::rows& rows) {
  if (rows.size() == 0)
    return no_preference_of(cmd.key);
  if (auto found = read_one(rows, cmd.who.user_id, cmd.key))
    return std::move(*found);
  skip(cmd.who, id_of(rows));
  return make_error(errc::data_corrupted);
}

caf::expected<saved_preference> preferences_state::conclude(stored_outcome x) {
  if (x.outcome == "created" || x.outcome == "replaced") {
    x.saved.created ? counts->preference_created() : counts->preference_replaced();
    return std::move(x.saved);
  }
  counts->save_refused();
  if (x.outcome == "precondition_failed")
    return make_error(errc::precondition_failed);
  return make_error(errc::invalid_preference,
                    {{"preference_key", "is new, but a user holds at most "
                                            + std::to_string(allowed.keys_per_user)
                                            + " keys: delete one first"}});
}

caf::expected<deleted_preference> preferences_state::conclude(const std::string& key,
                                                              std::string_view outcome) {
  if (outcome == "not_found")
    return no_preference_of(key);
  if (outcome == "precondition_failed")
    return make_error(errc::precondition_failed);
  counts->preference_deleted();
  return deleted_preference{};
}

void preferences_state::run(const caller& who, const postgres::statement& what,
                            std::vector<postgres::parameter> parameters,
                            std::function<void(const postgres::rows&)> done,
                            std::function<void(const caf::error&)> failed) {
  postgres::query query{&what,           std::move(parameters),
                        who.time_left,   who.correlation_id,
                        who.traceparent, who.meter};
  runtime::request_with_own_deadline(self, database, std::move(query))
      .then([done = std::move(done)](postgres::rows_ptr& rows) { done(*rows); },
            [failed = std::move(failed)](const caf::error& err) {
              failed(translate(err));
            });
}

void preferences_state::skip(const caller& who, std::int64_t id) {
  counts->row_skipped();
  log::warn("preference_unreadable", {{"id", id},
                                      {"correlation_id", who.correlation_id},
                                      {"traceparent", who.traceparent}});
}

service_actor::behavior_type
preferences(service_actor::stateful_pointer<preferences_state> self,
            const postgres::database_actor& database, const limits& allowed,
            const std::shared_ptr<metrics>& counts) {
  self->state.database = database;
  self->state.allowed = allowed;
  self->state.counts = counts;
  self->link_to(database);
  return {
      [self](const list_preferences& x) { return self->state.list(x); },
      [self](const get_preference& x) { return self->state.get(x); },
      [self](save_preference& x) { return self->state.save(x); },
      [self](const delete_preference& x) { return self->state.remove(x); },
      [self](const get_status&) { return self->state.status(); },
  };
}

} // namespace lakegate::preferences
