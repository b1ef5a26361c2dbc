#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace lakegate::preferences {

/// One stored setting of one user.
struct preference {
  std::int64_t id = 0;
  std::string user_id;
  std::string key;
  json_text value;
  std::string created_at; ///< RFC 3339, UTC, milliseconds.
  std::string updated_at;
  std::string etag; ///< Strong, quotes included; changes with every write of the row.
};

/// Asks for the caller's preferences in byte order of their keys.
struct list_preferences {
  caller who;
  caf::optional<std::string> key; ///< Only this key.
  std::int64_t limit = 1000;
  std::int64_t offset = 0;
};

struct preference_page {
  std::vector<preference> items;
  std::int64_t total = 0; ///< Of the caller's readable and unreadable rows that match.
  std::int64_t skipped =
      0; ///< Rows of this page that can't be read; they are not in `items`.
};

/// Asks for one preference: `preference_not_found`, or `data_corrupted` if it can't be
/// read.
struct get_preference {
  caller who;
  std::string key;
};

/// What must hold for a write to happen; else `precondition_failed` and nothing changes.
struct precondition {
  std::vector<std::string>
      if_match;               ///< One of these ETags, or `*`: it must exist. Empty: none.
  bool if_none_match = false; ///< `If-None-Match: *`: it must not exist.
};

/// Creates or replaces (upsert). `invalid_preference` past the user's quota.
struct save_preference {
  caller who;
  std::string key;
  json_text value;
  precondition require;
};

struct saved_preference {
  preference item;
  bool created = false; ///< False: it replaced a value.
};

/// Removes one; `preference_not_found` if there is none. Repairs an unreadable row, too.
struct delete_preference {
  caller who;
  std::string key;
  precondition require;
};

struct deleted_preference {};

/// The PREFERENCES service.
using service_actor =
    caf::typed_actor<caf::replies_to<list_preferences>::with<preference_page>,
                     caf::replies_to<get_preference>::with<preference>,
                     caf::replies_to<save_preference>::with<saved_preference>,
                     caf::replies_to<delete_preference>::with<deleted_preference>,
                     // Components: `database`.
                     caf::replies_to<get_status>::with<service_status>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, preference& x) {
  return f(caf::meta::type_name("preference"), x.id, x.user_id, x.key, x.value,
           x.created_at, x.updated_at, x.etag);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_preferences& x) {
  return f(caf::meta::type_name("list_preferences"), x.who, x.key, x.limit, x.offset);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, preference_page& x) {
  return f(caf::meta::type_name("preference_page"), x.items, x.total, x.skipped);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_preference& x) {
  return f(caf::meta::type_name("get_preference"), x.who, x.key);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, precondition& x) {
  return f(caf::meta::type_name("precondition"), x.if_match, x.if_none_match);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, save_preference& x) {
  return f(caf::meta::type_name("save_preference"), x.who, x.key, x.value, x.require);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, saved_preference& x) {
  return f(caf::meta::type_name("saved_preference"), x.item, x.created);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, delete_preference& x) {
  return f(caf::meta::type_name("delete_preference"), x.who, x.key, x.require);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, deleted_preference&) {
  return f(caf::meta::type_name("deleted_preference"));
}

} // namespace lakegate::preferences

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_preferences, 240)
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::list_preferences))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::preference_page))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::get_preference))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::preference))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::save_preference))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::saved_preference))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::delete_preference))
  CAF_ADD_TYPE_ID(lakegate_preferences, (lakegate::preferences::deleted_preference))
CAF_END_TYPE_ID_BLOCK(lakegate_preferences)
