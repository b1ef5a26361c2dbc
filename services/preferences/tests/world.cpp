#include "services/preferences/tests/world.hpp"

namespace lakegate::preferences {

namespace {

using namespace std::chrono_literals;

std::string make_database(test::postgres_cluster& server, const std::string& old_sql) {
  auto result = server.create_database();
  if (!old_sql.empty())
    server.run(result, old_sql);
  return result;
}

service_actor start(caf::actor_system& system, const test::postgres_cluster& server,
                    const std::string& database,
                    const std::shared_ptr<prometheus::Registry>& registry,
                    const std::function<void(postgres::database_config&)>& change,
                    const limits& allowed) {
  postgres::database_config config;
  config.process = "preferences";
  config.connection.host = server.host();
  config.connection.port = server.port();
  config.connection.user = server.user();
  config.connection.database = database;
  config.credentials =
      std::make_shared<postgres::static_password>(access_token{server.password()});
  config.migrations = migrations();
  if (change)
    change(config);
  return system.spawn(preferences, postgres::spawn_database(system, config, registry),
                      allowed, std::make_shared<metrics>(registry));
}

} // namespace

world::configuration::configuration() {
  lakegate::add_message_types(*this);
  set("scheduler.max-threads", 1);
  set("scheduler.policy", caf::atom("sharing"));
}

world::world(test::postgres_cluster& server,
             const std::function<void(postgres::database_config&)>& change,
             const limits& allowed, const std::string& old_sql)
    : server_{server}, database_{make_database(server, old_sql)},
      registry_{std::make_shared<prometheus::Registry>()}, system_{config_},
      self_{system_}, actor_{start(system_, server, database_, registry_, change,
                                   allowed)} {}

world::~world() {
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  self_->wait_for(actor_);
}

reply<saved_preference> world::save(const std::string& user, const std::string& key,
                                    const std::string& value,
                                    const precondition& require) {
  return ask<saved_preference>(save_command(user, key, value, require));
}

reply<preference> world::get(const std::string& user, const std::string& key) {
  return ask<preference>(get_preference{caller_of(user), key});
}

reply<preference_page> world::list(const std::string& user, std::int64_t limit,
                                   std::int64_t offset) {
  return ask<preference_page>(
      list_preferences{caller_of(user), caf::none, limit, offset});
}

reply<deleted_preference> world::remove(const std::string& user, const std::string& key,
                                        const precondition& require) {
  return ask<deleted_preference>(delete_preference{caller_of(user), key, require});
}

std::string world::metrics_text() const {
  return prometheus::TextSerializer{}.Serialize(registry_->Collect());
}

caller caller_of(const std::string& user) {
  caller result;
  result.user_id = user;
  result.correlation_id = "test";
  result.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  result.time_left = 50s;
  return result;
}

save_preference save_command(const std::string& user, const std::string& key,
                             const std::string& value, const precondition& require) {
  return {caller_of(user), key, json_text::trusted(value), require};
}

std::string keys_of(const preference_page& page) {
  std::string result;
  for (const auto& x : page.items)
    result += (result.empty() ? "" : " ") + x.key;
  return result;
}

} // namespace lakegate::preferences
