//! The index that lists walk: `facet = value`, ordered by `sort_key`. Narrowing by several facets walks
//! the first and probes the others; the cost of a page does not depend on the size of the list.

use super::{Arg, Id, Tx};
use crate::error::Result;
use crate::web::pager::Cursor;
use crate::{args, sql};

/// Counting stops here: beyond, a list says « plus de 1 000 ».
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
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    pub subject_id: Id,
    pub sort_key: String,
}

/// One facet of a subject: subject, facet, value, sort key.
pub type Row = (Id, &'static str, String, String);

/// Writes the facets of some subjects anew.
pub async fn replace(tx: &mut Tx, network: Id, subjects: &[Id], rows: Vec<Row>) -> Result<()> {
    for chunk in subjects.chunks(500) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        let text =
            format!("delete from facet where network_id = $1 and subject_id in ({})", places.join(", "));
        let mut args = args![network];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        tx.run_built(text, args).await?;
    }
    let columns = ["network_id", "facet", "value", "sort_key", "subject_id"];
    for chunk in rows.chunks(400) {
        let text = super::table::insert_text("facet", &columns, chunk.len()) + " on conflict do nothing";
        let args = chunk
            .iter()
            .flat_map(|(subject, facet, value, key)| args![network, *facet, value, key, *subject])
            .collect();
        tx.run_built(text, args).await?;
    }
    Ok(())
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
    ($($before:literal),+ ; $($after:literal),+) => {
        sql!(
            $($before,)+
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
            $($after),+
        )
    };
}

/// The places of a page: at most `most`, after the cursor.
pub async fn places(
    tx: &mut Tx,
    network: Id,
    walk: &Walk,
    after: &Cursor,
    most: usize,
) -> Result<Vec<Place>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut args = bound(network, walk);
    if walk.descending {
        // Above every folded key: no character of one sorts after this sign.
        let start = after.key.clone().unwrap_or_else(|| "\u{10ffff}".to_owned());
        args.extend(args![start, after.id.clone().unwrap_or_default(), most]);
        let sql = narrowed!(
            "select subject_id, sort_key from facet f where network_id = $1 and facet = $2 and value = $3 ",
            "and (sort_key, subject_id) < ($16, $17) ";
            "order by sort_key desc, subject_id desc limit $18"
        );
        return tx.all(sql, args).await;
    }
    args.extend(args![after.key.clone().unwrap_or_default(), after.id.clone().unwrap_or_default(), most]);
    let sql = narrowed!(
        "select subject_id, sort_key from facet f where network_id = $1 and facet = $2 and value = $3 ",
        "and (sort_key, subject_id) > ($16, $17) ";
        "order by sort_key, subject_id limit $18"
    );
    tx.all(sql, args).await
}

/// How many rows a list has, up to one more than [`MOST_COUNTED`].
pub async fn count(tx: &mut Tx, network: Id, walk: &Walk) -> Result<i64> {
    let mut args = bound(network, walk);
    args.extend(args![MOST_COUNTED + 1]);
    let sql = narrowed!(
        "select count(*) from (select 1 from facet f where network_id = $1 and facet = $2 and value = $3 ";
        "limit $16) counted"
    );
    tx.value(sql, args).await
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
