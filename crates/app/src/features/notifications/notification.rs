//! The Notification: that one account is told of one thing; and what people chose.

use std::collections::HashMap;

use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::{App, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::topic::{Topic, topic};

kit::table! {
    /// What one account is told.
    pub struct Notification in "notification" {
        pub account_id: Id,
        pub topic: String,
        pub item_key: String,
        pub title: String,
        pub mail_title: String,
        pub url: String,
        pub at: Timestamp,
        pub on_screen: bool,
        /// A code of [`super::topic::RHYTHMS`].
        pub rhythm: String,
        pub ripe_at: Timestamp,
        pub read_at: Option<Timestamp>,
        pub mailed_at: Option<Timestamp>,
    }
}

kit::table! {
    /// What an account chose for a topic.
    pub struct Chosen in "notification_choice" {
        pub account_id: Id,
        pub topic: String,
        pub rhythm: String,
        pub on_screen: bool,
    }
}

/// Notifications are kept this long, in days.
const KEPT_FOR_DAYS: i64 = 180;
/// So are jobs that ended.
const JOBS_FOR_DAYS: i64 = 7;

/// Tells an account of something, once per key; says whether it is new. What is counted is told anew under the same
/// key, and only its words change.
pub async fn tell(tx: &mut Tx, new: &Notification) -> Result<bool> {
    let sql = sql!(
        "insert into notification (network_id, id, account_id, topic, item_key, title, mail_title, url, \
            at, on_screen, ",
        "rhythm, ripe_at, read_at, mailed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
            $13, $14) ",
        "on conflict (network_id, account_id, item_key) do update set title = excluded.title, ",
        "mail_title = excluded.mail_title where notification.title <> excluded.title and \
            notification.mailed_at is null"
    );
    Ok(tx.run(sql, kit::db::Table::args(new)).await? > 0)
}

/// What everyone of a network chose, by account and topic.
pub async fn choices(tx: &mut Tx, network: Id) -> Result<HashMap<(Id, String), Chosen>> {
    let all: Vec<Chosen> = tx.all_of(network).await?;
    Ok(all.into_iter().map(|chosen| ((chosen.account_id, chosen.topic.clone()), chosen)).collect())
}

/// What one account chose, by topic.
pub async fn choices_of(tx: &mut Tx, network: Id, account: Id) -> Result<Vec<Chosen>> {
    tx.all_in(network, "account_id", &[account]).await
}

/// The rhythm of mails, and whether the screen shows it.
pub fn wanted(topic: &Topic, chosen: Option<&Chosen>) -> (String, bool) {
    chosen.map_or_else(|| (topic.rhythm.to_owned(), true), |chosen| (chosen.rhythm.clone(), chosen.on_screen))
}

/// Keeps what an account chose for a topic; what waits to be mailed follows.
pub async fn choose(tx: &mut Tx, chosen: &Chosen) -> Result<()> {
    let sql = sql!(
        "insert into notification_choice (network_id, id, account_id, topic, rhythm, on_screen) ",
        "values ($1, $2, $3, $4, $5, $6) on conflict (network_id, account_id, topic) ",
        "do update set rhythm = excluded.rhythm, on_screen = excluded.on_screen"
    );
    tx.run(sql, kit::db::Table::args(chosen)).await?;
    let sql = sql!(
        "update notification set rhythm = $4 where network_id = $1 and account_id = $2 and topic = $3 ",
        "and read_at is null and mailed_at is null and rhythm <> 'never'"
    );
    let (account, topic) = (chosen.account_id, chosen.topic.as_str());
    tx.run(sql, args![chosen.network_id, account, topic, chosen.rhythm.as_str()]).await.map(|_| ())
}

/// What an account has not read, the last first.
pub async fn unread(tx: &mut Tx, network: Id, account: Id, most: i64) -> Result<Vec<Notification>> {
    let sql = sql!(
        "select network_id, id, account_id, topic, item_key, title, mail_title, url, at, on_screen, \
            rhythm, ripe_at, ",
        "read_at, mailed_at from notification where network_id = $1 and account_id = $2 and on_screen ",
        "and read_at is null order by id desc limit $3"
    );
    tx.all(sql, args![network, account, most]).await
}

/// What an account has read, the last first, before one of them.
pub async fn already_read(
    tx: &mut Tx,
    network: Id,
    account: Id,
    before: Option<Id>,
    most: i64,
) -> Result<Vec<Notification>> {
    let sql = sql!(
        "select network_id, id, account_id, topic, item_key, title, mail_title, url, at, on_screen, \
            rhythm, ripe_at, ",
        "read_at, mailed_at from notification where network_id = $1 and account_id = $2 and on_screen ",
        "and read_at is not null and (cast($3 as text) is null or id < $3) order by id desc limit $4"
    );
    tx.all(sql, args![network, account, before, most]).await
}

/// Marks one as read.
pub async fn read(tx: &mut Tx, network: Id, id: Id, now: Timestamp) -> Result<()> {
    let sql =
        sql!("update notification set read_at = $3 where network_id = $1 and id = $2 and read_at is null");
    tx.run(sql, args![network, id, now]).await.map(|_| ())
}

/// Marks all that an account saw as read: what came since the page was drawn stays.
pub async fn read_until(tx: &mut Tx, network: Id, account: Id, last: Id, now: Timestamp) -> Result<u64> {
    let sql = sql!(
        "update notification set read_at = $4 where network_id = $1 and account_id = $2 and on_screen ",
        "and read_at is null and id <= $3"
    );
    tx.run(sql, args![network, account, last, now]).await
}

/// The topic's name.
pub fn topic_label(code: &str) -> &'static str {
    topic(code).map_or("", |topic| topic.label)
}

/// Deletes what was kept long enough.
#[derive(Serialize, Deserialize)]
pub struct Purge {}

impl Job for Purge {
    const KIND: &'static str = "notifications.purge";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        let sql = sql!("delete from notification where network_id = $1 and at < $2");
        tx.run(sql, args![network, app.now().plus_days(-KEPT_FOR_DAYS)]).await?;
        // The engine adds a job each minute: those that ended are not kept for ever.
        jobs::forget_done(&mut tx, network, app.now().plus_days(-JOBS_FOR_DAYS)).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}
