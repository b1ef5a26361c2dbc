// Story 3, inferences: what a failing endpoint means for the caller, when it is called
// again, and when it is left alone.

#include "integration-tests/support/served_model.hpp"

#include <atomic>

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::upstream_failure;
using nlohmann::json;
using testing::_;
using testing::HasSubstr;
using testing::Return;

class InferenceFailures : public ServedModel {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_INFERENCE_MAX_ATTEMPTS", "2"}}};
  }

  using answer = test::reply<databricks::invocation_answer>;

  static answer Predicts(const std::string& body) {
    return caf::expected<databricks::invocation_answer>{
        databricks::invocation_answer{json_text::trusted(body), "model-1"}};
  }
  static answer Fails(upstream_failure x) {
    return test::fails<databricks::invocation_answer>(std::move(x));
  }

  /// What the model answers from now on, each call the next; the last one for ever.
  void GivenAnswers(std::vector<answer> all) {
    calls_ = 0;
    ON_CALL(Workspace().serving, invoke_endpoint(_))
        .WillByDefault([this, all = std::move(all)](const auto&) {
          return all[std::min(calls_++, all.size() - 1)];
        });
  }
  std::size_t Calls() const { return calls_; }

  static Request Invoke(const std::string& user = user_a, int timeout_seconds = 30) {
    return Post(path::invoke)
        .With({{"endpoint_name", "model"},
               {"inputs", {{"a", 1}}},
               {"timeout_seconds", timeout_seconds}})
        .As(user);
  }

  /// A user of their own for each row of a table: retries and breakers are a user's.
  static std::string User(std::size_t row) {
    return "row-" + std::to_string(row) + "@example.com";
  }

  /// The status and the message of the newest row of the user's log.
  std::string Logged(const std::string& user = user_a) {
    auto row = When(Get(path::logs + "?limit=1").As(user)).json()["logs"][0];
    return row["status"].get<std::string>() + " "
           + (row["error_message"].is_null() ? "-"
                                             : row["error_message"].get<std::string>());
  }

private:
  std::atomic<std::size_t> calls_{0};
};

TEST_F(InferenceFailures, EachIsToldAsWhatItIsAndTriedAgainIfThatMayHelp) {
  auto unsent = Failing(failure_kind::timeout);
  unsent.sent = false;
  auto denied = Failing(failure_kind::permission_denied, 403, "no");
  denied.resource_type = "Endpoint";
  denied.resource_name = "model";
  denied.privilege = "CAN_QUERY";
  struct row {
    upstream_failure failure;
    errc code;
    std::size_t calls;
    std::string logged;
  };
  const std::vector<row> rows{
      {Failing(failure_kind::permission_denied, 403), errc::model_permission_denied, 1,
       "ERROR MODEL_PERMISSION_DENIED"},
      {denied, errc::model_permission_denied, 1, "ERROR MODEL_PERMISSION_DENIED"},
      {Failing(failure_kind::token_invalid, 401), errc::auth_invalid, 1,
       "ERROR AUTH_INVALID"},
      {Failing(failure_kind::token_expired, 401), errc::auth_expired, 1,
       "ERROR AUTH_EXPIRED"},
      {Failing(failure_kind::scope_missing, 403), errc::token_scope_missing, 1,
       "ERROR TOKEN_SCOPE_MISSING"},
      {Failing(failure_kind::invalid_argument, 400, "bad"), errc::invalid_input, 1,
       "ERROR INVALID_INPUT: The model refused the inputs; see model_message. bad"},
      {Failing(failure_kind::invalid_response, 200), errc::upstream_invalid_response, 1,
       "ERROR UPSTREAM_INVALID_RESPONSE"},
      {Failing(failure_kind::overloaded), errc::overloaded, 1, "ERROR OVERLOADED"},
      {Failing(failure_kind::timeout), errc::model_timeout, 1, "TIMEOUT MODEL_TIMEOUT"},
      {Failing(failure_kind::rate_limited, 429), errc::rate_limited, 2,
       "ERROR RATE_LIMITED"},
      {Failing(failure_kind::unavailable, 502), errc::model_unavailable, 2,
       "ERROR MODEL_UNAVAILABLE"},
      {Failing(failure_kind::unavailable), errc::model_unavailable, 2,
       "ERROR MODEL_UNAVAILABLE"},
      {unsent, errc::model_timeout, 2, "ERROR MODEL_TIMEOUT"},
      {Failing(failure_kind::cancelled), errc::model_unavailable, 1,
       "ERROR MODEL_UNAVAILABLE"},
  };

  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [failure, code, calls, logged] = rows[i];
    GivenAnswers({Fails(failure)});

    auto response = When(Invoke(User(i)));

    EXPECT_THAT(response, IsProblem(code));
    EXPECT_EQ(Calls(), calls) << to_string(code);
    EXPECT_THAT(Logged(User(i)), testing::StartsWith(logged));
    auto details = response.json()["detail"]["technical_details"];
    EXPECT_EQ(details["endpoint_name"], "model");
    EXPECT_EQ(details.contains("upstream_status"),
              failure.kind == failure_kind::unavailable && failure.http_status != 0);
  }
}

