//! Where copies of messages lie on the server, and which folders conversations are therefore in.

use std::collections::{BTreeMap, BTreeSet};

use kit::db::{Id, Timestamp};
use kit::{Result, Tx, args, sql};

use super::message::Place;
use super::thread::Thread;

kit::table! {
    /// A conversation in a folder.
    pub struct ThreadFolder in "mail_thread_folder" {
        pub thread_id: Id,
        pub folder_id: Id,
        pub last_at: Timestamp,
    }
}

/// What a server says of a copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub seen: bool,
    pub answered: bool,
    pub flagged: bool,
}

/// Every copy known in a folder: its uid, and what was said of it last.
pub async fn known(tx: &mut Tx, network: Id, folder: Id) -> Result<BTreeMap<i64, Flags>> {
    let sql =
        sql!("select uid, seen, answered, flagged from mail_place where network_id = $1 and folder_id = $2");
    let rows: Vec<(i64, bool, bool, bool)> = tx.all(sql, args![network, folder]).await?;
    Ok(rows
        .into_iter()
        .map(|(uid, seen, answered, flagged)| (uid, Flags { seen, answered, flagged }))
        .collect())
}

/// Takes over what the server says of copies, and returns which conversations that concerns.
pub async fn set_flags(
    tx: &mut Tx,
    network: Id,
    folder: Id,
    changed: &[(i64, Flags)],
) -> Result<BTreeSet<Id>> {
    let mut threads = BTreeSet::new();
    for (uid, flags) in changed {
        let sql = sql!(
            "update mail_place set seen = $4, answered = $5, flagged = $6 where network_id = $1 and folder_id = $2 ",
            "and uid = $3 and (seen <> $4 or answered <> $5 or flagged <> $6) returning thread_id"
        );
        let args = args![network, folder, *uid, flags.seen, flags.answered, flags.flagged];
        threads.extend(tx.optional::<(Id,)>(sql, args).await?.map(|(thread,)| thread));
    }
    Ok(threads)
}

/// Copies that the server no longer has. The messages stay.
pub async fn remove(tx: &mut Tx, network: Id, folder: Id, uids: &[i64]) -> Result<BTreeSet<Id>> {
    let mut threads = BTreeSet::new();
    for uid in uids {
        let sql = sql!(
            "delete from mail_place where network_id = $1 and folder_id = $2 and uid = $3 returning thread_id"
        );
        threads
            .extend(tx.optional::<(Id,)>(sql, args![network, folder, *uid]).await?.map(|(thread,)| thread));
    }
    if !uids.is_empty() {
        let gone = i64::try_from(uids.len()).unwrap_or(0);
        let sql = sql!("update mail_folder set fetched = fetched - $3 where network_id = $1 and id = $2");
        tx.run(sql, args![network, folder, gone]).await?;
    }
    Ok(threads)
}

/// Forgets every copy in a folder: its numbers mean nothing any more (`UIDVALIDITY` changed, RFC 3501, 2.3.1.1).
pub async fn empty_folder(tx: &mut Tx, network: Id, folder: Id) -> Result<()> {
    let sql = sql!("delete from mail_place where network_id = $1 and folder_id = $2");
    tx.run(sql, args![network, folder]).await?;
    let sql = sql!("delete from mail_thread_folder where network_id = $1 and folder_id = $2");
    tx.run(sql, args![network, folder]).await?;
    let sql = sql!(
        "update mail_folder set low_uid = 0, high_uid = 0, mod_seq = 0, fetched = 0 where network_id = $1 and id = $2"
    );
    tx.run(sql, args![network, folder]).await.map(drop)
}

/// Writes anew which folders conversations are in.
pub async fn refresh_folders(tx: &mut Tx, network: Id, rows: &[Thread], places: &[Place]) -> Result<()> {
    let threads: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut wanted = BTreeMap::new();
    for place in places {
        if let Some(row) = rows.iter().find(|row| row.id == place.thread_id) {
            wanted.insert((place.thread_id, place.folder_id), row.last_at);
        }
    }
    let known: Vec<ThreadFolder> = tx.all_in(network, "thread_id", &threads).await?;
    let mut stale = Vec::new();
    for row in &known {
        if wanted.get(&(row.thread_id, row.folder_id)) == Some(&row.last_at) {
            wanted.remove(&(row.thread_id, row.folder_id));
        } else {
            stale.push(row.id);
        }
    }
    tx.delete_in::<ThreadFolder>(network, "id", &stale).await?;
    insert_folders(tx, network, wanted).await
}

/// Adds conversations to folders.
pub async fn insert_folders(tx: &mut Tx, network: Id, wanted: BTreeMap<(Id, Id), Timestamp>) -> Result<()> {
    let rows: Vec<ThreadFolder> = wanted
        .into_iter()
        .map(|((thread_id, folder_id), last_at)| ThreadFolder {
            network_id: network,
            id: Id::new(last_at),
            thread_id,
            folder_id,
            last_at,
        })
        .collect();
    tx.insert(&rows).await
}
