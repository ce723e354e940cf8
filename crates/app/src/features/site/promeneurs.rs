//! `/promeneurs`: find a promeneur by place, theme, network, audience, or because they are online now.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::PAGE;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::finding;
use super::shown::{self, Listed};
use crate::features::directory::listing::{Controls, Page};

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

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let found = finding::find(&cx, &mut tx, query.0, PAGE, true).await?;
    let rows = shown::of_page(&cx, &mut tx, &found.page).await?;
    let title = match &found.place {
        Some(place) => format!("Promeneurs du Net – {place}"),
        None => "Trouver un Promeneur du Net".to_owned(),
    };
    Ok(page(&ListPage {
        frame: cx
            .frame(title)
            .describe("Trouvez un Promeneur du Net par commune, thème, réseau social ou horaire."),
        controls: Controls::new(&cx.uri, found.query, found.filters, &found.page),
        page: found.page,
        rows,
        online: found.online,
        notice: found.notice,
        typed_place: found.typed_place,
    }))
}
