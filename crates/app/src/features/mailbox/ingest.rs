//! Arrival: the message as it came is stored first, then it is read and finds its place: its conversation, its sender
//! in the directory, the folders it lies in. One transaction for a batch, so that a synchronisation that is cut goes on
//! where it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use kit::db::fulltext::{self, Entry, Words};
use kit::db::{Id, Timestamp};
use kit::{App, Network, Result, Tx, args, sql};

use super::message::{MailMessage, MailText, Place};
use super::nature::{self, Nature};
use super::places::{self, Flags};
use super::reading::{self, Read};
use super::senders::{Known, Senders};
use super::thread::{self, Thread};
use super::threading::Threads;
use super::{arrival, young};

/// Messages that the first synchronisation finds are something to do when they are younger and nobody opened them.
const BACKLOG_DAYS: i64 = 30;
/// Files stored side by side.
const AT_ONCE: usize = 4;

/// A copy of a message as the server gave it.
#[derive(Clone, Debug)]
pub struct Copy {
    pub uid: i64,
    pub flags: Flags,
    /// When the server received it.
    pub received_at: Timestamp,
    /// The size that the server tells; `raw` is only the header of one that is too large.
    pub size: i64,
    pub raw: bytes::Bytes,
}

/// Where a batch comes from.
#[derive(Clone, Debug)]
pub struct Source {
    pub folder: Id,
    /// Role of the folder.
    pub role: String,
    /// The mailbox's own address.
    pub address: String,
    /// What arrived before was there already when the mailbox was connected.
    pub since: Timestamp,
}

/// A message that is new here, with all that was found out about it.
pub struct Fresh {
    pub message: MailMessage,
    pub read: Option<Arc<Read>>,
    pub sender: Option<Known>,
    pub report: Option<nature::Report>,
    /// What it is found by.
    pub words: Words,
    /// It began its conversation.
    pub begins: bool,
    /// It arrived since the mailbox was connected.
    pub is_live: bool,
}

/// A copy, read: which message it is one of, and what that says.
pub(super) struct Understood {
    pub copy: Copy,
    pub key: String,
    pub read: Option<Arc<Read>>,
    pub report: Option<nature::Report>,
    /// What it is found by.
    words: Words,
}

/// A batch that was read, and stored as it came.
pub struct Prepared {
    understood: Vec<Understood>,
    /// Names in the store of files, by key.
    raws: HashMap<String, String>,
}

/// Stores a batch; returns how many messages were new. A batch that was stored in part is stored again without harm.
pub async fn store(
    app: &App,
    network: &Network,
    source: &Source,
    senders: &mut Senders,
    copies: Vec<Copy>,
) -> Result<usize> {
    let prepared = prepare(app, network.id, copies).await?;
    file(app, network, source, senders, prepared).await
}

/// Reads a batch, and stores what is new in it as it came.
pub async fn prepare(app: &App, network: Id, copies: Vec<Copy>) -> Result<Prepared> {
    let understood = kit::heavy(move || copies.into_iter().map(understand).collect::<Vec<_>>()).await?;
    let mut tx = app.db.read().await?;
    let known = known_keys(&mut tx, network, &understood).await?;
    drop(tx);
    let raws = keep_raw(app, network, &understood, &known).await?;
    Ok(Prepared { understood, raws })
}

/// Has a batch find its place; returns how many messages were new.
pub async fn file(
    app: &App,
    network: &Network,
    source: &Source,
    senders: &mut Senders,
    prepared: Prepared,
) -> Result<usize> {
    let Prepared { understood, mut raws } = prepared;
    let mut tx = app.db.write().await?;
    // The batch before may have held copies of the same messages.
    let known = known_keys(&mut tx, network.id, &understood).await?;
    let doubles: Vec<String> = known.keys().filter_map(|key| raws.remove(key)).collect();
    let new = write(&mut tx, app, network, source, senders, (&understood, known, raws)).await?;
    tx.commit().await?;
    for name in doubles {
        app.files.delete(network.id, &name).await?;
    }
    Ok(new)
}

fn understand(copy: Copy) -> Understood {
    let parsed = reading::parse(&copy.raw);
    let report = parsed.as_ref().and_then(nature::report);
    let read = parsed.as_ref().map(reading::of);
    let words = read.as_ref().map(words).unwrap_or_default();
    Understood { key: key(&copy.raw, read.as_ref()), read: read.map(Arc::new), report, words, copy }
}

/// What a message is found by: its subject, its people, what it says.
fn words(read: &Read) -> Words {
    let mut all = vec![read.subject.as_str(), &read.sender_name, &read.sender_email];
    all.extend(read.recipients.to.iter().flat_map(|(email, name)| [name.as_str(), email]));
    all.push(&read.words);
    all.join(" ").into()
}

