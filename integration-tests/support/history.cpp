#include "integration-tests/support/history.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace lakegate::integration {

void history::Initial(nlohmann::json value) {
  add({true, 0, 0, std::move(value)});
}

std::uint64_t history::Begin() {
  std::lock_guard guard{mutex_};
  return ++clock_;
}

void history::Wrote(std::uint64_t begun, nlohmann::json value) {
  add({true, begun, 0, std::move(value)});
}

void history::Read(std::uint64_t begun, nlohmann::json value) {
  add({false, begun, 0, std::move(value)});
}

void history::add(operation x) {
  std::lock_guard guard{mutex_};
  x.ended = ++clock_;
  operations_.push_back(std::move(x));
}

// A write and the reads of its value form a cluster that must stand together in the
// order. Let `first_end` be the earliest end in a cluster and `last_begin` the latest
// begin. Of two clusters, A must come before B if something of A ended before something
// of B began. The history is linearizable exactly if no read ends before its write begins
// and no two clusters must each come before the other (Gibbons and Korach, "Testing
// Shared Memories", SIAM J. Comput. 26(4), 1997, section 4: distinct values make the
// decision local to pairs).
std::vector<std::string> history::Unexplained() const {
  std::lock_guard guard{mutex_};
  struct cluster {
    bool written = false;
    std::uint64_t write_begun = 0;
    std::uint64_t first_end = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t last_begin = 0;
  };
  std::map<std::string, cluster> clusters;
  std::vector<std::string> found;
  for (const auto& x : operations_) {
    auto& c = clusters[x.value.dump()];
    if (x.is_write && c.written)
      found.push_back("two writes of " + x.value.dump() + ": values must be distinct");
    if (x.is_write) {
      c.written = true;
      c.write_begun = x.begun;
    }
    c.first_end = std::min(c.first_end, x.ended);
    c.last_begin = std::max(c.last_begin, x.begun);
  }
  for (const auto& x : operations_) {
    const auto& c = clusters[x.value.dump()];
    if (!x.is_write && (!c.written || x.ended < c.write_begun))
      found.push_back("a read saw " + x.value.dump() + ", which nobody had written");
  }
  for (auto a = clusters.begin(); a != clusters.end(); ++a)
    for (auto b = std::next(a); b != clusters.end(); ++b)
      if (a->second.first_end < b->second.last_begin
          && b->second.first_end < a->second.last_begin)
        found.push_back("no order explains the reads of " + a->first + " and "
                        + b->first);
  return found;
}

} // namespace lakegate::integration
