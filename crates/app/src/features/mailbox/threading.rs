//! Which conversation a message belongs to: by the Message-IDs that it bears and names, whatever the order in which messages
//! come. Conversations that turn out to be one are joined.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::db::{Id, Timestamp};
use kit::{Result, Tx, args, mail, sql, tie, trail};

use super::ingest::Understood;
use super::thread::{self, Thread};
use crate::features::mailings::list_post;

kit::table! {
    /// A Message-ID that a conversation holds or names, hashed.
    pub struct Reference in "mail_reference" {
        pub reference_key: String,
        pub thread_id: Id,
    }
}

/// Which conversation each message of a batch belongs to, by the Message-IDs that it bears and names.
pub(super) struct Threads {
    by_reference: HashMap<String, Id>,
    /// References that were not known yet.
    learnt: Vec<(String, Id)>,
    /// Conversations found to be one: the later into the earlier.
    same: BTreeMap<Id, Id>,
    /// Those that were here before.
    pub(super) stored: BTreeSet<Id>,
    pub(super) now: Timestamp,
}

impl Threads {
    pub(super) async fn load(tx: &mut Tx, network: Id, all: &[Understood], now: Timestamp) -> Result<Self> {
        let wanted: BTreeSet<String> = all.iter().flat_map(ids_of).collect();
        let wanted: Vec<String> = wanted.into_iter().collect();
        let found: Vec<Reference> = tx.all_in_texts(network, "reference_key", &wanted).await?;
        let by_reference: HashMap<String, Id> =
            found.into_iter().map(|row| (row.reference_key, row.thread_id)).collect();
        let stored = by_reference.values().copied().collect();
        Ok(Self { by_reference, learnt: Vec::new(), same: BTreeMap::new(), stored, now })
    }

    /// The conversation of a message, as far as is known yet: [`Threads::root`] tells in the end.
    pub(super) fn of(&mut self, one: &Understood) -> Id {
        let ids = ids_of(one);
        let mut found: Vec<Id> =
            ids.iter().filter_map(|id| self.by_reference.get(id)).map(|id| self.root(*id)).collect();
        // Into one that is stored, rather than the reverse; then into the earliest.
        found.sort_by_key(|id| (!self.stored.contains(id), *id));
        found.dedup();
        let thread = match found.split_first() {
            None => Id::new(self.now),
            Some((first, others)) => {
                for other in others {
                    self.same.insert(*other, *first);
                }
                *first
            }
        };
        for id in ids {
            if self.by_reference.insert(id.clone(), thread).is_none() {
                self.learnt.push((id, thread));
            }
        }
        thread
    }

    pub(super) fn root(&self, mut id: Id) -> Id {
        while let Some(into) = self.same.get(&id) {
            id = *into;
        }
        id
    }

    /// Joins stored conversations that turned out to be one; returns those that grew.
    pub(super) async fn merge(&self, tx: &mut Tx, network: Id) -> Result<Vec<Id>> {
        let mut grown = Vec::new();
        for from in self.same.keys().filter(|from| self.stored.contains(from)) {
            let into = self.root(*from);
            join(tx, network, *from, into).await?;
            grown.push(into);
        }
        Ok(grown)
    }

    pub(super) async fn remember(&self, tx: &mut Tx, network: Id, now: Timestamp) -> Result<()> {
        let row = |(key, thread): &(String, Id)| Reference {
            network_id: network,
            id: Id::new(now),
            reference_key: key.clone(),
            thread_id: self.root(*thread),
        };
        tx.insert(&self.learnt.iter().map(row).collect::<Vec<_>>()).await
    }
}

/// The keys of the Message-IDs that a message bears and names. A bounce belongs with what came back.
fn ids_of(one: &Understood) -> Vec<String> {
    let Some(read) = &one.read else { return Vec::new() };
    let own = Some(&read.message_id).filter(|id| !id.is_empty());
    let mut ids: Vec<String> = own.into_iter().chain(&read.references).map(|id| reference_key(id)).collect();
    if let Some(report) = &one.report {
        ids.push(reference_key(&format!("outgoing:{}", report.outgoing)));
    }
    ids
}

/// The key of a Message-ID. Ours are known by the id that they carry: servers may rewrite the rest.
pub fn reference_key(message_id: &str) -> String {
    let ours = mail::of_message_id(message_id).map(|id| format!("outgoing:{id}"));
    let text = ours.as_deref().unwrap_or(message_id);
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

async fn join(tx: &mut Tx, network: Id, from: Id, into: Id) -> Result<()> {
    let messages = sql!("update mail_message set thread_id = $3 where network_id = $1 and thread_id = $2");
    let places = sql!("update mail_place set thread_id = $3 where network_id = $1 and thread_id = $2");
    let references =
        sql!("update mail_reference set thread_id = $3 where network_id = $1 and thread_id = $2");
    let notes = sql!("update mail_note set thread_id = $3 where network_id = $1 and thread_id = $2");
    let drafts = sql!("update mail_draft set thread_id = $3 where network_id = $1 and thread_id = $2");
    list_post::join(tx, network, from, into).await?;
    for sql in [messages, places, references, notes, drafts] {
        tx.run(sql, args![network, from, into]).await?;
    }
    let old: Thread = tx.get(network, from).await?;
    let sql = sql!("update mail_thread set notes = notes + $3 where network_id = $1 and id = $2");
    tx.run(sql, args![network, into, old.notes]).await?;
    if old.state == "to_do" {
        thread::put_state(tx, network, into, "to_do").await?;
    }
    let sql = sql!("delete from mail_thread_folder where network_id = $1 and thread_id = $2");
    tx.run(sql, args![network, from]).await?;
    let sql = sql!("delete from mail_presence where network_id = $1 and thread_id = $2");
    tx.run(sql, args![network, from]).await?;
    for tied in tie::of(tx, network, ("mail_thread", from)).await? {
        let to = trail::Subject { kind: kind_of(&tied.to_kind), id: tied.to_id, label: tied.label };
        tie::make(tx, network, tied.created_at, ("mail_thread", into), &to, &tied.url).await?;
        tie::undo(tx, network, ("mail_thread", from), tied.id).await?;
    }
    tx.delete::<Thread>(network, from).await.map(drop)
}

/// Kinds that conversations are tied to.
pub fn kind_of(kind: &str) -> &'static str {
    const KINDS: [&str; 8] = [
        "person",
        "structure",
        "contact",
        "organisation",
        "task",
        "activity_entry",
        "question",
        "distribution_list",
    ];
    KINDS.into_iter().find(|known| *known == kind).unwrap_or("object")
}
