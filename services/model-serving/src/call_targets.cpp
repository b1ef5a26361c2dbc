#include "services/model-serving/src/call_targets.hpp"

#include <algorithm>

namespace lakegate::model_serving {

call_target& call_targets::at(const std::string& user_id,
                              const std::string& endpoint_name,
                              circuit_breaker::time_point now) {
  auto key = std::pair{user_id, endpoint_name};
  auto found = targets_.find(key);
  if (found == targets_.end()) {
    if (targets_.size() >= max_targets_)
      make_place(now);
    call_target fresh;
    fresh.breaker = circuit_breaker{config_};
    found = targets_.emplace(std::move(key), std::move(fresh)).first;
  }
  found->second.last_used = now;
  return found->second;
}

std::size_t call_targets::open_breakers() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(targets_.begin(), targets_.end(),
                    [](const auto& x) { return x.second.breaker.is_open(); }));
}

/// Forgets what has not been used for a while; if that frees nothing, the least recently
/// used one.
void call_targets::make_place(circuit_breaker::time_point now) {
  std::erase_if(targets_, [&](const auto& x) {
    return now - x.second.last_used > config_.longest_pause + config_.window;
  });
  if (targets_.size() < max_targets_)
    return;
  targets_.erase(std::min_element(targets_.begin(), targets_.end(),
                                  [](const auto& a, const auto& b) {
                                    return a.second.last_used < b.second.last_used;
                                  }));
}

} // namespace lakegate::model_serving
