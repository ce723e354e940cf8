//! A room: one open text in one process, with whoever writes it there. All that happens to the text passes through the
//! room's one task: what several people send at once is stored in one transaction, and acknowledged after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, sleep_until};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, ReadTxn, StateVector, Transact};

use super::frame;
use super::presence::{Elsewhere, SAY_EVERY};
use super::{Subject, store, text};
use crate::app::App;
use crate::db::{Heard, Id};
use crate::error::{Error, Result};
use crate::visitor::Visitor;

/// What is sent to a room waits in a row of so many.
const INBOX: usize = 1_024;
/// What is stored in one transaction.
const AT_ONCE: usize = 256;
/// What waits to be sent to one writer; who does not take it is shown out, and comes back.
const OUTBOX: usize = 1_024;
/// Longest text, in bytes of its document.
const MOST_STATE: usize = 4 << 20;
/// How long after a change what the text belongs to is told.
const TOLD_AFTER: Duration = Duration::from_millis(500);
/// How long a change of place waits for others to be shown with it.
const SHOWN_AFTER: Duration = Duration::from_millis(60);
/// How long what was seen of a writer's rights is believed.
const CHECKED_FOR: Duration = Duration::from_secs(5);
/// How long a room stays open once the last has left.
const EMPTY_FOR: Duration = Duration::from_secs(20);

/// What is asked of a room.
pub(super) enum Ask {
    Join {
        visitor: Arc<Visitor>,
        out: mpsc::Sender<Bytes>,
        number: tokio::sync::oneshot::Sender<u64>,
    },
    /// What does a writer lack that knows of this (a state vector)?
    Sync {
        member: u64,
        known: Vec<u8>,
    },
    Change {
        member: u64,
        number: u32,
        update: Vec<u8>,
    },
    /// Where a writer is, in the browser's own words.
    At {
        member: u64,
        place: String,
    },
    Leave {
        member: u64,
    },
}

/// One browser at the text.
pub(super) struct Member {
    pub visitor: Arc<Visitor>,
    out: mpsc::Sender<Bytes>,
    pub place: String,
}

/// An open text.
pub(super) struct Room {
    pub(super) app: App,
    subject: Arc<dyn Subject>,
    network: Id,
    pub(super) id: Id,
    doc: Doc,
    /// The last change that `doc` holds.
    rank: i64,
    pub(super) members: BTreeMap<u64, Member>,
    last_member: u64,
    pub(super) elsewhere: BTreeMap<String, Elsewhere>,
    /// The size of the document, at most.
    size: usize,
    /// When each writer's rights were last looked at.
    checked: BTreeMap<Id, Instant>,
    tells_at: Option<Instant>,
    pub(super) shows_at: Option<Instant>,
    pub(super) says_at: Instant,
    ends_at: Instant,
}

/// What made a room end before its time: it opens anew for who comes back.
struct Broken;

/// Opens a room, and returns where to ask it.
pub(super) async fn open(app: &App, subject: Arc<dyn Subject>) -> Result<mpsc::Sender<Ask>> {
    let (network, id) = subject.text();
    let mut tx = app.db.write().await?;
    let html = subject.begin(&mut tx).await?;
    let stored = store::open(&mut tx, network, id, &html, app.now()).await?;
    let doc = store::document(&mut tx, &stored).await?;
    tx.commit().await?;
    let heard = app.db.listen();
    let now = Instant::now();
    let room = Room {
        app: app.clone(),
        subject,
        network,
        id,
        doc,
        rank: stored.last_rank,
        members: BTreeMap::new(),
        last_member: 0,
        elsewhere: BTreeMap::new(),
        size: stored.state.len(),
        checked: BTreeMap::new(),
        shows_at: None,
        tells_at: (stored.told_rank < stored.last_rank).then_some(now),
        says_at: now + SAY_EVERY,
        ends_at: now + EMPTY_FOR,
    };
    let (ask, asked) = mpsc::channel(INBOX);
    tokio::spawn(room.run(asked, heard));
    Ok(ask)
}

impl Room {
    async fn run(mut self, mut asked: mpsc::Receiver<Ask>, mut heard: broadcast::Receiver<Heard>) {
        // What was stored between the reading and now.
        let mut well = self.catch_up().await;
        let mut batch = Vec::new();
        while well.is_ok() && !(self.members.is_empty() && self.ends_at <= Instant::now() && asked.is_empty())
        {
            let wakes_at = self.wakes_at();
            well = tokio::select! {
                count = asked.recv_many(&mut batch, AT_ONCE) => match count {
                    0 => Err(Broken),
                    _ => self.answer(std::mem::take(&mut batch)).await,
                },
                word = heard.recv() => self.hear(word).await,
                () = sleep_until(wakes_at) => self.tick().await,
            };
        }
        asked.close();
        self.tell().await;
    }

