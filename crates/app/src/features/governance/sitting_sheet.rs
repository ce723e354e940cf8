//! `/espace/gouvernance/reunions/{id}/seance`: the secretary's screen. What is talked about and since when, what is noted,
//! who is there, what is decided.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::attendance::{self, ATTENDANCE};
use super::committee::Committee;
use super::decision::{self, Decision};
use super::decision_form;
use super::invitee::{self, Invitee};
use super::meeting::{self, Meeting};
use super::note;
use super::note_form::{self, NoteForm, Typed};
use super::policy::{Want, require};
use super::seat;
use super::sitting::{self, Outcome, Sitting};
use super::sitting_mark;
use crate::features::accounts::account;

struct Row {
    invitee: Invitee,
    label: &'static str,
    tone: &'static str,
    /// Who bears their voice, once they are represented.
    bearer: String,
    bearers: Vec<Choice>,
    /// To whom they had given their voice.
    given: String,
}

#[derive(Template)]
#[template(path = "governance/sitting_sheet.html")]
pub(super) struct SittingPage {
    pub frame: Frame,
    /// The decision being written.
    pub form: Fields,
    /// What is noted of the current item.
    note: NoteForm,
    pub meeting: Meeting,
    when: String,
    sitting: Option<Sitting>,
    items: Vec<AgendaItem>,
    pub current: Option<AgendaItem>,
    since: String,
    /// What changes whenever this screen does.
    mark: String,
    rows: Vec<Row>,
    present: usize,
    pub voices: i64,
    decisions: Vec<Decision>,
    pub owners: Vec<Choice>,
    pub modes: Vec<Choice>,
    can_end: bool,
    /// Whether its committee suspends and excludes.
    decides: bool,
}

impl SittingPage {
    fn url(&self) -> String {
        url(&self.meeting)
    }

    /// Of what the note is.
    fn note_id(&self) -> Id {
        self.current.as_ref().map_or(self.meeting.id, |item| item.id)
    }

    /// Where the note is written by several people at once, and where its history is.
    fn note_url(&self) -> String {
        format!("{}/notes/{}", self.url(), self.note_id())
    }

    fn has_quorum(&self) -> bool {
        self.meeting.quorum.is_none_or(|quorum| self.voices >= quorum)
    }

    fn attendance(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &ATTENDANCE
    }

    /// Who sits in the committee, each once: whoever comes in their place is noted under the same name.
    fn organisations(&self) -> Vec<&str> {
        let mut all: Vec<_> = self.rows.iter().map(|row| row.invitee.organisation.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether someone is there: nobody bears their voice.
    fn is_there(&self, row: &Row) -> bool {
        attendance::is_present(&row.invitee)
    }

    fn is_noted(&self) -> bool {
        self.rows.iter().any(|row| row.invitee.attendance.is_some())
    }

    fn of_current(&self, decision: &Decision) -> bool {
        decision.item_id == self.current.as_ref().map(|item| item.id)
    }

    fn is_current(&self, item: &AgendaItem) -> bool {
        self.current.as_ref().is_some_and(|current| current.id == item.id)
    }

    fn can_be_parked(&self) -> bool {
        self.current.as_ref().is_some_and(|item| item.state != "parked")
    }
}

pub(super) fn url(meeting: &Meeting) -> String {
    format!("{}/seance", meeting.url())
}

/// The screen as it now is.
pub(super) async fn sitting_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<SittingPage> {
    let network = cx.network.id;
    let (meeting, committee) = meeting::with_committee(tx, network, id).await?;
    sitting::check_open(&meeting, cx.now)?;
    let sitting = sitting::of_meeting(tx, network, id).await?;
    let items = agenda_item::of_meeting(tx, network, id).await?;
    let current =
        sitting.as_ref().and_then(|sitting| items.iter().find(|item| Some(item.id) == sitting.item_id));
    let current = current.cloned();
    let all = invitee::of_meeting(tx, network, id).await?;
    let day = meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let decisions = decision::of_meeting(tx, network, id).await?;
    let notes = note::of_meeting(tx, network, id).await?;
    let noted = notes.iter().find(|note| note.id == current.as_ref().map_or(id, |item| item.id));
    Ok(SittingPage {
        frame: cx.frame(format!("Séance\u{a0}: {}", meeting.title)),
        form: decision_form::values(&Decision::blank(&meeting, day, cx.now)),
        note: NoteForm::of(noted, cx.network.zone()),
        when: meeting.when(&cx.network),
        since: sitting.as_ref().and_then(|one| one.item_since).map(|at| at.iso()).unwrap_or_default(),
        present: all.iter().filter(|one| attendance::is_present(one)).count(),
        voices: attendance::voices(&all),
        rows: all.iter().map(|one| row(&committee, &all, one)).collect(),
        mark: sitting_mark::of(&meeting, sitting.as_ref(), &items, (&all, &decisions)),
        decisions,
        owners: account::choices(tx, network).await?,
        modes: decision_form::modes(),
        decides: committee.decides,
        can_end: meeting.is_to_come() && meeting.starts_at.is_some_and(|at| at <= cx.now),
        current,
        items,
        sitting,
        meeting,
    })
}

fn row(committee: &Committee, all: &[Invitee], one: &Invitee) -> Row {
    let bearers = all.iter().filter(|other| attendance::may_bear(committee, all, one, other));
    let is_represented = one.attendance.as_deref() == Some("represented");
    let bearer = all.iter().find(|other| is_represented && Some(other.id) == one.proxy_id);
    Row {
        label: attendance::label(one.attendance.as_deref()),
        tone: attendance::tone(one.attendance.as_deref()),
        bearer: bearer.map(|other| other.name.clone()).unwrap_or_default(),
        given: one.proxy_id.map(|id| id.to_string()).unwrap_or_default(),
        bearers: bearers.map(|other| Choice::new(other.id.to_string(), other.name.clone())).collect(),
        invitee: one.clone(),
    }
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&sitting_page(&cx, &mut tx, id).await?))
}

