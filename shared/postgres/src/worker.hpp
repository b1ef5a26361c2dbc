#pragma once

#include "shared/postgres/src/channel.hpp"
#include "shared/postgres/src/pipeline.hpp"

#include <lakegate/postgres/database.hpp>

#include <optional>
#include <random>
#include <thread>

namespace lakegate::postgres {

/// One connection with a thread of its own: connects, reconnects with full jitter, keeps
/// the deadlines, retries what may be retried. Ends with its destructor.
class worker {
public:
  worker(const database_config& config, std::shared_ptr<channel> shared,
         std::size_t index);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

private:
  void run();
  std::variant<connection, sql_failure> open();
  std::variant<connection, sql_failure> log_in(bool fresh);
  void connect();
  void report_failed(const sql_failure& why);
  void pause(std::chrono::milliseconds cap);
  void step();
  void send_what_waits();
  void wait_for_events();
  void receive();
  void settle(pipeline::harvest found);
  finished_job finish(pipeline::answered x);
  void check_deadlines();
  void lose(sql_failure why); ///< By value: the reason may be the pipeline's own.
  steady::time_point limit_of(const job& x) const;
  bool is_due_for_renewal() const;

  const database_config config_;
  const std::shared_ptr<channel> channel_;
  const std::size_t index_;
  std::optional<pipeline> pipeline_;
  steady::time_point renew_at_ = steady::time_point::max();
  std::minstd_rand random_;
  int failed_attempts_ = 0;
  bool socket_is_ready_ = false;
  std::thread thread_;
};

} // namespace lakegate::postgres
