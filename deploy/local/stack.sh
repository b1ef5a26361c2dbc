# The local stack: a private PostgreSQL, the sandbox workspace and lakegate-all. Sourced after
# lib.sh. Everything that was started is stopped when the shell that sourced this ends.

state=${LAKEGATE_STATE_DIR:-$root/.lakegate}
gateway_port=${LAKEGATE_GATEWAY_PORT:-8080}
sandbox_port=${LAKEGATE_SANDBOX_PORT:-8181}
admin_port=${LAKEGATE_ADMIN_PORT:-9464}
binaries=$root/build/release
children=()
database_started=

uses_sandbox() { [ -z "${DATABRICKS_HOST:-}" ]; }
uses_private_database() { [ -z "${PGHOST:-}${LAKEBASE_HOST:-}" ]; }

check_port() { # NAME VALUE WHAT
  [[ $2 =~ ^[0-9]+$ ]] && [ "$2" -ge 1 ] && [ "$2" -le 65535 ] \
    || die "$1 is \"$2\"; it must be a port between 1 and 65535."
  port_is_free "$2" || die "Port $2 for $3 is taken: stop what listens there, or set $1 to another one."
}

check_ports() {
  check_port LAKEGATE_GATEWAY_PORT "$gateway_port" "the gateway"
  check_port LAKEGATE_ADMIN_PORT "$admin_port" "health and metrics"
  ! uses_sandbox || check_port LAKEGATE_SANDBOX_PORT "$sandbox_port" "the sandbox workspace"
}

stop_stack() {
  trap - EXIT INT TERM
  local pid
  for pid in "${children[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${children[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "$database_started" ]; then
    as_database_owner "$postgres_bin/pg_ctl" -D "$state/postgres" -m fast -w -t 20 stop >/dev/null 2>&1 || true
  fi
}

start_private_database() {
  local data=$state/postgres secrets=$state/secrets
  (
    umask 077
    if [ ! -s "$secrets" ]; then
      printf 'superuser_password=%s\napplication_password=%s\n' "$(new_password)" "$(new_password)" >"$secrets"
    fi
  )
  . "$secrets"
  if [ ! -s "$data/PG_VERSION" ]; then
    say "Creating a private PostgreSQL in ${data#"$PWD"/}"
    rm -rf "$data"
    mkdir -m 700 "$data"
    [ "$(id -u)" != 0 ] || chown postgres: "$data"
    printf '%s\n' "$superuser_password" \
      | as_database_owner "$postgres_bin/initdb" -D "$data" -U postgres --pwfile=/dev/stdin \
          --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >"$state/initdb.log" 2>&1 \
      || { tail -n 5 "$state/initdb.log" >&2; die "PostgreSQL could not be initialised; see above."; }
  fi
  free_port database_port
  touch "$state/postgres.log"
  [ "$(id -u)" != 0 ] || chown postgres: "$state/postgres.log"
  as_database_owner "$postgres_bin/pg_ctl" -D "$data" -l "$state/postgres.log" -w -t 60 \
    -o "-c port=$database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60 -c log_parameter_max_length_on_error=0" \
    start >/dev/null 2>&1 \
    || { tail -n 5 "$state/postgres.log" >&2; die "The private PostgreSQL did not start; its last words are above (the whole log: $state/postgres.log)."; }
  database_started=1
  create_application_database
}

# The role of the application may connect and create schemas, as an app's role on Lakebase may.
create_application_database() {
  export PGPASSWORD=$superuser_password
  local psql=("$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$database_port" -U postgres)
  "${psql[@]}" -d postgres >/dev/null <<SQL || die "The private database could not be set up; see $state/postgres.log."
DO \$\$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lakegate') THEN CREATE ROLE lakegate LOGIN; END IF;
END \$\$;
ALTER ROLE lakegate PASSWORD '$application_password';
SELECT 'CREATE DATABASE lakegate' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lakegate') \gexec
GRANT CONNECT, CREATE ON DATABASE lakegate TO lakegate;
SQL
  unset PGPASSWORD
}

# start NAME COMMAND… : in the background, its log beside the others.
start() {
  local name=$1
  shift
  "$@" >"$state/$name.log" 2>&1 &
  children+=("$!")
}

# serves URL [WORDS] : true if it answers 200, with these words.
serves() {
  local answer
  answer=$(curl -fsS -m 2 "$1" 2>/dev/null) && [[ $answer == *"${2:-}"* ]]
}

