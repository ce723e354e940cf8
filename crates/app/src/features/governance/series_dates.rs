//! The dates of a series as its form shows them before anything is stored, with what speaks against each.

use chrono::{Datelike, Weekday};
use kit::days_off::public_holiday;
use kit::db::{Date, Timestamp};
use kit::{Cx, Fields, Result, Tx, territory};

use super::calendar::{self, Shown};
use super::meeting::{self, Meeting};
use super::meeting_series::MOST_AT_ONCE;

/// A date that is offered.
pub(super) struct Row {
    /// Its number in the form.
    pub at: usize,
    /// As the field of a form has it.
    pub value: String,
    /// « mardi 12 mars 2026, de 14 h à 16 h »; empty when it is not understood.
    pub label: String,
    pub is_kept: bool,
    /// What speaks against it.
    pub warnings: Vec<String>,
    pub moment: Option<Timestamp>,
}

impl Row {
    /// The name of its field, of what was last seen there, and of its label.
    pub fn name(&self) -> String {
        format!("date-{}", self.at)
    }
}

/// What speaks against meetings on given days: what the calendar says, and what else is planned.
pub(super) struct Almanac {
    zone: chrono_tz::Tz,
    /// Of school holidays; empty where it is not known.
    school_zone: String,
    others: Vec<Meeting>,
}

impl Almanac {
    /// Knows of the meetings of the network around some moments.
    pub async fn around(cx: &Cx, tx: &mut Tx, moments: &[Timestamp]) -> Result<Self> {
        let zone = cx.network.zone();
        let school = territory::departement(&cx.network.code).map(|one| one.school_zone.clone());
        let mut almanac = Self { zone, school_zone: school.unwrap_or_default(), others: Vec::new() };
        let (Some(first), Some(last)) = (moments.iter().min(), moments.iter().max()) else {
            return Ok(almanac);
        };
        let from = first.day_in(zone).start_in(zone);
        let until = last.day_in(zone).next().start_in(zone);
        let shown = Shown { committee: None, today: cx.today(), from, until };
        almanac.others = calendar::meetings(tx, cx.network.id, cx.visitor()?, shown).await?;
        almanac.others.retain(|one| one.state != "cancelled");
        Ok(almanac)
    }

    /// What speaks against a meeting of so many minutes.
    pub fn warnings(&self, cx: &Cx, at: Timestamp, minutes: i64) -> Vec<String> {
        let day = at.day_in(self.zone);
        let mut all = Vec::new();
        if at <= cx.now {
            all.push("Ce moment est passé".to_owned());
        }
        if day.0.weekday() == Weekday::Sun {
            all.push("Dimanche".to_owned());
        }
        if let Some(name) = public_holiday(day) {
            all.push(format!("Férié\u{a0}: {name}"));
        }
        if territory::in_school_holidays(&self.school_zone, day) == Some(true) {
            all.push("Vacances scolaires".to_owned());
        }
        let ends = at.plus_minutes(minutes);
        for other in &self.others {
            let (Some(starts), Some(over)) = (other.starts_at, other.ends_at()) else { continue };
            let span = || meeting::hours(&cx.network, starts, other.minutes);
            if starts < ends && at < over {
                all.push(format!("En même temps que «\u{a0}{}\u{a0}», {}", other.title, span()));
            } else if starts.day_in(self.zone) == day {
                all.push(format!("Le même jour que «\u{a0}{}\u{a0}», {}", other.title, span()));
            }
        }
        all
    }
}

/// Whether a day is one on which nobody meets unless it is asked for.
fn is_day_off(day: Date) -> bool {
    day.0.weekday() == Weekday::Sun || public_holiday(day).is_some()
}

/// How a field of a form says a moment.
pub(super) fn field(cx: &Cx, at: Timestamp) -> String {
    at.utc().with_timezone(&cx.network.zone()).format("%Y-%m-%dT%H:%M").to_string()
}

/// The dates of a rhythm, each kept but those on which nobody meets.
pub(super) async fn offered(cx: &Cx, tx: &mut Tx, moments: &[Timestamp], minutes: i64) -> Result<Vec<Row>> {
    let almanac = Almanac::around(cx, tx, moments).await?;
    let row = |(at, moment): (usize, &Timestamp)| Row {
        at,
        value: field(cx, *moment),
        label: meeting::span(&cx.network, *moment, minutes),
        is_kept: !is_day_off(moment.day_in(cx.network.zone())),
        warnings: almanac.warnings(cx, *moment, minutes),
        moment: Some(*moment),
    };
    Ok(moments.iter().enumerate().map(row).collect())
}

/// The dates that a form holds, as they were left ticked or changed; what is wrong with those kept is noted in it.
pub(super) async fn chosen(cx: &Cx, tx: &mut Tx, form: &mut Fields, minutes: i64) -> Result<Vec<Row>> {
    let kept: Vec<String> = form.many("garder").into_iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for at in 0..MOST_AT_ONCE {
        let name = format!("date-{at}");
        if !form.has(&name) {
            continue;
        }
        let is_kept = kept.contains(&at.to_string());
        let value = form.get(&name).to_owned();
        // What is left out may be anything.
        let mut probe = Fields::of([(name.as_str(), value.clone())]);
        let moment = probe.moment(&name, cx.network.zone());
        if is_kept && moment.is_none() {
            let why = probe.error(&name).unwrap_or("Indiquez un jour et une heure, ou décochez cette date.");
            form.reject(&name, why);
        }
        let label = moment.map(|at| meeting::span(&cx.network, at, minutes)).unwrap_or_default();
        rows.push(Row { at, value, label, is_kept, warnings: Vec::new(), moment });
    }
    let moments: Vec<Timestamp> = rows.iter().filter_map(|row| row.moment).collect();
    let almanac = Almanac::around(cx, tx, &moments).await?;
    let mut seen: Vec<Timestamp> = Vec::new();
    for row in &mut rows {
        let Some(at) = row.moment else { continue };
        row.warnings = almanac.warnings(cx, at, minutes);
        if !row.is_kept {
            continue;
        }
        if at <= cx.now {
            form.reject(&row.name(), "Ce moment est passé.");
        } else if seen.contains(&at) {
            form.reject(&row.name(), "Cette date y est déjà.");
        }
        seen.push(at);
    }
    Ok(rows)
}

/// Whether a date was changed since its warnings were shown, and has some: it is to be looked at again before it is planned.
pub(super) fn is_unseen(form: &Fields, row: &Row) -> bool {
    row.is_kept && !row.warnings.is_empty() && form.get(&format!("vu-{}", row.at)) != row.value
}
