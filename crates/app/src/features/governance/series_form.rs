//! `/espace/gouvernance/comites/{id}/annee` and `/espace/gouvernance/series/{id}/prolonger`: the meetings of a year in one form. Their
//! dates are shown before anything is stored; each may be left out or changed there.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::committee::{self, Committee};
use super::meeting::MOST_TEXT;
use super::meeting_form::read_video;
use super::meeting_series::{self, MOST_AT_ONCE, MeetingSeries};
use super::policy::{Want, require};
use super::rhythm::{self, MOST_WEEKS};
use super::series_dates::{self, Row};
use crate::features::support::duration;

/// Meetings that the form offers at first, when the committee does not say how many it holds a year.
const USUAL_COUNT: i64 = 10;

#[derive(Template)]
#[template(path = "governance/series_form.html")]
struct SeriesPage {
    frame: Frame,
    form: Fields,
    committee: Committee,
    /// The series that is prolonged.
    stored: Option<MeetingSeries>,
    rhythms: Vec<Choice>,
    days: Vec<Choice>,
    ranks: Vec<Choice>,
    weekdays: Vec<Choice>,
    ends: Vec<Choice>,
    zone: String,
    action: String,
    /// The dates; none before they were asked for.
    rows: Vec<Row>,
}

impl SeriesPage {
    fn error(&self, row: &Row) -> Option<&str> {
        self.form.error(&row.name())
    }

    fn kept(&self) -> usize {
        self.rows.iter().filter(|row| row.is_kept).count()
    }
}

fn page_of(cx: &Cx, committee: Committee, form: Fields, stored: Option<MeetingSeries>) -> SeriesPage {
    SeriesPage {
        frame: cx.frame(stored.as_ref().map_or("Planifier l’année", |_| "Prolonger la série")),
        form,
        rhythms: rhythm::rhythms(),
        days: vec![
            Choice::new("quantieme", "Le même jour du mois que la première, par exemple le 12"),
            Choice::new("rang", "Un jour de la semaine par son rang, par exemple le 2e mardi"),
        ],
        ranks: rhythm::ranks(),
        weekdays: rhythm::weekdays(),
        ends: vec![Choice::new("nombre", "Après un nombre de réunions"), Choice::new("date", "À une date")],
        zone: format!("Heure de {}, été comme hiver.", cx.network.zone()),
        action: match &stored {
            Some(series) => format!("{}/prolonger", series.url()),
            None => format!("{}/annee", committee.url()),
        },
        committee,
        stored,
        rows: Vec::new(),
    }
}

fn values(series: &MeetingSeries, from: Date, count: i64) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let weekday = chrono::Datelike::weekday(&from.0).num_days_from_monday();
    Fields::of([
        ("serie", series.id.to_string()),
        ("version", series.version.to_string()),
        ("titre", series.title.clone()),
        ("debut", from.to_string()),
        ("heure", format!("{:02}:{:02}", series.begins / 60, series.begins % 60)),
        ("duree", duration::say(series.minutes).replace('\u{a0}', " ")),
        ("rythme", series.rhythm.clone()),
        ("semaines", series.weeks.to_string()),
        ("jour", if series.nth.is_some() { "rang" } else { "quantieme" }.to_owned()),
        ("rang", series.nth.unwrap_or(2).to_string()),
        ("semaine", series.weekday.unwrap_or(i64::from(weekday)).to_string()),
        ("fin", "nombre".to_owned()),
        ("nombre", count.to_string()),
        ("lieu", text(&series.place)),
        ("visio", text(&series.video_url)),
    ])
}

/// What a form asks for beside its dates.
struct Asked {
    series: MeetingSeries,
    from: Option<Date>,
    until: Option<Date>,
    count: Option<i64>,
}

