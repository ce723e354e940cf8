//! `/espace/gouvernance/reunions/{id}/personnes/{invite}`: someone who is convened is replaced, has another address, or comes no
//! more.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::invitee::{self, Invitee};
use super::late_invitee::{self, Successor};
use super::late_invitee_form::gone;
use super::meeting::{self, Meeting};
use super::policy::{Want, require};
use super::seat::{self, MOST_NAME, SeatHolder};

/// How the form says that it is nobody of the seat.
const OTHER: &str = "autre";

#[derive(Template)]
#[template(path = "governance/invitee_form.html")]
struct InviteePage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    when: String,
    invitee: Invitee,
    /// Who else holds the seat, then someone else; empty for a guest.
    choices: Vec<Choice>,
    /// Whose voices they bear, and who bears theirs.
    mandants: Vec<String>,
    bearer: Option<String>,
    is_last: bool,
}

impl InviteePage {
    /// Whether they said that they come, or may.
    fn has_accepted(&self) -> bool {
        matches!(self.invitee.answer.as_str(), "yes" | "maybe")
    }

    fn name_hint(&self) -> &'static str {
        if self.choices.is_empty() { "" } else { "Pour une autre personne." }
    }

    fn action(&self, act: &str) -> String {
        format!("{}/personnes/{}/{act}", self.meeting.url(), self.invitee.id)
    }

    /// The page with a form that was refused; what another of its forms shows stays there.
    fn with(mut self, mut form: Fields) -> Self {
        for name in ["adresse", "qui"] {
            if !form.has(name) {
                form.set(name, self.form.get(name));
            }
        }
        self.form = form;
        self
    }
}

/// The page; or where one goes when they went already.
async fn invitee_page(
    cx: &Cx,
    tx: &mut Tx,
    (id, one): (Id, Id),
) -> Result<std::result::Result<(InviteePage, Vec<SeatHolder>), Response>> {
    let meeting = meeting::find(tx, cx.network.id, id).await?;
    let Some(one) = late_invitee::someone(tx, cx.network.id, &meeting, one).await? else {
        return Ok(Err(gone(&meeting)));
    };
    let all = invitee::of_meeting(tx, cx.network.id, id).await?;
    let day = meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let seats = seat::of_committee(tx, cx.network.id, meeting.committee_id, day).await?;
    let held = seats.into_iter().find(|held| Some(held.seat.id) == one.seat_id);
    let is_convened = |holder: &SeatHolder| {
        all.iter().any(|other| {
            (other.email.is_some() && other.email == holder.email)
                || (other.seat_id == one.seat_id && other.name == holder.name)
        })
    };
    let mut holders = held.map(|held| held.holders).unwrap_or_default();
    holders.retain(|holder| holder.is_there(day) && !is_convened(holder));
    let label = |holder: &SeatHolder| {
        let email = holder.email.as_deref().unwrap_or("sans adresse, à prévenir autrement");
        format!("{} ({}) – {email}", holder.name, holder.rank_label().to_lowercase())
    };
    let mut choices: Vec<Choice> =
        holders.iter().map(|holder| Choice::new(holder.id.to_string(), label(holder))).collect();
    let first = choices.first().map_or(OTHER.to_owned(), |choice| choice.value.clone());
    if !choices.is_empty() {
        choices.push(Choice::new(OTHER, "Une autre personne"));
    }
    let mandants = all.iter().filter(|other| other.proxy_id == Some(one.id));
    let bearer = all.iter().find(|other| Some(other.id) == one.proxy_id);
    let page = InviteePage {
        frame: cx.frame(one.name.clone()),
        form: Fields::of([("adresse", one.email.clone().unwrap_or_default()), ("qui", first)]),
        when: meeting.when(&cx.network),
        mandants: mandants.map(|other| other.name.clone()).collect(),
        bearer: bearer.map(|other| other.name.clone()),
        is_last: all.len() == 1,
        choices,
        invitee: one,
        meeting,
    };
    Ok(Ok((page, holders)))
}