TEST_F(InferenceFailures, AModelsMessageIsPassedOnWithoutItsStackTraceAndInBounds) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"wrong column\nTraceback (most recent call last):\n  File x", "wrong column"},
      {"wrong type\n\tat org.x.Y(Z.java)", "wrong type"},
      {" \n", ""},
      {std::string(1499, 'x') + "\xC3\xA9nd", std::string(1499, 'x')},
      {std::string(1500, 'y') + "z", std::string(1500, 'y')},
  };

  for (const auto& [message, passed_on] : rows) {
    GivenAnswers({Fails(Failing(failure_kind::invalid_argument, 400, message))});

    auto response = When(Invoke());

    EXPECT_THAT(response, IsProblem(errc::invalid_input));
    EXPECT_EQ(response.json()["detail"]["technical_details"]["model_message"], passed_on);
  }
}

TEST_F(InferenceFailures, AnAnswerThatIsNoObjectIsWrapped) {
  for (auto body : {"[1.10,2]", "\"text\"", "7", "null"}) {
    GivenAnswers({Predicts(body)});

    auto response = When(Invoke());

    EXPECT_THAT(response, HasStatus(200));
    EXPECT_EQ(response.json()["predictions"], json({{"predictions", json::parse(body)}}));
  }
}

TEST_F(InferenceFailures, AnEndpointThatIsNotReadyIsToldFromOneThatFails) {
  struct row {
    upstream_failure failure;
    std::optional<std::string> ready; ///< Nothing: it can't be looked up.
    errc code;
    std::size_t calls;
  };
  const auto missing = Failing(failure_kind::not_found, 404);
  const auto creating = Failing(failure_kind::unavailable, 503, "Still BEING created");
  const auto refused =
      Failing(failure_kind::invalid_argument, 400, "The model is not ready yet");
  const std::vector<row> rows{
      {missing, "READY", errc::endpoint_not_ready, 1},
      {missing, "NOT_READY", errc::endpoint_not_ready, 1},
      {missing, std::nullopt, errc::endpoint_not_found, 1},
      {creating, "NOT_READY", errc::endpoint_not_ready, 1},
      {creating, "READY", errc::model_unavailable, 2},
      {creating, std::nullopt, errc::model_unavailable, 2},
      {refused, "NOT_READY", errc::endpoint_not_ready, 1},
      {refused, "READY", errc::invalid_input, 1},
  };

  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [failure, ready, code, calls] = rows[i];
    auto endpoint = ClassicEndpoint();
    endpoint.ready = ready.value_or("");
    GivenEndpoint(endpoint);
    if (!ready) {
      ON_CALL(Workspace().serving, get_serving_endpoint(_))
          .WillByDefault(Return(test::fails<databricks::serving_endpoint>(
              Failing(failure_kind::not_found, 404))));
    }
    GivenAnswers({Fails(failure)});

    auto response = When(Invoke(User(i)));

    EXPECT_THAT(response, IsProblem(code)) << ready.value_or("gone");
    EXPECT_EQ(Calls(), calls);
  }
}

TEST_F(InferenceFailures, ACallIsNotRepeatedWhenTheWaitWouldOutlastIt) {
  auto busy = Failing(failure_kind::rate_limited, 429);
  busy.retry_after = 7;
  GivenAnswers({Fails(busy), Predicts("{}")});

  auto response = When(Invoke(user_a, 5));

  EXPECT_THAT(response, IsProblem(errc::rate_limited));
  EXPECT_EQ(response.json()["detail"]["retry_after"], 7);
  EXPECT_EQ(Calls(), 1u);
}

TEST_F(InferenceFailures, ACallWhoseClientWentAwayIsStoppedAndLogged) {
  GivenAnswers({std::nullopt});
  EXPECT_CALL(Workspace().serving, call_cancelled(_)).Times(testing::AtLeast(1));

  auto gone = World().client().Send(Invoke(), std::chrono::milliseconds{300});
  auto logs = Eventually(Get(path::logs).As(user_a), [](const Response& x) {
    return x.status == 200 && x.json()["total_count"] == 1;
  });

  EXPECT_EQ(gone.status, 0);
  EXPECT_EQ(Logged().substr(0, 23), "ERROR MODEL_UNAVAILABLE");
  EXPECT_THAT(Logged(), HasSubstr("The client went away; the call was stopped."));
}

