-- The catalog main. A domain's name is the Databricks type of its columns.
CREATE DOMAIN "TINYINT" AS smallint CHECK (VALUE BETWEEN -128 AND 127);
CREATE DOMAIN "MAP<STRING, INT>" AS json;
CREATE DOMAIN "STRUCT<street: STRING, zip: INT>" AS json;
CREATE DOMAIN "ARRAY<STRUCT<sku: STRING, quantity: INT>>" AS json;

SET LOCAL ROLE "admin@example.com";

CREATE SCHEMA "default";
COMMENT ON SCHEMA "default" IS 'The default schema';

CREATE TABLE "default".customers (
  customer_id bigint NOT NULL,
  name text,
  email text
);
COMMENT ON TABLE "default".customers IS 'Who buys';
INSERT INTO "default".customers VALUES
  (1, 'Ada Lovelace', 'ada@example.com'),
  (2, 'Grace Hopper', 'grace@example.com'),
  (3, 'Edsger Dijkstra', NULL);

CREATE TABLE "default".orders (
  order_id bigint NOT NULL,
  customer_id bigint,
  amount numeric(10,2)
);
INSERT INTO "default".orders VALUES
  (101, 1, 19.99), (102, 1, 5.00), (103, 2, 250.10), (104, 3, 0.01), (105, 2, 99999999.99);

CREATE SCHEMA sales;
COMMENT ON SCHEMA sales IS 'Tables of every kind';

CREATE TABLE sales.every_type (
  c_boolean boolean,
  c_tinyint "TINYINT",
  c_smallint smallint,
  c_int integer,
  c_bigint bigint,
  c_float real,
  c_double double precision,
  c_decimal numeric(10,2),
  c_wide_decimal numeric(38,18),
  c_string text,
  c_char character(3),
  c_varchar character varying(20),
  c_binary bytea,
  c_date date,
  c_timestamp timestamptz,
  c_timestamp_ntz timestamp,
  c_day_interval interval day to second,
  c_year_interval interval year to month,
  c_array integer[],
  c_text_array text[],
  c_map "MAP<STRING, INT>",
  c_struct "STRUCT<street: STRING, zip: INT>",
  c_struct_array "ARRAY<STRUCT<sku: STRING, quantity: INT>>",
  c_variant jsonb
);
COMMENT ON TABLE sales.every_type IS 'A column of every type: an everyday row, one at the limits, one of NULLs';
COMMENT ON COLUMN sales.every_type.c_bigint IS '64 bits: beyond what a double can hold';
INSERT INTO sales.every_type VALUES
  (true, 1, 2, 3, 4, 1.5, 2.25, 12.50, 1.000000000000000001, 'plain', 'abc', 'varied',
   '\x00ff10', '2024-01-31', '2024-01-31 10:00:00.123+00', '2024-01-31 10:00:00.123',
   '1 02:03:04.5', '1-2', '{1,NULL,3}', '{"a b","c\"d",NULL}', '{"one":1,"two":2}',
   '{"street":"Main St","zip":10001}', '[{"sku":"A1","quantity":2}]',
   '{"a":[1,{"b":null}],"c":"text"}'),
  (false, -128, -32768, -2147483648, -9223372036854775808, 'NaN', '-Infinity', -99999999.99,
   99999999999999999999.999999999999999999, E'quote \' " ` \\ \u00e9 \U0001F680 \u05e9', '', '',
   '\x', '0001-01-01', '9999-12-31 23:59:59.999999+00', '0001-01-01 00:00:00',
   '-1 -02:03:04.5', '-1-2', '{}', '{}', '{}', '{"street":null,"zip":null}', '[]', 'null'),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE sales.orders (
  order_id bigint PRIMARY KEY,
  region text NOT NULL,
  quantity integer,
  amount numeric(10,2),
  ordered_at timestamptz
);
COMMENT ON TABLE sales.orders IS '1,200 orders with a primary key';
INSERT INTO sales.orders
SELECT n, (ARRAY['north', 'east', 'south', 'west'])[1 + n % 4], 1 + n % 10,
       (n % 1000)::numeric / 10 + 0.05, TIMESTAMPTZ '2024-01-01 00:00:00+00' + n * interval '1 hour'
FROM generate_series(1::bigint, 1200) AS n;

CREATE TABLE sales.regional_targets (
  year integer,
  region text,
  target numeric(12,2),
  PRIMARY KEY (region, year)
);
INSERT INTO sales.regional_targets VALUES
  (2024, 'north', 1000.00), (2024, 'south', 800.00), (2025, 'north', 1100.00);

CREATE VIEW sales.region_totals AS
SELECT region, count(*) AS orders, pg_catalog.sum(amount)::numeric(18,2) AS amount
FROM sales.orders GROUP BY region;

CREATE TABLE sales.nothing_yet (id bigint, note text);

CREATE TABLE sales."odd`na""me.v1 🚀" (
  "select" bigint,
  "a`b" text,
  "say ""hi""" text,
  "dotted.name" integer,
  "it's; --" text,
  "größe 😀" double precision,
  "100%" boolean
);
INSERT INTO sales."odd`na""me.v1 🚀" VALUES
  (1, 'backtick', 'quote', 10, 'semicolon', 1.5, true),
  (2, NULL, '"', 20, ''';DROP TABLE x;--', 2.5, false);

RESET ROLE;
ANALYZE;
