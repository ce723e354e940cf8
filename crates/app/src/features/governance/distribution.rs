//! `/espace/gouvernance/reunions/{id}/compte-rendu/diffusion`: to whom minutes are sent, then whether they arrived.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bytes::Bytes;
use kit::db::Id;
use kit::mail::{self, Attached};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::convocation;
use super::invitee::{self, Invitee};
use super::meeting::{self, Meeting};
use super::minutes::{self, Minutes};
use super::minutes_files::{PDF, file_name, pdf};
use super::minutes_mail::{self, ABOUT, MinutesRecipient, Sending};
use super::minutes_sheet::{latest, url};
use crate::features::support::activity_entry::NewEntry;

/// Messages of which the page tells what became of them.
const MOST_MESSAGES: i64 = 2_000;

struct Sent {
    recipient: MinutesRecipient,
    label: &'static str,
    tone: &'static str,
    /// When it left, or why it did not.
    detail: String,
}

#[derive(Template)]
#[template(path = "governance/distribution.html")]
struct DistributionPage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    minutes: Minutes,
    choices: Vec<Choice>,
    sent: Vec<Sent>,
}

/// Those who can be sent minutes: who was convened or came and has an address, each address once.
fn reachable(all: &[Invitee]) -> Vec<&Invitee> {
    let mut known = BTreeSet::new();
    all.iter().filter(|one| one.email.as_ref().is_some_and(|email| known.insert(email.clone()))).collect()
}

async fn distribution_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(DistributionPage, Vec<Invitee>)> {
    let (meeting, minutes) = latest(cx, tx, id).await?;
    let all = invitee::of_meeting(tx, cx.network.id, id).await?;
    let label = |one: &Invitee| {
        format!("{}, {} – {}", one.name, one.organisation, one.email.as_deref().unwrap_or_default())
    };
    let choices: Vec<Choice> =
        reachable(&all).into_iter().map(|one| Choice::new(one.id.to_string(), label(one))).collect();
    let page = DistributionPage {
        frame: cx.frame(format!("Diffusion\u{a0}: {}", meeting.title)),
        form: Fields::of(choices.iter().map(|choice| ("personnes", choice.value.clone()))),
        sent: sent(cx, tx, &minutes).await?,
        choices,
        meeting,
        minutes,
    };
    Ok((page, all))
}

/// Whom minutes were sent to, and what became of each message.
async fn sent(cx: &Cx, tx: &mut Tx, minutes: &Minutes) -> Result<Vec<Sent>> {
    let recipients = minutes_mail::recipients(tx, cx.network.id, minutes.id).await?;
    let mails = mail::about(tx, cx.network.id, (ABOUT, minutes.id), None, None, MOST_MESSAGES).await?;
    let zone = cx.network.zone();
    Ok(recipients
        .into_iter()
        .map(|recipient| {
            let mail =
                mails.iter().rev().find(|mail| mail.kind == "minutes" && mail.recipient == recipient.email);
            let (label, tone) = match mail.map(|mail| mail.state.as_str()) {
                Some("sent") => ("Remis au serveur", "ok"),
                Some("bounced") => ("Revenu", "bad"),
                Some("failed") => ("Non remis", "bad"),
                Some("cancelled") => ("Annulé", "quiet"),
                Some(_) => ("En attente", "warn"),
                None => ("Trace effacée", "quiet"),
            };
            let left = mail.and_then(|mail| mail.sent_at).map(|at| at.long_in(zone));
            let detail = mail.and_then(|mail| mail.error.clone()).or(left).unwrap_or_default();
            Sent { recipient, label, tone, detail }
        })
        .collect())
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&distribution_page(&cx, &mut tx, id).await?.0))
}

