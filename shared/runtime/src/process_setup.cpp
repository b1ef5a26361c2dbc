#include "shared/runtime/src/process_setup.hpp"

#include <lakegate/runtime/log.hpp>

#include <thread>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace lakegate::runtime {

sigset_t stop_signals() noexcept {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGTERM);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGHUP);
  return result;
}

void set_up_process() noexcept {
  auto signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
#ifndef __SANITIZE_ADDRESS__ // its leak check attaches to the process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
  }
}

int wait_for_stop_signal() noexcept {
  auto signals = stop_signals();
  for (;;)
    if (auto number = ::sigwaitinfo(&signals, nullptr); number > 0)
      return number;
}

void start_watchdog(std::chrono::milliseconds limit) {
  // Detached: it must still be there while static objects are destroyed.
  std::thread{[limit] {
    std::this_thread::sleep_for(limit);
    log::error("stop_took_too_long", {{"limit_ms", limit.count()}});
    log::flush();
    ::_exit(exit_gave_up);
  }}.detach();
}

} // namespace lakegate::runtime
