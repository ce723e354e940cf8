//! The Note: what the secretary writes about an item while it is talked about, or about the meeting as a whole.

use kit::coedit::{self, Told};
use kit::db::{Id, Timestamp};
use kit::{Actor, Error, Result, Tx, args, markup, sql};

use super::agenda_item;
use super::meeting::Meeting;
use super::sitting;

kit::table! {
    /// What is noted. Its id is the item's, or the meeting's for what belongs to none.
    pub struct Note in "meeting_note": versioned {
        pub meeting_id: Id,
        /// A text of [`markup`].
        pub body: String,
        pub written_by: String,
        pub written_at: Timestamp,
    }
}

/// Longest note, in bytes of its text.
pub const MOST_BODY: usize = 100_000;

/// Every note of a meeting.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<Note>> {
    let sql = sql!(
        "select network_id, id, meeting_id, body, written_by, written_at, version from meeting_note ",
        "where network_id = $1 and meeting_id = $2 order by id limit 200"
    );
    tx.all(sql, args![network, meeting]).await
}

/// Writes what is noted under `id`, which was seen in `version` (0 when there was nothing). [`Error::Stale`] when someone
/// else wrote meanwhile. No line of the trail: notes change each few seconds, and the minutes keep what became of them.
pub async fn write(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (id, version): (Id, i64),
    typed: &str,
) -> Result<Note> {
    sitting::check_open(meeting, actor.now)?;
    if typed.len() > MOST_BODY {
        return Err(Error::refused("Cette note est trop longue."));
    }
    let body = markup::read(typed);
    let stored = tx.all_in::<Note>(actor.network_id, "id", &[id]).await?.pop();
    match stored {
        None if version != 0 => Err(Error::Stale),
        None => {
            let note = Note {
                network_id: actor.network_id,
                id,
                meeting_id: meeting.id,
                body,
                written_by: actor.name.clone(),
                written_at: actor.now,
                version: 1,
            };
            if note.body.is_empty() {
                return Ok(Note { version: 0, ..note });
            }
            tx.insert(std::slice::from_ref(&note)).await?;
            share(tx, actor, note).await
        }
        Some(note) if note.meeting_id != meeting.id => Err(Error::NotFound),
        Some(note) if note.body == body => Ok(note),
        Some(note) if note.version != version => Err(Error::Stale),
        Some(mut note) => {
            (note.body, note.written_by, note.written_at) = (body, actor.name.clone(), actor.now);
            tx.save(&mut note).await?;
            share(tx, actor, note).await
        }
    }
}

/// Those who write this note together see at once what came from a form.
async fn share(tx: &mut Tx, actor: &Actor, note: Note) -> Result<Note> {
    coedit::rewrite(tx, note.network_id, note.id, &note.body, (&actor.name, actor.now)).await?;
    Ok(note)
}

/// Keeps what those who write a note together made of it.
pub async fn hear(tx: &mut Tx, meeting: (Id, Id), id: Id, told: &Told) -> Result<()> {
    let (network, meeting) = meeting;
    let stored = tx.all_in::<Note>(network, "id", &[id]).await?.pop();
    match stored {
        Some(note) if note.body == told.html => Ok(()),
        Some(mut note) => {
            note.body.clone_from(&told.html);
            (note.written_by, note.written_at) = (told.written_by.clone(), told.written_at);
            tx.save(&mut note).await
        }
        None => {
            let note = Note {
                network_id: network,
                id,
                meeting_id: meeting,
                body: told.html.clone(),
                written_by: told.written_by.clone(),
                written_at: told.written_at,
                version: 1,
            };
            tx.insert(&[note]).await
        }
    }
}

/// Brings the notes of a meeting up to the last word of those who write them together.
pub async fn catch_up(tx: &mut Tx, meeting: &Meeting, now: Timestamp) -> Result<()> {
    let network = meeting.network_id;
    let items = agenda_item::of_meeting(tx, network, meeting.id).await?;
    let ids: Vec<Id> = items.iter().map(|item| item.id).chain([meeting.id]).collect();
    for id in coedit::changed(tx, network, &ids).await? {
        if let Some(told) = coedit::told(tx, network, id, now).await? {
            hear(tx, (network, meeting.id), id, &told).await?;
        }
    }
    Ok(())
}
