#include <lakegate/runtime/service_main.hpp>

#include <lakegate/core/json_writer.hpp>
#include <lakegate/runtime/admin_server.hpp>
#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/metrics.hpp>
#include <lakegate/runtime/supervisor.hpp>

#include "shared/runtime/src/process_setup.hpp"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <unistd.h>

namespace lakegate::runtime {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::vector<setting> full_table(const program& what) {
  auto result = what.table;
  result.insert(
      result.end(),
      {{"admin.host",
        {"LAKEGATE_ADMIN_HOST"},
        "127.0.0.1",
        anything(),
        "IPv4 address of the admin port: metrics, health and log level, for anybody who "
        "can "
        "reach it."},
       {"admin.port",
        {"LAKEGATE_ADMIN_PORT"},
        "9464",
        integer_between(0, 65535),
        "The admin port; 0 takes any free one, which the log names."},
       {"log.level",
        {"LAKEGATE_LOG_LEVEL"},
        "info",
        one_of({"debug", "info", "warn", "error", "off"}),
        "The least that is logged."},
       {"log.file",
        {"LAKEGATE_LOG_FILE"},
        "",
        anything(),
        "A file to append the log to instead of writing it to standard error."}});
  return result;
}

/// The parts as the admin threads may see them: not before they all run, and not once
/// they are being stopped.
class readiness_board {
public:
  void show(const running_parts& running) {
    std::lock_guard guard{mutex_};
    running_ = &running;
  }

  void hide() {
    std::lock_guard guard{mutex_};
    running_ = nullptr;
    word_ = "stopping";
  }

  admin_server::readiness read() const {
    std::lock_guard guard{mutex_};
    auto ready = running_ && std::ranges::all_of(*running_, [](const auto& part) {
                   return part->is_ready();
                 });
    json_writer w;
    w.begin_object().member("status", ready ? "ready" : running_ ? "not_ready" : word_);
    w.end_object();
    return {ready, std::move(w).str()};
  }

private:
  mutable std::mutex mutex_;
  const running_parts* running_ = nullptr;
  const char* word_ = "starting";
};

int fail(const program& what, const std::string& sentence, bool to_log) {
  if (to_log)
    log::error("start_failed", {{"reason", sentence}});
  log::flush();
  std::cerr << what.name << ": " << sentence << std::endl;
  return exit_failure;
}

/// A tenth of the time is kept for each part that is still to be stopped, so that one
/// which waits for a long request does not leave the others none to flush what they have.
void stop_all(running_parts& running, milliseconds limit) {
  const auto share = limit / 10;
  const auto deadline = steady_clock::now() + limit;
  for (; !running.empty(); running.pop_back()) {
    const auto kept = share * (running.size() - 1);
    const auto left = deadline - kept - steady_clock::now();
    running.back()->stop(std::max(std::chrono::ceil<milliseconds>(left), share));
  }
}

/// Runs what `--help` and its kind ask for; nothing: the program itself is meant.
std::optional<int> answer_question(const program& what, const std::vector<setting>& table,
                                   const std::vector<std::string>& arguments) {
  auto asks = [&](std::string_view word) {
    return std::ranges::find(arguments, word) != arguments.end();
  };
  if (asks("--help") || asks("-h"))
    std::cout << render_help(what.name, what.purpose, table);
  else if (asks("--version"))
    std::cout << what.name << ' ' << version() << '\n';
  else if (asks("--print-env-example"))
    std::cout << render_environment_example(what.name, table);
  else
    return std::nullopt;
  return 0;
}

std::string short_name(std::string_view name) {
  constexpr std::string_view prefix = "lakegate-";
  return std::string{name.starts_with(prefix) ? name.substr(prefix.size()) : name};
}

/// Throws std::runtime_error with a sentence if the program can't start.
void serve(const program& what, const settings& values) {
  auto registry = std::make_shared<prometheus::Registry>();
  gauge_of(*registry, "lakegate_build_info", "Which build runs; always 1.",
           {{"version", std::string{version()}}, {"process", short_name(what.name)}})
      .Set(1);
  running_parts running;
  readiness_board board;
  admin_server admin{values.text("admin.host"),
                     static_cast<std::uint16_t>(values.integer("admin.port")), registry,
                     [&board] { return board.read(); }};
  auto started = what.start(values, registry);
  if (!started)
    throw std::runtime_error{sentence_of(started.error())};
  running = std::move(*started);
  board.show(running);
  log::info("started", {{"version", version()}, {"admin_port", admin.port()}});

  auto number = wait_for_stop_signal();
  log::info("stopping", {{"signal", number}});
  start_watchdog(what.watchdog);
  board.hide();
  stop_all(running, what.stop_limit);
  log::info("stopped");
}

int run(const program& what, const settings& values) {
  const auto& file = values.text("log.file");
  if (!file.empty() && !log::open_file(file))
    return fail(what, "The log file " + file + " can't be opened for writing.", false);
  log::set_process(short_name(what.name));
  log::set_level(log::parse_level(values.text("log.level")).value_or(log::level::info));
  try {
    serve(what, values);
  } catch (const std::exception& e) {
    return fail(what, e.what(), !file.empty());
  }
  log::flush();
  return 0;
}

} // namespace

int service_main(int argc, char** argv, const program& what) {
  set_up_process();
  auto table = full_table(what);
  std::vector<std::string> arguments{argv + std::min(argc, 1), argv + argc};
  if (auto status = answer_question(what, table, arguments))
    return *status;
  auto only_prints = std::erase(arguments, "--print-config") > 0;
  auto values = settings::resolve(table, arguments, process_environment());
  if (!values)
    return fail(what, sentence_of(values.error()), false);
  if (only_prints) {
    std::cout << values->print();
    return 0;
  }
  return run(what, *values);
}

void give_up(std::string_view reason) {
  log::error("gave_up", {{"reason", reason}});
  log::flush();
  ::_exit(exit_gave_up);
}

std::string_view version() noexcept {
  return LAKEGATE_VERSION;
}

} // namespace lakegate::runtime
