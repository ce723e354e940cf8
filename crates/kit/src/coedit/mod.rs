//! Texts that several people write at once: Yjs and ProseMirror in the browser, [`yrs`] here.
//!
//! A browser holds the whole text and goes on without the network; on its return both sides tell each other what they
//! lack. The server stores each change before it acknowledges it, in one order for all processes, and says in plain HTML
//! what the text says to whatever it belongs to ([`Subject::told`]). Without JavaScript that HTML is edited in a form, and
//! [`rewrite`] makes a change of it.

mod frame;
mod keeper;
mod presence;
mod rights;
mod room;
mod rooms;
mod socket;
mod store;
mod text;
mod writing;

use async_trait::async_trait;

pub use rooms::Rooms;
pub use socket::{Line, open_line};
pub use store::{SharedText, TextVersion, Told, changed, forget, rewrite, told, versions};

use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::visitor::Visitor;

/// What a shared text belongs to.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The network and the id of the text, which is that of what it belongs to.
    fn text(&self) -> (Id, Id);

    /// What the text says when it is shared for the first time.
    async fn begin(&self, tx: &mut Tx) -> Result<String>;

    /// Refuses what is written once the text may no longer change, whoever writes; asked with each change.
    async fn check(&self, tx: &mut Tx, now: Timestamp) -> Result<()>;

    /// Refuses who may no longer write; asked every few seconds of whoever does.
    async fn check_writer(&self, tx: &mut Tx, writer: &Visitor, now: Timestamp) -> Result<()>;

    /// Hears what the text says now. What it answers is shown to those who write.
    async fn told(&self, tx: &mut Tx, told: &Told) -> Result<Option<&'static str>>;
}
