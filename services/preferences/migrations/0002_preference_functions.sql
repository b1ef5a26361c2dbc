-- RFC 3339 in UTC with milliseconds, whatever the session's TimeZone is.
CREATE OR REPLACE FUNCTION preference_time(t timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- A strong entity tag. The id tells a row from one that was deleted before; xmin changes when
-- somebody else writes to the table.
CREATE OR REPLACE FUNCTION preference_tag(id bigint, version bigint, written xid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT '"' || id || '.' || version || '.' || written || '"'
$$;

-- json comes back as it was sent, so only other types need to be told.
CREATE OR REPLACE FUNCTION preference_stored(stored json) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
CREATE OR REPLACE FUNCTION preference_stored(stored jsonb) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT stored::text $$;

-- Creates or replaces one preference if the conditions hold: `tags` are If-Match (empty: none,
-- `*`: any), `must_be_new` is If-None-Match: *. A function, since each statement inside sees
-- what others have committed before it: the count of keys behind the user's lock is right.
-- Writers of different keys or users don't wait for each other; only new keys of one user do.
CREATE OR REPLACE FUNCTION save_preference(
  who text, name text, value json, tags text[], must_be_new boolean, quota integer,
  OUT outcome text, OUT id bigint, OUT stored text, OUT created text, OUT updated text,
  OUT tag text)
LANGUAGE plpgsql AS $$
DECLARE
  present record;
BEGIN
  LOOP
    SELECT t.id, preference_tag(t.id, t.version, t.xmin) AS tag INTO present
    FROM user_preferences t
    WHERE t.user_id = who AND t.preference_key = name
    FOR UPDATE;
    IF FOUND THEN
      IF must_be_new
         OR (cardinality(tags) > 0 AND NOT tags && ARRAY['*', present.tag]) THEN
        outcome := 'precondition_failed';
        RETURN;
      END IF;
      UPDATE user_preferences t
      SET preference_value = value, version = t.version + 1,
          updated_at = greatest(clock_timestamp(), t.updated_at + interval '1 millisecond')
      WHERE t.id = present.id
      RETURNING 'replaced', t.id, preference_stored(t.preference_value),
                preference_time(t.created_at), preference_time(t.updated_at),
                preference_tag(t.id, t.version, t.xmin)
      INTO outcome, id, stored, created, updated, tag;
      RETURN;
    END IF;
    IF cardinality(tags) > 0 THEN
      outcome := 'precondition_failed';
      RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('lakegate.preferences.' || who, 0));
    INSERT INTO user_preferences AS t (user_id, preference_key, preference_value, created_at,
                                       updated_at, version)
    SELECT who, name, value, moment, moment, 1
    FROM clock_timestamp() moment
    WHERE (SELECT count(*) FROM user_preferences o WHERE o.user_id = who) < quota
    ON CONFLICT DO NOTHING
    RETURNING 'created', t.id, preference_stored(t.preference_value),
              preference_time(t.created_at), preference_time(t.updated_at),
              preference_tag(t.id, t.version, t.xmin)
    INTO outcome, id, stored, created, updated, tag;
    IF FOUND THEN
      RETURN;
    END IF;
    -- Full, or somebody was quicker with this very key: then it is replaced.
    IF NOT EXISTS (SELECT FROM user_preferences t
                   WHERE t.user_id = who AND t.preference_key = name) THEN
      outcome := 'quota_exceeded';
      RETURN;
    END IF;
  END LOOP;
END $$;

-- Removes one preference if the conditions hold, readable or not.
CREATE OR REPLACE FUNCTION delete_preference(
  who text, name text, tags text[], must_be_new boolean, OUT outcome text)
LANGUAGE plpgsql AS $$
DECLARE
  present record;
BEGIN
  SELECT t.id, preference_tag(t.id, t.version, t.xmin) AS tag INTO present
  FROM user_preferences t
  WHERE t.user_id = who AND t.preference_key = name
  FOR UPDATE;
  IF NOT FOUND THEN
    outcome := CASE WHEN cardinality(tags) > 0 THEN 'precondition_failed'
                    ELSE 'not_found' END;
  ELSIF must_be_new OR (cardinality(tags) > 0 AND NOT tags && ARRAY['*', present.tag]) THEN
    outcome := 'precondition_failed';
  ELSE
    DELETE FROM user_preferences t WHERE t.id = present.id;
    outcome := 'deleted';
  END IF;
END $$;
