"""Drives icalendar, vdirsyncer and khal against the demonstration: calendars.sh tells what for."""

import html
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import demonstration
from demonstration import Site, check, folder
from icalendar import Calendar

program, venv = sys.argv[1], Path(sys.argv[2]).resolve()
MEETINGS, FEEDS = "/espace/gouvernance/reunions", "/espace/agenda/abonnements"


def subscribe(site, calendar, label):
    """The secret address that the page gives for a new subscription."""
    page = site.ask(FEEDS, {"calendrier": calendar, "appareil": label})
    return html.unescape(re.search(r'readonly value="([^"]+/agenda/flux/[^"]+)"', page).group(1))


def fetch(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, b"", error.headers


def faults(calendar, events):
    """What RFC 5545 or RFC 5546 asks of a published calendar and this one lacks."""
    found = [f"no {name}" for name in ("VERSION", "PRODID", "METHOD", "X-WR-CALNAME") if name not in calendar]
    found += [] if calendar.get("REFRESH-INTERVAL") and calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1) else ["REFRESH-INTERVAL"]
    if len({str(event["UID"]) for event in events}) != len(events):
        found.append("two events with one UID")
    for event in events:
        title = str(event.get("SUMMARY", ""))
        needed = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "ORGANIZER", "URL")
        found += [f"{title}: no {name}" for name in needed if name not in event]
        found += [f"{title}: {wrong}" for wrong in event.errors]
        if "ATTENDEE" in event:
            found.append(f"{title}: attendees")
        if not event["DTSTART"].dt.tzinfo or event["DTSTART"].dt >= event["DTEND"].dt:
            found.append(f"{title}: its hours")
        if str(event["STATUS"]) not in ("TENTATIVE", "CONFIRMED", "CANCELLED"):
            found.append(f"{title}: its status")
    return found


def parsed(url):
    status, text, headers = fetch(url)
    calendar = Calendar.from_ical(text)
    events = list(calendar.walk("VEVENT"))
    long = [line for line in text.split(b"\r\n") if len(line) > 75]
    said = faults(calendar, events) + [f"long line {line}" for line in long]
    if status != 200 or headers["content-type"] != "text/calendar; charset=utf-8":
        said.append(f"{status} {headers['content-type']}")
    return events, said


def settings(url):
    (folder / "config").write_text(f"""
[general]
status_path = "{folder}/status/"
[pair reunions]
a = "fichiers"
b = "esplanade"
collections = null
conflict_resolution = "b wins"
[storage fichiers]
type = "filesystem"
path = "{folder}/vdir/"
fileext = ".ics"
[storage esplanade]
type = "http"
url = "{url}"
""")
    (folder / "khal.conf").write_text(f"""
[calendars]
[[reunions]]
path = {folder}/vdir
readonly = True
[locale]
local_timezone = Europe/Paris
default_timezone = Europe/Paris
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
""")


def run(name, *words, **more):
    done = subprocess.run([venv / "bin" / name, *words], text=True, capture_output=True, timeout=180, **more)
    return done.returncode, done.stdout + done.stderr


def vdirsyncer(*words):
    return run("vdirsyncer", *words, input="y\n" * 20, env={**os.environ, "VDIRSYNCER_CONFIG": str(folder / "config")})


def khal():
    return run("khal", "-c", folder / "khal.conf", "list", "--format", "{start} | {title} | {location} | {status}", "today", "200d")


def files():
    return {path.name: path.read_text() for path in sorted((folder / "vdir").glob("*.ics"))}


def typed(form):
    """What the form of a meeting holds."""
    names = ("titre", "moment", "duree", "lieu", "visio", "reponses", "version")
    return {name: value for name, value in demonstration.typed(form).items() if name in names}


def scenario(address):
    site = Site(address)
    url = subscribe(site, "toutes", "vdirsyncer")
    committees = re.findall(r'<option value="([0-9a-f-]{36})"', site.ask(FEEDS))
    events, said = parsed(url)
    check("the feed of the network is a calendar as the standards want it", len(events) >= 3 and not said, f"{len(events)} {said}")
    parts = [parsed(subscribe(site, committee, f"Comité {at}")) for at, committee in enumerate(committees)]
    check("and so is that of each committee", len(parts) >= 2 and not any(said for _, said in parts), [said for _, said in parts])
    uids = sorted(str(event["UID"]) for part, _ in parts for event in part)
    check("which share its meetings among them", uids == sorted(str(event["UID"]) for event in events), uids)
    events, said = parsed(subscribe(Site(address, "caf"), "toutes", "Outlook"))
    check("the Caf reads the same", len(events) == len(uids) and not said, said)
    events, said = parsed(subscribe(Site(address, "promeneur"), "toutes", "iPhone"))
    check("a promeneur without a seat reads an empty calendar", not events and not said, said)

    settings(url)
    vdirsyncer("discover", "reunions")
    status, said = vdirsyncer("sync")
    first = files()
    check("vdirsyncer brings every meeting", status == 0 and len(first) == len(uids), f"{len(first)} files\n{said}")
    status, said = vdirsyncer("sync")
    check("a second time nothing changes", status == 0 and files() == first and "Copying" not in said, said)
    tag = fetch(url)[2]["etag"]
    check("who has the feed is answered 304", fetch(url, **{"If-None-Match": tag})[0] == 304, tag)
    status, said = khal()
    check("khal lists them with their hour and place", status == 0 and re.search(r"09:30 \| Copil de fin d’année \| Caf de la Drôme, .*TENTATIVE", said), said)

    listing = site.ask(MEETINGS)
    meeting = {name: link for link, name in re.findall(rf'href="({MEETINGS}/[0-9a-f-]{{36}})" data-row-link>([^<]+)', listing)}
    moved, ended = meeting["Copil de fin d’année"], meeting["Cotech de rentrée"]
    form = typed(site.ask(moved + "/modifier"))
    site.ask(moved + "/modifier", {**form, "moment": form["moment"][:11] + "14:15", "titre": "Copil, ; \\ déplacé"})
    site.ask(ended + "/annuler", {"motif": "Neige"})
    status, said = vdirsyncer("sync")
    check("what changed arrives", status == 0 and len(files()) == len(first) and files() != first, said)
    status, said = khal()
    check("khal shows the new hour and the title as it was typed", re.search(r"14:15 \| Copil, ; \\ déplacé \|", said), said)
    check("and the cancelled meeting as cancelled", re.search(r"Cotech de rentrée \|.*CANCELLED", said), said)

    label = re.search(r'action="(/espace/agenda/abonnements/[^"]+/retirer)"(?=(?:(?!</form>).)*vdirsyncer)', site.ask(FEEDS), re.S)
    site.ask(label.group(1), {})
    status, said = vdirsyncer("sync")
    check("a revoked feed is read no more", fetch(url)[0] == 410 and status != 0, said)


demonstration.run(program, scenario)
