//! Bringing a folder in step with the server's: what is new, what is older and still to come, what changed, what went.

use std::collections::{BTreeMap, BTreeSet};

use async_imap::types::{Fetch, Flag};
use futures::StreamExt;
use kit::db::{Id, Timestamp};
use kit::{App, Error, Network, Result, args, sql};

use super::imap::{Offers, Server, told, within};
use super::ingest::{self, Copy, Source};
use super::places::{self, Flags};
use super::senders::Senders;
use super::shared_mailbox::{self, Folder};
use super::thread;

/// Numbers looked at in one question: what follows it keeps server and program busy at once.
const SPAN: i64 = 5_000;
/// Of what is fetched at once, so many bytes at most, unless one message alone is larger…
const BATCH_BYTES: i64 = 2 << 20;
/// … and so many messages.
const BATCH: usize = 250;
/// Of a message larger than this only the header is fetched: providers take no larger ones themselves.
pub const LARGEST: i64 = 40 << 20;
/// Changed flags are written in transactions of so many.
const FLAGS_AT_ONCE: usize = 500;

/// One synchronisation of one folder.
pub struct Sync<'a> {
    pub app: &'a App,
    pub network: &'a Network,
    pub server: &'a mut Server,
    pub offers: Offers,
    pub source: Source,
    pub senders: &'a mut Senders,
}

/// A copy as announced, before its bytes.
#[derive(Clone, Copy)]
struct Announced {
    uid: i64,
    size: i64,
}

