#include "shared/postgres/src/pipeline.hpp"

#include "shared/postgres/src/results.hpp"

#include <utility>

namespace lakegate::postgres {

namespace {

/// The session is gone, going, or no good for writing any more.
bool ends_session(const sql_failure& x) {
  return x.sqlstate.empty() || x.sqlstate.starts_with("08")
         || x.sqlstate.starts_with("57P") || x.sqlstate == "25006"
         || x.sqlstate == "25P03";
}

/// Rolled back by PostgreSQL for reasons that may not come again.
bool was_rolled_back(const sql_failure& x) {
  return x.sqlstate == "40001" || x.sqlstate == "40P01";
}

constexpr int max_attempts = 3;

} // namespace

pipeline::pipeline(connection opened) : connection_{std::move(opened)} {
  broken_ = PQenterPipelineMode(connection_.raw().handle.get()) == 0;
}

int pipeline::socket() const noexcept {
  return PQsocket(const_cast<connection&>(connection_).raw().handle.get());
}

bool pipeline::send(std::vector<job> batch) {
  bool is_open = false; // A run of reads that still lacks its sync.
  for (auto& x : batch) {
    const bool shares = !x.what->is_write && !x.is_alone;
    if (is_open && (!shares || !prepared_.contains(x.what->name)))
      is_open = false, sync();
    prepare(x.what);
    send_query(std::move(x));
    if (shares)
      is_open = true;
    else
      sync();
  }
  if (is_open)
    sync();
  return flush();
}

/// In a segment of its own, so that no other query's failure can undo it.
bool pipeline::prepare(const statement* what) {
  if (!prepared_.insert(what->name).second)
    return true;
  unpreparable_.erase(what->name);
  const std::string name{what->name};
  const std::string sql{what->sql};
  entry x;
  x.kind = step::prepare;
  x.prepared = what;
  expected_.push_back(std::move(x));
  broken_ |=
      PQsendPrepare(connection_.raw().handle.get(), name.c_str(), sql.c_str(), 0, nullptr)
      == 0;
  return sync();
}

bool pipeline::send_query(job x) {
  const std::string name{x.what->name};
  std::vector<const char*> values;
  for (const auto& value : x.parameters)
    values.push_back(value ? value->c_str() : nullptr);
  broken_ |= PQsendQueryPrepared(connection_.raw().handle.get(), name.c_str(),
                                 static_cast<int>(values.size()), values.data(), nullptr,
                                 nullptr, 0)
             == 0;
  ++in_flight_;
  bytes_in_flight_ += x.bytes();
  x.sent = steady::now();
  entry e;
  e.kind = step::query;
  e.what = std::move(x);
  expected_.push_back(std::move(e));
  return !broken_;
}

bool pipeline::sync() {
  expected_.emplace_back();
  broken_ |= PQpipelineSync(connection_.raw().handle.get()) == 0;
  return !broken_;
}

bool pipeline::flush() {
  const auto left = broken_ ? -1 : PQflush(connection_.raw().handle.get());
  unsent_ = left > 0;
  broken_ |= left < 0;
  return !broken_;
}

bool pipeline::receive(harvest& into) {
  auto* handle = connection_.raw().handle.get();
  const bool alive = PQconsumeInput(handle) != 0;
  bool was_nothing = false; // A query's results end with one null.
  while (!broken_ && PQisBusy(handle) == 0 && !expected_.empty()
         && PQstatus(handle) == CONNECTION_OK) {
    pgresult_ptr result{PQgetResult(handle)};
    if (!result && std::exchange(was_nothing, true))
      break;
    if (result) {
      was_nothing = false;
      take_result(std::move(result), into);
    }
  }
  if (!alive || PQstatus(handle) != CONNECTION_OK)
    broken_ = true;
  if (broken_ && reason_.message.empty())
    reason_ = failure_of(handle);
  return !broken_;
}

void pipeline::take_result(pgresult_ptr result, harvest& into) {
  const auto& front = expected_.front();
  switch (front.kind) {
  case step::prepare:
    take_prepared(result.get(), front.prepared);
    return;
  case step::query:
    take_query(std::move(result), into);
    return;
  case step::sync:
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC)
      return take_sync(into);
    // The commit itself failed.
    for (auto& x : uncommitted_)
      x.result = failure_of(result.get());
  }
}

void pipeline::take_prepared(const PGresult* result, const statement* what) {
  auto failed = failure_of(result);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) {
    if (ends_session(failed)) {
      broken_ = true;
      reason_ = std::move(failed);
      return;
    }
    prepared_.erase(what->name);
    unpreparable_[what->name] = std::move(failed);
  }
  pop();
}

void pipeline::take_query(pgresult_ptr result, harvest& into) {
  switch (PQresultStatus(result.get())) {
  case PGRES_TUPLES_OK:
  case PGRES_COMMAND_OK: {
    auto x = pop();
    finish(std::move(x.what), make_result(std::move(result)), into);
    return;
  }
  case PGRES_PIPELINE_ABORTED: {
    auto x = pop();
    x.what.is_alone = true;
    retry(std::move(x.what), into);
    return;
  }
  default:
    fail_query(failure_of(result.get()), into);
  }
}

void pipeline::fail_query(sql_failure failed, harvest& into) {
  if (ends_session(failed)) {
    broken_ = true;
    reason_ = failed;
    if (failed.sqlstate != "25006")
      return; // Left to `abandon`: nobody knows what became of it.
  }
  auto x = pop().what;
  const auto unpreparable = unpreparable_.find(x.what->name);
  if (failed.sqlstate == "26000" && unpreparable != unpreparable_.end())
    return finish(std::move(x), unpreparable->second, into);
  if (failed.sqlstate == "26000")
    prepared_.erase(x.what->name);
  const bool plan_changed = failed.sqlstate == "0A000";
  if (plan_changed) {
    broken_ = true;
    reason_ = failed;
  }
  x.is_alone = true;
  if ((failed.sqlstate == "26000" || plan_changed || was_rolled_back(failed))
      && ++x.attempts < max_attempts)
    return retry(std::move(x), into);
  finish(std::move(x), std::move(failed), into);
}

void pipeline::take_sync(harvest& into) {
  pop();
  for (auto& x : uncommitted_)
    into.done.push_back(std::move(x));
  uncommitted_.clear();
}

/// A write is done when its sync is, for that is when it is committed.
void pipeline::finish(job x, answer result, harvest& into) {
  --in_flight_;
  bytes_in_flight_ -= x.bytes();
  auto& target = x.what->is_write ? uncommitted_ : into.done;
  target.push_back({std::move(x), std::move(result)});
}

void pipeline::retry(job x, harvest& into) {
  --in_flight_;
  bytes_in_flight_ -= x.bytes();
  into.again.push_back(std::move(x));
}

pipeline::entry pipeline::pop() {
  auto result = std::move(expected_.front());
  expected_.pop_front();
  return result;
}

std::vector<job> pipeline::abandon() {
  std::vector<job> result;
  for (auto& x : uncommitted_)
    result.push_back(std::move(x.what));
  for (auto& x : expected_)
    if (x.kind == step::query)
      result.push_back(std::move(x.what));
  uncommitted_.clear();
  expected_.clear();
  in_flight_ = bytes_in_flight_ = 0;
  return result;
}

} // namespace lakegate::postgres
