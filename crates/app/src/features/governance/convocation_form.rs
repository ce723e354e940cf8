//! `/espace/gouvernance/reunions/{id}/convocation`: whom the convocation will reach, and what it will say.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{self, go, go_saying, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::convocation;
use super::dossier::{self, Dossier};
use super::invitee::Invitee;
use super::meeting::{self, Meeting};
use super::policy::{Want, require};
use super::seat;

#[derive(Template)]
#[template(path = "governance/convocation_form.html")]
struct ConvocationPage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    when: String,
    items: Vec<AgendaItem>,
    /// Those who have an address, to be ticked.
    choices: Vec<Choice>,
    /// Those who have none.
    unreachable: Vec<Invitee>,
    lacks: Option<&'static str>,
    /// Voices that make the quorum.
    quorum: Option<i64>,
    /// Whether those chosen cannot make it, and this must be agreed to.
    is_short: bool,
    /// The dossier that may go with it, and when it was made.
    dossier: Option<(Dossier, String)>,
}

impl ConvocationPage {
    fn on(&self) -> impl Iterator<Item = &AgendaItem> {
        self.items.iter().filter(|item| item.is_on())
    }
}

type Everyone = Vec<(Id, Invitee)>;

async fn convocation_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(ConvocationPage, Everyone)> {
    let meeting = meeting::find(tx, cx.network.id, id).await?;
    let day = meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let seats = seat::of_committee(tx, cx.network.id, meeting.committee_id, day).await?;
    let everyone = convocation::holders(&meeting, &seats, day, cx.now);
    let label = |one: &Invitee| {
        let email = one.email.as_deref().unwrap_or_default();
        format!("{}, {} ({}) – {email}", one.name, one.organisation, one.rank_label().to_lowercase())
    };
    let reachable = everyone.iter().filter(|(_, one)| one.email.is_some());
    let choices: Vec<Choice> = reachable.map(|(id, one)| Choice::new(id.to_string(), label(one))).collect();
    let ticked = everyone.iter().filter(|(_, one)| one.email.is_some() && one.rank == "titular");
    let mut form = Fields::of(ticked.map(|(id, _)| ("personnes", id.to_string())));
    let committee: Committee = tx.get(cx.network.id, meeting.committee_id).await?;
    let editions = dossier::of_meeting(tx, cx.network.id, id).await?;
    let dossier = editions.into_iter().next().filter(|one| one.sent_at.is_none());
    if dossier.is_some() {
        form.set("dossier", "1");
    }
    let page = ConvocationPage {
        frame: cx.frame(format!("Convoquer\u{a0}: {}", meeting.title)),
        form,
        dossier: dossier.map(|one| {
            let made = one.made_at.long_in(cx.network.zone());
            (one, made)
        }),
        when: meeting.when(&cx.network),
        items: agenda_item::of_meeting(tx, cx.network.id, id).await?,
        choices,
        unreachable: everyone
            .iter()
            .filter(|(_, one)| one.email.is_none())
            .map(|(_, one)| one.clone())
            .collect(),
        lacks: convocation::lacks(&meeting, cx.now),
        quorum: convocation::quorum(&committee, &seats, day).1,
        is_short: false,
        meeting,
    };
    Ok((page, everyone))
}

pub async fn ask(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let (page, _) = convocation_page(&cx, &mut tx, id).await?;
    if page.meeting.state != "planned" {
        return Ok(go(&page.meeting.url()));
    }
    Ok(respond::page(&page))
}

/// Convenes those who are ticked and the guests; those without an address are written down too, to be told otherwise.
pub async fn convene(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mut page, everyone) = convocation_page(&cx, &mut tx, id).await?;
    let ticked: Vec<String> = form.many("personnes").into_iter().map(str::to_owned).collect();
    let (guests, wrong) = convocation::guests(form.get("invites"), &page.meeting, cx.now);
    if let Some(line) = wrong.first() {
        form.reject(
            "invites",
            format!(
                "« {line} » n’est pas une adresse, ou vient après la centième\u{a0}: une personne par ligne."
            ),
        );
    }
    if let Some(why) = page.lacks {
        form.reject("personnes", why);
    }
    let unticked = |(id, one): &(Id, Invitee)| one.email.is_some() && !ticked.contains(&id.to_string());
    let mut invitees: Vec<Invitee> =
        everyone.into_iter().filter(|one| !unticked(one)).map(|(_, invitee)| invitee).collect();
    let known: Vec<Option<String>> = invitees.iter().map(|one| one.email.clone()).collect();
    invitees.extend(guests.into_iter().filter(|guest| !known.contains(&guest.email)));
    if invitees.iter().all(|one| one.email.is_none()) {
        form.reject("personnes", "Choisissez au moins une personne à convoquer.");
    }
    page.is_short = says_short(&mut form, page.quorum, &invitees);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    if form.flag("dossier") && page.dossier.is_some() {
        let reached = invitees.iter().filter(|one| one.email.is_some()).count();
        dossier::freeze(&mut tx, &cx.actor(), &page.meeting, reached).await?;
    }
    let (meeting, count) = convocation::convene(&mut tx, &cx.actor(), place, &page.meeting, invitees).await?;
    tx.commit().await?;
    let said = match count {
        1 => "1 convocation part dans quelques secondes.".to_owned(),
        n => format!("{n} convocations partent dans quelques secondes."),
    };
    Ok(go_saying(&meeting.url(), &said))
}

/// Whether those whom a message reaches cannot make the quorum, and this was not agreed to.
fn says_short(form: &mut Fields, quorum: Option<i64>, invitees: &[Invitee]) -> bool {
    let reached = convocation::reached(invitees);
    let Some(quorum) = quorum.filter(|quorum| reached < *quorum && !form.flag("sans-quorum")) else {
        return false;
    };
    let said = match reached {
        0 => "aucun message n’atteint une voix".to_owned(),
        1 => "les messages n’en atteignent qu’une".to_owned(),
        n => format!("les messages n’en atteignent que {n}"),
    };
    form.reject(
        "personnes",
        format!(
            "Le quorum est de {quorum} voix, et {said}\u{a0}: complétez les adresses du comité, ou confirmez ci-dessous \
             que vous prévenez les autres autrement."
        ),
    );
    true
}

pub async fn call_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = convocation::call_back(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&meeting.url(), "Envoi annulé\u{a0}: personne n’a été convoqué."))
}
