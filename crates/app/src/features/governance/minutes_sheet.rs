//! `/espace/gouvernance/reunions/{id}/compte-rendu`: the minutes of a meeting, from the first draft to whom they were sent.
//! Members read them there and make their remarks.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::committee::Committee;
use super::invitee;
use super::meeting::{self, Meeting};
use super::meeting_sheet::readable_meeting;
use super::minutes::{self, MOST_CORRECTION, Minutes};
use super::minutes_facts::Facts;
use super::minutes_mail::Sending;
use super::minutes_remark::{self, MOST_TEXT, MinutesRemark, Said};
use super::policy::{Want, may, require};
use super::seat::MOST_NAME;

struct Remark {
    remark: MinutesRemark,
    when: String,
    /// Whether accepting it changes the text by itself.
    fits: bool,
}

#[derive(Template)]
#[template(path = "governance/minutes_sheet.html")]
struct MinutesPage {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    committee: Committee,
    minutes: Option<Minutes>,
    /// Other editions: which, and where they are read.
    others: Vec<(String, String)>,
    is_latest: bool,
    facts: Facts,
    remarks: Vec<Remark>,
    remarks_by: String,
    distributed: String,
    may_keep: bool,
}

impl MinutesPage {
    fn waiting(&self) -> usize {
        self.remarks.iter().filter(|one| one.remark.state == "open").count()
    }

    fn can_begin(&self) -> bool {
        self.may_keep && self.meeting.state == "held"
    }

    /// Where remarks are sent.
    fn remarks_url(&self) -> String {
        format!("{}/remarques", url(&self.meeting))
    }
}

pub(super) fn url(meeting: &Meeting) -> String {
    format!("{}/compte-rendu", meeting.url())
}

/// The editions that the visitor may read, the latest first.
pub(super) async fn readable_editions(cx: &Cx, tx: &mut Tx, meeting: &Meeting) -> Result<Vec<Minutes>> {
    let mut all = minutes::of_meeting(tx, cx.network.id, meeting.id).await?;
    if !may(cx.visitor()?, Want::Keep) {
        all.retain(Minutes::is_shown);
    }
    Ok(all)
}

async fn minutes_page(cx: &Cx, tx: &mut Tx, id: Id, edition: Option<i64>) -> Result<MinutesPage> {
    let (meeting, committee) = readable_meeting(cx, tx, id).await?;
    let editions = readable_editions(cx, tx, &meeting).await?;
    let shown = match edition {
        Some(edition) => Some(editions.iter().find(|one| one.edition == edition).ok_or(Error::NotFound)?),
        None => editions.first(),
    };
    let others = editions.iter().filter(|one| Some(one.id) != shown.map(|shown| shown.id));
    let address = url(&meeting);
    let others = others.map(|one| (one.name(), format!("{address}?edition={}", one.edition))).collect();
    let facts = match shown {
        Some(minutes) => minutes.facts(tx, &cx.network, &meeting).await?,
        None => Facts::default(),
    };
    let remarks = match shown {
        Some(minutes) => remarks(cx, tx, minutes).await?,
        None => Vec::new(),
    };
    let zone = cx.network.zone();
    Ok(MinutesPage {
        frame: cx.frame(format!("Compte rendu\u{a0}: {}", meeting.title)),
        form: Fields::default(),
        is_latest: shown.map(|one| one.id) == editions.first().map(|one| one.id),
        remarks_by: shown.and_then(|one| one.remarks_by).map(Date::long).unwrap_or_default(),
        distributed: shown.and_then(|one| one.distributed_at).map(|at| at.long_in(zone)).unwrap_or_default(),
        minutes: shown.cloned(),
        others,
        facts,
        remarks,
        may_keep: may(cx.visitor()?, Want::Keep),
        meeting,
        committee,
    })
}

async fn remarks(cx: &Cx, tx: &mut Tx, minutes: &Minutes) -> Result<Vec<Remark>> {
    let zone = cx.network.zone();
    let all = minutes_remark::of_minutes(tx, cx.network.id, minutes.id).await?;
    Ok(all
        .into_iter()
        .map(|remark| Remark {
            when: remark.created_at.long_in(zone),
            fits: remark.fits(&minutes.body),
            remark,
        })
        .collect())
}

/// The latest edition, or the one that `edition` names.
pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let wanted = Some(query.0.get("edition")).filter(|text| !text.is_empty());
    let wanted = wanted.map(|text| text.parse().map_err(|_| Error::NotFound)).transpose()?;
    Ok(page(&minutes_page(&cx, &mut tx, id, wanted).await?))
}

