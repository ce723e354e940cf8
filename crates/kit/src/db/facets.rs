//! The index that lists walk: `facet = value`, ordered by `sort_key`. Narrowing by several facets walks
//! the first and probes the others; the cost of a page does not depend on the size of the list.

use std::collections::BTreeMap;

use super::table::{self, insert_text, lists, parts};
use super::{Arg, Id, Tx};
use crate::error::Result;
use crate::web::pager::Cursor;
use crate::{args, sql};

/// Counting a list that several facets narrow stops here: beyond, it says « plus de 200 ».
pub const MOST_COUNTED: i64 = 200;
/// At most this many facets narrow a list beside the one that is walked.
pub const MOST_FILTERS: usize = 6;

/// What a list is: which facet is walked, in which direction, what narrows it.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    pub facet: String,
    pub value: String,
    pub descending: bool,
    pub filters: Vec<(String, String)>,
    /// How many the list has, when it is known without counting.
    pub total: Option<i64>,
    /// The facet in whose order the subjects stand, when it is not the one that is walked.
    pub sorted_by: Option<String>,
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
    let ids: Vec<Arg> = subjects.iter().map(|id| Arg::from(*id)).collect();
    for list in lists(&ids) {
        let text = format!(
            "delete from facet where network_id = $1 and subject_id in ({}) returning facet, value",
            table::places(2, list.len())
        );
        let mut args = args![network];
        args.extend(list);
        for facet in tx.all_built::<(String, String)>(text, args).await? {
            *changes.entry(facet).or_default() -= 1;
        }
    }
    let columns = ["network_id", "facet", "value", "sort_key", "subject_id"];
    for chunk in parts(&rows) {
        let text = insert_text("facet", &columns, chunk.len());
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
    for chunk in parts(&changes) {
        let text = insert_text("facet_total", &["network_id", "facet", "value", "total"], chunk.len())
            + " on conflict (network_id, facet, value) do update set total = facet_total.total + excluded.total";
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

/// Every filter that is set must hold; `$4…$15` are six pairs of facet and value. Not `exists`: PostgreSQL would
/// hash every subject of the facet before the first row of the page.
macro_rules! narrowed {
    () => {
        concat!(
            "where f.network_id = $1 and f.facet = $2 and f.value = $3 ",
            "and (cast($4 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $4 and o.value = $5 limit 1)) ",
            "and (cast($6 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $6 and o.value = $7 limit 1)) ",
            "and (cast($8 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $8 and o.value = $9 limit 1)) ",
            "and (cast($10 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $10 and o.value = $11 limit 1)) ",
            "and (cast($12 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $12 and o.value = $13 limit 1)) ",
            "and (cast($14 as text) is null or 1 = (select 1 from facet o where o.network_id = f.network_id ",
            " and o.subject_id = f.subject_id and o.facet = $14 and o.value = $15 limit 1)) ",
        )
    };
}

/// The count of a list: kept when one facet makes it, else counted up to `$16`.
macro_rules! total {
    () => {
        concat!(
            "case when cast($4 as text) is null then (select t.total from facet_total t ",
            " where t.network_id = $1 and t.facet = $2 and t.value = $3) ",
            "else (select count(*) from (select 1 from facet f ",
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

/// A page in the order of the facet that is walked.
macro_rules! walk {
    ($card:literal, $ending:literal) => {
        sql!(
            "select f.subject_id, f.sort_key, ",
            $card,
            " as card, ",
            total!(),
            "from facet f ",
            narrowed!(),
            $ending
        )
    };
}

macro_rules! forwards {
    ($card:literal) => {
        walk!(
            $card,
            "and (f.sort_key, f.subject_id) > ($17, $18) order by f.sort_key, f.subject_id limit $19"
        )
    };
}

macro_rules! backwards {
    ($card:literal) => {
        walk!(
            $card,
            "and (f.sort_key, f.subject_id) < ($17, $18) order by f.sort_key desc, f.subject_id desc limit $19"
        )
    };
}

/// A page of the few subjects of a rare facet, in the order of another one, `$20`.
macro_rules! gather {
    ($ending:literal) => {
        sql!(
            "select f.subject_id, s.sort_key, cast(null as text) as card, ",
            total!(),
            "from facet f join facet s on s.network_id = f.network_id and s.subject_id = f.subject_id ",
            "and s.facet = $20 and s.value = '' ",
            narrowed!(),
            $ending
        )
    };
}

/// A facet that so few subjects have is gathered and sorted rather than met on the way.
const FEW: i64 = 2000;

/// How a list that is sorted by the facet `sort` and narrowed by `filters` is best walked. Its `all` facet
/// holds every subject in the order of `by_name`.
pub async fn plan(
    tx: &mut Tx,
    network: Id,
    sort: &str,
    by_name: bool,
    mut filters: Vec<(String, String)>,
) -> Result<Walk> {
    let whole = |filters| Walk { facet: sort.to_owned(), filters, ..Walk::default() };
    let Some((rarest, total)) = rarest(tx, network, &filters, by_name).await? else {
        return Ok(whole(filters));
    };
    // Every subject stands in the list's own facet: one filter alone says how many are left.
    let known = (filters.len() == 1).then_some(total);
    if !by_name && total > FEW {
        return Ok(Walk { total: known, ..whole(filters) });
    }
    let (facet, value) = filters.remove(rarest);
    let sorted_by = (!by_name).then(|| sort.to_owned());
    Ok(Walk { facet, value, filters, sorted_by, ..Walk::default() })
}

/// Which of these facets the fewest subjects have, and how many. Of a single one by name nothing is asked.
async fn rarest(
    tx: &mut Tx,
    network: Id,
    filters: &[(String, String)],
    by_name: bool,
) -> Result<Option<(usize, i64)>> {
    if filters.is_empty() || (by_name && filters.len() == 1) {
        return Ok(filters.first().map(|_| (0, 0)));
    }
    let pairs: Vec<String> =
        (0..filters.len()).map(|n| format!("(facet = ${} and value = ${})", 2 * n + 2, 2 * n + 3)).collect();
    let text = format!(
        "select facet, value, total from facet_total where network_id = $1 and ({})",
        pairs.join(" or ")
    );
    let mut args = args![network];
    args.extend(filters.iter().flat_map(|(facet, value)| args![facet, value]));
    let totals: Vec<(String, String, i64)> = tx.all_built(text, args).await?;
    let of = |wanted: &(String, String)| {
        totals.iter().find(|(f, v, _)| *f == wanted.0 && *v == wanted.1).map_or(0, |(_, _, total)| *total)
    };
    Ok(filters.iter().map(of).enumerate().min_by_key(|(_, total)| *total))
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
        (false, _) if walk.sorted_by.is_some() => {
            gather!("and (s.sort_key, s.subject_id) > ($17, $18) order by s.sort_key, s.subject_id limit $19")
        }
        (true, _) if walk.sorted_by.is_some() => gather!(
            "and (s.sort_key, s.subject_id) < ($17, $18) order by s.sort_key desc, s.subject_id desc limit $19"
        ),
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
        if walk.total.is_some() { 0 } else { MOST_COUNTED + 1 },
        after.key.as_deref().unwrap_or(start),
        after.id.as_deref().unwrap_or_default(),
        i64::try_from(most).unwrap_or(i64::MAX)
    ]);
    args.extend(walk.sorted_by.as_deref().map(Arg::from));
    let steps: Vec<Step> = tx.all(sql, args).await?;
    let total = walk.total.or_else(|| steps.first().and_then(|step| step.total)).unwrap_or(0);
    let place = |step: Step| Place { subject_id: step.subject_id, sort_key: step.sort_key, card: step.card };
    Ok((steps.into_iter().map(place).collect(), total))
}

/// The cards of subjects of any network, in no particular order.
pub async fn cards_anywhere(tx: &mut Tx, subjects: &[(Id, Id)]) -> Result<Vec<Card>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> =
        (0..subjects.len()).map(|n| format!("(${}, ${})", 2 * n + 1, 2 * n + 2)).collect();
    let text = format!(
        "with asked (network_id, id) as (values {}) select c.network_id, c.id, c.card from asked a \
         join facet_card c on c.network_id = a.network_id and c.id = a.id",
        places.join(", ")
    );
    let args = subjects.iter().flat_map(|(network, id)| args![*network, *id]).collect();
    tx.all_built(text, args).await
}

/// Which of these subjects have a facet, for narrowing what a search found. Each is probed: given a list of them
/// PostgreSQL would rather read everyone who has the facet.
pub async fn having(tx: &mut Tx, network: Id, facet: &str, value: &str, subjects: &[Id]) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(500) {
        let places: Vec<String> = (4..chunk.len() + 4).map(|n| format!("(${n})")).collect();
        let text = format!(
            "with asked (id) as (values {}) select id from asked where 1 = (select 1 from facet f where f.network_id = $1 \
             and f.subject_id = asked.id and f.facet = $2 and f.value = $3 limit 1)",
            places.join(", ")
        );
        let mut args = args![network, facet, value];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        found.extend(tx.all_built::<(Id,)>(text, args).await?.into_iter().map(|(id,)| id));
    }
    Ok(found)
}
