//! Waiting for work: rung when a committed transaction added some, here or (on PostgreSQL) in another process.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// A wait that has begun: no ring is missed from when it was made, whatever is done before it is waited for.
pub struct Ring(Pin<Box<OwnedNotified>>);

impl Ring {
    pub(super) fn new(added: &Arc<Notify>) -> Self {
        let mut ring = Box::pin(added.clone().notified_owned());
        ring.as_mut().enable();
        Self(ring)
    }

    /// Waits for the ring.
    pub async fn heard(self) {
        self.0.await;
    }

    /// Waits for the ring, no longer than this.
    pub async fn within(self, most: Duration) {
        drop(tokio::time::timeout(most, self.0).await);
    }
}
