//! `/preferences/{lien}` and `/desinscription/{lien}`: what an address receives, said by its holder without an
//! account. The link is the proof; it does not end.

use askama::Template;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Actor, Cx, Error, Fields, Result, Tx};

use super::address::{self, MailAddress};
use super::topic::{self, Topic};

#[derive(Template)]
#[template(path = "mailings/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    address: MailAddress,
    link: String,
    /// Topics that may be refused, and whether this address receives them.
    topics: Vec<(Topic, bool)>,
    essential: Vec<Topic>,
    saved: bool,
}

#[derive(Template)]
#[template(path = "mailings/unsubscription.html")]
struct UnsubscriptionPage {
    frame: Frame,
    address: MailAddress,
    topic: Topic,
    link: String,
    /// Where the other topics are chosen.
    preferences: String,
    done: bool,
}

/// Whoever holds the link acts under its address.
fn actor(cx: &Cx, address: &MailAddress) -> Actor {
    Actor { name: address.address.clone(), account_id: None, ..cx.actor() }
}

async fn preferences_page(
    cx: &Cx,
    tx: &mut Tx,
    link: String,
    address: MailAddress,
    saved: bool,
) -> Result<PreferencesPage> {
    let refused = address::consents(tx, cx.network.id, address.id).await?;
    let is_refused = |id: Id| refused.iter().any(|c| c.topic_id == id && c.state == "refused");
    let topics = topic::all(tx, cx.network.id).await?;
    let (essential, chosen): (Vec<Topic>, Vec<Topic>) =
        topics.into_iter().filter(|topic| topic.retired_at.is_none()).partition(|topic| topic.essential);
    Ok(PreferencesPage {
        frame: cx.frame("Ce que je reçois").hide(),
        address,
        link,
        topics: chosen.into_iter().map(|topic| (topic.clone(), !is_refused(topic.id))).collect(),
        essential,
        saved,
    })
}

pub async fn show(cx: Cx, Path(lien): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (address, _) = address::of_token(&mut tx, &cx.app, &cx.network, &lien).await?;
    Ok(page(&preferences_page(&cx, &mut tx, lien, address, false).await?))
}

/// Stores what is ticked and what is not.
pub async fn save(cx: Cx, Path(lien): Path<String>, form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (address, _) = address::of_token(&mut tx, &cx.app, &cx.network, &lien).await?;
    let wanted: Vec<Id> = form.many("sujet").iter().filter_map(|id| id.parse().ok()).collect();
    let topics = topic::all(&mut tx, cx.network.id).await?;
    for topic in topics.iter().filter(|topic| !topic.essential && topic.retired_at.is_none()) {
        let wants = wanted.contains(&topic.id);
        address::say(&mut tx, &actor(&cx, &address), &address, topic, wants, "preferences").await?;
    }
    tx.commit().await?;
    let mut tx = cx.app.db.read().await?;
    Ok(page(&preferences_page(&cx, &mut tx, lien, address, true).await?))
}

/// The address and the topic that a link of unsubscription names.
async fn named(cx: &Cx, tx: &mut Tx, lien: &str) -> Result<(MailAddress, Topic)> {
    let (address, topic) = address::of_token(tx, &cx.app, &cx.network, lien).await?;
    let gone = || Error::Gone("Ce lien n’est pas valable.".to_owned());
    let topic: Topic = tx.get(cx.network.id, topic.ok_or_else(gone)?).await?;
    Ok((address, topic))
}

fn unsubscription_page(
    cx: &Cx,
    link: String,
    (address, topic): (MailAddress, Topic),
    done: bool,
) -> Response {
    let token = address::token(&cx.app, cx.network.id, address.id, None);
    page(&UnsubscriptionPage {
        frame: cx.frame("Désinscription").hide(),
        address,
        topic,
        link,
        preferences: format!("/preferences/{token}"),
        done,
    })
}

/// Asks for a confirmation: programs that follow the links of a message must not unsubscribe anyone.
pub async fn ask(cx: Cx, Path(lien): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let named = named(&cx, &mut tx, &lien).await?;
    Ok(unsubscription_page(&cx, lien, named, false))
}

/// Does it: for the form of the page, and for the button of a mailbox (RFC 8058: `List-Unsubscribe=One-Click`, sent
/// by the mail provider, without cookies, as either kind of form).
pub async fn unsubscribe(cx: Cx, Path(lien): Path<String>, body: Bytes) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (address, topic) = named(&cx, &mut tx, &lien).await?;
    let one_click = String::from_utf8_lossy(&body).contains("One-Click");
    let means = if one_click { "one_click" } else { "unsubscription" };
    if !topic.essential {
        address::say(&mut tx, &actor(&cx, &address), &address, &topic, false, means).await?;
    }
    tx.commit().await?;
    Ok(unsubscription_page(&cx, lien, (address, topic), true))
}
