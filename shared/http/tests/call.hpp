#pragma once

#include <lakegate/http/client.hpp>

#include <future>
#include <memory>
#include <stdexcept>

namespace lakegate::test {

/// A call whose answer can be waited for.
class pending_call {
public:
  pending_call(http::client& client, http::request what) {
    auto promise = std::make_shared<std::promise<http::response>>();
    answer_ = promise->get_future();
    id_ = client.send(std::move(what), [promise](http::response answer) {
      promise->set_value(std::move(answer));
    });
  }

  std::uint64_t id() const { return id_; }

  http::response wait() {
    if (answer_.wait_for(std::chrono::seconds{10}) != std::future_status::ready)
      throw std::runtime_error{"no answer within ten seconds"};
    return answer_.get();
  }

private:
  std::future<http::response> answer_;
  std::uint64_t id_ = 0;
};

inline http::request get(std::string base_url, std::string target = "/") {
  http::request result;
  result.base_url = std::move(base_url);
  result.target = std::move(target);
  result.time_left = std::chrono::seconds{5};
  return result;
}

inline http::request post(std::string base_url, std::string target, std::string body) {
  auto result = get(std::move(base_url), std::move(target));
  result.verb = http::method::post;
  result.body = std::move(body);
  return result;
}

} // namespace lakegate::test
