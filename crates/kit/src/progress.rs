//! How far long work has come, for the page that waits for it. Kept in memory: the work itself writes in
//! one transaction, which nobody sees before its end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::db::Id;

/// What is shown of a piece of work: `done` of `total`, and in which stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    pub label: String,
    pub done: usize,
    pub total: usize,
}

#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<HashMap<Id, Stage>>>);

impl Progress {
    pub fn report(&self, work: Id, label: &str, done: usize, total: usize) {
        let stage = Stage { label: label.to_owned(), done, total };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(work, stage);
    }

    pub fn of(&self, work: Id) -> Option<Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&work).cloned()
    }

    pub fn end(&self, work: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&work);
    }
}
