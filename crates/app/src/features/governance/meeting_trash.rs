//! The trash of meetings: one that was never convened, that was cancelled or planned by mistake waits thirty days, hidden from
//! every list and calendar, before it is gone with all that was prepared for it.

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::trail::{self, Act, Subject};
use kit::web::respond::go_saying;
use kit::{Actor, App, Cx, Error, Result, Tx, args, coedit, sql};
use serde::{Deserialize, Serialize};

use super::agenda_item::AgendaItem;
use super::dossier::Dossier;
use super::invitee::Invitee;
use super::meeting::{self, Meeting};
use super::note::Note;
use super::paper::MeetingPaper;
use super::policy::{Want, require};
use super::sitting::Sitting;
use crate::features::{self, Thrown};

const DAYS: i64 = 30;
/// Meetings erased at once; the rest goes the next day.
const MOST: i64 = 100;

/// Why a meeting may not be thrown away by its state alone; the rest is asked of what was stored for it.
pub fn refusal(meeting: &Meeting) -> Option<&'static str> {
    match meeting.state.as_str() {
        "planned" | "cancelled" => None,
        "convened" => Some("Des personnes sont convoquées à cette réunion\u{a0}: annulez-la d’abord."),
        _ => Some("Cette réunion s’est tenue\u{a0}: elle ne va pas à la corbeille."),
    }
}

/// Throws a meeting away. Refused when people are convened to it ([`refusal`]), when something was decided in it, when its
/// minutes were begun, and while a poll seeks its date.
pub async fn throw(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Meeting> {
    let before = meeting::find(tx, actor.network_id, id).await?;
    if let Some(why) = refusal(&before) {
        return Err(Error::refused(why));
    }
    let sql = sql!(
        "select (select count(*) from decision where network_id = $1 and meeting_id = $2) ",
        "+ (select count(*) from minutes where network_id = $1 and meeting_id = $2)"
    );
    if tx.value::<i64>(sql, args![actor.network_id, id]).await? > 0 {
        return Err(Error::refused(
            "Cette réunion a des décisions ou un compte rendu\u{a0}: elle ne va pas à la corbeille.",
        ));
    }
    let sought = features::date_sought(tx, actor.network_id, id).await?;
    if sought.is_some_and(|poll| poll.is_current) {
        return Err(Error::refused(
            "Un sondage cherche la date de cette réunion\u{a0}: annulez-le d’abord, ses participants en seront avertis.",
        ));
    }
    let after = Meeting { deleted_at: Some(actor.now), ..before.clone() };
    meeting::write(tx, actor, "meeting.trashed", &before, after).await
}

/// Takes a meeting back from the trash. What it had taken up from earlier meetings, and that another took up meanwhile,
/// stays with that one.
pub async fn restore(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Meeting> {
    let before: Meeting = tx.get(actor.network_id, id).await?;
    if before.deleted_at.is_none() {
        return Err(Error::NotFound);
    }
    let sql = sql!(
        "select i.id from agenda_item i where i.network_id = $1 and i.meeting_id = $2 and i.carried_from is not null ",
        "and exists (select 1 from agenda_item n join meeting t on t.network_id = n.network_id and t.id = n.meeting_id ",
        "where n.network_id = i.network_id and n.carried_from = i.carried_from and n.meeting_id <> i.meeting_id ",
        "and t.state <> 'cancelled' and t.deleted_at is null) limit 100"
    );
    let taken: Vec<(Id,)> = tx.all(sql, args![actor.network_id, id]).await?;
    let taken: Vec<Id> = taken.into_iter().map(|(id,)| id).collect();
    tx.delete_in::<AgendaItem>(actor.network_id, "id", &taken).await?;
    let after = Meeting { deleted_at: None, ..before.clone() };
    meeting::write(tx, actor, "meeting.restored", &before, after).await
}

/// Meetings in the trash, the last thrown first.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let sql = sql!(
        "select id, title, deleted_at from meeting where network_id = $1 and deleted_at is not null ",
        "order by deleted_at desc, id desc limit $2"
    );
    let rows: Vec<(Id, String, Timestamp)> = tx.all(sql, args![network, most]).await?;
    let thrown = |(id, label, deleted_at): (Id, String, Timestamp)| Thrown {
        label,
        kind: "Réunion",
        deleted_at,
        restore_url: format!("{}/{id}/restaurer", super::MEETINGS),
    };
    Ok(rows.into_iter().map(thrown).collect())
}

