//! `/espace/reglages/composants`: what pages are made of, with the markup and the fields that pages use.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result};

use super::policy::{Want, require};

#[derive(Template)]
#[template(path = "administration/components.html")]
struct ComponentsPage {
    frame: Frame,
    form: Fields,
    choices: Vec<Choice>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::ReadSettings)?;
    let mut form = Fields::of([
        ("nom", "Léa Martin-Delacourt".to_owned()),
        ("telephone", "04 75 0".to_owned()),
        ("theme", "health".to_owned()),
        ("presentation", "Lieu d’écoute anonyme et gratuit.".to_owned()),
        ("publics", "jeunes".to_owned()),
        ("statut", "private".to_owned()),
        ("accord", "1".to_owned()),
    ]);
    form.reject("telephone", "Ce numéro n’est pas un numéro de téléphone français.");
    form.reject("commune", "Indiquez une commune du département.");
    let choices = [("health", "Santé"), ("work", "Formation, emploi"), ("housing", "Logement")];
    Ok(page(&ComponentsPage {
        frame: cx.frame("Composants"),
        form,
        choices: choices.map(|(code, label)| Choice::new(code, label)).to_vec(),
    }))
}
