//! `/carte`: where promeneurs are, drawn from the official contours; a list says the same.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use kit::db::facets;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use crate::features::directory::map::{Map, draw};

#[derive(Template)]
#[template(path = "site/map.html")]
struct MapPage {
    frame: Frame,
    map: Map,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let counted: BTreeMap<String, i64> =
        facets::totals(&mut tx, cx.network.id, "public.commune").await?.into_iter().collect();
    let url = |insee: &str| format!("/promeneurs?commune={insee}");
    let mut map = draw(&cx.network.code, &counted, url, "Promeneur du Net", "Promeneurs du Net");
    // White zones concern those who steer the network; the public sees where someone is.
    map.zones.clear();
    let frame = cx
        .frame("Carte des Promeneurs du Net")
        .describe("Où sont les Promeneurs du Net, commune par commune.");
    Ok(page(&MapPage { frame, map }))
}
