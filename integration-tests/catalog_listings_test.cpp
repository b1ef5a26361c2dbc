// Listings: pages that go wrong, requests that share a walk, clients that leave.

#include "integration-tests/support/table_script.hpp"

#include <algorithm>
#include <future>

namespace lakegate::integration {

using databricks::failure_kind;
using nlohmann::json;
using testing::_;
using testing::Return;

namespace {

test::reply<databricks::name_page> Names(std::vector<std::string> names,
                                         std::string next_page_token = {}) {
  return Answer(databricks::name_page{std::move(names), std::move(next_page_token)});
}

template <class T>
test::reply<T> Busy() {
  return test::fails<T>(Failing(failure_kind::unavailable, 503));
}

/// A mock that waits at a gate has a thread to itself.
const std::pair<std::string, std::string> threads_for_gates{"LAKEGATE_SCHEDULER_THREADS",
                                                            "4"};

/// Opens once, for all who wait.
class gate {
public:
  void Open() { opened_.set_value(); }
  void Wait() const { is_open_.wait_for(std::chrono::seconds{10}); }

private:
  std::promise<void> opened_;
  std::shared_future<void> is_open_ = opened_.get_future().share();
};

} // namespace

class Listings : public Scenario {
protected:
  world_options Options() const override {
    return {.database = false,
            .settings = {{"LAKEGATE_CATALOG_MAX_PAGES", "3"}, threads_for_gates}};
  }

  databricks::table_info Described(const std::string& name) {
    databricks::table_info x;
    x.catalog = "main";
    x.schema = "default";
    x.name = name;
    return x;
  }

  const Request Schemas = Get(path::schemas + "?catalog=main").As(user_a);
};

TEST_F(Listings, AreReadAgainWhereTheWorkspaceWasBusy) {
  databricks::table_page page;
  page.tables = {Described("b"), Described("a"), Described("b")};
  page.tables[1].row_count = 5;
  page.tables[1].size_bytes = 7;
  EXPECT_CALL(Workspace().catalog, list_catalogs(_))
      .WillOnce(Return(Names({"b", "a"}, "2")))
      .WillOnce(Return(Busy<databricks::name_page>()))
      .WillOnce(Return(Names({"a", "c"})));
  EXPECT_CALL(Workspace().catalog, list_tables(_))
      .WillOnce(Return(Busy<databricks::table_page>()))
      .WillOnce(Return(Answer(page)));

  auto catalogs = When(Get(path::catalogs).As(user_a));
  auto tables = When(Get(path::tables + "?catalog=main&schema=default").As(user_a));

  EXPECT_THAT(catalogs, HasBody(json{"a", "b", "c"}));
  EXPECT_THAT(tables, HasStatus(200));
  auto found = tables.json();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["table_name"], "a");
  EXPECT_EQ(found[0]["row_count"], 5);
  EXPECT_EQ(found[0]["size_bytes"], 7);
  EXPECT_EQ(found[0]["last_refreshed"], nullptr);
  EXPECT_EQ(found[1]["table_name"], "b");
  EXPECT_EQ(found[1]["row_count"], nullptr);
}

TEST_F(Listings, OfEndlessPagesEnd) {
  EXPECT_CALL(Workspace().catalog, list_catalogs(_))
      .Times(2)
      .WillRepeatedly(Return(Names({"a"}, "the same")));
  EXPECT_CALL(Workspace().catalog, list_schemas(_))
      .Times(3) // LAKEGATE_CATALOG_MAX_PAGES
      .WillRepeatedly([](const auto& x) { return Names({"a"}, x.page_token + "1"); });

  EXPECT_THAT(When(Get(path::catalogs).As(user_a)),
              IsProblem(errc::upstream_invalid_response));
  EXPECT_THAT(When(Schemas), IsProblem(errc::upstream_invalid_response));
}

TEST_F(Listings, ThatFailTooOftenAreNotTriedAgainAtAll) {
  std::atomic<int> calls{0};
  ON_CALL(Workspace().catalog, list_catalogs(_)).WillByDefault([&calls](const auto&) {
    ++calls;
    return Busy<databricks::name_page>();
  });

  std::vector<int> calls_of_each;
  for (int i = 0; i < 6; ++i) {
    calls = 0;
    EXPECT_THAT(When(Get(path::catalogs).As(user_a)),
                IsProblem(errc::catalog_unavailable));
    calls_of_each.push_back(calls);
  }

  EXPECT_EQ(calls_of_each, (std::vector{3, 3, 3, 3, 3, 1}))
      << "the budget for second attempts is used up";
}

TEST_F(Listings, OneThatLeavesLeavesTheOthersTheirWalk) {
  gate all_came;
  std::atomic<int> pages{0};
  ON_CALL(Workspace().catalog, list_schemas(_))
      .WillByDefault([&all_came, &pages](const auto& x) {
        ++pages;
        all_came.Wait();
        return x.page_token.empty() ? Names({"b"}, "2") : Names({"a"});
      });
  auto stays = std::async(std::launch::async, [this] { return When(Schemas); });
  auto stays_too = std::async(std::launch::async, [this] { return When(Schemas); });
  auto leaves = std::async(std::launch::async, [this] {
    return World().client().Send(Schemas, std::chrono::milliseconds{1000});
  });

  AwaitMetric("lakegate_catalog_listings_shared_total 2");
  EXPECT_EQ(leaves.get().status, 0);
  all_came.Open();

  EXPECT_THAT(stays.get(), HasBody(json{"a", "b"}));
  EXPECT_THAT(stays_too.get(), HasBody(json{"a", "b"}));
  EXPECT_EQ(pages, 2);
}

