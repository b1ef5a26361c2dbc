#include "shared/runtime/tests/child_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lakegate::test {

namespace {

constexpr int patience_ms = 20'000;

constexpr std::array sanitizer_options{"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

} // namespace

child_process::child_process(const std::string& path,
                             const std::vector<std::string>& arguments,
                             const std::map<std::string, std::string>& variables) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"pipe2 failed"};
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables)
    environment.push_back(name + "=" + value);
  for (const auto* name : sanitizer_options)
    if (const auto* value = std::getenv(name))
      environment.push_back(std::string{name} + "=" + value);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  auto failed = ::posix_spawn(&id_, path.c_str(), &actions, nullptr,
                              pointers_to(words).data(), pointers_to(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (failed != 0)
    throw std::runtime_error{"can't run " + path};
}

child_process::~child_process() {
  if (id_ > 0) {
    send(SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  ::close(pipe_);
}

bool child_process::read_more() {
  pollfd ready{pipe_, POLLIN, 0};
  std::array<char, 4096> chunk;
  if (::poll(&ready, 1, patience_ms) <= 0)
    return false;
  auto size = ::read(pipe_, chunk.data(), chunk.size());
  if (size > 0)
    output_.append(chunk.data(), static_cast<std::size_t>(size));
  return size > 0;
}

bool child_process::wait_for_output(const std::string& text) {
  while (output_.find(text) == std::string::npos)
    if (!read_more())
      return false;
  return true;
}

int child_process::wait_for_exit() {
  while (read_more()) {
  }
  pollfd ready{pipe_, POLLIN, 0};
  if (::poll(&ready, 1, 0) == 0)
    send(SIGKILL); // still running after all that patience
  int status = 0;
  ::waitpid(id_, &status, 0);
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void child_process::send(int signal) const {
  ::kill(id_, signal);
}

} // namespace lakegate::test
