//! Keeping the mailbox in step with its server: one process at a time holds it, under a lease, for as long as it lives.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_imap::extensions::idle::IdleResponse;
use kit::db::{Id, Timestamp};
use kit::mail::MailAccount;
use kit::{App, Error, Network, Result, args, chance, network, sql};

use super::fetching::{self, Sync};
use super::imap::{self, Offers, Server, told, within};
use super::ingest::Source;
use super::order;
use super::orders::Hand;
use super::senders::Senders;
use super::shared_mailbox::{self, Folder, Mailbox, Status};

/// A mailbox is another process's after so long, should this one die.
const LEASE_SECONDS: i64 = 90;
/// The lease is renewed, and folders other than the inbox are looked at, so often.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// After a failure nobody tries again before so many seconds, more at each…
const RETRY_SECONDS: i64 = 30;
/// … up to so many.
const MOST_RETRY_SECONDS: i64 = 15 * 60;

/// Looks for mailboxes that nobody keeps, and keeps them, until the process ends.
pub async fn run_forever(app: App) {
    let held: Arc<Mutex<BTreeSet<Id>>> = Arc::default();
    let who = chance::token();
    loop {
        let ring = app.db.ring();
        match free_mailboxes(&app).await {
            Ok(free) => {
                for (network, mailbox) in free {
                    let mut held_now = held.lock().unwrap_or_else(PoisonError::into_inner);
                    if held_now.insert(mailbox) {
                        let (app, who, held) = (app.clone(), who.clone(), held.clone());
                        tokio::spawn(async move {
                            if let Err(error) = keep(&app, network, mailbox, &who).await {
                                tracing::warn!(%error, "a mailbox could not be kept in step");
                            }
                            held.lock().unwrap_or_else(PoisonError::into_inner).remove(&mailbox);
                        });
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "mailboxes could not be looked at"),
        }
        ring.within(Duration::from_secs(5)).await;
    }
}

async fn free_mailboxes(app: &App) -> Result<Vec<(Id, Id)>> {
    let sql = sql!(
        "select s.network_id, s.id from mailbox_status s join mailbox m on m.network_id = s.network_id and m.id = s.id ",
        "where s.lease_until < $1 and m.paused_at is null order by s.lease_until limit 50"
    );
    app.db.read().await?.all(sql, args![app.now()]).await
}

/// Takes a mailbox for this process; false when another was faster.
async fn take(app: &App, network: Id, mailbox: Id, who: &str) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let sql = sql!(
        "update mailbox_status set lease_until = $3, lease_by = $4 where network_id = $1 and id = $2 ",
        "and (lease_until < $5 or lease_by = $4)"
    );
    let taken = tx.run(sql, args![network, mailbox, now.plus_seconds(LEASE_SECONDS), who, now]).await? > 0;
    tx.commit().await?;
    Ok(taken)
}

/// Keeps a mailbox in step until it is paused, changed or lost; notes why it ended.
async fn keep(app: &App, network: Id, mailbox: Id, who: &str) -> Result<()> {
    while take(app, network, mailbox, who).await? {
        match session(app, network, mailbox, who).await {
            Ok(Ended::Changed) => {}
            Ok(Ended::Paused) => return release(app, network, mailbox, who).await,
            Err(error) => return note_failure(app, network, mailbox, who, &error).await,
        }
    }
    Ok(())
}

async fn release(app: &App, network: Id, mailbox: Id, who: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    let sql = sql!(
        "update mailbox_status set lease_until = 0, lease_by = '' where network_id = $1 and id = $2 and lease_by = $3"
    );
    tx.run(sql, args![network, mailbox, who]).await?;
    tx.commit().await
}

async fn note_failure(app: &App, network: Id, mailbox: Id, who: &str, error: &Error) -> Result<()> {
    let text = match error {
        Error::Bug(text) => {
            tracing::error!(text, "mailbox");
            "Une erreur du programme empêche de lire la boîte ; elle est dans son journal.".to_owned()
        }
        error => error.to_string(),
    };
    let now = app.now();
    let mut tx = app.db.write().await?;
    let status: Status = tx.get(network, mailbox).await?;
    let failures = status.failures + 1;
    let wait = (RETRY_SECONDS << failures.min(5)).min(MOST_RETRY_SECONDS);
    let sql = sql!(
        "update mailbox_status set state = 'failed', error = $4, checked_at = $5, lease_until = $6, failures = $7 ",
        "where network_id = $1 and id = $2 and lease_by = $3"
    );
    tx.run(sql, args![network, mailbox, who, text, now, now.plus_seconds(wait), failures]).await?;
    tx.commit().await
}

enum Ended {
    Paused,
    /// Settings changed: begin again with the new ones.
    Changed,
}

/// An open connection with what it is for.
struct Open {
    network: Network,
    mailbox: Mailbox,
    account: MailAccount,
    server: Server,
    offers: Offers,
    folders: Vec<Folder>,
    senders: Senders,
}

async fn open(app: &App, network: Id) -> Result<Open> {
    let mut tx = app.db.read().await?;
    let found = network::by_id(&mut tx, network).await?;
    let (mailbox, account) = shared_mailbox::with_account(&mut tx, network).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let (mut server, offers) = imap::open(app, &mailbox.door(), &account).await?;
    let listed = imap::folders(&mut server).await?;
    let folders = fetching::take_folders(app, network, mailbox.id, listed).await?;
    Ok(Open { network: found, mailbox, account, server, offers, folders, senders: Senders::default() })
}

/// Opens a network's mailbox and leaves it; answers where it is and what came of it, nothing when none is read.
pub async fn try_door(app: &App, network: Id) -> Result<Option<(String, Result<()>)>> {
    let found = shared_mailbox::with_account(&mut app.db.read().await?, network).await?;
    let Some((mailbox, account)) = found.filter(|(mailbox, _)| mailbox.paused_at.is_none()) else {
        return Ok(None);
    };
    let place = format!("{}, port {}", mailbox.host, mailbox.port);
    let tried = imap::try_open(app, &mailbox.door(), &account).await;
    Ok(Some((place, tried)))
}

/// One connection, for as long as it lasts.
async fn session(app: &App, network: Id, mailbox: Id, who: &str) -> Result<Ended> {
    let mut open = open(app, network).await?;
    loop {
        say(app, network, mailbox, "working").await?;
        let renewing = renew_while(app, network, mailbox, who);
        tokio::select! {
            worked = look(app, &mut open) => worked?,
            lost = renewing => return lost.map(|()| Ended::Changed),
        }
        say(app, network, mailbox, "in_step").await?;
        loop {
            if !take(app, network, mailbox, who).await? {
                return Err(Error::TryLater("Un autre processus tient la boîte.".to_owned()));
            }
            let now = shared_mailbox::of(&mut app.db.read().await?, network).await?;
            match now {
                None => return Ok(Ended::Paused),
                Some(now) if now.paused_at.is_some() => return Ok(Ended::Paused),
                Some(now) if now.version != open.mailbox.version => return Ok(Ended::Changed),
                Some(_) => {}
            }
            let (server, news) = wait(app, open.server, open.offers, (network, mailbox)).await?;
            open.server = server;
            if news {
                break;
            }
        }
        open.folders = shared_mailbox::folders(&mut app.db.read().await?, network, mailbox).await?;
    }
}

/// Renews the lease while a long synchronisation runs; ends only when the mailbox was lost.
async fn renew_while(app: &App, network: Id, mailbox: Id, who: &str) -> Result<()> {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if !take(app, network, mailbox, who).await? {
            return Err(Error::TryLater("Un autre processus tient la boîte.".to_owned()));
        }
    }
}