/// Reads a form into a series; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, mut series: MeetingSeries) -> Asked {
    series.title = form.required("titre", MOST_TEXT, "Donnez un titre aux réunions.");
    let from = form.date("debut");
    match from {
        None if form.error("debut").is_none() => form.reject("debut", "Dites à partir de quand."),
        Some(day) if day < cx.today() => form.reject("debut", "Ce jour est passé."),
        _ => {}
    }
    match form.parse("heure", clock) {
        Some(begins) => series.begins = begins,
        None if form.error("heure").is_none() => form.reject("heure", "Indiquez l’heure, par exemple 14:00."),
        None => {}
    }
    match form.parse("duree", duration::read) {
        Some(minutes) => series.minutes = minutes,
        None if form.error("duree").is_none() => form.reject("duree", "Indiquez la durée, par exemple 2h."),
        None => {}
    }
    (series.place, series.video_url) = (form.text("lieu", MOST_TEXT), read_video(form));
    match form.choice("rythme", &rhythm::rhythms()) {
        Some(code) => series.rhythm = code,
        None => form.reject("rythme", "Choisissez un rythme."),
    }
    if series.rhythm == "weeks" {
        match form.number("semaines", 1..=MOST_WEEKS) {
            Some(weeks) => series.weeks = weeks,
            None if form.error("semaines").is_none() => form.reject("semaines", "Dites toutes les combien."),
            None => {}
        }
    }
    (series.nth, series.weekday) = (None, None);
    if series.rhythm != "weeks" && form.get("jour") == "rang" {
        series.nth = form.choice("rang", &rhythm::ranks()).and_then(|rank| rank.parse().ok());
        series.weekday = form.choice("semaine", &rhythm::weekdays()).and_then(|day| day.parse().ok());
        if series.nth.is_none() || series.weekday.is_none() {
            form.reject("rang", "Choisissez un rang et un jour de la semaine.");
        }
    }
    let (until, count) = read_end(form, from);
    Asked { series, from, until, count }
}

/// Until when, or how many.
fn read_end(form: &mut Fields, from: Option<Date>) -> (Option<Date>, Option<i64>) {
    if form.get("fin") == "date" {
        let until = form.date("jusqu");
        match (until, from) {
            (None, _) if form.error("jusqu").is_none() => form.reject("jusqu", "Dites jusqu’à quand."),
            (Some(until), Some(from)) if until < from => form.reject("jusqu", "Ce jour précède le premier."),
            _ => {}
        }
        return (until, None);
    }
    let most = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
    let count = form.number("nombre", 1..=most);
    if count.is_none() && form.error("nombre").is_none() {
        form.reject("nombre", "Dites combien de réunions, vingt-quatre au plus.");
    }
    (None, count)
}

/// Minutes since midnight, of « 14:00 » or « 14h30 ».
fn clock(typed: &str) -> Result<i64, String> {
    let wrong = || "Indiquez une heure, par exemple 14:00.".to_owned();
    let (hours, minutes) = typed.split_once([':', 'h']).ok_or_else(wrong)?;
    let minutes = if minutes.trim().is_empty() { "0" } else { minutes.trim() };
    match (hours.trim().parse::<i64>(), minutes.parse::<i64>()) {
        (Ok(hours @ 0..24), Ok(minutes @ 0..60)) => Ok(hours * 60 + minutes),
        _ => Err(wrong()),
    }
}

/// A form that came: its dates are shown, looked at again, or planned (`etape`). The series and the moments when they are to be
/// planned; else the page.
async fn answered(
    cx: &Cx,
    tx: &mut Tx,
    mut page: SeriesPage,
    mut form: Fields,
    series: MeetingSeries,
) -> Result<std::result::Result<(MeetingSeries, Vec<Timestamp>), Response>> {
    let asked = read(cx, &mut form, series);
    let step = form.get("etape").to_owned();
    if step != "planifier" && step != "verifier" {
        if form.check().is_ok() {
            page.rows = offered(cx, tx, &asked).await?;
            if page.rows.is_empty() {
                form.reject("jusqu", "Aucune date ne tombe d’ici là.");
            }
        }
        let is_wrong = form.check().is_err();
        page.form = form;
        return Ok(Err(if is_wrong { refused(&page) } else { respond(&page) }));
    }
    page.rows = series_dates::chosen(cx, tx, &mut form, asked.series.minutes).await?;
    if !page.rows.iter().any(|row| row.is_kept) {
        form.reject("nombre", "Gardez au moins une date.");
    }
    if step == "planifier" {
        let unseen: Vec<&Row> = page.rows.iter().filter(|row| series_dates::is_unseen(&form, row)).collect();
        for row in unseen {
            form.reject(&row.name(), "Cette date a changé\u{a0}: lisez ce qui est signalé, puis planifiez.");
        }
    }
    if form.check().is_err() || step == "verifier" {
        let is_wrong = form.check().is_err();
        page.form = form;
        return Ok(Err(if is_wrong { refused(&page) } else { respond(&page) }));
    }
    let moments = page.rows.iter().filter(|row| row.is_kept).filter_map(|row| row.moment).collect();
    Ok(Ok((asked.series, moments)))
}

fn respond(template: &SeriesPage) -> Response {
    page(template)
}

