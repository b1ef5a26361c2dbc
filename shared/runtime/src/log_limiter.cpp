#include "shared/runtime/src/log_limiter.hpp"

namespace lakegate::log {

bool limiter::admit(std::string_view name, time_point now) {
  auto found = names_.find(name);
  if (found == names_.end()) {
    if (names_.size() >= max_names)
      name = "(other)";
    found = names_.try_emplace(std::string{name}, window{now, 0, 0}).first;
  }
  auto& x = found->second;
  if (now - x.since >= std::chrono::seconds{1}) {
    x.since = now;
    x.lines = 0;
  }
  if (x.lines < lines_a_second) {
    ++x.lines;
    return true;
  }
  ++x.held_back;
  ++owed_;
  return false;
}

} // namespace lakegate::log
