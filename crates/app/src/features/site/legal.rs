//! `/mentions-legales`, `/donnees-personnelles`, `/accessibilite`: what the law asks a site to say, drawn from
//! the settings and from what the program really does.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::network::of;
use super::shown::protected;
use crate::features::directory::cleaning::siret;

/// Who answers for the site.
struct Publisher {
    of: String,
    body: Option<String>,
    siret: Option<String>,
    email: Option<String>,
    director: Option<String>,
    hosting: Option<String>,
}

impl Publisher {
    fn new(cx: &Cx) -> Self {
        let settings = cx.network.settings();
        Self {
            of: of(&cx.network.code, &cx.network.name),
            body: settings.coordinating_body,
            siret: settings.siret.as_deref().map(siret::display),
            email: settings.coordination_email.as_deref().map(protected),
            director: settings.publication_director,
            hosting: settings.hosting,
        }
    }
}

#[derive(Template)]
#[template(path = "site/legal_notice.html")]
struct LegalNotice {
    frame: Frame,
    publisher: Publisher,
}

#[derive(Template)]
#[template(path = "site/personal_data.html")]
struct PersonalData {
    frame: Frame,
    publisher: Publisher,
}

#[derive(Template)]
#[template(path = "site/accessibility.html")]
struct Accessibility {
    frame: Frame,
    publisher: Publisher,
}

pub async fn notice(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Mentions légales").describe("Qui publie et qui héberge ce site.");
    Ok(page(&LegalNotice { frame, publisher: Publisher::new(&cx) }))
}

pub async fn personal_data(cx: Cx) -> Result<Response> {
    let frame = cx
        .frame("Données personnelles")
        .describe("Ce que ce site sait de vous, pourquoi, combien de temps, et comment exercer vos droits.");
    Ok(page(&PersonalData { frame, publisher: Publisher::new(&cx) }))
}

pub async fn accessibility(cx: Cx) -> Result<Response> {
    let frame = cx
        .frame("Accessibilité")
        .describe("Où en est l’accessibilité de ce site, et que faire si une page vous résiste.");
    Ok(page(&Accessibility { frame, publisher: Publisher::new(&cx) }))
}
