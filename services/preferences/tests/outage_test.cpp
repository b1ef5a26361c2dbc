#include "services/preferences/tests/world.hpp"

#include <lakegate/testing/temporary_postgres.hpp>

namespace lakegate::preferences {

namespace {

using namespace std::chrono_literals;

class LosingTheDatabase : public ::testing::Test {
protected:
  errc code_of_list() { return app.list("ada").code(); }

  component_status status() {
    return app.ask<service_status>(get_status{})->components.front();
  }

  /// How long it takes until a list works again.
  std::chrono::milliseconds until_it_works() {
    const auto begin = std::chrono::steady_clock::now();
    const auto end = begin + 10s;
    while (code_of_list() != errc::none && std::chrono::steady_clock::now() < end) {
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
  }

  test::temporary_postgres server;
  world app{server};
};

} // namespace

TEST_F(LosingTheDatabase, AnswersUnavailableFastAndComesBackByItself) {
  app.save("ada", "theme", R"({"a":1})");
  server.stop();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(code_of_list(), errc::database_unavailable);
    EXPECT_EQ(app.save("ada", "theme", "{}").code(), errc::database_unavailable);
    EXPECT_EQ(app.remove("ada", "theme").code(), errc::database_unavailable);
    EXPECT_EQ(app.get("ada", "theme").code(), errc::database_unavailable);
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(status().status, "down");
  server.start();

  EXPECT_LT(took, 500ms);
  EXPECT_LT(until_it_works(), 1s);
  EXPECT_EQ(app.get("ada", "theme")->value.str(), R"({"a":1})");
  EXPECT_EQ(status().status, "up");
}

TEST_F(LosingTheDatabase, KeepsTheCallersTimeWhileItIsFrozen) {
  app.save("ada", "theme", "{}");
  server.freeze();
  list_preferences cmd{caller_of("ada"), caf::none, 10, 0};
  cmd.who.time_left = 200ms;
  const auto begin = std::chrono::steady_clock::now();

  auto late = app.ask<preference_page>(cmd);
  const auto took = std::chrono::steady_clock::now() - begin;
  server.thaw();

  EXPECT_EQ(late.code(), errc::database_unavailable);
  EXPECT_LT(took, 400ms);
  EXPECT_LT(until_it_works(), 1s);
}

TEST_F(LosingTheDatabase, StillRefusesWhatIsWrong) {
  server.stop();

  EXPECT_EQ(app.save("ada", "", "{}").code(), errc::invalid_preference);
}

TEST(LosingConnections, DoesNotShowAKilledBackend) {
  world app{test::postgres_cluster::shared()};
  app.save("ada", "theme", "{}");

  for (int i = 0; i < 5; ++i) {
    app.kill_backends();
    EXPECT_EQ(app.list("ada").code(), errc::none);
  }
}

TEST(HavingNoDatabase, SaysSoForEveryCommand) {
  world app{test::postgres_cluster::shared(),
            [](postgres::database_config& config) { config.connection.host.clear(); }};

  EXPECT_EQ(app.list("ada").code(), errc::lakebase_not_configured);
  EXPECT_EQ(app.get("ada", "a").code(), errc::lakebase_not_configured);
  EXPECT_EQ(app.save("ada", "a", "{}").code(), errc::lakebase_not_configured);
  EXPECT_EQ(app.remove("ada", "a").code(), errc::lakebase_not_configured);
  EXPECT_EQ(app.ask<service_status>(get_status{})->components.front().status,
            "not_configured");
}

TEST(HavingAWrongPassword, IsUnavailableAndSaysWhyToOperators) {
  world app{test::postgres_cluster::shared(), [](postgres::database_config& config) {
              config.credentials =
                  std::make_shared<postgres::static_password>(access_token{"wrong"});
            }};

  EXPECT_EQ(app.list("ada").code(), errc::database_unavailable);
  EXPECT_EQ(app.ask<service_status>(get_status{})->components.front().detail,
            "PostgreSQL refuses the credentials.");
}

} // namespace lakegate::preferences
