//! Shared texts in the database: their changes in one order that holds for every process, and what they said before.

use std::collections::BTreeSet;

use yrs::Doc;

use super::text;
use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::{args, sql};

crate::table! {
    /// A text that several people write. Its id is that of what it belongs to.
    pub struct SharedText in "shared_text" {
        /// The document as one update.
        #[serde(skip)]
        pub state: Vec<u8>,
        /// The last change that `state` holds.
        pub state_rank: i64,
        /// The last change there is.
        pub last_rank: i64,
        /// The last change that what the text belongs to has heard of.
        pub told_rank: i64,
        pub written_by: String,
        pub written_at: Timestamp,
        pub created_at: Timestamp,
    }
}

crate::table! {
    /// What a text said at the end of a spell of writing.
    pub struct TextVersion in "shared_text_version" {
        pub text_id: Id,
        /// A text of [`markup`](crate::markup).
        pub body: String,
        /// Who wrote, parted by commas.
        pub written_by: String,
        pub began_at: Timestamp,
        pub written_at: Timestamp,
    }
}

/// A change as stored: its place in the order, and the update.
#[derive(sqlx::FromRow)]
pub(super) struct Change {
    pub rank: i64,
    pub change: Vec<u8>,
    pub written_by: String,
}

/// A spell of writing ends so many minutes after it began.
const SPELL_MINUTES: i64 = 10;
/// Changes that stand beside a state before they are folded into it.
const MOST_CHANGES: i64 = 200;
/// Names kept of a spell, in characters.
const MOST_NAMES: usize = 500;

/// Begins the text of what has this id with `html`; the one there is when another process was faster.
pub(super) async fn begin(
    tx: &mut Tx,
    network: Id,
    id: Id,
    html: &str,
    now: Timestamp,
) -> Result<SharedText> {
    let doc = text::empty();
    text::rewrite(&doc, html);
    let sql = sql!(
        "insert into shared_text (network_id, id, state, state_rank, last_rank, told_rank, written_by, written_at, ",
        "created_at) values ($1, $2, $3, 0, 0, 0, '', $4, $4) on conflict (network_id, id) do nothing"
    );
    tx.run(sql, args![network, id, text::state(&doc), now]).await?;
    tx.get(network, id).await
}

/// The text of what has this id, when it was ever shared.
pub(super) async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Option<SharedText>> {
    Ok(tx.all_in::<SharedText>(network, "id", &[id]).await?.pop())
}

/// The changes after one, in order.
pub(super) async fn changes_after(tx: &mut Tx, network: Id, id: Id, rank: i64) -> Result<Vec<Change>> {
    let sql = sql!(
        "select rank, change, written_by from shared_text_change ",
        "where network_id = $1 and text_id = $2 and rank > $3 order by rank"
    );
    tx.all(sql, args![network, id, rank]).await
}

/// The document with all its changes.
pub(super) async fn document(tx: &mut Tx, stored: &SharedText) -> Result<Doc> {
    let doc = text::empty();
    text::apply(&doc, &stored.state)?;
    for one in changes_after(tx, stored.network_id, stored.id, stored.state_rank).await? {
        text::apply(&doc, &one.change)?;
    }
    Ok(doc)
}

/// Stores a change after all the others, and tells every process when the transaction commits. Returns its rank.
pub(super) async fn add(
    tx: &mut Tx,
    (network, id): (Id, Id),
    change: Vec<u8>,
    (by, now): (&str, Timestamp),
) -> Result<i64> {
    let sql = sql!(
        "update shared_text set last_rank = last_rank + 1, written_by = $3, written_at = $4 ",
        "where network_id = $1 and id = $2 returning last_rank"
    );
    let rank: i64 = tx.value(sql, args![network, id, by, now]).await?;
    let sql = sql!(
        "insert into shared_text_change (network_id, text_id, rank, change, written_by, written_at) ",
        "values ($1, $2, $3, $4, $5, $6)"
    );
    tx.run(sql, args![network, id, rank, change, by, now]).await?;
    tx.tell_of_text(id, rank);
    Ok(rank)
}

