#include "services/model-serving/src/invocation.hpp"
#include "services/model-serving/src/model_failure.hpp"

#include <lakegate/core/rules.hpp>

#include <gtest/gtest.h>

namespace lakegate::model_serving {

using namespace std::chrono_literals;

namespace {

/// The fields with faults, one behind the other.
std::string FaultsOf(const std::string& inputs, caf::timespan timeout = 30s,
                     const std::string& endpoint = "fare") {
  invoke_model x;
  x.endpoint_name = endpoint;
  x.inputs = json_text::trusted(inputs);
  x.timeout = timeout;
  faults found;
  check_invocation(x, found);
  std::string result;
  for (const auto& f : found)
    result += f.field + ";";
  return result;
}

std::string BodyOf(const std::string& inputs) {
  return invocation_body(json_text::trusted(inputs)).str();
}

} // namespace

TEST(CheckingAnInvocation, KnowsEachFault) {
  EXPECT_EQ(FaultsOf("{\"a\":1}"), "");
  EXPECT_EQ(FaultsOf("{\"a\":1}", 1s), "");
  EXPECT_EQ(FaultsOf("{\"a\":1}", 300s), "");
  EXPECT_EQ(FaultsOf("{\"a\":1}", 999ms), "timeout_seconds;");
  EXPECT_EQ(FaultsOf("{\"a\":1}", 301s), "timeout_seconds;");
  EXPECT_EQ(FaultsOf("{\"a\":1}", -1s), "timeout_seconds;");
  for (auto bad : {"{}", "{ \n}", " {}", "[]", "[1]", "1", "null", "\"{}\""})
    EXPECT_EQ(FaultsOf(bad), "inputs;") << bad;
  EXPECT_EQ(FaultsOf("{\"a\":1}", 30s, ""), "endpoint_name;");
  EXPECT_EQ(FaultsOf("{}", 0s, ""), "endpoint_name;inputs;timeout_seconds;");
}

TEST(CheckingAnInvocation, BoundsTheInputs) {
  auto inputs = "{\"a\":\"" + std::string(rules::max_inputs_bytes - 8, 'x') + "\"}";
  ASSERT_EQ(inputs.size(), rules::max_inputs_bytes);

  EXPECT_EQ(FaultsOf(inputs), "");
  EXPECT_EQ(FaultsOf(inputs + " "), "inputs;");
}

TEST(CheckingAnInvocation, RefusesAStreamOnlyOfABodyThatAsksForOne) {
  EXPECT_EQ(FaultsOf(R"({"messages":[],"stream":true})"), "inputs.stream;");
  EXPECT_EQ(FaultsOf(R"({"messages":[],"stream":false})"), "");
  EXPECT_EQ(FaultsOf(R"({"stream":true})"), "") << "a column of that name";
}

TEST(BuildingABody, WrapsARowAndLeavesEverythingElse) {
  EXPECT_EQ(BodyOf("{\"a\": 1.10, \"b\":9007199254740993}"),
            "{\"dataframe_records\":[{\"a\": 1.10, \"b\":9007199254740993}]}");
  for (auto native :
       {R"({"dataframe_split":{"columns":["a"],"data":[[1e400]]}})",
        R"({ "dataframe_records" : [ {"a":1} ], "params":{} })", R"({"inputs":[1.0]})",
        R"({"instances":[[1]]})", R"({"messages":[{"role":"user","content":"x"}]})",
        R"({"max_tokens":3,"prompt":"x"})", R"({"input":["x"]})"})
    EXPECT_EQ(BodyOf(native), native);
}

TEST(BuildingABody, LooksOnlyAtTheOuterKeys) {
  EXPECT_EQ(BodyOf(R"({"a":{"inputs":1}})"),
            R"({"dataframe_records":[{"a":{"inputs":1}}]})");
}

TEST(ShorteningText, CutsAtTheEdgeOfACharacter) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abc", 2), "ab");
  EXPECT_EQ(shortened("aü", 2), "a");
  EXPECT_EQ(shortened("😀", 3), "");
}

TEST(JudgingAFailure, KnowsWhatMayBeRetriedAndWhoseFaultItIs) {
  using databricks::failure_kind;
  auto of = [](failure_kind kind, bool sent = true) {
    databricks::upstream_failure x;
    x.kind = kind;
    x.sent = sent;
    return x;
  };

  EXPECT_TRUE(may_be_retried(of(failure_kind::unavailable)));
  EXPECT_TRUE(may_be_retried(of(failure_kind::rate_limited)));
  EXPECT_TRUE(may_be_retried(of(failure_kind::timeout, false)));
  EXPECT_FALSE(may_be_retried(of(failure_kind::timeout)));
  EXPECT_FALSE(may_be_retried(of(failure_kind::invalid_argument)));
  EXPECT_FALSE(may_be_retried(of(failure_kind::invalid_response)));
  EXPECT_TRUE(is_endpoint_fault(of(failure_kind::unavailable)));
  EXPECT_TRUE(is_endpoint_fault(of(failure_kind::timeout)));
  EXPECT_FALSE(is_endpoint_fault(of(failure_kind::rate_limited)));
  EXPECT_FALSE(is_endpoint_fault(of(failure_kind::permission_denied)));
}

} // namespace lakegate::model_serving
