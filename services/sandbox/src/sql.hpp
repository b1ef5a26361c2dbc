#pragma once

#include <string_view>

/// The sandbox's questions to PostgreSQL's own catalogs, run by the superuser.
namespace lakegate::sandbox::sql {

/// $1 search path. In the user's session, before its statement.
inline constexpr std::string_view prepare_session = R"sql(
SELECT pg_backend_pid(), set_config('search_path', $1, false),
       set_config('intervalstyle', 'sql_standard', false))sql";

/// $1 catalog, $2 owner of all catalogs, $3 user. No row: there is no such catalog.
inline constexpr std::string_view may_use_catalog = R"sql(
SELECT has_database_privilege($3, oid, 'CONNECT')
FROM pg_database WHERE datname = $1 AND pg_get_userbyid(datdba) = $2)sql";

/// $1 user, $2 owner of all catalogs.
inline constexpr std::string_view catalogs = R"sql(
SELECT datname, coalesce(shobj_description(oid, 'pg_database'), ''),
       has_database_privilege($1, oid, 'CONNECT')
FROM pg_database WHERE pg_get_userbyid(datdba) = $2 ORDER BY 1)sql";

/// $1 user, $2 the helper schema.
inline constexpr std::string_view schemas = R"sql(
SELECT nspname, coalesce(obj_description(oid, 'pg_namespace'), ''), pg_get_userbyid(nspowner),
       has_schema_privilege($1, oid, 'USAGE')
FROM pg_namespace
WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', $2)
ORDER BY 1)sql";

/// $1 user, $2 schema.
inline constexpr std::string_view tables = R"sql(
SELECT relname, relkind, coalesce(obj_description(oid, 'pg_class'), ''),
       pg_get_userbyid(relowner), has_table_privilege($1, oid, 'SELECT'),
       CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) ELSE '' END,
       reltuples::bigint, pg_relation_size(oid)
FROM pg_class
WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $2)
  AND relkind IN ('r', 'v', 'm', 'p', 'f')
ORDER BY 1)sql";

/// $1 schema, $2 tables (an array).
inline constexpr std::string_view columns = R"sql(
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       coalesce(col_description(c.oid, a.attnum), '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
  AND c.relname = ANY ($2::text[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum)sql";

/// $1 schema, $2 table.
inline constexpr std::string_view column_names = R"sql(
SELECT a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relname = $2
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum)sql";

/// $1 schema, $2 table: name of the key and its columns in order.
inline constexpr std::string_view primary_key = R"sql(
SELECT k.conname, a.attname
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS part (number, place)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = part.number
WHERE k.contype = 'p' AND c.relname = $2
  AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
ORDER BY part.place)sql";

/// $1 type OIDs, $2 modifiers, $3 tables, $4 column numbers: the type of each result
/// column.
inline constexpr std::string_view format_types = R"sql(
SELECT format_type(coalesce(a.atttypid, t.type), coalesce(a.atttypmod, t.modifier))
FROM unnest($1::oid[], $2::integer[], $3::oid[], $4::integer[])
     WITH ORDINALITY AS t (type, modifier, relation, number, place)
LEFT JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum = t.number AND t.relation <> 0
ORDER BY t.place)sql";

/// $1 process id.
inline constexpr std::string_view cancel_backend =
    "SELECT pg_cancel_backend($1::integer)";

} // namespace lakegate::sandbox::sql
