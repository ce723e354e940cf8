#!/usr/bin/env bash
# Bundles the front end when its sources are newer than what was last bundled.
set -euo pipefail
cd "$(dirname "$0")/../frontend"
if [ ! -e dist/app.css ] || [ -n "$(find src package.json build.mjs icons.mjs -newer dist/app.css -print -quit)" ]; then
  # What is installed must be what the lock file asks for: a package added since would be missing.
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent
  # The styles are the mark of a finished build: after a failed one, the next must not believe it.
  npm run --silent build || { rm -f dist/app.css; exit 1; }
fi
