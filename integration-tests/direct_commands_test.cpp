// What the services do when they are reached past the gateway's checks: by a gateway of
// another version, or by one whose patience is short.

#include "integration-tests/support/direct_link.hpp"
#include "integration-tests/support/served_model.hpp"

#include <future>

namespace lakegate::integration {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::_;
using testing::Return;

namespace {

/// The fields that a failure names, each once, with a blank behind.
std::string FieldsOf(const failure& x) {
  std::set<std::string> fields;
  auto details = json::parse(x.details);
  for (const auto& error : details.value("errors", json::array()))
    fields.insert(error.value("field", ""));
  std::string result;
  for (const auto& field : fields)
    result += field + " ";
  return result;
}

} // namespace

class DirectCommands : public ServedModel {
protected:
  void SetUp() override {
    ServedModel::SetUp();
    preferences_ = std::make_unique<direct_link<preferences::service_actor>>(
        "preferences", World().port_of(world::service::preferences));
    models_ = std::make_unique<direct_link<model_serving::service_actor>>(
        "model-serving", World().port_of(world::service::model_serving));
  }

  static model_serving::invoke_model Invocation(caf::timespan time_left = 10s) {
    model_serving::invoke_model x;
    x.who = Caller(user_a, time_left);
    x.endpoint_name = "model";
    x.inputs = json_text::trusted(R"({"a":1})");
    return x;
  }

  std::unique_ptr<direct_link<preferences::service_actor>> preferences_;
  std::unique_ptr<direct_link<model_serving::service_actor>> models_;
};

TEST_F(DirectCommands, PreferencesAreCheckedWhereTheyAreKept) {
  using namespace preferences;
  auto list = [&](caf::optional<std::string> key, std::int64_t limit) {
    return preferences_->FailureOf<preference_page>(
        list_preferences{Caller(user_a), std::move(key), limit, 0});
  };
  auto save = [&](const std::string& key, const std::string& value,
                  std::vector<std::string> tags = {}) {
    return preferences_->FailureOf<saved_preference>(save_preference{
        Caller(user_a), key, json_text::trusted(value), {std::move(tags), false}});
  };
  struct row {
    failure found;
    errc code;
    std::string fields;
  };
  const std::vector<row> rows{
      {list(caf::none, 0), errc::invalid_request, "limit "},
      {list(std::string{"a\n"}, 1001), errc::invalid_preference, "limit preference_key "},
      {preferences_->FailureOf<preference>(get_preference{Caller(user_a), ""}),
       errc::invalid_preference, "preference_key "},
      {preferences_->FailureOf<deleted_preference>(
           delete_preference{Caller(user_a), "..", {}}),
       errc::invalid_preference, "preference_key "},
      {save("", "[]"), errc::invalid_preference, "preference_key preference_value "},
      {save("k", "{\"a\":"), errc::invalid_preference, "preference_value "},
      {save("k", "{" + std::string(1024 * 1024, ' ') + "}"), errc::invalid_preference,
       "preference_value "},
      {save("k", "{}", {std::string{"\"\0\"", 3}, "\"\xFF\""}), errc::precondition_failed,
       ""},
      {save("k", "{}"), errc::none, ""},
  };

  for (const auto& [found, code, fields] : rows) {
    EXPECT_EQ(to_string(found.code), to_string(code)) << found.details;
    if (!fields.empty()) {
      EXPECT_EQ(FieldsOf(found), fields);
    }
  }
  EXPECT_EQ(Sql("SELECT preference_key, preference_value FROM "
                "lakegate.user_preferences"),
            "k|{}");
}

TEST_F(DirectCommands, InvocationsAreCheckedBeforeTheModelIsCalled) {
  using namespace model_serving;
  auto with = [&](const std::string& inputs, caf::timespan timeout) {
    auto x = Invocation();
    x.inputs = json_text::trusted(inputs);
    x.timeout = timeout;
    return models_->FailureOf<inference>(x);
  };
  auto nameless = Invocation();
  nameless.endpoint_name = "";
  nameless.inputs = json_text::trusted("{ }");
  struct row {
    failure found;
    std::string fields;
  };
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_)).Times(0);
  const std::vector<row> rows{
      {models_->FailureOf<inference>(nameless), "endpoint_name inputs "},
      {with("[1]", 30s), "inputs "},
      {with(R"({"a":")" + std::string(16 * 1024 * 1024, 'x') + "\"}", 30s), "inputs "},
      {with(R"({"messages":[],"stream":true})", 30s), "inputs.stream "},
      {with(R"({"a":1})", 999ms), "timeout_seconds "},
      {with("1", 301s), "inputs timeout_seconds "},
  };

  for (const auto& [found, fields] : rows) {
    EXPECT_EQ(to_string(found.code), to_string(errc::invalid_input));
    EXPECT_EQ(FieldsOf(found), fields);
  }
}

