#include "gateway/src/dispatch.hpp"

#include "gateway/tests/support/api.hpp"

#include <lakegate/testing/captured_log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using test::api;
using test::body_of;
using test::code_of;
using test::faults_of;
using test::get;
using test::header_of;
using test::request_of;
using test::without_token;
using testing::ElementsAre;
using testing::MatchesRegex;

constexpr auto me = "/api/user/me";

http_request with_header(http_request request, std::string name, std::string value) {
  request.headers.push_back({std::move(name), std::move(value)});
  return request;
}

databricks::upstream_failure upstream(databricks::failure_kind kind) {
  databricks::upstream_failure result;
  result.kind = kind;
  return result;
}

TEST(CorrelatingARequest, EchoesAGoodIdOnEveryAnswer) {
  api the_api;

  auto good = the_api.send(with_header(get(me), "X-Correlation-ID", "my.id-1_A"));
  auto missing = the_api.send(with_header(get("/nope"), "X-Correlation-ID", "x2"));

  EXPECT_EQ(header_of(good, "X-Correlation-ID"), "my.id-1_A");
  EXPECT_EQ(header_of(missing, "X-Correlation-ID"), "x2");
  EXPECT_EQ(body_of(missing)["detail"]["correlation_id"], "x2");
}

TEST(CorrelatingARequest, MakesAnIdWhereNoneIsUsable) {
  api the_api;

  auto answer = the_api.send(with_header(get(me), "X-Correlation-ID", "a b\"c"));

  EXPECT_THAT(header_of(answer, "X-Correlation-ID"),
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]+"));
}

TEST(FindingARoute, GivesTheEnvelopeForAnUnknownPathEvenWithoutAToken) {
  api the_api;

  auto answer = the_api.send(without_token(get("/api/nope")));

  EXPECT_EQ(answer.status, 404);
  auto detail = body_of(answer)["detail"];
  EXPECT_EQ(detail["error_code"], "NOT_FOUND");
  EXPECT_EQ(detail["message"], "There is no such route.");
  EXPECT_EQ(detail["technical_details"], nlohmann::json::object());
  EXPECT_EQ(detail["retry_after"], nullptr);
  EXPECT_EQ(detail.size(), 5u);
  EXPECT_EQ(the_api.workspace_calls, 0);
}

