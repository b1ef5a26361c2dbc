// Who a token belongs to: where it is found, when it is too old, how long it is
// remembered.

#include "integration-tests/support/scenario.hpp"

#include <atomic>
#include <future>

namespace lakegate::integration {

using databricks::failure_kind;
using nlohmann::json;
using testing::_;
using testing::HasSubstr;
using testing::Return;

namespace {

using users = caf::expected<databricks::workspace_user>;

const std::string good = TokenOf(user_a);

Request Me() {
  return Get("/api/user/me");
}

databricks::workspace_user User(const std::string& name) {
  databricks::workspace_user x;
  x.id = "1";
  x.user_name = name;
  x.active = true;
  return x;
}

/// RFC 4648, 5, without padding.
std::string Base64Url(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto part = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (j < part.size() ? static_cast<unsigned char>(part[j]) : 0u);
    for (std::size_t j = 0; j <= part.size(); ++j)
      result += digits[bits >> (18 - 6 * j) & 63];
  }
  return result;
}

/// A token that the reference workspace knows, with that payload as its middle part.
std::string Jwt(const std::string& payload) {
  return "token-of-jwt." + payload + ".c2ln";
}

std::string JwtOf(const std::string& claims) {
  return Jwt(Base64Url(claims));
}

std::string ExpiringIn(std::chrono::seconds from_now) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto at = std::chrono::duration_cast<std::chrono::seconds>(now) + from_now;
  return JwtOf(R"({"exp":)" + std::to_string(at.count()) + "}");
}

} // namespace

class Authentication : public Scenario {};

TEST_F(Authentication, FindsTheTokenOrNone) {
  struct row {
    header_list headers;
    errc code; ///< none: it is user A.
  };
  const std::string own = "X-Forwarded-Access-Token";

  for (const auto& [headers, code] : std::vector<row>{
           {{{own, good}}, errc::none},
           {{{own, " " + good + " \t"}}, errc::none},
           {{{"Authorization", "bEaReR " + good}}, errc::none},
           {{{"Authorization", "Bearer  \t" + good}}, errc::none},
           {{{own, ""}}, errc::auth_missing},
           {{{own, " \t "}}, errc::auth_missing},
           {{{own, ""}, {"Authorization", "Bearer " + good}}, errc::auth_missing},
           {{{"Authorization", ""}}, errc::auth_missing},
           {{{"Authorization", "Bearer"}}, errc::auth_missing},
           {{{"Authorization", "Bearer "}}, errc::auth_missing},
           {{{"Authorization", "Bearer" + good}}, errc::auth_missing},
           {{{"Authorization", "Basic " + good}}, errc::auth_missing},
           {{{"Authorization", "Bearer a b"}}, errc::auth_malformed},
           {{{own, "a\tb"}}, errc::auth_malformed},
           {{{own, "h\xC3\xA9"}}, errc::auth_malformed}}) {
    auto request = Me();
    for (const auto& [name, value] : headers)
      request = std::move(request).WithHeader(name, value);
    auto response = When(request);
    if (code == errc::none)
      EXPECT_THAT(response, HasJson(json{{"userName", user_a}}));
    else
      EXPECT_THAT(response, IsProblem(code));
  }
}

TEST_F(Authentication, BelievesATokenThatItHasExpiredAndNothingElse) {
  const std::string both_marks = R"({"a":"~~~>>>???","exp":1600000000})";
  ASSERT_THAT(Base64Url(both_marks), testing::AllOf(HasSubstr("-"), HasSubstr("_")));

  for (const auto& token :
       {JwtOf(R"({"exp":1600000000})"), JwtOf(R"({"exp":0})"), JwtOf(R"({"exp":1.5e9})"),
        JwtOf(both_marks), ExpiringIn(std::chrono::seconds{-60})})
    EXPECT_THAT(When(Me().WithToken(token)), IsProblem(errc::auth_expired)) << token;
  for (const auto& token : {JwtOf(R"({"exp":-1})"),
                            JwtOf(R"({"exp":1e999})"),
                            JwtOf(R"({"exp":5000000000})"),
                            JwtOf(R"({"exp":"1600000000"})"),
                            JwtOf(R"({"exp":null})"),
                            JwtOf("{}"),
                            JwtOf("[]"),
                            JwtOf("no JSON"),
                            Jwt(""),
                            Jwt("!"),
                            Jwt("/"),
                            Jwt(":"),
                            Jwt("@"),
                            Jwt("["),
                            Jwt("`"),
                            Jwt("{"),
                            Jwt("a=="),
                            "token-of-" + Base64Url(R"({"exp":1})") + ".c2ln",
                            JwtOf(R"({"exp":1600000000})") + ".more",
                            ExpiringIn(std::chrono::seconds{-10}), // clocks differ
                            ExpiringIn(std::chrono::hours{1})})
    EXPECT_THAT(When(Me().WithToken(token)),
                HasJson(json{{"userName", token.substr(std::strlen("token-of-"))}}))
        << token;
}

