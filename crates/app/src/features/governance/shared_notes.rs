//! `/espace/gouvernance/reunions/{id}/seance/notes`: whoever may take notes with the coordination writes them here, item by
//! item; nothing else of the session is theirs to change.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::decision;
use super::invitee;
use super::meeting::{self, Meeting};
use super::note::Note;
use super::note_form::{self, NoteForm, Typed};
use super::note_line::{noted, require_writer};
use super::sitting::{self, Sitting};
use super::sitting_mark;

#[derive(Template)]
#[template(path = "governance/shared_notes.html")]
struct SharedNotesPage {
    frame: Frame,
    meeting: Meeting,
    when: String,
    items: Vec<AgendaItem>,
    /// What is talked about, and what is written about here.
    current: Option<Id>,
    chosen: Option<AgendaItem>,
    note: NoteForm,
    mark: String,
}

impl SharedNotesPage {
    fn url(&self) -> String {
        url(&self.meeting)
    }

    fn is_current(&self, item: &AgendaItem) -> bool {
        self.current == Some(item.id)
    }

    fn is_chosen(&self, item: &AgendaItem) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.id == item.id)
    }

    /// Where the note is written by several people at once, and by this form.
    fn note_url(&self) -> String {
        format!("{}/seance/notes/{}", self.meeting.url(), self.note_id())
    }

    fn note_id(&self) -> Id {
        self.chosen.as_ref().map_or(self.meeting.id, |item| item.id)
    }

    /// The item that is talked about, when another one is written about here.
    fn elsewhere(&self) -> Option<&AgendaItem> {
        let current = self.current.filter(|id| *id != self.note_id())?;
        self.items.iter().find(|item| item.id == current)
    }
}

pub(super) fn url(meeting: &Meeting) -> String {
    format!("{}/seance/notes", meeting.url())
}

async fn notes_page(cx: &Cx, tx: &mut Tx, id: Id, about: Option<Id>) -> Result<SharedNotesPage> {
    let network = cx.network.id;
    let meeting = meeting::find(tx, network, id).await?;
    require_writer(tx, cx.visitor()?, &meeting, cx.today()).await?;
    sitting::check_open(&meeting, cx.now)?;
    let sitting: Option<Sitting> = sitting::of_meeting(tx, network, id).await?;
    let items = agenda_item::of_meeting(tx, network, id).await?;
    let current = sitting.as_ref().and_then(|sitting| sitting.item_id);
    let about = about.or(current).filter(|about| *about != id);
    let chosen = items.iter().find(|item| item.is_on() && Some(item.id) == about).cloned();
    if about.is_some() && chosen.is_none() {
        return Err(Error::NotFound);
    }
    let all = invitee::of_meeting(tx, network, id).await?;
    let decisions = decision::of_meeting(tx, network, id).await?;
    let stored = tx.all_in::<Note>(network, "id", &[chosen.as_ref().map_or(id, |item| item.id)]).await?.pop();
    Ok(SharedNotesPage {
        frame: cx.frame(format!("Notes\u{a0}: {}", meeting.title)),
        when: meeting.when(&cx.network),
        mark: sitting_mark::of(&meeting, sitting.as_ref(), &items, (&all, &decisions)),
        note: NoteForm::of(stored.as_ref(), cx.network.zone()),
        items,
        current,
        chosen,
        meeting,
    })
}

/// Shows the note of the item that `point` names, of the one that is talked about otherwise.
pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let about = match query.0.get("point") {
        "" => None,
        about => Some(about.parse().map_err(|_| Error::NotFound)?),
    };
    Ok(page(&notes_page(&cx, &mut tx, id, about).await?))
}

/// Keeps what was typed without the line that several people share.
pub async fn write(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    let about: Id = form.get("point").parse().map_err(|_| Error::NotFound)?;
    let mut tx = cx.write().await?;
    let page = notes_page(&cx, &mut tx, id, Some(about)).await?;
    noted(&mut tx, &page.meeting, about).await?;
    match note_form::keep(&mut tx, &cx.actor(), (&page.meeting, about), form).await? {
        Typed::Kept => {
            tx.commit().await?;
            Ok(go_saying(&format!("{}?point={about}", page.url()), "Notes enregistrées."))
        }
        Typed::Stale(note) => Ok(conflict(&SharedNotesPage { note, ..page })),
        Typed::Refused(note) => Ok(refused(&SharedNotesPage { note, ..page })),
    }
}
