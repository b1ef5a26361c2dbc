#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/metrics.hpp>
#include <lakegate/runtime/service_main.hpp>
#include <lakegate/runtime/supervisor.hpp>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <sys/prctl.h>

namespace {

using namespace lakegate;
using namespace std::chrono_literals;

/// A part with a thread of its own, which ends when the part is stopped.
class test_part : public runtime::running_part {
public:
  test_part(std::string name, std::string behaviour)
      : name_{std::move(name)}, behaviour_{std::move(behaviour)} {
    worker_ = std::thread{[this] {
      if (behaviour_ == "give-up")
        runtime::give_up("the worker died too often");
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return stopped_; });
    }};
  }
  ~test_part() override { end(); }

  void stop(std::chrono::milliseconds limit) override {
    log::info("part_stopped", {{"part", name_}, {"limit_ms", limit.count()}});
    if (behaviour_ == "hang")
      for (;;)
        std::this_thread::yield();
    if (behaviour_ == "take-all" && name_ == "second") {
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, limit, [&] { return stopped_; });
    }
    end();
  }

  bool is_ready() const override { return behaviour_ != "unready"; }

private:
  void end() {
    {
      std::lock_guard guard{mutex_};
      stopped_ = true;
    }
    changed_.notify_all();
    if (worker_.joinable())
      worker_.join();
  }

  std::string name_;
  std::string behaviour_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread worker_;
};

caf::expected<runtime::running_parts>
start(const runtime::settings& values,
      const std::shared_ptr<prometheus::Registry>& registry) {
  const auto& behaviour = values.text("test.behaviour");
  if (behaviour == "warn-at-exit")
    std::atexit([] {
      for (int i = 0; i < 15; ++i)
        log::warn("late_warning");
    });
  runtime::running_parts parts;
  parts.push_back(std::make_unique<test_part>("first", behaviour));
  if (behaviour == "fail")
    return runtime::setting_error("The port 127.0.0.1:1 is taken.");
  if (behaviour == "throw")
    throw std::runtime_error{"The second part can't start."};
  parts.push_back(std::make_unique<test_part>("second", behaviour));
  runtime::counter_of(*registry, "lakegate_test_starts_total", "Starts.").Increment();
  runtime::gauge_of(*registry, "lakegate_test_dumpable", "Of prctl.")
      .Set(::prctl(PR_GET_DUMPABLE));
  return parts;
}

} // namespace

int main(int argc, char** argv) {
  runtime::program what{"lakegate-test",
                        "Shows what service_main does.",
                        {{"test.behaviour",
                          {"LAKEGATE_TEST_BEHAVIOUR"},
                          "run",
                          runtime::one_of({"run", "unready", "fail", "throw", "hang",
                                           "take-all", "give-up", "warn-at-exit"}),
                          "What the program does."},
                         {"admin.port",
                          {"LAKEGATE_ADMIN_PORT"},
                          "0",
                          runtime::integer_between(0, 65535),
                          "Any."}},
                        start};
  what.stop_limit = 100ms;
  what.watchdog = 1s;
  return runtime::service_main(argc, argv, what);
}
