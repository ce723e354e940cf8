#!/usr/bin/env bash
# Lets schemathesis ask the open data of the demonstration everything that its description allows and forbids:
# answers must keep the description, bad questions must be refused, nothing may be a fault of the program.
# Ends with « 1 passed, 0 failed » or « 0 passed, 1 failed ».
set -uo pipefail
cd "$(dirname "$0")/.."
version=4.32.5
venv=var/venv-schemathesis
if [ ! -x "$venv/bin/st" ] || ! "$venv/bin/pip" show -q schemathesis 2>/dev/null | grep -qx "Version: $version"; then
  python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check "schemathesis==$version" || {
    echo "schemathesis cannot be installed" >&2
    echo "0 passed, 1 failed"
    exit 1
  }
fi
program=$(realpath "${ESPLANADE_BIN:-${CARGO_TARGET_DIR:-target}/debug/esplanade}")
dir=$(mktemp -d)
"$program" demo --data-dir "$dir/data" --listen 127.0.0.1:0 > "$dir/out" 2> "$dir/err" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$dir"' EXIT
for _ in $(seq 300); do
  grep -q '^listening on' "$dir/out" && break
  sleep 0.2
done
address=$(grep -o 'http://[0-9.:]*' "$dir/out" | head -1)
# It keeps its memory where it runs: under var/, which is not kept.
if (cd var && "../$venv/bin/st" --config-file ../scripts/schemathesis.toml run "$address/api/openapi.json" --url "$address" \
  --max-examples "${EXAMPLES:-200}" --seed 26 --no-color --report junit --report-junit-path schemathesis.xml); then
  status=0
else
  status=1
fi
# What people try by hand.
ask() {
  local got
  got=$(curl -s -o "$dir/body" -w '%{http_code} %{content_type}' --path-as-is "$address$1")
  case "$got" in
    "$2 application/problem+json") ;;
    *) echo "FAIL $1: $got instead of $2" >&2; status=1 ;;
  esac
}
ask "/api/v1/promeneurs?q=$(head -c 10000 /dev/zero | tr '\0' a)" 422
ask "/api/v1/promeneurs?limite=-1" 422
ask "/api/v1/promeneurs?q=%00" 422
ask "/api/v1/promeneurs?apres=../../etc/passwd" 422
ask "/api/v1/promeneurs/../../etc/passwd" 404
ask "/api/v1/promeneurs/%2e%2e%2fetc%2fpasswd" 404
ask "/api/v1/structures/%00" 404
if [ "$status" = 0 ]; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; fi
exit "$status"
