#include "services/model-serving/src/endpoint_view.hpp"
#include "services/model-serving/src/endpoints.hpp"

#include <lakegate/testing/deterministic_system.hpp>
#include <lakegate/testing/mock_databricks.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::model_serving {

using databricks::failure_kind;
using lakegate::test::fails;
using ::testing::_;
using ::testing::Return;

TEST(ShowingAnEndpoint, TellsItsState) {
  struct {
    const char* ready;
    const char* config_update;
    const char* state;
  } cases[] = {
      {"READY", "NOT_UPDATING", "READY"},
      {"READY", "IN_PROGRESS", "UPDATING"},
      {"READY", "UPDATE_FAILED", "READY"},
      {"READY", "UPDATE_CANCELED", "READY"},
      {"READY", "", "READY"},
      {"NOT_READY", "IN_PROGRESS", "CREATING"},
      {"NOT_READY", "NOT_UPDATING", "FAILED"},
      {"NOT_READY", "UPDATE_FAILED", "FAILED"},
      {"NOT_READY", "UPDATE_CANCELED", "FAILED"},
      {"", "", "FAILED"},
  };
  for (const auto& x : cases)
    EXPECT_EQ(state_of(x.ready, x.config_update), x.state)
        << x.ready << " " << x.config_update;
}

TEST(ShowingAnEndpoint, TakesTheModelFromItsFirstEntity) {
  databricks::serving_endpoint x;
  x.name = "a b/ü";
  x.id = "id1";
  x.creator = "ann@example.com";
  x.created_at_ms = 1'763'812'800'123;
  x.updated_at_ms = 1'763'812'801'000;
  x.ready = "READY";
  x.task = "llm/v1/chat";
  x.entities = {{"one", "main.ml.fare", "3", false, false},
                {"two", "x", "1", false, false}};
  x.config = json_text::trusted("{\"served_entities\": []}");

  auto shown = details_of(x, "https://w.example.com");

  EXPECT_EQ(shown.summary.endpoint_name, "a b/ü");
  EXPECT_EQ(shown.summary.endpoint_id, "id1");
  EXPECT_EQ(*shown.summary.model_name, "main.ml.fare");
  EXPECT_EQ(*shown.summary.model_version, "3");
  EXPECT_EQ(*shown.summary.task, "llm/v1/chat");
  EXPECT_EQ(*shown.summary.creator, "ann@example.com");
  EXPECT_EQ(*shown.summary.creation_timestamp, "2025-11-22T12:00:00.123Z");
  EXPECT_EQ(*shown.last_updated_timestamp, "2025-11-22T12:00:01.000Z");
  EXPECT_EQ(shown.workload_url,
            "https://w.example.com/serving-endpoints/a%20b%2F%C3%BC/invocations");
  EXPECT_EQ(shown.config.str(), "{\"served_entities\": []}");
}

TEST(ShowingAnEndpoint, LeavesOutWhatTheWorkspaceDoesNotTell) {
  auto shown = details_of({}, "https://w.example.com");

  EXPECT_FALSE(shown.summary.model_name);
  EXPECT_FALSE(shown.summary.model_version);
  EXPECT_FALSE(shown.summary.task);
  EXPECT_FALSE(shown.summary.creator);
  EXPECT_FALSE(shown.summary.creation_timestamp);
  EXPECT_FALSE(shown.last_updated_timestamp);
}

class AskingForEndpoints : public ::testing::Test {
protected:
  AskingForEndpoints() {
    actor = world.own(
        spawn_endpoints(world.system(), {"https://w.example.com"},
                        world.own(lakegate::test::spawn_mock(world.system(), serving))));
    world.settle();
  }

  template <class Result, class Command>
  lakegate::test::answer<Result> Ask(Command x) {
    x.who.token = access_token{"secret"};
    auto result = world.ask<Result>(actor, x);
    world.settle();
    return result;
  }

  lakegate::test::mock_serving serving;
  lakegate::test::deterministic_system world;
  endpoints_actor actor;
};

TEST_F(AskingForEndpoints, ListsThemByName) {
  databricks::serving_endpoint_list found;
  for (auto name : {"b", "a"})
    found.items.emplace_back().name = name;
  EXPECT_CALL(serving, list_serving_endpoints(_)).WillOnce([&](const auto& x) {
    EXPECT_EQ(x.ctx.token.reveal(), "secret");
    EXPECT_GT(x.ctx.time_left.count(), 0);
    return caf::expected<databricks::serving_endpoint_list>{found};
  });

  auto list = Ask<endpoint_list>(list_endpoints{});

  ASSERT_EQ(list->items.size(), 2u);
  EXPECT_EQ(list->items[0].endpoint_name, "a");
}

TEST_F(AskingForEndpoints, TellsWhatWentWrong) {
  struct {
    failure_kind kind;
    errc code;
  } cases[] = {
      {failure_kind::not_found, errc::endpoint_not_found},
      {failure_kind::permission_denied, errc::model_permission_denied},
      {failure_kind::scope_missing, errc::token_scope_missing},
      {failure_kind::unavailable, errc::model_unavailable},
      {failure_kind::timeout, errc::model_unavailable}, // no model was called
      {failure_kind::rate_limited, errc::rate_limited},
      {failure_kind::not_configured, errc::workspace_not_configured},
  };
  for (const auto& x : cases) {
    databricks::upstream_failure why;
    why.kind = x.kind;
    EXPECT_CALL(serving, get_serving_endpoint(_))
        .WillOnce(Return(fails<databricks::serving_endpoint>(why)));
    get_endpoint command;
    command.endpoint_name = "fare";

    EXPECT_EQ(Ask<endpoint_details>(command).code(), x.code);
  }
}

TEST_F(AskingForEndpoints, RefusesANameThatCannotBe) {
  EXPECT_CALL(serving, get_serving_endpoint(_)).Times(0);

  EXPECT_EQ(Ask<endpoint_details>(get_endpoint{}).code(), errc::invalid_request);
}

} // namespace lakegate::model_serving
