// Entity tags: what is not sent again, and what is not overwritten.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;

namespace {

const std::string bad_if_match = "If-Match: must be a list of entity tags, or *";
const std::string bad_if_none_match = "If-None-Match: must be * for a write";
const json value{{"preference_value", {{"n", 2}}}};

} // namespace

class ConditionalRequests : public Scenario {
protected:
  /// Saves the preference and tells its entity tag.
  std::string GivenTag(const std::string& key) {
    GivenPreference(user_a, key, {{"n", 1}});
    return When(Get(At(key)).As(user_a)).header("ETag");
  }
  static std::string At(const std::string& key) { return path::preferences + "/" + key; }
  json Saved(const std::string& key) {
    return When(Get(At(key)).As(user_a)).json()["preference_value"];
  }
};

TEST_F(ConditionalRequests, ReadNothingTwice) {
  auto tag = GivenTag("k");
  ASSERT_FALSE(tag.empty());

  for (const auto& [tags, status] :
       std::vector<std::pair<std::string, int>>{{tag, 304},
                                                {"W/" + tag, 304},
                                                {"\"0\" , " + tag, 304},
                                                {"*", 304},
                                                {"\"0\"", 200},
                                                {"0", 200},
                                                {"", 200}}) {
    auto response = When(Get(At("k")).WithHeader("If-None-Match", tags).As(user_a));
    EXPECT_THAT(response, AllOf(HasStatus(status), HasHeader("ETag", tag))) << tags;
    EXPECT_EQ(response.body.empty(), status == 304) << tags;
  }
}

TEST_F(ConditionalRequests, WriteOnlyWhatWasRead) {
  struct row {
    std::string if_match;
    bool is_written;
  };
  auto tag = GivenTag("k");

  for (const auto& [tags, is_written] : std::vector<row>{{"\"0\"", false},
                                                         {"\"0\", W/\"1\"", false},
                                                         {"W/" + tag, false},
                                                         {tag, true},
                                                         {"*", true}}) {
    GivenPreference(user_a, "k", {{"n", 1}});
    auto now = When(Get(At("k")).As(user_a)).header("ETag");
    auto response =
        When(Put(At("k"))
                 .With(value)
                 .WithHeader("If-Match", tags == tag ? "\"0\"\t, " + now : tags)
                 .As(user_a));
    if (is_written)
      EXPECT_THAT(response, HasStatus(200)) << tags;
    else
      EXPECT_THAT(response, IsProblem(errc::precondition_failed)) << tags;
    EXPECT_EQ(Saved("k"), (json{{"n", is_written ? 2 : 1}})) << tags;
  }
}

TEST_F(ConditionalRequests, CreateOnlyWhatIsNotThere) {
  GivenPreference(user_a, "there", {{"n", 1}});
  auto create = [this](const std::string& key) {
    return When(Put(At(key)).With(value).WithHeader("If-None-Match", " * ").As(user_a));
  };

  EXPECT_THAT(create("there"), IsProblem(errc::precondition_failed));
  EXPECT_THAT(create("new"), HasStatus(201));
  EXPECT_EQ(Saved("there"), (json{{"n", 1}}));
}

TEST_F(ConditionalRequests, DeleteOnlyWhatWasRead) {
  auto tag = GivenTag("k");

  auto other = When(Delete(At("k")).WithHeader("If-Match", "\"0\"").As(user_a));
  auto same = When(Delete(At("k")).WithHeader("If-Match", tag).As(user_a));

  EXPECT_THAT(other, IsProblem(errc::precondition_failed));
  EXPECT_THAT(same, HasStatus(204));
}

TEST_F(ConditionalRequests, ChangeNothingUnderAConditionThatNobodyCanRead) {
  GivenPreference(user_a, "k", {{"n", 1}});
  struct row {
    std::string name;
    std::string text;
    std::string fault;
  };
  const std::vector<row> rows{
      {"If-Match", "", bad_if_match},
      {"If-Match", "1", bad_if_match},
      {"If-Match", "W/1", bad_if_match},
      {"If-Match", "W/\"1", bad_if_match},
      {"If-Match", "\"1", bad_if_match},
      {"If-Match", "\"1\" \"2\"", bad_if_match},
      {"If-Match", "\"1\", ", bad_if_match},
      {"If-Match", "*, \"1\"", bad_if_match},
      {"If-None-Match", "\"1\"", bad_if_none_match},
      {"If-None-Match", "1", bad_if_none_match},
      {"If-None-Match", "*, *", bad_if_none_match},
  };

  for (const auto& [name, text, fault] : rows) {
    auto put = When(Put(At("k")).With(value).WithHeader(name, text).As(user_a));
    auto removal = When(Delete(At("k")).WithHeader(name, text).As(user_a));
    auto post =
        When(Post(path::preferences)
                 .With({{"preference_key", "k"}, {"preference_value", {{"n", 2}}}})
                 .WithHeader(name, text)
                 .As(user_a));
    for (const auto& response : {put, removal, post}) {
      EXPECT_THAT(response, IsProblem(errc::invalid_request)) << text;
      EXPECT_THAT(FaultsOf(response), ElementsAre(fault)) << text;
    }
  }
  EXPECT_EQ(Saved("k"), (json{{"n", 1}}));
}

} // namespace lakegate::integration
