//! Finding promeneurs in public by place, theme, network, audience, or because they are online now: the
//! site's list, the widget and the open data all ask here, so that none can show more than another.

use std::collections::HashSet;

use kit::db::{Id, facets, fulltext};
use kit::{Choice, Cx, Fields, Result, Tx, territory};

use super::home::online_now;
use crate::features::directory::listing::{self, Filter, MOST_QUERY, Page, Plan, Sort};
use crate::features::directory::vocabulary::{List, Vocabulary};

const SORTS: [Sort; 1] = [Sort { param: "nom", label: "Nom", facet: "public" }];
/// People found by a text, at most; those online are fewer.
const MOST_HITS: usize = 400;

/// Who was found, and how the question was understood.
pub struct Found {
    pub page: Page,
    pub filters: Vec<Filter>,
    /// The question, its place replaced by the code that it was understood as.
    pub query: Fields,
    pub online: bool,
    pub typed_place: String,
    /// What the place that was typed is called; `None` without one, or when it is unknown.
    pub place: Option<String>,
    /// Said when the place is unknown, or when a wider place is shown instead.
    pub notice: Option<String>,
}

impl Found {
    pub fn place_is_unknown(&self) -> bool {
        self.place.is_none() && !self.typed_place.is_empty()
    }
}

/// What the list can be narrowed by, beside the place.
pub fn filters(vocabulary: &Vocabulary) -> Vec<Filter> {
    let filter = |param, label, facet, choices| Filter { param, label, facet, choices };
    vec![
        filter("theme", "Thème", "public.theme", vocabulary.choices(List::Theme)),
        filter("reseau", "Réseau social", "public.network", vocabulary.choices(List::SocialNetwork)),
        filter(
            "public",
            "Pour",
            "public.audience",
            vec![Choice::new("jeunes", "les jeunes"), Choice::new("parents", "les parents")],
        ),
    ]
}

/// At most `most` promeneurs after the cursor. When nobody is in the commune and `widely` is asked, those of
/// its intercommunalité are shown.
pub async fn find(cx: &Cx, tx: &mut Tx, mut query: Fields, most: usize, widely: bool) -> Result<Found> {
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let typed_place: String = kit::text::tidy(query.get("commune")).chars().take(80).collect();
    let mut filters = filters(&vocabulary);
    let mut notice = None;
    let mut page = Page::default();
    let online = query.flag("en-ligne");
    let place = place(&typed_place, &cx.network.code);
    match (&place, typed_place.is_empty()) {
        (None, false) => {
            notice =
                Some(format!("Aucune commune ne s’appelle «\u{a0}{typed_place}\u{a0}» dans ce département."));
        }
        (Some(place), _) => {
            let narrowed = |label, facet, value: &str| Filter {
                param: "commune",
                label,
                facet,
                choices: vec![Choice::new(value, &place.label)],
            };
            query.set("commune", place.value.clone());
            filters.insert(0, narrowed("Commune", place.facet, &place.value));
            page = search(cx, tx, &filters, &query, most).await?;
            let wider = place.wider.as_ref().filter(|_| widely && page.ids.is_empty() && !online);
            if let Some((epci, name)) = wider {
                filters[0] = narrowed("Autour de", "public.epci", epci);
                query.set("commune", epci.clone());
                page = search(cx, tx, &filters, &query, most).await?;
                if !page.ids.is_empty() {
                    notice = Some(format!(
                        "Personne à {}\u{a0}: voici qui est le plus près ({name}).",
                        place.label
                    ));
                }
            }
        }
        (None, true) => page = search(cx, tx, &filters, &query, most).await?,
    }
    Ok(Found { page, filters, query, online, typed_place, place: place.map(|place| place.label), notice })
}

/// A place that was typed: a commune, or every commune of a postcode.
struct Place {
    facet: &'static str,
    value: String,
    label: String,
    /// EPCI around it: code and name.
    wider: Option<(String, String)>,
}

fn place(typed: &str, departement: &str) -> Option<Place> {
    let commune = commune(typed, departement)?;
    let wider = territory::epci(&commune.epci).map(|epci| (epci.siren.clone(), epci.name.clone()));
    Some(Place { facet: "public.commune", value: commune.code.clone(), label: commune.name.clone(), wider })
}

/// The commune that someone means by its code, its name, a postcode or nearly its name.
pub fn commune(typed: &str, departement: &str) -> Option<&'static territory::Commune> {
    if typed.is_empty() {
        return None;
    }
    let plain = typed.split(" (").next().unwrap_or_default();
    let by_code = territory::communes_of(departement).find(|commune| commune.code == plain);
    by_code
        .or_else(|| territory::named(plain, None, departement))
        .or_else(|| territory::suggest(plain, departement, 1).into_iter().next())
        .or_else(|| nearest(plain, departement))
}

/// The commune of the département whose name is one or two slips away.
fn nearest(typed: &str, departement: &str) -> Option<&'static territory::Commune> {
    let key = kit::text::fold(typed);
    let slips = if key.len() >= 8 { 2 } else { 1 };
    territory::communes_of(departement)
        .map(|commune| (kit::text::distance(&kit::text::fold(&commune.name), &key), commune))
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, commune)| commune)
}

async fn search(cx: &Cx, tx: &mut Tx, filters: &[Filter], query: &Fields, most: usize) -> Result<Page> {
    if query.flag("en-ligne") {
        return search_online(cx, tx, filters, query, most).await;
    }
    let plan = Plan {
        kind: "person.public",
        all: "public",
        filters,
        sorts: &SORTS,
        audiences: &["public"],
        with_cards: true,
    };
    listing::find(tx, cx.network.id, &plan, query, most).await
}

/// Those online now, few enough to be counted through: the cursor is their number.
async fn search_online(
    cx: &Cx,
    tx: &mut Tx,
    filters: &[Filter],
    query: &Fields,
    most: usize,
) -> Result<Page> {
    let mut ids = online_now(cx, tx).await?;
    for filter in filters {
        let value = query.get(filter.param);
        if !value.is_empty() {
            let having = facets::having(tx, cx.network.id, filter.facet, value, &ids).await?;
            ids.retain(|id: &Id| having.contains(id));
        }
    }
    let text: String = query.get("q").trim().chars().take(MOST_QUERY).collect();
    if !text.is_empty() {
        let hits =
            fulltext::find(tx, cx.network.id, &text, Some("person.public"), &["public"], MOST_HITS).await?;
        let hits: HashSet<Id> = hits.into_iter().map(|hit| hit.subject_id).collect();
        ids.retain(|id| hits.contains(id));
    }
    let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let start = query.get("apres").parse::<usize>().unwrap_or(0).min(ids.len());
    let end = start.saturating_add(most).min(ids.len());
    let next = (end < ids.len()).then(|| end.to_string());
    Ok(Page { ids: ids[start..end].to_vec(), next, total, ..Page::default() })
}
