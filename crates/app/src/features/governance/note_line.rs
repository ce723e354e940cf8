//! `/espace/gouvernance/reunions/{id}/seance/notes/{note}/ligne`: the line through which several people write a note at
//! once.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::Path;
use axum::response::Response;
use kit::coedit::{Line, Subject, Told, open_line};
use kit::db::{Date, Id, Timestamp};
use kit::{Cx, Error, Result, Tx, Visitor, markup, nominative, visitor};

use super::agenda_item::AgendaItem;
use super::committee;
use super::meeting::{self, Meeting};
use super::note::{self, Note};
use super::policy::{Want, may, require};
use super::sitting;

/// What several people note of an item of a meeting, or of the meeting as a whole under its own id.
struct NoteText {
    network: Id,
    meeting: Id,
    id: Id,
    /// The day on which the line was opened, on which writers sit in the committee.
    today: Date,
}

#[async_trait]
impl Subject for NoteText {
    fn text(&self) -> (Id, Id) {
        (self.network, self.id)
    }

    async fn begin(&self, tx: &mut Tx) -> Result<String> {
        let stored = tx.all_in::<Note>(self.network, "id", &[self.id]).await?.pop();
        Ok(stored.map(|note| note.body).unwrap_or_default())
    }

    async fn check(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let meeting = meeting::find(tx, self.network, self.meeting).await?;
        sitting::check_open(&meeting, now)
    }

    async fn check_writer(&self, tx: &mut Tx, writer: &Visitor, now: Timestamp) -> Result<()> {
        let writer = visitor::again(tx, self.network, writer.session_id, now).await?;
        let writer = writer.ok_or(Error::Forbidden)?;
        let meeting = meeting::find(tx, self.network, self.meeting).await?;
        require_writer(tx, &writer, &meeting, self.today).await
    }

    async fn told(&self, tx: &mut Tx, told: &Told) -> Result<Option<&'static str>> {
        note::hear(tx, (self.network, self.meeting), self.id, told).await?;
        let seen = nominative::seen_in(&markup::text(&told.html));
        Ok(seen.iter().any(|one| one.contains("âge")).then_some(NAMED))
    }
}

const NAMED: &str =
    "Ces notes semblent contenir un prénom suivi d’un âge. Ne citez aucun jeune ni parent\u{a0}: retirez-le.";

/// The item that is noted under this id, or none for the meeting as a whole.
pub(super) async fn noted(tx: &mut Tx, meeting: &Meeting, note: Id) -> Result<Option<AgendaItem>> {
    if note == meeting.id {
        return Ok(None);
    }
    let item: AgendaItem = tx.get(meeting.network_id, note).await?;
    if item.meeting_id == meeting.id && item.is_on() { Ok(Some(item)) } else { Err(Error::NotFound) }
}

/// Refuses whoever may not take notes in a meeting: the coordination does, members once it lets them.
pub(super) async fn require_writer(
    tx: &mut Tx,
    writer: &Visitor,
    meeting: &Meeting,
    today: Date,
) -> Result<()> {
    if may(writer, Want::Keep) {
        return Ok(());
    }
    require(writer, Want::List)?;
    let network = meeting.network_id;
    let sitting = sitting::of_meeting(tx, network, meeting.id).await?;
    let seated = committee::is_seated(tx, network, meeting.committee_id, &writer.email, today).await?;
    require(writer, Want::Note { seated, shared: sitting.is_some_and(|one| one.shared_at.is_some()) })
}

pub async fn open(cx: Cx, Path((id, note)): Path<(Id, Id)>, line: Line) -> Result<Response> {
    let mut tx = cx.read().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    require_writer(&mut tx, cx.visitor()?, &meeting, cx.today()).await?;
    sitting::check_open(&meeting, cx.now)?;
    noted(&mut tx, &meeting, note).await?;
    open_line(
        &cx,
        line,
        Arc::new(NoteText { network: cx.network.id, meeting: id, id: note, today: cx.today() }),
    )
}
