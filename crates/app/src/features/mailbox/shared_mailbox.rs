//! The Mailbox: an address that the network already has, opened over IMAP to read and over SMTP to answer.

use kit::db::{Id, Timestamp};
use kit::mail::MailAccount;
use kit::network::{self, Settings};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Network, Result, Tx, args, sql};
use serde_json::json;

use super::imap::Door;
use super::places;

kit::table! {
    /// Where messages are read; [`MailAccount`] says where answers leave.
    pub struct Mailbox in "mailbox": versioned {
        pub account_id: Id,
        pub host: String,
        pub port: i64,
        /// `tls`, `starttls` or `none`.
        pub security: String,
        /// Cleaned HTML, put under what is written.
        pub signature: String,
        pub paused_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

kit::table! {
    /// What the process that keeps a mailbox in step says of it.
    pub struct Status in "mailbox_status" {
        /// `new`, `working`, `in_step` or `failed`.
        pub state: String,
        pub error: Option<String>,
        pub in_step_at: Option<Timestamp>,
        pub checked_at: Option<Timestamp>,
        pub lease_until: Timestamp,
        pub lease_by: String,
        pub failures: i64,
    }
}

kit::table! {
    /// A folder of the server.
    pub struct Folder in "mail_folder" {
        pub mailbox_id: Id,
        /// As the server writes it.
        pub name: String,
        pub label: String,
        /// `inbox`, `sent`, `drafts`, `archive`, `trash`, `junk` or `other`.
        pub role: String,
        pub followed: bool,
        pub uid_validity: i64,
        /// Every message from here to `high_uid` is known; the rest is still to come.
        pub low_uid: i64,
        pub high_uid: i64,
        pub mod_seq: i64,
        pub total: i64,
        pub fetched: i64,
        pub gone_at: Option<Timestamp>,
    }
}

impl Mailbox {
    /// Where it is read.
    pub fn door(&self) -> Door {
        Door { host: self.host.clone(), port: self.port, security: self.security.clone() }
    }

    pub fn subject(&self, account: &MailAccount) -> Subject {
        Subject::new("mailbox", self.id, account.address.clone())
    }
}

impl Folder {
    /// A folder of which nothing is here yet, by its name on the server, as people read it, and what it is for.
    pub fn new(network: Id, mailbox: Id, now: Timestamp, (name, label, role): (&str, &str, &str)) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            mailbox_id: mailbox,
            name: name.to_owned(),
            label: label.to_owned(),
            role: role.to_owned(),
            followed: true,
            uid_validity: 0,
            low_uid: 0,
            high_uid: 0,
            mod_seq: 0,
            total: 0,
            fetched: 0,
            gone_at: None,
        }
    }
}

/// The mailbox of a network, if one was connected.
pub async fn of(tx: &mut Tx, network: Id) -> Result<Option<Mailbox>> {
    let sql = sql!(
        "select network_id, id, account_id, host, port, security, signature, paused_at, created_at, version ",
        "from mailbox where network_id = $1"
    );
    tx.optional(sql, args![network]).await
}

/// The mailbox with the account by which its answers leave.
pub async fn with_account(tx: &mut Tx, network: Id) -> Result<Option<(Mailbox, MailAccount)>> {
    let Some(mailbox) = of(tx, network).await? else { return Ok(None) };
    let account: MailAccount = tx.get(network, mailbox.account_id).await?;
    Ok(Some((mailbox, account)))
}

/// Its folders, the inbox first.
pub async fn folders(tx: &mut Tx, network: Id, mailbox: Id) -> Result<Vec<Folder>> {
    let sql = sql!(
        "select network_id, id, mailbox_id, name, label, role, followed, uid_validity, low_uid, high_uid, mod_seq, ",
        "total, fetched, gone_at from mail_folder where network_id = $1 and mailbox_id = $2 and gone_at is null ",
        "order by name limit 500"
    );
    let mut folders: Vec<Folder> = tx.all(sql, args![network, mailbox]).await?;
    let rank = |role: &str| {
        ["inbox", "sent", "drafts", "archive", "other", "junk", "trash"].iter().position(|r| *r == role)
    };
    folders.sort_by_key(|folder| rank(&folder.role));
    Ok(folders)
}

/// What connecting a mailbox asks for, already tried.
pub struct Wanted {
    pub account: MailAccount,
    pub host: String,
    pub port: i64,
    pub security: String,
}

