#include "services/sandbox/src/fare_model.hpp"
#include "services/sandbox/src/language_models.hpp"
#include "services/sandbox/src/model_documents.hpp"
#include "services/sandbox/src/predictions.hpp"
#include "services/sandbox/src/ticket_model.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <numeric>

namespace {

using namespace lakegate::sandbox;
using lakegate::json_view;
using nlohmann::json;

const fare_model Meter{2.5, 2.75, 0.06};

json Predict(model_kind kind, const char* body, int status = 200) {
  const auto answer = predict(kind, json_view::of_validated(body), Meter);
  EXPECT_EQ(answer.status, status);
  return json::parse(answer.body);
}

TEST(FittingFares, FindsTheLineThatTheTripsLieOn) {
  trip_sums sums;
  for (const auto [x, h] :
       {std::array{1.0, 8.0}, {2.0, 17.0}, {3.5, 0.0}, {10.0, 23.0}}) {
    const auto y = Meter.fare(x, h);
    sums = {sums.count + 1,  sums.x + x,      sums.h + h,
            sums.y + y,      sums.xx + x * x, sums.hh + h * h,
            sums.xh + x * h, sums.xy + x * y, sums.hy + h * y};
  }

  const auto fitted = fit_fares(sums);

  ASSERT_TRUE(fitted);
  EXPECT_NEAR(fitted->base, 2.5, 1e-9);
  EXPECT_NEAR(fitted->per_mile, 2.75, 1e-9);
  EXPECT_NEAR(fitted->per_hour, 0.06, 1e-9);
}

TEST(FittingFares, RefusesTripsThatAreAllAlike) {
  EXPECT_FALSE(fit_fares(trip_sums{3, 3, 3, 3, 3, 3, 3, 3, 3}));
}

TEST(ClassifyingTickets, RecognizesEachTopic) {
  const ticket_model model;

  EXPECT_EQ(model.classify("I was charged twice, please refund").label, "billing");
  EXPECT_EQ(model.classify("the app crashes with an error").label, "technical");
  EXPECT_EQ(model.classify("forgot my password").label, "account");
  EXPECT_EQ(model.classify("where is my package").label, "shipping");
  EXPECT_GT(model.classify("forgot my password").score, 0.5);
}

TEST(Chatting, AnswersFromTheConversationAlone) {
  const std::vector<chat_message> conversation{
      {"user", "one"}, {"assistant", "x"}, {"user", "a b"}};

  EXPECT_EQ(answer_chat(conversation, {}).text(),
            "You said: \"a b\". That is message 2 of this conversation and has 2 words.");
}

TEST(Chatting, StopsAtTheLimit) {
  const auto answer = answer_chat({{"user", "hello"}}, {3, {}});

  EXPECT_EQ(answer.text(), "You said: \"hello\".");
  EXPECT_EQ(answer.finish_reason, "length");
}

TEST(Embedding, GivesUnitVectorsThatAreNearForSimilarTexts) {
  const auto dot = [](const auto& a, const auto& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  const auto cat = embed("the cat sat");

  EXPECT_NEAR(dot(cat, cat), 1, 1e-9);
  EXPECT_EQ(cat, embed("the cat sat"));
  EXPECT_GT(dot(cat, embed("the cat sits")), dot(cat, embed("quarterly revenue")));
}

TEST(Predicting, TakesEveryBodyOfMlflow) {
  const auto expected = json{9.855};

  for (
      const auto* body : {
          R"({"dataframe_records":[{"pickup_hour":8,"trip_distance":2.5}]})",
          R"({"dataframe_split":{"columns":["pickup_hour","trip_distance"],"data":[[8,2.5]]}})",
          R"({"instances":[{"pickup_hour":8,"trip_distance":2.5}]})",
          R"({"inputs":{"pickup_hour":[8],"trip_distance":[2.5]}})",
      })
    EXPECT_EQ(Predict(model_kind::fare, body)["predictions"], expected) << body;
}

TEST(Predicting, NamesMissingInputsAsMlflowDoes) {
  const auto answer =
      Predict(model_kind::fare, R"({"dataframe_records":[{"x":1}]})", 400);

  EXPECT_EQ(
      answer["message"],
      "Failed to predict data '[[1]]'. \nError: Failed to enforce schema of data '[[1]]' "
      "with schema '['trip_distance': double (required), 'pickup_hour': long "
      "(required)]'. "
      "Error: Model is missing inputs ['trip_distance', 'pickup_hour']. Note that there "
      "were "
      "extra inputs: ['x'].");
  EXPECT_TRUE(answer.contains("stack_trace"));
}

TEST(Predicting, RefusesWrongTypes) {
  const auto answer = Predict(
      model_kind::fare, R"({"inputs":{"trip_distance":"far","pickup_hour":1}})", 400);

  EXPECT_NE(
      std::string{answer["message"]}.find("Can not safely convert object to float64."),
      std::string::npos);
}

TEST(Predicting, WantsExactlyOneDataField) {
  const auto answer = Predict(model_kind::fare, R"({"inputs":{},"instances":[]})", 400);

  EXPECT_EQ(std::string{answer["message"]}.substr(0, 64),
            "The input must be a JSON dictionary with exactly one of the inpu");
}

TEST(DescribingModels, GivesADocumentThatIsJson) {
  for (const auto& endpoint : endpoint_table) {
    const auto document = openapi_document(endpoint, "http://x");
    if (endpoint.kind == model_kind::legacy) {
      EXPECT_FALSE(document);
      continue;
    }
    ASSERT_TRUE(document);
    EXPECT_EQ(json::parse(*document)["info"]["title"], endpoint.name);
  }
}

TEST(DescribingModels, WritesSignaturesAsJsonInsideYaml) {
  const auto file = mlmodel_file(*find_endpoint("nyctaxi-fare"));

  ASSERT_TRUE(file);
  EXPECT_NE(file->find(
                R"(inputs: '[{"type":"double","name":"trip_distance","required":true},)"),
            std::string::npos);
  EXPECT_FALSE(mlmodel_file(*find_endpoint("legacy-scorer")));
}

} // namespace
