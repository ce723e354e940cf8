//! Messages that come by another way than the server: an archive (`mbox`) of an earlier address, a demonstration.

use kit::db::{Id, Timestamp};
use kit::mail::MailAccount;
use kit::{Actor, App, Error, Network, Result};

use super::ingest::{self, Copy, Source};
use super::places::Flags;
use super::reading;
use super::senders::Senders;
use super::shared_mailbox::{self, Folder, Wanted};

/// Messages stored at once.
const BATCH: usize = 200;

/// Puts messages into a folder that no server knows; returns how many were new. The mailbox is made, paused, when there is
/// none. `since` parts what is to be dealt with from what is long over.
pub async fn take(
    app: &App,
    network: &Network,
    (label, role): (&str, &str),
    messages: Vec<(bytes::Bytes, bool)>,
    since: Timestamp,
) -> Result<usize> {
    let (folder, address) = place(app, network, label, role).await?;
    let source = Source { folder: folder.id, role: role.to_owned(), address, since };
    let mut senders = Senders::default();
    let (mut new, mut uid) = (0, folder.high_uid);
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        let mut copies = Vec::new();
        for (raw, seen) in messages.by_ref().take(BATCH) {
            uid += 1;
            let dated = reading::read(&raw).and_then(|read| read.sent_at);
            let flags = Flags { seen, ..Flags::default() };
            let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
            copies.push(Copy { uid, flags, received_at: dated.unwrap_or(app.now()), size, raw });
        }
        new += ingest::store(app, network, &source, &mut senders, copies).await?;
    }
    let mut tx = app.db.write().await?;
    let sql = kit::sql!(
        "update mail_folder set low_uid = 1, high_uid = $3, total = fetched where network_id = $1 and id = $2"
    );
    tx.run(sql, kit::args![network.id, folder.id, uid]).await?;
    tx.commit().await?;
    Ok(new)
}

async fn place(app: &App, network: &Network, label: &str, role: &str) -> Result<(Folder, String)> {
    let now = app.now();
    let actor = Actor::program(network.id, "Esplanade", now);
    let mut tx = app.db.write().await?;
    let (mailbox, address) = match shared_mailbox::with_account(&mut tx, network.id).await? {
        Some((mailbox, account)) => (mailbox, account.address),
        None => {
            let account = nowhere(network, now);
            let address = account.address.clone();
            let wanted =
                Wanted { account, host: "localhost".to_owned(), port: 993, security: "tls".to_owned() };
            let mailbox = shared_mailbox::connect(&mut tx, &actor, network, wanted).await?;
            shared_mailbox::pause(&mut tx, &actor, network.id, true).await?;
            (mailbox, address)
        }
    };
    let known = shared_mailbox::folders(&mut tx, network.id, mailbox.id).await?;
    let folder = match known.into_iter().find(|folder| folder.label == label) {
        Some(folder) => folder,
        None => {
            // No server numbers what it holds: it is whole from the first.
            let folder = Folder::new(network.id, mailbox.id, now, (label, label, role));
            let folder = Folder { uid_validity: 1, low_uid: 1, ..folder };
            tx.insert(std::slice::from_ref(&folder)).await?;
            folder
        }
    };
    tx.commit().await?;
    Ok((folder, address.to_lowercase()))
}

/// An account that sends nothing yet.
fn nowhere(network: &Network, now: Timestamp) -> MailAccount {
    MailAccount {
        network_id: network.id,
        id: Id::new(now),
        address: network.sender(),
        name: format!("Promeneurs du Net – {}", network.name),
        host: "localhost".to_owned(),
        port: 465,
        security: "tls".to_owned(),
        mechanism: "none".to_owned(),
        login: network.sender(),
        secret: String::new(),
        per_minute: 30,
        created_at: now,
        version: 1,
    }
}

/// Reads an archive in the format `mbox` (RFC 4155).
pub fn read_mbox(bytes: &[u8]) -> Result<Vec<(bytes::Bytes, bool)>> {
    if !bytes.starts_with(b"From ") {
        return Err(Error::refused("Ce fichier n’est pas une archive mbox : elle commence par « From »."));
    }
    let all = mail_parser::mailbox::mbox::MessageIterator::new(bytes);
    let read = all.map(|one| one.map(|message| (bytes::Bytes::from(message.unwrap_contents()), true)));
    read.collect::<std::io::Result<Vec<_>>>().map_err(|e| Error::refused(format!("Archive illisible : {e}")))
}
