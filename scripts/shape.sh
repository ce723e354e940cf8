#!/usr/bin/env bash
# Sizes that keep the code readable. What exceeds them today stands in scripts/shape.allowed, which may only shrink.
set -euo pipefail
cd "$(dirname "$0")/.."
found=$(
  git ls-files -co --exclude-standard 'crates/**/*.rs' | while read -r file; do
    lines=$(wc -l < "$file"); most=400
    case "$file" in */tests.rs|*/tests/*) most=700 ;; esac
    [ "$lines" -gt "$most" ] && echo "file $file"
    # Functions over 60 lines, by the indentation of their closing brace.
    awk -v file="$file" '
      match($0, /^ *(pub(\([a-z]+\))? )?(async )?fn [a-z_0-9]+/) { name=$0; sub(/.*fn /,"",name); sub(/[^a-z_0-9].*/,"",name); indent=match($0,/[^ ]/)-1; start=NR; open=1 }
      open && NR>start && match($0,/[^ ]/)-1==indent && $0 ~ /^ *}/ { if (NR-start+1>60) print "function " file " " name; open=0 }
    ' "$file"
  done
  git ls-files -co --exclude-standard 'crates/**/*.html' | while read -r file; do
    [ "$(wc -l < "$file")" -gt 150 ] && echo "template $file"
  done || true
)
new=$(comm -23 <(sort <<<"$found") <(sort scripts/shape.allowed) | sed '/^$/d')
if [ -n "$new" ]; then
  echo "Too long, split by resource:" >&2
  echo "$new" >&2
  exit 1
fi
gone=$(comm -13 <(sort <<<"$found") <(sort scripts/shape.allowed) | sed '/^$/d')
if [ -n "$gone" ]; then
  echo "No longer too long, take it out of scripts/shape.allowed:" >&2
  echo "$gone" >&2
  exit 1
fi
echo "shape: nothing new"
