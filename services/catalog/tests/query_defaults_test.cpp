#include "services/catalog/src/query_defaults.hpp"

#include "services/catalog/tests/table_query_fixture.hpp"

namespace lakegate::catalog {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class QueryingWithDefaults : public TableQueryTest {
protected:
  void GivenDefaults(std::string json) {
    defaults_answer = [json, this](const preferences::get_preference& x) {
      asked.push_back(x);
      preferences::preference result;
      result.value = json_text::trusted(json);
      return caf::result<preferences::preference>{std::move(result)};
    };
  }

  void GivenNoDefaults(errc why) {
    defaults_answer = [why](const auto&) -> caf::result<preferences::preference> {
      return why;
    };
  }

  static query_table Nothing() {
    query_table result;
    result.who = Ada();
    return result;
  }

  std::string PageStatement() const {
    return warehouse.executions.size() > 0 ? warehouse.executions.commands[0].statement
                                           : "none";
  }

  static std::vector<std::string> Fields(const failure& x) {
    std::vector<std::string> result;
    auto details = nlohmann::json::parse(x.details);
    for (const auto& item : details["errors"])
      result.push_back(item["field"]);
    return result;
  }

  std::vector<preferences::get_preference> asked;
};

TEST_F(QueryingWithDefaults, FillsWhatTheRequestLeavesOut) {
  GivenDefaults(R"({"catalog":"main","schema":"default","table":"customers","limit":7,
                    "columns":["name"],"order_by":["-id"]})");

  Ask(Nothing());

  EXPECT_EQ(PageStatement(), "SELECT `name` FROM `main`.`default`.`customers` ORDER BY "
                             "`id` DESC LIMIT :row_limit OFFSET :row_offset");
  EXPECT_EQ(warehouse.executions.commands[0].parameters[0].value, std::string{"7"});
}

TEST_F(QueryingWithDefaults, AsksForTheCallersOwnWithoutTheToken) {
  GivenDefaults("{}");

  Ask(Query());

  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].key, "query_defaults");
  EXPECT_EQ(asked[0].who.user_id, "ada@example.com");
  EXPECT_TRUE(asked[0].who.token.empty());
  EXPECT_EQ(asked[0].who.correlation_id, "correlation");
}

TEST_F(QueryingWithDefaults, LetsTheRequestWin) {
  GivenDefaults(R"({"limit":7,"columns":["name"],"order_by":["-id"]})");
  auto query = Query();
  query.limit = 3;
  query.columns = std::vector<std::string>{"id"};
  query.order_by = std::vector<order_term>{{"name", false}};

  Ask(query);

  EXPECT_EQ(PageStatement(), "SELECT `id` FROM `main`.`default`.`customers` ORDER BY "
                             "`name` ASC LIMIT :row_limit OFFSET :row_offset");
  EXPECT_EQ(warehouse.executions.commands[0].parameters[0].value, std::string{"3"});
}

TEST_F(QueryingWithDefaults, IsNotDoneWhenNothingIsMissing) {
  GivenDefaults("{}");
  auto query = Query();
  query.limit = 3;
  query.columns = std::vector<std::string>{"id"};
  query.order_by = std::vector<order_term>{{"name", false}};

  Ask(query);

  EXPECT_THAT(asked, IsEmpty());
  EXPECT_EQ(warehouse.executions.size(), 2U);
}

TEST_F(QueryingWithDefaults, KeepsColumnsToTheTableTheyAreFor) {
  GivenDefaults(R"({"catalog":"main","schema":"default","table":"orders","limit":7,
                    "columns":["amount"],"order_by":["amount"]})");

  Ask(Query());

  EXPECT_EQ(PageStatement(),
            "SELECT `id`, `name` FROM `main`.`default`.`customers` LIMIT "
            ":row_limit OFFSET :row_offset");
  EXPECT_EQ(warehouse.executions.commands[0].parameters[0].value, std::string{"7"});
}

TEST_F(QueryingWithDefaults, BlamesThemForWhatIsWrongInThem) {
  GivenDefaults(R"({"limit":5000,"columns":["nope"]})");

  auto answer = Ask(Query());

  EXPECT_EQ(answer.code(), errc::invalid_query);
  EXPECT_THAT(Fields(answer.fail()), ElementsAre("query_defaults.limit"));
}

TEST_F(QueryingWithDefaults, BlamesThemForAColumnThatIsNotThere) {
  GivenDefaults(R"({"columns":["nope"]})");

  auto answer = Ask(Query());

  EXPECT_THAT(Fields(answer.fail()), ElementsAre("query_defaults.columns[0]"));
}

TEST_F(QueryingWithDefaults, IgnoresWhatIsWrongInAMemberItDoesNotNeed) {
  GivenDefaults(R"({"catalog":7,"limit":10,"filters":3,"offset":-1})");

  Ask(Query());

  EXPECT_EQ(warehouse.executions.size(), 2U);
}

TEST_F(QueryingWithDefaults, NamesEveryPartThatIsStillMissing) {
  GivenDefaults(R"({"catalog":"main"})");

  auto answer = Ask(Nothing());

  EXPECT_EQ(answer.code(), errc::invalid_query);
  EXPECT_THAT(Fields(answer.fail()), ElementsAre("schema", "table"));
}

class QueryingWithoutDefaults : public QueryingWithDefaults,
                                public testing::WithParamInterface<errc> {};

TEST_P(QueryingWithoutDefaults, WorksWhenTheRequestIsComplete) {
  GivenNoDefaults(GetParam());

  auto answer = Ask(Query());
  AnswerBoth({}, "0");

  EXPECT_EQ(answer->rows.str(), "[]");
}

TEST_P(QueryingWithoutDefaults, NamesWhatIsMissing) {
  GivenNoDefaults(GetParam());

  auto answer = Ask(Nothing());

  EXPECT_EQ(answer.code(), errc::invalid_query);
  EXPECT_THAT(Fields(answer.fail()), ElementsAre("catalog", "schema", "table"));
  EXPECT_EQ(answer.fail().details.find("can't be read now") == std::string::npos,
            GetParam() == errc::preference_not_found);
}

INSTANTIATE_TEST_SUITE_P(Reasons, QueryingWithoutDefaults,
                         testing::Values(errc::preference_not_found,
                                         errc::service_unavailable,
                                         errc::lakebase_not_configured,
                                         errc::database_unavailable,
                                         errc::data_corrupted));

TEST_F(QueryingWithDefaults, DoesNotWaitLongForASilentService) {
  Held<preferences::get_preference, preferences::preference> silent{world};
  preferences::service_actor::pointer self = nullptr;
  auto service = world.spawn([&](preferences::service_actor::pointer me)
                                 -> preferences::service_actor::behavior_type {
    using namespace preferences;
    self = me;
    return {
        [](const list_preferences&) { return preference_page{}; },
        [&](const get_preference& x) { return silent.Keep(self, x); },
        [](const save_preference&) { return saved_preference{}; },
        [](const delete_preference&) { return deleted_preference{}; },
        [](const get_status&) { return service_status{}; },
    };
  });
  actor = world.own(spawn_table_query(
      world.system(), {workspace.Spawn(world), warehouse.Spawn(world), service, "w1",
                       bounds, std::make_shared<metrics>(registry), known}));

  Ask(Query());
  EXPECT_EQ(warehouse.executions.size(), 0U);
  world.advance(std::chrono::seconds{2});

  EXPECT_EQ(warehouse.executions.size(), 2U);
}

} // namespace
} // namespace lakegate::catalog
