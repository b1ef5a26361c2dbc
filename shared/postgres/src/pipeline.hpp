#pragma once

#include "shared/postgres/src/job.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::postgres {

/// A session in libpq's pipeline mode (libpq, "Pipeline Mode"): many queries under way at
/// once, their answers in order. Never blocks; its thread polls `socket`. Knows no
/// actors.
class pipeline {
public:
  struct answered {
    job what;
    answer result;
  };
  /// What `receive` found.
  struct harvest {
    std::vector<answered> done;
    std::vector<job> again; ///< Certainly had no effect through no fault of its own.
  };

  explicit pipeline(connection opened);

  int socket() const noexcept;
  /// Sends jobs: a sync behind each write, one behind each run of reads. False: broken.
  bool send(std::vector<job> batch);
  /// True if `flush` has something left to send.
  bool wants_to_write() const noexcept { return unsent_; }
  bool flush();
  /// Takes what has arrived. False: broken; what was not answered is in `abandon`.
  bool receive(harvest& into);

  /// True: nothing more comes of it; `receive` tells why.
  bool is_broken() const noexcept { return broken_; }
  std::size_t in_flight() const noexcept { return in_flight_; }
  std::size_t bytes_in_flight() const noexcept { return bytes_in_flight_; }
  /// Calls `f` for each job under way.
  template <class F>
  void each_job(F f) const {
    for (const auto& x : expected_)
      if (x.kind == step::query)
        f(x.what);
  }
  /// Why it broke, as far as the server said.
  const sql_failure& reason() const noexcept { return reason_; }
  /// Gives back all that is under way, oldest first.
  std::vector<job> abandon();

private:
  enum class step { prepare, query, sync };
  struct entry {
    step kind = step::sync;
    job what;                            ///< Of a query.
    const statement* prepared = nullptr; ///< Of a prepare.
  };

  bool prepare(const statement* what);
  bool send_query(job x);
  bool sync();
  void take_result(pgresult_ptr result, harvest& into);
  void take_prepared(const PGresult* result, const statement* what);
  void take_query(pgresult_ptr result, harvest& into);
  void fail_query(sql_failure failed, harvest& into);
  void take_sync(harvest& into);
  void finish(job x, answer result, harvest& into);
  void retry(job x, harvest& into);
  entry pop();

  connection connection_;
  std::deque<entry> expected_;
  std::vector<answered> uncommitted_; ///< Writes whose sync is still to come.
  std::set<std::string_view> prepared_;
  std::map<std::string_view, sql_failure> unpreparable_;
  std::size_t in_flight_ = 0;
  std::size_t bytes_in_flight_ = 0;
  bool unsent_ = false;
  bool broken_ = false;
  sql_failure reason_;
};

} // namespace lakegate::postgres
