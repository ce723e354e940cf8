//! Time is an argument: production reads the system clock, tests own it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;

use crate::db::Timestamp;

/// Where « now » comes from.
#[derive(Clone, Default)]
pub enum Clock {
    #[default]
    System,
    /// Stands still until it is moved.
    Held(Arc<AtomicI64>),
}

impl Clock {
    pub fn held_at(now: Timestamp) -> Self {
        Self::Held(Arc::new(AtomicI64::new(now.0)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::from_utc(Utc::now()),
            Self::Held(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a held clock forward; the system's clock does not move for us.
    pub fn advance_minutes(&self, minutes: i64) {
        if let Self::Held(at) = self {
            at.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
        }
    }
}
