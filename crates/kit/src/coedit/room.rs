//! A room: one open text in one process, with whoever writes it there. All that happens to the text passes through the
//! room's one task: what several people send at once is stored in one transaction, and acknowledged after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, sleep_until};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, ReadTxn, StateVector, Transact};

use super::frame;
use super::keeper::{Change, Keeper, Kept};
use super::presence::{Elsewhere, SAY_EVERY};
use super::{Subject, store, text};
use crate::app::App;
use crate::db::{Heard, Id};
use crate::error::{Error, Result};
use crate::visitor::Visitor;

/// What is answered before anything else is looked at.
const AT_ONCE: usize = 256;
/// What is sent to a room waits in a row of so many.
const INBOX: usize = 1_024;
/// What waits to be sent to one writer; who does not take it is shown out, and comes back.
const OUTBOX: usize = 1_024;
/// Browsers at one text.
const MOST_MEMBERS: usize = 300;
/// Changes that are being stored: further ones wait in the browsers.
const MOST_STORING: usize = 2_000;
/// Longest text, in bytes of its document.
const MOST_STATE: usize = 4 << 20;
/// How long a change of place waits for others to be shown with it.
const SHOWN_AFTER: Duration = Duration::from_millis(60);
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
    pub(super) subject: Arc<dyn Subject>,
    network: Id,
    pub(super) id: Id,
    doc: Doc,
    /// The last change that `doc` is known to hold; it may hold some that are being stored.
    rank: i64,
    /// The last rank that this process gave.
    own_rank: Arc<AtomicI64>,
    keeper: mpsc::UnboundedSender<Option<Change>>,
    /// Changes that are being stored.
    storing: usize,
    pub(super) members: BTreeMap<u64, Member>,
    last_member: u64,
    pub(super) elsewhere: BTreeMap<String, Elsewhere>,
    /// The size of the document, at most.
    size: usize,
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
    let stored = match store::find(&mut tx, network, id).await? {
        Some(stored) => stored,
        None => {
            let html = subject.begin(&mut tx).await?;
            store::begin(&mut tx, network, id, &html, app.now()).await?
        }
    };
    let doc = store::document(&mut tx, &stored).await?;
    tx.commit().await?;
    let heard = app.db.listen();
    let now = Instant::now();
    let own_rank = Arc::new(AtomicI64::new(0));
    let (answers, kept) = mpsc::unbounded_channel();
    let (keeper, changes) = mpsc::unbounded_channel();
    tokio::spawn(Keeper::new(app, &subject, answers, &own_rank).run(changes));
    let room = Room {
        app: app.clone(),
        subject,
        network,
        id,
        doc,
        rank: stored.last_rank,
        own_rank,
        keeper,
        storing: 0,
        members: BTreeMap::new(),
        last_member: 0,
        elsewhere: BTreeMap::new(),
        size: stored.state.len(),
        shows_at: None,
        says_at: now + SAY_EVERY,
        ends_at: now + EMPTY_FOR,
    };
    if stored.told_rank < stored.last_rank {
        room.was_changed();
    }
    let (ask, asked) = mpsc::channel(INBOX);
    tokio::spawn(room.run(asked, kept, heard));
    Ok(ask)
}

impl Room {
    async fn run(
        mut self,
        mut asked: mpsc::Receiver<Ask>,
        mut kept: mpsc::UnboundedReceiver<Kept>,
        mut heard: broadcast::Receiver<Heard>,
    ) {
        // What was stored between the reading and now.
        let mut well = self.catch_up().await;
        let mut batch = Vec::new();
        while well.is_ok() && !(self.is_over() && asked.is_empty()) {
            let wakes_at = self.wakes_at();
            well = tokio::select! {
                answer = kept.recv() => self.note(answer).await,
                count = asked.recv_many(&mut batch, AT_ONCE), if self.storing < MOST_STORING => match count {
                    0 => Err(Broken),
                    _ => self.answer(std::mem::take(&mut batch)),
                },
                word = heard.recv() => self.hear(word).await,
                () = sleep_until(wakes_at) => {
                    self.tick().await;
                    Ok(())
                }
            };
        }
        asked.close();
    }

    /// Whether everyone left some time ago, and all that they wrote is stored.
    fn is_over(&self) -> bool {
        self.members.is_empty() && self.storing == 0 && self.ends_at <= Instant::now()
    }