/// The meeting and the latest edition of its minutes, to be changed.
pub(super) async fn latest(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(Meeting, Minutes)> {
    require(cx.visitor()?, Want::Keep)?;
    let meeting = meeting::find(tx, cx.network.id, id).await?;
    let minutes = minutes::of_meeting(tx, cx.network.id, id).await?.into_iter().next();
    Ok((meeting, minutes.ok_or(Error::NotFound)?))
}

/// Begins the minutes, filled with what was noted and decided.
pub async fn begin(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    minutes::begin(&mut tx, &cx.actor(), &meeting).await?;
    tx.commit().await?;
    Ok(go_saying(
        &format!("{}/modifier", url(&meeting)),
        "Compte rendu prérempli avec les notes et les décisions.",
    ))
}

/// Hands it to the members: a message leaves to each who was convened or came.
pub async fn submit(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let remarks_by = form.date("remarques");
    if remarks_by.is_some_and(|day| day < cx.today()) {
        form.reject("remarques", "Ce jour est passé.");
    }
    let mut tx = cx.write().await?;
    let (meeting, before) = latest(&cx, &mut tx, id).await?;
    if form.check().is_err() {
        let mut page = minutes_page(&cx, &mut tx, id, None).await?;
        page.form = form;
        return Ok(refused(&page));
    }
    let after = minutes::submit(&mut tx, &cx.actor(), &cx.network, &meeting, (&before, remarks_by)).await?;
    let all = invitee::of_meeting(&mut tx, cx.network.id, id).await?;
    let base = cx.link_base();
    let sending =
        Sending { app: &cx.app, network: &cx.network, base: &base, meeting: &meeting, minutes: &after };
    let count = sending.ask(&mut tx, &all).await?;
    tx.commit().await?;
    let said = match count {
        1 => "Compte rendu soumis\u{a0}: un message part.".to_owned(),
        n => format!("Compte rendu soumis\u{a0}: {n} messages partent."),
    };
    Ok(go_saying(&url(&meeting), &said))
}

/// What is done with minutes as a whole, by the name of the address.
pub async fn turn(cx: Cx, Path((id, act)): Path<(Id, String)>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (meeting, before) = latest(&cx, &mut tx, id).await?;
    let actor = cx.actor();
    let said = match act.as_str() {
        "reprendre" => {
            minutes::take_back(&mut tx, &actor, &meeting, &before).await?;
            "Compte rendu repris\u{a0}: présences et décisions peuvent être corrigées."
        }
        "valider" => {
            let by = form.text("par", MOST_NAME).unwrap_or_else(|| actor.name.clone());
            form.check()?;
            minutes::validate(&mut tx, &actor, &meeting, &before, &by).await?;
            "Compte rendu validé."
        }
        "corriger" => {
            let what = form.lines("correction", MOST_CORRECTION).unwrap_or_default();
            form.check()?;
            minutes::correct(&mut tx, &actor, &meeting, &before, &what).await?;
            "Nouvelle version ouverte. La précédente reste lisible."
        }
        "archiver" => {
            minutes::archive(&mut tx, &actor, &meeting).await?;
            "Réunion archivée."
        }
        _ => return Err(Error::NotFound),
    };
    tx.commit().await?;
    Ok(go_saying(&url(&meeting), said))
}

/// Reads what a member says.
pub(super) fn read_remark(form: &mut Fields) -> Said {
    let said = Said {
        passage: form.lines("passage", MOST_TEXT),
        wording: form.lines("redaction", MOST_TEXT),
        remark: form.watched("remarque", MOST_TEXT, None),
    };
    if said.remark.is_none() && said.wording.is_none() && form.check().is_ok() {
        form.reject("remarque", "Écrivez votre remarque, ou la rédaction que vous proposez.");
    }
    if said.wording.is_some() && said.passage.is_none() {
        form.reject("passage", "Copiez le passage que cette rédaction remplace.");
    }
    said
}

pub async fn remark(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = minutes_page(&cx, &mut tx, id, None).await?;
    let Some(minutes) = page.minutes.clone() else { return Err(Error::NotFound) };
    let said = read_remark(&mut form);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    minutes_remark::add(&mut tx, &cx.actor(), (&page.meeting, &minutes), said).await?;
    tx.commit().await?;
    Ok(go_saying(&format!("{}#remarques", url(&page.meeting)), "Merci, votre remarque est notée."))
}

/// Settles a remark (`retenir`).
pub async fn settle(cx: Cx, Path((id, remark)): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    let answer = form.lines("reponse", MOST_TEXT);
    form.check()?;
    let mut tx = cx.write().await?;
    let (meeting, minutes) = latest(&cx, &mut tx, id).await?;
    let said = (form.get("retenir") == "1", answer);
    let changed = minutes_remark::settle(&mut tx, &cx.actor(), (&meeting, &minutes), remark, said).await?;
    tx.commit().await?;
    let said = match (changed, form.get("retenir") == "1") {
        (true, _) => "Remarque retenue\u{a0}: le texte est modifié.",
        (false, true) => "Remarque retenue. Modifiez le texte en conséquence.",
        (false, false) => "Remarque non retenue.",
    };
    Ok(go_saying(&format!("{}#remarques", url(&meeting)), said))
}