TEST_F(DirectCommands, QuestionsToModelServingAreChecked) {
  using namespace model_serving;
  list_inference_logs logs;
  logs.who = Caller(user_a);
  logs.limit = 0;
  logs.offset = -1;
  logs.endpoint_name = "";
  logs.status = "DONE";
  logs.since = "yesterday";
  logs.until = "tomorrow";
  struct row {
    failure found;
    std::string fields;
  };
  const std::vector<row> rows{
      {models_->FailureOf<endpoint_details>(get_endpoint{Caller(user_a), ""}),
       "endpoint_name "},
      {models_->FailureOf<detected_schema>(detect_schema{Caller(user_a), ""}),
       "endpoint_name "},
      {models_->FailureOf<inference_log_page>(logs),
       "endpoint_name limit offset since status until "},
  };

  for (const auto& [found, fields] : rows) {
    EXPECT_EQ(to_string(found.code), to_string(errc::invalid_request));
    EXPECT_EQ(FieldsOf(found), fields);
  }
}

TEST_F(DirectCommands, ADetectionKeepsToItsCallersTime) {
  using namespace model_serving;
  ON_CALL(Workspace().serving, get_endpoint_openapi(_))
      .WillByDefault(Return(std::nullopt));
  EXPECT_CALL(Workspace().registry, get_mlmodel(_)).Times(0);
  auto begin = std::chrono::steady_clock::now();

  auto found =
      models_->Ask<detected_schema>(detect_schema{Caller(user_a, 400ms), "model"});

  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  ASSERT_TRUE(found) << to_string(failure_of(found.error()).code);
  EXPECT_EQ(found->detected_type, "UNKNOWN");
  EXPECT_EQ(found->status, "TIMEOUT");
}

TEST_F(DirectCommands, AnInvocationEndsWithItsCallersPatience) {
  using namespace model_serving;
  ON_CALL(Workspace().serving, invoke_endpoint(_)).WillByDefault(Return(std::nullopt));

  auto found = models_->FailureOf<inference>(Invocation(500ms));

  EXPECT_EQ(to_string(found.code), to_string(errc::model_timeout));
  auto logs = When(Get(path::logs).As(user_a)).json();
  ASSERT_EQ(logs["total_count"], 1);
  EXPECT_EQ(logs["logs"][0]["status"], "TIMEOUT");
  EXPECT_GE(logs["logs"][0]["execution_time_ms"], 300);
  EXPECT_LT(logs["logs"][0]["execution_time_ms"], 2000);
}

TEST_F(DirectCommands, ACallIsCancelledByItsOwnName) {
  using namespace model_serving;
  std::promise<void> called;
  ON_CALL(Workspace().serving, invoke_endpoint(_)).WillByDefault([&](const auto&) {
    called.set_value();
    return test::reply<databricks::invocation_answer>{};
  });
  EXPECT_CALL(Workspace().serving, call_cancelled(_)).Times(1);
  auto command = Invocation();
  command.who.call_id = 4711;
  auto answer = std::async(std::launch::async,
                           [&] { return models_->FailureOf<inference>(command); });
  ASSERT_EQ(called.get_future().wait_for(10s), std::future_status::ready);

  models_->Tell(cancel_call{1});
  models_->Tell(cancel_call{4711});

  EXPECT_EQ(to_string(answer.get().code), to_string(errc::model_unavailable));
  auto logs = When(Get(path::logs).As(user_a)).json();
  EXPECT_EQ(logs["logs"][0]["status"], "ERROR");
  EXPECT_THAT(logs["logs"][0]["error_message"].get<std::string>(),
              testing::HasSubstr("The client went away; the call was stopped."));
}

} // namespace lakegate::integration
