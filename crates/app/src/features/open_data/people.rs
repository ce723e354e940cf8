//! `/api/v1/promeneurs`: published promeneurs, as the site's list and sheets show them.

use axum::response::Response;
use kit::web::cx::Query;
use kit::{Choice, Cx, Date, Error, Result};
use serde::Serialize;

use super::answer::{self, List};
use super::limit;
use super::openapi::{Api, Resource};
use super::question::{MOST_PLACE, MOST_QUERY, Question, Slug};
use super::schema::{Shape, array, date, flag, maybe, object, one_of, text};
use crate::features::directory::listing::Page;
use crate::features::directory::office_hours::Moment;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{person, sheet};
use crate::features::site::finding;
use crate::features::site::shown::{self, Listed, protected};

/// A promeneur of the list.
#[derive(Serialize)]
struct Listing {
    slug: String,
    nom: String,
    structure: String,
    commune: Option<String>,
    publics: Vec<&'static str>,
    en_ligne: bool,
    prochaine_permanence: Option<String>,
    photo: Option<String>,
    page: String,
    adresse: String,
}

/// One promeneur: what the public sheet shows, field for field.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    listing: Listing,
    fonction: Option<String>,
    structure_adresse: Option<String>,
    presentation: Option<String>,
    themes: Vec<String>,
    reseaux: Vec<Profile>,
    permanences: Vec<String>,
    courriel: Option<String>,
    telephone: Option<String>,
    depuis: Option<Date>,
    verifie_le: Option<Date>,
}

#[derive(Serialize)]
struct Profile {
    reseau: String,
    pseudo: String,
    adresse: Option<String>,
}

impl Listing {
    fn of(cx: &Cx, listed: Listed) -> Self {
        let card = listed.card;
        let page = format!("{}{}", cx.origin, card.url());
        Self {
            adresse: format!("{}/api/v1/promeneurs/{}", cx.origin, card.slug),
            photo: listed.has_photo.then(|| format!("{page}/photo")),
            page,
            publics: audiences(card.for_youth, card.for_parents),
            slug: card.slug,
            nom: card.name,
            structure: card.structure,
            commune: some(card.place),
            en_ligne: listed.online,
            prochaine_permanence: some(listed.next),
        }
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn audiences(youth: bool, parents: bool) -> Vec<&'static str> {
    [(youth, "jeunes"), (parents, "parents")]
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, code)| code)
        .collect()
}

/// A page of promeneurs.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    limit::check(&cx)?;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let mut question = Question::new(&query.0);
    question.text("q", MOST_QUERY);
    question.text("commune", MOST_PLACE);
    for filter in finding::filters(&vocabulary) {
        question.choice(filter.param, &filter.choices);
    }
    question.choice("en-ligne", &[Choice::new("1", "oui"), Choice::new("0", "non")]);
    question.cursor();
    let most = question.limit();
    if let Some(refusal) = question.refusal() {
        return Ok(refusal);
    }
    let found = finding::find(&cx, &mut tx, query.0, most, false).await?;
    if found.place_is_unknown() {
        return Ok(answer::unknown(found.notice.as_deref().unwrap_or_default()));
    }
    let listed = shown::of_page(&cx, &mut tx, &found.page).await?;
    let elements = listed.into_iter().map(|listed| Listing::of(&cx, listed)).collect();
    let Page { total, total_is_least, next, .. } = &found.page;
    answer::page(&List::new(&cx, *total, !total_is_least, elements, next.as_deref()))
}

