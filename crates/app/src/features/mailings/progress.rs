//! `/espace/messagerie/lettres/{id}/suivi`: how far a mailing is and what became of each message. The figures are
//! those of the outbox: the page can be left and found again.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::mail::{self, Outgoing};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{PAGE, with_params};
use kit::web::respond::{go, page};
use kit::{Cx, Result, Tx, args, sql, text};

use super::mailing::{self, ABOUT, Mailing};
use super::policy::{Want, require};
use super::sending::{Recipient, UNDO_SECONDS};
use crate::features::directory::export::Table;
use crate::features::directory::file;
use crate::features::governance::consequence::{self, Origin};

/// States of a message, what they are called and in what tone.
const STATES: [(&str, &str, &str); 5] = [
    ("queued", "En attente", "info"),
    ("sent", "Parti", "ok"),
    ("failed", "Échec", "bad"),
    ("bounced", "Revenu", "bad"),
    ("cancelled", "Annulé", "quiet"),
];
/// Rows of an export.
const MOST_EXPORTED: i64 = 20_000;

#[derive(Template)]
#[template(path = "mailings/progress.html")]
struct ProgressPage {
    frame: Frame,
    mailing: Mailing,
    /// The decisions that it follows.
    follows: Vec<Origin>,
    figures: Figures,
    rows: Vec<Row>,
    left_out: Vec<Recipient>,
    filters: Vec<(String, String, bool)>,
    when: String,
    may_undo: bool,
    may_stop: bool,
    is_called_back_whole: bool,
    undo: i64,
    next_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

#[derive(Template)]
#[template(path = "mailings/progress_part.html")]
struct ProgressPart {
    mailing: Mailing,
    figures: Figures,
}

impl ProgressPage {
    /// Whether the figures still move.
    fn polls(&self) -> bool {
        !self.figures.is_over() && self.mailing.state != "scheduled"
    }
}

impl ProgressPart {
    fn polls(&self) -> bool {
        !self.figures.is_over() && self.mailing.state != "scheduled"
    }
}

/// How many messages are in each state.
struct Figures {
    /// Code, label, tone, how many.
    states: Vec<(&'static str, &'static str, &'static str, i64)>,
    total: i64,
    /// Messages that have left, failed or were called back.
    done: i64,
}

impl Figures {
    async fn of(tx: &mut Tx, mailing: &Mailing) -> Result<Self> {
        let counted = match mailing.sending_id {
            Some(sending) => mail::states(tx, mailing.network_id, ABOUT, sending).await?,
            None => Vec::new(),
        };
        let count =
            |code: &str| counted.iter().filter(|(state, _)| state == code).map(|(_, n)| n).sum::<i64>();
        let known: i64 = counted.iter().map(|(_, n)| n).sum();
        // Those whose message is not queued yet wait too, unless the mailing was stopped.
        let to_come = if mailing.state == "cancelled" { 0 } else { (mailing.recipients - known).max(0) };
        let states: Vec<_> = STATES
            .iter()
            .map(|(code, label, tone)| {
                (*code, *label, *tone, count(code) + if *code == "queued" { to_come } else { 0 })
            })
            .filter(|(code, _, _, n)| *n > 0 || *code == "sent")
            .collect();
        Ok(Self { states, total: mailing.recipients, done: known - count("queued") })
    }

    fn is_over(&self) -> bool {
        self.done >= self.total || self.states.iter().all(|(code, _, _, n)| *code != "queued" || *n == 0)
    }