TEST(FindingARoute, SaysWhichMethodsAPathTakes) {
  api the_api;

  auto list = the_api.send(request_of(http_method::put, "/api/preferences"));
  auto item = the_api.send(request_of(http_method::post, "/api/preferences/a"));
  auto trace = the_api.send(request_of(http_method::other, "/health"));

  EXPECT_EQ(list.status, 405);
  EXPECT_EQ(code_of(list), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(header_of(list, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(header_of(item, "Allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
  EXPECT_EQ(trace.status, 405);
}

TEST(FindingARoute, MatchesTheRawPathOnly) {
  api the_api;

  EXPECT_EQ(the_api.send(get("/api/%75ser/me")).status, 404);
  EXPECT_EQ(the_api.send(get("/api/user/me/")).status, 404);
  EXPECT_EQ(the_api.send(get("//api/user/me")).status, 404);
  EXPECT_EQ(the_api.send(get("/api/x/../user/me")).status, 404);
  EXPECT_EQ(the_api.send(get("/API/user/me")).status, 404);
  EXPECT_EQ(the_api.send(get("/api/user/me?unknown=1&unknown=2")).status, 200);
}

TEST(FindingARoute, TakesHeadWhereItTakesGet) {
  api the_api;

  auto answer = the_api.send(request_of(http_method::head, me));

  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.without_body);
}

TEST(CheckingSyntax, ListsEveryFaultAndEndsTheConnection) {
  api the_api;
  auto request = with_header(get(me), "Content-Length ", "0");
  request.wants_upgrade = true;

  auto answer = the_api.send(with_header(std::move(request), "Host", "other"));

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), "INVALID_REQUEST");
  EXPECT_THAT(faults_of(answer),
              ElementsAre("Upgrade: is not supported; send a plain HTTP/1.1 request",
                          "header: a header's name holds a character it must not",
                          "Host: must be given once"));
  EXPECT_TRUE(answer.close_connection);
}

TEST(CheckingSyntax, RefusesControlCharactersInAHeader) {
  api the_api;

  for (const auto& value :
       {std::string{"a\0b", 3}, std::string{"a\rb"}, std::string{"\x7f"}}) {
    auto answer = the_api.send(with_header(get(me), "X-Note", value));
    EXPECT_THAT(faults_of(answer),
                ElementsAre("X-Note: must not hold a control character"));
  }
  EXPECT_EQ(the_api.send(with_header(get(me), "X-Note", "a\tb")).status, 200);
}

TEST(CheckingSyntax, WantsAHost) {
  api the_api;
  auto request = get("/health");
  request.headers.clear();

  EXPECT_EQ(the_api.send(request).status, 400);
}

TEST(CheckingSyntax, RefusesHeadersTwiceThatMayComeOnce) {
  api the_api;

  for (auto name : {"x-forwarded-access-token", "Authorization", "Content-Type",
                    "If-Match", "Idempotency-Key"}) {
    auto request = with_header(with_header(get(me), name, "a"), name, "a");
    auto answer = the_api.send(request);
    EXPECT_EQ(answer.status, 400) << name;
    EXPECT_EQ(code_of(answer), "DUPLICATE_HEADER") << name;
  }
  EXPECT_EQ(the_api.workspace_calls, 0);
}

TEST(CheckingSyntax, GoesBeforeEverythingElse) {
  api the_api;

  EXPECT_EQ(code_of(the_api.send(without_token(get("/api/user/%zz")))),
            "INVALID_REQUEST");
  EXPECT_EQ(code_of(the_api.send(without_token(get("/api/user/me?a=%00")))),
            "INVALID_REQUEST");
}

TEST(Authenticating, LearnsNothingMoreThan401WithoutAToken) {
  api the_api;

  auto answer =
      the_api.send(without_token(get("/api/unity-catalog/query?limit=-1&limit=x")));

  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(code_of(answer), "AUTH_MISSING");
  EXPECT_EQ(header_of(answer, "WWW-Authenticate"), "Bearer");
}

TEST(Authenticating, RefusesAMalformedTokenWithoutAskingAnybody) {
  api the_api;
  auto request = without_token(get(me));

  auto answer =
      the_api.send(with_header(std::move(request), "X-Forwarded-Access-Token", "a b"));

  EXPECT_EQ(code_of(answer), "AUTH_MALFORMED");
  EXPECT_EQ(the_api.workspace_calls, 0);
}

TEST(Authenticating, AsksOnceForManyRequestsOfOneToken) {
  api the_api;

  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(the_api.send(get(me)).status, 200);

  EXPECT_EQ(the_api.workspace_calls, 1);
}

TEST(Authenticating, ForgetsAnIdentityWhoseTokenAServiceSawRefused) {
  api the_api;
  the_api.model_serving.on<model_serving::list_endpoints>(
      [](const auto&) { return make_error(errc::auth_invalid); });

  the_api.send(get(me));
  auto answer = the_api.send(get("/api/model-serving/endpoints"));
  the_api.send(get(me));

  EXPECT_EQ(code_of(answer), "AUTH_INVALID");
  EXPECT_EQ(the_api.workspace_calls, 2);
}

TEST(Authenticating, DoesNotTakeAnIdentityFromOtherHeaders) {
  api the_api;

  auto answer = the_api.send(
      with_header(with_header(get(me), "X-Forwarded-Email", "eve@example.com"),
                  "X-Forwarded-User", "eve"));

  EXPECT_EQ(body_of(answer)["userName"], "ada@example.com");
}

TEST(Authenticating, PassesOnHowLongToWait) {
  api the_api;
  the_api.workspace = [](const auto&) {
    auto why = upstream(databricks::failure_kind::rate_limited);
    why.retry_after = 17;
    return databricks::make_error(why);
  };

  auto answer = the_api.send(get(me));

  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header_of(answer, "Retry-After"), "17");
  EXPECT_EQ(body_of(answer)["detail"]["retry_after"], 17);
}

TEST(LimitingRequests, ShedsWhatIsTooMuchAtOnce) {
  dispatch_config config;
  config.max_in_flight = 1;
  api the_api{config};
  the_api.model_serving.holds_answers = true;
  the_api.model_serving.on<model_serving::list_endpoints>(
      [](const auto&) { return model_serving::endpoint_list{}; });

  auto held = the_api.try_send(get("/api/model-serving/endpoints"));
  auto shed = the_api.send(get(me));
  auto health = the_api.send(get("/health"));
  the_api.model_serving.held();
  auto after = the_api.send(get(me));

  EXPECT_FALSE(held);
  EXPECT_EQ(shed.status, 503);
  EXPECT_EQ(code_of(shed), "OVERLOADED");
  EXPECT_EQ(header_of(shed, "Retry-After"), "1");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(after.status, 200);
  EXPECT_NE(the_api.send(get("/metrics"))
                .body.find("lakegate_gateway_overloaded_total{where=\"requests\"} 1"),
            std::string::npos);
}

TEST(LimitingRequests, HoldsEachUserToTheirRate) {
  dispatch_config config;
  config.requests_per_second = 1;
  api the_api{config};
  auto other = without_token(get(me));
  other.headers.push_back({"Authorization", "Bearer token-b"});

  EXPECT_EQ(the_api.send(get(me)).status, 200);
  EXPECT_EQ(the_api.send(get(me)).status, 200);
  auto third = the_api.send(get(me));

  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(code_of(third), "RATE_LIMITED");
  EXPECT_EQ(header_of(third, "Retry-After"), "1");
  EXPECT_EQ(the_api.send(other).status, 200);
}

TEST(GoingAway, CancelsTheCallAndCountsAs499) {
  api the_api;
  the_api.model_serving.holds_answers = true;
  the_api.model_serving.on<model_serving::list_endpoints>(
      [](const auto&) { return model_serving::endpoint_list{}; });
  the_api.try_send(get("/api/model-serving/endpoints"));

  the_api.last.lock()->abandon();

  EXPECT_THAT(the_api.model_serving.cancelled, ElementsAre(1u));
  EXPECT_EQ(the_api.dispatch->in_flight(), 0u);
  auto metrics = the_api.send(get("/metrics")).body;
  EXPECT_NE(metrics.find("lakegate_gateway_requests_total{operation=\"list_"
                         "endpoints\",status=\"499\"} 1"),
            std::string::npos);
  the_api.model_serving.held(); // too late: nobody to answer
  EXPECT_EQ(the_api.answers.size(), 1u);
}

TEST(FailingInside, AnswersADefectWithoutLeakingIt) {
  api the_api;
  the_api.preferences.on<preferences::get_preference>(
      [](const auto&) -> caf::expected<preferences::preference> {
        throw std::runtime_error{"secret path /etc/passwd"};
      });

  auto answer = the_api.send(get("/api/preferences/a"));

  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(code_of(answer), "INTERNAL_ERROR");
  EXPECT_EQ(answer.body.find("passwd"), std::string::npos);
}

TEST(FailingInside, LogsADefectWithItsRequestAndTrace) {
  api the_api;
  the_api.preferences.on<preferences::get_preference>(
      [](const auto&) -> caf::expected<preferences::preference> {
        throw std::runtime_error{"broken"};
      });
  lakegate::test::captured_log log;
  auto request = with_header(get("/api/preferences/a"), "X-Correlation-ID", "x3");

  the_api.send(with_header(std::move(request), "traceparent",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

  EXPECT_THAT(
      log.lines_of("defect"),
      ElementsAre(testing::AllOf(
          testing::HasSubstr(R"("correlation_id":"x3")"),
          testing::HasSubstr(R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-)"))));
}

TEST(FailingInside, AnswersWhenTheExchangeIsDropped) {
  api the_api;
  the_api.model_serving.holds_answers = true;
  the_api.model_serving.on<model_serving::list_endpoints>(
      [](const auto&) { return model_serving::endpoint_list{}; });
  the_api.try_send(get("/api/model-serving/endpoints"));

  the_api.model_serving.held = nullptr;

  ASSERT_EQ(the_api.answers.size(), 1u);
  EXPECT_EQ(the_api.answers[0].status, 500);
  EXPECT_EQ(the_api.dispatch->in_flight(), 0u);
}

TEST(FailingInside, RefusesAHeaderThatAServiceTriesToSplit) {
  api the_api;
  the_api.preferences.on<preferences::get_preference>([](const auto&) {
    preferences::preference result;
    result.etag = "\"1\"\r\nSet-Cookie: a=b";
    return result;
  });

  auto answer = the_api.send(get("/api/preferences/a"));

  EXPECT_EQ(answer.status, 500);
}

TEST(AllowingOtherOrigins, AnswersPreflight) {
  dispatch_config config;
  config.cors_origins = {"https://app.example.com"};
  api the_api{config};
  auto preflight = [](std::string origin) {
    return with_header(without_token(request_of(http_method::options, me)), "Origin",
                       std::move(origin));
  };

  auto known = the_api.send(preflight("https://app.example.com"));
  auto unknown = the_api.send(preflight("https://evil.example.com"));

  EXPECT_EQ(known.status, 204);
  EXPECT_EQ(header_of(known, "Access-Control-Allow-Origin"), "https://app.example.com");
  EXPECT_EQ(header_of(known, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(header_of(known, "Vary"), "Origin");
  EXPECT_EQ(unknown.status, 204);
  EXPECT_EQ(header_of(unknown, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header_of(unknown, "Allow"), "GET, HEAD, OPTIONS");
}

TEST(AllowingOtherOrigins, LetsThemReadAnswers) {
  dispatch_config config;
  config.cors_origins = {"https://app.example.com"};
  api the_api{config};

  auto answer = the_api.send(with_header(get(me), "Origin", "https://app.example.com"));
  auto other = the_api.send(with_header(get(me), "Origin", "https://app.example.com.eu"));

  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "https://app.example.com");
  EXPECT_EQ(header_of(other, "Access-Control-Allow-Origin"), "");
}

} // namespace
} // namespace lakegate::gateway
