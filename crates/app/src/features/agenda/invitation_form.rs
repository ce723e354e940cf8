//! `/espace/agenda/sondages/{id}/participants`: who is asked.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{self, go_saying, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::date_poll::{self, DatePoll, require_current};
use super::invitation;
use super::participant::Participant;
use super::policy::{Want, require};
use crate::features::governance::committee::{self, Committee};
use crate::features::mailings::distribution_list::{self, DistributionList};

#[derive(Template)]
#[template(path = "agenda/invitation_form.html")]
struct InvitationPage {
    frame: Frame,
    form: Fields,
    poll: DatePoll,
    committees: Vec<Choice>,
    ranks: Vec<Choice>,
    lists: Vec<Choice>,
}

/// What people can be chosen from.
struct Sources {
    committees: Vec<Committee>,
    lists: Vec<DistributionList>,
}

async fn sources(cx: &Cx, tx: &mut Tx) -> Result<Sources> {
    let mut committees = committee::visible_to(tx, cx.network.id, None, cx.today()).await?;
    committees.retain(|one| !one.is_closed());
    Ok(Sources { committees, lists: distribution_list::all(tx, cx.network.id).await? })
}

fn page_of(cx: &Cx, sources: &Sources, form: Fields, poll: DatePoll) -> InvitationPage {
    let choice = |id: &Id, name: &str| Choice::new(id.to_string(), name);
    InvitationPage {
        frame: cx.frame("Qui interroger"),
        form,
        poll,
        committees: sources.committees.iter().map(|one| choice(&one.id, &one.name)).collect(),
        ranks: vec![
            Choice::new("titular", "Les titulaires"),
            Choice::new("all", "Les titulaires et les suppléants"),
        ],
        lists: sources.lists.iter().map(|one| choice(&one.id, &one.name)).collect(),
    }
}

pub async fn ask(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let poll: DatePoll = tx.get(cx.network.id, id).await?;
    require_current(&poll)?;
    let sources = sources(&cx, &mut tx).await?;
    let form = Fields::of([("rang", "titular".to_owned())]);
    Ok(respond::page(&page_of(&cx, &sources, form, poll)))
}

pub async fn invite(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let poll = date_poll::hold(&mut tx, cx.network.id, id).await?;
    require_current(&poll)?;
    let sources = sources(&cx, &mut tx).await?;
    let people = named(&cx, &mut tx, (&mut form, &sources), &poll).await?;
    if people.is_empty() {
        form.reject("adresses", "Choisissez un comité ou une liste, ou donnez une adresse.");
    }
    if form.check().is_err() {
        return Ok(refused(&page_of(&cx, &sources, form, poll)));
    }
    let asked = people.len();
    let added = match invitation::invite(&mut tx, &cx.actor(), &poll, people).await {
        Err(Error::Refused(why)) => {
            form.reject("adresses", why);
            return Ok(refused(&page_of(&cx, &sources, form, poll)));
        }
        added => added?,
    };
    tx.commit().await?;
    let known = if added < asked { ", les autres l’étaient déjà" } else { "" };
    let said = match (added, poll.is_open()) {
        (0, _) => "Ces personnes sont déjà interrogées.".to_owned(),
        (1, true) => format!("1 personne ajoutée{known}. Envoyez-lui maintenant le sondage."),
        (1, false) => format!("1 personne ajoutée{known}."),
        (n, true) => format!("{n} personnes ajoutées{known}. Envoyez-leur maintenant le sondage."),
        (n, false) => format!("{n} personnes ajoutées{known}."),
    };
    Ok(go_saying(&poll.url(), &said))
}

/// Those whom a form names, from each of its sources; what is wrong is noted in it.
async fn named(
    cx: &Cx,
    tx: &mut Tx,
    (form, sources): (&mut Fields, &Sources),
    poll: &DatePoll,
) -> Result<Vec<Participant>> {
    let mut people = Vec::new();
    let among = |ids: Vec<Id>| ids.into_iter().map(|id| Choice::new(id.to_string(), "")).collect::<Vec<_>>();
    let committees = among(sources.committees.iter().map(|one| one.id).collect());
    let chosen = form.choice("comite", &committees);
    if let Some(one) = sources.committees.iter().find(|one| chosen.as_deref() == Some(&one.id.to_string())) {
        let mut seated = invitation::seated(tx, cx.network.id, one.id, cx.today()).await?;
        seated.retain(|seat| form.get("rang") == "all" || seat.holder.rank == "titular");
        if seated.is_empty() {
            form.reject("comite", "Personne ne siège encore dans ce comité.");
        }
        people.extend(invitation::of_committee(poll, cx.now, one, &seated));
    }
    let lists = among(sources.lists.iter().map(|one| one.id).collect());
    if let Some(id) = form.choice("liste", &lists).and_then(|id| id.parse().ok()) {
        let held = invitation::of_list(tx, &cx.network, poll, cx.now, id).await?;
        if held.is_empty() {
            form.reject("liste", "Cette liste ne compte personne qui ait une adresse.");
        }
        people.extend(held);
    }
    let (typed, wrong) = invitation::typed(tx, &cx.network, poll, cx.now, form.get("adresses")).await?;
    if let Some(line) = wrong.first() {
        let line = kit::text::shorten(line, 80);
        form.reject(
            "adresses",
            format!("«\u{a0}{line}\u{a0}» n’est pas une adresse\u{a0}: une personne par ligne."),
        );
    }
    people.extend(typed);
    Ok(people)
}

pub async fn remove(cx: Cx, Path((id, person)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let gone = invitation::remove(&mut tx, &cx.actor(), id, person).await?;
    tx.commit().await?;
    let said = format!("{} n’est plus parmi les personnes interrogées.", gone.name);
    Ok(go_saying(&format!("{}/{id}", super::POLLS), &said))
}
