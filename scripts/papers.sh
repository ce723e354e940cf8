#!/usr/bin/env bash
# Opens the minutes of the demonstration with other people's programs: LibreOffice reads the Word and the OpenDocument
# file, Poppler the structure of the PDF. Ends with « N passed, N failed ».
set -uo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/papers.py "${ESPLANADE_BIN:-${CARGO_TARGET_DIR:-target}/debug/esplanade}"