    /// When there is something to be done without being asked.
    fn wakes_at(&self) -> Instant {
        let ends_at = Some(self.ends_at).filter(|_| self.members.is_empty());
        [self.tells_at, self.shows_at, ends_at].into_iter().flatten().fold(self.says_at, Instant::min)
    }

    async fn answer(&mut self, batch: Vec<Ask>) -> std::result::Result<(), Broken> {
        let mut changes = Vec::new();
        for ask in batch {
            match ask {
                Ask::Join { visitor, out, number } => self.join(visitor, out, number),
                Ask::Sync { member, known } => self.sync(member, &known),
                Ask::Change { member, number, update } => changes.push((member, number, update)),
                Ask::At { member, place } => {
                    if let Some(found) = self.members.get_mut(&member) {
                        found.place = place;
                    }
                    self.shows_at.get_or_insert_with(|| Instant::now() + SHOWN_AFTER);
                }
                Ask::Leave { member } => self.leave(member),
            }
        }
        match changes.is_empty() {
            true => Ok(()),
            false => self.change(changes).await,
        }
    }

    fn join(
        &mut self,
        visitor: Arc<Visitor>,
        out: mpsc::Sender<Bytes>,
        number: tokio::sync::oneshot::Sender<u64>,
    ) {
        self.last_member += 1;
        if number.send(self.last_member).is_ok() {
            self.members.insert(self.last_member, Member { visitor, out, place: String::new() });
            self.send(self.last_member, frame::key(&self.key(self.last_member)));
            self.shows_at.get_or_insert_with(|| Instant::now() + SHOWN_AFTER);
        }
    }

    /// Who leaves, or was let go: others see it a moment later.
    fn leave(&mut self, member: u64) {
        if self.members.remove(&member).is_some() {
            self.ends_at = Instant::now() + EMPTY_FOR;
            self.shows_at.get_or_insert_with(|| Instant::now() + SHOWN_AFTER);
        }
    }

    /// What this writer lacks, and what the room knows, so that the writer sends what the room lacks.
    fn sync(&mut self, member: u64, known: &[u8]) {
        let Ok(known) = StateVector::decode_v1(known) else {
            return self.show_out(member, &text::unreadable());
        };
        let (missing, state) = {
            let txn = self.doc.transact();
            (txn.encode_state_as_update_v1(&known), txn.state_vector().encode_v1())
        };
        self.send(member, frame::known(&state));
        self.send(member, frame::change(&missing));
        self.send(member, frame::present(&self.present()));
    }

    /// Stores what writers sent, gives it to the others, then acknowledges it.
    async fn change(&mut self, changes: Vec<(u64, u32, Vec<u8>)>) -> std::result::Result<(), Broken> {
        let mut taken = Vec::new();
        for (member, number, update) in changes {
            match self.take(&update) {
                Ok(()) => taken.push((member, number, update)),
                Err(error) => self.show_out(member, &error),
            }
        }
        match self.store(&taken).await {
            Ok(()) => {}
            Err(error) => {
                // The document holds what is not stored: it is read anew.
                for member in taken.iter().map(|(member, ..)| *member) {
                    self.show_out(member, &error);
                }
                return Err(Broken);
            }
        }
        for (member, _, update) in &taken {
            self.send_all(&frame::change(update), Some(*member));
        }
        for (member, number, _) in taken {
            self.send(member, frame::stored(number));
        }
        self.tells_at.get_or_insert_with(|| Instant::now() + TOLD_AFTER);
        Ok(())
    }

    /// Adds an update to the document in memory, which may grow no further than a text can be.
    fn take(&mut self, update: &[u8]) -> Result<()> {
        if self.size + update.len() > MOST_STATE {
            self.size = text::state(&self.doc).len();
        }
        if self.size + update.len() > MOST_STATE {
            return Err(Error::refused("Ce texte est trop long."));
        }
        text::apply(&self.doc, update)?;
        self.size += update.len();
        Ok(())
    }

