#!/usr/bin/env bash
# Bundles the front end when its sources are newer than what was last bundled.
set -euo pipefail
cd "$(dirname "$0")/../frontend"
if [ ! -e dist/app.css ] || [ -n "$(find src package.json build.mjs icons.mjs -newer dist/app.css -print -quit)" ]; then
  [ -d node_modules ] || npm ci --no-audit --no-fund --silent
  npm run --silent build
fi
