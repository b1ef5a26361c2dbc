-- The application's role may connect and create schemas, no more, as on Lakebase.
CREATE ROLE lakegate LOGIN PASSWORD 'lakegate';
CREATE DATABASE lakegate;
GRANT CONNECT, CREATE ON DATABASE lakegate TO lakegate;
