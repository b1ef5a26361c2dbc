#include "services/catalog/src/upstream_calls.hpp"

#include "services/catalog/tests/mock_workspace.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::failure_kind;

databricks::upstream_failure Unsent() {
  auto result = Failure(failure_kind::unavailable, 0);
  result.sent = false;
  return result;
}

struct Attempt {
  databricks::upstream_failure failure;
  bool reads_repeat;
  bool statements_repeat;
};

class RepeatingACall : public testing::TestWithParam<Attempt> {};

TEST_P(RepeatingACall, DependsOnWhatMayHaveHappened) {
  const auto& [failure, reads, statements] = GetParam();

  EXPECT_EQ(retry_delay(failure, repeatable::read, 1, {}, 0.5).has_value(), reads);
  EXPECT_EQ(retry_delay(failure, repeatable::statement, 1, {}, 0.5).has_value(),
            statements);
}

INSTANTIATE_TEST_SUITE_P(
    Failures, RepeatingACall,
    testing::Values(Attempt{Failure(failure_kind::rate_limited, 429), true, true},
                    Attempt{Failure(failure_kind::unavailable, 503), true, true},
                    Attempt{Unsent(), true, true},
                    Attempt{Failure(failure_kind::unavailable, 500), true, false},
                    Attempt{Failure(failure_kind::unavailable, 504), true, false},
                    Attempt{Failure(failure_kind::unavailable, 0), true, false},
                    Attempt{Failure(failure_kind::timeout, 0), true, false},
                    Attempt{Failure(failure_kind::held_back, 0), false, false},
                    Attempt{Failure(failure_kind::overloaded, 0), false, false},
                    Attempt{Failure(failure_kind::permission_denied, 403), false, false},
                    Attempt{Failure(failure_kind::not_found, 404), false, false},
                    Attempt{Failure(failure_kind::invalid_argument, 400), false, false},
                    Attempt{Failure(failure_kind::token_invalid, 401), false, false},
                    Attempt{Failure(failure_kind::invalid_response, 200), false, false},
                    Attempt{Failure(failure_kind::not_configured, 0), false, false}));

TEST(WaitingBeforeTheNextAttempt, AddsTheJitterToWhatDatabricksAsksFor) {
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 3;

  EXPECT_EQ(retry_delay(busy, repeatable::read, 1, {}, 0.5), 3050ms);
}

TEST(WaitingBeforeTheNextAttempt, EndsWithTheAttempts) {
  auto busy = Failure(failure_kind::rate_limited, 429);

  EXPECT_TRUE(retry_delay(busy, repeatable::read, 2, {}, 0.5));
  EXPECT_FALSE(retry_delay(busy, repeatable::read, 3, {}, 0.5));
}

} // namespace
} // namespace lakegate::catalog