/// Erases for good what has been in the trash long enough.
#[derive(Serialize, Deserialize)]
pub struct EmptyTrash {}

impl Job for EmptyTrash {
    const KIND: &'static str = "governance.empty_trash";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let actor = Actor::program(network, "Esplanade", app.now());
        let mut tx = app.db.write().await?;
        let files = erase_old(&mut tx, &actor).await?;
        tx.commit().await?;
        for file in files {
            app.files.delete(network, &file).await?;
        }
        Ok(Outcome::Done)
    }
}

/// Answers the files that nothing names any more.
async fn erase_old(tx: &mut Tx, actor: &Actor) -> Result<Vec<String>> {
    let network = actor.network_id;
    let sql = sql!(
        "select id, title, series_id from meeting where network_id = $1 and deleted_at < $2 order by deleted_at, id limit $3"
    );
    let old: Vec<(Id, String, Option<Id>)> =
        tx.all(sql, args![network, actor.now.plus_days(-DAYS), MOST]).await?;
    let mut files = Vec::new();
    for (id, title, series) in old {
        files.extend(erase(tx, network, id).await?);
        let subject = Subject::new("meeting", id, &title);
        trail::record(tx, actor, Act::new("meeting.erased", subject)).await?;
        if let Some(series) = series {
            let sql = sql!(
                "delete from meeting_series where network_id = $1 and id = $2 and not exists (select 1 from meeting ",
                "where network_id = $1 and series_id = $2)"
            );
            tx.run(sql, args![network, series]).await?;
        }
    }
    Ok(files)
}

/// Erases a meeting after all that stands on it; answers the files of its papers.
async fn erase(tx: &mut Tx, network: Id, id: Id) -> Result<Vec<String>> {
    let papers = tx.all_in::<MeetingPaper>(network, "meeting_id", &[id]).await?;
    let editions = tx.all_in::<Dossier>(network, "meeting_id", &[id]).await?;
    let files = papers.into_iter().filter_map(|one| one.file).chain(editions.into_iter().map(|one| one.file));
    let files = files.collect();
    tx.delete_in::<MeetingPaper>(network, "meeting_id", &[id]).await?;
    tx.delete_in::<Dossier>(network, "meeting_id", &[id]).await?;
    // A note has the id of its item, or of the meeting; its text may have been opened and left empty.
    let items = tx.all_in::<AgendaItem>(network, "meeting_id", &[id]).await?;
    for note in items.iter().map(|item| item.id).chain([id]) {
        coedit::forget(tx, network, note).await?;
    }
    tx.delete_in::<Note>(network, "meeting_id", &[id]).await?;
    tx.delete::<Sitting>(network, id).await?;
    tx.delete_in::<AgendaItem>(network, "meeting_id", &[id]).await?;
    // Those who bear the voices of others are among those who go.
    let sql = sql!(
        "update invitee set proxy_id = null where network_id = $1 and meeting_id = $2 and proxy_id is not null"
    );
    tx.run(sql, args![network, id]).await?;
    tx.delete_in::<Invitee>(network, "meeting_id", &[id]).await?;
    features::forget_meeting(tx, network, id).await?;
    tx.delete::<Meeting>(network, id).await?;
    Ok(files)
}

pub async fn discard(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    throw(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(super::MEETINGS, "La réunion est à la corbeille, pour 30 jours."))
}

pub async fn bring_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = restore(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&meeting.url(), "La réunion est de retour."))
}
