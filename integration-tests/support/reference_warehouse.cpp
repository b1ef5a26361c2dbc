// The SQL of the reference workspace: reads the statements that the catalog service
// builds (SELECT or COUNT(*), one table, conditions joined by AND, ORDER BY, LIMIT,
// OFFSET) and runs them over the reference rows, every value taken from the typed
// parameters.

#include "integration-tests/support/reference_workspace.hpp"

#include <algorithm>
#include <stdexcept>

namespace lakegate::integration {

namespace {

using databricks::cell;

/// A word of the statement: an unquoted word or sign, or a name that stood in backticks.
struct word {
  std::string text;
  bool quoted = false;
};

std::vector<word> words_of(const std::string& sql) {
  std::vector<word> result;
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == ' ' || sql[i] == ',') {
      ++i;
    } else if (sql[i] == '`') {
      word name{{}, true};
      for (++i; i < sql.size(); ++i) {
        if (sql[i] == '`' && (i + 1 == sql.size() || sql[i + 1] != '`'))
          break;
        i += sql[i] == '`' ? 1 : 0;
        name.text += sql[i];
      }
      ++i;
      result.push_back(std::move(name));
    } else if (sql[i] == '(' || sql[i] == ')' || sql[i] == '.') {
      result.push_back({std::string{sql[i++]}, false});
    } else {
      auto end = sql.find_first_of(" ,().`", i);
      result.push_back({sql.substr(i, end - i), false});
      i = std::min(end, sql.size());
    }
  }
  return result;
}

class statement_reader {
public:
  explicit statement_reader(const databricks::execute_statement& x)
      : words_{words_of(x.statement)}, parameters_{x.parameters} {}

  bool take(const std::string& keyword) {
    if (at_ >= words_.size() || words_[at_].quoted || words_[at_].text != keyword)
      return false;
    ++at_;
    return true;
  }
  void expect(const std::string& keyword) {
    if (!take(keyword))
      throw std::runtime_error{"expected " + keyword};
  }
  bool at_name() const { return at_ < words_.size() && words_[at_].quoted; }
  std::string name() {
    if (!at_name())
      throw std::runtime_error{"expected a quoted name"};
    return words_[at_++].text;
  }
  /// The value of the marker that comes next.
  std::string value() {
    auto marker = words_.at(at_++).text;
    for (const auto& p : parameters_)
      if (":" + p.name == marker && p.value)
        return *p.value;
    throw std::runtime_error{"no parameter " + marker};
  }

private:
  std::vector<word> words_;
  std::vector<databricks::statement_parameter> parameters_;
  std::size_t at_ = 0;
};

bool is_numeric(const databricks::column_info& c) {
  return c.type_name != "STRING" && c.type_name != "TIMESTAMP" && c.type_name != "DATE";
}

