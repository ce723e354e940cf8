#!/usr/bin/env bash
# Lets real programs read the calendar feeds of the demonstration: Python's icalendar finds what RFC 5545 asks of every
# event, vdirsyncer brings them to files, finds nothing new the second time and brings what changed, khal lists them.
# Ends with « N passed, N failed ».
set -uo pipefail
cd "$(dirname "$0")/.."
venv=var/venv-calendars
wanted="vdirsyncer==0.21.0 khal==0.14.1 icalendar==7.3.2"
if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$venv"
  # shellcheck disable=SC2086
  python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check $wanted && echo "$wanted" > "$venv/wanted" || {
    echo "vdirsyncer, khal or icalendar cannot be installed" >&2
    echo "0 passed, 1 failed"
    exit 1
  }
fi
program=${ESPLANADE_BIN:-${CARGO_TARGET_DIR:-target}/debug/esplanade}
exec "$venv/bin/python" scripts/calendars.py "$program" "$venv"