    /// What the text belongs to is to be told.
    fn was_changed(&self) {
        // A keeper that is gone has said why.
        drop(self.keeper.send(None));
    }

    /// When there is something to be done without being asked.
    fn wakes_at(&self) -> Instant {
        let ends_at = Some(self.ends_at).filter(|_| self.members.is_empty());
        [self.shows_at, ends_at].into_iter().flatten().fold(self.says_at, Instant::min)
    }

    fn answer(&mut self, batch: Vec<Ask>) -> std::result::Result<(), Broken> {
        for ask in batch {
            match ask {
                Ask::Join { visitor, out, number } => self.join(visitor, out, number),
                Ask::Sync { member, known } => self.sync(member, &known),
                Ask::Change { member, number, update } => self.change(member, number, update)?,
                Ask::At { member, place } => {
                    if let Some(found) = self.members.get_mut(&member) {
                        found.place = place;
                    }
                    self.shows_at.get_or_insert_with(|| Instant::now() + SHOWN_AFTER);
                }
                Ask::Leave { member } => self.leave(member),
            }
        }
        Ok(())
    }

    fn join(
        &mut self,
        visitor: Arc<Visitor>,
        out: mpsc::Sender<Bytes>,
        number: tokio::sync::oneshot::Sender<u64>,
    ) {
        // Dropped, the answer says that there is no room.
        if self.members.len() >= MOST_MEMBERS {
            return;
        }
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

    /// Gives what a writer sent to the others, and to the keeper, which says when it is stored.
    fn change(&mut self, member: u64, number: u32, update: Vec<u8>) -> std::result::Result<(), Broken> {
        let Some(visitor) = self.members.get(&member).map(|one| one.visitor.clone()) else { return Ok(()) };
        if let Err(error) = self.take(&update) {
            self.show_out(member, &error);
            return Ok(());
        }
        self.send_all(&frame::change(&update), Some(member));
        self.storing += 1;
        self.keeper.send(Some(Change { member, number, visitor, update })).map_err(|_| Broken)
    }

    /// What the keeper says.
    async fn note(&mut self, kept: Option<Kept>) -> std::result::Result<(), Broken> {
        match kept {
            None => Err(Broken),
            Some(Kept::Advice(words)) => {
                self.send_all(&frame::advice(words), None);
                Ok(())
            }
            Some(Kept::Stored { of, ranks: (first, last) }) => {
                self.storing = self.storing.saturating_sub(of.len());
                for (member, number) in of {
                    self.send(member, frame::stored(number));
                }
                // Changes of other processes may stand before; none stands between those of one transaction.
                if first == self.rank + 1 {
                    self.rank = last;
                    return Ok(());
                }
                self.catch_up().await
            }
            // The document holds what is not stored: it is read anew, for who comes back.
            Some(Kept::Failed { of, error }) => {
                for member in of {
                    self.show_out(member, &error);
                }
                Err(Broken)
            }
        }
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

    async fn hear(
        &mut self,
        word: std::result::Result<Heard, broadcast::error::RecvError>,
    ) -> std::result::Result<(), Broken> {
        match word {
            Ok(Heard::Text(id, rank)) if id != self.id || rank <= self.known_rank() => Ok(()),
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

    /// The last change that needs no reading: it is in the document, or the keeper is about to speak of it.
    fn known_rank(&self) -> i64 {
        self.rank.max(self.own_rank.load(Ordering::SeqCst))
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
            self.was_changed();
        }
        Ok(())
    }

    async fn tick(&mut self) {
        let now = Instant::now();
        if self.says_at <= now {
            self.look_at_rights().await;
            self.elsewhere.retain(|_, other| other.until > now);
            self.send_all(&frame::alive(), None);
        }
        if self.says_at <= now || self.shows_at.is_some_and(|at| at <= now) {
            self.show_presence();
        }
    }

    pub(super) fn send_all(&mut self, frame: &Bytes, but: Option<u64>) {
        let all: Vec<u64> = self.members.keys().copied().filter(|member| Some(*member) != but).collect();
        for member in all {
            self.send(member, frame.clone());
        }
    }

    /// Lets someone go, and says why when coming back would not help.
    pub(super) fn show_out(&mut self, member: u64, why: &Error) {
        if matches!(why, Error::Forbidden | Error::NotFound | Error::Refused(_)) {
            self.send(member, frame::refused(&why.to_string()));
        } else {
            tracing::warn!(error = %why, "changes of a shared text are not stored yet");
        }
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
