#pragma once

#include <lakegate/postgres/migrations.hpp>
#include <lakegate/postgres/query.hpp>

namespace lakegate::preferences {

/// The tables and functions of this service, embedded from `migrations/`.
const postgres::migration_set& migrations();

/// Every statement of this service. `$1` is always the user: nothing here can reach
/// another's row.
namespace sql {

/// One page in byte order of the keys, beside the number of all rows that match; one row
/// without an id if the page is empty. `$2` is the one key or NULL, `$3` limit, `$4`
/// offset,
/// `$5` the most bytes that can be a value: larger ones are NULL; `$6` the most bytes of
/// all values: beyond, they are NULL and `fits` is false.
inline constexpr postgres::statement list_preferences{"list_preferences", R"sql(
  WITH page AS (
    SELECT id, preference_key, preference_value::text AS value, created_at, updated_at,
           preference_tag(id, version, xmin) AS tag
    FROM user_preferences
    WHERE user_id = $1 AND ($2::text IS NULL OR preference_key = $2)
    ORDER BY preference_key COLLATE "C"
    LIMIT $3::bigint OFFSET $4::bigint
  ), readable AS (
    SELECT *, CASE WHEN octet_length(value) <= $5::bigint THEN value END AS text
    FROM page
  ), measured AS (
    SELECT *, coalesce(sum(octet_length(text)) OVER (ORDER BY preference_key COLLATE "C"), 0)
                <= $6::bigint AS fits
    FROM readable
  )
  SELECT (SELECT count(*) FROM user_preferences
          WHERE user_id = $1 AND ($2::text IS NULL OR preference_key = $2)) AS total,
         id, preference_key, CASE WHEN fits THEN text END, preference_time(created_at),
         preference_time(updated_at), tag, fits
  FROM (VALUES (true)) one LEFT JOIN measured ON true
  ORDER BY preference_key COLLATE "C")sql"};

/// The same page without the values: what is left when one of them can't be read.
inline constexpr postgres::statement list_preference_keys{"list_preference_keys", R"sql(
  WITH page AS (
    SELECT id, preference_key
    FROM user_preferences
    WHERE user_id = $1 AND ($2::text IS NULL OR preference_key = $2)
    ORDER BY preference_key COLLATE "C"
    LIMIT $3::bigint OFFSET $4::bigint
  )
  SELECT (SELECT count(*) FROM user_preferences
          WHERE user_id = $1 AND ($2::text IS NULL OR preference_key = $2)) AS total,
         id, preference_key
  FROM (VALUES (true)) one LEFT JOIN page ON true
  ORDER BY preference_key COLLATE "C")sql"};

/// `$3` is the most bytes that can be a value: a larger one is NULL.
inline constexpr postgres::statement get_preference{"get_preference", R"sql(
  SELECT id,
         CASE WHEN octet_length(preference_value::text) <= $3::bigint
           THEN preference_value::text END,
         preference_time(created_at),
         preference_time(updated_at), preference_tag(id, version, xmin)
  FROM user_preferences
  WHERE user_id = $1 AND preference_key = $2)sql"};

inline constexpr postgres::statement save_preference{"save_preference", R"sql(
  SELECT outcome, id, stored, created, updated, tag
  FROM save_preference($1, $2, $3::json, $4::text[], $5::boolean, $6::integer))sql",
                                                     true};

inline constexpr postgres::statement delete_preference{"delete_preference", R"sql(
  SELECT outcome FROM delete_preference($1, $2, $3::text[], $4::boolean))sql",
                                                       true};

} // namespace sql

} // namespace lakegate::preferences
