//! `/api`: how to take up the data of the network, for people: the API, the widget, the files.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::limit::MOST_PER_MINUTE;
use super::question::{MOST_PER_PAGE, PER_PAGE};

#[derive(Template)]
#[template(path = "open_data/guide.html")]
struct GuidePage {
    frame: Frame,
    origin: String,
    /// The line that a webmaster pastes.
    line: String,
    per_page: usize,
    most_per_page: usize,
    most_per_minute: u32,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let origin = cx.origin.clone();
    let line = format!(
        "<iframe src=\"{origin}/widget/trouver\" title=\"Trouver un Promeneur du Net\" \
         width=\"100%\" height=\"620\" loading=\"lazy\"></iframe>"
    );
    Ok(page(&GuidePage {
        frame: cx.frame("Réutiliser les données").describe(
            "API ouverte, fichier national et module «\u{a0}Trouver un Promeneur\u{a0}» pour votre site.",
        ),
        origin,
        line,
        per_page: PER_PAGE,
        most_per_page: MOST_PER_PAGE,
        most_per_minute: MOST_PER_MINUTE,
    }))
}
