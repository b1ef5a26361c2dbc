#include "services/preferences/src/stored.hpp"

#include <charconv>

namespace lakegate::preferences {

namespace {

std::string text_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  return std::string{rows.at(row, column).value_or("")};
}

std::int64_t number_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  const auto text = rows.at(row, column).value_or("");
  std::int64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

/// PostgreSQL has checked the JSON of a json or jsonb column; that it is an object is up
/// to us.
std::optional<json_text> object_at(const postgres::rows& rows, std::size_t row,
                                   std::size_t column) {
  const auto text = rows.at(row, column);
  if (!text)
    return std::nullopt;
  auto result = json_text::trusted(std::string{*text});
  return result.is_object() ? std::optional{std::move(result)} : std::nullopt;
}

} // namespace

stored_page read_page(const postgres::rows& rows, const std::string& user) {
  enum column { total, id, key, value, created, updated, tag, fits };
  stored_page result;
  result.page.total = number_at(rows, 0, total);
  for (std::size_t i = 0; i < rows.size() && rows.at(i, id); ++i) {
    result.is_too_large |= rows.at(i, fits) != "t";
    auto object = object_at(rows, i, value);
    if (!object) {
      result.unreadable.push_back(number_at(rows, i, id));
      continue;
    }
    result.page.items.push_back({number_at(rows, i, id), user, text_at(rows, i, key),
                                 std::move(*object), text_at(rows, i, created),
                                 text_at(rows, i, updated), text_at(rows, i, tag)});
  }
  result.page.skipped = static_cast<std::int64_t>(result.unreadable.size());
  return result;
}

std::optional<preference> read_one(const postgres::rows& rows, const std::string& user,
                                   const std::string& key) {
  enum column { id, value, created, updated, tag };
  auto object = object_at(rows, 0, value);
  if (!object)
    return std::nullopt;
  return preference{number_at(rows, 0, id),
                    user,
                    key,
                    std::move(*object),
                    text_at(rows, 0, created),
                    text_at(rows, 0, updated),
                    text_at(rows, 0, tag)};
}

stored_outcome read_outcome(const postgres::rows& rows, save_preference&& sent) {
  enum column { outcome, id, stored, created, updated, tag };
  stored_outcome result;
  result.outcome = text_at(rows, 0, outcome);
  if (auto changed = rows.at(0, stored))
    sent.value = json_text::trusted(std::string{*changed});
  result.saved = {{number_at(rows, 0, id), std::move(sent.who.user_id),
                   std::move(sent.key), std::move(sent.value), text_at(rows, 0, created),
                   text_at(rows, 0, updated), text_at(rows, 0, tag)},
                  result.outcome == "created"};
  return result;
}

std::int64_t id_of(const postgres::rows& rows) {
  return number_at(rows, 0, 0);
}

} // namespace lakegate::preferences
