#!/usr/bin/env bash
# Lets a real program keep the address books of the demonstration: vdirsyncer brings them to files, finds nothing
# new the second time, brings a changed telephone and takes away who left; khard lists what came.
# Ends with « N passed, N failed ».
set -uo pipefail
cd "$(dirname "$0")/.."
venv=var/venv-carddav
wanted="vdirsyncer==0.21.0 khard==0.22.0"
if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$venv"
  # shellcheck disable=SC2086
  python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check $wanted && echo "$wanted" > "$venv/wanted" || {
    echo "vdirsyncer or khard cannot be installed" >&2
    echo "0 passed, 1 failed"
    exit 1
  }
fi
program=${ESPLANADE_BIN:-${CARGO_TARGET_DIR:-target}/debug/esplanade}
exec python3 scripts/carddav.py "$program" "$venv"
