-- What Databricks SQL has and PostgreSQL lacks. This schema comes first in every search path,
-- so its sum, avg, round and / win over PostgreSQL's.
GRANT USAGE ON SCHEMA lakegate_sandbox TO PUBLIC;

CREATE FUNCTION dice(n bigint, salt bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (hashint8extended(n, salt) & 4294967295) / 4294967296.0::double precision $$;
COMMENT ON FUNCTION dice IS 'A number in [0, 1) that is the same for the same arguments.';

CREATE FUNCTION base64(bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT replace(encode($1, 'base64'), E'\n', '') $$;
CREATE FUNCTION base64(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT replace(encode(convert_to($1, 'UTF8'), 'base64'), E'\n', '') $$;
CREATE FUNCTION unbase64(text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT decode($1, 'base64') $$;
CREATE FUNCTION hex(bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT upper(encode($1, 'hex')) $$;
CREATE FUNCTION hex(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT upper(to_hex($1)) $$;
CREATE FUNCTION unhex(text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT decode($1, 'hex') $$;
CREATE FUNCTION ifnull(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE
  AS $$ SELECT coalesce($1, $2) $$;
CREATE FUNCTION nvl(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE
  AS $$ SELECT coalesce($1, $2) $$;
CREATE FUNCTION len(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT length($1) $$;
CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT strpos($1, $2) $$;
CREATE FUNCTION rand() RETURNS double precision LANGUAGE sql VOLATILE AS $$ SELECT random() $$;
CREATE FUNCTION round(double precision, integer) RETURNS double precision
  LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;
CREATE FUNCTION year(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(year FROM $1)::integer $$;
CREATE FUNCTION month(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(month FROM $1)::integer $$;
CREATE FUNCTION day(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(day FROM $1)::integer $$;
CREATE FUNCTION hour(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(hour FROM $1)::integer $$;
CREATE FUNCTION minute(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(minute FROM $1)::integer $$;
CREATE FUNCTION dayofweek(timestamptz) RETURNS integer LANGUAGE sql STABLE STRICT
  AS $$ SELECT extract(dow FROM $1)::integer + 1 $$;
CREATE FUNCTION datediff(date, date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1 - $2 $$;
CREATE FUNCTION date_add(date, integer) RETURNS date LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1 + $2 $$;
CREATE FUNCTION date_sub(date, integer) RETURNS date LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1 - $2 $$;
CREATE FUNCTION unix_timestamp(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT extract(epoch FROM $1)::bigint $$;

-- Integers divide to DOUBLE, add up to BIGINT and average to DOUBLE.
CREATE FUNCTION divide(bigint, bigint) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1::double precision OPERATOR(pg_catalog./) $2::double precision $$;
CREATE FUNCTION divide(integer, integer) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1::double precision OPERATOR(pg_catalog./) $2::double precision $$;
CREATE FUNCTION divide(bigint, integer) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1::double precision OPERATOR(pg_catalog./) $2::double precision $$;
CREATE FUNCTION divide(integer, bigint) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT $1::double precision OPERATOR(pg_catalog./) $2::double precision $$;
CREATE OPERATOR / (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = divide);
CREATE OPERATOR / (LEFTARG = integer, RIGHTARG = integer, FUNCTION = divide);
CREATE OPERATOR / (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = divide);
CREATE OPERATOR / (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = divide);

CREATE FUNCTION add_up(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2 END $$;
CREATE FUNCTION add_up(bigint, integer) RETURNS bigint LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2 END $$;
CREATE AGGREGATE sum(bigint) (SFUNC = add_up, STYPE = bigint);
CREATE AGGREGATE sum(integer) (SFUNC = add_up, STYPE = bigint);
CREATE FUNCTION mean_step(double precision[], bigint) RETURNS double precision[]
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE ARRAY[$1[1] + $2, $1[2] + 1] END $$;
CREATE FUNCTION mean_step(double precision[], integer) RETURNS double precision[]
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE ARRAY[$1[1] + $2, $1[2] + 1] END $$;
CREATE FUNCTION mean_end(double precision[]) RETURNS double precision LANGUAGE sql IMMUTABLE
  AS $$ SELECT $1[1] / nullif($1[2], 0) $$;
CREATE AGGREGATE avg(integer)
  (SFUNC = mean_step, STYPE = double precision[], FINALFUNC = mean_end, INITCOND = '{0,0}');
CREATE AGGREGATE avg(bigint)
  (SFUNC = mean_step, STYPE = double precision[], FINALFUNC = mean_end, INITCOND = '{0,0}');

CREATE FUNCTION count_true(bigint, boolean) RETURNS bigint LANGUAGE sql IMMUTABLE
  AS $$ SELECT $1 + CASE WHEN $2 THEN 1 ELSE 0 END $$;
CREATE AGGREGATE count_if(boolean) (SFUNC = count_true, STYPE = bigint, INITCOND = '0');
