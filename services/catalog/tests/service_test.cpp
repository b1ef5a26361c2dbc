#include "services/catalog/src/service.hpp"

#include "services/catalog/tests/mock_workspace.hpp"

#include <lakegate/runtime/service_link.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <gmock/gmock.h>

#include <future>
#include <thread>

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::failure_kind;

/// A gateway's end of the link to the service, with an event loop of its own.
class Gateway {
public:
  explicit Gateway(std::uint16_t port)
      : link_{node_,
              io_,
              {.service = "catalog", .peers = {{"127.0.0.1", port}}},
              registry_},
        thread_{[this] { io_.run(); }} {}

  ~Gateway() {
    asio::post(io_, [this] {
      link_.close();
      io_.stop();
    });
    thread_.join();
  }

  template <class Result, class Command>
  caf::expected<Result> Ask(const Command& command) {
    std::promise<caf::expected<Result>> promise;
    auto answer = promise.get_future();
    asio::post(io_, [&] {
      link_.submit(command, 10s,
                   [&](caf::expected<Result> x) { promise.set_value(std::move(x)); });
    });
    if (answer.wait_for(15s) != std::future_status::ready)
      return make_error(errc::internal_error);
    return answer.get();
  }

  /// Asks until the link is up.
  template <class Result, class Command>
  caf::expected<Result> AskOnceUp(const Command& command) {
    auto end = std::chrono::steady_clock::now() + 15s;
    for (;;) {
      auto result = Ask<Result>(command);
      if (result || failure_of(result.error()).code != errc::service_unavailable
          || std::chrono::steady_clock::now() > end)
        return result;
    }
  }

private:
  prometheus::Registry registry_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  runtime::node node_{{.name = "gateway"}};
  runtime::service_link<service_actor> link_;
  std::thread thread_;
};

class RunningTheService : public testing::Test {
protected:
  /// A workspace with the schemas b and a, and with nothing else.
  static databricks::catalog_actor SpawnWorkspace(caf::actor_system& system) {
    auto refuse = databricks::make_error(Failure(failure_kind::not_found, 404));
    return system.spawn([refuse]() -> databricks::catalog_actor::behavior_type {
      using namespace databricks;
      return {
          [](const databricks::list_catalogs& x) -> caf::result<databricks::name_page> {
            if (x.ctx.token != access_token{"token-of-ada"})
              return databricks::make_error(Failure(failure_kind::token_invalid, 401));
            return databricks::name_page{{"b", "a"}, ""};
          },
          [refuse](const databricks::list_schemas&)
              -> caf::result<databricks::name_page> { return refuse; },
          [refuse](const databricks::list_tables&)
              -> caf::result<databricks::table_page> { return refuse; },
          [](const databricks::get_table&) -> caf::result<databricks::table_info> {
            throw std::logic_error{"a defect"};
          },
      };
    });
  }

  static databricks::sql_actor SpawnWarehouse(caf::actor_system& system) {
    return system.spawn([]() -> databricks::sql_actor::behavior_type {
      using namespace databricks;
      return {
          [](const execute_statement&) { return statement_status{}; },
          [](const get_statement&) { return statement_status{}; },
          [](const get_result_chunk&) { return result_chunk{}; },
          [](const cancel_statement&) { return cancelled_statement{}; },
      };
    });
  }

  static config Settings() {
    config result;
    result.node.name = "catalog";
    result.warehouse_id = "w1";
    return result;
  }

  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  service running{
      Settings(), registry, {SpawnWorkspace, SpawnWarehouse, [](caf::actor_system&) {
                               return preferences::service_actor{};
                             }}};
};

TEST_F(RunningTheService, AnswersOverTheNetwork) {
  Gateway gateway{running.port()};

  auto answer = gateway.AskOnceUp<name_page>(list_catalogs{Ada(), {}});

  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->names, testing::ElementsAre("a", "b"));
  EXPECT_TRUE(running.is_ready());
}

TEST_F(RunningTheService, KeepsErrorsWholeOverTheNetwork) {
  Gateway gateway{running.port()};

  auto answer = gateway.AskOnceUp<name_page>(list_schemas{Ada(), "nope", {}});

  ASSERT_FALSE(answer);
  auto failed = failure_of(answer.error());
  EXPECT_EQ(failed.code, errc::catalog_not_found);
  EXPECT_EQ(failed.details, R"({"catalog":"nope"})");
}

TEST_F(RunningTheService, TellsHowItsPeersAre) {
  Gateway gateway{running.port()};

  auto answer = gateway.AskOnceUp<service_status>(get_status{});

  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->components.size(), 2U);
  EXPECT_EQ(answer->components[0].name, "workspace");
  EXPECT_EQ(answer->components[1].name, "warehouse");
  EXPECT_EQ(answer->components[1].status, "up");
}

TEST_F(RunningTheService, ReplacesAllItsPartsWhenOneDies) {
  Gateway gateway{running.port()};
  query_table query;
  query.who = Ada();
  query.who.time_left = 1s;
  query.catalog = "main";
  query.schema = "default";
  query.table = "customers";

  ASSERT_TRUE(gateway.AskOnceUp<service_status>(get_status{}));
  auto broken = gateway.Ask<query_result>(query);
  auto healed = gateway.AskOnceUp<name_page>(list_catalogs{Ada(), {}});

  ASSERT_FALSE(broken);
  EXPECT_EQ(failure_of(broken.error()).code, errc::service_unavailable);
  ASSERT_TRUE(healed);
  EXPECT_THAT(healed->names, testing::ElementsAre("a", "b"));
}

TEST_F(RunningTheService, RefusesWorkOnceItIsStopped) {
  Gateway gateway{running.port()};
  ASSERT_TRUE(gateway.AskOnceUp<name_page>(list_catalogs{Ada(), {}}));

  running.stop(5s);
  auto answer = gateway.Ask<name_page>(list_catalogs{Ada(), {}});

  EXPECT_FALSE(running.is_ready());
  ASSERT_FALSE(answer);
  EXPECT_EQ(failure_of(answer.error()).code, errc::service_unavailable);
}

TEST(StartingTheService, FailsWithASentenceWhenItsPortIsTaken) {
  auto registry = std::make_shared<prometheus::Registry>();
  dependencies parts{
      {}, {}, [](caf::actor_system&) { return preferences::service_actor{}; }};
  service first{{}, registry, parts};
  config settings;
  settings.node.listen_port = first.port();

  EXPECT_THROW((service{settings, registry, parts}), std::runtime_error);
}

} // namespace
} // namespace lakegate::catalog
