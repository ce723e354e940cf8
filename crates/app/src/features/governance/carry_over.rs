//! What a meeting left untreated and the next one takes up by itself, where the committee wants it so.

use kit::db::{Id, Timestamp};
use kit::{Actor, Result, Tx, args, sql};

use super::agenda_item;
use super::committee::Committee;
use super::meeting::{self, Meeting};

/// The first meeting to come after a moment that may take up what a meeting left: of its series, else of its committee and of no
/// other series.
async fn next_after(tx: &mut Tx, meeting: &Meeting, after: Timestamp) -> Result<Option<Id>> {
    let sql = sql!(
        "select id from meeting where network_id = $1 and committee_id = $2 and starts_key > $3 and deleted_at is null ",
        "and state in ('planned', 'convened') and id <> $4 ",
        "and (cast($5 as text) is null or series_id is null or series_id = $5) ",
        "order by case when series_id = $5 then 0 else 1 end, starts_key, id limit 1"
    );
    let Meeting { network_id, committee_id, id, series_id, .. } = meeting;
    let found: Option<(Id,)> =
        tx.optional(sql, args![*network_id, *committee_id, after, *id, *series_id]).await?;
    Ok(found.map(|(id,)| id))
}

/// Gives what a meeting that was held left untreated to the next one, when its committee wants it so and there is one. Answers
/// how many items that was.
pub async fn from_held(tx: &mut Tx, actor: &Actor, held: &Meeting) -> Result<usize> {
    let committee: Committee = tx.get(actor.network_id, held.committee_id).await?;
    if !committee.carries_over {
        return Ok(0);
    }
    match next_after(tx, held, held.starts_key).await? {
        Some(next) => {
            let next = meeting::find(tx, actor.network_id, next).await?;
            agenda_item::carry_over(tx, actor, &next).await
        }
        None => Ok(0),
    }
}

/// Gives a meeting that was just planned what earlier ones left, when its committee wants it so and no other comes before.
pub async fn into_planned(
    tx: &mut Tx,
    actor: &Actor,
    committee: &Committee,
    planned: &Meeting,
) -> Result<usize> {
    if !committee.carries_over || planned.starts_key <= actor.now {
        return Ok(0);
    }
    if let Some(other) = next_after(tx, planned, actor.now).await? {
        let other = meeting::find(tx, actor.network_id, other).await?;
        if other.starts_key <= planned.starts_key {
            return Ok(0);
        }
    }
    agenda_item::carry_over(tx, actor, planned).await
}

/// How many items of a meeting another one took up.
pub async fn taken_up(tx: &mut Tx, network: Id, meeting: Id) -> Result<i64> {
    let sql = sql!(
        "select count(*) from agenda_item i where i.network_id = $1 and i.meeting_id = $2 and exists (select 1 from ",
        "agenda_item n where n.network_id = i.network_id and n.carried_from = i.id)"
    );
    tx.value(sql, args![network, meeting]).await
}