pub async fn open(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = sitting::open(&mut tx, &cx.actor(), &cx.network, id).await?;
    tx.commit().await?;
    Ok(go(&url(&meeting)))
}

/// Lets members take notes too, or no longer (`ouvrir`).
pub async fn share(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let shared = form.get("ouvrir") == "oui";
    sitting::share_notes(&mut tx, &cx.actor(), &meeting, shared).await?;
    tx.commit().await?;
    let said = match shared {
        true => "Les membres du comité peuvent prendre des notes.",
        false => "Seule la coordination prend encore des notes.",
    };
    Ok(go_saying(&url(&meeting), said))
}

/// Turns to the item that `point` names, or to what belongs to none.
pub async fn turn(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let wanted: Option<Id> = form.get("point").parse().ok();
    if let Some(wanted) = wanted {
        let item: AgendaItem = tx.get(cx.network.id, wanted).await?;
        if item.meeting_id != id || !item.is_on() {
            return Err(Error::NotFound);
        }
    }
    sitting::turn_to(&mut tx, &cx.actor(), &meeting, wanted).await?;
    tx.commit().await?;
    Ok(go(&url(&meeting)))
}

/// Keeps what is noted of an item (or of the meeting, under its own id), and ends the item when `ensuite` says how.
pub async fn write(cx: Cx, Path((id, noted)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = sitting_page(&cx, &mut tx, id).await?;
    let item = page.items.iter().find(|item| item.id == noted && item.is_on()).cloned();
    if item.is_none() && noted != id {
        return Err(Error::NotFound);
    }
    page.current = item.clone();
    // Who writes with others sends no text here: each of their changes is stored already.
    if !form.has("corps") {
        return end(&cx, tx, &page, item, &form).await;
    }
    match note_form::keep(&mut tx, &cx.actor(), (&page.meeting, noted), form.clone()).await? {
        Typed::Kept => end(&cx, tx, &page, item, &form).await,
        Typed::Stale(note) => Ok(conflict(&SittingPage { note, ..page })),
        Typed::Refused(note) => Ok(refused(&SittingPage { note, ..page })),
    }
}

/// Ends the item as `ensuite` says, if it does, and goes back to the screen.
async fn end(
    cx: &Cx,
    mut tx: Tx,
    page: &SittingPage,
    item: Option<AgendaItem>,
    form: &Fields,
) -> Result<Response> {
    let outcome = match form.get("ensuite") {
        "traite" => Some(Outcome::Treated),
        "reporte" => Some(Outcome::Parked),
        _ => None,
    };
    if let (Some(item), Some(outcome)) = (item, outcome) {
        let seen = form.get("point-version").parse().unwrap_or(0);
        sitting::end_item(&mut tx, &cx.actor(), &page.meeting, (item.id, seen), outcome).await?;
    }
    tx.commit().await?;
    Ok(go(&page.url()))
}

/// Notes who is there.
pub async fn attend(cx: Cx, Path((id, invitee)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let said = (form.get("presence"), form.get("porteur").parse().ok());
    attendance::note(&mut tx, &cx.actor(), &meeting, invitee, said).await?;
    tx.commit().await?;
    Ok(go(&format!("{}#presences", url(&meeting))))
}

/// Notes everyone as they had answered, or someone who came without being convened (`nom`).
pub async fn attend_all(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let at = format!("{}#presences", url(&meeting));
    if !form.has("nom") {
        let count = attendance::note_answers(&mut tx, &cx.actor(), &meeting).await?;
        tx.commit().await?;
        let ending = if count > 1 { "s" } else { "" };
        return Ok(go_saying(&at, &format!("{count} présence{ending} notée{ending} d’après les réponses.")));
    }
    let name = form.required("nom", attendance::MOST_NAME, "Donnez le nom de cette personne.");
    let organisation = form.text("organisme", attendance::MOST_NAME).unwrap_or_default();
    let day = meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let seats = seat::of_committee(&mut tx, cx.network.id, meeting.committee_id, day).await?;
    let named = kit::text::fold(&organisation);
    let seat = seats
        .iter()
        .find(|held| held.seat.is_there(day) && kit::text::fold(&held.seat.organisation) == named);
    form.check()?;
    attendance::join(&mut tx, &cx.actor(), &meeting, (&name, &organisation), seat).await?;
    tx.commit().await?;
    Ok(go_saying(&at, &format!("{name} est noté·e présent·e.")))
}

/// Writes what is decided under the current item.
pub async fn decide(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = sitting_page(&cx, &mut tx, id).await?;
    let day = page.meeting.starts_at.map_or(cx.today(), |at| cx.network.day_of(at));
    let blank = Decision {
        item_id: page.items.iter().map(|item| item.id).find(|item| item.to_string() == form.get("point")),
        ..Decision::blank(&page.meeting, day, cx.now)
    };
    let new = decision_form::read(&mut form, &page.owners, blank);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let with_task = form.flag("tache");
    match decision::take(&mut tx, &cx.actor(), &page.meeting, new, with_task).await {
        Err(Error::Refused(why)) => {
            form.reject("pour", why);
            page.form = form;
            Ok(refused(&page))
        }
        taken => {
            let taken = taken?;
            tx.commit().await?;
            let said = format!("Décision {} enregistrée.", taken.number());
            Ok(go_saying(&format!("{}#decisions", page.url()), &said))
        }
    }
}