    async fn store(&mut self, taken: &[(u64, u32, Vec<u8>)]) -> Result<()> {
        if taken.is_empty() {
            return Ok(());
        }
        let now = self.app.now();
        let mut tx = self.app.db.write().await?;
        let mut writers: BTreeMap<Id, (Arc<Visitor>, Vec<&[u8]>)> = BTreeMap::new();
        for (member, _, update) in taken {
            let Some(member) = self.members.get(member) else { continue };
            let writer = writers
                .entry(member.visitor.session_id)
                .or_insert_with(|| (member.visitor.clone(), Vec::new()));
            writer.1.push(update);
        }
        self.subject.check(&mut tx, now).await?;
        let (mut rank, last) = (self.rank, self.rank + i64::try_from(writers.len()).unwrap_or(i64::MAX));
        for (visitor, updates) in writers.into_values() {
            let known = self.checked.get(&visitor.session_id);
            if known.is_none_or(|at| at.elapsed() > CHECKED_FOR) {
                self.subject.check_writer(&mut tx, &visitor, now).await?;
                self.checked.insert(visitor.session_id, Instant::now());
            }
            let merged = yrs::merge_updates_v1(updates).map_err(|_| text::unreadable())?;
            rank = store::add(&mut tx, (self.network, self.id), merged, (&visitor.name, now)).await?;
        }
        tx.commit().await?;
        // Changes of other processes may stand between: those are read when they are heard of.
        if rank == last {
            self.rank = rank;
        }
        Ok(())
    }

    async fn hear(
        &mut self,
        word: std::result::Result<Heard, broadcast::error::RecvError>,
    ) -> std::result::Result<(), Broken> {
        match word {
            Ok(Heard::Text(id)) if id != self.id => Ok(()),
            Ok(Heard::Presence(id, said)) => {
                if id == self.id {
                    self.hear_presence(&said);
                }
                Ok(())
            }
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await,
            Err(broadcast::error::RecvError::Closed) => Err(Broken),
        }
    }

    /// Reads what others stored since.
    async fn catch_up(&mut self) -> std::result::Result<(), Broken> {
        let read = async {
            let mut tx = self.app.db.read().await?;
            store::changes_after(&mut tx, self.network, self.id, self.rank).await
        };
        let changes = read.await.map_err(|error| {
            tracing::warn!(%error, "a shared text could not be read");
            Broken
        })?;
        for one in changes {
            // A gap: changes were folded into the state meanwhile.
            if one.rank != self.rank + 1 {
                return Err(Broken);
            }
            text::apply(&self.doc, &one.change).map_err(|_| Broken)?;
            self.rank = one.rank;
            self.send_all(&frame::change(&one.change), None);
            self.tells_at.get_or_insert_with(|| Instant::now() + TOLD_AFTER);
        }
        Ok(())
    }

    async fn tick(&mut self) -> std::result::Result<(), Broken> {
        let now = Instant::now();
        if self.tells_at.is_some_and(|at| at <= now) {
            self.tell().await;
        }
        if self.says_at <= now {
            self.elsewhere.retain(|_, other| other.until > now);
            self.checked.retain(|_, at| at.elapsed() <= CHECKED_FOR);
            self.send_all(&frame::alive(), None);
        }
        if self.says_at <= now || self.shows_at.is_some_and(|at| at <= now) {
            self.show_presence();
        }
        Ok(())
    }

    /// Tells what the text belongs to what it says now.
    async fn tell(&mut self) {
        if self.tells_at.take().is_none() {
            return;
        }
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
            Ok(Some(advice)) => self.send_all(&frame::advice(advice), None),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "what a shared text says is not told yet"),
        }
    }

    pub(super) fn send_all(&mut self, frame: &Bytes, but: Option<u64>) {
        let all: Vec<u64> = self.members.keys().copied().filter(|member| Some(*member) != but).collect();
        for member in all {
            self.send(member, frame.clone());
        }
    }

    fn show_out(&mut self, member: u64, why: &Error) {
        self.send(member, frame::refused(&why.to_string()));
        self.leave(member);
    }

    /// Whoever does not take what is sent is let go: their browser comes back and asks for what it lacks.
    fn send(&mut self, member: u64, frame: Bytes) {
        if self.members.get(&member).is_some_and(|one| one.out.try_send(frame).is_err()) {
            self.leave(member);
        }
    }
}

/// The row in which what waits for a writer stands.
pub(super) fn outbox() -> (mpsc::Sender<Bytes>, mpsc::Receiver<Bytes>) {
    mpsc::channel(OUTBOX)
}
