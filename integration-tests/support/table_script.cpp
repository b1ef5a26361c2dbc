#include "integration-tests/support/table_script.hpp"

#include <algorithm>
#include <mutex>

namespace lakegate::integration {

using namespace databricks;

namespace {

template <class T>
class sequence {
public:
  explicit sequence(TableScript::answers<T> x) : answers_{std::move(x)} {}

  test::reply<T> take() { return answers_[std::min(next_++, answers_.size() - 1)]; }

private:
  TableScript::answers<T> answers_;
  std::size_t next_ = 0;
};

table_info TableOf(std::vector<column_info> columns,
                   std::vector<std::string> primary_key) {
  table_info x;
  x.catalog = "main";
  x.schema = "default";
  x.name = "scripted";
  x.owner = "owner@example.com";
  x.updated_at_ms = 1767225600000; // 2026-01-01T00:00:00Z
  for (std::size_t i = 0; i < columns.size(); ++i)
    columns[i].position = static_cast<std::int32_t>(i);
  x.columns = std::move(columns);
  x.primary_key = std::move(primary_key);
  return x;
}

} // namespace

struct TableScript::state {
  std::mutex mutex;
  sequence<table_info> tables{{Answer(TableOf({Column("id", "bigint")}, {}))}};
  sequence<statement_status> pages{{Answer(Succeeded({}))}};
  sequence<statement_status> counts{{Answer(Succeeded({{"0"}}))}};
  sequence<statement_status> polls{{std::nullopt}};
  sequence<result_chunk> chunks{{std::nullopt}};
  sequence<cancelled_statement> cancels{{Answer(cancelled_statement{})}};
  std::vector<std::string> calls;
  execute_statement last_page;
  std::string held_call;
  std::shared_future<void> held_until;

  template <class T>
  test::reply<T> take(std::string call, sequence<T>& from) {
    std::unique_lock guard{mutex};
    auto until = call == held_call ? held_until : std::shared_future<void>{};
    calls.push_back(std::move(call));
    auto result = from.take();
    guard.unlock();
    if (until.valid())
      until.wait_for(std::chrono::seconds{10});
    return result;
  }

  test::reply<statement_status> execute(const execute_statement& x) {
    if (x.statement.starts_with("SELECT COUNT(*)"))
      return take("count", counts);
    {
      std::lock_guard guard{mutex};
      last_page = x;
    }
    return take("page", pages);
  }
};

TableScript::TableScript(reference_workspace& workspace)
    : state_{std::make_shared<state>()} {
  using testing::_;
  auto s = state_;
  ON_CALL(workspace.catalog, get_table(_)).WillByDefault([s](const auto&) {
    return s->take("table", s->tables);
  });
  ON_CALL(workspace.sql, execute_statement(_)).WillByDefault([s](const auto& x) {
    return s->execute(x);
  });
  ON_CALL(workspace.sql, get_statement(_)).WillByDefault([s](const auto& x) {
    return s->take("poll " + x.statement_id, s->polls);
  });
  ON_CALL(workspace.sql, get_result_chunk(_)).WillByDefault([s](const auto& x) {
    return s->take("chunk " + x.statement_id + ' ' + std::to_string(x.chunk_index),
                   s->chunks);
  });
  ON_CALL(workspace.sql, cancel_statement(_)).WillByDefault([s](const auto& x) {
    return s->take("cancel " + x.statement_id, s->cancels);
  });
}

TableScript::~TableScript() = default;

void TableScript::Columns(std::vector<column_info> columns,
                          std::vector<std::string> primary_key) {
  Tables({Answer(TableOf(std::move(columns), std::move(primary_key)))});
}

void TableScript::Tables(answers<table_info> x) {
  std::lock_guard guard{state_->mutex};
  state_->tables = sequence{std::move(x)};
}

void TableScript::Pages(answers<statement_status> x) {
  std::lock_guard guard{state_->mutex};
  state_->pages = sequence{std::move(x)};
}

void TableScript::Counts(answers<statement_status> x) {
  std::lock_guard guard{state_->mutex};
  state_->counts = sequence{std::move(x)};
}

void TableScript::Polls(answers<statement_status> x) {
  std::lock_guard guard{state_->mutex};
  state_->polls = sequence{std::move(x)};
}

void TableScript::Chunks(answers<result_chunk> x) {
  std::lock_guard guard{state_->mutex};
  state_->chunks = sequence{std::move(x)};
}

void TableScript::Cancels(answers<cancelled_statement> x) {
  std::lock_guard guard{state_->mutex};
  state_->cancels = sequence{std::move(x)};
}

void TableScript::HoldBack(std::string call, std::shared_future<void> until) {
  std::lock_guard guard{state_->mutex};
  state_->held_call = std::move(call);
  state_->held_until = std::move(until);
}

std::vector<std::string> TableScript::TakeCalls() {
  std::lock_guard guard{state_->mutex};
  return std::exchange(state_->calls, {});
}

execute_statement TableScript::LastPage() const {
  std::lock_guard guard{state_->mutex};
  return state_->last_page;
}

std::vector<std::string> ParametersOf(const execute_statement& x) {
  std::vector<std::string> result;
  for (const auto& p : x.parameters)
    result.push_back(p.name + '=' + p.value.value_or("NULL") + ':' + p.type);
  return result;
}

statement_status Unfinished(statement_state state) {
  statement_status x;
  x.statement_id = "s-1";
  x.state = state;
  return x;
}

statement_status Succeeded(std::vector<std::vector<cell>> rows,
                           caf::optional<std::int32_t> next_chunk_index) {
  auto x = Unfinished(statement_state::succeeded);
  x.total_row_count = static_cast<std::int64_t>(rows.size());
  if (!rows.empty())
    x.first_chunk = result_chunk{std::move(rows), 0, next_chunk_index};
  return x;
}

statement_status Failed(std::string error_code, std::string error_class,
                        std::string sql_state, std::string message) {
  auto x = Unfinished(statement_state::failed);
  x.error_code = std::move(error_code);
  x.error_class = std::move(error_class);
  x.sql_state = std::move(sql_state);
  x.error_message = std::move(message);
  return x;
}

} // namespace lakegate::integration
