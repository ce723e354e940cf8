//! `/structures`: the organisations of the network.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::page;
use kit::{Cx, Result};

use crate::features::directory::listing::{self, Controls, Filter, Page, Plan, Sort};
use crate::features::directory::structure::Structure;
use crate::features::directory::vocabulary::{List, Vocabulary};

const SORTS: [Sort; 1] = [Sort { param: "nom", label: "Nom", facet: "public.structure" }];

#[derive(Template)]
#[template(path = "site/structures.html")]
struct StructuresPage {
    frame: Frame,
    page: Page,
    controls: Controls,
    rows: Vec<(Structure, String)>,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let filters = vec![Filter {
        param: "type",
        label: "Type",
        facet: "public.structure.type",
        choices: vocabulary.choices(List::StructureType),
    }];
    let plan = Plan {
        kind: "structure.public",
        all: "public.structure",
        filters: &filters,
        sorts: &SORTS,
        audiences: &["public"],
        with_cards: false,
    };
    let found = listing::find(&mut tx, cx.network.id, &plan, &query.0, PAGE).await?;
    let structures: Vec<Structure> = tx.all_in(cx.network.id, "id", &found.ids).await?;
    let rows = listing::in_order(&found.ids, structures, |s| s.id)
        .into_iter()
        .map(|s| (s.clone(), vocabulary.label_of(List::StructureType, s.kind.as_deref())))
        .collect();
    let frame =
        cx.frame("Les structures du réseau").describe("Les structures qui emploient des Promeneurs du Net.");
    let controls = Controls::new(&cx.uri, query.0, filters, &found);
    Ok(page(&StructuresPage { frame, page: found, controls, rows }))
}
