//! `/espace/reglages/courriels`: the messages of the network, newest first, and what became of them.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::mail::{self, Outgoing};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::policy::{Want, require};

const URL: &str = "/espace/reglages/courriels";

/// Messages whose link opens someone's account: read by the one they are for, and by no one else.
const SECRET: [&str; 3] = ["invitation", "magic_link", "reset"];

#[derive(Template)]
#[template(path = "administration/outbox.html")]
struct OutboxPage {
    frame: Frame,
    rows: Vec<Row>,
    next_url: Option<String>,
    is_first: bool,
}

#[derive(Template)]
#[template(path = "administration/message.html")]
struct MessagePage {
    frame: Frame,
    row: Row,
    sender: String,
    error: Option<String>,
    /// Hidden when it holds a link that opens an account.
    lines: Option<Vec<Line>>,
}

/// A line of a message; an address alone on its line can be followed.
struct Line {
    text: String,
    is_link: bool,
}

struct Row {
    url: String,
    when: String,
    to: String,
    address: String,
    subject: String,
    state: &'static str,
    tone: &'static str,
}

impl Row {
    fn new(cx: &Cx, message: &Outgoing) -> Self {
        let (state, tone) = match message.state.as_str() {
            "queued" => ("En attente", "info"),
            "sent" if cx.app.mail_stays(&cx.network) => ("Lisible ici seulement", "quiet"),
            "sent" => ("Envoyé", "ok"),
            "cancelled" => ("Annulé avant l’envoi", "quiet"),
            "failed" => ("Échec", "bad"),
            _ => ("Rejeté par le destinataire", "bad"),
        };
        let named = !message.recipient_name.is_empty();
        Self {
            url: format!("{URL}/{}", message.id),
            when: message.created_at.long_in(cx.network.zone()),
            to: if named { message.recipient_name.clone() } else { message.recipient.clone() },
            address: message.recipient.clone(),
            subject: message.subject.clone(),
            state,
            tone,
        }
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::ReadOutbox)?;
    let before: Option<Id> = query.0.get("apres").parse().ok();
    let mut tx = cx.read().await?;
    let most = i64::try_from(PAGE).unwrap_or(50);
    let mut messages = mail::latest(&mut tx, cx.network.id, before, most + 1).await?;
    let more = messages.len() > PAGE;
    messages.truncate(PAGE);
    let next_url = messages.last().filter(|_| more).map(|last| format!("{URL}?apres={}", last.id));
    Ok(page(&OutboxPage {
        frame: cx.frame("Courriels envoyés"),
        rows: messages.iter().map(|message| Row::new(&cx, message)).collect(),
        next_url,
        is_first: before.is_none(),
    }))
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::ReadOutbox)?;
    let mut tx = cx.read().await?;
    let message: Outgoing = tx.get(cx.network.id, id).await?;
    let said = mail::read(&mut tx, &message).await?;
    let readable = cx.app.mail_stays(&cx.network) || !SECRET.contains(&message.kind.as_str());
    Ok(page(&MessagePage {
        frame: cx.frame(said.subject),
        row: Row::new(&cx, &message),
        sender: message.sender,
        error: message.error,
        lines: readable.then(|| lines(&said.text)),
    }))
}

fn lines(text: &str) -> Vec<Line> {
    let is_link = |line: &str| {
        (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(char::is_whitespace)
    };
    text.trim().lines().map(|line| Line { text: line.to_owned(), is_link: is_link(line) }).collect()
}
