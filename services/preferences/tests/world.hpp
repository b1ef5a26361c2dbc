#pragma once

#include "services/preferences/src/preferences.hpp"
#include "services/preferences/src/sql.hpp"

#include <lakegate/contracts/messages.hpp>
#include <lakegate/postgres/database.hpp>
#include <lakegate/testing/postgres_cluster.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lakegate::preferences {

/// What came back: a result, or the error as a client sees it.
template <class T>
struct reply {
  std::optional<T> value;
  failure error{errc::none, "", "", caf::none};

  errc code() const { return error.code; }
  const T* operator->() const {
    if (!value)
      throw std::runtime_error{"an error came: " + to_string(error.code) + " "
                               + error.message + " " + error.details};
    return &*value;
  }
};

/// The PREFERENCES actor over a database of its own in a real PostgreSQL. `old_sql` runs
/// before the actor first connects.
class world {
public:
  explicit world(test::postgres_cluster& server,
                 const std::function<void(postgres::database_config&)>& change = {},
                 const limits& allowed = {}, const std::string& old_sql = {});
  ~world();

  template <class T, class Command>
  reply<T> ask(Command cmd) {
    return ask_all<T>(std::vector<Command>{std::move(cmd)}).front();
  }

  /// Sends all before it waits for the first answer.
  template <class T, class Command>
  std::vector<reply<T>> ask_all(std::vector<Command> commands) {
    std::vector<std::function<void()>> waits;
    std::vector<reply<T>> result(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
      auto handle =
          self_->request(actor_, std::chrono::seconds{60}, std::move(commands[i]));
      waits.push_back([handle = std::move(handle), &to = result[i]]() mutable {
        handle.receive([&](T& x) { to.value = std::move(x); },
                       [&](caf::error& err) { to.error = failure_of(err); });
      });
    }
    for (auto& wait : waits)
      wait();
    return result;
  }

  reply<saved_preference> save(const std::string& user, const std::string& key,
                               const std::string& value,
                               const precondition& require = {});
  reply<preference> get(const std::string& user, const std::string& key);
  reply<preference_page> list(const std::string& user, std::int64_t limit = 1000,
                              std::int64_t offset = 0);
  reply<deleted_preference> remove(const std::string& user, const std::string& key,
                                   const precondition& require = {});

  /// SQL through psql.
  std::string sql(const std::string& text) { return server_.run(database_, text); }
  /// PostgreSQL ends the actor's connections.
  void kill_backends() { server_.kill_backends(database_); }
  std::string metrics_text() const;

private:
  struct configuration : caf::actor_system_config {
    configuration();
  };

  test::postgres_cluster& server_;
  std::string database_;
  std::shared_ptr<prometheus::Registry> registry_;
  configuration config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  service_actor actor_;
};

caller caller_of(const std::string& user);
save_preference save_command(const std::string& user, const std::string& key,
                             const std::string& value, const precondition& require = {});

/// The keys of a page, joined by blanks.
std::string keys_of(const preference_page& page);

} // namespace lakegate::preferences
