//! `/espace/communication/messages`: what the public wrote, newest first.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{PAGE, with_params};
use kit::web::respond::page;
use kit::{Cx, Network, Result};

use super::policy::{Want, require};
use super::public_message::{self, KINDS, Listed, PublicMessage};
use crate::features::directory::cleaning::phone;
use crate::features::directory::export::Table;
use crate::features::directory::file;

const STATES: [(&str, &str); 3] = [("a-traiter", "À traiter"), ("traites", "Traités"), ("tous", "Tous")];
/// An export holds at most this many.
const MOST_EXPORTED: i64 = 10_000;

struct Row {
    message: PublicMessage,
    when: String,
    start: String,
}

#[derive(Template)]
#[template(path = "public_messages/messages.html")]
struct MessagesPage {
    frame: Frame,
    rows: Vec<Row>,
    listed: Listed,
    states: &'static [(&'static str, &'static str)],
    kinds: &'static [(&'static str, &'static str)],
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let query = query.0;
    let known = |pairs: &[(&str, &str)], code: &str| pairs.iter().any(|(known, _)| *known == code);
    let state = Some(query.get("etat")).filter(|state| known(&STATES, state)).unwrap_or("a-traiter");
    let listed = Listed {
        state: state.to_owned(),
        kind: Some(query.get("type").to_owned()).filter(|kind| known(&KINDS, kind)),
        before: query.get("apres").parse().ok(),
    };
    let mut tx = cx.read().await?;
    if query.has("format") {
        let listed = Listed { before: None, ..listed };
        let all = public_message::latest(&mut tx, cx.network.id, &listed, MOST_EXPORTED).await?;
        return file(query.get("format"), &table(&cx, &all));
    }
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = public_message::latest(&mut tx, cx.network.id, &listed, most).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    Ok(page(&MessagesPage {
        frame: cx.frame("Messages reçus"),
        rows: found.into_iter().map(|message| row(&cx.network, message)).collect(),
        first_url: listed.before.map(|_| with_params(&cx.uri, &[("apres", "")])),
        listed,
        states: &STATES,
        kinds: &KINDS,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
    }))
}

fn row(network: &Network, message: PublicMessage) -> Row {
    let mut start: String = message.body.replace('\n', " ").chars().take(120).collect();
    if start.len() < message.body.len() {
        start.push('…');
    }
    Row { when: message.received_at.long_in(network.zone()), start, message }
}

fn table(cx: &Cx, messages: &[PublicMessage]) -> Table {
    let headings = [
        "Reçu le",
        "Type",
        "Nom",
        "Courriel",
        "Téléphone",
        "Structure",
        "Commune",
        "Fonction",
        "Message",
        "Traité le",
        "Traité par",
    ];
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let zone = cx.network.zone();
    let rows = messages
        .iter()
        .map(|m| {
            vec![
                m.received_at.long_in(zone),
                m.kind_label().to_owned(),
                m.name.clone(),
                m.email.clone(),
                m.phone.as_deref().map(phone::display).unwrap_or_default(),
                text(&m.structure),
                text(&m.commune),
                text(&m.job_title),
                m.body.clone(),
                m.handled_at.map(|at| at.long_in(zone)).unwrap_or_default(),
                text(&m.handled_by),
            ]
        })
        .collect();
    Table {
        name: format!("messages-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}
