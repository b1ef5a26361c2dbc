#include "gateway/tests/support/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using namespace std::chrono_literals;
using test::api;
using test::body_of;
using test::code_of;
using test::faults_of;
using test::get;
using test::request_of;
using testing::ElementsAre;

model_serving::endpoint fare() {
  model_serving::endpoint result;
  result.endpoint_name = "fare";
  result.endpoint_id = "id";
  result.state = "READY";
  result.task = std::string{"llm/v1/chat"};
  return result;
}

http_response invoke(api& the_api, std::string body) {
  return the_api.send(
      request_of(http_method::post, "/api/model-serving/invoke", std::move(body)));
}

TEST(ShowingEndpoints, GivesEveryFieldOfTheContract) {
  api the_api;
  the_api.model_serving.on<model_serving::list_endpoints>(
      [](const auto&) { return model_serving::endpoint_list{{fare()}}; });
  the_api.model_serving.on<model_serving::get_endpoint>([](const auto&) {
    return model_serving::endpoint_details{fare(), "https://x/invocations", caf::none,
                                           json_text::trusted(R"({"a":1})")};
  });

  auto list = the_api.send(get("/api/model-serving/endpoints"));
  auto one = the_api.send(get("/api/model-serving/endpoints/a%2Fb"));

  EXPECT_EQ(list.body, R"([{"endpoint_name":"fare","endpoint_id":"id","model_name":null,)"
                       R"("model_version":null,"state":"READY","task":"llm/v1/chat",)"
                       R"("creator":null,"creation_timestamp":null}])");
  EXPECT_EQ(one.body,
            R"({"endpoint_name":"fare","endpoint_id":"id","model_name":null,)"
            R"("model_version":null,"state":"READY","task":"llm/v1/chat",)"
            R"("creator":null,"creation_timestamp":null,)"
            R"("workload_url":"https://x/invocations","last_updated_timestamp":null,)"
            R"("config":{"a":1}})");
  auto sent = the_api.model_serving.received<model_serving::get_endpoint>().at(0);
  EXPECT_EQ(sent.endpoint_name, "a/b");
  EXPECT_EQ(sent.who.token.reveal(), "token-a");
}

TEST(DetectingASchema, GivesEveryFieldOfTheContract) {
  api the_api;
  the_api.model_serving.on<model_serving::detect_schema>([](const auto& cmd) {
    model_serving::detected_schema result;
    result.endpoint_name = cmd.endpoint_name;
    result.detected_type = "UNKNOWN";
    result.status = "FAILURE";
    result.example = json_text::trusted("{}");
    result.error_message = std::string{"no schema"};
    result.latency_ms = 3;
    result.detected_at = "2026-11-22T12:00:00.000Z";
    return result;
  });

  auto answer = the_api.send(get("/api/model-serving/endpoints/fare/schema"));

  EXPECT_EQ(answer.body,
            R"({"endpoint_name":"fare","detected_type":"UNKNOWN","status":"FAILURE",)"
            R"("schema":null,"example_json":{},"error_message":"no schema",)"
            R"("latency_ms":3,"detected_at":"2026-11-22T12:00:00.000Z"})");
}

TEST(InvokingAModel, CarriesInputsAndPredictionsDigitForDigit) {
  api the_api;
  the_api.model_serving.on<model_serving::invoke_model>([](const auto& cmd) {
    return model_serving::inference{"r", cmd.endpoint_name,
                                    json_text::trusted(R"({"p":1.10})"), 12,
                                    "2026-11-22T12:00:00.000Z"};
  });

  auto answer =
      invoke(the_api, R"({"endpoint_name":"fare","inputs": {"x":1e400, "y":[]} })");

  EXPECT_EQ(answer.body,
            R"({"request_id":"r","endpoint_name":"fare","predictions":{"p":1.10},)"
            R"("status":"SUCCESS","execution_time_ms":12,"error_message":null,)"
            R"("completed_at":"2026-11-22T12:00:00.000Z"})");
  auto sent = the_api.model_serving.received<model_serving::invoke_model>().at(0);
  EXPECT_EQ(sent.inputs.str(), R"({"x":1e400, "y":[]})");
  EXPECT_EQ(sent.timeout, 30s);
}

