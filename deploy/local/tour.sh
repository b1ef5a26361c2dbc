#!/usr/bin/env bash
# ./run tour: the main job of a data app, played against a running Lakegate (or, if none runs,
# against one that is started for it and stopped after). Prints each request and its answer,
# and fails at the first answer that is not what the API promises.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/deploy/local/lib.sh"
. "$root/deploy/local/stack.sh"

api=${LAKEGATE_URL:-http://127.0.0.1:$gateway_port}
token=${LAKEGATE_TOKEN:-sandbox-analyst}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_packages run
if ! curl -fsS -o /dev/null -m 2 "$api/health/ready" 2>/dev/null; then
  [ -z "${LAKEGATE_URL:-}" ] || die "Nothing answers at $LAKEGATE_URL/health/ready: check LAKEGATE_URL."
  say "Nothing runs at $api yet; starting Lakegate for the tour."
  install_packages build
  check_ports
  build release -DBUILD_TESTING=OFF -- lakegate-all lakegate-sandbox
  start_stack
  trap 'rm -rf "$work"; stop_stack' EXIT
fi

step=0
bold=; plain=
[ ! -t 1 ] || { bold=$'\033[1m'; plain=$'\033[0m'; }
title() { step=$((step + 1)); printf '\n%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"; }

# call STATUS METHOD PATH [BODY] : prints the request and the answer, which is left in $answer.
call() {
  local want=$1 method=$2 path=$3 body=${4:-} status
  printf '\n$ curl -X %s %s%s' "$method" "'$api$path'" " -H 'X-Forwarded-Access-Token: $shown_token'"
  [ -z "$body" ] || printf " -H 'Content-Type: application/json' -d '%s'" "$body"
  printf '\n'
  local arguments=(-sS -m 60 -o "$work/answer" -w '%{http_code}' -X "$method" "$api$path" -H "@$work/headers")
  [ -z "$body" ] || arguments+=(-H 'Content-Type: application/json' --data-binary "$body")
  status=$(curl "${arguments[@]}") || die "The gateway did not answer $method $path."
  printf 'HTTP %s\n' "$status"
  # Short answers as they are: jq would round 9007199254740993 and shorten 1.10.
  if [ "$(wc -c <"$work/answer")" -gt 400 ]; then
    jq . "$work/answer"
  elif [ -s "$work/answer" ]; then
    cat "$work/answer" && echo
  fi
  [ "$status" = "$want" ] || die "The answer to $method $path should have been $want."
  answer=$(cat "$work/answer")
}

as() { # USER'S TOKEN; in a file, so that it is on no command line
  (umask 077; printf 'X-Forwarded-Access-Token: %s\n' "$1" >"$work/headers")
  case $1 in sandbox-*) shown_token=$1 ;; *) shown_token='<token>' ;; esac
}

as "$token"
title "Who am I?"
call 200 GET /api/user/me

title "Save a preference, change it, read it back"
call 201 POST /api/lakebase/preferences '{"preference_key":"tour","preference_value":{"theme":"dark","exact":9007199254740993}}'
call 200 PUT /api/lakebase/preferences/tour '{"preference_value":{"theme":"light","exact":1.10}}'
call 200 GET /api/lakebase/preferences/tour

title "Browse Unity Catalog"
call 200 GET /api/unity-catalog/catalogs
call 200 GET '/api/unity-catalog/schemas?catalog=samples'
call 200 GET '/api/unity-catalog/table-names?catalog=samples&schema=nyctaxi'

title "Query a table with filters, in pages"
query='{"catalog":"samples","schema":"nyctaxi","table":"trips","columns":["trip_distance","fare_amount","tpep_pickup_datetime"],"filters":{"trip_distance":{"gt":2,"lt":4}},"order_by":["tpep_pickup_datetime"],"limit":2,"offset":%d}'
call 200 POST /api/unity-catalog/query "$(printf "$query" 0)"
distance=$(jq '.rows[0].trip_distance' <<<"$answer")
hour=$(jq -r '.rows[0].tpep_pickup_datetime[11:13] | tonumber' <<<"$answer")
call 200 POST /api/unity-catalog/query "$(printf "$query" 2)"

title "What does the model take?"
call 200 GET /api/model-serving/endpoints/nyctaxi-fare/schema

title "Invoke it with the row that was queried"
call 200 POST /api/model-serving/invoke "{\"endpoint_name\":\"nyctaxi-fare\",\"inputs\":{\"trip_distance\":$distance,\"pickup_hour\":$hour},\"timeout_seconds\":10}"
request_id=$(jq -r .request_id <<<"$answer")

title "Read the log of that"
call 200 GET '/api/model-serving/logs?limit=1'
[ "$(jq -r '.logs[0].request_id' <<<"$answer")" = "$request_id" ] || die "The log does not show the invocation first."

title "Tidy up"
call 204 DELETE /api/lakebase/preferences/tour

if [ "$token" = sandbox-analyst ]; then
  as sandbox-guest
  title "Somebody else, who may see nothing, is told what is missing"
  call 403 GET '/api/unity-catalog/table-names?catalog=samples&schema=nyctaxi'
fi
printf '\nThe tour is complete: every answer was what the API promises.\n'
