#include "shared/testing/src/process.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace lakegate::test {

namespace {

struct identity {
  uid_t uid = 0;
  gid_t gid = 0;
};

identity postgres_identity() {
  if (::geteuid() != 0)
    return {::geteuid(), ::getegid()};
  if (const auto* entry = ::getpwnam("postgres"))
    return {entry->pw_uid, entry->pw_gid};
  throw std::runtime_error{"there is no user `postgres` on this machine"};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& x : texts)
    result.push_back(x.data());
  result.push_back(nullptr);
  return result;
}

/// Only calls that are safe between fork and exec of a process with threads.
[[noreturn]] void become(char** arguments, char** variables, int in, int out,
                         const identity* who) {
  if (who && ::getuid() == 0
      && (::setgroups(0, nullptr) != 0 || ::setgid(who->gid) != 0
          || ::setuid(who->uid) != 0))
    ::_exit(126);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execvpe(arguments[0], arguments, variables);
  ::_exit(127);
}

} // namespace

pid_t spawn(const command& what) {
  auto arguments = what.arguments;
  std::vector<std::string> variables;
  for (char** x = environ; *x != nullptr; ++x)
    if (std::strncmp(*x, "PG", 2) != 0)
      variables.emplace_back(*x);
  for (const auto& [name, value] : what.variables)
    variables.push_back(name + "=" + value);
  auto argv = pointers(arguments);
  auto envp = pointers(variables);
  auto who = what.as_postgres ? postgres_identity() : identity{};
  const char* target = what.output_file.empty() ? "/dev/null" : what.output_file.c_str();
  int in = what.input >= 0 ? what.input : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  int out = ::open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  pid_t child = ::fork();
  if (child == 0)
    become(argv.data(), envp.data(), in, out, what.as_postgres ? &who : nullptr);
  if (what.input < 0)
    ::close(in);
  ::close(out);
  if (child < 0)
    throw std::runtime_error{"fork: " + std::string{std::strerror(errno)}};
  return child;
}

finished run_to_end(command what) {
  char name[] = "/tmp/lakegate-output-XXXXXX";
  int file = ::mkostemp(name, O_CLOEXEC);
  if (file < 0)
    throw std::runtime_error{"no temporary file to be had"};
  what.output_file = name;
  finished result;
  int status = 0;
  auto child = spawn(what);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(file, buffer, sizeof buffer)) > 0;)
    result.output.append(buffer, static_cast<std::size_t>(n));
  ::close(file);
  ::unlink(name);
  return result;
}

std::string must_run(command what) {
  auto program = what.arguments.front();
  auto result = run_to_end(std::move(what));
  if (result.status != 0)
    throw std::runtime_error{program + " failed with status "
                             + std::to_string(result.status) + ": " + result.output};
  return result.output;
}

std::vector<std::string> stat_of(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  // Not through an iterator, which throws when the process ends while it is read.
  std::string text;
  std::getline(file, text, '\0');
  const auto behind_name = text.rfind(')');
  if (behind_name == std::string::npos)
    return {};
  std::istringstream fields{text.substr(behind_name + 1)};
  return {std::istream_iterator<std::string>{fields}, {}};
}

std::string start_of(pid_t process) {
  const auto stat = stat_of(process);
  return stat.size() > 19 ? stat[19] : "";
}

} // namespace lakegate::test