TEST(InvokingAModel, WaitsAsLongAsTheModelMayTakeAndALittle) {
  api the_api;

  invoke(the_api, R"({"endpoint_name":"a","inputs":{"x":1},"timeout_seconds":300})");

  auto sent = the_api.model_serving.received<model_serving::invoke_model>().at(0);
  EXPECT_EQ(sent.timeout, 300s);
  EXPECT_GT(the_api.model_serving.last_budget, 301s);
  EXPECT_LE(the_api.model_serving.last_budget, 302s);
}

struct bad_input {
  std::string name;
  std::string body;
  std::vector<std::string> faults;
  friend void PrintTo(const bad_input& x, std::ostream* os) { *os << x.name; }
};

class RefusingAnInput : public testing::TestWithParam<bad_input> {};

TEST_P(RefusingAnInput, ListsEveryFault) {
  api the_api;

  auto answer = invoke(the_api, GetParam().body);

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), "INVALID_INPUT");
  EXPECT_EQ(faults_of(answer), GetParam().faults);
}

constexpr auto bad_timeout = "timeout_seconds: must be a whole number between 1 and 300";

INSTANTIATE_TEST_SUITE_P(
    Bad, RefusingAnInput,
    testing::Values(
        bad_input{"Empty", "{}", {"endpoint_name: is required", "inputs: is required"}},
        bad_input{"EmptyInputs",
                  R"({"endpoint_name":"a","inputs":{},"timeout_seconds":0})",
                  {"inputs: must not be empty", bad_timeout}},
        bad_input{"WrongTypes",
                  R"({"endpoint_name":1,"inputs":[1],"timeout_seconds":"5"})",
                  {"endpoint_name: must be a string", "inputs: must be a JSON object",
                   bad_timeout}},
        bad_input{"NullInputs",
                  R"({"endpoint_name":"a","inputs":null})",
                  {"inputs: must be a JSON object"}},
        bad_input{"TooLong",
                  R"({"endpoint_name":"a","inputs":{"a":1},"timeout_seconds":301})",
                  {bad_timeout}},
        bad_input{"Fraction",
                  R"({"endpoint_name":"a","inputs":{"a":1},"timeout_seconds":1.5})",
                  {bad_timeout}},
        bad_input{"TooLarge",
                  R"({"endpoint_name":"a","inputs":{"a":")" + std::string(16777216, 'x')
                      + "\"}}",
                  {"inputs: must be at most 16 MiB (16777216 bytes), is 16777224"}}),
    [](const auto& x) { return x.param.name; });

TEST(ListingInferenceLogs, SendsTheFiltersAndEchoesThePage) {
  api the_api;
  the_api.model_serving.on<model_serving::list_inference_logs>([](const auto&) {
    model_serving::inference_log_entry entry;
    entry.id = 1;
    entry.request_id = "r";
    entry.status = "TIMEOUT";
    entry.error_message = std::string{"too slow"};
    return model_serving::inference_log_page{{entry}, 77};
  });

  auto answer = the_api.send(
      get("/api/model-serving/logs?limit=10&offset=20&endpoint_name=fare&status=TIMEOUT"
          "&since=2026-11-22T17:30:00%2B05:30"));

  auto body = body_of(answer);
  EXPECT_EQ(body["total_count"], 77);
  EXPECT_EQ(body["limit"], 10);
  EXPECT_EQ(body["offset"], 20);
  EXPECT_EQ(body["logs"][0]["predictions"], nullptr);
  EXPECT_EQ(body["logs"][0]["error_message"], "too slow");
  EXPECT_EQ(body["logs"][0].size(), 11u);
  auto sent = the_api.model_serving.received<model_serving::list_inference_logs>().at(0);
  EXPECT_EQ(sent.status, caf::optional<std::string>{"TIMEOUT"});
  EXPECT_EQ(sent.since, caf::optional<std::string>{"2026-11-22T12:00:00.000Z"});
  EXPECT_EQ(sent.until, caf::none);
}

TEST(ListingInferenceLogs, NamesEveryFault) {
  api the_api;

  auto answer = the_api.send(
      get("/api/model-serving/logs?limit=0&offset=x&status=ok&since=now&endpoint_name="));

  EXPECT_EQ(code_of(answer), "INVALID_REQUEST");
  EXPECT_EQ(faults_of(answer).size(), 5u) << answer.body;
}

TEST(ListingInferenceLogs, HasFiftyByDefault) {
  api the_api;

  the_api.send(get("/api/model-serving/logs"));

  auto sent = the_api.model_serving.received<model_serving::list_inference_logs>().at(0);
  EXPECT_EQ(sent.limit, 50);
}

} // namespace
} // namespace lakegate::gateway
