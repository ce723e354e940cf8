//! `/espace/gouvernance/reunions/{id}/seance/notes/{note}/versions`: what a note said before, and taking it up again.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::coedit::{self, TextVersion};
use kit::db::Id;
use kit::markup::{self, Part};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Error, Fields, Result, Tx};

use super::meeting::{self, Meeting};
use super::note::{self, Note};
use super::note_line::noted;
use super::policy::{Want, require};
use super::sitting;

/// Versions of a page: some thirty hours of writing.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "governance/note_versions.html")]
struct VersionsPage {
    frame: Frame,
    meeting: Meeting,
    /// What is noted: an item, or what belongs to none.
    title: String,
    /// Each with when it was written, and whether it is the one compared with the text as it is.
    versions: Vec<(TextVersion, String, bool)>,
    shown: Option<String>,
    parts: Vec<Part>,
    is_open: bool,
}

/// The meeting, what is noted, and the note as it is.
async fn stored(cx: &Cx, tx: &mut Tx, (id, note): (Id, Id)) -> Result<(Meeting, String, Option<Note>)> {
    require(cx.visitor()?, Want::Keep)?;
    let meeting = meeting::find(tx, cx.network.id, id).await?;
    let item = noted(tx, &meeting, note).await?;
    let title = item.map_or_else(|| "Hors ordre du jour".to_owned(), |item| item.title);
    let stored = tx.all_in::<Note>(cx.network.id, "id", &[note]).await?.pop();
    Ok((meeting, title, stored))
}

pub async fn show(cx: Cx, Path((id, note)): Path<(Id, Id)>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (meeting, title, stored) = stored(&cx, &mut tx, (id, note)).await?;
    let all = coedit::versions(&mut tx, cx.network.id, note, MOST).await?;
    let wanted: Option<Id> = query.0.get("version").parse().ok();
    let shown = all.iter().find(|version| Some(version.id) == wanted);
    let now = stored.map(|note| markup::text_with_all(&note.body)).unwrap_or_default();
    let parts = shown.map(|version| markup::compare(&markup::text_with_all(&version.body), &now));
    let (zone, shown) = (cx.network.zone(), shown.map(|version| version.id));
    let listed = |one: TextVersion| {
        let (when, is_shown) = (one.written_at.long_in(zone), Some(one.id) == shown);
        (one, when, is_shown)
    };
    Ok(page(&VersionsPage {
        frame: cx.frame(format!("Versions des notes\u{a0}: {title}")),
        is_open: sitting::is_open_to_notes(&meeting, cx.now),
        shown: shown.map(|id| id.to_string()),
        parts: parts.unwrap_or_default(),
        versions: all.into_iter().map(listed).collect(),
        title,
        meeting,
    }))
}

/// Takes a former text (`version`) up again; what stood there meanwhile is a version too.
pub async fn restore(cx: Cx, Path((id, note)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    note::catch_up(&mut tx, &meeting, cx.now).await?;
    let (meeting, _, stored) = stored(&cx, &mut tx, (id, note)).await?;
    let all = coedit::versions(&mut tx, cx.network.id, note, MOST).await?;
    let wanted: Option<Id> = form.get("version").parse().ok();
    let former = all.into_iter().find(|one| Some(one.id) == wanted).ok_or(Error::NotFound)?;
    let version = stored.map_or(0, |note| note.version);
    note::write(&mut tx, &cx.actor(), &meeting, (note, version), &former.body).await?;
    tx.commit().await?;
    let when = former.written_at.long_in(cx.network.zone());
    Ok(go_saying(&format!("{}/seance", meeting.url()), &format!("Notes du {when} reprises.")))
}
