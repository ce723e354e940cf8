//! What a room tells those who are at its text, and how it lets them go.

use std::collections::BTreeSet;

use axum::body::Bytes;
use tokio::time::{Duration, Instant};

use super::frame;
use super::mouth::Gone;
use super::room::Room;
use crate::error::Error;

/// How soon a connection that takes nothing is tried again.
const AGAIN_AFTER: Duration = Duration::from_millis(10);

impl Room {
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
    pub(super) fn send(&mut self, member: u64, frame: Bytes) {
        let Some(one) = self.members.get_mut(&member) else { return };
        match one.mouth.say(frame) {
            Ok(()) => drop(self.touched.insert(member)),
            Err(Gone) => self.leave(member),
        }
    }

    /// Sends what was said since the last time: several frames for one browser leave in one write.
    pub(super) fn flush(&mut self) {
        let mut behind = BTreeSet::new();
        for member in std::mem::take(&mut self.touched) {
            let Some(one) = self.members.get_mut(&member) else { continue };
            match one.mouth.flush() {
                Err(Gone) => self.leave(member),
                Ok(()) if one.mouth.is_behind() => drop(behind.insert(member)),
                Ok(()) => {}
            }
        }
        self.again_at = Some(Instant::now() + AGAIN_AFTER).filter(|_| !behind.is_empty());
        self.touched = behind;
    }
}