/// Sends minutes to those who are ticked and typed. The list and the file stay as they are then.
pub async fn send(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let made = made(&cx, id).await?;
    let mut tx = cx.write().await?;
    let (mut page, all) = distribution_page(&cx, &mut tx, id).await?;
    if page.minutes.version != made.0 {
        return Err(Error::Stale);
    }
    if page.minutes.state != "validated" {
        return Err(Error::refused(
            "Un compte rendu se diffuse une fois validé, et une seule fois par version.",
        ));
    }
    let ticked = form.many("personnes");
    let mut to: Vec<Invitee> = reachable(&all)
        .into_iter()
        .filter(|one| ticked.contains(&one.id.to_string().as_str()))
        .cloned()
        .collect();
    let (guests, wrong) = convocation::guests(form.get("autres"), &page.meeting, cx.now);
    let known: Vec<Option<String>> = to.iter().map(|one| one.email.clone()).collect();
    to.extend(guests.into_iter().filter(|guest| !known.contains(&guest.email)));
    if let Some(line) = wrong.first() {
        form.reject(
            "autres",
            format!("«\u{a0}{line}\u{a0}» n’est pas une adresse\u{a0}: une personne par ligne."),
        );
    } else if to.is_empty() {
        form.reject("personnes", "Choisissez au moins une personne.");
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let count = distribute(&cx, &mut tx, (&page.meeting, &page.minutes), &to, made.1).await?;
    tx.commit().await?;
    let said = match count {
        1 => "Compte rendu diffusé\u{a0}: un message part.".to_owned(),
        n => format!("Compte rendu diffusé\u{a0}: {n} messages partent."),
    };
    Ok(go_saying(&format!("{}/diffusion", url(&page.meeting)), &said))
}

/// The file that leaves, made and stored out of any transaction that writes, with the version of the minutes that it says.
async fn made(cx: &Cx, id: Id) -> Result<(i64, Attached)> {
    let mut tx = cx.read().await?;
    let (meeting, minutes) = latest(cx, &mut tx, id).await?;
    let facts = minutes.facts(&mut tx, &cx.network, &meeting).await?;
    drop(tx);
    let bytes = pdf(&cx.network, &minutes, &facts).await?;
    let (size, name) = (bytes.len(), format!("{}.pdf", file_name(&cx.network, &meeting, &minutes)));
    let file = cx.app.files.put(cx.network.id, Bytes::from(bytes)).await?;
    Ok((minutes.version, Attached { name, media_type: PDF.to_owned(), file, size }))
}

/// Writes down who receives minutes, keeps which file that was, queues the messages, and proposes the line that this is worth in the
/// journal. Answers how many messages that is.
async fn distribute(
    cx: &Cx,
    tx: &mut Tx,
    (meeting, before): (&Meeting, &Minutes),
    to: &[Invitee],
    file: Attached,
) -> Result<usize> {
    let actor = cx.actor();
    let after = Minutes {
        state: "distributed".to_owned(),
        distributed_at: Some(cx.now),
        pdf: Some(file.file.clone()),
        pdf_size: i64::try_from(file.size).ok(),
        ..before.clone()
    };
    let after = minutes::turn(tx, &actor, meeting, (before, after), "minutes.distributed").await?;
    let recipients: Vec<MinutesRecipient> = to
        .iter()
        .filter_map(|one| {
            Some(MinutesRecipient {
                network_id: cx.network.id,
                id: Id::new(cx.now),
                minutes_id: after.id,
                name: one.name.clone(),
                organisation: one.organisation.clone(),
                email: one.email.clone()?,
                created_at: cx.now,
            })
        })
        .collect();
    let base = cx.link_base();
    let sending = Sending { app: &cx.app, network: &cx.network, base: &base, meeting, minutes: &after };
    sending.distribute(tx, &recipients, &file).await?;
    let title = format!("{}\u{a0}: {}", after.name(), meeting.title);
    let mut entry = NewEntry::new(cx.today(), "committee_papers", title);
    (entry.theme, entry.means) = (Some("network_life"), Some("email"));
    meeting::propose(tx, &actor, meeting, entry, &format!("minutes{}", after.edition)).await?;
    Ok(recipients.len())
}
