//! Words that a text takes from whoever it is sent to: `{{prenom}}`.

use std::collections::BTreeMap;

use kit::{Network, markup};

use super::known::Known;

/// A field: its name, what it stands for.
pub const FIELDS: [(&str, &str); 11] = [
    ("prenom", "Prénom"),
    ("nom", "Nom"),
    ("nom_complet", "Prénom et nom"),
    ("structure", "Structure"),
    ("commune", "Commune de la structure"),
    ("reseau", "Nom du réseau"),
    ("coordination", "Qui coordonne le réseau"),
    ("adresse_coordination", "Adresse électronique de la coordination"),
    ("lien_fiche", "Lien vers la fiche publique"),
    ("lien_espace", "Lien vers l’espace du réseau"),
    ("lien_preferences", "Lien pour choisir ce que l’on reçoit"),
];

/// Filled when a message is queued: no text that people write may hold it.
pub const UNSUBSCRIBE: &str = "lien_desinscription";

/// The first field of a text that there is none of; a `{{` that nothing closes counts as one.
pub fn unknown(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, next)) = after.split_once("}}") else {
            return Some(after.chars().take(20).collect());
        };
        let name = name.trim();
        if !FIELDS.iter().any(|(known, _)| *known == name) {
            return Some(name.chars().take(40).collect());
        }
        rest = next;
    }
    None
}

/// Links among the fields can be followed: in HTML, each stands in an `a`.
pub fn with_links(html: &str) -> String {
    let mut text = html.to_owned();
    for (name, _) in FIELDS.iter().filter(|(name, _)| name.starts_with("lien_")) {
        let field = format!("{{{{{name}}}}}");
        text = text.replace(&field, &format!("<a href=\"{field}\">{field}</a>"));
    }
    text
}

/// The words of someone, in a network whose links begin with `base`; those of their choices are added when
/// their address is known.
pub fn words(network: &Network, base: &str, known: &Known) -> BTreeMap<String, String> {
    let settings = network.settings();
    let sheet = if known.sheet.is_empty() { String::new() } else { format!("{base}{}", known.sheet) };
    let all = [
        ("prenom", known.first_name.clone()),
        ("nom", known.last_name.clone()),
        ("nom_complet", known.name()),
        ("structure", known.structure.clone()),
        ("commune", known.commune.clone()),
        ("reseau", format!("Promeneurs du Net {}", network.of())),
        ("coordination", settings.coordinating_body.unwrap_or_else(|| "La coordination".to_owned())),
        ("adresse_coordination", settings.coordination_email.unwrap_or_default()),
        ("lien_fiche", sheet),
        ("lien_espace", format!("{base}/espace")),
    ];
    all.into_iter().map(|(name, word)| (name.to_owned(), word)).collect()
}

/// What everyone may read: « Bonjour {{prenom}}, » says « Bonjour, ».
pub fn impersonal(network: &Network, base: &str, html: &str) -> String {
    let nobody = words(network, base, &Known::default());
    tidied(&kit::mail::merge(html, &nobody, true))
}

/// The same of plain words.
pub fn impersonal_text(network: &Network, base: &str, text: &str) -> String {
    let nobody = words(network, base, &Known::default());
    tidied(&kit::mail::merge(text, &nobody, false))
}

fn tidied(text: &str) -> String {
    text.replace(" ,", ",").replace("\u{a0},", ",").replace(" .", ".")
}

/// Cleaned HTML of a typed text, its fields written without spaces inside.
pub fn tidy(typed: &str) -> String {
    let mut html = markup::read(typed);
    for (name, _) in FIELDS {
        html = html.replace(&format!("{{{{ {name} }}}}"), &format!("{{{{{name}}}}}"));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_does_not_exist_is_named() {
        assert_eq!(unknown("Bonjour {{prenom}} {{ nom }}"), None);
        assert_eq!(unknown("Bonjour {{prenon}}").as_deref(), Some("prenon"));
        assert_eq!(unknown("{{lien_desinscription}}").as_deref(), Some("lien_desinscription"));
        assert_eq!(unknown("Bonjour {{prenom").as_deref(), Some("prenom"));
    }

    #[test]
    fn links_can_be_followed() {
        assert_eq!(
            with_links("<p>{{lien_fiche}}</p>"),
            "<p><a href=\"{{lien_fiche}}\">{{lien_fiche}}</a></p>"
        );
        assert_eq!(tidy("<p>{{ lien_fiche }}</p>"), "<p>{{lien_fiche}}</p>");
    }
}
