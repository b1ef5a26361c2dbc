#include "services/sandbox/tests/support.hpp"

#include <chrono>

namespace lakegate::test {

namespace {

using nlohmann::json;
const std::string Endpoints = "/api/2.0/serving-endpoints";

std::string Invocations(const std::string& endpoint) {
  return "/serving-endpoints/" + endpoint + "/invocations";
}

} // namespace

using ServingModels = AWorkspace;

TEST_F(ServingModels, ListsWhatTheCallerMayQuery) {
  const auto names = [&](const char* token) {
    std::vector<std::string> result;
    for (const auto& e : Get(Endpoints, token).Json().value("endpoints", json::array()))
      result.push_back(e["name"]);
    return result;
  };

  EXPECT_EQ(names(Engineer).size(), 8U);
  EXPECT_EQ(names(Analyst), (std::vector<std::string>{"nyctaxi-fare", "sandbox-chat"}));
  EXPECT_EQ(Get(Endpoints, Guest).Json(), json::object());
}

TEST_F(ServingModels, DescribesEndpoints) {
  const auto fare = Get(Endpoints + "/nyctaxi-fare").Json();
  EXPECT_EQ(fare["state"], (json{{"ready", "READY"}, {"config_update", "NOT_UPDATING"}}));
  EXPECT_EQ(fare["config"]["served_entities"][0]["entity_name"],
            "samples.nyctaxi.fare_regression");
  EXPECT_FALSE(fare.contains("task"));
  EXPECT_EQ(Get(Endpoints + "/sandbox-chat").Json()["task"], "llm/v1/chat");
  EXPECT_EQ(Get(Endpoints + "/updating-model").Json()["state"]["ready"], "NOT_READY");
}

TEST_F(ServingModels, RefusesAsDatabricksDoes) {
  EXPECT_EQ(Get(Endpoints + "/nope").Json()["error_code"], "RESOURCE_DOES_NOT_EXIST");
  EXPECT_EQ(Get(Endpoints + "/ticket-classifier", Analyst).status, 403);
  EXPECT_EQ(Post(Invocations("ticket-classifier"), {{"inputs", {}}}, Analyst).status,
            403);
  EXPECT_EQ(Post(Invocations("updating-model"), {{"inputs", {}}}).status, 404);
  EXPECT_EQ(Post(Invocations("broken-model"), {{"inputs", {}}}).status, 500);
  EXPECT_EQ(Get(Endpoints + "/legacy-scorer/openapi").status, 404);
}

TEST_F(ServingModels, PredictsFaresThatFollowTheTrips) {
  const auto answer = Post(
      Invocations("nyctaxi-fare"),
      {{"dataframe_records", {{{"trip_distance", 2.5}, {"pickup_hour", 8}}}}}, Analyst);

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("served-model-name"), "nyctaxi-fare-1");
  EXPECT_NEAR(answer.Json()["predictions"][0], 2.5 + 2.75 * 2.5 + 0.06 * 8, 0.1);
}

TEST_F(ServingModels, ClassifiesTickets) {
  const auto answer =
      Post(Invocations("ticket-classifier"),
           {{"dataframe_split",
             {{"columns", {"text"}}, {"data", {{"please refund the charge"}}}}}});

  EXPECT_EQ(answer.Json()["predictions"][0]["label"], "billing");
}

TEST_F(ServingModels, ChatsWholeAndInEvents) {
  const json messages{{{"role", "user"}, {"content", "hello"}}};
  const auto whole = Post(Invocations("sandbox-chat"), {{"messages", messages}}).Json();
  const std::string text = whole["choices"][0]["message"]["content"];
  EXPECT_EQ(
      text,
      "You said: \"hello\". That is message 1 of this conversation and has 1 words.");
  EXPECT_EQ(whole["usage"]["prompt_tokens"], 1);

  const auto stream =
      Post(Invocations("sandbox-chat"), {{"messages", messages}, {"stream", true}});

  EXPECT_EQ(stream.headers.at("content-type"), "text/event-stream");
  std::string streamed;
  for (std::size_t at = 0; stream.body.compare(at, 12, "data: [DONE]") != 0;) {
    const auto end = stream.body.find("\n\n", at);
    const auto chunk = json::parse(stream.body.substr(at + 6, end - at - 6));
    streamed += chunk["choices"][0]["delta"].value("content", "");
    at = end + 2;
  }
  EXPECT_EQ(streamed, text);
}

TEST_F(ServingModels, SpeaksTheOpenAiRoutes) {
  const auto chat = Post(
      "/serving-endpoints/chat/completions",
      {{"model", "sandbox-chat"}, {"messages", {{{"role", "user"}, {"content", "hi"}}}}});
  const auto vectors = Post("/serving-endpoints/embeddings",
                            {{"model", "sandbox-embedding"}, {"input", {"a b", "c"}}});

  EXPECT_EQ(chat.Json()["object"], "chat.completion");
  EXPECT_EQ(vectors.Json()["data"][1]["embedding"].size(), 64U);
}

TEST_F(ServingModels, WakesTheSleepyOneSlowly) {
  const auto took = [&] {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(Post(Invocations("sleepy-model"), {{"inputs", {{"celsius", {100}}}}}).body,
              R"({"predictions":[212.0]})");
    return std::chrono::steady_clock::now() - before;
  };
  ASSERT_EQ(Post("/__sandbox/reset", {}).status, 200);

  EXPECT_GE(took(), Configuration().cold_start);
  EXPECT_LT(took(), Configuration().cold_start);
}

TEST_F(ServingModels, FollowsRightsOnEndpoints) {
  Post("/__sandbox/grants", {{"action", "revoke"},
                             {"user", "analyst@example.com"},
                             {"securable_type", "endpoint"},
                             {"securable", "sandbox-chat"}});

  EXPECT_EQ(Get(Endpoints + "/sandbox-chat", Analyst).Json()["error_code"],
            "PERMISSION_DENIED");
}

} // namespace lakegate::test