/// Which of these texts changed since what they belong to last heard.
pub async fn changed(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<Vec<Id>> {
    let all = tx.all_in::<SharedText>(network, "id", ids).await?;
    Ok(all.into_iter().filter(|one| one.told_rank < one.last_rank).map(|one| one.id).collect())
}

/// What became of a text since what it belongs to last heard.
pub struct Told {
    /// What it says now, a text of [`markup`](crate::markup).
    pub html: String,
    pub written_by: String,
    pub written_at: Timestamp,
}

/// What a text says now, when it changed since this was last asked. It keeps the version of this spell of writing too, and
/// folds changes into the state once there are many.
pub async fn told(tx: &mut Tx, network: Id, id: Id, now: Timestamp) -> Result<Option<Told>> {
    let Some(stored) = find(tx, network, id).await?.filter(|stored| stored.told_rank < stored.last_rank)
    else {
        return Ok(None);
    };
    // Of two processes that ask at once, one is told.
    let sql =
        sql!("update shared_text set told_rank = $3 where network_id = $1 and id = $2 and told_rank = $4");
    if tx.run(sql, args![network, id, stored.last_rank, stored.told_rank]).await? == 0 {
        return Ok(None);
    }
    let doc = text::empty();
    text::apply(&doc, &stored.state)?;
    let mut writers = BTreeSet::new();
    for one in changes_after(tx, network, id, stored.state_rank).await? {
        text::apply(&doc, &one.change)?;
        if one.rank > stored.told_rank {
            writers.insert(one.written_by);
        }
    }
    let html = text::html(&doc);
    keep_version(tx, &stored, &html, writers, now).await?;
    if stored.last_rank - stored.state_rank > MOST_CHANGES {
        fold(tx, &stored, text::state(&doc)).await?;
    }
    Ok(Some(Told { html, written_by: stored.written_by, written_at: stored.written_at }))
}

async fn fold(tx: &mut Tx, stored: &SharedText, state: Vec<u8>) -> Result<()> {
    let (network, id, rank) = (stored.network_id, stored.id, stored.last_rank);
    let sql = sql!("update shared_text set state = $3, state_rank = $4 where network_id = $1 and id = $2");
    tx.run(sql, args![network, id, state, rank]).await?;
    let sql = sql!("delete from shared_text_change where network_id = $1 and text_id = $2 and rank <= $3");
    tx.run(sql, args![network, id, rank]).await?;
    Ok(())
}

async fn keep_version(
    tx: &mut Tx,
    stored: &SharedText,
    html: &str,
    writers: BTreeSet<String>,
    now: Timestamp,
) -> Result<()> {
    let sql = sql!(
        "select network_id, id, text_id, body, written_by, began_at, written_at from shared_text_version ",
        "where network_id = $1 and text_id = $2 order by began_at desc, id desc limit 1"
    );
    let last: Option<TextVersion> = tx.optional(sql, args![stored.network_id, stored.id]).await?;
    if last.as_ref().is_some_and(|last| last.body == html) {
        return Ok(());
    }
    match last.filter(|last| last.began_at.plus_minutes(SPELL_MINUTES) > now) {
        Some(spell) => {
            let mut names: BTreeSet<&str> = spell.written_by.split(", ").collect();
            names.extend(writers.iter().map(String::as_str));
            let sql = sql!(
                "update shared_text_version set body = $3, written_by = $4, written_at = $5 ",
                "where network_id = $1 and id = $2"
            );
            let names = joined(names);
            tx.run(sql, args![stored.network_id, spell.id, html, names, stored.written_at]).await?;
        }
        None => {
            let new = TextVersion {
                network_id: stored.network_id,
                id: Id::new(now),
                text_id: stored.id,
                body: html.to_owned(),
                written_by: joined(writers.iter().map(String::as_str)),
                began_at: now,
                written_at: stored.written_at,
            };
            tx.insert(&[new]).await?;
        }
    }
    Ok(())
}

fn joined<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let all: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
    crate::text::shorten(&all.join(", "), MOST_NAMES)
}

/// What a text said before, the latest first.
pub async fn versions(tx: &mut Tx, network: Id, id: Id, most: i64) -> Result<Vec<TextVersion>> {
    let sql = sql!(
        "select network_id, id, text_id, body, written_by, began_at, written_at from shared_text_version ",
        "where network_id = $1 and text_id = $2 order by began_at desc, id desc limit $3"
    );
    tx.all(sql, args![network, id, most]).await
}

/// Makes a shared text say this: what came from a form, or from a former version. Nothing for a text that was never shared.
pub async fn rewrite(
    tx: &mut Tx,
    network: Id,
    id: Id,
    html: &str,
    (by, now): (&str, Timestamp),
) -> Result<()> {
    let Some(stored) = find(tx, network, id).await? else { return Ok(()) };
    let doc = document(tx, &stored).await?;
    let before = text::html(&doc);
    let change = text::rewrite(&doc, html);
    if text::html(&doc) != before {
        add(tx, (network, id), change, (by, now)).await?;
    }
    Ok(())
}

/// Forgets a text with all that it ever said.
pub async fn forget(tx: &mut Tx, network: Id, id: Id) -> Result<()> {
    for sql in [
        sql!("delete from shared_text_version where network_id = $1 and text_id = $2"),
        sql!("delete from shared_text_change where network_id = $1 and text_id = $2"),
        sql!("delete from shared_text where network_id = $1 and id = $2"),
    ] {
        tx.run(sql, args![network, id]).await?;
    }
    Ok(())
}
