//! Lists of the directory, private and public: narrowed by what the address says, sorted, paged by cursor.

use std::collections::HashMap;

use kit::db::facets::{self, MOST_COUNTED};
use kit::db::{Id, fulltext};
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::{Choice, Fields, Result, Tx};

/// How a list may be narrowed: a parameter of the address, its label, the facet behind it, its choices.
#[derive(Clone, Debug)]
pub struct Filter {
    pub param: &'static str,
    pub label: &'static str,
    pub facet: &'static str,
    pub choices: Vec<Choice>,
}

/// How a list may be sorted.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub param: &'static str,
    pub label: &'static str,
    /// Facet that holds the sort keys; the list's own for the first sort.
    pub facet: &'static str,
}

/// What a list is made of.
pub struct Plan<'a> {
    /// Kind of subject in the search index.
    pub kind: &'static str,
    /// Facet of the whole list.
    pub all: &'static str,
    pub filters: &'a [Filter],
    pub sorts: &'a [Sort],
    pub audiences: &'a [&'static str],
    /// Whether the list is drawn from cards.
    pub with_cards: bool,
}

/// A page of a list.
#[derive(Debug, Default)]
pub struct Page {
    pub ids: Vec<Id>,
    /// What the list shows of each of them, when it is drawn from cards and was not found by a text.
    pub cards: Vec<Option<String>>,
    pub next: Option<String>,
    pub total: i64,
    /// Counting stopped at [`MOST_COUNTED`].
    pub total_is_least: bool,
    /// The sort in use and whether it runs backwards.
    pub sort: String,
    pub descending: bool,
}

/// Longest text that a list searches for.
pub const MOST_QUERY: usize = 120;

impl Page {
    /// « 43 », « 5 012 », « plus de 200 ».
    pub fn total_label(&self) -> String {
        if self.total_is_least { format!("plus de {MOST_COUNTED}") } else { kit::text::number(self.total) }
    }
}

/// The ids of a page, as the address asks: `q`, the filters, `tri` (`-nom` backwards), `apres`.
pub async fn find(tx: &mut Tx, network: Id, plan: &Plan<'_>, query: &Fields, most: usize) -> Result<Page> {
    let asked = query.get("tri");
    let (name, descending) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
    let sort = plan.sorts.iter().find(|sort| sort.param == name).or(plan.sorts.first());
    let filters: Vec<(String, String)> = plan
        .filters
        .iter()
        .filter_map(|filter| {
            let value = query.get(filter.param).trim();
            (!value.is_empty()).then(|| (filter.facet.to_owned(), value.to_owned()))
        })
        .collect();
    let mut page =
        Page { sort: sort.map(|s| s.param.to_owned()).unwrap_or_default(), descending, ..Page::default() };
    let text: String = query.get("q").trim().chars().take(MOST_QUERY).collect();
    if !text.is_empty() {
        found(tx, network, plan, &text, &filters, query.get("apres"), most, &mut page).await?;
        return Ok(page);
    }
    let facet = sort.map_or(plan.all, |sort| sort.facet);
    let mut walk = facets::plan(tx, network, facet, facet == plan.all, filters).await?;
    walk.descending = descending;
    walk.with_cards = plan.with_cards;
    let (places, total) =
        facets::places(tx, network, &walk, &Cursor::read(query.get("apres")), most + 1).await?;
    let (places, next) = pager::page(places, most, |p| (p.sort_key.clone(), p.subject_id.to_string()));
    page.ids = places.iter().map(|place| place.subject_id).collect();
    if plan.with_cards {
        page.cards = places.into_iter().map(|place| place.card).collect();
    }
    page.next = next;
    page.total = total;
    page.total_is_least = walk.total.is_none() && !walk.filters.is_empty() && total > MOST_COUNTED;
    Ok(page)
}

