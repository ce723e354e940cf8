#!/usr/bin/env bash
# Runs a command against a throw-away PostgreSQL cluster of its own: scripts/postgres.sh COMMAND…
# The command finds the server in ESPLANADE_TEST_POSTGRES.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
dir=$(mktemp -d)
owner=()
if [ "$(id -u)" = 0 ]; then
  # The server refuses to run as root.
  id esplanade-test >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin esplanade-test
  chown esplanade-test "$dir"
  owner=(setpriv --reuid=esplanade-test --regid=esplanade-test --clear-groups)
fi
cleanup() {
  "${owner[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap cleanup EXIT
"${owner[@]}" "$bin/initdb" -D "$dir/data" -U test --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])' 2>/dev/null || echo 54329)
# Tests need no durability, only speed; the program itself never changes these.
"${owner[@]}" "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" \
  start >/dev/null
export ESPLANADE_TEST_POSTGRES="postgres://test@127.0.0.1:$port"
"$@"
