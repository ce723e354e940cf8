//! What keeps a text: stores the changes of a room, several in one transaction, and tells what the text belongs to what it
//! says. It works beside the room, so that a letter shows on other screens while it is being stored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use super::{Subject, store, text};
use crate::app::App;
use crate::db::Id;
use crate::error::{Error, Result};
use crate::visitor::Visitor;

/// What is stored in one transaction.
const AT_ONCE: usize = 256;
/// How long what was seen of a writer's rights is believed.
const CHECKED_FOR: Duration = Duration::from_secs(1);
/// From one transaction to the next: what many writers send meanwhile is stored together. It is on screens already, and
/// a lone letter is stored at once.
const STORED_EVERY: Duration = Duration::from_millis(20);
/// How long after a change what the text belongs to is told.
const TOLD_AFTER: Duration = Duration::from_millis(500);

/// A change of one writer.
pub(super) struct Change {
    pub member: u64,
    pub number: u32,
    pub visitor: Arc<Visitor>,
    pub update: Vec<u8>,
}

/// What becomes of changes.
pub(super) enum Kept {
    /// These are stored: whose, under which number; the first and the last of their ranks.
    Stored { of: Vec<(u64, u32)>, ranks: (i64, i64) },
    /// These are not, nor anything after them.
    Failed { of: Vec<u64>, error: Error },
    /// What writers should know of what they wrote.
    Advice(&'static str),
}

pub(super) struct Keeper {
    pub app: App,
    pub subject: Arc<dyn Subject>,
    pub network: Id,
    pub id: Id,
    pub kept: mpsc::UnboundedSender<Kept>,
    /// The last rank that this process gave: the room hears of it from here.
    pub own_rank: Arc<AtomicI64>,
    /// When the text's owner is to be told.
    pub tells_at: Option<Instant>,
    /// When each writer's rights were last looked at.
    checked: BTreeMap<Id, Instant>,
}

impl Keeper {
    pub fn new(
        app: &App,
        subject: &Arc<dyn Subject>,
        kept: mpsc::UnboundedSender<Kept>,
        own_rank: &Arc<AtomicI64>,
    ) -> Self {
        let (network, id) = subject.text();
        Self {
            app: app.clone(),
            subject: subject.clone(),
            network,
            id,
            kept,
            own_rank: own_rank.clone(),
            tells_at: None,
            checked: BTreeMap::new(),
        }
    }

    /// Keeps what comes until the room is gone. An empty change only says that others changed the text.
    pub async fn run(mut self, mut changes: mpsc::UnboundedReceiver<Option<Change>>) {
        let mut batch = Vec::new();
        let mut next_at = Instant::now();
        loop {
            let far = Instant::now() + Duration::from_secs(3600);
            let some = async {
                sleep_until(next_at).await;
                changes.recv_many(&mut batch, AT_ONCE).await
            };
            tokio::select! {
                count = some => {
                    next_at = Instant::now() + STORED_EVERY;
                    if count == 0 {
                        break;
                    }
                    let all: Vec<Change> = batch.drain(..).flatten().collect();
                    self.tells_at.get_or_insert_with(|| Instant::now() + TOLD_AFTER);
                    if !all.is_empty() && !self.keep(&all).await {
                        break;
                    }
                }
                () = sleep_until(self.tells_at.unwrap_or(far)) => self.tell().await,
            }
        }
        if self.tells_at.is_some() {
            self.tell().await;
        }
    }

    /// Whether these are stored. Whatever the answer, the room hears of it.
    async fn keep(&mut self, all: &[Change]) -> bool {
        let stored = self.store(all).await;
        let well = stored.is_ok();
        // A room that is gone needs no answer.
        drop(self.kept.send(match stored {
            Ok(ranks) => Kept::Stored { of: all.iter().map(|one| (one.member, one.number)).collect(), ranks },
            Err(error) => Kept::Failed { of: all.iter().map(|one| one.member).collect(), error },
        }));
        well
    }

    async fn store(&mut self, all: &[Change]) -> Result<(i64, i64)> {
        let now = self.app.now();
        let mut writers: BTreeMap<Id, (&Visitor, Vec<&[u8]>)> = BTreeMap::new();
        for one in all {
            let writer = writers.entry(one.visitor.session_id).or_insert_with(|| (&one.visitor, Vec::new()));
            writer.1.push(&one.update);
        }
        let mut tx = self.app.db.write().await?;
        self.subject.check(&mut tx, now).await?;
        let mut ranks = None;
        for (session, (visitor, updates)) in writers {
            if self.checked.get(&session).is_none_or(|at| at.elapsed() > CHECKED_FOR) {
                self.subject.check_writer(&mut tx, visitor, now).await?;
                self.checked.insert(session, Instant::now());
            }
            let merged = yrs::merge_updates_v1(updates).map_err(|_| text::unreadable())?;
            let rank = store::add(&mut tx, (self.network, self.id), merged, (&visitor.name, now)).await?;
            ranks = Some((ranks.map_or(rank, |(first, _)| first), rank));
        }
        let (first, last) = ranks.ok_or_else(|| Error::bug("nothing to store"))?;
        self.own_rank.store(last, Ordering::SeqCst);
        tx.commit().await?;
        Ok((first, last))
    }

    /// Tells what the text belongs to what it says now.
    async fn tell(&mut self) {
        self.tells_at = None;
        let told = async {
            let now = self.app.now();
            let mut tx = self.app.db.write().await?;
            let advice = match store::told(&mut tx, self.network, self.id, now).await? {
                Some(told) => self.subject.told(&mut tx, &told).await?,
                None => return Ok(None),
            };
            tx.commit().await?;
            Ok::<_, Error>(Some(advice.unwrap_or_default()))
        };
        match told.await {
            Ok(Some(advice)) => drop(self.kept.send(Kept::Advice(advice))),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "what a shared text says is not told yet"),
        }
    }
}
