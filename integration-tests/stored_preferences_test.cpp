// Story 1, what is stored: rows that nobody can read, bounds of what is kept and listed,
// a predecessor's table.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class StoredPreferences : public Scenario {
protected:
  void SetUp() override {
    Scenario::SetUp();
    GivenPreference(user_b, "of-b", json::object()); // the table is there
  }

  /// `count` preferences of user A, `key-0001` and so on.
  void GivenRows(int count, const std::string& value = "'{}'") {
    Sql("INSERT INTO lakegate.user_preferences (user_id, preference_key, "
        "preference_value) SELECT '"
        + user_a + "', 'key-' || lpad(i::text, 4, '0'), " + value
        + " FROM generate_series(1, " + std::to_string(count) + ") i");
  }

  /// Damaged pages: a statement that reads a whole list fails, and reading the row
  /// `marked` does what `then` says (PL/pgSQL, on each row that is read by its key).
  void GivenListsFail(const std::string& then) {
    Sql("CREATE OR REPLACE FUNCTION lakegate.preference_time(t timestamptz) RETURNS text "
        "LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_query() LIKE '%measured%' THEN "
        "RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'XX001'; END IF; "
        + then
        + " RETURN to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'); "
          "END $$");
  }
  void GivenMarked(const std::string& key, const std::string& year) {
    Sql("UPDATE lakegate.user_preferences SET created_at = '" + year
        + "-01-01Z' WHERE preference_key = '" + key + "'");
  }

  Response List(const std::string& query = {}) {
    return When(Get(path::preferences + query).As(user_a));
  }
};

TEST_F(StoredPreferences, OneDamagedPageCostsOnlyItsRow) {
  GivenRows(40);
  GivenMarked("key-0007", "1999");
  Sql("UPDATE lakegate.user_preferences SET preference_value = '[1]' WHERE "
      "preference_key = 'key-0020'");
  GivenListsFail("IF t = '1999-01-01Z' THEN RAISE EXCEPTION 'invalid page in block 8' "
                 "USING ERRCODE = 'XX001'; END IF;");

  auto list = List("?limit=30&offset=1");
  auto none = List("?offset=100");
  auto one = When(Get(path::preferences + "/key-0007").As(user_a));
  auto other = When(Get(path::preferences + "/key-0008").As(user_a));

  EXPECT_THAT(list, AllOf(HasStatus(200), HasHeader("X-Skipped-Rows", "2"),
                          HasHeader("X-Total-Count", "40")));
  std::string keys;
  for (const auto& x : list.json().get<std::vector<json>>())
    keys += x["preference_key"].get<std::string>().substr(5) + " ";
  EXPECT_EQ(keys, "002 003 004 005 006 008 009 010 011 012 013 014 015 016 017 018 019 "
                  "021 022 023 024 025 026 027 028 029 030 031 ");
  EXPECT_THAT(none, AllOf(HasStatus(200), HasBody(json::array()),
                          HasHeader("X-Total-Count", "40")));
  EXPECT_THAT(one, IsProblem(errc::data_corrupted));
  EXPECT_THAT(other, HasStatus(200));
}

TEST_F(StoredPreferences, ARowThatWasDeletedMeanwhileIsSimplyNotThere) {
  GivenRows(18);
  GivenListsFail("DELETE FROM lakegate.user_preferences WHERE preference_key = "
                 "'key-0018';");

  auto list = List();

  EXPECT_THAT(list, HasStatus(200));
  EXPECT_FALSE(list.has_header("X-Skipped-Rows"));
  EXPECT_EQ(list.json().size(), 17u);
}

TEST_F(StoredPreferences, ADefectWhileRowsAreReadOneByOneIsTold) {
  GivenRows(40);
  GivenListsFail("RAISE EXCEPTION 'defect' USING ERRCODE = 'P0001';");

  EXPECT_THAT(List(), IsProblem(errc::internal_error));
}

TEST_F(StoredPreferences, APageHasAsMuchAsAnAnswerMayHold) {
  GivenRows(9, "json_build_object('x', repeat('x', 3990000))");
  const std::vector<std::string> too_much{"limit"};

  auto all = List();
  auto fewer = List("?limit=1");
  GivenListsFail("");
  auto one_by_one = List();

  EXPECT_THAT(all, IsProblemWith(errc::invalid_request, too_much));
  EXPECT_THAT(all.body, HasSubstr("of more than 33554432 bytes of values"));
  EXPECT_THAT(fewer, HasStatus(200));
  EXPECT_THAT(one_by_one, IsProblemWith(errc::invalid_request, too_much));
}