int compare(const databricks::column_info& c, const std::string& a,
            const std::string& b) {
  if (is_numeric(c)) {
    auto x = std::stold(a), y = std::stold(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return a.compare(b);
}

struct condition {
  std::size_t column = 0;
  std::string op;
  std::vector<std::string> values;
};

condition read_condition(statement_reader& in, const reference_table& t) {
  condition x;
  auto name = in.name();
  for (std::size_t i = 0; i < t.columns.size(); ++i)
    if (t.columns[i].name == name)
      x.column = i;
  if (in.take("IS")) {
    x.op = in.take("NOT") ? "IS NOT NULL" : "IS NULL";
    in.expect("NULL");
    return x;
  }
  auto negated = in.take("NOT");
  if (in.take("IN")) {
    x.op = negated ? "NOT IN" : "IN";
    in.expect("(");
    while (!in.take(")"))
      x.values.push_back(in.value());
    return x;
  }
  for (const auto* op : {"=", "<>", "<", "<=", ">", ">="})
    if (in.take(op))
      x.op = op;
  x.values.push_back(in.value());
  return x;
}

bool holds(const condition& x, const reference_table& t, const std::vector<cell>& row) {
  const auto& value = row[x.column];
  if (x.op == "IS NULL")
    return !value;
  if (x.op == "IS NOT NULL")
    return static_cast<bool>(value);
  if (!value)
    return false;
  const auto& column = t.columns[x.column];
  auto equals = [&](const std::string& v) { return compare(column, *value, v) == 0; };
  if (x.op == "IN" || x.op == "NOT IN")
    return std::any_of(x.values.begin(), x.values.end(), equals) == (x.op == "IN");
  auto order = compare(column, *value, x.values.front());
  return (x.op == "=" && order == 0) || (x.op == "<>" && order != 0)
         || (x.op == "<" && order < 0) || (x.op == "<=" && order <= 0)
         || (x.op == ">" && order > 0) || (x.op == ">=" && order >= 0);
}

struct selection {
  bool counts = false;
  std::vector<std::string> columns;
  std::string catalog, schema, table;
};

selection read_selection(statement_reader& in) {
  selection x;
  in.expect("SELECT");
  if (in.take("COUNT")) {
    x.counts = true;
    in.expect("("), in.expect("*"), in.expect(")");
  }
  while (in.at_name())
    x.columns.push_back(in.name());
  in.expect("FROM");
  x.catalog = in.name(), in.expect(".");
  x.schema = in.name(), in.expect(".");
  x.table = in.name();
  return x;
}

std::vector<cell> project(const reference_table& t, const std::vector<cell>& row,
                          const std::vector<std::string>& columns) {
  std::vector<cell> result;
  for (const auto& name : columns)
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      if (t.columns[i].name == name)
        result.push_back(row[i]);
  return result;
}

using ordering = std::vector<std::pair<std::size_t, bool>>;

bool is_key_order(const reference_table& t, const ordering& order) {
  return std::equal(
      order.begin(), order.end(), t.primary_key.begin(),
      t.primary_key.begin()
          + static_cast<std::ptrdiff_t>(std::min(order.size(), t.primary_key.size())),
      [&](const auto& x, const std::string& key) {
        return !x.second && t.columns[x.first].name == key;
      });
}

databricks::statement_status run(statement_reader& in, const selection& what,
                                 const reference_table& t) {
  std::vector<condition> conditions;
  if (in.take("WHERE")) {
    do
      conditions.push_back(read_condition(in, t));
    while (in.take("AND"));
  }
  ordering order;
  if (in.take("ORDER") && in.take("BY"))
    while (in.at_name()) {
      auto name = in.name();
      for (std::size_t i = 0; i < t.columns.size(); ++i)
        if (t.columns[i].name == name)
          order.emplace_back(i, in.take("DESC"));
      in.take("ASC");
    }
  databricks::statement_status status;
  status.state = databricks::statement_state::succeeded;
  databricks::result_chunk chunk;
  // Rows are made in the order of the primary key: then only the page is computed.
  auto plain = conditions.empty() && is_key_order(t, order);
  std::vector<std::int64_t> matching;
  for (std::int64_t i = 0; !plain && i < t.row_count; ++i) {
    auto row = t.row(i);
    if (std::all_of(conditions.begin(), conditions.end(),
                    [&](const auto& c) { return holds(c, t, row); }))
      matching.push_back(i);
  }
  std::stable_sort(matching.begin(), matching.end(), [&](auto a, auto b) {
    auto x = t.row(a), y = t.row(b);
    for (auto [column, descending] : order) {
      auto c = compare(t.columns[column], x[column].value_or(""), y[column].value_or(""));
      if (c != 0)
        return descending ? c > 0 : c < 0;
    }
    return false;
  });
  auto count = plain ? t.row_count : static_cast<std::int64_t>(matching.size());
  if (what.counts) {
    databricks::column_info column = Column("count(1)", "bigint");
    status.columns = {column};
    chunk.rows = {{std::to_string(count)}};
  } else {
    in.expect("LIMIT");
    auto limit = std::stoll(in.value());
    in.expect("OFFSET");
    auto offset = std::stoll(in.value());
    for (const auto& name : what.columns)
      for (const auto& c : t.columns)
        if (c.name == name)
          status.columns.push_back(c);
    for (auto i = offset; i < std::min<std::int64_t>(count, offset + limit); ++i)
      chunk.rows.push_back(project(
          t, t.row(plain ? i : matching[static_cast<std::size_t>(i)]), what.columns));
  }
  status.total_row_count = static_cast<std::int64_t>(chunk.rows.size());
  if (!chunk.rows.empty())
    status.first_chunk = std::move(chunk);
  return status;
}

} // namespace

test::reply<databricks::statement_status>
reference_workspace::execute(const databricks::execute_statement& x) {
  std::lock_guard guard{mutex_};
  statements_.push_back(x);
  databricks::statement_status status;
  try {
    statement_reader in{x};
    auto what = read_selection(in);
    auto why = denial(user_of(x.ctx), what.catalog, what.schema, what.table);
    if (why.kind != databricks::failure_kind::none) {
      status.state = databricks::statement_state::failed;
      status.error_code = "BAD_REQUEST";
      status.error_class = "INSUFFICIENT_PERMISSIONS";
      status.sql_state = "42501";
      status.error_message = "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\n"
                             + why.message + " SQLSTATE: 42501";
    } else {
      for (const auto& t : tables_)
        if (t.catalog == what.catalog && t.schema == what.schema && t.name == what.table)
          status = run(in, what, t);
    }
  } catch (const std::exception& e) {
    status.state = databricks::statement_state::failed;
    status.error_code = "BAD_REQUEST";
    status.error_class = "PARSE_SYNTAX_ERROR";
    status.sql_state = "42601";
    status.error_message = std::string{"[PARSE_SYNTAX_ERROR] "} + e.what();
  }
  status.statement_id = "statement-" + std::to_string(statements_.size());
  return caf::expected<databricks::statement_status>{status};
}

void reference_workspace::answer_sql() {
  using testing::_;
  ON_CALL(sql, execute_statement(_)).WillByDefault([this](const auto& x) {
    return execute(x);
  });
  ON_CALL(sql, cancel_statement(_)).WillByDefault([](const auto&) {
    return test::reply<databricks::cancelled_statement>{
        caf::expected<databricks::cancelled_statement>{
            databricks::cancelled_statement{}}};
  });
}

} // namespace lakegate::integration
