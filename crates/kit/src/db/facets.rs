//! The index that lists walk: `facet = value`, ordered by `sort_key`. Narrowing by several facets walks
//! the first and probes the others; the cost of a page does not depend on the size of the list.

use std::collections::BTreeMap;

use super::{Arg, Id, Tx};
use crate::error::Result;
use crate::web::pager::Cursor;
use crate::{args, sql};

/// Counting a list that several facets narrow stops here: beyond, it says « plus de 1 000 ».
pub const MOST_COUNTED: i64 = 1000;
/// At most this many facets narrow a list beside the one that is walked.
pub const MOST_FILTERS: usize = 6;

/// What a list is: which facet is walked, in which direction, what narrows it.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    pub facet: String,
    pub value: String,
    pub descending: bool,
    pub filters: Vec<(String, String)>,
    /// Whether the subjects' cards are wanted too.
    pub with_cards: bool,
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub subject_id: Id,
    pub sort_key: String,
    /// What the list shows of the subject, when cards were asked for and it has one.
    pub card: Option<String>,
}

crate::table! {
    /// What a list shows of a subject without reading further; its id is the subject's.
    pub struct Card in "facet_card" { pub card: String }
}

/// One facet of a subject: subject, facet, value, sort key.
pub type Row = (Id, &'static str, String, String);

/// Writes the facets of some subjects anew, and how many subjects each facet then has.
pub async fn replace(tx: &mut Tx, network: Id, subjects: &[Id], mut rows: Vec<Row>) -> Result<()> {
    rows.sort_unstable();
    rows.dedup();
    // In one order, so that two writers never wait for each other.
    let mut changes: BTreeMap<(String, String), i64> = BTreeMap::new();
    for chunk in subjects.chunks(500) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        let text = format!(
            "delete from facet where network_id = $1 and subject_id in ({}) returning facet, value",
            places.join(", ")
        );
        let mut args = args![network];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        for facet in tx.all_built::<(String, String)>(text, args).await? {
            *changes.entry(facet).or_default() -= 1;
        }
    }
    let columns = ["network_id", "facet", "value", "sort_key", "subject_id"];
    for chunk in rows.chunks(400) {
        let text = super::table::insert_text("facet", &columns, chunk.len());
        let args = chunk
            .iter()
            .flat_map(|(subject, facet, value, key)| args![network, *facet, value, key, *subject])
            .collect();
        tx.run_built(text, args).await?;
    }
    for (_, facet, value, _) in rows {
        *changes.entry((facet.to_owned(), value)).or_default() += 1;
    }
    let changes: Vec<_> = changes.into_iter().filter(|(_, change)| *change != 0).collect();
    for chunk in changes.chunks(400) {
        let text = super::table::insert_text(
            "facet_total",
            &["network_id", "facet", "value", "total"],
            chunk.len(),
        ) + " on conflict (network_id, facet, value) do update set total = facet_total.total + excluded.total";
        let args =
            chunk.iter().flat_map(|((facet, value), change)| args![network, facet, value, *change]).collect();
        tx.run_built(text, args).await?;
    }
    Ok(())
}

/// How many subjects each value of a facet has.
pub async fn totals(tx: &mut Tx, network: Id, facet: &str) -> Result<Vec<(String, i64)>> {
    let sql = sql!("select value, total from facet_total where network_id = $1 and facet = $2 and total > 0");
    tx.all(sql, args![network, facet]).await
}

fn bound(network: Id, walk: &Walk) -> Vec<Arg> {
    let mut args = args![network, walk.facet.as_str(), walk.value.as_str()];
    for at in 0..MOST_FILTERS {
        let filter = walk.filters.get(at);
        args.extend(args![filter.map(|f| f.0.as_str()), filter.map(|f| f.1.as_str())]);
    }
    args
}

/// Every filter that is set must hold; `$4…$15` are six pairs of facet and value.
macro_rules! narrowed {
    () => {
        concat!(
            "from facet f where network_id = $1 and facet = $2 and value = $3 ",
            "and (cast($4 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $4 and o.value = $5)) ",
            "and (cast($6 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $6 and o.value = $7)) ",
            "and (cast($8 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $8 and o.value = $9)) ",
            "and (cast($10 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $10 and o.value = $11)) ",
            "and (cast($12 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $12 and o.value = $13)) ",
            "and (cast($14 as text) is null or exists (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $14 and o.value = $15)) ",
        )
    };
}

/// The count of a list: kept when one facet makes it, else counted up to `$16`.
macro_rules! total {
    () => {
        concat!(
            "case when cast($4 as text) is null then (select t.total from facet_total t ",
            " where t.network_id = $1 and t.facet = $2 and t.value = $3) ",
            "else (select count(*) from (select 1 ",
            narrowed!(),
            "limit $16) counted) end as total "
        )
    };
}

#[derive(sqlx::FromRow)]
struct Step {
    subject_id: Id,
    sort_key: String,
    card: Option<String>,
    total: Option<i64>,
}

macro_rules! walk {
    ($card:literal, $ending:literal) => {
        sql!("select subject_id, sort_key, ", $card, " as card, ", total!(), narrowed!(), $ending)
    };
}

macro_rules! forwards {
    ($card:literal) => {
        walk!($card, "and (sort_key, subject_id) > ($17, $18) order by sort_key, subject_id limit $19")
    };
}

macro_rules! backwards {
    ($card:literal) => {
        walk!(
            $card,
            "and (sort_key, subject_id) < ($17, $18) order by sort_key desc, subject_id desc limit $19"
        )
    };
}

/// The places of a page, at most `most` after the cursor, and how many the whole list has: up to one more
/// than [`MOST_COUNTED`] when filters narrow it.
pub async fn places(
    tx: &mut Tx,
    network: Id,
    walk: &Walk,
    after: &Cursor,
    most: usize,
) -> Result<(Vec<Place>, i64)> {
    let sql = match (walk.descending, walk.with_cards) {
        (false, false) => forwards!("cast(null as text)"),
        (true, false) => backwards!("cast(null as text)"),
        (false, true) => {
            forwards!("(select c.card from facet_card c where c.network_id = $1 and c.id = f.subject_id)")
        }
        (true, true) => {
            backwards!("(select c.card from facet_card c where c.network_id = $1 and c.id = f.subject_id)")
        }
    };
    // Above every folded key: no character of one sorts after this sign.
    let start = if walk.descending { "\u{10ffff}" } else { "" };
    let mut args = bound(network, walk);
    args.extend(args![
        MOST_COUNTED + 1,
        after.key.as_deref().unwrap_or(start),
        after.id.as_deref().unwrap_or_default(),
        i64::try_from(most).unwrap_or(i64::MAX)
    ]);
    let steps: Vec<Step> = tx.all(sql, args).await?;
    let total = steps.first().and_then(|step| step.total).unwrap_or(0);
    let place = |step: Step| Place { subject_id: step.subject_id, sort_key: step.sort_key, card: step.card };
    Ok((steps.into_iter().map(place).collect(), total))
}

/// Which of these subjects have a facet, for narrowing what a search found.
pub async fn having(tx: &mut Tx, network: Id, facet: &str, value: &str, subjects: &[Id]) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(500) {
        let places: Vec<String> = (4..chunk.len() + 4).map(|n| format!("${n}")).collect();
        let text = format!(
            "select subject_id from facet where network_id = $1 and facet = $2 and value = $3 and subject_id in ({})",
            places.join(", ")
        );
        let mut args = args![network, facet, value];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        found.extend(tx.all_built::<(Id,)>(text, args).await?.into_iter().map(|(id,)| id));
    }
    Ok(found)
}
