//! `/compte-rendu/{token}` and `/reunion/{token}/compte-rendu`: minutes read by a personal link, without an account. Whoever
//! was convened makes their remarks there before the minutes are validated.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Cx, Error, Fields, Result, Tx};

use super::invitee;
use super::meeting::Meeting;
use super::minutes::{self, Minutes};
use super::minutes_facts::Facts;
use super::minutes_files;
use super::minutes_mail;
use super::minutes_remark;
use super::minutes_sheet::read_remark;

#[derive(Template)]
#[template(path = "governance/minutes_reading.html")]
struct ReadingPage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    minutes: Minutes,
    facts: Facts,
    /// Who reads.
    name: String,
    /// Whether a later edition was distributed.
    is_replaced: bool,
    /// What this reader said already: what, and what became of it.
    said: Vec<(String, &'static str, String)>,
    address: String,
}

impl ReadingPage {
    fn remarks_url(&self) -> &str {
        &self.address
    }
}

async fn reading(
    cx: &Cx,
    tx: &mut Tx,
    minutes: Minutes,
    name: String,
    address: String,
) -> Result<ReadingPage> {
    let meeting: Meeting = tx.get(cx.network.id, minutes.meeting_id).await?;
    let editions = minutes::of_meeting(tx, cx.network.id, meeting.id).await?;
    let is_replaced = editions.iter().any(|one| one.edition > minutes.edition && one.state == "distributed");
    let remarks = minutes_remark::of_minutes(tx, cx.network.id, minutes.id).await?;
    let own = remarks.into_iter().filter(|one| one.author == name);
    Ok(ReadingPage {
        frame: cx.frame(format!("{}\u{a0}: {}", minutes.name(), meeting.title)).hide(),
        form: Fields::default(),
        facts: minutes.facts(tx, &cx.network, &meeting).await?,
        said: own
            .map(|one| {
                let text = one.remark.clone().or(one.wording.clone()).unwrap_or_default();
                (text, one.state_label(), one.answer.clone().unwrap_or_default())
            })
            .collect(),
        is_replaced,
        meeting,
        minutes,
        name,
        address,
    })
}

/// Minutes that were sent to the reader.
pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let recipient = minutes_mail::of_token(&mut tx, &cx.app, &cx.network, &token).await?;
    let minutes: Minutes = tx.get(cx.network.id, recipient.minutes_id).await?;
    let address = format!("/compte-rendu/{token}");
    Ok(page(&reading(&cx, &mut tx, minutes, recipient.name, address).await?))
}

/// The same as a file.
pub async fn file(cx: Cx, Path((token, format)): Path<(String, String)>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let recipient = minutes_mail::of_token(&mut tx, &cx.app, &cx.network, &token).await?;
    let minutes: Minutes = tx.get(cx.network.id, recipient.minutes_id).await?;
    let meeting: Meeting = tx.get(cx.network.id, minutes.meeting_id).await?;
    let facts = minutes.facts(&mut tx, &cx.network, &meeting).await?;
    drop(tx);
    minutes_files::file(&cx.app, &cx.network, (&meeting, &minutes, &facts), &format).await
}

/// The latest edition that whoever was convened may read.
async fn to_review(cx: &Cx, tx: &mut Tx, token: String) -> Result<ReadingPage> {
    let invitee = invitee::of_token(tx, &cx.app, &cx.network, &token).await?;
    let editions = minutes::of_meeting(tx, cx.network.id, invitee.meeting_id).await?;
    let minutes = editions.into_iter().find(Minutes::is_shown).ok_or(Error::NotFound)?;
    reading(cx, tx, minutes, invitee.name, format!("/reunion/{token}/compte-rendu")).await
}

pub async fn review(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&to_review(&cx, &mut tx, token).await?))
}

/// A remark of whoever was convened.
pub async fn remark(cx: Cx, Path(token): Path<String>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = to_review(&cx, &mut tx, token).await?;
    let said = read_remark(&mut form);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let actor = Actor { name: page.name.clone(), account_id: None, ..cx.actor() };
    minutes_remark::add(&mut tx, &actor, (&page.meeting, &page.minutes), said).await?;
    tx.commit().await?;
    Ok(go_saying(&page.address, "Merci, votre remarque est notée."))
}
