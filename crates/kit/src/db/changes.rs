//! What changed, known to every process: a page kept in memory is served only while nothing that its
//! network shows has changed, in this process or in another.
//!
//! A transaction notices by itself which networks' rows it writes ([`Tx`] sees every statement) and counts the
//! change in `network_change` before it commits. Other processes learn of it at once on PostgreSQL
//! (`listen`/`notify`), within [`LOOK_EVERY`] on SQLite (`pragma data_version`); while a process cannot hear of
//! others' changes, it says so and nothing kept is served.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgListener;
use sqlx::sqlite::SqliteConnection;

use super::tx::Inner;
use super::unseen::UNSEEN;
use super::{Arg, Db, Heard, Id, Pools, Tx, heard};
use crate::error::{Error, Result};
use crate::{args, sql};

/// How often another process's writes are looked for on SQLite.
pub const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long a silent connection to PostgreSQL is believed before it is tried.
const BELIEVED_FOR: Duration = Duration::from_secs(5);
const CHANNEL: &str = "esplanade";
/// What is told on the channel when jobs were added.
const JOBS: &str = "jobs";
/// The row that counts changes that concern every network.
const EVERY_NETWORK: &str = "";

/// Which networks a transaction has changed something of.
#[derive(Default)]
pub(super) struct Touched {
    networks: BTreeSet<String>,
    every: bool,
}

impl Touched {
    /// Notes what a statement writes. Its network is its first value where its text says so; what does not say
    /// concerns every network.
    pub(super) fn note(&mut self, text: &str, first: Option<&Arg>) {
        let Some(table) = written(text) else { return };
        if UNSEEN.contains(&table) {
            return;
        }
        let named = text.contains("network_id = $1")
            || text.contains("(network_id,")
            || (table == "network" && text.contains("where id = $1"));
        match first {
            Some(Arg::Text(Some(network))) if named => {
                self.networks.insert(network.clone());
            }
            _ => self.every = true,
        }
    }

    /// Notes that rows of a table were written in a network.
    pub(super) fn note_row(&mut self, table: &str, network: Id) {
        if !UNSEEN.contains(&table) {
            self.networks.insert(network.to_string());
        }
    }

    fn keys(&self) -> Vec<String> {
        if self.every { vec![EVERY_NETWORK.to_owned()] } else { self.networks.iter().cloned().collect() }
    }
}

/// The table that a statement writes; `None` for one that only reads.
fn written(text: &str) -> Option<&str> {
    let mut words = text.split_ascii_whitespace();
    let skipped = match words.next()? {
        "update" => 0,
        "insert" | "delete" => 1,
        _ => return None,
    };
    words.nth(skipped)
}

/// What this process knows of changes. Cheap to ask: no query, no lock but a shared one.
#[derive(Default)]
pub struct Changes {
    /// Grows with each change; a reader takes it before reading.
    clock: AtomicU64,
    /// The clock at the last change that concerned every network.
    every: AtomicU64,
    networks: RwLock<HashMap<String, Arc<AtomicU64>>>,
    /// The counts of `network_change` as last learnt.
    counts: Mutex<HashMap<String, i64>>,
    hears: AtomicBool,
}

/// A point in time to which what was read belongs.
#[derive(Clone, Copy, Debug)]
pub struct Mark(u64);

/// Tells whether what was read of a network at a [`Mark`] still holds.
pub struct Holds {
    at: u64,
    /// When its network last changed; `None` for what was read of every network.
    network: Option<Arc<AtomicU64>>,
}

impl Changes {
    /// To be taken before reading what is to be kept.
    pub fn mark(&self) -> Mark {
        Mark(self.clock.load(Ordering::SeqCst))
    }

    /// What was read at `mark` of this network, to be asked later whether it still holds.
    pub fn since(&self, mark: Mark, network: Id) -> Holds {
        Holds { at: mark.0, network: Some(self.last(&network.to_string())) }
    }

    /// The same for what was read of every network: any change ends it.
    pub fn since_of_all(&self, mark: Mark) -> Holds {
        Holds { at: mark.0, network: None }
    }

    pub fn hold(&self, holds: &Holds) -> bool {
        self.hears.load(Ordering::SeqCst)
            && self.every.load(Ordering::SeqCst) <= holds.at
            && holds.network.as_deref().unwrap_or(&self.clock).load(Ordering::SeqCst) <= holds.at
    }

    fn last(&self, network: &str) -> Arc<AtomicU64> {
        let known = self.networks.read().unwrap_or_else(PoisonError::into_inner).get(network).cloned();
        known.unwrap_or_else(|| {
            let mut networks = self.networks.write().unwrap_or_else(PoisonError::into_inner);
            networks.entry(network.to_owned()).or_default().clone()
        })
    }

