//! `/espace/messagerie/lettres/{id}/envoyer`: whom the mailing will reach, who is left out and why; now or at a moment.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::frame::Frame;
use kit::web::respond::{go, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::expansion::{LeftOut, Member};
use super::mailing::{self, Mailing};
use super::policy::{Want, require};
use super::sending;

/// Names shown; all of them are in the lists.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "mailings/send_form.html")]
struct SendPage {
    frame: Frame,
    form: Fields,
    mailing: Mailing,
    count: usize,
    members: Vec<Member>,
    left_out: Vec<LeftOut>,
    missing: String,
    topic: String,
    zone: String,
    undo: i64,
}

async fn send_page(cx: &Cx, tx: &mut Tx, mailing: Mailing, form: Fields) -> Result<SendPage> {
    let reach = sending::reach(tx, &cx.network, cx.now, &mailing).await?;
    let mut members = reach.expansion.members;
    let count = members.len();
    members.truncate(SHOWN);
    Ok(SendPage {
        frame: cx.frame(format!("Envoyer – {}", mailing.title())),
        form,
        count,
        members,
        left_out: reach.expansion.left_out,
        missing: sending::missing(&mailing).join(", "),
        topic: reach.topic.map(|topic| topic.label).unwrap_or_default(),
        zone: format!("Jour et heure ({}).", cx.network.zone()),
        undo: sending::UNDO_SECONDS,
        mailing,
    })
}

pub async fn ask(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    if !mailing.is_draft() {
        return Ok(go(&mailing.act_url("suivi")));
    }
    Ok(page(&send_page(&cx, &mut tx, mailing, Fields::default()).await?))
}

/// The moment typed, in the network's time zone; it must be to come.
fn moment(cx: &Cx, form: &mut Fields) -> Option<Timestamp> {
    let at = form.moment("moment", cx.network.zone())?;
    if at <= cx.now {
        form.reject("moment", "Ce moment est passé.");
    }
    Some(at)
}

pub async fn send(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let draft = mailing::draft(&mut tx, cx.network.id, id).await?;
    let later = form.get("action") == "programmer";
    let at = if later { moment(&cx, &mut form) } else { None };
    if later && at.is_none() {
        form.reject("moment", "Indiquez quand la lettre doit partir.");
    }
    let lacks = sending::missing(&draft).join(", ");
    if !lacks.is_empty() {
        form.reject("moment", format!("Il manque à cette lettre\u{a0}: {lacks}."));
    }
    if form.check().is_err() {
        return Ok(refused(&send_page(&cx, &mut tx, draft, form).await?));
    }
    let base = cx.link_base();
    let sent = match at {
        Some(at) => sending::schedule(&mut tx, &cx.actor(), &draft, &base, at).await,
        None => sending::send(&mut tx, &cx.actor(), &cx.network, &draft, &base).await,
    };
    let sent = match sent {
        Ok(sent) => sent,
        Err(Error::Refused(reason)) => {
            form.reject("moment", reason);
            return Ok(refused(&send_page(&cx, &mut tx, draft, form).await?));
        }
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    let said = if later {
        "La lettre partira au moment dit."
    } else {
        "La lettre part. Vous pouvez quitter cette page."
    };
    Ok(go_saying(&sent.act_url("suivi"), said))
}

/// Calls a mailing back: whole, when nothing left yet; else what has not left.
pub async fn stop(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = mailing::find(&mut tx, cx.network.id, id).await?;
    let (after, back) = sending::stop(&mut tx, &cx.actor(), &before).await?;
    tx.commit().await?;
    match after.is_draft() {
        true => Ok(go_saying(&after.url(), "Rien n’est parti\u{a0}: la lettre est de nouveau un brouillon.")),
        false => Ok(go_saying(
            &after.act_url("suivi"),
            &format!("Envoi arrêté\u{a0}: {back} messages ne partiront pas."),
        )),
    }
}