/// What makes copies of one message the same. Servers add lines to the header on the way, so it does not count; two
/// messages that only claim one Message-ID stay two.
fn key(raw: &[u8], read: Option<&Read>) -> String {
    let mut hasher = blake3::Hasher::new();
    if let Some(read) = read {
        hasher.update(read.message_id.as_bytes());
        hasher.update(read.sender_email.as_bytes());
        hasher.update(read.subject.as_bytes());
    }
    let end = raw
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .or_else(|| raw.windows(2).position(|two| two == b"\n\n"));
    let body = end.and_then(|at| raw.get(at..)).unwrap_or(raw);
    hasher.update(body.trim_ascii());
    hasher.finalize().to_hex().to_string()
}

async fn known_keys(tx: &mut Tx, network: Id, all: &[Understood]) -> Result<HashMap<String, (Id, Id)>> {
    let keys: BTreeSet<String> = all.iter().map(|one| one.key.clone()).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let found: Vec<MailMessage> = tx.all_in_texts(network, "message_key", &keys).await?;
    let known = found.into_iter().map(|m| (m.message_key, (m.id, m.thread_id))).collect();
    Ok(known)
}

/// Stores what came, before anything is said of it; names by key.
async fn keep_raw(
    app: &App,
    network: Id,
    all: &[Understood],
    known: &HashMap<String, (Id, Id)>,
) -> Result<HashMap<String, String>> {
    let mut fresh: BTreeMap<&str, &Understood> = BTreeMap::new();
    for one in all.iter().filter(|one| !known.contains_key(&one.key)) {
        fresh.entry(&one.key).or_insert(one);
    }
    let fresh: Vec<(String, bytes::Bytes)> =
        fresh.into_iter().map(|(key, one)| (key.to_owned(), one.copy.raw.clone())).collect();
    let files = app.files.clone();
    stream::iter(fresh)
        .map(move |(key, raw)| {
            let files = files.clone();
            async move { Ok((key, files.put(network, raw).await?)) }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

type Batch<'a> = (&'a [Understood], HashMap<String, (Id, Id)>, HashMap<String, String>);

async fn write(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    source: &Source,
    senders: &mut Senders,
    (all, mut known, raws): Batch<'_>,
) -> Result<usize> {
    let now = app.now();
    let mut threads = Threads::load(tx, network.id, all, now).await?;
    let fresh = place_each(tx, network.id, source, senders, &mut threads, (all, &mut known, &raws)).await?;
    // What was fetched is not here yet: a folder has one keeper.
    let places: Vec<Place> =
        all.iter().filter_map(|one| place(network.id, source.folder, one, &known, now)).collect();
    let merged = threads.merge(tx, network.id).await?;
    begin_threads(tx, network.id, source, &fresh, &places, now).await?;
    insert_messages(tx, network.id, &fresh).await?;
    tx.insert(&places).await?;
    let arrived = i64::try_from(places.len()).unwrap_or(i64::MAX);
    threads.remember(tx, network.id, now).await?;
    find_later(tx, network.id, &fresh).await?;
    let begun: BTreeSet<Id> =
        fresh.iter().filter(|one| one.begins).map(|one| one.message.thread_id).collect();
    let mut moved: BTreeSet<Id> =
        places.iter().map(|place| place.thread_id).filter(|id| !begun.contains(id)).collect();
    moved.extend(merged);
    thread::refresh(tx, network.id, &moved.into_iter().collect::<Vec<_>>()).await?;
    let sql = sql!("update mail_folder set fetched = fetched + $3 where network_id = $1 and id = $2");
    tx.run(sql, args![network.id, source.folder, arrived]).await?;
    arrival::follow_up(tx, app, network, source, &fresh).await?;
    Ok(fresh.len())
}

type Found<'a> = (&'a [Understood], &'a mut HashMap<String, (Id, Id)>, &'a HashMap<String, String>);

/// The messages of a batch that are new, each in its conversation.
async fn place_each(
    tx: &mut Tx,
    network: Id,
    source: &Source,
    senders: &mut Senders,
    threads: &mut Threads,
    (all, known, raws): Found<'_>,
) -> Result<Vec<Fresh>> {
    let mut fresh: Vec<Fresh> = Vec::new();
    for one in all {
        if known.contains_key(&one.key) {
            continue;
        }
        let thread_id = threads.of(one);
        let sender = match &one.read {
            Some(read) => senders.of(tx, network, &read.sender_email).await?,
            None => None,
        };
        let raw = raws.get(&one.key).cloned().unwrap_or_default();
        let message = message(network, source, one, (thread_id, raw, sender.as_ref()), threads.now);
        known.insert(one.key.clone(), (message.id, thread_id));
        let is_live = one.copy.received_at >= source.since;
        let (read, report, words) = (one.read.clone(), one.report.clone(), one.words.clone());
        fresh.push(Fresh { message, read, sender, report, words, begins: false, is_live });
    }
    // What came later in the batch may have joined what came before.
    for one in &mut fresh {
        one.message.thread_id = threads.root(one.message.thread_id);
        one.begins = !threads.stored.contains(&one.message.thread_id);
    }
    for (_, thread) in known.values_mut() {
        *thread = threads.root(*thread);
    }
    Ok(fresh)
}

async fn insert_messages(tx: &mut Tx, network: Id, fresh: &[Fresh]) -> Result<()> {
    let messages: Vec<MailMessage> = fresh.iter().map(|one| one.message.clone()).collect();
    tx.insert(&messages).await?;
    let text = |one: &Fresh| {
        let body = one.read.as_ref().map(|read| read.words.clone()).unwrap_or_default();
        MailText { network_id: network, id: one.message.id, body }
    };
    tx.insert(&fresh.iter().map(text).collect::<Vec<_>>()).await
}

fn message(
    network: Id,
    source: &Source,
    one: &Understood,
    (thread_id, raw, sender): (Id, String, Option<&Known>),
    now: Timestamp,
) -> MailMessage {
    let empty = Read::nothing();
    let read = one.read.as_deref().unwrap_or(&empty);
    // A date in the header is whatever its writer's clock, or wish, made it.
    let received_at = one.copy.received_at;
    let latest = received_at.plus_days(1);
    let sent_at =
        read.sent_at.filter(|at| *at > Timestamp::default() && *at <= latest).unwrap_or(received_at);
    let is_out = read.sender_email == source.address || source.role == "sent";
    MailMessage {
        network_id: network,
        id: Id::new(now),
        thread_id,
        message_key: one.key.clone(),
        message_id: read.message_id.clone(),
        sender_name: read.sender_name.clone(),
        sender_email: read.sender_email.clone(),
        recipients: serde_json::to_string(&read.recipients).unwrap_or_default(),
        subject: read.subject.clone(),
        preview: read.preview.clone(),
        sent_at,
        received_at,
        size: one.copy.size,
        raw,
        files: serde_json::to_string(&read.files).unwrap_or_default(),
        direction: if is_out { "out" } else { "in" }.to_owned(),
        nature: read.nature.code().to_owned(),
        readable: one.read.is_some(),
        sender_kind: sender.map_or("", |known| known.kind).to_owned(),
        sender_id: sender.map(|known| known.id),
        young: !is_out && sender.is_none() && read.nature == Nature::Person && young::seems(&read.written),
    }
}

fn place(
    network: Id,
    folder: Id,
    one: &Understood,
    known: &HashMap<String, (Id, Id)>,
    now: Timestamp,
) -> Option<Place> {
    let (message_id, thread_id) = *known.get(&one.key)?;
    let Flags { seen, answered, flagged } = one.copy.flags;
    let uid = one.copy.uid;
    Some(Place {
        network_id: network,
        id: Id::new(now),
        folder_id: folder,
        uid,
        message_id,
        thread_id,
        seen,
        answered,
        flagged,
    })
}

/// Inserts the conversations that begin in a batch.
async fn begin_threads(
    tx: &mut Tx,
    network: Id,
    source: &Source,
    fresh: &[Fresh],
    places: &[Place],
    now: Timestamp,
) -> Result<()> {
    let mut by_thread: BTreeMap<Id, Vec<&MailMessage>> = BTreeMap::new();
    for one in fresh.iter().filter(|one| one.begins) {
        by_thread.entry(one.message.thread_id).or_default().push(&one.message);
    }
    let mut of_thread: HashMap<Id, Vec<&Place>> = HashMap::new();
    for place in places {
        of_thread.entry(place.thread_id).or_default().push(place);
    }
    let mut rows = Vec::new();
    let mut folders = BTreeMap::new();
    for (id, mut messages) in by_thread {
        messages.sort_by_key(|m| (m.sent_at, m.id));
        let here = of_thread.get(&id).map(Vec::as_slice).unwrap_or_default();
        let unseen = thread::unseen(&messages, here);
        let row = Thread::new(network, id, &messages, unseen, first_state(source, &messages, unseen, now));
        folders.insert((id, source.folder), row.last_at);
        rows.push(row);
    }
    tx.insert(&rows).await?;
    places::insert_folders(tx, network, folders).await
}

/// What there is to do about a conversation that begins.
fn first_state(source: &Source, messages: &[&MailMessage], unseen: i64, now: Timestamp) -> &'static str {
    let Some(last) = messages.last() else { return "done" };
    let answers_itself = matches!(last.nature(), Nature::Auto | Nature::Bounce);
    let is_live = last.received_at >= source.since;
    let is_waiting = unseen > 0 && last.received_at >= now.plus_days(-BACKLOG_DAYS);
    let is_new = source.role == "inbox" && !last.is_out() && !answers_itself && (is_live || is_waiting);
    if is_new { "to_do" } else { "done" }
}

async fn find_later(tx: &mut Tx, network: Id, fresh: &[Fresh]) -> Result<()> {
    let entry = |one: &Fresh| Entry {
        kind: "mail_message",
        subject_id: one.message.id,
        title: one.message.subject.clone(),
        subtitle: one.message.from().to_owned(),
        url: thread::url(one.message.thread_id),
        audience: "mailbox",
        words: one.words.clone(),
    };
    fulltext::put_in_mass(tx, network, &fresh.iter().map(entry).collect::<Vec<_>>()).await
}
