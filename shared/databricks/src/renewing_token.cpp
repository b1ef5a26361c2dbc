#include "shared/databricks/src/renewing_token.hpp"

#include <lakegate/contracts/databricks/common.hpp>

#include <algorithm>
#include <future>
#include <utility>

namespace lakegate::databricks {

namespace {

using namespace std::chrono_literals;

/// Azure refuses tokens that have 30 s left.
constexpr std::chrono::milliseconds longest_margin = 40s;
constexpr std::chrono::milliseconds longest_lead = 20min;
constexpr std::chrono::milliseconds pause_after_failure = 1min;
constexpr std::chrono::milliseconds still_fresh = 1s;

} // namespace

renewing_token::renewing_token(issuer ask, std::function<clock::time_point()> now)
    : ask_{std::move(ask)}, now_{std::move(now)} {}

void renewing_token::get(receiver then, bool fresh) {
  std::unique_lock guard{mutex_};
  answer(is_usable(fresh), std::move(then), std::move(guard));
}

void renewing_token::replace(const access_token& refused, receiver then) {
  std::unique_lock guard{mutex_};
  auto usable = is_usable(false) && !(current_.token == refused);
  answer(usable, std::move(then), std::move(guard));
}

void renewing_token::answer(bool usable, receiver then,
                            std::unique_lock<std::mutex> guard) {
  auto asks = !is_asking_ && (!usable || is_due());
  is_asking_ = is_asking_ || asks;
  auto token = current_.token;
  if (!usable)
    waiting_.push_back(std::exchange(then, nullptr));
  guard.unlock();
  if (asks)
    renew();
  if (then)
    then(std::move(token));
}

caf::expected<access_token> renewing_token::wait(std::chrono::milliseconds limit,
                                                 bool fresh) {
  auto promise = std::make_shared<std::promise<caf::expected<access_token>>>();
  auto answer = promise->get_future();
  get([promise](caf::expected<access_token> x) { promise->set_value(std::move(x)); },
      fresh);
  if (answer.wait_for(limit) == std::future_status::ready)
    return answer.get();
  upstream_failure failure;
  failure.kind = failure_kind::timeout;
  failure.message = "No token in time.";
  return make_error(std::move(failure));
}

bool renewing_token::is_usable(bool fresh) const {
  auto age = now_() - issued_at_;
  auto margin = std::min(longest_margin, current_.lifetime / 4);
  return !current_.token.empty() && age < current_.lifetime - margin
         && (!fresh || age < still_fresh);
}

bool renewing_token::is_due() const {
  auto lead = std::min(longest_lead, current_.lifetime / 2);
  return now_() - issued_at_ >= current_.lifetime - lead && now_() >= next_renewal_;
}

void renewing_token::renew() {
  ask_([self = shared_from_this()](caf::expected<issued_token> issued) {
    self->receive(std::move(issued));
  });
}

void renewing_token::receive(caf::expected<issued_token> issued) {
  std::vector<receiver> waiting;
  {
    std::lock_guard guard{mutex_};
    is_asking_ = false;
    waiting.swap(waiting_);
    if (issued) {
      current_ = *issued;
      issued_at_ = now_();
    } else {
      next_renewal_ = now_() + pause_after_failure;
    }
  }
  for (auto& then : waiting) {
    if (issued)
      then(issued->token);
    else
      then(issued.error());
  }
}

} // namespace lakegate::databricks