/// Connects a mailbox, or changes how it is connected. Another server or another address begins anew: what was
/// fetched stays, what the server holds is read again.
pub async fn connect(tx: &mut Tx, actor: &Actor, network: &Network, wanted: Wanted) -> Result<Mailbox> {
    let told = |account: &MailAccount, host: &str| json!({ "address": account.address, "imap": host, "smtp": account.host });
    if let Some((mut mailbox, mut account)) = with_account(tx, network.id).await? {
        let before = told(&account, &mailbox.host);
        let moved = mailbox.host != wanted.host || account.login != wanted.account.login;
        account = MailAccount {
            id: account.id,
            created_at: account.created_at,
            version: account.version,
            ..wanted.account
        };
        send_by_own(tx, network, account.mechanism != "none").await?;
        tx.save(&mut account).await?;
        (mailbox.host, mailbox.port, mailbox.security) = (wanted.host, wanted.port, wanted.security);
        mailbox.paused_at = None;
        tx.save(&mut mailbox).await?;
        if moved {
            forget_folders(tx, network.id, mailbox.id, actor.now).await?;
        }
        restart(tx, network.id, mailbox.id).await?;
        let act = Act::new("mailbox.changed", mailbox.subject(&account))
            .before(&before)
            .after(&told(&account, &mailbox.host));
        trail::record(tx, actor, act).await?;
        return Ok(mailbox);
    }
    send_by_own(tx, network, wanted.account.mechanism != "none").await?;
    tx.insert(std::slice::from_ref(&wanted.account)).await?;
    let mailbox = Mailbox {
        network_id: network.id,
        id: Id::new(actor.now),
        account_id: wanted.account.id,
        host: wanted.host,
        port: wanted.port,
        security: wanted.security,
        signature: String::new(),
        paused_at: None,
        created_at: actor.now,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&mailbox)).await?;
    tx.insert(&[Status {
        network_id: network.id,
        id: mailbox.id,
        state: "new".to_owned(),
        error: None,
        in_step_at: None,
        checked_at: None,
        lease_until: Timestamp::default(),
        lease_by: String::new(),
        failures: 0,
    }])
    .await?;
    let act = Act::new("mailbox.connected", mailbox.subject(&wanted.account))
        .after(&told(&wanted.account, &mailbox.host));
    trail::record(tx, actor, act).await?;
    tx.wake_jobs();
    Ok(mailbox)
}

/// Notes whether the network's messages leave by its own account.
async fn send_by_own(tx: &mut Tx, network: &Network, own_mail: bool) -> Result<()> {
    let settings = network.settings();
    if settings.own_mail == own_mail {
        return Ok(());
    }
    network::save_settings(tx, network, &network.accent, &Settings { own_mail, ..settings }).await
}

/// Folders of a server that is left. Their places are of no use on the next one.
async fn forget_folders(tx: &mut Tx, network: Id, mailbox: Id, now: Timestamp) -> Result<()> {
    let folders: Vec<Id> = folders(tx, network, mailbox).await?.into_iter().map(|folder| folder.id).collect();
    for folder in folders {
        put_away(tx, network, folder, now).await?;
    }
    Ok(())
}

/// A folder that the server has no longer. Its name is free for another.
pub async fn put_away(tx: &mut Tx, network: Id, folder: Id, now: Timestamp) -> Result<()> {
    places::empty_folder(tx, network, folder).await?;
    let sql = sql!(
        "update mail_folder set gone_at = $3, name = name || ' ' || id where network_id = $1 and id = $2"
    );
    tx.run(sql, args![network, folder, now]).await.map(drop)
}

/// Has whoever keeps the mailbox begin again at once.
async fn restart(tx: &mut Tx, network: Id, mailbox: Id) -> Result<()> {
    let sql = sql!(
        "update mailbox_status set state = 'new', error = null, lease_until = 0, failures = 0 where network_id = $1 and id = $2"
    );
    tx.run(sql, args![network, mailbox]).await?;
    tx.wake_jobs();
    Ok(())
}

/// Stops reading the mailbox, or reads it again.
pub async fn pause(tx: &mut Tx, actor: &Actor, network: Id, paused: bool) -> Result<()> {
    let Some((mut mailbox, account)) = with_account(tx, network).await? else {
        return Err(kit::Error::NotFound);
    };
    if mailbox.paused_at.is_some() == paused {
        return Ok(());
    }
    mailbox.paused_at = paused.then_some(actor.now);
    tx.save(&mut mailbox).await?;
    if !paused {
        restart(tx, network, mailbox.id).await?;
    }
    let action = if paused { "mailbox.paused" } else { "mailbox.resumed" };
    trail::record(tx, actor, Act::new(action, mailbox.subject(&account))).await.map(drop)
}

/// Changes what is put under answers.
pub async fn sign(tx: &mut Tx, actor: &Actor, network: Id, signature: &str) -> Result<()> {
    let Some((mut mailbox, account)) = with_account(tx, network).await? else {
        return Err(kit::Error::NotFound);
    };
    let before = json!({ "signature": kit::markup::text(&mailbox.signature) });
    mailbox.signature = kit::markup::clean(signature);
    tx.save(&mut mailbox).await?;
    let after = json!({ "signature": kit::markup::text(&mailbox.signature) });
    let act = Act::new("mailbox.signed", mailbox.subject(&account)).before(&before).after(&after);
    trail::record(tx, actor, act).await.map(drop)
}