    fn percent(&self) -> i64 {
        (self.done * 100).checked_div(self.total).unwrap_or(100)
    }
}

struct Row {
    name: String,
    address: String,
    why: String,
    state: &'static str,
    tone: &'static str,
    when: String,
    reason: String,
}

async fn rows(
    cx: &Cx,
    tx: &mut Tx,
    mailing: &Mailing,
    state: &str,
    after: Option<Id>,
    most: i64,
) -> Result<(Vec<Row>, Option<Id>)> {
    let Some(sending) = mailing.sending_id else { return Ok((Vec::new(), None)) };
    let network = cx.network.id;
    let state = STATES.iter().map(|(code, ..)| *code).find(|code| *code == state);
    let mut found = mail::about(tx, network, (ABOUT, sending), state, after, most + 1).await?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| last.id);
    let ids: Vec<Id> = found.iter().map(|message| message.id).collect();
    let recipients: Vec<Recipient> = tx.all_in(network, "outbox_id", &ids).await?;
    let why: HashMap<Id, String> =
        recipients.into_iter().filter_map(|r| r.outbox_id.map(|id| (id, r.why))).collect();
    let rows = found.iter().map(|message| row(cx, message, why.get(&message.id))).collect();
    Ok((rows, next))
}

fn row(cx: &Cx, message: &Outgoing, why: Option<&String>) -> Row {
    let known = STATES.iter().find(|(code, ..)| *code == message.state);
    let (state, tone) = known.map_or(("", "quiet"), |(_, label, tone)| (label, tone));
    let when = message.sent_at.unwrap_or(message.due_at).long_in(cx.network.zone());
    Row {
        name: message.recipient_name.clone(),
        address: message.recipient.clone(),
        why: why.cloned().unwrap_or_default(),
        state,
        tone,
        when: if message.state == "queued" { format!("au plus tôt le {when}") } else { when },
        reason: message.error.clone().unwrap_or_default(),
    }
}

async fn left_out(tx: &mut Tx, mailing: &Mailing) -> Result<Vec<Recipient>> {
    let sql = sql!(
        "select network_id, id, mailing_id, recipient_key, address, name, person_id, contact_id, why, words, left_out, ",
        "turn, outbox_id from mailing_recipient where network_id = $1 and mailing_id = $2 and left_out <> '' ",
        "order by id limit 500"
    );
    tx.all(sql, args![mailing.network_id, mailing.id]).await
}

pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    if mailing.is_draft() {
        return Ok(go(&mailing.url()));
    }
    let asked = query.get("etat").to_owned();
    if query.has("format") {
        let (rows, _) = rows(&cx, &mut tx, &mailing, &asked, None, MOST_EXPORTED).await?;
        return file(query.get("format"), &table(&cx, &mailing, rows));
    }
    let most = i64::try_from(PAGE).unwrap_or(50);
    let after = query.get("apres").parse().ok();
    let (rows, next) = rows(&cx, &mut tx, &mailing, &asked, after, most).await?;
    let figures = Figures::of(&mut tx, &mailing).await?;
    let left_out = left_out(&mut tx, &mailing).await?;
    let asking = (cx.visitor()?, cx.today());
    let follows = consequence::behind(&mut tx, cx.network.id, asking, &[mailing.id]).await?;
    let drawn = progress_page(&cx, mailing, figures, (rows, next), left_out, &asked);
    Ok(page(&ProgressPage { follows, ..drawn }))
}

fn progress_page(
    cx: &Cx,
    mailing: Mailing,
    figures: Figures,
    (rows, next): (Vec<Row>, Option<Id>),
    left_out: Vec<Recipient>,
    asked: &str,
) -> ProgressPage {
    let zone = cx.network.zone();
    let when = match (mailing.scheduled_for, mailing.first_due) {
        (Some(at), _) => format!("Partira le {}", at.long_in(zone)),
        (None, Some(at)) => format!("Partie le {}", at.long_in(zone)),
        _ => String::new(),
    };
    let filter = |(code, label, _, n): &(&'static str, &'static str, &'static str, i64)| {
        let url = with_params(&cx.uri, &[("etat", code), ("apres", "")]);
        (url, format!("{label} ({n})"), asked == *code)
    };
    let mut filters =
        vec![(with_params(&cx.uri, &[("etat", ""), ("apres", "")]), "Tous".to_owned(), asked.is_empty())];
    filters.extend(figures.states.iter().map(filter));
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    let may_undo = mailing.first_due.is_some_and(|at| at > cx.now);
    ProgressPage {
        follows: Vec::new(),
        frame: cx.frame(mailing.title()),
        filters,
        rows,
        left_out,
        when,
        may_undo,
        may_stop: mailing.state == "scheduled" || (mailing.state != "cancelled" && !figures.is_over()),
        is_called_back_whole: mailing.state == "scheduled" || may_undo,
        undo: UNDO_SECONDS,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next.to_string())])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
        figures,
        mailing,
    }
}

/// The figures alone, which the page asks for again and again.
pub async fn part(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    let figures = Figures::of(&mut tx, &mailing).await?;
    Ok(page(&ProgressPart { mailing, figures }))
}

fn table(cx: &Cx, mailing: &Mailing, rows: Vec<Row>) -> Table {
    let headings = ["Nom", "Adresse", "Pourquoi", "État", "Quand", "Ce que dit le serveur"];
    let row = |row: Row| vec![row.name, row.address, row.why, row.state.to_owned(), row.when, row.reason];
    Table {
        name: format!("envoi-{}-{}", text::slug(&mailing.subject), cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(row).collect(),
    }
}
