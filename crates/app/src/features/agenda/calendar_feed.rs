//! The CalendarFeed: a secret address at which a program of someone's own reads their meetings.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, Visitor, args, sql};
use serde_json::json;

kit::table! {
    /// An address that a program reads.
    pub struct CalendarFeed in "calendar_feed" {
        pub account_id: Id,
        /// Absent for all the meetings that the account may read.
        pub committee_id: Option<Id>,
        /// The telephone or program that reads it.
        pub label: String,
        pub created_at: Timestamp,
        pub last_read_at: Option<Timestamp>,
    }
}

/// Feeds that one account may have.
pub const MOST: usize = 20;
/// Longest name of a program, in characters.
pub const MOST_LABEL: usize = 60;
/// What addresses of feeds are signed for.
const PURPOSE: &str = "calendar feed";
/// What programs expect at the end of an address.
const ENDING: &str = ".ics";
/// The time of last reading is written no more often than this, in days.
const READ_EVERY: i64 = 1;

impl CalendarFeed {
    /// Where a program reads it.
    pub fn path(&self, app: &App) -> String {
        format!("/agenda/flux/{}{ENDING}", app.secret.token(PURPOSE, self.network_id, self.id))
    }

    fn subject(&self) -> Subject {
        Subject::new("calendar_feed", self.id, &self.label)
    }
}

/// What an address that is not one, or no longer, is answered: never why.
pub fn gone() -> Error {
    Error::Gone("Cet abonnement n’existe pas, ou il a pris fin.".to_owned())
}

/// The feed of an address; [`gone`] for any other.
pub async fn of_token(tx: &mut Tx, app: &App, network: &Network, token: &str) -> Result<CalendarFeed> {
    let token = token.strip_suffix(ENDING).ok_or_else(gone)?;
    app.secret.row_of_token(tx, PURPOSE, network.id, token, gone).await
}

/// The feeds of an account, the latest first.
pub async fn of_account(tx: &mut Tx, network: Id, account: Id) -> Result<Vec<CalendarFeed>> {
    let sql = sql!(
        "select network_id, id, account_id, committee_id, label, created_at, last_read_at from calendar_feed ",
        "where network_id = $1 and account_id = $2 order by id desc limit 100"
    );
    tx.all(sql, args![network, account]).await
}

/// Makes a feed of someone's own; `shown` says of what. Refused when they have too many.
pub async fn make(
    tx: &mut Tx,
    actor: &Actor,
    owner: &Visitor,
    (committee, shown): (Option<Id>, &str),
    label: &str,
) -> Result<CalendarFeed> {
    if of_account(tx, actor.network_id, owner.account_id).await?.len() >= MOST {
        return Err(Error::refused("Retirez d’abord un abonnement dont vous ne vous servez plus."));
    }
    let feed = CalendarFeed {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        account_id: owner.account_id,
        committee_id: committee,
        label: label.to_owned(),
        created_at: actor.now,
        last_read_at: None,
    };
    tx.insert(std::slice::from_ref(&feed)).await?;
    let act = Act::new("calendar_feed.made", feed.subject()).after(&json!({ "calendar": shown }));
    record(tx, actor, owner, act).await?;
    Ok(feed)
}

/// Ends a feed of someone's own: whatever reads it is answered nothing more.
pub async fn revoke(tx: &mut Tx, actor: &Actor, owner: &Visitor, id: Id) -> Result<CalendarFeed> {
    let feed: CalendarFeed = tx.get(actor.network_id, id).await?;
    if feed.account_id != owner.account_id {
        return Err(Error::NotFound);
    }
    tx.delete::<CalendarFeed>(actor.network_id, id).await?;
    record(tx, actor, owner, Act::new("calendar_feed.revoked", feed.subject())).await?;
    Ok(feed)
}

async fn record(tx: &mut Tx, actor: &Actor, owner: &Visitor, act: Act) -> Result<()> {
    let account = Subject::new("account", owner.account_id, &owner.name);
    trail::record(tx, actor, act.concerning(account)).await.map(drop)
}

/// Whether the time of reading is to be written.
pub fn is_news(feed: &CalendarFeed, now: Timestamp) -> bool {
    feed.last_read_at.is_none_or(|at| at.plus_days(READ_EVERY) <= now)
}

/// Notes that a feed was read.
pub async fn read(tx: &mut Tx, feed: &CalendarFeed, now: Timestamp) -> Result<()> {
    let sql = sql!("update calendar_feed set last_read_at = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![feed.network_id, feed.id, now]).await.map(drop)
}
