#!/usr/bin/env bash
# Bundles the front end when its sources are newer than what was last bundled.
set -euo pipefail
cd "$(dirname "$0")/../frontend"
if [ ! -e dist/app.css ] || [ -n "$(find src package-lock.json build.mjs icons.mjs -newer dist/app.css -print -quit)" ]; then
  # What is installed may be older than what is asked for.
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent
  npm run --silent build
fi
