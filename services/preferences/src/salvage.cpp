#include "services/preferences/src/salvage.hpp"

#include "services/preferences/src/parameters.hpp"
#include "services/preferences/src/sql.hpp"

#include <charconv>
#include <optional>

namespace lakegate::preferences {

namespace {

/// How many rows are asked for at once.
constexpr std::size_t width = 16;

/// One page under way.
struct salvage : std::enable_shared_from_this<salvage> {
  salvage(preferences_state& owner, const list_preferences& asked,
          caf::typed_response_promise<preference_page> to)
      : state{owner}, cmd{asked}, promise{std::move(to)} {}

  void start();
  void take_keys(const postgres::rows& rows);
  void ask_next();
  void take_row(std::size_t index, const postgres::rows& rows);
  void skip(std::size_t index);
  void conclude_one();
  void fail(const caf::error& err);

  struct row {
    std::int64_t id = 0;
    std::string key;
    std::optional<preference> found;
  };

  preferences_state& state;
  const list_preferences cmd;
  caf::typed_response_promise<preference_page> promise;
  preference_page page;
  std::vector<row> rows_of_page;
  std::size_t next = 0;
  std::size_t open = 0;
  std::int64_t bytes = 0;
  bool is_over = false;
};

std::int64_t number_of(std::optional<std::string_view> text) {
  std::int64_t result = 0;
  if (text)
    std::from_chars(text->data(), text->data() + text->size(), result);
  return result;
}

void salvage::start() {
  auto me = shared_from_this();
  state.run(
      cmd.who, sql::list_preference_keys, page_parameters(cmd),
      [me](const postgres::rows& rows) { me->take_keys(rows); },
      [me](const caf::error& err) { me->fail(err); });
}

void salvage::take_keys(const postgres::rows& rows) {
  page.total = number_of(rows.at(0, 0));
  for (std::size_t i = 0; i < rows.size() && rows.at(i, 1); ++i)
    rows_of_page.push_back(
        {number_of(rows.at(i, 1)), std::string{rows.at(i, 2).value_or("")}, {}});
  ++open;
  for (std::size_t i = 0; i < width; ++i)
    ask_next();
  conclude_one();
}

void salvage::ask_next() {
  if (next == rows_of_page.size() || is_over)
    return;
  const auto index = next++;
  ++open;
  auto me = shared_from_this();
  state.run(
      cmd.who, sql::get_preference,
      {cmd.who.user_id, rows_of_page[index].key, number(max_stored_value_bytes)},
      [me, index](const postgres::rows& rows) { me->take_row(index, rows); },
      [me, index](const caf::error& err) {
        if (failure_of(err).code != errc::data_corrupted)
          return me->fail(err);
        me->skip(index);
        me->conclude_one();
      });
}

/// A row that was deleted meanwhile is simply not there.
void salvage::take_row(std::size_t index, const postgres::rows& rows) {
  if (rows.size() > 0) {
    auto& x = rows_of_page[index];
    x.found = read_one(rows, cmd.who.user_id, x.key);
    if (x.found)
      bytes += static_cast<std::int64_t>(x.found->value.size());
    else
      skip(index);
  }
  if (bytes > state.allowed.list_bytes)
    return fail(page_too_large(state.allowed.list_bytes));
  conclude_one();
}

void salvage::skip(std::size_t index) {
  ++page.skipped;
  state.skip(cmd.who, rows_of_page[index].id);
}

void salvage::conclude_one() {
  --open;
  ask_next();
  if (open > 0 || is_over)
    return;
  is_over = true;
  for (auto& x : rows_of_page)
    if (x.found)
      page.items.push_back(std::move(*x.found));
  promise.deliver(std::move(page));
}

void salvage::fail(const caf::error& err) {
  if (!std::exchange(is_over, true))
    promise.deliver(err);
}

} // namespace

void salvage_page(preferences_state& state, const list_preferences& cmd,
                  caf::typed_response_promise<preference_page> promise) {
  std::make_shared<salvage>(state, cmd, std::move(promise))->start();
}

} // namespace lakegate::preferences
