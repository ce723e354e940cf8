//! Drafts: what an account has typed in a form and not saved yet. Private to the account, and no line of the trail
//! tells of them: nothing was done yet. A form that is saved ends its draft (`web/guards.rs` sees to it).

use crate::db::{Id, Timestamp};
use crate::{Result, Tx, args, sql};

/// Most drafts of one account; the oldest goes when one more is kept.
pub const MOST: usize = 50;
/// Days after which a draft, or the memory of one, is deleted.
pub const DAYS: i64 = 30;

crate::table! {
    /// A draft, or what is left of one that was saved or forgotten.
    pub struct Draft in "draft" {
        pub account_id: Id,
        /// Address of the form.
        pub form: String,
        /// Version of what the form was drawn from, as the form says it.
        pub base: String,
        /// JSON: names, each with its values.
        pub fields: String,
        /// When it was typed.
        pub updated_at: Timestamp,
        pub forgotten_at: Option<Timestamp>,
    }
}

/// What an account typed last in a form, or when that was done with.
pub async fn of(tx: &mut Tx, network: Id, account: Id, form: &str) -> Result<Option<Draft>> {
    let sql = sql!(
        "select network_id, id, account_id, form, base, fields, updated_at, forgotten_at from draft ",
        "where network_id = $1 and account_id = $2 and form = $3"
    );
    tx.optional(sql, args![network, account, form]).await
}

/// Keeps a draft unless something typed later is kept, or the form was saved since. Answers whether it is kept.
pub async fn put(tx: &mut Tx, draft: &Draft) -> Result<bool> {
    let sql = sql!(
        "insert into draft (network_id, id, account_id, form, base, fields, updated_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (network_id, account_id, form) do update set ",
        "base = excluded.base, fields = excluded.fields, updated_at = excluded.updated_at, forgotten_at = null ",
        "where draft.updated_at <= excluded.updated_at ",
        "and (draft.forgotten_at is null or draft.forgotten_at < excluded.updated_at)"
    );
    let Draft { network_id, id, account_id, form, base, fields, updated_at, .. } = draft;
    let bound = args![*network_id, *id, *account_id, form, base, fields, *updated_at];
    let kept = tx.run(sql, bound).await? > 0;
    drop_oldest(tx, *network_id, *account_id).await?;
    Ok(kept)
}

/// The oldest beyond [`MOST`] go; so do the oldest memories of drafts done with.
async fn drop_oldest(tx: &mut Tx, network: Id, account: Id) -> Result<()> {
    let sql = sql!(
        "select id, forgotten_at from draft where network_id = $1 and account_id = $2 ",
        "order by updated_at desc, id desc limit 500"
    );
    let all: Vec<(Id, Option<Timestamp>)> = tx.all(sql, args![network, account]).await?;
    for done in [false, true] {
        let of_these = all.iter().filter(|(_, forgotten)| forgotten.is_some() == done);
        let beyond: Vec<Id> = of_these.skip(MOST).map(|(id, _)| *id).collect();
        tx.delete_in::<Draft>(network, "id", &beyond).await?;
    }
    Ok(())
}

/// Ends a draft: the form was saved, or its author wants it no longer.
pub async fn forget(tx: &mut Tx, network: Id, account: Id, form: &str, now: Timestamp) -> Result<()> {
    let sql = sql!(
        "update draft set fields = '', forgotten_at = $4, updated_at = $4 ",
        "where network_id = $1 and account_id = $2 and form = $3 and forgotten_at is null"
    );
    tx.run(sql, args![network, account, form, now]).await.map(drop)
}

/// Deletes what was typed more than [`DAYS`] ago.
pub async fn purge(tx: &mut Tx, network: Id, now: Timestamp) -> Result<()> {
    let sql = sql!("delete from draft where network_id = $1 and updated_at < $2");
    tx.run(sql, args![network, now.plus_days(-DAYS)]).await.map(drop)
}