/// One promeneur; 410 for who is no longer in post.
pub async fn show(cx: Cx, Slug(slug): Slug) -> Result<Response> {
    limit::check(&cx)?;
    let mut tx = cx.read().await?;
    let person = person::published(&mut tx, cx.network.id, &slug).await?;
    let sheet = sheet::load_one(&mut tx, cx.network.id, person.id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let moment = Moment::of(&cx.network, cx.now);
    let p = shown::shown(&sheet, &vocabulary, &moment)
        .ok_or_else(|| Error::Gone(format!("{} n’exerce plus comme Promeneur du Net ici.", person.name())))?;
    let site = |path: String| format!("{}{path}", cx.origin);
    answer::json(&Whole {
        listing: Listing {
            slug: person.slug.clone(),
            nom: p.name,
            structure: p.structure,
            commune: some(p.place),
            publics: audiences(person.for_youth, person.for_parents),
            en_ligne: p.online,
            prochaine_permanence: some(p.next),
            photo: p.photo.map(site),
            page: site(person.public_url()),
            adresse: site(format!("/api/v1/promeneurs/{}", person.slug)),
        },
        fonction: p.job_title,
        structure_adresse: p.structure_url.map(|url| site(format!("/api/v1{url}"))),
        presentation: p.presentation,
        themes: p.themes,
        reseaux: p
            .profiles
            .into_iter()
            .map(|profile| Profile { reseau: profile.network, pseudo: profile.handle, adresse: profile.url })
            .collect(),
        permanences: p.hours,
        courriel: p.email.as_deref().map(protected),
        telephone: p.phone.map(|(_, number)| number),
        depuis: p.since.and(sheet.main(moment.today)).and_then(|holding| holding.mandate.started_on),
        verifie_le: p.verified.and(person.verified_on),
    })
}

/// Fields of a promeneur in a list, as the document has them.
fn listing() -> [(&'static str, Shape); 10] {
    [
        ("slug", text("Fin de l’adresse, stable tant que la fiche existe")),
        ("nom", text("Prénom et nom")),
        ("structure", text("Structure employeuse")),
        ("commune", maybe(text("Commune de la structure"))),
        ("publics", array("À qui la personne s’adresse", one_of("Public", &["jeunes", "parents"]))),
        ("en_ligne", flag("Une permanence en ligne a lieu en ce moment")),
        (
            "prochaine_permanence",
            maybe(text("«\u{a0}jusqu’à 19 h\u{a0}» ou «\u{a0}demain, 17 h – 19 h\u{a0}»")),
        ),
        ("photo", maybe(text("Adresse de la photo, quand elle est publiée"))),
        ("page", text("Page de la fiche sur le site")),
        ("adresse", text("Fiche complète dans cette API")),
    ]
}

/// What a sheet tells beside.
fn more() -> [(&'static str, Shape); 10] {
    let profile = object(
        "Profil public sur un réseau social",
        [
            ("reseau", text("Réseau social")),
            ("pseudo", text("Nom affiché")),
            ("adresse", maybe(text("Adresse du profil"))),
        ],
    );
    [
        ("fonction", maybe(text("Fonction"))),
        ("structure_adresse", maybe(text("La structure dans cette API, quand elle est publiée"))),
        ("presentation", maybe(text("Présentation"))),
        ("themes", array("Thèmes dont on peut parler", text("Thème"))),
        ("reseaux", array("Profils publics", profile)),
        ("permanences", array("Permanences en ligne", text("«\u{a0}mardi 17 h – 19 h\u{a0}»"))),
        ("courriel", maybe(text("Adresse électronique, l’arobase écrite «\u{a0}(arobase)\u{a0}»"))),
        ("telephone", maybe(text("Numéro international, «\u{a0}+33612345678\u{a0}»"))),
        ("depuis", maybe(date("Premier jour en poste"))),
        ("verifie_le", maybe(date("Dernière vérification de la fiche par la personne"))),
    ]
}

/// What the document says of this resource.
pub fn describe(api: &Api) -> Resource {
    let parameters = [
        vec![api.text("q", "Nom, pseudo, structure, commune ; fautes de frappe admises", MOST_QUERY, "noé")],
        vec![api.text(
            "commune",
            "Code INSEE, nom ou code postal d’une commune du département",
            MOST_PLACE,
            "26108",
        )],
        api.filters(),
        vec![api.choice("en-ligne", "Seulement qui est en ligne en ce moment", &["0", "1"])],
        api.paging(),
    ]
    .concat();
    Resource {
        path: "/api/v1/promeneurs",
        tag: "Promeneurs",
        summary: "Les promeneurs publiés",
        one: "Une fiche de promeneur",
        parameters,
        one_parameters: Vec::new(),
        element: object("Un promeneur dans une liste", listing()),
        element_name: "PromeneurListe",
        whole: Some((
            "Promeneur",
            object("Une fiche : ce que la personne a choisi de publier", listing().into_iter().chain(more())),
        )),
        is_gone: true,
        example: serde_json::json!({
            "slug": "noe-lefevre",
            "nom": "Noé Lefèvre",
            "structure": "MJC de Crest",
            "commune": "Crest",
            "publics": ["jeunes"],
            "en_ligne": false,
            "prochaine_permanence": "demain, 17\u{a0}h – 19\u{a0}h",
            "photo": null,
            "page": format!("{}/promeneurs/noe-lefevre", api.origin),
            "adresse": format!("{}/api/v1/promeneurs/noe-lefevre", api.origin),
        }),
    }
}
