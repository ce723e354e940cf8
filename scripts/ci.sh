#!/usr/bin/env bash
# The only definition of CI.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/frontend.sh
echo "== $(date +%H:%M) format" && cargo fmt --check
echo "== $(date +%H:%M) shape" && scripts/shape.sh
echo "== $(date +%H:%M) front-end types" && (cd frontend && npm run --silent check)
echo "== $(date +%H:%M) lints" && cargo clippy --workspace --all-targets --quiet -- -D warnings
scripts/test.sh
