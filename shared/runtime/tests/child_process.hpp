#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace lakegate::test {

/// A program that runs as a child, with its standard output and error in one pipe. Killed
/// by the destructor if it still runs. Every wait ends after 20 s. Its environment is
/// `variables` and what the sanitizers are told, nothing else.
class child_process {
public:
  child_process(const std::string& path, const std::vector<std::string>& arguments,
                const std::map<std::string, std::string>& variables = {});
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Reads until the output holds `text`; false if it ended without.
  bool wait_for_output(const std::string& text);
  /// Reads to the end and waits; the exit status, or minus the signal that killed it.
  int wait_for_exit();
  void send(int signal) const;

  pid_t id() const noexcept { return id_; }
  const std::string& output() const noexcept { return output_; }

private:
  bool read_more();

  pid_t id_ = -1;
  int pipe_ = -1;
  std::string output_;
};

} // namespace lakegate::test
