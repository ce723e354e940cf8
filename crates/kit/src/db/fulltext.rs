//! Full-text search with the same analyser on both engines: words are folded and stemmed in Rust, FTS5
//! and `tsvector` only hold and intersect them. A word typed with a slip is mended from the network's
//! own vocabulary, found through its variants with one letter dropped.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{lists, parts, places};
use super::tx::Inner;
use super::vocabulary::{learn, mend, mendable};
use super::words::{analyse, stem};
use super::{Db, Id, Tx};
use crate::error::Result;
use crate::{args, sql, text};

pub use super::words::Words;

/// One thing that can be found.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The feature's own word: `person`, `structure`…
    pub kind: &'static str,
    pub subject_id: Id,
    pub title: String,
    pub subtitle: String,
    pub url: String,
    /// Who may find it: `public`, `network` for all who read the directory, `coordination` for its keepers.
    pub audience: &'static str,
    /// Everything it can be found by, title included.
    pub words: Words,
}

/// What a search returns.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub network_id: Id,
    pub kind: String,
    pub subject_id: Id,
    pub title: String,
    pub subtitle: String,
    pub url: String,
}

/// A search looks at no more than this many candidates, so that its cost has a ceiling.
const MOST_CANDIDATES: i64 = 400;
const LONGEST_QUERY: usize = 120;
const MOST_WORDS: usize = 8;
/// Room for a network's entries in the serial numbers that both indexes share.
const SERIALS_PER_NETWORK: i64 = 1 << 40;
/// Where, in that room, what comes in masses begins: a search of the directory never wades through it.
const MASS: i64 = 1 << 39;

/// What the engine needs before the first entry: the one schema difference.
pub(super) async fn create(tx: &mut Tx) -> Result<()> {
    let texts: &[&str] = match tx.inner {
        Inner::Sqlite(_) => &["create virtual table search_text using fts5(\
             body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix='2 3')"],
        Inner::Postgres(_) => &[
            "create table search_text (serial bigint primary key, network_id text not null, body tsvector not null)",
            "create index search_text_body on search_text using gin (body)",
        ],
    };
    for text in texts {
        tx.run_built((*text).to_owned(), Vec::new()).await?;
    }
    Ok(())
}

/// Makes entries findable, replacing what was known of their subjects.
pub async fn put(tx: &mut Tx, network: Id, entries: &[Entry]) -> Result<()> {
    let mut by_kind: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for entry in entries {
        by_kind.entry(entry.kind).or_default().push(entry.subject_id);
    }
    for (kind, subjects) in by_kind {
        forget(tx, network, kind, &subjects).await?;
    }
    let vocabulary = write(tx, network, entries, 0).await?;
    learn(tx, network, vocabulary).await
}

/// Makes new entries findable that come in masses, such as messages: [`find_in_mass`] alone finds them, and their words
/// mend nobody's slips. They must not be known yet.
pub async fn put_in_mass(tx: &mut Tx, network: Id, entries: &[Entry]) -> Result<()> {
    write(tx, network, entries, MASS).await.map(drop)
}

/// Writes entries from a place on in their network's room; answers the words from which slips can be mended.
async fn write(tx: &mut Tx, network: Id, entries: &[Entry], from: i64) -> Result<BTreeSet<String>> {
    let count = i64::try_from(entries.len()).unwrap_or(0);
    let next = reserve(tx, network, count).await? + from;
    let mut vocabulary = BTreeSet::new();
    let mut rows = Vec::with_capacity(entries.len());
    let mut bodies = Vec::with_capacity(entries.len());
    for (entry, serial) in entries.iter().zip(next..) {
        vocabulary.extend(entry.words.folded.iter().filter(|word| mendable(word)).cloned());
        bodies.push((serial, entry.words.body.clone()));
        rows.push(args![
            network,
            serial,
            entry.kind,
            entry.subject_id,
            &entry.title,
            &entry.subtitle,
            &entry.url,
            entry.audience
        ]);
    }
    let columns = ["network_id", "serial", "kind", "subject_id", "title", "subtitle", "url", "audience"];
    insert_rows(tx, "search_entry", &columns, rows, "").await?;
    put_bodies(tx, network, bodies).await?;
    Ok(vocabulary)
}

