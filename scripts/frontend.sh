#!/usr/bin/env bash
# Bundles the front end when its sources are newer than what was last bundled.
set -euo pipefail
cd "$(dirname "$0")/../frontend"
if [ ! -e dist/app.css ] || [ -n "$(find src package.json build.mjs icons.mjs -newer dist/app.css -print -quit)" ]; then
  # What is installed must be what the lock file asks for: a package added since would be missing.
  if ! cmp -s package-lock.json node_modules/.installed; then
    npm ci --no-audit --no-fund --silent
    cp package-lock.json node_modules/.installed
  fi
  # The styles are the mark of a finished build: after a failed one, the next must not believe it.
  npm run --silent build || { rm -f dist/app.css; exit 1; }
fi