TEST_F(Authentication, AsksTheWorkspaceOnceForRequestsThatComeTogether) {
  ASSERT_THAT(When(Me().As(user_b)), HasStatus(200));
  std::promise<void> go;
  auto gone = go.get_future().share();
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce(
          testing::Invoke([gone](const auto&) -> test::reply<databricks::workspace_user> {
            gone.wait_for(std::chrono::seconds{20});
            return users{User(user_a)};
          }));

  auto first = std::async(std::launch::async, [this] { return When(Me().As(user_a)); });
  auto second = std::async(std::launch::async, [this] { return When(Me().As(user_a)); });
  auto metrics = Eventually(Get("/metrics").As(user_b), [](const Response& x) {
    return x.body.find("identity_lookups_total{source=\"shared_call\"} 1")
           != std::string::npos;
  });
  go.set_value();

  EXPECT_THAT(metrics.body,
              HasSubstr("identity_lookups_total{source=\"shared_call\"} 1"));
  EXPECT_THAT(first.get(), HasJson(json{{"userName", user_a}}));
  EXPECT_THAT(second.get(), HasJson(json{{"userName", user_a}}));
}

TEST_F(Authentication, AsksTwiceWhereTheWorkspaceStumbles) {
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce(Return(test::fails<databricks::workspace_user>(
          Failing(failure_kind::unavailable, 503))))
      .WillOnce(Return(users{User(user_a)}));

  auto response = When(Me().As(user_a));

  EXPECT_THAT(response, HasBody(json{{"userName", user_a},
                                     {"displayName", nullptr},
                                     {"active", true},
                                     {"emails", json::array()}}));
}

TEST_F(Authentication, ForgetsATokenThatTheWorkspaceRefusesLater) {
  EXPECT_CALL(Workspace().identity, get_current_user(_)).Times(2);
  EXPECT_CALL(Workspace().catalog, list_catalogs(_))
      .WillOnce(Return(
          test::fails<databricks::name_page>(Failing(failure_kind::token_invalid, 401))));

  auto before = When(Me().As(user_a));
  auto refused = When(Get(path::catalogs).As(user_a));
  auto after = When(Me().As(user_a));

  EXPECT_THAT(before, HasStatus(200));
  EXPECT_THAT(refused, IsProblem(errc::auth_invalid));
  EXPECT_THAT(after, HasStatus(200));
}

TEST_F(Authentication, TellsAnotherWhoIsNobodyFromOneWithoutAToken) {
  auto nameless = User("");
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce(Return(users{nameless}))
      .WillOnce(Return(test::fails<databricks::workspace_user>(
          Failing(failure_kind::token_invalid, 401))));

  auto named_nobody = When(Get("/api/user/auth/status").WithToken("one"));
  auto refused = When(Get("/api/user/auth/status").WithToken("two"));

  EXPECT_THAT(named_nobody, HasBody(json{{"authenticated", true},
                                         {"auth_mode", "obo"},
                                         {"has_user_identity", false},
                                         {"user_id", nullptr}}));
  EXPECT_THAT(refused, HasBody(json{{"authenticated", false},
                                    {"auth_mode", "obo"},
                                    {"has_user_identity", false},
                                    {"user_id", nullptr}}));
}

class ShortMemory : public Scenario {
protected:
  world_options Options() const override {
    return {.identity_ttl = "1ms", .settings = {{"LAKEGATE_IDENTITY_TIMEOUT", "100ms"}}};
  }
};

TEST_F(ShortMemory, AsksAgainWhenTheTimeIsOver) {
  std::atomic<int> asked{0};
  ON_CALL(Workspace().identity, get_current_user(_))
      .WillByDefault(
          testing::Invoke([&](const auto&) -> test::reply<databricks::workspace_user> {
            ++asked;
            return users{User(user_a)};
          }));

  auto last = Eventually(Me().As(user_a), [&](const Response&) { return asked >= 3; });

  EXPECT_THAT(last, HasStatus(200));
  EXPECT_GE(asked, 3);
}

TEST_F(ShortMemory, DoesNotAskTwiceWhereTheFirstAnswerTookAllTheTime) {
  EXPECT_CALL(Workspace().identity, get_current_user(_)).WillOnce(Return(std::nullopt));

  EXPECT_THAT(When(Me().As(user_a)), IsProblem(errc::identity_unavailable));
}

class NoMemory : public Scenario {
protected:
  world_options Options() const override { return {.identity_ttl = "0s"}; }
};

TEST_F(NoMemory, AsksEachTime) {
  EXPECT_CALL(Workspace().identity, get_current_user(_)).Times(3);

  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(When(Me().As(user_a)), HasStatus(200));
}

} // namespace lakegate::integration
