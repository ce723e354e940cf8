//! Carrying out what was done here on the server, over the connection that reads it.

use async_imap::error::Error as ImapError;
use futures::TryStreamExt;
use kit::db::Id;
use kit::mail::{self, Outgoing};
use kit::{App, Error, Result};

use super::draft::{self, Draft};
use super::imap::{Offers, Server, told, within};
use super::order::{self, Order};
use super::shared_mailbox::Folder;

/// Orders carried out before the folders are looked at again.
const MOST: i64 = 200;

/// What carrying out needs.
pub struct Hand<'a> {
    pub app: &'a App,
    pub network: Id,
    pub mailbox: Id,
    pub server: &'a mut Server,
    pub offers: Offers,
    pub folders: &'a [Folder],
}

impl Hand<'_> {
    /// Carries out what waits; returns how many orders were tried. A connection that is cut leaves them waiting.
    pub async fn all(&mut self) -> Result<usize> {
        let now = self.app.now();
        let orders =
            order::next(&mut self.app.db.read().await?, self.network, self.mailbox, now, MOST).await?;
        let mut selected: Option<Id> = None;
        for order in &orders {
            let outcome = match self.one(order, &mut selected).await {
                Ok(()) => Ok(()),
                Err(error @ Error::TryLater(_)) => return Err(error),
                Err(error) => Err(error.to_string()),
            };
            let mut tx = self.app.db.write().await?;
            order::note(&mut tx, order, now, outcome).await?;
            tx.commit().await?;
        }
        Ok(orders.len())
    }

    async fn one(&mut self, order: &Order, selected: &mut Option<Id>) -> Result<()> {
        if let Some(folder) = order.folder_id
            && *selected != Some(folder)
        {
            let Some(found) = self.folders.iter().find(|f| f.id == folder) else { return Ok(()) };
            within(self.server.select(&found.name)).await?.map_err(|e| told(&e))?;
            *selected = Some(folder);
        }
        match (order.verb.as_str(), order.uid) {
            ("flag", Some(uid)) => self.store(uid, &format!("+FLAGS.SILENT ({})", order.argument)).await,
            ("unflag", Some(uid)) => self.store(uid, &format!("-FLAGS.SILENT ({})", order.argument)).await,
            ("move", Some(uid)) => self.shift(uid, &order.argument).await,
            ("erase", Some(uid)) => self.erase(&uid.to_string()).await,
            ("file_sent", _) => self.file_sent(order, selected).await,
            ("store_draft", _) => self.store_draft(order, selected).await,
            ("drop_draft", _) => self.drop_draft(&order.argument, selected).await,
            _ => Err(Error::bug(format!("order {} is not understood", order.verb))),
        }
    }

    async fn store(&mut self, uid: i64, change: &str) -> Result<()> {
        within(async {
            let stream = self.server.uid_store(uid.to_string(), change).await?;
            stream.try_collect::<Vec<_>>().await
        })
        .await?
        .map(drop)
        .map_err(|e| told(&e))
    }

    async fn shift(&mut self, uid: i64, to: &str) -> Result<()> {
        let uid = uid.to_string();
        if self.offers.moves {
            return within(self.server.uid_mv(&uid, to)).await?.map_err(|e| told(&e));
        }
        within(self.server.uid_copy(&uid, to)).await?.map_err(|e| told(&e))?;
        self.erase(&uid).await
    }

    /// Deletes for good one copy, and no other that somebody else marked: servers without `UIDPLUS` only mark it.
    async fn erase(&mut self, uid: &str) -> Result<()> {
        let uid: i64 = uid.parse().map_err(Error::bug)?;
        self.store(uid, "+FLAGS.SILENT (\\Deleted)").await?;
        if !self.offers.uidplus {
            return Ok(());
        }
        within(async {
            let stream = self.server.uid_expunge(uid.to_string()).await?;
            stream.try_collect::<Vec<_>>().await
        })
        .await?
        .map(drop)
        .map_err(|e| told(&e))
    }

    fn role(&self, role: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.role == role)
    }

    async fn select(&mut self, folder: &str) -> Result<()> {
        within(self.server.select(folder)).await?.map(drop).map_err(|e| told(&e))
    }

    /// Puts what was sent among what was sent, unless the server did so itself.
    async fn file_sent(&mut self, order: &Order, selected: &mut Option<Id>) -> Result<()> {
        let Some(folder) = self.role("sent").map(|folder| folder.name.clone()) else { return Ok(()) };
        let id: Id = order.argument.parse().map_err(|_| Error::NotFound)?;
        let outgoing: Outgoing = self.app.db.read().await?.get(self.network, id).await?;
        *selected = None;
        self.select(&folder).await?;
        if !self.find(&outgoing.message_id()).await?.is_empty() {
            return Ok(());
        }
        let raw = raw_of(self.app, &outgoing).await?;
        self.append(&folder, "(\\Seen)", raw).await
    }

    /// Puts a message into a folder. A server that refuses it before its bytes (a full mailbox, mostly) is asked whether
    /// it still listens: if so it refused, else the line is lost.
    async fn append(&mut self, folder: &str, flags: &str, raw: Vec<u8>) -> Result<()> {
        match within(self.server.append(folder, Some(flags), None, raw)).await? {
            Err(ImapError::Append) => {
                within(self.server.noop()).await?.map_err(|e| told(&e))?;
                Err(Error::refused("Le serveur ne garde pas ce message : la boîte est sans doute pleine."))
            }
            done => done.map_err(|e| told(&e)),
        }
    }

    async fn find(&mut self, message_id: &str) -> Result<Vec<u32>> {
        let query = format!("HEADER Message-ID \"{}\"", message_id.replace(['"', '\\', '\r', '\n'], ""));
        let found = within(self.server.uid_search(&query)).await?.map_err(|e| told(&e))?;
        Ok(found.into_iter().collect())
    }

    /// Keeps a copy of a draft where other programs look for drafts, in place of the one before.
    async fn store_draft(&mut self, order: &Order, selected: &mut Option<Id>) -> Result<()> {
        let Some(folder) = self.role("drafts").map(|folder| folder.name.clone()) else { return Ok(()) };
        let id: Id = order.argument.parse().map_err(|_| Error::NotFound)?;
        let draft: Draft = match self.app.db.read().await?.get(self.network, id).await {
            Ok(draft) => draft,
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        if draft.state != "open" || draft.stored_version == draft.version {
            return Ok(());
        }
        *selected = None;
        self.select(&folder).await?;
        let before = self.find(&draft.message_id()).await?;
        let raw = draft::raw(self.app, self.network, &draft).await?;
        self.append(&folder, "(\\Draft \\Seen)", raw).await?;
        for uid in before {
            self.erase(&uid.to_string()).await?;
        }
        let mut tx = self.app.db.write().await?;
        draft::note_stored(&mut tx, &draft).await?;
        tx.commit().await
    }

    async fn drop_draft(&mut self, message_id: &str, selected: &mut Option<Id>) -> Result<()> {
        let Some(folder) = self.role("drafts").map(|folder| folder.name.clone()) else { return Ok(()) };
        *selected = None;
        self.select(&folder).await?;
        for uid in self.find(message_id).await? {
            self.erase(&uid.to_string()).await?;
        }
        Ok(())
    }
}

/// A message of the outbox as it left.
async fn raw_of(app: &App, outgoing: &Outgoing) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    for attached in outgoing.files() {
        let bytes = app.files.get(outgoing.network_id, &attached.file).await?;
        files.push((attached, bytes));
    }
    mail::compose(outgoing, None, files).map(|message| message.formatted()).map_err(Error::bug)
}