TEST_F(InferenceFailures, ACallWhoseClientWentAwayIsNotTriedAgain) {
  auto busy = Failing(failure_kind::rate_limited, 429);
  busy.retry_after = 1;
  GivenAnswers({Fails(busy), std::nullopt});

  auto gone = World().client().Send(Invoke(), std::chrono::milliseconds{300});
  auto logs = Eventually(Get(path::logs).As(user_a), [](const Response& x) {
    return x.status == 200 && x.json()["total_count"] == 1;
  });
  auto longer_than_the_wait = When(Invoke(user_b, 1));

  EXPECT_EQ(gone.status, 0);
  EXPECT_THAT(logs.body, HasSubstr("The client went away; the call was stopped."));
  EXPECT_THAT(longer_than_the_wait, IsProblem(errc::model_timeout));
  EXPECT_EQ(Calls(), 2u) << "one of each user";
}

TEST_F(InferenceFailures, RetriesAreABudgetOfTheirOwn) {
  GivenAnswers({Fails(Failing(failure_kind::rate_limited, 429))});

  for (int i = 0; i < 8; ++i)
    EXPECT_THAT(When(Invoke()), IsProblem(errc::rate_limited));

  EXPECT_EQ(Calls(), 8u + 5u) << "five are saved up; ten calls earn another one";
}

/// One failure is enough to open one.
class CircuitBreakers : public InferenceFailures {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_INFERENCE_BREAKER_FAILURES", "1"}}};
  }

  /// Sends until the breaker lets one through.
  Response AfterThePause(const Request& request) {
    auto before = Calls();
    return Eventually(request, [&](const Response&) { return Calls() > before; });
  }
};

TEST_F(CircuitBreakers, HoldCallsBackAndProbe) {
  GivenAnswers({Fails(Failing(failure_kind::unavailable, 503))});

  auto opens = When(Invoke());
  auto held_back = When(Invoke());
  auto others = When(Invoke(user_b));
  auto calls = Calls();
  auto failed_probe = AfterThePause(Invoke());
  auto longer = When(Invoke());
  GivenAnswers({Predicts("{}")});
  auto good_probe = AfterThePause(Invoke());
  auto closed = When(Invoke());

  EXPECT_THAT(opens, IsProblem(errc::model_unavailable));
  EXPECT_EQ(opens.json()["detail"]["technical_details"]["upstream_status"], 503);
  EXPECT_THAT(held_back, IsProblem(errc::model_unavailable));
  EXPECT_EQ(held_back.json()["detail"]["retry_after"], 1);
  EXPECT_THAT(held_back.body, HasSubstr("calls are held back for a moment"));
  EXPECT_THAT(others, IsProblem(errc::model_unavailable));
  EXPECT_EQ(calls, 2u) << "one of each user: a breaker is a user's own";
  EXPECT_EQ(failed_probe.json()["detail"]["technical_details"]["upstream_status"], 503);
  EXPECT_EQ(longer.json()["detail"]["retry_after"], 2);
  EXPECT_THAT(good_probe, HasStatus(200));
  EXPECT_THAT(closed, HasStatus(200));
}

TEST_F(CircuitBreakers, LetOneProbeThroughAndTakeAnUndecidedOneForNone) {
  GivenAnswers({std::nullopt});
  auto both = AtOnce({Invoke(user_a, 1), Invoke(user_a, 1)});
  GivenAnswers({Fails(Failing(failure_kind::not_found, 404))});

  auto undecided = AfterThePause(Invoke());
  GivenAnswers({std::nullopt});
  auto again = AtOnce({Invoke(user_a, 1), Invoke(user_a, 1)});

  for (const auto& x : both)
    EXPECT_THAT(x, IsProblem(errc::model_timeout));
  EXPECT_THAT(undecided, IsProblem(errc::endpoint_not_ready));
  std::multiset<int> millis{static_cast<int>(again[0].took.count()),
                            static_cast<int>(again[1].took.count())};
  EXPECT_LT(*millis.begin(), 800) << "held back while the other one probes";
  EXPECT_GE(*millis.rbegin(), 900);
  EXPECT_EQ(Calls(), 1u);
}

class CrowdedInferences : public InferenceFailures {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_INFERENCE_MAX_IN_FLIGHT", "1"},
                         {"LAKEGATE_INFERENCE_MAX_ATTEMPTS", "1"}}};
  }
};

TEST_F(CrowdedInferences, BeyondTheBoundCallersComeBackLater) {
  GivenAnswers({std::nullopt});

  auto both = AtOnce({Invoke(user_a, 1), Invoke(user_a, 1)});

  auto first_waited = both[0].took > both[1].took;
  EXPECT_THAT(both[first_waited ? 0 : 1], IsProblem(errc::model_timeout));
  EXPECT_THAT(both[first_waited ? 1 : 0], IsProblem(errc::overloaded));
  EXPECT_EQ(When(Get(path::logs).As(user_a)).json()["total_count"], 1);
}

TEST_F(CrowdedInferences, OneAttemptIsOneCall) {
  GivenAnswers({Fails(Failing(failure_kind::unavailable, 503))});

  EXPECT_THAT(When(Invoke()), IsProblem(errc::model_unavailable));
  EXPECT_EQ(Calls(), 1u);
}

} // namespace lakegate::integration
