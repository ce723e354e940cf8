//! `/espace/reglages`: what the network decides for itself, and the way to its other settings.

use askama::Template;
use axum::response::Response;
use kit::network::{self, Settings};
use kit::trail::{self, Act, Subject};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::web::theme::Accent;
use kit::{Choice, Cx, Fields, Network, Result, Visitor, jobs};
use serde_json::Value;

use super::policy::{Want, may, require};
use crate::features::directory::RefreshFacets;
use crate::features::directory::cleaning::{phone, siret};
use crate::features::directory::mandate::CONDITIONS;
use crate::features::upkeep::editable;

const URL: &str = "/espace/reglages";

/// Where French networks are.
const ZONES: [(&str, &str); 10] = [
    ("Europe/Paris", "France métropolitaine"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
];

#[derive(Template)]
#[template(path = "administration/settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Fields,
    zones: Vec<Choice>,
    conditions: Vec<Choice>,
    free_fields: Vec<Choice>,
    /// The colour as typed, when it is one: shown with text on it.
    preview: Option<String>,
    links: Vec<SettingsLink>,
}

struct SettingsLink {
    url: &'static str,
    label: &'static str,
    text: &'static str,
    icon: &'static str,
}

impl SettingsPage {
    fn new(cx: &Cx, visitor: &Visitor, form: Fields) -> Self {
        let pairs =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(c, l)| Choice::new(*c, *l)).collect::<Vec<_>>();
        Self {
            frame: cx.frame("Réglages du réseau"),
            preview: Some(form.get("couleur").to_owned()).filter(|colour| is_colour(colour)),
            form,
            zones: pairs(&ZONES),
            conditions: pairs(&CONDITIONS),
            free_fields: editable::choices(),
            links: links(visitor),
        }
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The other settings that the visitor may read.
fn links(visitor: &Visitor) -> Vec<SettingsLink> {
    let link = |url, label, text, icon| SettingsLink { url, label, text, icon };
    let mut links = vec![
        link(
            "/espace/reglages/utilisateurs",
            "Accès",
            "Inviter, donner des rôles, fermer un accès.",
            "people",
        ),
        link("/espace/reglages/listes", "Listes", "Thèmes, types de structure, motifs de sortie…", "list"),
    ];
    if may(visitor, Want::ReadOutbox) {
        links.push(link(
            "/espace/reglages/courriels",
            "Courriels envoyés",
            "Ce qui est parti, et ce qui a échoué.",
            "mail",
        ));
    }
    links.push(link(
        "/espace/reglages/composants",
        "Composants",
        "Les éléments dont les pages sont faites.",
        "template",
    ));
    links.push(link(
        "/espace/reglages/compte",
        "Mon compte",
        "Mot de passe et appareils connectés.",
        "person",
    ));
    links
}

fn typed(network: &Network) -> Fields {
    let settings = network.settings();
    let mut form = Fields::of([
        ("organisme", settings.coordinating_body.unwrap_or_default()),
        ("siret", settings.siret.as_deref().map(siret::display).unwrap_or_default()),
        ("courriel", settings.coordination_email.unwrap_or_default()),
        ("adresse", settings.postal_address.unwrap_or_default()),
        ("telephone", settings.phone.as_deref().map(phone::display).unwrap_or_default()),
        ("directeur", settings.publication_director.unwrap_or_default()),
        ("hebergeur", settings.hosting.unwrap_or_default()),
        ("couleur", network.accent.clone()),
        ("fuseau", settings.time_zone),
    ]);
    settings.active_conditions.into_iter().for_each(|code| form.add("conditions", code));
    settings.free_fields.into_iter().for_each(|code| form.add("libres", code));
    form
}

pub async fn show(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadSettings)?;
    Ok(page(&SettingsPage::new(&cx, visitor, typed(&cx.network))))
}

/// Reads the form into an accent and settings; what is wrong is noted in it.
fn read(form: &mut Fields, before: &Settings) -> (String, Settings) {
    let zones: Vec<Choice> = ZONES.iter().map(|(c, l)| Choice::new(*c, *l)).collect();
    let mut after = before.clone();
    after.coordinating_body = form.text("organisme", 160);
    after.siret = form.parse("siret", siret::read);
    after.coordination_email = form.email("courriel");
    after.postal_address = form.lines("adresse", 300);
    after.phone = form.parse("telephone", phone::read);
    after.publication_director = form.text("directeur", 160);
    after.hosting = form.lines("hebergeur", 300);
    let accent = form.parse("couleur", |text| Accent::read(text).map(|_| text.to_lowercase()));
    if accent.is_none() {
        form.reject("couleur", "Choisissez une couleur.");
    }
    match form.choice("fuseau", &zones) {
        Some(zone) => after.time_zone = zone,
        None => form.reject("fuseau", "Choisissez le fuseau horaire du réseau."),
    }
    let chosen = form.many("conditions");
    let known = CONDITIONS.iter().map(|(code, _)| *code).filter(|code| chosen.contains(code));
    after.active_conditions = known.map(str::to_owned).collect();
    let chosen = form.many("libres");
    let free =
        editable::choices().into_iter().map(|c| c.value).filter(|code| chosen.contains(&code.as_str()));
    after.free_fields = free.collect();
    (accent.unwrap_or_default(), after)
}

/// What the trail keeps.
fn said(accent: &str, settings: &Settings) -> Value {
    let mut value = serde_json::to_value(settings).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("accent".to_owned(), accent.into());
    }
    value
}

pub async fn save(cx: Cx, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ChangeSettings)?;
    let before = cx.network.settings();
    let (accent, after) = read(&mut form, &before);
    if form.check().is_err() {
        return Ok(refused(&SettingsPage::new(&cx, visitor, form)));
    }
    let mut tx = cx.write().await?;
    network::save_settings(&mut tx, &cx.network, &accent, &after).await?;
    let act =
        Act::new("network.settings_changed", Subject::new("network", cx.network.id, cx.network.label()))
            .before(&said(&cx.network.accent, &before))
            .after(&said(&accent, &after));
    trail::record(&mut tx, &cx.actor(), act).await?;
    if before.active_conditions != after.active_conditions {
        // Who is « actif » may change: lists are brought up to date in the background.
        jobs::add(&mut tx, cx.network.id, cx.now, &RefreshFacets {}).await?;
    }
    tx.commit().await?;
    Ok(go_saying(URL, "Réglages enregistrés."))
}
