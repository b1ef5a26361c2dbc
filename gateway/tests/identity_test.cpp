#include "gateway/src/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using testing::ElementsAre;

class AnIdentity : public testing::Test {
public:
  void make(identity_config config = {}) {
    identities = std::make_shared<identity>(
        config,
        [this](databricks::get_current_user what, auto then) {
          asked.push_back(what.ctx.token.reveal());
          open.push_back(std::move(then));
        },
        metrics);
  }

  /// Resolves as the dispatcher does; what comes of it goes into `outcomes`.
  void resolve(const std::string& token) {
    request_context request;
    request.token = access_token{token};
    auto key = identities->key_of(request.token);
    auto known = identities->find(key);
    request.identity_cache = known.verdict;
    if (known.what != nullptr) {
      verdicts.push_back(request.identity_cache);
      note(known.what->who, known.what->why);
      return;
    }
    identities->resolve(key, request, [this](caf::expected<user_ptr> got) {
      note(got ? *got : nullptr, got ? caf::error{} : got.error());
    });
    verdicts.push_back(request.identity_cache);
  }

  void answer(std::size_t index, const std::string& user_name, bool is_active = true) {
    databricks::workspace_user found;
    found.user_name = user_name;
    found.active = is_active;
    auto then = open.at(index);
    then(std::move(found));
  }

  void fail(std::size_t index, databricks::failure_kind kind) {
    databricks::upstream_failure why;
    why.kind = kind;
    why.retry_after = 7;
    auto then = open.at(index);
    then(databricks::make_error(why));
  }

  void note(const user_ptr& who, const caf::error& why) {
    outcomes.push_back(who ? who->user_id : to_string(failure_of(why).code));
  }

  prometheus::Registry registry;
  gateway_metrics metrics{registry};
  std::shared_ptr<identity> identities;
  std::vector<cache_verdict> verdicts; ///< What the cache was good for, each time.
  std::vector<std::string> asked;
  std::vector<std::function<void(caf::expected<databricks::workspace_user>)>> open;
  std::vector<std::string> outcomes;
};

TEST_F(AnIdentity, IsAskedOnceAndRemembered) {
  make();

  resolve("a");
  answer(0, "ada");
  resolve("a");

  EXPECT_THAT(asked, ElementsAre("a"));
  EXPECT_THAT(outcomes, ElementsAre("ada", "ada"));
  EXPECT_THAT(verdicts, ElementsAre(cache_verdict::miss, cache_verdict::hit));
}

TEST_F(AnIdentity, IsAskedEveryTimeWithoutATtl) {
  identity_config config;
  config.ttl = std::chrono::milliseconds{0};
  make(config);

  resolve("a");
  answer(0, "ada");
  resolve("a");
  answer(1, "ada2");

  EXPECT_THAT(outcomes, ElementsAre("ada", "ada2"));
}

TEST_F(AnIdentity, SharesOneCallOfOneTokenAndNoneBetweenTokens) {
  make();

  resolve("a");
  resolve("b");
  resolve("a");
  answer(1, "bob");
  answer(0, "ada");

  EXPECT_THAT(asked, ElementsAre("a", "b"));
  EXPECT_THAT(outcomes, ElementsAre("bob", "ada", "ada"));
  EXPECT_THAT(verdicts, ElementsAre(cache_verdict::miss, cache_verdict::miss,
                                    cache_verdict::shared));
}

TEST_F(AnIdentity, IsAskedAgainWhenForgotten) {
  make();
  resolve("a");
  answer(0, "ada");

  identities->forget(identities->key_of(access_token{"a"}));
  resolve("a");

  EXPECT_THAT(asked, ElementsAre("a", "a"));
}

TEST_F(AnIdentity, IsRefusedWithoutAUsableName) {
  make();

  resolve("a");
  answer(0, "");
  resolve("b");
  answer(1, "bob", false);

  EXPECT_THAT(outcomes,
              ElementsAre("AUTH_USER_IDENTITY_FAILED", "AUTH_USER_IDENTITY_FAILED"));
}

