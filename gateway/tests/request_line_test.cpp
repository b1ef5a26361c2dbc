#include "gateway/tests/support/api.hpp"

#include <lakegate/runtime/log.hpp>
#include <lakegate/testing/captured_log.hpp>

#include <gmock/gmock.h>

/// The one line that the gateway logs of a request.
namespace lakegate::gateway::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

const std::string who_am_i = "/api/user/me";
const std::string a_preference = "/api/lakebase/preferences/theme";

class TheLineOfARequest : public testing::Test {
protected:
  /// The lines so far.
  std::vector<nlohmann::json> lines() {
    std::vector<nlohmann::json> result;
    for (const auto& line : log_.lines_of("request"))
      result.push_back(nlohmann::json::parse(line));
    return result;
  }

  nlohmann::json last_line() {
    auto all = lines();
    return all.empty() ? nlohmann::json{} : all.back();
  }

  /// Answers a preference after telling the meter of a service that took `there`.
  void given_a_preference(const call_report& there) {
    the_api.preferences.on<preferences::get_preference>(
        [there](const preferences::get_preference& cmd) {
          auto now = call_meter::clock::now();
          cmd.who.meter->begin(hop::service, now);
          cmd.who.meter->end(there, now + 1s);
          preferences::preference result;
          result.value = json_text::trusted("{}");
          result.etag = "\"1\"";
          return result;
        });
  }

  double counted(const std::string& where) {
    for (const auto& family : the_api.registry->Collect())
      if (family.name == "lakegate_gateway_overloaded_total")
        for (const auto& x : family.metric)
          if (x.label.front().value == where)
            return x.counter.value;
    return -1;
  }

  lakegate::test::captured_log log_;
  api the_api;
};

TEST_F(TheLineOfARequest, SplitsTheTimeAsTheServiceReported) {
  given_a_preference({1000, 2000, 0, 300'000, 40'000, 3, cache_verdict::shared});

  the_api.send(get(a_preference));

  auto line = last_line();
  EXPECT_EQ(line["operation"], "get_preference");
  EXPECT_EQ(line["status"], 200);
  EXPECT_EQ(line["outcome"], "success");
  EXPECT_EQ(line["error_code"], "");
  EXPECT_EQ(line["service_us"], 1000);
  EXPECT_EQ(line["upstream_us"], 300'000);
  EXPECT_EQ(line["database_us"], 40'000);
  EXPECT_EQ(line["queue_us"], 1'000'000 - 341'000);
  EXPECT_EQ(line["attempts"], 3);
  EXPECT_EQ(line["cache"], "shared");
  EXPECT_TRUE(line["gateway_us"].is_number_unsigned());
}

TEST_F(TheLineOfARequest, SaysWhetherTheIdentityWasRemembered) {
  given_a_preference({});

  the_api.send(get(a_preference));
  the_api.send(get(a_preference));

  auto all = lines();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0]["identity_cache"], "miss");
  EXPECT_EQ(all[1]["identity_cache"], "hit");
  EXPECT_EQ(all[1]["cache"], "");
  EXPECT_EQ(all[1]["attempts"], 0);
}

TEST_F(TheLineOfARequest, GivesTheGatewayWhatNobodyElseTook) {
  the_api.send(get("/health"));

  auto line = last_line();
  EXPECT_EQ(line["operation"], "get_health");
  EXPECT_EQ(line["identity_cache"], "");
  EXPECT_LE(line["gateway_us"].get<double>(), line["ms"].get<double>() * 1000);
  for (const auto* part : {"queue_us", "service_us", "upstream_us", "database_us"})
    EXPECT_EQ(line[part], 0) << part;
}

TEST_F(TheLineOfARequest, NamesTheOutcome) {
  // Given one that is the caller's fault, one that is ours, one that nobody waits for
  the_api.send(get("/api/unity-catalog/query?limit=x"));
  EXPECT_EQ(last_line()["outcome"], "refused");
  EXPECT_EQ(last_line()["error_code"], "INVALID_QUERY");

  the_api.send(get(a_preference));
  EXPECT_EQ(last_line()["outcome"], "failed");
  EXPECT_EQ(last_line()["error_code"], "SERVICE_UNAVAILABLE");

  the_api.preferences.holds_answers = true;
  given_a_preference({});
  the_api.try_send(get(a_preference));
  the_api.last.lock()->abandon();
  EXPECT_EQ(last_line()["outcome"], "abandoned");
  EXPECT_EQ(last_line()["status"], 499);
}

TEST_F(TheLineOfARequest, IsWrittenOnlyWhereTheLevelAsksForIt) {
  given_a_preference({});

  log::set_level(log::level::warn);
  the_api.send(get(a_preference));
  auto silent = lines();
  log::set_level(log::level::info);
  the_api.send(get(a_preference));

  EXPECT_THAT(silent, IsEmpty());
  EXPECT_THAT(lines(), SizeIs(1));
}

TEST_F(TheLineOfARequest, CountsTooMuchAtALink) {
  the_api.preferences.on<preferences::get_preference>(
      [](const preferences::get_preference& cmd)
          -> caf::expected<preferences::preference> {
        cmd.who.meter->refused_by_link();
        return make_error(errc::overloaded);
      });

  the_api.send(get(a_preference));

  EXPECT_EQ(counted("link"), 1);
  EXPECT_EQ(counted("service") + counted("identity") + counted("requests"), 0);
}

TEST_F(TheLineOfARequest, CountsTooMuchAtAService) {
  the_api.preferences.on<preferences::get_preference>(
      [](const preferences::get_preference&) -> caf::expected<preferences::preference> {
        return make_error(errc::overloaded);
      });

  the_api.send(get(a_preference));

  EXPECT_EQ(counted("service"), 1);
  EXPECT_EQ(counted("link") + counted("identity") + counted("requests"), 0);
}

TEST_F(TheLineOfARequest, CountsTooManyQuestionsWhoItIs) {
  the_api.workspace =
      [](const std::string&) -> caf::expected<databricks::workspace_user> {
    databricks::upstream_failure why;
    why.kind = databricks::failure_kind::overloaded;
    return databricks::make_error(why);
  };

  the_api.send(get(who_am_i));

  EXPECT_EQ(last_line()["error_code"], "OVERLOADED");
  EXPECT_EQ(counted("identity"), 1);
  EXPECT_EQ(counted("link") + counted("service") + counted("requests"), 0);
}

} // namespace
} // namespace lakegate::gateway::test
