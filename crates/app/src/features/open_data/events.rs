//! `/api/v1/evenements`: what the network organises for the public. Nothing is published yet: the list is
//! empty, in the shape that it will keep.

use axum::response::Response;
use kit::web::cx::Query;
use kit::{Cx, Result};
use serde_json::Value;

use super::answer::{self, List};
use super::limit;
use super::openapi::{Api, Resource};
use super::question::Question;
use super::schema::{date_time, maybe, object, text};

/// A page of events.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    limit::check(&cx)?;
    let mut question = Question::new(&query.0);
    question.cursor();
    question.limit();
    if let Some(refusal) = question.refusal() {
        return Ok(refusal);
    }
    answer::page(&List::<Value>::new(&cx, 0, true, Vec::new(), None))
}

/// What the document says of this resource.
pub fn describe(api: &Api) -> Resource {
    let fields = [
        ("slug", text("Fin de l’adresse")),
        ("titre", text("Titre")),
        ("debut", date_time("Début")),
        ("fin", maybe(date_time("Fin"))),
        ("lieu", maybe(text("Lieu"))),
        ("commune", maybe(text("Commune"))),
        ("presentation", maybe(text("Présentation"))),
        ("page", text("Page sur le site")),
    ];
    Resource {
        path: "/api/v1/evenements",
        tag: "Événements",
        summary: "Les rendez-vous publics à venir",
        one: "",
        parameters: api.paging(),
        one_parameters: Vec::new(),
        element: object("Un rendez-vous public", fields),
        element_name: "Evenement",
        whole: None,
        is_gone: false,
        example: serde_json::json!({
            "slug": "soiree-ecrans-crest",
            "titre": "Soirée parents\u{a0}: les écrans",
            "debut": "2026-12-03T18:00:00Z",
            "fin": "2026-12-03T20:00:00Z",
            "lieu": "MJC de Crest",
            "commune": "Crest",
            "presentation": null,
            "page": format!("{}/agenda/soiree-ecrans-crest", api.origin),
        }),
    }
}
