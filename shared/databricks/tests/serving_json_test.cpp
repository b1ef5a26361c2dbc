#include "shared/databricks/src/serving_json.hpp"

#include "shared/databricks/src/identity_json.hpp"
#include "shared/databricks/tests/answers.hpp"

#include <gmock/gmock.h>

namespace lakegate::databricks {

namespace {

using test::kind_of;
using test::must;
using test::success;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReadingServingEndpoints, KnowsThatThereMayBeNone) {
  auto answer = success("{}");

  EXPECT_THAT(must(read_endpoints(answer)).items, IsEmpty());
}

TEST(ReadingServingEndpoints, TakesStateTaskAndEntities) {
  auto answer = success(R"({"endpoints":[
   {"name":"chat","id":"1","state":{"ready":"READY","config_update":"NOT_UPDATING"},
    "task":"llm/v1/chat","endpoint_type":"FOUNDATION_MODEL_API","config":{"served_entities":
     [{"name":"e","foundation_model":{"name":"llama"}}]}},
   {"name":"fare","id":"2","creator":"ann@example.com","creation_timestamp":1721000000000,
    "last_updated_timestamp":1721000000001,
    "state":{"ready":"NOT_READY","config_update":"IN_PROGRESS"},
    "config":{"served_entities":[{"name":"fare-3","entity_name":"main.m.fare",
      "entity_version":"3"}]}},
   {"name":"gpt","config":{"served_entities":[{"external_model":{"name":"g","provider":"openai"}}]}}
  ]})");

  auto items = must(read_endpoints(answer)).items;

  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].task, "llm/v1/chat");
  EXPECT_EQ(items[0].creator, "");
  EXPECT_TRUE(items[0].entities.at(0).foundation);
  EXPECT_EQ(items[1].ready, "NOT_READY");
  EXPECT_EQ(items[1].config_update, "IN_PROGRESS");
  EXPECT_EQ(items[1].created_at_ms, 1721000000000);
  EXPECT_EQ(items[1].updated_at_ms, 1721000000001);
  EXPECT_EQ(items[1].entities.at(0).entity_name, "main.m.fare");
  EXPECT_EQ(items[1].entities.at(0).entity_version, "3");
  EXPECT_FALSE(items[1].entities.at(0).foundation);
  EXPECT_TRUE(items[2].entities.at(0).external);
}

TEST(ReadingAServingEndpoint, KeepsItsConfigurationAsSent) {
  auto answer = success(
      R"({"name":"a","config":{ "config_version": 1.10, "served_entities":[] }})");

  EXPECT_EQ(must(read_endpoint(answer)).config.str(),
            R"({ "config_version": 1.10, "served_entities":[] })");
}

TEST(ReadingAServingEndpoint, UnderstandsTheOlderSpelling) {
  auto answer = success(R"({"name":"a","config":{"served_models":
     [{"name":"m-1","model_name":"m","model_version":1}]}})");

  auto entity = must(read_endpoint(answer)).entities.at(0);

  EXPECT_EQ(entity.entity_name, "m");
  EXPECT_EQ(entity.entity_version, "1");
}

TEST(ReadingAServingEndpoint, CountsAModelOnceThatHasBothSpellings) {
  auto answer = success(R"({"name":"a","config":{"served_entities":[{"name":"m-1"}],
     "served_models":[{"name":"m-1"}]},"pending_config":{"served_entities":[{"name":"m-2"}]}})");

  EXPECT_EQ(must(read_endpoint(answer)).entities.size(), 1u);
}

TEST(ReadingAServingEndpoint, LooksIntoThePendingConfigurationOfANewOne) {
  auto answer = success(R"({"name":"a","pending_config":{"served_entities":
     [{"name":"m-1","entity_name":"m","entity_version":"1"}]}})");

  auto result = must(read_endpoint(answer));

  EXPECT_EQ(result.entities.at(0).entity_name, "m");
  EXPECT_EQ(result.config.str(), "{}");
}

class ReadingABadServingEndpoint : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingABadServingEndpoint, IsAnInvalidResponse) {
  auto answer = success(GetParam());
  auto list = success(std::string{R"({"endpoints":[)"} + GetParam() + "]}");

  EXPECT_EQ(kind_of(read_endpoint(answer)), failure_kind::invalid_response);
  EXPECT_EQ(kind_of(read_endpoints(list)), failure_kind::invalid_response);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingABadServingEndpoint,
    ::testing::Values("{}", "7", R"({"name":7})", R"({"name":"a","state":"READY"})",
                      R"({"name":"a","config":{"served_entities":{}}})",
                      R"({"name":"a","config":{"served_entities":["x"]}})",
                      R"({"name":"a","creation_timestamp":"yesterday"})"));

TEST(ReadingAPrediction, KeepsEveryDigit) {
  auto answer = success(R"({"predictions": [9007199254740993, 1.10, 1e400]})",
                        {{"Served-Model-Name", "fare-3"}});

  auto result = must(read_invocation(answer));

  EXPECT_EQ(result.body.str(), R"({"predictions": [9007199254740993, 1.10, 1e400]})");
  EXPECT_EQ(result.served_model_name, "fare-3");
}

TEST(ReadingAPrediction, TakesAnyJsonValue) {
  auto answer = success("[1,2]");

  EXPECT_EQ(must(read_invocation(answer)).body.str(), "[1,2]");
}

TEST(ReadingAUser, TakesWhatScimSends) {
  auto answer = success(
      R"({"id":"1234567890","userName":"ann@example.com","displayName":"Ann","active":true,
     "emails":[{"type":"home","value":"b@example.com"},
               {"type":"work","value":"ann@example.com","primary":true}],
     "groups":[{"display":"users","$ref":"Groups/99"}],"roles":[]})",
      {{"X-Databricks-Org-Id", "42"}});

  auto result = must(read_user(answer));

  EXPECT_EQ(result.id, "1234567890");
  EXPECT_EQ(result.user_name, "ann@example.com");
  EXPECT_EQ(result.display_name, "Ann");
  EXPECT_TRUE(result.active);
  EXPECT_THAT(result.emails, ElementsAre("ann@example.com", "b@example.com"));
  EXPECT_EQ(result.workspace_id, "42");
}

class ReadingAUserWithoutAName : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingAUserWithoutAName, LeavesItEmpty) {
  auto answer = success(GetParam());

  EXPECT_EQ(must(read_user(answer)).user_name, "");
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingAUserWithoutAName,
    ::testing::Values("{}", R"({"id":"1","active":true})", R"({"userName":null})",
                      R"({"userName":"a","userName":"b","active":true})"));

TEST(ReadingAUser, LeavesARefusalARefusal) {
  auto answer = success(R"({"error_code":403,"message":"Invalid access token."})");
  answer.status = 403;

  EXPECT_EQ(kind_of(read_user(answer)), failure_kind::token_invalid);
}

class ReadingABadUser : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingABadUser, IsAnInvalidResponse) {
  auto answer = success(GetParam());

  EXPECT_EQ(kind_of(read_user(answer)), failure_kind::invalid_response);
}

INSTANTIATE_TEST_SUITE_P(Table, ReadingABadUser,
                         ::testing::Values("", "[]", "{", R"({"userName":7})",
                                           R"({"id":1,"userName":"a"})",
                                           R"({"userName":"a","active":"yes"})",
                                           R"({"userName":"a","emails":"x"})"));

} // namespace

} // namespace lakegate::databricks
