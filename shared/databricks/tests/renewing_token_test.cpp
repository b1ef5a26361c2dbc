#include "shared/databricks/src/renewing_token.hpp"

#include <lakegate/contracts/databricks/common.hpp>

#include <gmock/gmock.h>

#include <thread>

namespace lakegate::databricks {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A token source with an issuer and a clock in the test's hands.
class RenewingAToken : public ::testing::Test {
protected:
  void Get(bool fresh = false) {
    token_->get(
        [this](caf::expected<access_token> x) {
          answers_.push_back(x ? x->reveal() : "error");
        },
        fresh);
  }

  void WhenIssued(std::string token, std::chrono::milliseconds lifetime) {
    auto then = std::move(asked_.at(0));
    asked_.clear();
    then(issued_token{access_token{std::move(token)}, lifetime});
  }

  void WhenRefused() {
    auto then = std::move(asked_.at(0));
    asked_.clear();
    upstream_failure failure;
    failure.kind = failure_kind::token_invalid;
    then(make_error(failure));
  }

  void WhenTimePasses(std::chrono::milliseconds x) { now_ += x; }

  renewing_token::clock::time_point now_ = renewing_token::clock::now();
  std::vector<renewing_token::issue_receiver> asked_;
  std::vector<std::string> answers_;
  std::shared_ptr<renewing_token> token_ = std::make_shared<renewing_token>(
      [this](renewing_token::issue_receiver then) { asked_.push_back(std::move(then)); },
      [this] { return now_; });
};

TEST_F(RenewingAToken, AsksOnceForAllWhoWait) {
  Get();
  Get();
  EXPECT_EQ(asked_.size(), 1u);
  EXPECT_THAT(answers_, IsEmpty());

  WhenIssued("a", 1h);

  EXPECT_THAT(answers_, ElementsAre("a", "a"));
}

TEST_F(RenewingAToken, RemembersIt) {
  Get();
  WhenIssued("a", 1h);
  WhenTimePasses(39min);

  Get();

  EXPECT_THAT(answers_, ElementsAre("a", "a"));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(RenewingAToken, RenewsAheadWithoutBlocking) {
  Get();
  WhenIssued("a", 1h);
  WhenTimePasses(41min);

  Get();
  Get();

  EXPECT_THAT(answers_, ElementsAre("a", "a", "a"));
  EXPECT_EQ(asked_.size(), 1u);
  WhenIssued("b", 1h);
  Get();
  EXPECT_EQ(answers_.back(), "b");
}

TEST_F(RenewingAToken, RenewsAShortOneAtHalfItsLife) {
  Get();
  WhenIssued("a", 10min);
  WhenTimePasses(4min);
  Get();
  EXPECT_THAT(asked_, IsEmpty());

  WhenTimePasses(2min);
  Get();

  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(RenewingAToken, UsesNoneThatIsAboutToExpire) {
  Get();
  WhenIssued("a", 1h);
  WhenTimePasses(1h - 39s);

  Get();

  EXPECT_THAT(answers_, ElementsAre("a"));
  WhenIssued("b", 1h);
  EXPECT_THAT(answers_, ElementsAre("a", "b"));
}

TEST_F(RenewingAToken, PausesAfterAFailedRenewal) {
  Get();
  WhenIssued("a", 1h);
  WhenTimePasses(41min);
  Get();
  WhenRefused();

  Get();
  EXPECT_THAT(asked_, IsEmpty());
  WhenTimePasses(61s);
  Get();

  EXPECT_EQ(asked_.size(), 1u);
  EXPECT_THAT(answers_, ElementsAre("a", "a", "a", "a"));
}

TEST_F(RenewingAToken, TellsAllWhoWaitOfAFailure) {
  Get();
  Get();

  WhenRefused();

  EXPECT_THAT(answers_, ElementsAre("error", "error"));
  Get();
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(RenewingAToken, ReplacesARefusedOne) {
  Get();
  WhenIssued("a", 1h);
  WhenTimePasses(5s);

  Get(true);
  EXPECT_THAT(answers_, ElementsAre("a"));
  WhenIssued("b", 1h);

  EXPECT_THAT(answers_, ElementsAre("a", "b"));
  Get(true);
  EXPECT_THAT(answers_, ElementsAre("a", "b", "b"));
}

TEST_F(RenewingAToken, WaitsNoLongerThanItMay) {
  auto begun = std::chrono::steady_clock::now();

  auto result = token_->wait(50ms, false);

  ASSERT_FALSE(result);
  EXPECT_EQ(failure_in(result.error()).kind, failure_kind::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
}

TEST_F(RenewingAToken, SurvivesItsOwner) {
  Get();
  token_.reset();

  WhenIssued("a", 1h);

  EXPECT_THAT(answers_, ElementsAre("a"));
}

} // namespace

} // namespace lakegate::databricks
