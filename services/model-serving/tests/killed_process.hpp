#pragma once

#include "services/model-serving/tests/journal_fixture.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace lakegate::model_serving::test {

/// A process that appends records for ever and reports each finished one by a byte, until
/// it is killed with SIGKILL after `count` reports. How many it reported in all.
inline int AppendUntilKilled(const journal_config& config, int count) {
  int reports[2];
  if (::pipe(reports) != 0)
    throw std::runtime_error{"pipe"};
  auto child = ::fork();
  if (child == 0) {
    ::close(reports[0]);
    auto j = journal::open(config);
    for (int i = 0; j; ++i) {
      auto x = Record("r" + std::to_string(i));
      x.inputs = "{\"pad\":\"" + std::string(static_cast<std::size_t>(i * 37 % 3000), 'x')
                 + "\"}";
      if (Write(**j, x) != journal::outcome::written || ::write(reports[1], "+", 1) != 1)
        break;
    }
    ::_exit(1);
  }
  ::close(reports[1]);
  int seen = 0;
  char byte = 0;
  while (seen < count && ::read(reports[0], &byte, 1) == 1)
    ++seen;
  ::kill(child, SIGKILL);
  while (::read(reports[0], &byte, 1) == 1)
    ++seen;
  ::close(reports[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return seen;
}

} // namespace lakegate::model_serving::test
