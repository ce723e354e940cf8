"""Checks data/territories/ and prints what a reviewer wants to know about it.

Usage: check.py DATA_DIR
"""

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

BUDGET_DROME = (45_000, 17_000)
BUDGET_FOLDER = 5_000_000
SCHOOL_ZONES = {"A", "B", "C", "Corse", "outre-mer"}


def main(folder):
    folder = Path(folder)
    communes = read_table(folder / "communes.tsv.gz")
    epcis = {e["siren"]: e for e in read_table(folder / "epci.tsv.gz")}
    departements = {d["code"]: d for d in read_table(folder / "departements.tsv")}
    codes = [c["code"] for c in communes]

    assert len(communes) > 34_800 and codes == sorted(set(codes)), "communes, sorted by code"
    assert len(departements) == 107, "101 départements and 6 collectivités d'outre-mer"
    assert {c["departement"] for c in communes} == set(departements)
    assert {c["epci"] for c in communes if c["epci"]} == set(epcis)
    assert all(d["school_zone"] in SCHOOL_ZONES for d in departements.values())
    for table in (communes, epcis.values(), departements.values()):
        for row in table:
            assert all(unicodedata.is_normalized("NFC", cell) for cell in row.values()), row
    check_known(communes)

    without, outside, gaps, total, open_edges = [], [], 0, 0, 0
    folder_size = 0
    for code in departements:
        members = [c for c in communes if c["departement"] == code]
        path = folder / "contours" / f"{code}.json.gz"
        if not path.exists():
            without += [c["code"] for c in members]
            continue
        packed = path.read_bytes()
        raw = gzip.decompress(packed)
        folder_size += len(packed)
        if code == "26":
            assert len(raw) <= BUDGET_DROME[0] and len(packed) <= BUDGET_DROME[1]
        drawing = json.loads(raw)
        shapes = {c["code"]: rings(c["d"]) for c in drawing["communes"]}
        without += [c["code"] for c in members if c["code"] not in shapes]
        assert set(shapes) <= {c["code"] for c in members}
        assert {e["code"] for e in drawing["epci"]} <= {c["epci"] for c in members}
        for ring in (r for shape in [*shapes.values(), rings(drawing["outline"])] for r in shape):
            for x, y in ring:
                assert 0 <= x <= drawing["width"] and 0 <= y <= drawing["height"], (code, x, y)
        for commune in members:
            if commune["code"] in shapes and commune["latitude"]:
                x = (float(commune["longitude"]) - drawing["lon0"]) * drawing["kx"]
                y = (drawing["lat1"] - float(commune["latitude"])) * drawing["ky"]
                if not inside(x, y, shapes[commune["code"]]):
                    outside.append(commune["code"])
        # A border is drawn once in each direction: by both neighbours, or by one and the outline.
        edges = Counter(e for shape in shapes.values() for ring in shape for e in sides(ring))
        outline = Counter(e for ring in rings(drawing["outline"]) for e in sides(ring))
        alone = {(a, b) for a, b in edges if (b, a) not in edges}
        total += len(edges)
        open_edges += len([e for e in alone if e not in outline and e[::-1] not in outline])
    assert folder_size <= BUDGET_FOLDER
    assert "26362" not in outside, "the town hall of Valence is in Valence"

    counts = Counter(c["departement"] for c in communes)
    print(f"{len(communes)} communes, {len(epcis)} EPCI, contours {folder_size} bytes")
    print("communes per département:", " ".join(f"{d}={counts[d]}" for d in departements))
    print("without a contour:", " ".join(without))
    print("without a point:", " ".join(c["code"] for c in communes if not c["latitude"]))
    print("without a postcode:", " ".join(c["code"] for c in communes if not c["postcodes"]))
    print("without an EPCI:", " ".join(c["code"] for c in communes if not c["epci"]))
    print(f"{len(outside)} points fall outside the simplified contour of their commune")
    print(f"{open_edges} of {total} sides belong to neither a neighbour nor the outline")


def check_known(communes):
    by_code = {c["code"]: c for c in communes}
    assert by_code["26362"]["name"] == "Valence" and by_code["26362"]["postcodes"] == "26000"
    assert by_code["26281"]["name"] == "Romans-sur-Isère"
    assert by_code["26307"]["name"] == "Saint-Jean-en-Royans"
    assert by_code["26057"]["name"] == "Bourg-de-Péage"
    assert by_code["26179"]["former_names"] == "Mercurol|Veaunes"


def read_table(path):
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    header, *lines = text.rstrip("\n").split("\n")
    keys = header.split("\t")
    return [dict(zip(keys, line.split("\t"), strict=True)) for line in lines]


def rings(d):
    assert re.fullmatch(r"(M-?\d+[ -]\d+l-?\d+([ -]\d+)*z)+", d), d[:80]
    found = []
    for part in d[1:].split("M"):
        start, deltas = part.rstrip("z").split("l")
        x, y = map(int, re.findall(r"-?\d+", start))
        ring = [(x, y)]
        numbers = list(map(int, re.findall(r"-?\d+", deltas)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def sides(ring):
    return zip(ring, ring[1:] + ring[:1])


def inside(x, y, shape):
    odd = False
    for ring in shape:
        for (ax, ay), (bx, by) in sides(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                odd = not odd
    return odd


if __name__ == "__main__":
    main(*sys.argv[1:])
