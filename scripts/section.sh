# Names what comes next, and when it began: sourced by the scripts that say so.
section() { echo "== $(date +%H:%M) $1"; }
