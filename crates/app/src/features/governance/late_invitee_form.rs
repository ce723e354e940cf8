//! `/espace/gouvernance/reunions/{id}/personnes`: who else is to come, once the others are convened.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::convocation;
use super::invitee::{self, Invitee};
use super::late_invitee;
use super::meeting::{self, Meeting};
use super::policy::{Want, require};
use super::seat;

#[derive(Template)]
#[template(path = "governance/late_invitee_form.html")]
struct LatePage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    when: String,
    /// Those who hold a seat that nobody represents yet.
    choices: Vec<Choice>,
    there: Vec<Invitee>,
}

/// Those who hold a seat on the day of the meeting.
type Holders = Vec<(Id, Invitee)>;

async fn late_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(LatePage, Holders)> {
    let meeting = meeting::find(tx, cx.network.id, id).await?;
    let there = invitee::of_meeting(tx, cx.network.id, id).await?;
    let day = meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let seats = seat::of_committee(tx, cx.network.id, meeting.committee_id, day).await?;
    let holders = convocation::holders(&meeting, &seats, day, cx.now);
    let free = holders.iter().filter(|(_, one)| late_invitee::clash(&there, one).is_none());
    let label = |one: &Invitee| {
        let email = one.email.as_deref().unwrap_or("sans adresse, à prévenir autrement");
        format!("{}, {} ({}) – {email}", one.name, one.organisation, one.rank_label().to_lowercase())
    };
    let page = LatePage {
        frame: cx.frame("Ajouter des personnes"),
        form: Fields::default(),
        when: meeting.when(&cx.network),
        choices: free.map(|(id, one)| Choice::new(id.to_string(), label(one))).collect(),
        there,
        meeting,
    };
    Ok((page, holders))
}

pub async fn ask(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let (shown, _) = late_page(&cx, &mut tx, id).await?;
    match late_invitee::refusal(&shown.meeting, cx.now) {
        Some(why) => Ok(go_saying(&shown.meeting.url(), why)),
        None => Ok(page(&shown)),
    }
}

pub async fn add(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mut page, holders) = late_page(&cx, &mut tx, id).await?;
    let new = read(&cx, &mut form, &page, holders);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let people = new.len();
    let (meeting, count) = late_invitee::add(&mut tx, &cx.actor(), place, id, new).await?;
    tx.commit().await?;
    let said = match (count, people) {
        (0, 1) => "Personne ajoutée\u{a0}: elle n’a pas d’adresse, prévenez-la autrement.".to_owned(),
        (0, _) => "Personnes ajoutées\u{a0}: elles n’ont pas d’adresse, prévenez-les autrement.".to_owned(),
        (1, _) => "1 convocation part dans quelques secondes.".to_owned(),
        (n, _) => format!("{n} convocations partent dans quelques secondes."),
    };
    Ok(go_saying(&meeting.url(), &said))
}

/// Those who are ticked and those who are typed; what is wrong is noted in the form.
fn read(cx: &Cx, form: &mut Fields, page: &LatePage, holders: Holders) -> Vec<Invitee> {
    let ticked: Vec<String> = form.many("personnes").into_iter().map(str::to_owned).collect();
    let (guests, wrong) = convocation::guests(form.get("invites"), &page.meeting, cx.now);
    if let Some(line) = wrong.first() {
        form.reject(
            "invites",
            format!(
                "«\u{a0}{line}\u{a0}» n’est pas une adresse, ou vient après la centième\u{a0}: une personne par ligne."
            ),
        );
    }
    let mut new: Vec<Invitee> = Vec::new();
    let seated = holders.into_iter().filter(|(id, _)| ticked.contains(&id.to_string()));
    let named =
        seated.map(|(_, one)| ("personnes", one)).chain(guests.into_iter().map(|one| ("invites", one)));
    for (field, one) in named {
        match late_invitee::clash_beside(&page.there, &new, &one) {
            Some(why) => form.reject(field, why),
            None => new.push(one),
        }
    }
    if new.is_empty() && form.check().is_ok() {
        let field = if page.choices.is_empty() { "invites" } else { "personnes" };
        form.reject(field, "Choisissez au moins une personne à convoquer.");
    }
    new
}

pub async fn call_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (meeting, count) = late_invitee::call_back(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    let said = match count {
        1 => "Envoi annulé\u{a0}: cette personne n’est pas convoquée.",
        _ => "Envoi annulé\u{a0}: ces personnes ne sont pas convoquées.",
    };
    Ok(go_saying(&meeting.url(), said))
}

/// Back to the meeting of someone who went already.
pub(super) fn gone(meeting: &Meeting) -> Response {
    go(&meeting.url())
}
