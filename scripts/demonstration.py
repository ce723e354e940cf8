"""A demonstration on which other people's programs are tried: the browser of someone in it, and the count of what held."""

import html
import http.cookiejar
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

#: Where a trial keeps its files; gone with it.
folder = Path(tempfile.mkdtemp(prefix="esplanade-trial-"))
count = {"passed": 0, "failed": 0}


def check(name, truth, said=""):
    count["passed" if truth else "failed"] += 1
    print(f"{'ok   ' if truth else 'FAIL '} {name}" + ("" if truth else f"\n{said}"), flush=True)


class Site:
    """Someone's browser, signed in."""

    def __init__(self, address, who="coordination"):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.ask("/connexion", {"email": f"{who}@demo.example", "password": "promenade-en-ligne"})

    def read(self, path, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        with self.opener.open(self.address + path, data) as answer:
            return answer.read()

    def ask(self, path, fields=None):
        return self.read(path, fields).decode()


def typed(form):
    """What a form holds, as a browser would send it back."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attribute = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if "name" not in attribute or (attribute.get("type") in ("checkbox", "radio") and " checked" not in tag):
            continue
        fields.setdefault(attribute["name"], html.unescape(attribute.get("value", "")))
    return fields


def run(program, scenario):
    """Starts a demonstration, lets the scenario run on its address, and ends with « N passed, N failed »."""
    server = subprocess.Popen(
        [program, "demo", "--data-dir", str(folder / "data"), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    try:
        for line in server.stdout:
            if line.startswith("listening on "):
                scenario(line.split()[-1])
                break
    except Exception as error:  # noqa: BLE001
        check("the scenario runs to its end", False, repr(error))
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{count['passed']} passed, {count['failed']} failed")
    sys.exit(1 if count["failed"] or not count["passed"] else 0)
