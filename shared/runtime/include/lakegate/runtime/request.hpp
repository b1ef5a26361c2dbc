#pragma once

#include <caf/duration.hpp>

#include <utility>

namespace lakegate::runtime {

/// A request to an actor of the same process whose deadline is kept without CAF: by the
/// callee, which was told in the message how long the caller waits and answers within
/// that, come what may (the POSTGRES actor does); or by the caller, which watches all its
/// calls with one timer (the INFERENCE actor does). A callee that dies is noticed at
/// once, since CAF bounces local requests.
///
/// Saves CAF's own timeout, which wakes the clock's thread twice a request: on two cores
/// a third of the throughput (docs/architecture.md, "Decisions"). Everywhere
/// else a request has a finite timeout.
template <class Self, class Handle, class... Arguments>
auto request_with_own_deadline(Self* self, const Handle& to, Arguments&&... arguments) {
  return self->request(to, caf::infinite, std::forward<Arguments>(arguments)...);
}

} // namespace lakegate::runtime