impl Sync<'_> {
    /// Brings a folder in step.
    pub async fn folder(&mut self, mut folder: Folder) -> Result<()> {
        let selected = within(async {
            if self.offers.condstore {
                self.server.select_condstore(&folder.name).await
            } else {
                self.server.select(&folder.name).await
            }
        })
        .await?
        .map_err(|e| told(&e))?;
        let validity = i64::from(selected.uid_validity.unwrap_or(0));
        let next = i64::from(selected.uid_next.unwrap_or(0)).max(1);
        let total = i64::from(selected.exists);
        let mod_seq = selected.highest_modseq.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(0);
        if folder.uid_validity != validity {
            self.begin_anew(&mut folder, validity).await?;
        }
        if folder.low_uid == 0 {
            (folder.low_uid, folder.high_uid) = (next, next - 1);
        }
        self.tell_total(&folder, total).await?;
        let known_before = folder.high_uid;
        self.newer(&mut folder, next).await?;
        self.changed(&folder, known_before, mod_seq).await?;
        self.gone(&folder, total).await?;
        self.older(&mut folder).await?;
        self.settle(&folder, mod_seq).await
    }

    /// The server's numbers mean other messages than before: they are learnt anew. Messages known already are
    /// recognised by what they say.
    async fn begin_anew(&self, folder: &mut Folder, validity: i64) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        places::empty_folder(&mut tx, self.network.id, folder.id).await?;
        let sql = sql!("update mail_folder set uid_validity = $3 where network_id = $1 and id = $2");
        tx.run(sql, args![self.network.id, folder.id, validity]).await?;
        tx.commit().await?;
        (folder.uid_validity, folder.low_uid, folder.high_uid, folder.mod_seq) = (validity, 0, 0, 0);
        Ok(())
    }

    async fn tell_total(&self, folder: &Folder, total: i64) -> Result<()> {
        if folder.total == total {
            return Ok(());
        }
        let mut tx = self.app.db.write().await?;
        let sql = sql!("update mail_folder set total = $3 where network_id = $1 and id = $2");
        tx.run(sql, args![self.network.id, folder.id, total]).await?;
        tx.commit().await
    }

    async fn newer(&mut self, folder: &mut Folder, next: i64) -> Result<()> {
        while folder.high_uid + 1 < next {
            let last = (folder.high_uid + SPAN).min(next - 1);
            self.range(folder, folder.high_uid + 1, last).await?;
            folder.high_uid = last;
            self.mark(folder).await?;
        }
        Ok(())
    }

    /// The latest first, so that the mailbox is of use from its first minute.
    async fn older(&mut self, folder: &mut Folder) -> Result<()> {
        while folder.low_uid > 1 {
            let first = (folder.low_uid - SPAN).max(1);
            self.range(folder, first, folder.low_uid - 1).await?;
            folder.low_uid = first;
            self.mark(folder).await?;
        }
        Ok(())
    }

    async fn mark(&self, folder: &Folder) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        let sql =
            sql!("update mail_folder set low_uid = $3, high_uid = $4 where network_id = $1 and id = $2");
        tx.run(sql, args![self.network.id, folder.id, folder.low_uid, folder.high_uid]).await?;
        tx.commit().await
    }

    /// Fetches and stores what lies between two numbers. What is stored already is not fetched again: a range that was
    /// cut goes on where it was.
    async fn range(&mut self, folder: &Folder, first: i64, last: i64) -> Result<()> {
        let announced = self.announced(first, last).await?;
        let here = self.here(folder, first, last).await?;
        let mut wanted: Vec<Announced> =
            announced.into_iter().filter(|one| !here.contains(&one.uid)).collect();
        wanted.sort_by_key(|one| std::cmp::Reverse(one.uid));
        let mut batches = batches(&wanted).into_iter();
        let (mut fetched, mut prepared) = (None, None);
        loop {
            // While one batch finds its place, the next is read and the one after is on its way.
            let next = batches.next();
            if next.is_none() && fetched.is_none() && prepared.is_none() {
                return Ok(());
            }
            let (app, network) = (self.app, self.network);
            let fetching = some(next.map(|batch| bodies(&mut *self.server, batch)));
            let preparing = some(fetched.take().map(|copies| ingest::prepare(app, network.id, copies)));
            let filing = some(
                prepared
                    .take()
                    .map(|batch| ingest::file(app, network, &self.source, &mut *self.senders, batch)),
            );
            let (new, read, filed) = futures::join!(fetching, preparing, filing);
            filed?;
            (fetched, prepared) = match (new, read) {
                (Ok(new), Ok(read)) => (new, read),
                (Err(lost), Ok(Some(read))) => {
                    // What came before the line was cut is not fetched again.
                    ingest::file(app, network, &self.source, &mut *self.senders, read).await?;
                    return Err(lost);
                }
                (Err(error), _) | (_, Err(error)) => return Err(error),
            };
        }
    }

    async fn announced(&mut self, first: i64, last: i64) -> Result<Vec<Announced>> {
        let mut all = Vec::new();
        let set = format!("{first}:{last}");
        collect(&mut *self.server, &set, "(UID RFC822.SIZE)", |fetch| {
            if let Some(uid) = fetch.uid.map(i64::from).filter(|uid| (first..=last).contains(uid)) {
                all.push(Announced { uid, size: i64::from(fetch.size.unwrap_or(0)) });
            }
        })
        .await?;
        Ok(all)
    }

    async fn here(&self, folder: &Folder, first: i64, last: i64) -> Result<BTreeSet<i64>> {
        let sql = sql!(
            "select uid from mail_place where network_id = $1 and folder_id = $2 and uid between $3 and $4"
        );
        let mut tx = self.app.db.read().await?;
        let rows: Vec<(i64,)> = tx.all(sql, args![self.network.id, folder.id, first, last]).await?;
        Ok(rows.into_iter().map(|(uid,)| uid).collect())
    }

    /// Takes over flags that another program changed. With `CONDSTORE` (RFC 7162) only those are asked for.
    async fn changed(&mut self, folder: &Folder, last: i64, mod_seq: i64) -> Result<()> {
        if last < folder.low_uid || (self.offers.condstore && mod_seq == folder.mod_seq && mod_seq > 0) {
            return Ok(());
        }
        let set = format!("{}:{last}", folder.low_uid);
        let ask = match (self.offers.condstore, folder.mod_seq) {
            (true, seen) if seen > 0 => format!("(UID FLAGS) (CHANGEDSINCE {seen})"),
            _ => "(UID FLAGS)".to_owned(),
        };
        let mut said: BTreeMap<i64, Flags> = BTreeMap::new();
        collect(&mut *self.server, &set, &ask, |fetch| {
            if let Some(uid) = fetch.uid.map(i64::from) {
                said.insert(uid, flags(fetch));
            }
        })
        .await?;
        let known = places::known(&mut self.app.db.read().await?, self.network.id, folder.id).await?;
        let changed: Vec<(i64, Flags)> =
            said.into_iter().filter(|(uid, flags)| known.get(uid).is_some_and(|was| was != flags)).collect();
        for chunk in changed.chunks(FLAGS_AT_ONCE) {
            let mut tx = self.app.db.write().await?;
            let threads = places::set_flags(&mut tx, self.network.id, folder.id, chunk).await?;
            thread::refresh(&mut tx, self.network.id, &threads.into_iter().collect::<Vec<_>>()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notices what another program moved or deleted: numbers that the server no longer has.
    async fn gone(&mut self, folder: &Folder, total: i64) -> Result<()> {
        let mut tx = self.app.db.read().await?;
        let sql = sql!("select fetched from mail_folder where network_id = $1 and id = $2");
        let count: i64 = tx.value(sql, args![self.network.id, folder.id]).await?;
        // As many here as there, and nothing still to come: most looks end here.
        if count == 0 || (folder.low_uid <= 1 && count == total) {
            return Ok(());
        }
        let known = places::known(&mut tx, self.network.id, folder.id).await?;
        drop(tx);
        self.recount(folder, known.len()).await?;
        let set = format!("UID {}:{}", folder.low_uid, folder.high_uid);
        let there = within(self.server.uid_search(&set)).await?.map_err(|e| told(&e))?;
        let gone: Vec<i64> = known
            .into_keys()
            .filter(|uid| u32::try_from(*uid).map_or(true, |uid| !there.contains(&uid)))
            .collect();
        for chunk in gone.chunks(FLAGS_AT_ONCE) {
            let mut tx = self.app.db.write().await?;
            let threads = places::remove(&mut tx, self.network.id, folder.id, chunk).await?;
            thread::refresh(&mut tx, self.network.id, &threads.into_iter().collect::<Vec<_>>()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Mends the count of what is here, should it ever be wrong.
    async fn recount(&self, folder: &Folder, known: usize) -> Result<()> {
        let count = i64::try_from(known).unwrap_or(i64::MAX);
        let mut tx = self.app.db.write().await?;
        let sql =
            sql!("update mail_folder set fetched = $3 where network_id = $1 and id = $2 and fetched <> $3");
        tx.run(sql, args![self.network.id, folder.id, count]).await?;
        tx.commit().await
    }

    async fn settle(&self, folder: &Folder, mod_seq: i64) -> Result<()> {
        if folder.mod_seq == mod_seq {
            return Ok(());
        }
        let mut tx = self.app.db.write().await?;
        let sql = sql!("update mail_folder set mod_seq = $3 where network_id = $1 and id = $2");
        tx.run(sql, args![self.network.id, folder.id, mod_seq]).await?;
        tx.commit().await
    }
}

fn batches(wanted: &[Announced]) -> Vec<Vec<Announced>> {
    let mut batches: Vec<Vec<Announced>> = Vec::new();
    let mut bytes = 0;
    for one in wanted {
        let full = batches.last().is_none_or(|last| last.len() >= BATCH || bytes + one.size > BATCH_BYTES);
        // One that is too large comes alone, as its header only.
        if full
            || one.size > LARGEST
            || batches.last().is_some_and(|last| last.iter().any(|o| o.size > LARGEST))
        {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += one.size;
        if let Some(last) = batches.last_mut() {
            last.push(*one);
        }
    }
    batches
}

/// Does what there is to do, if there is any.
async fn some<T>(work: Option<impl Future<Output = Result<T>>>) -> Result<Option<T>> {
    match work {
        Some(work) => work.await.map(Some),
        None => Ok(None),
    }
}

async fn bodies(server: &mut Server, batch: Vec<Announced>) -> Result<Vec<Copy>> {
    let sizes: BTreeMap<i64, i64> = batch.iter().map(|one| (one.uid, one.size)).collect();
    let set: Vec<String> = sizes.keys().map(i64::to_string).collect();
    let ask = if sizes.values().any(|size| *size > LARGEST) {
        "(UID FLAGS INTERNALDATE BODY.PEEK[HEADER])"
    } else {
        "(UID FLAGS INTERNALDATE BODY.PEEK[])"
    };
    let mut copies = Vec::with_capacity(batch.len());
    collect(server, &set.join(","), ask, |fetch| {
        let Some(uid) = fetch.uid.map(i64::from).filter(|uid| sizes.contains_key(uid)) else { return };
        let Some(raw) = fetch.body().or_else(|| fetch.header()) else { return };
        let received =
            fetch.internal_date().map_or_else(Timestamp::default, |at| Timestamp::from_utc(at.to_utc()));
        copies.push(Copy {
            uid,
            flags: flags(fetch),
            received_at: received,
            size: sizes.get(&uid).copied().unwrap_or(0),
            raw: bytes::Bytes::copy_from_slice(raw),
        });
    })
    .await?;
    copies.sort_by_key(|copy| copy.uid);
    copies.dedup_by_key(|copy| copy.uid);
    Ok(copies)
}

/// Asks and gives each answer; a server that stops in the middle is not waited for for ever.
async fn collect(
    server: &mut Server,
    set: &str,
    ask: &str,
    mut take: impl FnMut(&Fetch) + Send,
) -> Result<()> {
    let stream = within(server.uid_fetch(set, ask)).await?.map_err(|e| told(&e))?;
    futures::pin_mut!(stream);
    while let Some(fetch) = within(stream.next()).await? {
        match fetch {
            Ok(fetch) => take(&fetch),
            Err(error) => return Err(told(&error)),
        }
    }
    Ok(())
}

fn flags(fetch: &Fetch) -> Flags {
    let mut flags = Flags::default();
    for flag in fetch.flags() {
        match flag {
            Flag::Seen => flags.seen = true,
            Flag::Answered => flags.answered = true,
            Flag::Flagged => flags.flagged = true,
            _ => {}
        }
    }
    flags
}

/// Notes which folders the server has: new ones are added, those that went are put away.
pub async fn take_folders(
    app: &App,
    network: Id,
    mailbox: Id,
    listed: Vec<super::imap::Listed>,
) -> Result<Vec<Folder>> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let known = shared_mailbox::folders(&mut tx, network, mailbox).await?;
    for gone in known.iter().filter(|folder| !listed.iter().any(|l| l.name == folder.name)) {
        shared_mailbox::put_away(&mut tx, network, gone.id, now).await?;
    }
    for one in listed {
        match known.iter().find(|folder| folder.name == one.name) {
            Some(folder) if folder.role == one.role && folder.followed == one.followed => {}
            Some(folder) => {
                let sql =
                    sql!("update mail_folder set role = $3, followed = $4 where network_id = $1 and id = $2");
                tx.run(sql, args![network, folder.id, one.role, one.followed]).await?;
            }
            None => {
                let named = (one.name.as_str(), one.label.as_str(), one.role);
                let folder = Folder::new(network, mailbox, now, named);
                tx.insert(&[Folder { followed: one.followed, ..folder }]).await?;
            }
        }
    }
    let folders = shared_mailbox::folders(&mut tx, network, mailbox).await?;
    tx.commit().await?;
    if folders.iter().any(|folder| folder.role == "inbox") {
        Ok(folders)
    } else {
        Err(Error::refused("Le serveur ne montre aucune boîte de réception."))
    }
}