TEST_F(AnIdentity, RemembersAFailureForLessThanASecondOnly) {
  identity_config config;
  config.failure_ttl = std::chrono::milliseconds{0};
  make(config);

  resolve("a");
  fail(0, databricks::failure_kind::token_invalid);
  resolve("a");

  EXPECT_THAT(asked, ElementsAre("a", "a"));
  EXPECT_THAT(outcomes, ElementsAre("AUTH_INVALID"));
}

TEST_F(AnIdentity, IsTriedOnceMoreWhenTheWorkspaceIsAway) {
  make();

  resolve("a");
  fail(0, databricks::failure_kind::unavailable);
  answer(1, "ada");
  resolve("b");
  fail(2, databricks::failure_kind::unavailable);
  fail(3, databricks::failure_kind::unavailable);

  EXPECT_THAT(outcomes, ElementsAre("ada", "IDENTITY_UNAVAILABLE"));
}

TEST_F(AnIdentity, OfAnExpiredJwtIsRefusedWithoutAsking) {
  make();

  resolve("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjE3MDAwMDAwMDB9.sig");

  EXPECT_TRUE(asked.empty());
  EXPECT_THAT(outcomes, ElementsAre("AUTH_EXPIRED"));
}

TEST_F(AnIdentity, TellsEachKindOfFailure) {
  using databricks::failure_kind;
  make();
  const std::vector<std::pair<failure_kind, std::string>> expected{
      {failure_kind::token_invalid, "AUTH_INVALID"},
      {failure_kind::token_expired, "AUTH_EXPIRED"},
      {failure_kind::scope_missing, "TOKEN_SCOPE_MISSING"},
      {failure_kind::permission_denied, "AUTH_USER_IDENTITY_FAILED"},
      {failure_kind::not_found, "AUTH_USER_IDENTITY_FAILED"},
      {failure_kind::invalid_argument, "AUTH_INVALID"},
      {failure_kind::rate_limited, "RATE_LIMITED"},
      {failure_kind::timeout, "IDENTITY_UNAVAILABLE"},
      {failure_kind::invalid_response, "UPSTREAM_INVALID_RESPONSE"},
      {failure_kind::not_configured, "WORKSPACE_NOT_CONFIGURED"},
      {failure_kind::overloaded, "OVERLOADED"},
      {failure_kind::held_back, "IDENTITY_UNAVAILABLE"},
  };

  for (const auto& [kind, code] : expected) {
    resolve("token-" + code + std::to_string(asked.size()));
    fail(asked.size() - 1, kind);
    EXPECT_EQ(outcomes.back(), code);
  }
}

TEST(AnIdentityCache, ForgetsTheOneThatWasUsedLongestAgo) {
  identity_cache cache{2};
  auto key = [](unsigned char x) { return token_key{x}; };
  auto entry = [] { return identity_cache::entry{std::make_shared<user>(), {}}; };
  auto now = identity_cache::clock::now();
  auto later = now + std::chrono::seconds{30};
  cache.remember(key(1), entry(), later);
  cache.remember(key(2), entry(), later);

  cache.find(key(1), now);
  cache.remember(key(3), entry(), later);

  EXPECT_EQ(cache.find(key(1), now).verdict, cache_verdict::hit);
  EXPECT_EQ(cache.find(key(2), now).verdict, cache_verdict::miss);
  EXPECT_EQ(cache.find(key(3), now).verdict, cache_verdict::hit);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(AnIdentityCache, ForgetsWhatIsPastItsTime) {
  identity_cache cache{2};
  auto now = identity_cache::clock::now();
  cache.remember(token_key{}, {std::make_shared<user>(), {}},
                 now + std::chrono::seconds{30});

  auto in_time = cache.find(token_key{}, now + std::chrono::seconds{29});
  EXPECT_EQ(in_time.verdict, cache_verdict::hit);
  EXPECT_NE(in_time.what, nullptr);
  auto too_late = cache.find(token_key{}, now + std::chrono::seconds{30});
  EXPECT_EQ(too_late.verdict, cache_verdict::stale);
  EXPECT_EQ(too_late.what, nullptr);
  EXPECT_EQ(cache.size(), 0u);
}

} // namespace
} // namespace lakegate::gateway
