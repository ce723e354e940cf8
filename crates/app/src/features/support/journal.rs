//! `/espace/accompagnement/journal`: what the coordination did, month by month; what the platform proposes first.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, args, sql};

use super::about::AboutLink;
use super::activity_entry::{self, ActivityEntry, KINDS, MEANS, Total, choices};
use super::period::Period;
use super::policy::{Want, require};
use super::{JOURNAL, duration, entry_form};
use crate::features::directory::export::Table;
use crate::features::directory::file;

/// Proposals shown at once.
const MOST_PROPOSED: i64 = 20;
/// An export holds at most this many.
const MOST_EXPORTED: usize = 20_000;

struct Row {
    entry: ActivityEntry,
    about: Option<AboutLink>,
    day: String,
}

#[derive(Template)]
#[template(path = "support/journal.html")]
struct JournalPage {
    frame: Frame,
    form: Fields,
    kinds: Vec<Choice>,
    means: Vec<Choice>,
    proposed: Vec<Row>,
    rows: Vec<Row>,
    /// Lines taken out of the journal are shown instead of those in it.
    shows_dismissed: bool,
    totals: Vec<Total>,
    count: i64,
    duration: String,
    period: String,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    other: (String, String),
    dismissed_url: String,
    next_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
    uri: String,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.read().await?;
    if query.0.has("format") {
        let period = Period::read(query.0.get("periode"), cx.today());
        let start = Cursor::default();
        let (rows, _) = rows(&mut tx, cx.network.id, "confirmed", &period, &start, MOST_EXPORTED).await?;
        return file(query.0.get("format"), &table(&cx, &period, &rows));
    }
    let form = entry_form::quick(cx.today());
    Ok(page(&journal_page(&cx, &mut tx, &query.0, form).await?))
}

/// Writes a line in the quick form of the page.
pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.write().await?;
    let entry = ActivityEntry::blank(cx.network.id, cx.now, cx.today());
    let entry = entry_form::read(&cx, &mut form, entry);
    if form.check().is_err() {
        return Ok(refused(&journal_page(&cx, &mut tx, &Fields::default(), form).await?));
    }
    activity_entry::write(&mut tx, &cx.actor(), entry).await?;
    tx.commit().await?;
    Ok(go_saying(JOURNAL, "Ligne ajoutée au journal."))
}

async fn journal_page(cx: &Cx, tx: &mut Tx, query: &Fields, form: Fields) -> Result<JournalPage> {
    let network = cx.network.id;
    let period = Period::read(query.get("periode"), cx.today());
    let shows_dismissed = query.get("etat") == "ecartees";
    let state = if shows_dismissed { "dismissed" } else { "confirmed" };
    let cursor = Cursor::read(query.get("apres"));
    let (found, next) = rows(tx, network, state, &period, &cursor, PAGE).await?;
    let totals = activity_entry::totals(tx, network, period.from, period.until).await?;
    let sum = |of: fn(&Total) -> i64| totals.iter().map(of).sum::<i64>();
    let at = |period: &Period| (with_params(JOURNAL, &[("periode", &period.code())]), period.label());
    let export = |format: &str| with_params(JOURNAL, &[("periode", &period.code()), ("format", format)]);
    let dismissed = if shows_dismissed { "" } else { "ecartees" };
    Ok(JournalPage {
        frame: cx.frame("Journal d’activité"),
        form,
        kinds: choices(&KINDS),
        means: choices(&MEANS),
        proposed: proposed(tx, network).await?.into_iter().map(row).collect(),
        rows: found.into_iter().map(row).collect(),
        shows_dismissed,
        count: sum(|total| total.count),
        duration: duration::say(sum(|total| total.minutes)),
        totals,
        period: period.label(),
        before: period.before().map(|period| at(&period)),
        after: period.after().filter(|period| period.from <= cx.today()).map(|period| at(&period)),
        other: at(&period.other(cx.today())),
        dismissed_url: with_params(JOURNAL, &[("periode", &period.code()), ("etat", dismissed)]),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
        uri: cx.uri.clone(),
    })
}

fn row(entry: ActivityEntry) -> Row {
    Row { about: entry.about(), day: entry.day.long(), entry }
}

/// What waits to be confirmed, the oldest first.
async fn proposed(tx: &mut Tx, network: Id) -> Result<Vec<ActivityEntry>> {
    let sql = sql!(
        "select network_id, id, day, kind, theme, means, minutes, title, notes, people, about_kind, \
            about_id, ",
        "about_label, about_url, state, proposal_key, author, created_at, version from activity_entry ",
        "where network_id = $1 and state = 'proposed' order by day, id limit $2"
    );
    tx.all(sql, args![network, MOST_PROPOSED]).await
}

async fn rows(
    tx: &mut Tx,
    network: Id,
    state: &str,
    period: &Period,
    before: &Cursor,
    most: usize,
) -> Result<(Vec<ActivityEntry>, Option<String>)> {
    let sql = sql!(
        "select network_id, id, day, kind, theme, means, minutes, title, notes, people, about_kind, \
            about_id, ",
        "about_label, about_url, state, proposal_key, author, created_at, version from activity_entry ",
        "where network_id = $1 and state = $2 and day >= $3 and day < $4 and (day, id) < ($5, $6) ",
        "order by day desc, id desc limit $7"
    );
    let last = period.until.to_string();
    let (day, id) = (before.key.as_deref().unwrap_or(&last), before.id.as_deref().unwrap_or_default());
    let one_more = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let found = tx.all(sql, args![network, state, period.from, period.until, day, id, one_more]).await?;
    Ok(pager::page(found, most, |entry: &ActivityEntry| (entry.day.to_string(), entry.id.to_string())))
}

fn table(cx: &Cx, period: &Period, entries: &[ActivityEntry]) -> Table {
    let headings = [
        "Date",
        "Type",
        "Intitulé",
        "Support",
        "Thème",
        "Durée (min)",
        "Personnes",
        "À propos de",
        "Notes",
        "Saisie par",
    ];
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let rows = entries
        .iter()
        .map(|entry| {
            vec![
                Date::short(entry.day),
                entry.kind_label().to_owned(),
                entry.title.clone(),
                entry.means_label().to_owned(),
                entry.theme_label().to_owned(),
                number(entry.minutes),
                number(entry.people),
                entry.about_label.clone().unwrap_or_default(),
                entry.notes.clone().unwrap_or_default(),
                entry.author.clone(),
            ]
        })
        .collect();
    Table {
        name: format!("journal-{}-{}", cx.network.code, period.code()),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}
