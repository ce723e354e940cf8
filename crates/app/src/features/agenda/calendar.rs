//! `/espace/agenda`: the meetings that one may read, by month, by week or as a list.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Datelike, Timelike};
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result, territory};

use super::calendar_days::{Span, View, long, notes};
use crate::features::directory::office_hours::clock;
use crate::features::governance::calendar::{self, Shown};
use crate::features::governance::committee::Committee;
use crate::features::governance::meeting::Meeting;

/// A meeting on its day.
struct Entry {
    meeting: Meeting,
    /// « 14 h – 16 h ».
    hours: String,
    committee: String,
}

impl Entry {
    fn is_cancelled(&self) -> bool {
        self.meeting.state == "cancelled"
    }
}

struct Day {
    date: Date,
    number: u32,
    /// « mardi 1er décembre 2026 ».
    label: String,
    is_today: bool,
    /// Of the month shown, not one that completes its weeks.
    is_within: bool,
    notes: Vec<String>,
    entries: Vec<Entry>,
}

impl Day {
    /// Nothing to say of it where days are listed.
    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

struct Tab {
    view: View,
    url: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "agenda/calendar.html")]
struct CalendarPage {
    frame: Frame,
    view: View,
    title: String,
    /// One row of seven days each; the days of a week or of a list are one row.
    weeks: Vec<Vec<Day>>,
    tabs: Vec<Tab>,
    previous_url: String,
    today_url: String,
    next_url: String,
    committees: Vec<Choice>,
    query: Fields,
    day: Date,
    is_empty: bool,
    /// Of school holidays, where it is known.
    zone: String,
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    calendar::require_list(visitor)?;
    let query = query.0;
    let span = Span::around(View::read(query.get("vue")), query.get("jour"), cx.today());
    let mut tx = cx.read().await?;
    let committees = calendar::committees(&mut tx, cx.network.id, visitor, cx.today()).await?;
    let wanted: Option<Id> = query.get("comite").parse().ok();
    let zone = cx.network.zone();
    let (from, until) = (span.from.start_in(zone), span.until.start_in(zone));
    let shown = Shown { committee: wanted, today: cx.today(), from, until };
    let meetings = calendar::meetings(&mut tx, cx.network.id, visitor, shown).await?;
    let is_empty = meetings.is_empty();
    let at =
        |view: View, day: Date| with_params(&cx.uri, &[("vue", view.code()), ("jour", &day.to_string())]);
    let tab = |view: View| Tab { view, url: at(view, span.day), is_here: view == span.view };
    Ok(page(&CalendarPage {
        frame: cx.frame("Calendrier"),
        view: span.view,
        title: span.title(),
        tabs: View::ALL.into_iter().map(tab).collect(),
        previous_url: at(span.view, span.previous()),
        today_url: with_params(&cx.uri, &[("vue", span.view.code()), ("jour", "")]),
        next_url: at(span.view, span.next()),
        committees: committees.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect(),
        zone: school_zone(&cx),
        weeks: weeks(&cx, &span, &committees, meetings),
        query,
        day: span.day,
        is_empty,
    }))
}

/// The zone of school holidays; empty where it is not known.
fn school_zone(cx: &Cx) -> String {
    let zone = territory::departement(&cx.network.code).map(|one| one.school_zone.clone());
    zone.filter(|zone| territory::in_school_holidays(zone, cx.today()).is_some()).unwrap_or_default()
}

/// The days of a calendar with what is on each.
fn weeks(cx: &Cx, span: &Span, committees: &[Committee], meetings: Vec<Meeting>) -> Vec<Vec<Day>> {
    let zone = territory::departement(&cx.network.code).map_or("", |one| one.school_zone.as_str());
    let mut entries: Vec<(Date, Entry)> =
        meetings.into_iter().filter_map(|meeting| entry(cx, committees, meeting)).collect();
    let mut day = |date: Date| {
        let (here, rest) = std::mem::take(&mut entries).into_iter().partition(|(day, _)| *day == date);
        entries = rest;
        Day {
            number: date.0.day(),
            label: long(date),
            is_today: date == cx.today(),
            is_within: span.is_within(date),
            notes: notes(date, zone),
            entries: Vec::into_iter(here).map(|(_, entry)| entry).collect(),
            date,
        }
    };
    let mut weeks: Vec<Vec<Day>> = Vec::new();
    for date in span.days() {
        let is_new = span.view == View::Month && date.0.weekday() == chrono::Weekday::Mon;
        match weeks.last_mut() {
            Some(week) if !is_new => week.push(day(date)),
            _ => weeks.push(vec![day(date)]),
        }
    }
    weeks
}

fn entry(cx: &Cx, committees: &[Committee], meeting: Meeting) -> Option<(Date, Entry)> {
    let zone = cx.network.zone();
    let (starts, ends) = (meeting.starts_at?, meeting.ends_at()?);
    let hour = |at: DateTime<_>| clock(i64::from(at.hour() * 60 + at.minute()));
    let (from, to) = (starts.utc().with_timezone(&zone), ends.utc().with_timezone(&zone));
    let committee = committees.iter().find(|one| one.id == meeting.committee_id);
    let entry = Entry {
        hours: format!("{} – {}", hour(from), hour(to)),
        committee: committee.map(|one| one.name.clone()).unwrap_or_default(),
        meeting,
    };
    Some((cx.network.day_of(starts), entry))
}
