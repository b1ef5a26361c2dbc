#include "shared/runtime/src/process_metrics.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace lakegate::runtime {

namespace {

using prometheus::MetricType;

void add(std::vector<prometheus::MetricFamily>& out, std::string name, std::string help,
         MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  out.push_back({std::move(name), std::move(help), type, {std::move(metric)}});
}

/// The fields of /proc/self/stat from the third on: the second, the name of the program,
/// may hold blanks and parentheses.
std::vector<std::string> read_stat() {
  std::ifstream in{"/proc/self/stat"};
  std::string line;
  std::getline(in, line);
  auto name_end = line.rfind(')');
  if (name_end == std::string::npos)
    return {};
  std::istringstream fields{line.substr(name_end + 1)};
  std::vector<std::string> result;
  for (std::string field; fields >> field;)
    result.push_back(field);
  return result;
}

/// Epoch seconds of the last boot; 0 if unknown.
double boot_time() {
  std::ifstream in{"/proc/stat"};
  double seconds = 0;
  for (std::string word; in >> word;)
    if (word == "btime" && in >> seconds)
      return seconds;
  return 0;
}

void add_stat(std::vector<prometheus::MetricFamily>& out) {
  // proc(5) numbers the fields from 1; the first one here is number 3.
  constexpr std::size_t utime = 14 - 3;
  constexpr std::size_t stime = 15 - 3;
  constexpr std::size_t threads = 20 - 3;
  constexpr std::size_t starttime = 22 - 3;
  constexpr std::size_t vsize = 23 - 3;
  constexpr std::size_t rss = 24 - 3;
  auto fields = read_stat();
  if (fields.size() <= rss)
    return;
  auto number = [&](std::size_t i) { return std::stod(fields[i]); };
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  add(out, "process_cpu_seconds_total", "User and system CPU time in seconds.",
      MetricType::Counter, (number(utime) + number(stime)) / ticks);
  add(out, "process_threads", "Threads.", MetricType::Gauge, number(threads));
  add(out, "process_virtual_memory_bytes", "Virtual memory in bytes.", MetricType::Gauge,
      number(vsize));
  add(out, "process_resident_memory_bytes", "Resident memory in bytes.",
      MetricType::Gauge, number(rss) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  if (auto boot = boot_time(); boot > 0)
    add(out, "process_start_time_seconds",
        "Start of the process, seconds since the epoch.", MetricType::Gauge,
        boot + number(starttime) / ticks);
}

void add_descriptors(std::vector<prometheus::MetricFamily>& out) {
  std::error_code failed;
  std::filesystem::directory_iterator all{"/proc/self/fd", failed};
  if (!failed)
    add(out, "process_open_fds", "Open file descriptors.", MetricType::Gauge,
        // Without the one that counts them.
        static_cast<double>(std::distance(begin(all), end(all)) - 1));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    add(out, "process_max_fds", "The most file descriptors that may be open.",
        MetricType::Gauge, static_cast<double>(limit.rlim_cur));
}

/// The most memory that the process may take: its container's limit (cgroup v2, then v1,
/// as a container sees its own), at most what the machine has.
double memory_limit() {
  auto limit = static_cast<double>(::sysconf(_SC_PHYS_PAGES))
               * static_cast<double>(::sysconf(_SC_PAGESIZE));
  for (const auto* file :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream in{file};
    // cgroup v2 says "max" where there is none.
    if (double bytes = 0; in >> bytes)
      limit = std::min(limit, bytes);
  }
  return limit;
}

} // namespace

std::vector<prometheus::MetricFamily> collect_process_metrics() {
  std::vector<prometheus::MetricFamily> result;
  add_stat(result);
  add_descriptors(result);
  add(result, "process_memory_limit_bytes", "The most memory that the process may take.",
      MetricType::Gauge, memory_limit());
  return result;
}

} // namespace lakegate::runtime
