#include "shared/databricks/src/classify.hpp"

#include "shared/databricks/src/metrics.hpp"

#include <gtest/gtest.h>

namespace lakegate::databricks {

namespace {

using http::transport_failure;

struct transport_row {
  transport_failure why;
  bool sent;
  failure_kind kind;
};
class ClassifyingNoAnswer : public ::testing::TestWithParam<transport_row> {};

TEST_P(ClassifyingNoAnswer, KnowsTheFailure) {
  http::response answer;
  answer.failure = GetParam().why;
  answer.sent = GetParam().sent;

  auto result = classify(answer);

  EXPECT_EQ(result.kind, GetParam().kind);
  EXPECT_EQ(result.sent, GetParam().sent);
  EXPECT_EQ(result.http_status, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ClassifyingNoAnswer,
    ::testing::Values(
        transport_row{transport_failure::connect, false, failure_kind::unavailable},
        transport_row{transport_failure::lost, true, failure_kind::unavailable},
        transport_row{transport_failure::tls, false, failure_kind::invalid_response},
        transport_row{transport_failure::timeout, true, failure_kind::timeout},
        transport_row{transport_failure::timeout, false, failure_kind::timeout},
        transport_row{transport_failure::too_large, true, failure_kind::invalid_response},
        transport_row{transport_failure::malformed, true, failure_kind::invalid_response},
        transport_row{transport_failure::malformed, false,
                      failure_kind::invalid_argument},
        transport_row{transport_failure::cancelled, true, failure_kind::cancelled},
        transport_row{transport_failure::overloaded, false, failure_kind::overloaded}));

struct body_row {
  const char* name;
  std::string body;
};
class ReadingAnObject : public ::testing::TestWithParam<body_row> {};

TEST_P(ReadingAnObject, RefusesWhatIsNone) {
  http::response answer;
  answer.status = 200;
  answer.body = GetParam().body;

  auto result = read_object(answer);

  ASSERT_FALSE(result);
  auto failure = failure_in(result.error());
  EXPECT_EQ(failure.kind, failure_kind::invalid_response);
  EXPECT_EQ(failure.http_status, 200);
  EXPECT_EQ(failure.message.find("canary"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingAnObject,
    ::testing::Values(body_row{"empty", ""}, body_row{"cut", R"({"canary":)"},
                      body_row{"array", R"(["canary"])"}, body_row{"text", "canary"},
                      body_row{"gzip", "\x1f\x8b\x08 canary"},
                      body_row{"trailing", R"({"a":1} canary)"},
                      body_row{"twice", R"({"canary":1,"canary":2})"},
                      body_row{"not_a_number", R"({"canary":NaN})"},
                      body_row{"deep", std::string(100, '[') + std::string(100, ']')}),
    [](const auto& x) { return std::string{x.param.name}; });

TEST(LabellingAnOutcome, KnowsEveryKind) {
  EXPECT_EQ(outcome_of(failure_kind::none), "ok");
  EXPECT_EQ(outcome_of(failure_kind::token_expired), "denied");
  EXPECT_EQ(outcome_of(failure_kind::permission_denied), "denied");
  EXPECT_EQ(outcome_of(failure_kind::not_found), "refused");
  EXPECT_EQ(outcome_of(failure_kind::rate_limited), "rate_limited");
  EXPECT_EQ(outcome_of(failure_kind::unavailable), "unavailable");
  EXPECT_EQ(outcome_of(failure_kind::overloaded), "unavailable");
  EXPECT_EQ(outcome_of(failure_kind::held_back), "unavailable");
  EXPECT_EQ(outcome_of(failure_kind::timeout), "timeout");
  EXPECT_EQ(outcome_of(failure_kind::invalid_response), "invalid_response");
  EXPECT_EQ(outcome_of(failure_kind::cancelled), "cancelled");
}

} // namespace

} // namespace lakegate::databricks
