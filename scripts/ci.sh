#!/usr/bin/env bash
# The only definition of CI.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/frontend.sh
echo "== format" && cargo fmt --check
echo "== shape" && scripts/shape.sh
echo "== front-end types" && (cd frontend && npm run --silent check)
echo "== lints" && cargo clippy --workspace --all-targets --quiet -- -D warnings
scripts/test.sh
