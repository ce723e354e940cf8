"""Compresses each drawing of contours.mjs the same way on every run.

Usage: pack.py DRAWINGS_DIR OUT_DIR
"""

import gzip
import sys
from pathlib import Path

drawings, out = map(Path, sys.argv[1:])
out.mkdir(exist_ok=True)
for old in out.glob("*.json.gz"):
    old.unlink()
for drawing in sorted(drawings.glob("*.json")):
    packed = gzip.compress(drawing.read_bytes(), 9, mtime=0)
    (out / f"{drawing.name}.gz").write_bytes(packed)