# wait_until URL NAME PID [WORDS] : until it serves, ends, or 60 s have passed.
wait_until() {
  local deadline=$((SECONDS + 60))
  until serves "$1" "${4:-}"; do
    if ! kill -0 "$3" 2>/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 5 "$state/$2.log" >&2
      die "$2 did not start; its last words are above (the whole log: $state/$2.log)."
    fi
    sleep 0.1
  done
}

# What /health/ready says when nothing is down.
everything_serves='"status":"ready"'

start_stack() {
  mkdir -p "$state"
  [ "$(id -u)" != 0 ] || chmod 711 "$state"
  trap stop_stack EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if uses_private_database || uses_sandbox; then start_private_database; fi
  if uses_sandbox; then
    say "Starting the sandbox workspace (the first start makes its tables)"
    LAKEGATE_SANDBOX_PORT=$sandbox_port LAKEGATE_SANDBOX_PGHOST=127.0.0.1 \
      LAKEGATE_SANDBOX_PGPORT=$database_port LAKEGATE_SANDBOX_PGUSER=postgres \
      LAKEGATE_SANDBOX_PGPASSWORD=$superuser_password LAKEGATE_ADMIN_PORT=0 \
      start sandbox "$binaries/services/sandbox/lakegate-sandbox"
    wait_until "http://127.0.0.1:$sandbox_port/.well-known/databricks-config" sandbox "${children[-1]}"
    export DATABRICKS_HOST=http://127.0.0.1:$sandbox_port DATABRICKS_WAREHOUSE_ID=sandbox
    sandbox_started=1
  fi
  if uses_private_database; then
    export PGHOST=127.0.0.1 PGPORT=$database_port PGDATABASE=lakegate PGUSER=lakegate \
      PGPASSWORD=$application_password PGSSLMODE=disable
  fi
  say "Starting Lakegate"
  LAKEGATE_GATEWAY_PORT=$gateway_port LAKEGATE_ADMIN_PORT=$admin_port \
    LAKEGATE_JOURNAL_DIR=${LAKEGATE_JOURNAL_DIR:-$state/journal} \
    start lakegate "$binaries/deploy/all-in-one/lakegate-all"
  # That answers 200 as soon as one part serves. The others follow in a moment, unless one is down
  # that is not ours, and Lakegate works without it.
  local readiness=http://127.0.0.1:$gateway_port/health/ready deadline
  wait_until "$readiness" lakegate "${children[-1]}"
  deadline=$((SECONDS + 10))
  until serves "$readiness" "$everything_serves"; do
    [ "$SECONDS" -lt "$deadline" ] || { say "Not all of it serves yet: $readiness tells what."; break; }
    sleep 0.1
  done
}

print_welcome() {
  local api=http://127.0.0.1:$gateway_port
  cat <<TEXT

Lakegate is ready.

  console  $api/
  API      $api   (documentation: $api/docs)
  metrics  http://127.0.0.1:$admin_port/metrics
  logs     $state/
TEXT
  if [ -n "${sandbox_started:-}" ]; then
    cat <<TEXT
  sandbox  http://127.0.0.1:$sandbox_port   a local workspace with three users:

             engineer@example.com  token sandbox-engineer   reads main and samples, all models
             analyst@example.com   token sandbox-analyst    reads samples and main.sales
             guest@example.com     token sandbox-guest      may only know who it is

Try it:

  curl -s $api/api/user/me -H 'X-Forwarded-Access-Token: sandbox-analyst'
  curl -s '$api/api/unity-catalog/query?catalog=samples&schema=nyctaxi&table=trips&limit=2' -H 'X-Forwarded-Access-Token: sandbox-analyst'
  curl -s $api/api/model-serving/invoke -H 'X-Forwarded-Access-Token: sandbox-analyst' -H 'Content-Type: application/json' -d '{"endpoint_name":"nyctaxi-fare","inputs":{"trip_distance":2.5,"pickup_hour":8}}'

Or play the whole main job from another terminal: ./run tour
TEXT
  else
    printf '\nIt uses the workspace %s; send your own access token in X-Forwarded-Access-Token.\n' "$DATABRICKS_HOST"
  fi
  printf '\nCtrl-C stops everything.\n'
}

# Until Ctrl-C, or until something that was started ends by itself.
wait_for_stack() {
  wait -n "${children[@]}" || true
  die "A part of Lakegate has ended by itself; see the logs in $state."
}
