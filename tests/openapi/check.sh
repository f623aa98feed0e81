#!/usr/bin/env bash
# Hands the running program to two outsiders: a validator of OpenAPI documents, and schemathesis, which sends made-up requests
# to every route with a signed-in owner and looks for 5xx, undocumented answers and answers that break their schema.
# Needs Python 3.9 or newer; installs its two packages into a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
examples="${EXAMPLES:-25}"
work="$(mktemp -d)"
trap 'kill "${pid:-0}" 2>/dev/null || true; rm -rf "$work"' EXIT

if [ ! -x target/openapi-venv/bin/schemathesis ]; then
    python3 -m venv target/openapi-venv
    target/openapi-venv/bin/pip install --quiet schemathesis openapi-spec-validator
fi
cargo build
./target/debug/taskmed serve --data "$work/data" --http-port 0 --https-port 0 --no-browser >"$work/ready" &
pid=$!
for _ in $(seq 100); do [ -s "$work/ready" ] && break; sleep 0.1; done
address="$(sed -E 's/.*"http":"([^"]+)".*/\1/' "$work/ready")"

curl --silent --fail --output "$work/openapi.json" "$address/openapi.json"
target/openapi-venv/bin/python -m openapi_spec_validator "$work/openapi.json"

password='trem azul 42 janelas'
curl --silent --fail --output /dev/null --cookie-jar "$work/jar" --header 'Content-Type: application/json' \
    --data "{\"clinic_name\":\"Clínica Aurora\",\"owner_name\":\"Ana Prado\",\"email\":\"ana@aurora.example\",\"password\":\"$password\"}" \
    "$address/api/setup"
cookie="$(awk '/taskmed_session/ {print $6 "=" $7}' "$work/jar")"

# So that made-up requests reach the clinic that is there.
cat >"$work/schemathesis.toml" <<'TOML'
[parameters]
"path.clinic_id" = 1
"query.clinic_id" = 1
TOML

# Left out: what would end the very session that asks, set-up (done above), and the endless event stream.
target/openapi-venv/bin/schemathesis --config-file "$work/schemathesis.toml" run "$address/openapi.json" \
    --header "Cookie: $cookie" \
    --exclude-path-regex '/auth/(logout|lock|unlock|password|sessions|login|accept-invite)|/invite|/api/setup|/api/events' \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --max-examples "$examples" --phases examples,coverage,fuzzing --request-timeout 10 --no-color "$@"
