-- The catalog samples: TPC-H (specification 1.4 and 4.2.3) and New York taxi trips.
SET LOCAL ROLE "admin@example.com";

CREATE SCHEMA tpch;
COMMENT ON SCHEMA tpch IS 'TPC-H decision support benchmark';

CREATE TABLE tpch.region (
  r_regionkey bigint NOT NULL,
  r_name text,
  r_comment text
);
INSERT INTO tpch.region VALUES
  (0, 'AFRICA', 'lar deposits. blithely final packages cajole. regular waters are final requests. regular accounts are according to '),
  (1, 'AMERICA', 'hs use ironic, even requests. s'),
  (2, 'ASIA', 'ges. thinly even pinto beans ca'),
  (3, 'EUROPE', 'ly final courts cajole furiously final excuse'),
  (4, 'MIDDLE EAST', 'uickly special accounts cajole carefully blithely close requests. carefully final asymptotes haggle furiousl');

CREATE TABLE tpch.nation (
  n_nationkey bigint NOT NULL,
  n_name text,
  n_regionkey bigint,
  n_comment text
);
COMMENT ON TABLE tpch.nation IS 'The 25 nations of TPC-H';
COMMENT ON COLUMN tpch.nation.n_nationkey IS 'Key of the nation';
INSERT INTO tpch.nation VALUES
  (0, 'ALGERIA', 0, ' haggle. carefully final deposits detect slyly agai'),
  (1, 'ARGENTINA', 1, 'al foxes promise slyly according to the regular accounts. bold requests alon'),
  (2, 'BRAZIL', 1, 'y alongside of the pending deposits. carefully special packages are about the ironic forges. slyly special '),
  (3, 'CANADA', 1, 'eas hang ironic, silent packages. slyly regular packages are furiously over the tithes. fluffily bold'),
  (4, 'EGYPT', 4, 'y above the carefully unusual theodolites. final dugouts are quickly across the furiously regular d'),
  (5, 'ETHIOPIA', 0, 'ven packages wake quickly. regu'),
  (6, 'FRANCE', 3, 'refully final requests. regular, ironi'),
  (7, 'GERMANY', 3, 'l platelets. regular accounts x-ray: unusual, regular acco'),
  (8, 'INDIA', 2, 'ss excuses cajole slyly across the packages. deposits print aroun'),
  (9, 'INDONESIA', 2, ' slyly express asymptotes. regular deposits haggle slyly. carefully ironic hockey players sleep blithely. carefull'),
  (10, 'IRAN', 4, 'efully alongside of the slyly final dependencies. '),
  (11, 'IRAQ', 4, 'nic deposits boost atop the quickly final requests? quickly regula'),
  (12, 'JAPAN', 2, 'ously. final, express gifts cajole a'),
  (13, 'JORDAN', 4, 'ic deposits are blithely about the carefully regular pa'),
  (14, 'KENYA', 0, ' pending excuses haggle furiously deposits. pending, express pinto beans wake fluffily past t'),
  (15, 'MOROCCO', 0, 'rns. blithely bold courts among the closely regular packages use furiously bold platelets?'),
  (16, 'MOZAMBIQUE', 0, 's. ironic, unusual asymptotes wake blithely r'),
  (17, 'PERU', 1, 'platelets. blithely pending dependencies use fluffily across the even pinto beans. carefully silent accoun'),
  (18, 'CHINA', 2, 'c dependencies. furiously express notornis sleep slyly regular accounts. ideas sleep. depos'),
  (19, 'ROMANIA', 3, 'ular asymptotes are about the furious multipliers. express dependencies nag above the ironically ironic account'),
  (20, 'SAUDI ARABIA', 4, 'ts. silent requests haggle. closely express packages sleep across the blithely'),
  (21, 'VIETNAM', 2, 'hely enticingly express accounts. even, final '),
  (22, 'RUSSIA', 3, ' requests against the platelets use never according to the quickly regular pint'),
  (23, 'UNITED KINGDOM', 3, 'eans boost carefully special requests. accounts are. carefull'),
  (24, 'UNITED STATES', 1, 'y final packages. slow foxes cajole quickly. quickly silent platelets breach ironic accounts. unusual pinto be');