#[expect(clippy::too_many_arguments, reason = "the one caller has them all at hand")]
async fn found(
    tx: &mut Tx,
    network: Id,
    plan: &Plan<'_>,
    text: &str,
    filters: &[(String, String)],
    after: &str,
    most: usize,
    page: &mut Page,
) -> Result<()> {
    let hits = fulltext::find(tx, network, text, Some(plan.kind), plan.audiences, 400).await?;
    let mut ids: Vec<Id> = hits.into_iter().map(|hit| hit.subject_id).collect();
    let whole = [(plan.all.to_owned(), String::new())];
    for (facet, value) in filters.iter().chain(&whole) {
        let having = facets::having(tx, network, facet, value, &ids).await?;
        ids.retain(|id| having.contains(id));
    }
    page.total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let start = after.parse::<usize>().unwrap_or(0).min(ids.len());
    let end = (start + most).min(ids.len());
    page.next = (end < ids.len()).then(|| end.to_string());
    page.ids = ids[start..end].to_vec();
    Ok(())
}

/// A filter that is set, and the address without it.
#[derive(Clone, Debug)]
pub struct Chip {
    pub label: String,
    pub remove_url: String,
}

/// What the template draws of a list's controls.
pub struct Controls {
    pub query: Fields,
    pub uri: String,
    pub filters: Vec<Filter>,
    pub chips: Vec<Chip>,
    pub next_url: Option<String>,
    pub first_url: Option<String>,
}

impl Controls {
    pub fn new(uri: &str, query: Fields, filters: Vec<Filter>, page: &Page) -> Self {
        let mut chips = Vec::new();
        if !query.get("q").trim().is_empty() {
            chips.push(Chip {
                label: format!("« {} »", query.get("q").trim().chars().take(60).collect::<String>()),
                remove_url: with_params(uri, &[("q", ""), ("apres", "")]),
            });
        }
        for filter in &filters {
            let value = query.get(filter.param);
            if value.is_empty() {
                continue;
            }
            let known = filter.choices.iter().find(|choice| choice.value == value);
            let label = known.map_or(value, |choice| choice.label.as_str());
            chips.push(Chip {
                label: format!("{}\u{a0}: {label}", filter.label),
                remove_url: with_params(uri, &[(filter.param, ""), ("apres", "")]),
            });
        }
        let next_url = page.next.as_deref().map(|next| with_params(uri, &[("apres", next)]));
        let first_url = (!query.get("apres").is_empty()).then(|| with_params(uri, &[("apres", "")]));
        Self { query, uri: uri.to_owned(), filters, chips, next_url, first_url }
    }

    /// Whether a criterion other than the words is set: then the criteria stand open.
    pub fn is_narrowed(&self) -> bool {
        self.filters.iter().any(|filter| !self.query.get(filter.param).is_empty())
    }

    pub fn chosen(&self, param: &str, value: &str) -> bool {
        self.query.get(param) == value
    }

    /// The address sorted by a column; a second click turns it round.
    pub fn sort_url(&self, param: &str, page: &Page) -> String {
        let value =
            if page.sort == param && !page.descending { format!("-{param}") } else { param.to_owned() };
        with_params(&self.uri, &[("tri", &value), ("apres", "")])
    }

    /// `aria-sort` of a column.
    pub fn direction(&self, param: &str, page: &Page) -> &'static str {
        match (page.sort == param, page.descending) {
            (true, true) => "descending",
            (true, false) => "ascending",
            _ => "none",
        }
    }

    pub fn export_url(&self, format: &str) -> String {
        with_params(&self.uri, &[("format", format), ("apres", "")])
    }
}

/// Every id of a list, for exports: pages are walked to the end.
pub async fn all(tx: &mut Tx, network: Id, plan: &Plan<'_>, query: &Fields) -> Result<Vec<Id>> {
    let mut query = query.clone();
    let mut ids = Vec::new();
    query.set("apres", "");
    loop {
        let page = find(tx, network, plan, &query, PAGE * 10).await?;
        ids.extend(page.ids);
        match page.next {
            Some(next) => query.set("apres", next),
            None => return Ok(ids),
        }
    }
}

/// Rows in the order of ids.
pub fn in_order<T>(ids: &[Id], rows: Vec<T>, id: impl Fn(&T) -> Id) -> Vec<T> {
    let mut rows: HashMap<Id, T> = rows.into_iter().map(|row| (id(&row), row)).collect();
    ids.iter().filter_map(|id| rows.remove(id)).collect()
}
