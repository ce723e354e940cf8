//! Ties: anything to anything, by kind and id, so that a message finds its place on the sheet of a person, on a structure
//! and on whatever later features bring, without either knowing the other's table.

use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::trail::Subject;
use crate::{args, sql};

crate::table! {
    /// One tie. `label` and `url` say what it leads to, as it was when the tie was made.
    pub struct Tie in "tie" {
        pub from_kind: String,
        pub from_id: Id,
        pub to_kind: String,
        pub to_id: Id,
        pub label: String,
        pub url: String,
        pub created_at: Timestamp,
    }
}

/// Ties one thing to another; nothing when it is already. Answers whether it is new.
pub async fn make(
    tx: &mut Tx,
    network: Id,
    now: Timestamp,
    from: (&str, Id),
    to: &Subject,
    url: &str,
) -> Result<bool> {
    let sql = sql!(
        "insert into tie (network_id, id, from_kind, from_id, to_kind, to_id, label, url, created_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
    );
    let args = args![network, Id::new(now), from.0, from.1, to.kind, to.id, &to.label, url, now];
    Ok(tx.run(sql, args).await? > 0)
}

/// Unties; answers what was tied.
pub async fn undo(tx: &mut Tx, network: Id, from: (&str, Id), tie: Id) -> Result<Option<Tie>> {
    let sql = sql!(
        "delete from tie where network_id = $1 and from_kind = $2 and from_id = $3 and id = $4 ",
        "returning network_id, id, from_kind, from_id, to_kind, to_id, label, url, created_at"
    );
    tx.optional(sql, args![network, from.0, from.1, tie]).await
}

/// What something is tied to.
pub async fn of(tx: &mut Tx, network: Id, from: (&str, Id)) -> Result<Vec<Tie>> {
    let sql = sql!(
        "select network_id, id, from_kind, from_id, to_kind, to_id, label, url, created_at from tie ",
        "where network_id = $1 and from_kind = $2 and from_id = $3 order by id limit 100"
    );
    tx.all(sql, args![network, from.0, from.1]).await
}

/// What is tied to something, the latest first.
pub async fn to(tx: &mut Tx, network: Id, to: (&str, Id), most: i64) -> Result<Vec<Tie>> {
    let sql = sql!(
        "select network_id, id, from_kind, from_id, to_kind, to_id, label, url, created_at from tie ",
        "where network_id = $1 and to_kind = $2 and to_id = $3 order by id desc limit $4"
    );
    tx.all(sql, args![network, to.0, to.1, most]).await
}