CREATE TABLE tpch.customer (
  c_custkey bigint NOT NULL,
  c_name text,
  c_address text,
  c_nationkey bigint,
  c_phone text,
  c_acctbal numeric(18,2),
  c_mktsegment text,
  c_comment text,
  PRIMARY KEY (c_custkey)
);
INSERT INTO tpch.customer
SELECT k, 'Customer#' || lpad(k::text, 9, '0'),
       left(md5('address' || k), 10 + (dice(k, 1) * 20)::integer),
       floor(dice(k, 2) * 25)::bigint,
       10 + floor(dice(k, 2) * 25) || '-' || 100 + floor(dice(k, 3) * 900) || '-'
         || 100 + floor(dice(k, 4) * 900) || '-' || 1000 + floor(dice(k, 5) * 9000),
       (-999.99 + dice(k, 6) * 10999.98)::numeric(18,2),
       (ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'])
         [1 + floor(dice(k, 7) * 5)],
       'customer ' || md5('comment' || k)
FROM generate_series(1::bigint, 1500) AS k;

-- Order keys are sparse (the first 8 of every 32), and no customer divisible by 3 orders.
CREATE TABLE tpch.orders (
  o_orderkey bigint NOT NULL,
  o_custkey bigint,
  o_orderstatus text,
  o_totalprice numeric(18,2),
  o_orderdate date,
  o_orderpriority text,
  o_clerk text,
  o_shippriority integer,
  o_comment text,
  PRIMARY KEY (o_orderkey)
);
INSERT INTO tpch.orders
SELECT div(n - 1, 8)::bigint * 32 + (n - 1) % 8 + 1, customer + CASE WHEN customer % 3 = 0 THEN 1 ELSE 0 END,
       CASE WHEN day < DATE '1995-06-17' - 120 THEN 'F' WHEN day > DATE '1995-06-17' THEN 'O' ELSE 'P' END,
       (900 + dice(n, 13) * 450000)::numeric(18,2), day,
       (ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])
         [1 + floor(dice(n, 14) * 5)],
       'Clerk#' || lpad((1 + floor(dice(n, 15) * 1000))::text, 9, '0'), 0,
       'order ' || md5('comment' || n)
FROM (SELECT n, 1 + floor(dice(n, 11) * 1499)::bigint AS customer,
             DATE '1992-01-01' + floor(dice(n, 12) * 2406)::integer AS day
      FROM generate_series(1::bigint, 15000) AS n) AS drawn;

CREATE SCHEMA nyctaxi;
COMMENT ON SCHEMA nyctaxi IS 'Taxi trips in New York City';

-- Fares follow the meter: 2.50 to start, 2.75 a mile, a little more later in the day.
CREATE TABLE nyctaxi.trips (
  tpep_pickup_datetime timestamptz,
  tpep_dropoff_datetime timestamptz,
  trip_distance double precision,
  fare_amount double precision,
  pickup_zip integer,
  dropoff_zip integer
);
INSERT INTO nyctaxi.trips
SELECT pickup, pickup + make_interval(secs => 120 + floor(distance * (200 + dice(n, 25) * 160))),
       distance,
       pg_catalog.round((2.5 + 2.75 * distance + 0.06 * extract(hour FROM pickup)
                         + (dice(n, 24) - 0.5) * 2)::numeric * 2) / 2,
       10001 + floor(dice(n, 26) * 282)::integer, 10001 + floor(dice(n, 27) * 282)::integer
FROM (SELECT n, TIMESTAMPTZ '2016-01-01 00:00:00+00'
                  + make_interval(secs => floor(dice(n, 21) * 60 * 86400)) AS pickup,
             pg_catalog.round((0.4 - ln(1 - dice(n, 22)) * 2.6)::numeric, 2)::double precision
               AS distance
      FROM generate_series(1::bigint, 20000) AS n) AS drawn
ORDER BY n;

RESET ROLE;
ANALYZE;
