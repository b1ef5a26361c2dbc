# Sourced or run by the postgres image when its volume is new. The application's role may
# connect and create schemas, no more, as on Lakebase.
psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres <<'SQL'
\getenv role LAKEGATE_ROLE
\getenv role_password LAKEGATE_ROLE_PASSWORD
\getenv database LAKEGATE_ROLE_DATABASE
CREATE ROLE :"role" LOGIN PASSWORD :'role_password';
CREATE DATABASE :"database";
GRANT CONNECT, CREATE ON DATABASE :"database" TO :"role";
SQL
