#pragma once

#include <lakegate/postgres/query.hpp>

/// Every statement of this service.
namespace lakegate::model_serving::sql {

/// $1-$10: one array for each column. A row that is there already is left as it is, so a
/// batch may come twice. `json` goes into a `jsonb` column of an older table, too.
inline constexpr postgres::statement insert_inference_logs{"insert_inference_logs", R"sql(
INSERT INTO inference_logs (request_id, endpoint_name, user_id, inputs, predictions,
                            status, execution_time_ms, error_message, created_at,
                            completed_at)
SELECT request_id, endpoint_name, user_id, inputs::json, predictions::json, status,
       execution_time_ms, error_message, created_at, completed_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::bigint[], $8::text[], $9::timestamptz[], $10::timestamptz[])
     AS t(request_id, endpoint_name, user_id, inputs, predictions, status,
          execution_time_ms, error_message, created_at, completed_at)
ON CONFLICT (request_id) DO NOTHING
)sql",
                                                           true};

/// $1 user, $2 endpoint or NULL, $3 status or NULL, $4 since or NULL, $5 until or NULL,
/// $6 limit, $7 offset, $8 bytes of payloads that a page may have. The total is there
/// even when the page is empty: one row of NULLs then. The first row of a page always
/// comes.
inline constexpr postgres::statement list_inference_logs{"list_inference_logs", R"sql(
WITH mine AS (
  SELECT id, created_at FROM inference_logs
  WHERE user_id = $1
    AND ($2::text IS NULL OR endpoint_name = $2)
    AND ($3::text IS NULL OR status = $3)
    AND ($4::timestamptz IS NULL OR created_at >= $4)
    AND ($5::timestamptz IS NULL OR created_at < $5)
), page AS (
  SELECT l.*, row_number() OVER w AS place,
         sum(octet_length(l.inputs::text) + coalesce(octet_length(l.predictions::text), 0))
           OVER w AS bytes
  FROM (SELECT id FROM mine ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7) AS p
  JOIN inference_logs l USING (id)
  WINDOW w AS (ORDER BY l.created_at DESC, l.id DESC)
)
SELECT t.total, x.id, x.request_id, x.endpoint_name, x.user_id, x.inputs::text,
       x.predictions::text, x.status, x.execution_time_ms, x.error_message,
       to_char(x.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       to_char(x.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
FROM (SELECT count(*) AS total FROM mine) AS t
LEFT JOIN (SELECT * FROM page WHERE place = 1 OR bytes <= $8) AS x ON true
ORDER BY x.created_at DESC, x.id DESC
)sql"};

/// $1 user, $2 endpoint, $3 type, $4 status, $5 latency in ms, $6 error or NULL,
/// $7 correlation id, $8 time.
inline constexpr postgres::statement insert_detection_event{"insert_detection_event",
                                                            R"sql(
INSERT INTO schema_detection_events (user_id, endpoint_name, detected_type, status,
                                     latency_ms, error_message, correlation_id,
                                     detected_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql",
                                                            true};

} // namespace lakegate::model_serving::sql
