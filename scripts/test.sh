#!/usr/bin/env bash
# Every test, counted: unit and scenarios on SQLite, scenarios on PostgreSQL, browser journeys, and what other
# people's programs make of the open data, of the address books and of the calendars.
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/section.sh
scripts/packages.sh || exit 1
scripts/frontend.sh || exit 1
mkdir -p var
passed=0 failed=0

# Adds up the closing lines of a log: « test result: … N passed; N failed » or « N passed, N failed ».
count() {
  local p f
  p=$(grep -hoE '[0-9]+ passed' "$1" | awk '{n+=$1} END {print n+0}')
  f=$(grep -hoE '[0-9]+ failed' "$1" | awk '{n+=$1} END {print n+0}')
  passed=$((passed + p)) failed=$((failed + f))
  # A run that ended badly without counting a failure still failed.
  if [ "$2" != 0 ] && [ "$f" = 0 ]; then failed=$((failed + 1)); fi
}

# Everything is asked of the whole workspace: a part of it alone has other features, and is compiled anew.
section "unit tests and scenarios on SQLite"
cargo test --workspace --no-fail-fast 2>&1 | tee var/test-sqlite.log
count var/test-sqlite.log "${PIPESTATUS[0]}"

section "scenarios on PostgreSQL"
scripts/postgres.sh cargo test --workspace --no-fail-fast 2>&1 | tee var/test-postgres.log
count var/test-postgres.log "${PIPESTATUS[0]}"

section "the shared mailbox, with Dovecot and Postfix"
scripts/mail.sh cargo test --workspace --test mail --no-fail-fast 2>&1 | tee var/test-mail.log
count var/test-mail.log "${PIPESTATUS[0]}"
scripts/mail.sh scripts/postgres.sh cargo test --workspace --test mail --no-fail-fast 2>&1 | tee var/test-mail-postgres.log
count var/test-mail-postgres.log "${PIPESTATUS[0]}"

section "files on S3"
scripts/s3.sh cargo test --workspace --lib an_s3_bucket 2>&1 | tee var/test-s3.log
count var/test-s3.log "${PIPESTATUS[0]}"

section "browser journeys"
cargo build --workspace --bin esplanade || failed=$((failed + 1))
(cd tests/browser && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent; } && ESPLANADE_PRIVATE_HOSTS=true ../../scripts/mail.sh node run.mjs) 2>&1 | tee var/test-browser.log
count var/test-browser.log "${PIPESTATUS[0]}"

section "open data, as schemathesis asks it"
scripts/schemathesis.sh 2>&1 | tee var/test-schemathesis.log
status=${PIPESTATUS[0]}
# The tool counts its own cases too: the closing line alone is ours.
tail -1 var/test-schemathesis.log > var/test-schemathesis.line
count var/test-schemathesis.line "$status"

section "papers, as LibreOffice and Poppler read them"
scripts/papers.sh 2>&1 | tee var/test-papers.log
count var/test-papers.log "${PIPESTATUS[0]}"

section "address books, as vdirsyncer and khard keep them"
scripts/carddav.sh 2>&1 | tee var/test-carddav.log
count var/test-carddav.log "${PIPESTATUS[0]}"

section "calendars, as icalendar, vdirsyncer and khal read them"
scripts/calendars.sh 2>&1 | tee var/test-calendars.log
count var/test-calendars.log "${PIPESTATUS[0]}"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
