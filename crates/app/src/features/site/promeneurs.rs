//! `/promeneurs`: find a promeneur by place, theme, network, audience, or because they are online now.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result, Tx, territory};

use super::home::online_now;
use super::shown::{self, Listed};
use crate::features::directory::listing::{self, Controls, Filter, Page, Plan, Sort};
use crate::features::directory::vocabulary::{List, Vocabulary};

const SORTS: [Sort; 1] = [Sort { param: "nom", label: "Nom", facet: "public" }];

#[derive(Template)]
#[template(path = "site/promeneurs.html")]
struct ListPage {
    frame: Frame,
    page: Page,
    controls: Controls,
    rows: Vec<Listed>,
    online: bool,
    /// Said when the place is unknown, or when a wider place is shown instead.
    notice: Option<String>,
    typed_place: String,
}

fn filters(vocabulary: &Vocabulary) -> Vec<Filter> {
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

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let mut query = query.0;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let typed_place: String = kit::text::tidy(query.get("commune")).chars().take(80).collect();
    let mut filters = filters(&vocabulary);
    let mut notice = None;
    let mut found = Page::default();
    let online = query.flag("en-ligne");
    let place = place(&typed_place, &cx.network.code);
    match (&place, typed_place.is_empty()) {
        (None, false) => {
            notice = Some(format!("Aucune commune ne s’appelle « {typed_place} » dans ce département."));
        }
        (Some(place), _) => {
            query.set("commune", place.value.clone());
            filters.insert(
                0,
                Filter {
                    param: "commune",
                    label: "Commune",
                    facet: place.facet,
                    choices: vec![Choice::new(&place.value, &place.label)],
                },
            );
            found = search(&cx, &mut tx, &filters, &query, online).await?;
            if found.ids.is_empty()
                && !online
                && let Some((epci, name)) = &place.wider
            {
                filters[0] = Filter {
                    param: "commune",
                    label: "Autour de",
                    facet: "public.epci",
                    choices: vec![Choice::new(epci, &place.label)],
                };
                query.set("commune", epci.clone());
                found = search(&cx, &mut tx, &filters, &query, online).await?;
                if !found.ids.is_empty() {
                    notice =
                        Some(format!("Personne à {} : voici qui est le plus près ({name}).", place.label));
                }
            }
        }
        (None, true) => found = search(&cx, &mut tx, &filters, &query, online).await?,
    }
    let rows = shown::of_page(&cx, &mut tx, &found).await?;
    let controls = Controls::new(&cx.uri, query, filters, &found);
    let title = match &place {
        Some(place) => format!("Promeneurs du Net – {}", place.label),
        None => "Trouver un Promeneur du Net".to_owned(),
    };
    let frame =
        cx.frame(title).describe("Trouvez un Promeneur du Net par commune, thème, réseau social ou horaire.");
    Ok(page(&ListPage { frame, page: found, controls, rows, online, notice, typed_place }))
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
    if typed.is_empty() {
        return None;
    }
    let plain = typed.split(" (").next().unwrap_or_default();
    let commune = territory::named(plain, None, departement)
        .or_else(|| territory::suggest(plain, departement, 1).into_iter().next())
        .or_else(|| nearest(plain, departement))?;
    let wider = territory::epci(&commune.epci).map(|epci| (epci.siren.clone(), epci.name.clone()));
    Some(Place { facet: "public.commune", value: commune.code.clone(), label: commune.name.clone(), wider })
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

async fn search(cx: &Cx, tx: &mut Tx, filters: &[Filter], query: &Fields, online: bool) -> Result<Page> {
    let plan = Plan {
        kind: "person",
        all: "public",
        filters,
        sorts: &SORTS,
        audiences: &["network"],
        with_cards: true,
    };
    if !online {
        return listing::find(tx, cx.network.id, &plan, query, PAGE).await;
    }
    let mut ids = online_now(cx, tx).await?;
    for filter in filters {
        let value = query.get(filter.param);
        if !value.is_empty() {
            let having = kit::db::facets::having(tx, cx.network.id, filter.facet, value, &ids).await?;
            ids.retain(|id: &Id| having.contains(id));
        }
    }
    let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    ids.truncate(PAGE);
    Ok(Page { ids, total, ..Page::default() })
}