TEST_F(StoredPreferences, AValueThatIsTooLargeToBeOursIsUnreadable) {
  GivenRows(1, "json_build_object('x', repeat('x', 5000000))");

  EXPECT_THAT(List(), AllOf(HasBody(json::array()), HasHeader("X-Skipped-Rows", "1")));
  EXPECT_THAT(When(Get(path::preferences + "/key-0001").As(user_a)),
              IsProblem(errc::data_corrupted));
}

TEST_F(StoredPreferences, AUserHoldsAtMostAThousandKeys) {
  GivenRows(1000);
  auto save = [](const std::string& key) {
    return Put(path::preferences + "/" + key)
        .With({{"preference_value", {{"v", 1}}}})
        .As(user_a);
  };

  auto one_more = When(save("new"));
  auto known = When(save("key-0500"));
  auto removal = When(Delete(path::preferences + "/key-0001").As(user_a));
  auto then = When(save("new"));

  EXPECT_THAT(one_more, IsProblemWith(errc::invalid_preference,
                                      std::vector<std::string>{"preference_key"}));
  EXPECT_THAT(one_more.body, HasSubstr("a user holds at most 1000 keys"));
  EXPECT_THAT(known, HasStatus(200));
  EXPECT_THAT(removal, HasStatus(204));
  EXPECT_THAT(then, HasStatus(201));
}

TEST_F(StoredPreferences, EveryWriteKeepsToItsConditions) {
  GivenPreference(user_a, "theme", {{"v", 1}});
  auto theme = path::preferences + "/theme";
  auto tag = When(Get(theme).As(user_a)).header("ETag");
  const json body{{"preference_value", {{"v", 2}}}};
  struct row {
    Request request;
    int status;
  };
  const std::vector<row> rows{
      {Delete(theme).WithHeader("If-Match", "\"other\""), 412},
      {Delete(theme).WithHeader("If-Match", "\"\xFF\""), 412},
      {Delete(path::preferences + "/none").WithHeader("If-Match", "*"), 412},
      {Put(path::preferences + "/none").With(body).WithHeader("If-Match", tag), 412},
      {Put(theme).With(body).WithHeader("If-Match", "\"other\", \"\xC3\xA9\""), 412},
      {Put(theme).With(body).WithHeader("If-Match", "\"other\", " + tag), 200},
      {Put(theme).With(body).WithHeader("If-Match", "*"), 200},
      {Delete(theme).WithHeader("If-Match", tag), 412},
      {Delete(theme).WithHeader("If-Match", "*"), 204},
  };

  for (const auto& [request, status] : rows) {
    auto response = When(Request{request}.As(user_a));

    EXPECT_THAT(response, HasStatus(status));
    if (status == 412) {
      EXPECT_THAT(response, IsProblem(errc::precondition_failed));
    }
  }
  EXPECT_THAT(List(), HasBody(json::array()));
}

TEST_F(StoredPreferences, ATableOfAPredecessorKeepsItsOwnForm) {
  Sql("ALTER TABLE lakegate.user_preferences ALTER preference_value TYPE jsonb");
  auto save = [](const std::string& value) {
    return Post(path::preferences)
        .WithBody(R"({"preference_key":"k","preference_value":)" + value + "}")
        .As(user_a);
  };

  auto saved = Eventually(save(R"({"b":1.10,"a":[true]})"),
                          [](const Response& x) { return x.status != 503; });
  auto refused = When(save(R"({"n":1e400000})"));

  EXPECT_THAT(saved.body, HasSubstr(R"("preference_value":{"a": [true], "b": 1.10})"));
  EXPECT_THAT(refused, IsProblemWith(errc::invalid_preference,
                                     std::vector<std::string>{"preference_value"}));
  EXPECT_THAT(refused.body, HasSubstr("such as a number out of its range"));
  EXPECT_EQ(Sql("SELECT preference_value FROM lakegate.user_preferences WHERE user_id = '"
                + user_a + "'"),
            R"({"a": [true], "b": 1.10})");
}

TEST_F(StoredPreferences, AListIsNarrowedToOneKey) {
  GivenPreference(user_a, "theme", {{"v", 1}});
  GivenPreference(user_a, "other", {{"v", 2}});

  auto theme = List("?preference_key=theme");
  auto none = List("?preference_key=none");

  EXPECT_THAT(theme, HasHeader("X-Total-Count", "1"));
  EXPECT_EQ(theme.json()[0]["preference_value"], json({{"v", 1}}));
  EXPECT_THAT(none, AllOf(HasBody(json::array()), HasHeader("X-Total-Count", "0")));
}

} // namespace lakegate::integration