/// The dates that a rhythm makes, with what speaks against them.
async fn offered(cx: &Cx, tx: &mut Tx, asked: &Asked) -> Result<Vec<Row>> {
    let Some(from) = asked.from else { return Ok(Vec::new()) };
    let most = asked.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(MOST_AT_ONCE);
    let days = asked.series.rhythm().days(from, asked.until, most);
    let zone = cx.network.zone();
    let moments: Vec<Timestamp> =
        days.into_iter().map(|day| rhythm::moment(day, asked.series.begins, zone)).collect();
    series_dates::offered(cx, tx, &moments, asked.series.minutes).await
}

/// The blank form; it takes over what was typed of one meeting that is to be repeated.
pub async fn blank(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let committee = committee::open(&mut tx, cx.network.id, id).await?;
    let series = MeetingSeries::blank(cx.network.id, cx.now, &committee);
    let count = committee.meetings_per_year.unwrap_or(USUAL_COUNT).clamp(1, 24);
    let mut form = values(&series, cx.network.day_of(cx.now.plus_days(7)), count);
    let per_year = committee.meetings_per_year.unwrap_or(USUAL_COUNT);
    let usual = match per_year {
        1 | 2 => "half_year",
        3 | 4 => "quarter",
        5..=7 => "two_months",
        _ => "month",
    };
    form.set("rythme", usual);
    for name in ["titre", "duree", "lieu", "visio"] {
        if query.0.has(name) {
            form.set(name, query.0.get(name));
        }
    }
    if let Some((day, hour)) = query.0.get("moment").split_once('T') {
        form.set("debut", day);
        form.set("heure", hour);
    }
    Ok(page(&page_of(&cx, committee, form, None)))
}

pub async fn plan(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let committee = committee::open(&mut tx, cx.network.id, id).await?;
    let mut series = MeetingSeries::blank(cx.network.id, cx.now, &committee);
    // The same form sent twice plans one series.
    series.id = form.get("serie").parse().unwrap_or(series.id);
    let shown = page_of(&cx, committee, Fields::default(), None);
    let (series, moments) = match answered(&cx, &mut tx, shown, form, series).await? {
        Ok(asked) => asked,
        Err(shown) => return Ok(shown),
    };
    let url = series.url();
    let planned = meeting_series::plan(&mut tx, &cx.actor(), series, &moments).await?;
    tx.commit().await?;
    Ok(go_saying(&url, &said(planned.len())))
}

fn said(count: usize) -> String {
    match count {
        1 => "1 réunion planifiée.".to_owned(),
        n => format!("{n} réunions planifiées. Chacune se convoque à son heure."),
    }
}

/// A series whose committee still meets.
async fn stored(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(MeetingSeries, Committee)> {
    let series: MeetingSeries = tx.get(cx.network.id, id).await?;
    let committee = committee::open(tx, cx.network.id, series.committee_id).await?;
    Ok((series, committee))
}

pub async fn longer(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let (series, committee) = stored(&cx, &mut tx, id).await?;
    let all = meeting_series::of_series(&mut tx, cx.network.id, id).await?;
    let last = all.iter().filter_map(|one| one.starts_at).max().map(|at| cx.network.day_of(at));
    // The first one that the rhythm makes after the last there is.
    let next = last.and_then(|last| series.rhythm().days(last, None, 3).into_iter().find(|day| *day > last));
    let from = next.unwrap_or(cx.today()).max(cx.today());
    let form = values(&series, from, committee.meetings_per_year.unwrap_or(USUAL_COUNT).clamp(1, 24));
    Ok(page(&page_of(&cx, committee, form, Some(series))))
}

pub async fn extend(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (before, committee) = stored(&cx, &mut tx, id).await?;
    if form.has("version") && form.get("version") != before.version.to_string() {
        return Ok(go_saying(
            &before.url(),
            "Cette série a changé entre-temps\u{a0}: voyez ses dates avant de la prolonger.",
        ));
    }
    let shown = page_of(&cx, committee, Fields::default(), Some(before.clone()));
    let (after, moments) = match answered(&cx, &mut tx, shown, form, before.clone()).await? {
        Ok(asked) => asked,
        Err(shown) => return Ok(shown),
    };
    let planned = meeting_series::extend(&mut tx, &cx.actor(), &before, after, &moments).await?;
    tx.commit().await?;
    Ok(go_saying(&before.url(), &said(planned.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_read_as_browsers_send_it_and_as_one_writes_it() {
        assert_eq!(clock("14:00"), Ok(840));
        assert_eq!(clock("9h30"), Ok(570));
        assert_eq!(clock("18 h"), Ok(1080));
        assert!(clock("24:00").is_err() && clock("midi").is_err() && clock("10:75").is_err());
    }
}