TEST_F(Listings, NothingIsTriedAgainForAClientThatLeft) {
  auto busy = Failing(failure_kind::rate_limited, 429);
  busy.retry_after = 1;
  auto fails = test::fails<databricks::name_page>(busy);
  EXPECT_CALL(Workspace().catalog, list_schemas(_))
      .WillOnce(Return(fails))
      .WillOnce(Return(fails))
      .WillOnce(Return(Names({"a"})));

  auto left = World().client().Send(Schemas, std::chrono::milliseconds{500});
  auto stayed = When(Schemas); // its second attempt is later than the other's would be

  EXPECT_EQ(left.status, 0);
  EXPECT_THAT(stayed, HasBody(json{"a"}));
}

TEST_F(Listings, OfAServiceThatDiesAreAnsweredAtOnce) {
  gate asked;
  ON_CALL(Workspace().catalog, list_schemas(_)).WillByDefault([&asked](const auto&) {
    asked.Open();
    return std::nullopt;
  });
  auto listing = std::async(std::launch::async, [this] { return When(Schemas); });
  asked.Wait();

  World().Kill(world::service::catalog);

  EXPECT_THAT(listing.get(), IsProblem(errc::service_unavailable));
}

TEST_F(Listings, ShareAWalkOnlyIfAllIsTheSame) {
  std::mutex mutex;
  std::vector<std::string> asked;
  gate all_came;
  auto note = [&](const std::string& what, const databricks::call_context& ctx) {
    all_came.Wait();
    std::lock_guard guard{mutex};
    asked.push_back(what + " by " + ctx.token.reveal());
  };
  ON_CALL(Workspace().catalog, list_catalogs(_)).WillByDefault([&](const auto& x) {
    note("catalogs", x.ctx);
    return Names({"a"});
  });
  ON_CALL(Workspace().catalog, list_schemas(_)).WillByDefault([&](const auto& x) {
    note("schemas of " + x.catalog, x.ctx);
    return Names({"a"});
  });
  ON_CALL(Workspace().catalog, list_tables(_)).WillByDefault([&](const auto& x) {
    note(std::string{x.with_columns ? "tables" : "names"} + " of " + x.schema, x.ctx);
    return Answer(databricks::table_page{});
  });
  auto request = [](const std::string& target, const std::string& user) {
    return Get(target).As(user);
  };
  const auto names = path::table_names + "?catalog=main&schema=";

  auto responses = std::async(std::launch::async, [&] {
    return AtOnce({
        request(path::schemas + "?catalog=main", user_a),
        request(path::schemas + "?catalog=main", user_a),
        request(path::schemas + "?catalog=main", user_b),
        request(path::schemas + "?catalog=other", user_a),
        request(path::catalogs, user_a),
        request(names + "one", user_a),
        request(names + "two", user_a),
        request(path::tables + "?catalog=main&schema=one", user_a),
    });
  });
  AwaitMetric("lakegate_catalog_listings_shared_total 1");
  all_came.Open();

  for (const auto& response : responses.get())
    EXPECT_THAT(response, HasStatus(200));
  std::lock_guard guard{mutex};
  std::sort(asked.begin(), asked.end());
  EXPECT_EQ(asked, (std::vector<std::string>{"catalogs by " + TokenOf(user_a),
                                             "names of one by " + TokenOf(user_a),
                                             "names of two by " + TokenOf(user_a),
                                             "schemas of main by " + TokenOf(user_a),
                                             "schemas of main by " + TokenOf(user_b),
                                             "schemas of other by " + TokenOf(user_a),
                                             "tables of one by " + TokenOf(user_a)}));
}

class HurriedListings : public Listings {
protected:
  world_options Options() const override {
    return {.database = false,
            .settings = {{"LAKEGATE_REQUEST_DEADLINE", "1s"}, threads_for_gates}};
  }
};

TEST_F(HurriedListings, APageThatComesTooLateIsTheLast) {
  gate answered;
  std::atomic<int> pages{0};
  ON_CALL(Workspace().catalog, list_schemas(_))
      .WillByDefault([&answered, &pages](const auto& x) {
        ++pages;
        answered.Wait();
        return x.page_token.empty() ? Names({"b"}, "2") : Names({"a"});
      });

  auto late = When(Schemas); // told by the service, or by the gateway if that is later
  AwaitMetric(R"(lakegate_catalog_listings_total{outcome="CATALOG_UNAVAILABLE"} 1)");
  answered.Open();
  auto fresh = When(Schemas);

  EXPECT_THAT(late, HasStatus(503));
  EXPECT_THAT(fresh, HasBody(json{"a", "b"}));
  EXPECT_EQ(pages, 3);
}

} // namespace lakegate::integration
