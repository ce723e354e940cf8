//! `/espace/recherche` and its JSON for the command palette.

use askama::Template;
use axum::response::Response;
use kit::db::fulltext::{self, Found};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{json, page};
use kit::{Cx, Result};

use crate::features::directory::policy::{Want, may};

struct Hit {
    kind: &'static str,
    found: Found,
}

#[derive(Template)]
#[template(path = "search/results.html")]
struct ResultsPage {
    frame: Frame,
    q: String,
    hits: Vec<Hit>,
    /// Whether publications and questions are found too.
    finds_texts: bool,
}

/// Finds what the visitor may find: the coordination everything, the Caf the network, others nothing yet.
async fn hits(cx: &Cx, q: &str, most: usize) -> Result<Vec<Hit>> {
    let visitor = cx.visitor()?;
    let audiences: &[&str] = match (may(visitor, Want::ReadNetwork), may(visitor, Want::ReadNotes)) {
        (_, true) => &["network", "coordination"],
        (true, false) => &["network"],
        (false, false) => return Ok(Vec::new()),
    };
    let mut tx = cx.read().await?;
    let found = fulltext::find(&mut tx, cx.network.id, q, None, audiences, most).await?;
    Ok(found
        .into_iter()
        .map(|found| Hit {
            kind: match found.kind.as_str() {
                "person" => "Promeneur",
                "structure" => "Structure",
                "organisation" => "Partenaire",
                "publication" => "Publication",
                "question" => "Question",
                "committee" => "Comité",
                "date_poll" => "Sondage de dates",
                _ => "Contact",
            },
            found,
        })
        .collect())
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let q = query.0.get("q").trim().chars().take(120).collect::<String>();
    let hits = hits(&cx, &q, 50).await?;
    let finds_texts = may(cx.visitor()?, Want::ReadNotes);
    Ok(page(&ResultsPage { frame: cx.frame("Recherche"), q, hits, finds_texts }))
}

pub async fn suggest(cx: Cx, query: Query) -> Result<Response> {
    let hits = hits(&cx, query.0.get("q"), 12).await?;
    let list: serde_json::Value = hits
        .into_iter()
        .map(|hit| {
            serde_json::json!({
                "title": hit.found.title, "subtitle": hit.found.subtitle, "kind": hit.kind, "url": hit.found.url,
            })
        })
        .collect();
    Ok(json(&list))
}
