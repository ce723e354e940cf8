//! `/espace/communication/site/textes`: the pages that every site has, and what the network made of them.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::place::{PLACES, Place};
use super::policy::{Want, require};
use super::publication::{self, Publication};

struct PlaceRow {
    place: &'static Place,
    own: Option<Publication>,
    edit_url: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "publications/places.html")]
struct PlacesPage {
    frame: Frame,
    rows: Vec<PlaceRow>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let mut written = publication::at_places(&mut tx, cx.network.id).await?;
    let mut rows = Vec::new();
    for place in &PLACES {
        let at = written.iter().position(|own| own.place.as_deref() == Some(place.code));
        let own = at.map(|at| written.swap_remove(at));
        let edit_url = own.as_ref().map_or_else(|| place.edit_url(), Publication::url);
        let changed = own.as_ref().map(|own| own.updated_at.long_in(cx.network.zone())).unwrap_or_default();
        rows.push(PlaceRow { place, own, edit_url, changed });
    }
    Ok(page(&PlacesPage { frame: cx.frame("Textes du site"), rows }))
}
