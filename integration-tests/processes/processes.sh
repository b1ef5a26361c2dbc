# The product as separate processes on free ports, with a sandbox and a PostgreSQL of their own.
# Sourced by tests that have set $root and $1, the build folder. What was started is stopped, and
# $work removed, when the shell ends.

work=$(mktemp -d)
chmod 711 "$work"
export LAKEGATE_STATE_DIR=$work LAKEGATE_SKIP_PACKAGES=1
. "$root/deploy/local/lib.sh"
free_port LAKEGATE_GATEWAY_PORT LAKEGATE_ADMIN_PORT LAKEGATE_SANDBOX_PORT
export LAKEGATE_GATEWAY_PORT LAKEGATE_ADMIN_PORT LAKEGATE_SANDBOX_PORT
. "$root/deploy/local/stack.sh"
binaries=${1:?the build folder}

clean_up() {
  stop_stack
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
unset DATABRICKS_HOST PGHOST LAKEGATE_URL LAKEGATE_TOKEN

services=(preferences catalog model-serving)
declare -A address admin
api=http://127.0.0.1:$gateway_port
for name in "${services[@]}"; do free_port "address[$name]" "admin[$name]"; done
admin[gateway]=$admin_port

# Everything, until all of it serves.
start_processes() {
  local name
  start_private_database
  LAKEGATE_SANDBOX_PGHOST=127.0.0.1 LAKEGATE_SANDBOX_PGPORT=$database_port LAKEGATE_SANDBOX_PGUSER=postgres \
    LAKEGATE_SANDBOX_PGPASSWORD=$superuser_password LAKEGATE_ADMIN_PORT=0 \
    start sandbox "$binaries/services/sandbox/lakegate-sandbox"
  wait_until "http://127.0.0.1:$sandbox_port/.well-known/databricks-config" sandbox "${children[-1]}"
  export DATABRICKS_HOST=http://127.0.0.1:$sandbox_port DATABRICKS_WAREHOUSE_ID=sandbox PGHOST=127.0.0.1 \
    PGPORT=$database_port PGDATABASE=lakegate PGUSER=lakegate PGPASSWORD=$application_password PGSSLMODE=disable \
    LAKEGATE_PREFERENCES_ADDRESS=127.0.0.1:${address[preferences]} \
    LAKEGATE_CATALOG_ADDRESS=127.0.0.1:${address[catalog]} \
    LAKEGATE_MODEL_SERVING_ADDRESS=127.0.0.1:${address[model-serving]} LAKEGATE_LOG_LEVEL=debug
  for name in "${services[@]}"; do
    LAKEGATE_ADMIN_PORT=${admin[$name]} LAKEGATE_NODE_PORT=${address[$name]} LAKEGATE_JOURNAL_DIR=$work/journal \
      start "$name" "$binaries/services/$name/lakegate-$name"
  done
  start gateway "$binaries/gateway/lakegate-gateway"
  wait_until "$api/health/ready" gateway "${children[-1]}" "$everything_serves"
}
