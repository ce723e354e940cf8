//! `/espace/gouvernance/reunions/{id}/seance/etat`: whether what a screen of the session shows beside notes is still so. Open
//! screens ask every few seconds (`frontend/src/alive.ts`) and draw themselves anew when the mark is another.

use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::respond::json;
use kit::{Cx, Result, Tx, args, sql};

use super::agenda_item::AgendaItem;
use super::decision::Decision;
use super::invitee::Invitee;
use super::meeting::{self, Meeting};
use super::note_line::require_writer;
use super::sitting::Sitting;

/// The mark of what was read: it is another whenever a row is added, changed or gone.
pub(super) fn of(
    meeting: &Meeting,
    sitting: Option<&Sitting>,
    items: &[AgendaItem],
    (invitees, decisions): (&[Invitee], &[Decision]),
) -> String {
    let sum = |versions: &mut dyn Iterator<Item = i64>| versions.map(|version| version + 1).sum::<i64>();
    said([
        meeting.version,
        sitting.map_or(0, |one| one.version),
        sum(&mut items.iter().map(|one| one.version)),
        sum(&mut invitees.iter().map(|one| one.version)),
        sum(&mut decisions.iter().map(|one| one.version)),
    ])
}

fn said(counts: [i64; 5]) -> String {
    counts.map(|count| count.to_string()).join("-")
}

/// The mark of what is stored now.
async fn stored(tx: &mut Tx, meeting: &Meeting) -> Result<String> {
    let sql = sql!(
        "select coalesce((select version from sitting where network_id = $1 and id = $2), 0), ",
        "(select cast(coalesce(sum(version + 1), 0) as bigint) from agenda_item ",
        "where network_id = $1 and meeting_id = $2), ",
        "(select cast(coalesce(sum(version + 1), 0) as bigint) from invitee where network_id = $1 and meeting_id = $2), ",
        "(select cast(coalesce(sum(version + 1), 0) as bigint) from decision where network_id = $1 and meeting_id = $2)"
    );
    let (sitting, items, invitees, decisions) = tx.one(sql, args![meeting.network_id, meeting.id]).await?;
    Ok(said([meeting.version, sitting, items, invitees, decisions]))
}

/// For whoever may take notes.
pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    require_writer(&mut tx, cx.visitor()?, &meeting, cx.today()).await?;
    Ok(json(&serde_json::json!({ "etat": stored(&mut tx, &meeting).await? })))
}
