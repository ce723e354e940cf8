//! What each book of each account held when it was last looked at: so that a program is told what came, changed
//! and left since its last visit (RFC 6578), and nothing else.

use std::collections::{BTreeMap, HashMap};

use kit::db::{Id, Timestamp};
use kit::{App, Result, Tx, args, sql};

use super::book::Book;
use super::cards::Member;

/// How long a card that left is remembered, in days: a program away for longer begins anew.
const REMEMBERED: i64 = 90;

kit::table! {
    /// A book of an account. `revision` grows whenever it is found changed.
    pub struct Shelf in "address_book": versioned {
        pub account_id: Id,
        pub book: String,
        pub revision: i64,
        /// What left before this revision is forgotten.
        pub oldest: i64,
    }
}

kit::table! {
    /// A card as it was when the book had reached `revision`.
    pub struct Entry in "address_card" {
        pub book_id: Id,
        pub name: String,
        pub etag: String,
        pub revision: i64,
        pub gone_at: Option<Timestamp>,
    }
}

/// Where a book stands.
pub struct Ledger {
    pub revision: i64,
    pub oldest: i64,
    /// Names of cards that came, changed or left, with the revision at which they did.
    entries: Vec<Entry>,
}

impl Ledger {
    /// Names that changed or came, and names that left, since a revision (0 for who begins); `None` when that is no
    /// longer known.
    pub fn since(&self, revision: i64) -> Option<(Vec<&str>, Vec<&str>)> {
        if revision != 0 && (revision < self.oldest || revision > self.revision) {
            return None;
        }
        let news = self.entries.iter().filter(|entry| entry.revision > revision);
        let (here, gone): (Vec<_>, Vec<_>) = news.partition(|entry| entry.gone_at.is_none());
        fn names(entries: Vec<&Entry>) -> Vec<&str> {
            entries.into_iter().map(|entry| entry.name.as_str()).collect()
        }
        // Who begins has nothing that could be gone.
        Some((names(here), if revision == 0 { Vec::new() } else { names(gone) }))
    }
}

async fn read(tx: &mut Tx, network: Id, account: Id, book: Book) -> Result<Option<(Shelf, Vec<Entry>)>> {
    let sql = sql!(
        "select network_id, id, account_id, book, revision, oldest, version from address_book ",
        "where network_id = $1 and account_id = $2 and book = $3"
    );
    let shelf: Option<Shelf> = tx.optional(sql, args![network, account, book.code()]).await?;
    let Some(shelf) = shelf else { return Ok(None) };
    let mut entries: Vec<Entry> = tx.all_in(network, "book_id", &[shelf.id]).await?;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some((shelf, entries)))
}

/// What must be written so that the entries tell of these members.
fn differences(entries: &[Entry], members: &[Member], shelf: &Shelf, now: Timestamp) -> Vec<Entry> {
    let known: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    let here: BTreeMap<&str, &Member> = members.iter().map(|member| (member.name.as_str(), member)).collect();
    let revision = shelf.revision + 1;
    let came = here.iter().filter_map(|(name, member)| {
        let old = known.get(name);
        let same = old.is_some_and(|old| old.etag == member.etag && old.gone_at.is_none());
        (!same).then(|| Entry {
            network_id: shelf.network_id,
            id: old.map_or_else(|| Id::new(now), |old| old.id),
            book_id: shelf.id,
            name: (*name).to_owned(),
            etag: member.etag.clone(),
            revision,
            gone_at: None,
        })
    });
    let left =
        entries.iter().filter(|entry| entry.gone_at.is_none() && !here.contains_key(entry.name.as_str()));
    let left = left.map(|entry| Entry { revision, gone_at: Some(now), ..entry.clone() });
    came.chain(left).collect()
}

/// Where the book of an account stands now that it holds these members. Written only when something changed.
pub async fn bring_up_to_date(
    app: &App,
    network: Id,
    account: Id,
    book: Book,
    members: &[Member],
) -> Result<Ledger> {
    let now = app.now();
    let known = read(&mut app.db.read().await?, network, account, book).await?;
    if let Some((shelf, entries)) = known
        && differences(&entries, members, &shelf, now).is_empty()
    {
        return Ok(Ledger { revision: shelf.revision, oldest: shelf.oldest, entries });
    }
    let mut tx = app.db.write().await?;
    let (mut shelf, entries) = match read(&mut tx, network, account, book).await? {
        Some(known) => known,
        None => {
            let shelf = Shelf {
                network_id: network,
                id: Id::new(now),
                account_id: account,
                book: book.code().to_owned(),
                revision: 1,
                oldest: 0,
                version: 1,
            };
            tx.insert(std::slice::from_ref(&shelf)).await?;
            (shelf, Vec::new())
        }
    };
    let news = differences(&entries, members, &shelf, now);
    if !news.is_empty() {
        let old: Vec<Id> = news.iter().map(|entry| entry.id).collect();
        tx.delete_in::<Entry>(network, "id", &old).await?;
        tx.insert(&news).await?;
        shelf.revision += 1;
        let until = now.plus_days(-REMEMBERED);
        let forgotten = entries.iter().filter(|entry| entry.gone_at.is_some_and(|at| at < until));
        let last = forgotten.clone().map(|entry| entry.revision).max();
        let forgotten: Vec<Id> = forgotten.map(|entry| entry.id).filter(|id| !old.contains(id)).collect();
        tx.delete_in::<Entry>(network, "id", &forgotten).await?;
        shelf.oldest = shelf.oldest.max(last.unwrap_or(0));
        tx.save(&mut shelf).await?;
    }
    let entries =
        read(&mut tx, network, account, book).await?.map(|(_, entries)| entries).unwrap_or_default();
    tx.commit().await?;
    Ok(Ledger { revision: shelf.revision, oldest: shelf.oldest, entries })
}
