#!/usr/bin/env bash
# Feeds the reading of messages with bytes made to break it, from the messages of the tests on: scripts/fuzz.sh [SECONDS].
# What was found stays in var/fuzz. No sanitizer: the program forbids unsafe code, what is looked for are panics, broken
# promises and cost.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fuzz --version >/dev/null 2>&1 || cargo install --locked --quiet cargo-fuzz
seeds=var/fuzz/seeds
mkdir -p "$seeds" var/fuzz/corpus var/fuzz/found
cp crates/app/tests/data/mime/*.txt "$seeds"
n=0
while IFS= read -r -d '' file; do
  cp "$file" "$seeds/crate-$((n += 1)).eml"
done < <(find "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/mail-parser-*/resources/eml -name '*.eml' -print0)
# What is fuzzed is what is built.
cp Cargo.lock fuzz/Cargo.lock
# The instruments are the compiler's own and still called unstable.
RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none --target-dir target/fuzz message var/fuzz/corpus "$seeds" -- \
  -max_total_time="${1:-600}" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -artifact_prefix=var/fuzz/found/
echo "nothing found in ${1:-600} seconds"