    fn happened(&self, key: &str) {
        let now = self.clock.fetch_add(1, Ordering::SeqCst) + 1;
        match key {
            EVERY_NETWORK => self.every.fetch_max(now, Ordering::SeqCst),
            network => self.last(network).fetch_max(now, Ordering::SeqCst),
        };
    }

    /// Takes note of counts read from `network_change`, or told by who counted.
    fn learn(&self, counts: &[(String, i64)]) {
        for (key, count) in counts {
            let mut known = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let before = known.insert(key.clone(), *count);
            drop(known);
            if before != Some(*count) {
                self.happened(key);
            }
        }
    }

    /// Whether changes made elsewhere are heard of. What was kept before an interruption is forgotten after it.
    fn hears(&self, hears: bool) {
        if hears && !self.hears.load(Ordering::SeqCst) {
            self.happened(EVERY_NETWORK);
        }
        self.hears.store(hears, Ordering::SeqCst);
    }
}

/// Ends the watch when the last handle on the database is gone.
pub(super) struct Watch(tokio::task::JoinHandle<()>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Tx {
    /// Counts what this transaction changed, and tells other processes; both take effect when it commits.
    pub(super) async fn count_changes(&mut self) -> Result<Vec<(String, i64)>> {
        let sql = sql!(
            "insert into network_change (network_id, version) values ($1, 1) ",
            "on conflict (network_id) do update set version = network_change.version + 1 returning version"
        );
        let mut counts = Vec::new();
        for key in self.touched.keys() {
            let count = self.value::<i64>(sql, args![key.as_str()]).await?;
            self.tell(&format!("{key} {count}")).await?;
            counts.push((key, count));
        }
        if self.wakes_jobs {
            self.tell(JOBS).await?;
        }
        for (text, rank) in self.texts.clone() {
            self.tell(&Heard::Text(text, rank).word()).await?;
        }
        Ok(counts)
    }

    pub(super) async fn tell(&mut self, what: &str) -> Result<()> {
        if matches!(self.inner, Inner::Postgres(_)) {
            let text = "select 1 from (select pg_notify($1, $2)) told".to_owned();
            self.all_built::<(i32,)>(text, args![CHANNEL, what]).await?;
        }
        Ok(())
    }
}

impl Db {
    /// Learns of what other processes change, until the last handle is dropped. Without it nothing kept holds.
    pub async fn watch(&self) -> Result<()> {
        let mut watch = self.watch.lock().await;
        if watch.is_some() {
            return Ok(());
        }
        let listener = Listener {
            changes: self.changes.clone(),
            jobs_added: self.jobs_added.clone(),
            heard: self.heard.clone(),
        };
        *watch = Some(Watch(match &self.pools {
            Pools::Sqlite { options, .. } => {
                let mut conn = SqliteConnection::connect_with(options).await.map_err(Error::bug)?;
                listener.look(&mut conn, &mut 0).await?;
                tokio::spawn(listener.look_for_ever(conn))
            }
            Pools::Postgres(pool) => {
                let mut ear = PgListener::connect_with(pool).await.map_err(Error::bug)?;
                listener.begin(&mut ear).await?;
                tokio::spawn(listener.listen_for_ever(ear))
            }
        }));
        Ok(())
    }

    /// Called once a transaction that counted changes is committed.
    pub(super) fn changed(&self, counts: &[(String, i64)]) {
        self.changes.learn(counts);
    }
}

struct Listener {
    changes: Arc<Changes>,
    jobs_added: Arc<tokio::sync::Notify>,
    heard: heard::Ears,
}

impl Listener {
    async fn look_for_ever(self, mut conn: SqliteConnection) {
        let mut seen = 0;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let looked = self.look(&mut conn, &mut seen).await;
            if let Err(error) = &looked {
                tracing::warn!(%error, "changes of other processes cannot be seen");
            }
            self.changes.hears(looked.is_ok());
        }
    }

    /// Reads the counts when anything at all was written since the last look.
    async fn look(&self, conn: &mut SqliteConnection, seen: &mut i64) -> Result<()> {
        let (state,): (i64,) = fetch("pragma data_version", conn).await?.pop().unwrap_or_default();
        if state != *seen {
            let counts = fetch("select network_id, version from network_change", conn).await?;
            self.changes.learn(&counts);
            self.heard.tell(Heard::Something);
            *seen = state;
        }
        self.changes.hears(true);
        Ok(())
    }

    async fn begin(&self, ear: &mut PgListener) -> Result<()> {
        ear.eager_reconnect(false);
        ear.listen(CHANNEL).await.map_err(Error::bug)?;
        self.catch_up(ear).await
    }

    /// Reads every count: proof that the connection lives, and what a lost word would have told.
    async fn catch_up(&self, ear: &mut PgListener) -> Result<()> {
        let counts = fetch_postgres("select network_id, version from network_change", ear).await?;
        self.changes.learn(&counts);
        self.changes.hears(true);
        self.heard.tell(Heard::Something);
        Ok(())
    }

    async fn listen_for_ever(self, mut ear: PgListener) {
        loop {
            let heard = tokio::time::timeout(BELIEVED_FOR, ear.try_recv()).await;
            let well = match heard {
                Ok(Ok(Some(word))) => {
                    self.hear(word.payload());
                    Ok(())
                }
                Ok(Ok(None)) => Err(Error::bug("the connection that listens was lost")),
                Ok(Err(error)) => Err(Error::bug(error)),
                Err(_) => match tokio::time::timeout(BELIEVED_FOR, self.catch_up(&mut ear)).await {
                    Ok(done) => done,
                    Err(_) => Err(Error::bug("the connection that listens is silent")),
                },
            };
            if let Err(error) = well {
                tracing::warn!(%error, "changes of other processes cannot be heard");
                self.changes.hears(false);
                tokio::time::sleep(Duration::from_secs(1)).await;
                if let Err(error) = self.catch_up(&mut ear).await {
                    tracing::warn!(%error, "still not heard");
                }
            }
        }
    }

    fn hear(&self, word: &str) {
        if word == JOBS {
            self.jobs_added.notify_waiters();
        } else if let Some(heard) = Heard::read(word) {
            self.heard.tell(heard);
        } else if let Some((key, count)) = word.rsplit_once(' ')
            && let Ok(count) = count.parse()
        {
            self.changes.learn(&[(key.to_owned(), count)]);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a connection of its own, outside any transaction")]
async fn fetch<T>(text: &'static str, conn: &mut SqliteConnection) -> Result<Vec<T>>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
{
    sqlx::query_as(text).fetch_all(conn).await.map_err(Error::bug)
}

#[expect(clippy::disallowed_methods, reason = "a connection of its own, outside any transaction")]
async fn fetch_postgres(text: &'static str, ear: &mut PgListener) -> Result<Vec<(String, i64)>> {
    sqlx::query_as(text).fetch_all(ear).await.map_err(Error::bug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_says_what_it_writes_and_for_whom() {
        let network = Arg::Text(Some("n".to_owned()));
        let touches = |text: &str| {
            let mut touched = Touched::default();
            touched.note(text, Some(&network));
            touched.keys()
        };
        assert_eq!(touches("update person set x = $2 where network_id = $1"), ["n"]);
        assert_eq!(touches("insert into facet (network_id, id) values ($1, $2)"), ["n"]);
        assert_eq!(touches("delete from facet where network_id = $1"), ["n"]);
        assert_eq!(touches("update network set accent = $2 where id = $1"), ["n"]);
        assert_eq!(touches("insert into network (id, code) values ($1, $2)"), [EVERY_NETWORK]);
        assert_eq!(touches("update person set x = 1"), [EVERY_NETWORK]);
        assert!(touches("select 1 from person where network_id = $1").is_empty());
        assert!(touches("update session set last_seen_at = $3 where network_id = $1").is_empty());
    }

    #[test]
    fn what_was_read_holds_until_its_own_network_changes() {
        let (changes, one, other) = (Changes::default(), Id::first(), Id::new(crate::Timestamp(1)));
        assert!(!changes.hold(&changes.since(changes.mark(), one)), "deaf to others, nothing holds");
        changes.hears(true);
        let kept = changes.since(changes.mark(), one);
        assert!(changes.hold(&kept));
        changes.learn(&[(other.to_string(), 1)]);
        assert!(changes.hold(&kept));
        changes.learn(&[(one.to_string(), 1)]);
        assert!(!changes.hold(&kept));
        let (kept, all) = (changes.since(changes.mark(), one), changes.since_of_all(changes.mark()));
        changes.learn(&[(one.to_string(), 1)]);
        assert!(changes.hold(&kept), "the same count again is no news");
        changes.learn(&[(other.to_string(), 2)]);
        assert!(changes.hold(&kept) && !changes.hold(&all));
        changes.learn(&[(EVERY_NETWORK.to_owned(), 1)]);
        assert!(!changes.hold(&kept));
    }

    #[test]
    fn an_interruption_forgets_everything() {
        let changes = Changes::default();
        changes.hears(true);
        let kept = changes.since(changes.mark(), Id::first());
        changes.hears(false);
        assert!(!changes.hold(&kept));
        changes.hears(true);
        assert!(!changes.hold(&kept));
    }
}
