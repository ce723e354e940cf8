//! Who has a conversation open just now, so that two people do not answer the same message.

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::respond::json;
use kit::{Cx, Fields, Result, Tx, args, sql};

use super::policy::{Want, require};
use super::thread::Thread;

/// Someone who was seen longer ago has left.
const SECONDS: i64 = 60;

/// Someone who reads the mailbox, and when they last had the conversation open.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Colleague {
    pub id: Id,
    pub name: String,
    pub writing: Option<bool>,
    pub seen_at: Option<Timestamp>,
}

/// Those who read the mailbox, with what is known of their presence in a conversation.
pub async fn colleagues(tx: &mut Tx, network: Id, thread: Id) -> Result<Vec<Colleague>> {
    let sql = sql!(
        "select distinct a.id, a.name, p.writing, p.seen_at from account_role r join account a ",
        "on a.network_id = r.network_id and a.id = r.account_id left join mail_presence p ",
        "on p.network_id = a.network_id and p.thread_id = $2 and p.account_id = a.id ",
        "where r.network_id = $1 and r.role = 'coordinator' and a.disabled_at is null limit 50"
    );
    tx.all(sql, args![network, thread]).await
}

/// Notes that someone has a conversation open.
pub async fn note(tx: &mut Tx, cx: &Cx, thread: Id, writing: bool) -> Result<()> {
    let visitor = cx.visitor()?;
    let sql = sql!(
        "insert into mail_presence (network_id, id, thread_id, account_id, name, writing, seen_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (network_id, thread_id, account_id) do update set ",
        "writing = excluded.writing, seen_at = excluded.seen_at"
    );
    let args =
        args![cx.network.id, Id::new(cx.now), thread, visitor.account_id, &visitor.name, writing, cx.now];
    tx.run(sql, args).await.map(drop)
}

/// Deletes what was seen a day ago.
pub async fn forget_old(tx: &mut Tx, network: Id, now: Timestamp) -> Result<()> {
    let sql = sql!("delete from mail_presence where network_id = $1 and seen_at < $2");
    tx.run(sql, args![network, now.plus_days(-1)]).await.map(drop)
}

/// Said by an open page from time to time; answers who else is there.
pub async fn tell(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    tx.get::<Thread>(cx.network.id, id).await?;
    note(&mut tx, &cx, id, form.flag("ecrit")).await?;
    let present = colleagues(&mut tx, cx.network.id, id).await?;
    tx.commit().await?;
    Ok(json(&serde_json::json!({ "presents": sentence(&present, cx.visitor()?.account_id, cx.now) })))
}

/// « Claire : une réponse est en cours d’écriture. »
pub fn sentence(colleagues: &[Colleague], me: Id, now: Timestamp) -> String {
    let since = now.plus_seconds(-SECONDS);
    let here = |one: &&Colleague| one.id != me && one.seen_at.is_some_and(|at| at > since);
    let named = |writing: bool| {
        let names = colleagues.iter().filter(here).filter(|one| one.writing == Some(writing));
        names.map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (writing, reading) = (named(true), named(false));
    match (writing.is_empty(), reading.is_empty()) {
        (true, true) => String::new(),
        (false, _) => format!("{writing}\u{a0}: une réponse est en cours d’écriture."),
        (true, false) => format!("{reading}\u{a0}: cette conversation est ouverte ailleurs."),
    }
}