/// Makes subjects unfindable.
pub async fn forget(tx: &mut Tx, network: Id, kind: &str, subjects: &[Id]) -> Result<()> {
    let ids: Vec<super::Arg> = subjects.iter().map(|id| super::Arg::from(*id)).collect();
    for list in lists(&ids) {
        let text = format!(
            "delete from search_entry where network_id = $1 and kind = $2 and subject_id in ({}) returning serial",
            places(3, list.len())
        );
        let mut args = args![network, kind];
        args.extend(list);
        let serials: Vec<(i64,)> = tx.all_built(text, args).await?;
        if serials.is_empty() {
            continue;
        }
        let key = match tx.inner {
            Inner::Sqlite(_) => "rowid",
            Inner::Postgres(_) => "serial",
        };
        let serials: Vec<super::Arg> =
            serials.into_iter().map(|(serial,)| super::Arg::from(serial)).collect();
        for list in lists(&serials) {
            let text = format!("delete from search_text where {key} in ({})", places(1, list.len()));
            tx.run_built(text, list).await?;
        }
    }
    Ok(())
}

/// What matches every word of the query, each taken as the beginning of a word; best first. Without a
/// match, words are mended. `kind` narrows to one kind; `audiences` to what the reader may find.
pub async fn find(
    tx: &mut Tx,
    network: Id,
    query: &str,
    kind: Option<&str>,
    audiences: &[&str],
    most: usize,
) -> Result<Vec<Found>> {
    let (query, words) = asked(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let groups: Vec<Vec<String>> = words.iter().map(|word| vec![word.clone()]).collect();
    let mut found = matching(tx, Some((network, false)), &groups, kind, audiences).await?;
    if found.is_empty() {
        let mut mended = Vec::new();
        for word in &words {
            mended.push(mend(tx, network, word).await?);
        }
        if mended != groups {
            found = matching(tx, Some((network, false)), &mended, kind, audiences).await?;
        }
    }
    best_first(&mut found, &query, &words);
    found.truncate(most);
    Ok(found)
}

/// The same over every network of the instance, without mending: their vocabularies differ.
pub async fn find_everywhere(
    tx: &mut Tx,
    query: &str,
    kind: &str,
    audiences: &[&str],
    most: usize,
) -> Result<Vec<Found>> {
    let (query, words) = asked(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let groups: Vec<Vec<String>> = words.iter().map(|word| vec![word.clone()]).collect();
    let mut found = matching(tx, None, &groups, Some(kind), audiences).await?;
    best_first(&mut found, &query, &words);
    found.truncate(most);
    Ok(found)
}

/// What [`put_in_mass`] made findable of one kind, the latest first.
pub async fn find_in_mass(
    tx: &mut Tx,
    network: Id,
    query: &str,
    kind: &str,
    audience: &str,
) -> Result<Vec<Found>> {
    let (_, words) = asked(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let groups: Vec<Vec<String>> = words.into_iter().map(|word| vec![word]).collect();
    let mut found = matching(tx, Some((network, true)), &groups, Some(kind), &[audience]).await?;
    found.sort_by_key(|found| std::cmp::Reverse(found.subject_id));
    Ok(found)
}

/// What is asked, within limits: the text and its words.
fn asked(query: &str) -> (String, Vec<String>) {
    let query: String = query.chars().take(LONGEST_QUERY).collect();
    let mut words = analyse(&query);
    words.truncate(MOST_WORDS);
    (query, words)
}

/// Whole titles before beginnings, beginnings before the rest.
fn best_first(found: &mut [Found], query: &str, words: &[String]) {
    let whole = text::fold(query);
    found.sort_by_cached_key(|entry| {
        let title = text::fold(&entry.title);
        let rank = match () {
            () if title == whole => 0,
            () if title.starts_with(&whole) => 1,
            () if words.iter().all(|word| title.split(' ').any(|part| part.starts_with(word))) => 2,
            () => 3,
        };
        (rank, title)
    });
}

/// Rows in which every group has one of its words, of one network or of all.
async fn matching(
    tx: &mut Tx,
    place: Option<(Id, bool)>,
    groups: &[Vec<String>],
    kind: Option<&str>,
    audiences: &[&str],
) -> Result<Vec<Found>> {
    let (term, or, and): (fn(&str) -> String, &str, &str) = match tx.inner {
        Inner::Sqlite(_) => (|word| format!("\"{word}\"*"), " OR ", " AND "),
        Inner::Postgres(_) => (|word| format!("'{word}':*"), " | ", " & "),
    };
    let expression: Vec<String> = groups
        .iter()
        .map(|group| {
            let mut terms: Vec<String> = group.iter().map(|word| term(word)).collect();
            terms.extend(group.iter().filter(|word| word.len() > 4).map(|word| term(&stem(word))));
            format!("({})", terms.join(or))
        })
        .collect();
    let mut expression = expression.join(and);
    let (mut first, mut last) = (0, i64::MAX);
    if let Some((network, mass)) = place {
        let ordinal = ordinal(tx, network).await?;
        (first, last) = (ordinal * SERIALS_PER_NETWORK, ordinal * SERIALS_PER_NETWORK + MASS - 1);
        if mass {
            (first, last) = (first + MASS, last + MASS);
        }
        if matches!(tx.inner, Inner::Postgres(_)) {
            expression = format!("{} & ({expression})", network_word(ordinal));
        }
    }
    let matches = match tx.inner {
        Inner::Sqlite(_) => {
            "select rowid as serial from search_text where search_text match $1 and rowid between $2 and $3 limit $4"
        }
        Inner::Postgres(_) => {
            // Planned as a whole: with the limit in view the planner would rather read the table in its order
            // and stop at the first matches, which for a late name are far.
            "select serial from all_matches where serial between $2 and $3 limit $4"
        }
    };
    let network = place.map(|(network, _)| network);
    let mut args = args![expression, first, last, MOST_CANDIDATES, network, kind];
    args.extend(audiences.iter().map(|audience| super::Arg::from(*audience)));
    let planned = match tx.inner {
        Inner::Sqlite(_) => "",
        Inner::Postgres(_) => {
            "with all_matches as materialized (select serial from search_text where body @@ cast($1 as tsquery)) "
        }
    };
    let text = format!(
        "{planned}select e.network_id, e.kind, e.subject_id, e.title, e.subtitle, e.url from ({matches}) m \
         join search_entry e on e.serial = m.serial where (cast($5 as text) is null or e.network_id = $5) \
         and (cast($6 as text) is null or e.kind = $6) and e.audience in ({})",
        places(7, audiences.len())
    );
    tx.all_built(text, args).await
}

/// The word that stands in each body of a network on PostgreSQL, whose index knows nothing but words.
fn network_word(ordinal: i64) -> String {
    format!("'@{ordinal}'")
}

async fn ordinal(tx: &mut Tx, network: Id) -> Result<i64> {
    tx.value(sql!("select ordinal from network where id = $1"), args![network]).await
}

/// Takes `count` serial numbers; they grow, as FTS5 wants within a transaction.
async fn reserve(tx: &mut Tx, network: Id, count: i64) -> Result<i64> {
    let sql = sql!(
        "update network set search_serial = search_serial + $2 where id = $1 ",
        "returning search_serial - $2 + ordinal * 1099511627776"
    );
    tx.value(sql, args![network, count]).await
}

async fn put_bodies(tx: &mut Tx, network: Id, bodies: Vec<(i64, String)>) -> Result<()> {
    match tx.inner {
        Inner::Sqlite(_) => {
            let rows = bodies.into_iter().map(|(serial, body)| args![serial, body]).collect();
            insert_rows(tx, "search_text", &["rowid", "body"], rows, "").await
        }
        Inner::Postgres(_) => {
            let network_word = format!(" @{}", ordinal(tx, network).await?);
            for chunk in parts(&bodies) {
                let rows: Vec<String> = (0..chunk.len())
                    .map(|n| 3 * n)
                    .map(|n| {
                        format!(
                            "(${}, ${}, array_to_tsvector(string_to_array(${}, ' ')))",
                            n + 1,
                            n + 2,
                            n + 3
                        )
                    })
                    .collect();
                let text =
                    format!("insert into search_text (serial, network_id, body) values {}", rows.join(", "));
                let args = chunk
                    .iter()
                    .flat_map(|(serial, body)| {
                        args![*serial, network, (body.clone() + &network_word).trim_start()]
                    })
                    .collect();
                tx.run_built(text, args).await?;
            }
            Ok(())
        }
    }
}

pub(super) async fn insert_rows(
    tx: &mut Tx,
    name: &str,
    columns: &[&str],
    rows: Vec<Vec<super::Arg>>,
    ending: &str,
) -> Result<()> {
    for part in parts(&rows) {
        let text = super::table::insert_text(name, columns, part.len()) + ending;
        tx.run_built(text, part.concat()).await?;
    }
    Ok(())
}

impl Db {
    /// Merges the index into its smallest form; worth it after bulk loading.
    pub async fn optimise_search(&self) -> Result<()> {
        let mut tx = self.write().await?;
        if matches!(tx.inner, Inner::Sqlite(_)) {
            tx.run_built("insert into search_text(search_text) values ('optimize')".to_owned(), Vec::new())
                .await?;
        }
        tx.commit().await
    }
}
