#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace lakegate::test {

struct command {
  std::vector<std::string> arguments; ///< The first is the program; looked up in PATH.
  std::vector<std::pair<std::string, std::string>>
      variables;            ///< Added to the environment.
  std::string output_file;  ///< Receives stdout and stderr; empty: /dev/null.
  int input = -1;           ///< Becomes standard input; -1: /dev/null.
  bool as_postgres = false; ///< Drops root, which PostgreSQL's programs refuse.
};

/// Starts a child. Throws std::runtime_error if there is none to be had.
pid_t spawn(const command& what);

struct finished {
  int status = 0; ///< Exit status; 128 + signal if killed.
  std::string output;
};

/// Runs a child to its end, its stdout and stderr collected.
finished run_to_end(command what);

/// Runs it and throws std::runtime_error, with its output, unless it succeeds.
std::string must_run(command what);

/// What /proc tells of a process behind its name: the state, its parent, and so on; empty
/// if there is no such process.
std::vector<std::string> stat_of(pid_t process);

/// When a process was started, in ticks since the machine was; empty if there is none.
std::string start_of(pid_t process);

} // namespace lakegate::test
