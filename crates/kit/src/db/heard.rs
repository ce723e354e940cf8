//! What processes say to each other of shared texts: that one changed, and who is there. On PostgreSQL through its
//! channel; on SQLite a process only notices that something was written, and presence stays within the process.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::{Db, Id, Pools, Tx};
use crate::error::Result;

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A text changed, and this is the rank of its last change.
    Text(Id, i64),
    /// Something was written, or words may have been lost: whoever holds a text looks.
    Something,
    /// Who is at a text in one process, as that process says it.
    Presence(Id, Arc<str>),
}

/// PostgreSQL takes no longer word.
const MOST_WORD: usize = 7_000;
const TEXT: &str = "text ";
const PRESENCE: &str = "presence ";
/// Words that wait for a slow listener; one who loses some hears [`Heard::Something`] next.
const WAITING: usize = 1_024;

impl Heard {
    /// As it is said on the channel.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Text(id, rank) => format!("{TEXT}{id} {rank}"),
            Self::Something => String::new(),
            Self::Presence(id, said) => format!("{PRESENCE}{id} {said}"),
        }
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        if let Some(id) = word.strip_prefix(TEXT) {
            let (id, rank) = id.split_once(' ')?;
            return Some(Self::Text(id.parse().ok()?, rank.parse().ok()?));
        }
        let (id, said) = word.strip_prefix(PRESENCE)?.split_once(' ')?;
        Some(Self::Presence(id.parse().ok()?, Arc::from(said)))
    }
}

/// Where what is heard goes on to within a process.
#[derive(Clone)]
pub(super) struct Ears(broadcast::Sender<Heard>);

impl Default for Ears {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl Ears {
    /// Nobody may be listening.
    pub(super) fn tell(&self, heard: Heard) {
        drop(self.0.send(heard));
    }
}

impl Tx {
    /// Says that a shared text changed, here and in every process, once this transaction commits.
    pub fn tell_of_text(&mut self, text: Id, rank: i64) {
        self.texts.retain(|(known, _)| *known != text);
        self.texts.push((text, rank));
    }
}

impl Db {
    /// Begins to listen.
    pub fn listen(&self) -> broadcast::Receiver<Heard> {
        self.heard.0.subscribe()
    }

    /// Says to the other processes who is at a text here. What is too long to be said is not.
    pub async fn tell_presence(&self, text: Id, said: &str) -> Result<()> {
        if matches!(self.pools, Pools::Sqlite { .. }) || said.len() > MOST_WORD {
            return Ok(());
        }
        let word = Heard::Presence(text, Arc::from(said)).word();
        let mut tx = self.write().await?;
        tx.tell(&word).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Timestamp;

    #[test]
    fn what_is_said_is_heard() {
        let id = Id::new(Timestamp(1));
        for heard in [Heard::Text(id, 12), Heard::Presence(id, Arc::from("{\"a\": [1, 2]}"))] {
            assert_eq!(Heard::read(&heard.word()), Some(heard));
        }
        assert_eq!(Heard::read("jobs"), None);
        assert_eq!(Heard::read(&format!("{id} 12")), None, "a count of changes is not of a text");
    }
}
