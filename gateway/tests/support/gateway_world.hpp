#pragma once

#include "gateway/src/server.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/preferences.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/unbatcher.hpp>
#include <lakegate/testing/raw_client.hpp>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>

namespace lakegate::gateway::test {

using lakegate::test::raw_client;

/// True as soon as `f` is; false if it was not within the patience.
inline bool eventually(const std::function<bool()>& f) {
  std::promise<void> never;
  auto pause = never.get_future();
  auto deadline = std::chrono::steady_clock::now() + raw_client::patience;
  while (!f()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    pause.wait_for(std::chrono::milliseconds{5});
  }
  return true;
}

/// A service of that contract in an actor system of its own, as its process would have
/// it; `make` spawns its actor.
template <class Contract>
class published_service {
public:
  template <class F>
  explicit published_service(F make, std::uint16_t port = 0)
      : where_{{.name = "service", .listen_port = port}}, service_{
                                                              make(where_.system())} {
    auto facade =
        runtime::spawn_unbatcher(where_, service_, {.service = "service"}, registry_);
    auto published = where_.publish(facade);
    EXPECT_TRUE(published);
    port_ = published ? *published : std::uint16_t{0};
  }

  /// Ends the service whatever it still holds a promise for.
  ~published_service() {
    caf::anon_send_exit(service_, caf::exit_reason::user_shutdown);
    service_ = nullptr;
  }

  std::uint16_t port() const { return port_; }

private:
  prometheus::Registry registry_;
  runtime::node where_;
  Contract service_;
  std::uint16_t port_ = 0;
};

/// A preferences service that knows one preference of everybody: the caller's name.
inline preferences::service_actor spawn_preferences(caf::actor_system& system) {
  using namespace preferences;
  return system.spawn([]() -> service_actor::behavior_type {
    return {
        [](const list_preferences&) { return preference_page{}; },
        [](const get_preference& cmd) -> caf::result<preference> {
          preference result;
          result.user_id = cmd.who.user_id;
          result.key = cmd.key;
          result.value = json_text::trusted("{}");
          result.etag = "\"1\"";
          return result;
        },
        [](const save_preference&) -> caf::result<saved_preference> {
          return errc::database_unavailable;
        },
        [](const delete_preference&) -> caf::result<deleted_preference> {
          return errc::preference_not_found;
        },
        [](const get_status&) {
          return service_status{{{"database", "up", {}}}};
        },
    };
  });
}

/// What the catalog double was told to do and saw.
struct catalog_log {
  std::atomic<std::uint64_t> asked{0};     ///< call_id of the open listing.
  std::atomic<std::uint64_t> cancelled{0}; ///< call_id of the last cancel_call.
  std::mutex mutex;
  caf::typed_response_promise<catalog::name_page> open;
};

/// A catalog service whose lists of catalogs never come.
inline catalog::service_actor spawn_catalog(caf::actor_system& system,
                                            std::shared_ptr<catalog_log> log) {
  using namespace catalog;
  return system.spawn([log](service_actor::pointer self) -> service_actor::behavior_type {
    return {
        [self, log](const list_catalogs& cmd) -> caf::result<name_page> {
          auto promise = self->make_response_promise<name_page>();
          log->open = promise;
          log->asked = cmd.who.call_id;
          return promise;
        },
        [log](const list_schemas&) {
          log->open.deliver(name_page{{"released"}, 1});
          return name_page{};
        },
        [](const list_table_names&) { return name_page{}; },
        [](const list_tables&) { return table_page{}; },
        [](const query_table&) -> caf::result<query_result> {
          return errc::table_not_found;
        },
        [log](const cancel_call& cmd) { log->cancelled = cmd.call_id; },
        [](const get_status&) {
          return service_status{{{"workspace", "up", {}}}};
        },
    };
  });
}

/// Every token belongs to a user of its name.
inline databricks::identity_actor spawn_workspace(caf::actor_system& system) {
  using namespace databricks;
  return system.spawn([]() -> identity_actor::behavior_type {
    return {[](const get_current_user& what) {
      workspace_user result;
      result.user_name = what.ctx.token.reveal() + "@example.com";
      result.active = true;
      return result;
    }};
  });
}

/// Where nobody listens: the discard service's port of no machine of ours.
inline std::vector<runtime::peer_address> nowhere() {
  return {{"127.0.0.1", 9}};
}

inline config config_of(std::uint16_t preferences, std::uint16_t catalog) {
  config result;
  result.node.name = "gateway";
  result.preferences =
      preferences == 0 ? nowhere()
                       : std::vector<runtime::peer_address>{{"127.0.0.1", preferences}};
  result.catalog = catalog == 0
                       ? nowhere()
                       : std::vector<runtime::peer_address>{{"127.0.0.1", catalog}};
  result.model_serving = nowhere();
  return result;
}

inline std::unique_ptr<server> start(config settings) {
  dependencies replaced;
  replaced.identity = spawn_workspace;
  return std::make_unique<server>(std::move(settings),
                                  std::make_shared<prometheus::Registry>(), replaced);
}

/// The bytes of a GET with a token.
inline std::string get_bytes(const std::string& target, const std::string& token) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-Access-Token: " + token
         + "\r\n\r\n";
}

inline std::string ask(std::uint16_t port, const std::string& target,
                       const std::string& token = "ada") {
  raw_client client{port};
  client.write(get_bytes(target, token));
  return client.read_answer();
}

} // namespace lakegate::gateway::test
