#!/usr/bin/env bash
# Runs a command beside a throw-away S3 server (moto, in a virtualenv under var/): scripts/s3.sh COMMAND…
# The command finds an empty bucket in ESPLANADE_TEST_S3, reached with the usual AWS_… variables.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=var/venv-s3
wanted="moto[s3,server]==5.2.5"
if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check "$wanted"
  echo "$wanted" > "$venv/wanted"
fi
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >var/s3.log 2>&1 & server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$port/" && break; sleep 0.1; done
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_ALLOW_HTTP=true AWS_ENDPOINT="http://127.0.0.1:$port"
curl -s -f -o /dev/null -X PUT "$AWS_ENDPOINT/esplanade"
export ESPLANADE_TEST_S3=s3://esplanade
"$@"
