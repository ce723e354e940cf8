"""Writes the school holidays of zones A, B and C as periods.

Usage: holidays.py VACANCES_SCOLAIRES_WHEEL OUT_DIR

One line per period and zone: first and last day without school, both included.
"""

import csv
import io
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

FIRST_YEAR = 2024
DAY = timedelta(days=1)


def main(wheel, out_dir):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("vacances_scolaires_france/data/data.csv").decode("utf-8")
    days = list(csv.DictReader(io.StringIO(text)))
    lines = ["zone\tname\tfirst\tlast"]
    for zone in "ABC":
        lines += ["\t".join([zone, name, first.isoformat(), last.isoformat()]) for name, first, last in periods(days, zone)]
    Path(out_dir, "school_holidays.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def periods(days, zone):
    """Runs of consecutive days off under one name."""
    found = []
    for row in days:
        day = date.fromisoformat(row["date"])
        if day.year < FIRST_YEAR or row[f"vacances_zone_{zone.lower()}"] != "True":
            continue
        name = row["nom_vacances"].replace("'", "’")
        if found and found[-1][0] == name and found[-1][2] + DAY == day:
            found[-1][2] = day
        else:
            found.append([name, day, day])
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
