#!/usr/bin/env bash
# Measures what BENCHMARKS.md reports: both engines, then the program from outside. Figures go to var/bench-*.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/packages.sh bench
cargo build --release -p server -p benches
mkdir -p var
people=${PEOPLE:-500000}
./target/release/benches "$people" | tee var/bench-sqlite.json
scripts/postgres.sh ./target/release/benches "$people" | tee var/bench-postgres.json

scripts/mail.sh ./target/release/benches "$people" mailbox | tee var/bench-mailbox.json

dir=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$dir"' EXIT
./target/release/esplanade demo --data-dir "$dir/demo" --no-serve 2>/dev/null
export ESPLANADE_DATA_DIR="$dir/demo" ESPLANADE_LISTEN=127.0.0.1:0 ESPLANADE_LOG=error
: > var/bench-startup.txt
for _ in 1 2 3 4 5 6 7; do
  start=$(date +%s%N)
  ./target/release/esplanade serve > "$dir/out" & pid=$!
  until grep -q 'listening on' "$dir/out" 2>/dev/null; do :; done
  echo $(( ($(date +%s%N) - start) / 1000000 )) >> var/bench-startup.txt
  kill "$pid"; wait "$pid" 2>/dev/null || true
done
./target/release/esplanade serve > "$dir/out" & pid=$!
until grep -q 'listening on' "$dir/out" 2>/dev/null; do sleep 0.05; done
address=$(grep -o 'http://[0-9.:]*' "$dir/out")
sleep 3
rss() { awk '/VmRSS/ {print int($2/1024)}' "/proc/$pid/status"; }
idle=$(rss)
for page in / /promeneurs /carte /structures; do curl -s -o /dev/null --compressed "$address$page"; done
seen=$(rss)
for _ in $(seq 400); do curl -s -o /dev/null --compressed "$address/promeneurs?commune=valence" & [ $((RANDOM % 8)) = 0 ] && wait; done; wait $(jobs -p | grep -v "$pid") 2>/dev/null || true
printf '{"startup_ms_median": %s, "rss_idle_mb": %s, "rss_after_pages_mb": %s, "rss_under_load_mb": %s}\n' \
  "$(sort -n var/bench-startup.txt | sed -n 4p)" "$idle" "$seen" "$(rss)" | tee var/bench-process.json

(cd benches/coedit && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; } && \
  node run.mjs ../../target/release/esplanade | tee ../../var/bench-coedit.json)

sheet=$(curl -s "$address/promeneurs" | grep -oE '/promeneurs/[a-z0-9-]+' | head -1)
(cd benches/lighthouse && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; } && \
  node run.mjs "$address/" "$address/promeneurs" "$address$sheet" | tee ../../var/bench-lighthouse.json)
