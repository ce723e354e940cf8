//! The rooms that are open in this process.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::Subject;
use super::room::{self, Ask};
use crate::app::App;
use crate::db::Id;
use crate::error::Result;

/// The open rooms of a process, by network and text.
#[derive(Default)]
pub struct Rooms(Mutex<HashMap<(Id, Id), mpsc::Sender<Ask>>>);

impl Rooms {
    /// The room of a text, opened when nobody is there yet.
    pub(super) async fn enter(&self, app: &App, subject: &Arc<dyn Subject>) -> Result<mpsc::Sender<Ask>> {
        let mut rooms = self.0.lock().await;
        rooms.retain(|_, room| !room.is_closed());
        if let Some(room) = rooms.get(&subject.text()) {
            return Ok(room.clone());
        }
        let room = room::open(app, subject.clone()).await?;
        rooms.insert(subject.text(), room.clone());
        Ok(room)
    }

    /// How many are open.
    pub async fn count(&self) -> usize {
        self.0.lock().await.values().filter(|room| !room.is_closed()).count()
    }
}
