"""Reads the minutes of the demonstration as LibreOffice and Poppler do: papers.sh tells what for."""

import re
import subprocess
import sys
import zipfile

from demonstration import Site, check, folder, run

#: What the minutes of the demonstration's Copil say, in order.
SAID = (
    "Comité de pilotage de la Drôme", "Compte rendu : Copil de printemps", "Présences", "Hélène Roux",
    "1. Point sur la mise en œuvre", "Vingt-deux promeneurs", "La Drôme provençale reste peu couverte.",
    "4. Évolution de la charte", "Décisions", "2026-02", "Sofia Moreau",
)


def program(*words):
    done = subprocess.run(words, capture_output=True, timeout=180)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def words_of(path):
    """The text of a PDF with single spaces, its hyphens at line ends undone."""
    _, text = program("pdftotext", "-layout", str(path), "-")
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("-\n", ""))


def lacks(text):
    """What of the minutes does not stand there, in order."""
    at, missing = 0, []
    for words in SAID:
        found = text.find(words, at)
        if found < 0:
            missing.append(words)
        else:
            at = found + len(words)
    return missing


def opened(path, kind):
    """What LibreOffice shows of a file, as PDF."""
    out = folder / kind
    profile = f"-env:UserInstallation=file://{folder}/profile"
    status, said = program("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(path))
    made = out / f"{path.stem}.pdf"
    check(f"LibreOffice opens the {kind} file", status == 0 and made.exists(), said)
    return made


def scenario(address):
    site = Site(address)
    page = site.ask("/espace/gouvernance/decisions")
    decision = re.search(r"/espace/gouvernance/decisions/[0-9a-f-]{36}", page).group(0)
    meeting = re.search(r"/espace/gouvernance/reunions/[0-9a-f-]{36}", site.ask(decision)).group(0)
    files = {}
    for kind in ("pdf", "docx", "odt"):
        files[kind] = folder / f"minutes.{kind}"
        files[kind].write_bytes(site.read(f"{meeting}/compte-rendu/1/{kind}"))
    for kind in ("docx", "odt"):
        check(f"the {kind} file is a whole archive", zipfile.ZipFile(files[kind]).testzip() is None)
        made = opened(files[kind], kind)
        missing = lacks(words_of(made))
        check(f"the {kind} file says all of it in order", not missing, missing)
        _, said = program("pdfinfo", str(made))
        check(f"the {kind} file has its title", "Compte rendu" in said, said)
    missing = lacks(words_of(files["pdf"]))
    check("the PDF says all of it in order", not missing, missing)
    _, said = program("pdfinfo", str(files["pdf"]))
    check("the PDF is tagged and has its title", re.search(r"Tagged:\s+yes", said) and "Copil de printemps" in said, said)
    _, tree = program("pdfinfo", "-struct-text", str(files["pdf"]))
    kinds = re.findall(r"^ *([A-Z][A-Za-z0-9]*)\b", tree, re.M)
    for kind in ("Document", "H1", "H2", "TOC", "Table", "TR", "TH", "TD", "Caption", "L", "LI", "BlockQuote"):
        check(f"the PDF has its {kind} in its structure", kind in kinds, sorted(set(kinds)))
    check("a table's head is a row of heads", kinds.count("TH") >= 7, kinds.count("TH"))
    raw = files["pdf"].read_bytes()
    check("the PDF says that it is PDF/UA-1", b"pdfuaid:part" in raw, "no pdfuaid:part")


run(sys.argv[1], scenario)
