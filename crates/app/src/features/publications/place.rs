//! Places: the pages that every site has from the start. A network completes them or, for those the law asks for,
//! replaces them by its own text; what it does not write stays as it came.

use askama::Template;
use kit::{Cx, Error, Network, Result, Tx};

use super::{article, publication};
use crate::features::directory::cleaning::{phone, siret};

/// A page whose text can be changed.
pub struct Place {
    pub code: &'static str,
    pub url: &'static str,
    pub label: &'static str,
    /// The network's text stands instead of the original one, and not above it.
    pub replaces: bool,
}

const fn place(code: &'static str, url: &'static str, label: &'static str, replaces: bool) -> Place {
    Place { code, url, label, replaces }
}

pub const PLACES: [Place; 8] = [
    place("network", "/le-reseau", "Le réseau", false),
    place("join", "/devenir-promeneur", "Devenir Promeneur", false),
    place("help", "/besoin-d-aide", "Besoin d’aide", false),
    place("resources", "/ressources", "Ressources", false),
    place("contact", "/contact", "Contact", false),
    place("legal", "/mentions-legales", "Mentions légales", true),
    place("privacy", "/donnees-personnelles", "Données personnelles", true),
    place("accessibility", "/accessibilite", "Accessibilité", true),
];

pub fn by_code(code: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.code == code)
}

impl Place {
    pub fn edit_url(&self) -> String {
        format!("/espace/communication/site/textes/{}", self.code)
    }

    /// What its own text does there.
    pub fn rule(&self) -> &'static str {
        if self.replaces {
            "Votre texte remplace celui d’origine."
        } else {
            "Votre texte paraît en tête de la page, au-dessus de ce qu’elle montre d’elle-même."
        }
    }
}

/// Who answers for the site.
struct Publisher {
    of: String,
    body: Option<String>,
    siret: Option<String>,
    address: Vec<String>,
    phone: Option<String>,
    email: Option<String>,
    director: Option<String>,
    hosting: Vec<String>,
}

impl Publisher {
    fn new(network: &Network) -> Self {
        let settings = network.settings();
        let lines = |text: Option<String>| text.unwrap_or_default().lines().map(str::to_owned).collect();
        Self {
            of: network.of(),
            body: settings.coordinating_body,
            siret: settings.siret.as_deref().map(siret::display),
            address: lines(settings.postal_address),
            phone: settings.phone.as_deref().map(phone::display),
            // Harvesters of pages do not recognise it at once; people read it.
            email: settings.coordination_email.map(|email| email.replace('@', " (arobase) ")),
            director: settings.publication_director,
            hosting: lines(settings.hosting),
        }
    }
}

#[derive(Template)]
#[template(path = "publications/legal_notice.html")]
struct LegalNotice {
    publisher: Publisher,
}

#[derive(Template)]
#[template(path = "publications/personal_data.html")]
struct PersonalData {
    publisher: Publisher,
}

#[derive(Template)]
#[template(path = "publications/accessibility.html")]
struct Accessibility {
    publisher: Publisher,
}

/// The original text of a page, the network's settings merged in; empty where the original is not a text.
pub fn original(network: &Network, place: &Place) -> Result<String> {
    let publisher = Publisher::new(network);
    let drawn = match place.code {
        "legal" => LegalNotice { publisher }.render(),
        "privacy" => PersonalData { publisher }.render(),
        "accessibility" => Accessibility { publisher }.render(),
        _ => Ok(String::new()),
    };
    drawn.map_err(Error::bug)
}

/// What the network wrote for a place, ready to be shown; `None` when it wrote nothing that is published.
pub async fn own_text(cx: &Cx, tx: &mut Tx, code: &str) -> Result<Option<String>> {
    let found = publication::published_at_place(tx, cx.network.id, code).await?;
    match found {
        Some(found) => article::body(tx, cx.network.id, &found.body, cx.today()).await.map(Some),
        None => Ok(None),
    }
}

/// The text of a page that the law asks for: the network's, else the original.
pub async fn whole_text(cx: &Cx, tx: &mut Tx, code: &str) -> Result<String> {
    let place = by_code(code).ok_or(Error::NotFound)?;
    match own_text(cx, tx, code).await? {
        Some(own) => Ok(own),
        None => original(&cx.network, place),
    }
}
