#include "shared/postgres/src/worker.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>

#include <poll.h>

namespace lakegate::postgres {

namespace {

/// In place of an SQLSTATE, where PostgreSQL was not even asked.
constexpr auto no_credential = "LG001";

/// Wrong as configured, so that it is not worth asking again five times a second.
bool needs_an_operator(const sql_failure& x) {
  return !x.sqlstate.empty() && !x.sqlstate.starts_with("57P")
         && !x.sqlstate.starts_with("53");
}

constexpr std::chrono::milliseconds operator_cap{2000};

bool refuses_credentials(const sql_failure& x) {
  return x.sqlstate.starts_with("28");
}

/// For `/health/ready`: what is wrong, without hosts or names.
std::string sentence_of(const sql_failure& x) {
  if (refuses_credentials(x))
    return "PostgreSQL refuses the credentials.";
  if (x.sqlstate == no_credential)
    return "The workspace gives no credential for PostgreSQL.";
  if (x.sqlstate == "3D000")
    return "There is no such database.";
  if (x.sqlstate.starts_with("53"))
    return "PostgreSQL has no connection or no resources to spare.";
  if (x.sqlstate.empty() || x.sqlstate.starts_with("57P"))
    return "PostgreSQL can't be reached.";
  return "The session or the schema could not be set up (SQLSTATE " + x.sqlstate + ").";
}

} // namespace

std::variant<connection, sql_failure> worker::log_in(bool fresh) {
  access_token password;
  if (config_.credentials) {
    auto given = config_.credentials->password(config_.connection.connect_timeout, fresh);
    if (!given)
      return sql_failure{no_credential, "no credential to be had", "", ""};
    password = std::move(*given);
  }
  return connection::open(config_.connection, password,
                          channel_->stopping().descriptor());
}

/// A refused password is asked for once more: it may have expired since it was fetched.
std::variant<connection, sql_failure> worker::open() {
  auto result = log_in(false);
  const auto* failed = std::get_if<sql_failure>(&result);
  if (failed && refuses_credentials(*failed) && config_.credentials
      && config_.credentials->expires())
    result = log_in(true);
  auto* opened = std::get_if<connection>(&result);
  if (opened && !config_.migrations.steps.empty())
    if (auto why =
            apply_migrations(*opened, config_.connection.schema, config_.migrations))
      return *why;
  return result;
}

void worker::connect() {
  auto result = open();
  if (channel_->is_stopping())
    return;
  if (auto* failed = std::get_if<sql_failure>(&result))
    return report_failed(*failed);
  pipeline_.emplace(std::move(std::get<connection>(result)));
  renew_at_ = steady::time_point::max();
  if (config_.credentials && config_.credentials->expires()) {
    const auto age = config_.max_age.count();
    std::uniform_int_distribution<std::int64_t> some{age - age / 10, age};
    renew_at_ = steady::now() + std::chrono::milliseconds{some(random_)};
  }
  failed_attempts_ = 0;
  channel_->connected(index_);
  if (channel_->log_restored().opens())
    log::info("database_connected", {{"connection", index_}});
}

void worker::report_failed(const sql_failure& why) {
  ++failed_attempts_;
  if (channel_->log_refused().opens())
    log::warn("database_unreachable",
              {{"sqlstate", why.sqlstate}, {"reason", why.message}});
  channel_->unreachable(sentence_of(why));
  pause(needs_an_operator(why) ? operator_cap : config_.reconnect_cap);
}

/// Full jitter: many processes that lost the same database don't come back in step.
void worker::pause(std::chrono::milliseconds cap) {
  const auto ceiling =
      std::min<std::int64_t>(cap.count(), 25LL << std::min(failed_attempts_, 10));
  std::uniform_int_distribution<std::int64_t> some{5, std::max<std::int64_t>(ceiling, 6)};
  pollfd stop{channel_->stopping().descriptor(), POLLIN, 0};
  ::poll(&stop, 1, static_cast<int>(some(random_)));
}

void worker::lose(sql_failure why) {
  auto jobs = pipeline_->abandon();
  pipeline_.reset();
  channel_->disconnected(index_);
  if (!channel_->is_stopping() && channel_->log_lost().opens())
    log::warn(
        "database_connection_lost",
        {{"sqlstate", why.sqlstate}, {"reason", why.message}, {"jobs", jobs.size()}});
  std::vector<finished_job> answers;
  std::vector<job> again;
  const auto now = steady::now();
  for (auto& x : jobs) {
    // What took too long by itself would take as long again.
    const bool hopeful = x.may_run_twice() && x.attempts == 0 && !channel_->is_stopping()
                         && limit_of(x) > now && x.deadline > now;
    if (!hopeful) {
      answers.push_back(unavailable(x));
      continue;
    }
    ++x.attempts;
    again.push_back(std::move(x));
  }
  channel_->deliver(std::move(answers));
  channel_->put_back(std::move(again));
}

} // namespace lakegate::postgres
