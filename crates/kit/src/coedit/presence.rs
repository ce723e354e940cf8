//! Who is at a text: shown to those who write, here and in the other processes.

use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant};

use super::frame::{self, Presence};
use super::room::{Member, Room};

/// How often processes say who is there, and how long that is believed.
pub(super) const SAY_EVERY: Duration = Duration::from_secs(10);
const BELIEVED_FOR: Duration = Duration::from_secs(25);

/// Who is there in another process.
pub(super) struct Elsewhere {
    present: Vec<Presence>,
    pub until: Instant,
}

/// What one process says to the others of who is there.
#[derive(Serialize, Deserialize)]
struct Said {
    process: String,
    present: Vec<Presence>,
}

impl Room {
    pub(super) fn present(&self) -> Vec<Presence> {
        let here = self.here();
        let there = self.elsewhere.values().flat_map(|other| other.present.iter().cloned());
        here.into_iter().chain(there).collect()
    }

    fn here(&self) -> Vec<Presence> {
        let one = |(number, member): (&u64, &Member)| Presence {
            key: self.key(*number),
            name: member.visitor.name.clone(),
            place: member.place.clone(),
        };
        self.members.iter().map(one).collect()
    }

    /// How a writer is called among all those present, in every process.
    pub(super) fn key(&self, member: u64) -> String {
        format!("{}-{member}", self.app.process)
    }

    /// Shows who is there, here and to the other processes.
    pub(super) fn show_presence(&mut self) {
        (self.shows_at, self.says_at) = (None, Instant::now() + SAY_EVERY);
        self.send_presence();
        let said = Said { process: self.app.process.clone(), present: self.here() };
        let Ok(said) = serde_json::to_string(&said) else { return };
        let (db, id) = (self.app.db.clone(), self.id);
        tokio::spawn(async move {
            if let Err(error) = db.tell_presence(id, &said).await {
                tracing::debug!(%error, "who is there is not said to other processes");
            }
        });
    }

    pub(super) fn hear_presence(&mut self, said: &str) {
        let Ok(said) = serde_json::from_str::<Said>(said) else { return };
        if said.process == self.app.process {
            return;
        }
        let until = Instant::now() + BELIEVED_FOR;
        self.elsewhere.insert(said.process, Elsewhere { present: said.present, until });
        self.send_presence();
    }

    fn send_presence(&mut self) {
        self.send_all(&frame::present(&self.present()), None);
    }
}
