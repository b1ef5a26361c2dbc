#pragma once

#include "shared/postgres/tests/support.hpp"

#include <lakegate/contracts/messages.hpp>
#include <lakegate/postgres/database.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <prometheus/registry.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace lakegate::test {

inline constexpr postgres::statement backend{"backend", "SELECT pg_backend_pid()"};
inline constexpr postgres::statement nap{"nap", "SELECT pg_sleep($1::float8)"};

/// A POSTGRES actor in a system of its own, asked from a test's thread.
class live_database {
public:
  explicit live_database(postgres::database_config config)
      : system_{config_}, self_{system_}, actor_{postgres::spawn_database(
                                              system_, std::move(config), registry)} {}

  ~live_database() {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    self_->wait_for(actor_);
  }

  struct outcome {
    postgres::rows_ptr rows;
    errc code = errc::none;
  };

  outcome ask(const postgres::statement& what,
              std::vector<postgres::parameter> values = {},
              caf::timespan time_left = std::chrono::seconds{5}) {
    return ask_all({{&what, std::move(values), time_left, "test"}}).front();
  }

  /// Sends all before it waits for the first answer.
  std::vector<outcome> ask_all(std::vector<postgres::query> queries) {
    std::vector<std::function<void()>> waits;
    std::vector<outcome> result(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
      auto handle =
          self_->request(actor_, std::chrono::seconds{30}, std::move(queries[i]));
      waits.push_back([handle, &to = result[i]]() mutable {
        handle.receive([&](postgres::rows_ptr& rows) { to.rows = std::move(rows); },
                       [&](caf::error& err) { to.code = failure_of(err).code; });
      });
    }
    for (auto& wait : waits)
      wait();
    return result;
  }

  /// The first value of the first row, or the error's name.
  std::string value(const postgres::statement& what,
                    std::vector<postgres::parameter> values = {},
                    caf::timespan time_left = std::chrono::seconds{5}) {
    auto x = ask(what, std::move(values), time_left);
    if (!x.rows)
      return to_string(x.code);
    return x.rows->size() == 0 ? "no rows"
                               : std::string{x.rows->at(0, 0).value_or("NULL")};
  }

  postgres::database_state state() {
    postgres::database_state result;
    self_->request(actor_, std::chrono::seconds{5}, postgres::get_database_state{})
        .receive([&](postgres::database_state& x) { result = x; }, [](caf::error&) {});
    return result;
  }

  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();

private:
  struct configuration : caf::actor_system_config {
    configuration() {
      lakegate::add_message_types(*this);
      set("scheduler.max-threads", 1);
      set("scheduler.policy", caf::atom("sharing"));
    }
  };

  configuration config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  postgres::database_actor actor_;
};

} // namespace lakegate::test
