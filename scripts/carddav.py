"""Drives vdirsyncer and khard against the demonstration: carddav.sh tells what for."""

import os
import re
import subprocess
import sys
from pathlib import Path

from demonstration import Site, check, folder, run, typed

program, venv = sys.argv[1], Path(sys.argv[2]).resolve()


def settings(address, secret):
    text = f"""
[general]
status_path = "{folder}/status/"
[pair carnets]
a = "fichiers"
b = "esplanade"
collections = ["from b"]
conflict_resolution = "b wins"
[storage fichiers]
type = "filesystem"
path = "{folder}/vdir/"
fileext = ".vcf"
[storage esplanade]
type = "carddav"
url = "{address}/"
username = "coordination@demo.example"
password = "{secret}"
read_only = true
"""
    (folder / "config").write_text(text)
    books = "".join(
        f"[[{path.name}]]\npath = {path}\n" for path in sorted((folder / "vdir").glob("*")) if path.is_dir()
    )
    (folder / "khard.conf").write_text(f"[addressbooks]\n{books}\n[general]\ndefault_action = list\n")


def vdirsyncer(*words):
    environment = {**os.environ, "VDIRSYNCER_CONFIG": str(folder / "config")}
    command = [venv / "bin/vdirsyncer", *words]
    done = subprocess.run(command, input="y\n" * 20, text=True, capture_output=True, env=environment, timeout=180)
    return done.returncode, done.stdout + done.stderr


def files():
    return {path: path.read_text() for path in sorted((folder / "vdir").glob("*/*.vcf"))}


def scenario(address):
    site = Site(address)
    page = site.ask("/espace/reglages/compte/applications", {"application": "vdirsyncer"})
    secret = re.search(r'class="secret">([^<]+)', page).group(1)
    settings(address, secret)
    status, said = vdirsyncer("discover", "carnets")
    check("vdirsyncer finds the three books", status == 0 and all(b in said for b in ("promeneurs", "structures", "partenaires")), said)
    status, said = vdirsyncer("sync")
    first = files()
    check("vdirsyncer brings them all", status == 0 and len(first) > 40, f"{said}\n{len(first)} cards")
    check("each card is a whole vCard", all(t.startswith("BEGIN:VCARD") and t.rstrip().endswith("END:VCARD") for t in first.values()))
    status, said = vdirsyncer("sync")
    check("a second time nothing changes", status == 0 and files() == first and "Copying" not in said, said)

    listing = site.ask("/espace/reseau/promeneurs")
    people = [(link, name) for link, name in re.findall(r'href="(/espace/reseau/promeneurs/[0-9a-f-]{36})" data-row-link>([^<]+)', listing)]
    here = [(link, name) for link, name in people if any(link.rsplit("/", 1)[1] in p.name for p in first)]
    (changed, _), (leaving, name) = here[0], here[1]
    form = site.ask(changed + "/modifier")
    site.ask(changed + "/modifier", {**typed(form), "telephone": "07 99 88 77 66"})
    form = site.ask(leaving + "/depart")
    post = re.search(r'name="poste" value="([^"]+)"', form).group(1)
    day = re.search(r'name="jour"[^>]*value="([^"]+)"|value="([0-9-]{10})"[^>]*name="jour"', form)
    today = next(group for group in day.groups() if group) if day else ""
    site.ask(leaving + "/depart", {"poste": post, "jour": today, "motif": ""})
    status, said = vdirsyncer("sync")
    now = files()
    check("a changed telephone arrives", status == 0 and any("+33799887766" in text for text in now.values()), said)
    left = leaving.rsplit("/", 1)[1]
    check("who left vanishes", not any(left in path.name for path in now) and len(now) == len(first) - 1, f"{name}\n{said}")

    settings(address, secret)
    command = [venv / "bin/khard", "--config", folder / "khard.conf", "list"]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    check("khard lists them", done.returncode == 0 and len(lines) >= len(now), f"{len(lines)} lines\n{done.stderr[-2000:]}")

    book = next(path for path in now if "promeneurs" in str(path))
    book.write_text(book.read_text().replace("FN:", "FN:Faux "))
    vdirsyncer("sync")
    check("what is written here does not enter", "Faux" not in site.ask("/espace/reseau/promeneurs"))
    page = site.ask("/espace/reglages/compte")
    remove = re.search(r'action="(/espace/reglages/compte/applications/[^"]+)"', page).group(1)
    site.ask(remove, {})
    status, said = vdirsyncer("sync", "--force-delete")
    check("a withdrawn password shuts out", status != 0, said)


run(program, scenario)
