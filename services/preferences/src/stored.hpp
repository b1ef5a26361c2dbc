#pragma once

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/postgres/query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// From rows of `sql.hpp` to the contract's structs: pure functions.
namespace lakegate::preferences {

/// A page as `sql::list_preferences` gives it.
struct stored_page {
  preference_page page;
  std::vector<std::int64_t> unreadable; ///< Ids of the rows that are skipped.
  bool is_too_large = false;            ///< Its values exceed what one answer may hold.
};

stored_page read_page(const postgres::rows& rows, const std::string& user);

/// The row of `sql::get_preference`; nothing if its value can't be read.
std::optional<preference> read_one(const postgres::rows& rows, const std::string& user,
                                   const std::string& key);

/// What `sql::save_preference` did.
struct stored_outcome {
  std::string
      outcome; ///< `created`, `replaced`, `precondition_failed`, `quota_exceeded`.
  saved_preference saved;
};

/// `value` is what was sent; it stays unless the database keeps it in another form.
stored_outcome read_outcome(const postgres::rows& rows, save_preference&& sent);

/// The id of a row that `sql::get_preference` gave.
std::int64_t id_of(const postgres::rows& rows);

} // namespace lakegate::preferences