/// Carries out orders, then brings every followed folder in step.
async fn look(app: &App, open: &mut Open) -> Result<()> {
    let network = open.network.id;
    let mut hand = Hand {
        app,
        network,
        mailbox: open.mailbox.id,
        server: &mut open.server,
        offers: open.offers,
        folders: &open.folders,
    };
    hand.all().await?;
    for folder in open.folders.iter().filter(|folder| folder.followed) {
        let source = Source {
            folder: folder.id,
            role: folder.role.clone(),
            address: open.account.address.to_lowercase(),
            since: open.mailbox.created_at,
        };
        let mut sync = Sync {
            app,
            network: &open.network,
            server: &mut open.server,
            offers: open.offers,
            source,
            senders: &mut open.senders,
        };
        sync.folder(folder.clone()).await?;
    }
    Ok(())
}

/// Waits until the server or someone here has something new, or it is time to look; says whether to look.
async fn wait(
    app: &App,
    mut server: Server,
    offers: Offers,
    (network, mailbox): (Id, Id),
) -> Result<(Server, bool)> {
    let ring = app.db.ring();
    if !order::next(&mut app.db.read().await?, network, mailbox, app.now(), 1).await?.is_empty() {
        return Ok((server, true));
    }
    if !offers.idle {
        ring.within(LOOK_EVERY).await;
        return Ok((server, true));
    }
    let folders = shared_mailbox::folders(&mut app.db.read().await?, network, mailbox).await?;
    if let Some(inbox) = folders.iter().find(|folder| folder.role == "inbox") {
        let selected = within(server.select(&inbox.name)).await?.map_err(|e| told(&e))?;
        // What came since the folder was looked at would not be told again.
        if selected.uid_next.is_some_and(|next| i64::from(next) > inbox.high_uid + 1) {
            return Ok((server, true));
        }
    }
    let mut idle = server.idle();
    within(idle.init()).await?.map_err(|e| told(&e))?;
    let (news, stop) = idle.wait_with_timeout(LOOK_EVERY);
    let news = tokio::select! {
        heard = news => match heard.map_err(|e| told(&e))? {
            IdleResponse::NewData(_) | IdleResponse::Timeout => true,
            IdleResponse::ManualInterrupt => return Err(told(&async_imap::error::Error::ConnectionLost)),
        },
        () = ring.heard() => false,
    };
    drop(stop);
    let server = within(idle.done()).await?.map_err(|e| told(&e))?;
    Ok((server, news))
}

async fn say(app: &App, network: Id, mailbox: Id, state: &str) -> Result<()> {
    let now = app.now();
    let in_step: Option<Timestamp> = (state == "in_step").then_some(now);
    let mut tx = app.db.write().await?;
    let sql = sql!(
        "update mailbox_status set state = $3, error = null, checked_at = $4, in_step_at = coalesce($5, in_step_at), ",
        "failures = case when cast($5 as bigint) is null then failures else 0 end where network_id = $1 and id = $2"
    );
    tx.run(sql, args![network, mailbox, state, now, in_step]).await?;
    tx.commit().await
}

/// Brings a network's mailbox in step once, as one look of its keeper does.
pub async fn once(app: &App, network: Id) -> Result<()> {
    let mut open = open(app, network).await?;
    look(app, &mut open).await?;
    // Moved copies appear in their new folder at the next look.
    let mailbox = open.mailbox.id;
    open.folders = shared_mailbox::folders(&mut app.db.read().await?, network, mailbox).await?;
    look(app, &mut open).await?;
    say(app, network, mailbox, "in_step").await?;
    // The server closes what is left open; its farewell changes nothing.
    drop(within(open.server.logout()).await);
    Ok(())
}