pub async fn show(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let shown = match invitee_page(&cx, &mut tx, ids).await? {
        Ok((shown, _)) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match late_invitee::refusal(&shown.meeting, cx.now) {
        Some(why) => Ok(go_saying(&shown.meeting.url(), why)),
        None => Ok(page(&shown)),
    }
}

/// Who comes instead; what is wrong is noted in the form.
fn successor(form: &mut Fields, page: &InviteePage, holders: &[SeatHolder]) -> Option<Successor> {
    if page.has_accepted() && !form.flag("sait") {
        let answer = page.invitee.answer_label();
        form.reject(
            "sait",
            format!(
                "{} a répondu «\u{a0}{answer}\u{a0}»\u{a0}: confirmez le remplacement.",
                page.invitee.name
            ),
        );
    }
    if !page.choices.is_empty() && form.get("qui") != OTHER {
        let chosen = form.choice("qui", &page.choices);
        if chosen.is_none() && form.error("qui").is_none() {
            form.reject("qui", "Choisissez qui vient.");
        }
        let holder = holders.iter().find(|holder| Some(holder.id.to_string()) == chosen)?;
        let (name, email) = (holder.name.clone(), holder.email.clone());
        return Some(Successor { name, email, rank: holder.rank.clone() });
    }
    let name = form.required("nom", MOST_NAME, "Donnez le nom de la personne qui vient.");
    let email = form.email("courriel");
    Some(Successor { name, email, rank: "deputy".to_owned() })
}

pub async fn replace(cx: Cx, Path(ids): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (shown, holders) = match invitee_page(&cx, &mut tx, ids).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let successor = successor(&mut form, &shown, &holders);
    if let Some(new) = &successor
        && let Some(email) = &new.email
    {
        let all = invitee::of_meeting(&mut tx, cx.network.id, ids.0).await?;
        let probe = Invitee { email: Some(email.clone()), ..Invitee::blank(&shown.meeting, cx.now) };
        if let Some(why) = late_invitee::clash(&all, &probe) {
            form.reject(if form.get("qui") == OTHER { "courriel" } else { "qui" }, why);
        }
    }
    let (Some(successor), Ok(())) = (successor, form.check()) else {
        return Ok(refused(&shown.with(form)));
    };
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let (old, new, gone) = late_invitee::replace(&mut tx, &cx.actor(), place, ids, successor).await?;
    tx.commit().await?;
    let convened = match &new.email {
        Some(_) => "la convocation part",
        None => "prévenez cette personne, qui n’a pas d’adresse",
    };
    let said = format!("{} remplace {}\u{a0}: {convened}.{}", new.name, old.name, gone.sentences(&old.name));
    Ok(go_saying(&shown.meeting.url(), &said))
}

pub async fn correct(cx: Cx, Path(ids): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let shown = match invitee_page(&cx, &mut tx, ids).await? {
        Ok((shown, _)) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let email = form.email("adresse");
    if email.is_none() && form.error("adresse").is_none() {
        form.reject("adresse", "Indiquez l’adresse de cette personne.");
    }
    let all = invitee::of_meeting(&mut tx, cx.network.id, ids.0).await?;
    let is_taken = |one: &&Invitee| one.id != shown.invitee.id && one.email.is_some() && one.email == email;
    if let Some(one) = all.iter().find(is_taken) {
        form.reject("adresse", format!("C’est déjà l’adresse d’une personne convoquée, {}.", one.name));
    }
    let (Some(email), Ok(())) = (email, form.check()) else {
        return Ok(refused(&shown.with(form)));
    };
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let new = late_invitee::correct_address(&mut tx, &cx.actor(), place, ids, email).await?;
    tx.commit().await?;
    let said = match new.id == shown.invitee.id {
        true => "L’adresse n’a pas changé.".to_owned(),
        false => format!("Adresse corrigée\u{a0}: la convocation de {} part.", new.name),
    };
    Ok(go_saying(&shown.meeting.url(), &said))
}

pub async fn remove(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, ids.0).await?;
    if late_invitee::someone(&mut tx, cx.network.id, &meeting, ids.1).await?.is_none() {
        return Ok(gone(&meeting));
    }
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let (old, gone) = late_invitee::remove(&mut tx, &cx.actor(), place, ids).await?;
    tx.commit().await?;
    let said = format!("{} n’est plus convoqué·e.{}", old.name, gone.sentences(&old.name));
    Ok(go_saying(&meeting.url(), &said))
}
