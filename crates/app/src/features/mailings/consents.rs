//! `/espace/messagerie/consentements`: topics of the network's messages, who refused which, and which addresses
//! answer no more. What someone refused is seen here and changed by nobody but them.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{PAGE, with_params};
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Fields, Result, Tx, args, sql, text};

use super::address;
use super::lists::open;
use super::policy::{Want, require};
use super::topic::{self, Topic};

const URL: &str = "/espace/messagerie/consentements";
/// Addresses in error shown at once.
const BOUNCED_SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "mailings/consents.html")]
struct ConsentsPage {
    frame: Frame,
    form: Fields,
    topics: Vec<Topic>,
    refusals: Vec<Refusal>,
    bounced: Vec<Bounced>,
    next_url: Option<String>,
}

struct Refusal {
    address: String,
    name: String,
    topic: String,
    means: &'static str,
    when: String,
}

struct Bounced {
    id: Id,
    address: String,
    name: String,
    reason: String,
    since: String,
}

/// How a refusal came, in French.
fn means(code: &str) -> &'static str {
    match code {
        "one_click" => "Bouton de sa messagerie",
        "unsubscription" => "Lien de désinscription",
        _ => "Page de ses préférences",
    }
}

async fn consents_page(cx: &Cx, tx: &mut Tx, form: Fields, before: &str) -> Result<ConsentsPage> {
    let topics = topic::all(tx, cx.network.id).await?;
    let sql = sql!(
        "select c.id, a.address, a.name, c.topic_id, c.means, c.said_at from mail_consent c ",
        "join mail_address a on a.network_id = c.network_id and a.id = c.address_id ",
        "where c.network_id = $1 and c.state = 'refused' and (c.said_at, c.id) < ($2, $3) ",
        "order by c.said_at desc, c.id desc limit $4"
    );
    let (at, id) = before.split_once('~').unwrap_or_default();
    let at = at.parse().map_or(Timestamp(i64::MAX), Timestamp);
    let id = if id.is_empty() { "~" } else { id };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows: Vec<(Id, String, String, Id, String, Timestamp)> =
        tx.all(sql, args![cx.network.id, at, id, most]).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|(id, _, _, _, _, at)| format!("{}~{id}", at.0));
    let label =
        |id: Id| topics.iter().find(|topic| topic.id == id).map(|t| t.label.clone()).unwrap_or_default();
    let refusals = rows
        .into_iter()
        .map(|(_, address, name, topic, code, at)| Refusal {
            address,
            name,
            topic: label(topic),
            means: means(&code),
            when: cx.network.day_of(at).long(),
        })
        .collect();
    Ok(ConsentsPage {
        frame: cx.frame("Consentements"),
        form,
        refusals,
        bounced: bounced(cx, tx).await?,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        topics,
    })
}

async fn bounced(cx: &Cx, tx: &mut Tx) -> Result<Vec<Bounced>> {
    let sql = sql!(
        "select id, address, name, bounced_at, bounce_reason from mail_address where network_id = $1 ",
        "and bounced_at is not null order by bounced_at desc, id desc limit $2"
    );
    let rows: Vec<(Id, String, String, Timestamp, Option<String>)> =
        tx.all(sql, args![cx.network.id, BOUNCED_SHOWN]).await?;
    let bounced = |(id, address, name, at, reason): (Id, String, String, Timestamp, Option<String>)| {
        Bounced { id, address, name, reason: reason.unwrap_or_default(), since: cx.network.day_of(at).long() }
    };
    Ok(rows.into_iter().map(bounced).collect())
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = open(&cx).await?;
    Ok(page(&consents_page(&cx, &mut tx, Fields::default(), query.0.get("apres")).await?))
}

/// Adds a topic.
pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let topics = topic::all(&mut tx, cx.network.id).await?;
    let label = form.required("intitule", 60, "Donnez un intitulé au sujet.");
    let description = form.text("description", 200).unwrap_or_default();
    if topics.iter().any(|known| text::fold(&known.label) == text::fold(&label)) {
        form.reject("intitule", "Ce sujet existe déjà.");
    }
    if form.check().is_err() {
        return Ok(refused(&consents_page(&cx, &mut tx, form, "").await?));
    }
    let id = Id::new(cx.now);
    let topic = Topic {
        network_id: cx.network.id,
        id,
        code: id.to_string(),
        label,
        description,
        essential: form.flag("indispensable"),
        position: topics.iter().map(|topic| topic.position + 1).max().unwrap_or(0),
        retired_at: None,
        version: 1,
    };
    topic::keep(&mut tx, &cx.actor(), None, topic).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Le sujet est ajouté."))
}

/// Renames a topic, retires it or takes it up again.
pub async fn change(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Topic = tx.get(cx.network.id, id).await?;
    let mut after = before.clone();
    match form.get("action") {
        "retirer" => after.retired_at = Some(cx.now),
        "reprendre" => after.retired_at = None,
        _ => {
            after.label = form.required("intitule", 60, "Donnez un intitulé au sujet.");
            after.description = form.text("description", 200).unwrap_or_default();
        }
    }
    if form.check().is_err() {
        return Ok(refused(&consents_page(&cx, &mut tx, form, "").await?));
    }
    topic::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Le sujet est enregistré."))
}

/// Lets messages go to an address in error again.
pub async fn trust(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let found = address::trust_again(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(URL, &format!("Les prochains messages partiront de nouveau vers {}.", found.address)))
}
