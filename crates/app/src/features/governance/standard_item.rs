//! The StandardItem: what the meetings of a committee usually talk about, in order (« ordre du jour type »).

use kit::db::Id;
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::json;

use super::agenda_item::{OBJECTIVES, USUAL};
use super::committee::Committee;

kit::table! {
    /// What meetings of a committee usually talk about.
    pub struct StandardItem in "standard_item" {
        pub committee_id: Id,
        pub position: i64,
        pub title: String,
        /// A code of [`OBJECTIVES`].
        pub objective: String,
        pub minutes: Option<i64>,
    }
}

/// Most items of a standard agenda.
pub const MOST: usize = 20;

/// The standard agenda of a committee; empty when it has none of its own.
pub async fn of_committee(tx: &mut Tx, network: Id, committee: Id) -> Result<Vec<StandardItem>> {
    let sql = sql!(
        "select network_id, id, committee_id, position, title, objective, minutes from standard_item ",
        "where network_id = $1 and committee_id = $2 order by position, id limit 20"
    );
    tx.all(sql, args![network, committee]).await
}

/// What an empty agenda of a committee is filled with: title, objective and minutes of each item.
pub async fn usual(tx: &mut Tx, network: Id, committee: Id) -> Result<Vec<(String, String, Option<i64>)>> {
    let own = of_committee(tx, network, committee).await?;
    if own.is_empty() {
        let usual = USUAL.iter().map(|(title, objective, minutes)| {
            ((*title).to_owned(), (*objective).to_owned(), Some(*minutes))
        });
        return Ok(usual.collect());
    }
    Ok(own.into_iter().map(|item| (item.title, item.objective, item.minutes)).collect())
}

/// Sets the standard agenda of a committee, whole; none is the usual one. Whether what is left untreated goes to the next
/// meeting by itself is said with it. Refused for too many items and for one without a title or an objective.
pub async fn set(
    tx: &mut Tx,
    actor: &Actor,
    before: &Committee,
    carries_over: bool,
    items: Vec<StandardItem>,
) -> Result<Committee> {
    let is_known = |code: &str| OBJECTIVES.iter().any(|(known, _)| *known == code);
    if items.iter().any(|item| item.title.trim().is_empty() || !is_known(&item.objective)) {
        return Err(Error::refused("Dites de quoi il s’agit, et dans quel but."));
    }
    if items.len() > MOST {
        return Err(Error::refused("Un ordre du jour type compte vingt points au plus."));
    }
    let mut after = Committee { carries_over, ..before.clone() };
    tx.save(&mut after).await?;
    tx.delete_in::<StandardItem>(actor.network_id, "committee_id", &[before.id]).await?;
    tx.insert(&items).await?;
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let said = json!({ "standard_agenda": titles.join(" – "), "carries_over": carries_over });
    let act = Act::new("committee.agenda_set", after.subject());
    trail::record(tx, actor, act.before(&json!({ "carries_over": before.carries_over })).after(&said))
        .await?;
    Ok(after)
}
