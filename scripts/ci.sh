#!/usr/bin/env bash
# The only definition of CI.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/section.sh
scripts/frontend.sh
section "format" && cargo fmt --check
section "shape" && scripts/shape.sh
section "front-end types" && (cd frontend && npm run --silent check)
section "lints" && cargo clippy --workspace --all-targets --quiet -- -D warnings
scripts/test.sh
