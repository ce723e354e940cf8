//! `/api/v1/publications`: pages and news that the network publishes, as the site shows them.

use axum::response::Response;
use kit::web::cx::Query;
use kit::{Choice, Cx, Fields, Result};
use serde::Serialize;

use super::answer::{self, List};
use super::limit;
use super::openapi::{Api, Resource};
use super::question::{Question, Slug};
use super::schema::{Shape, date_time, maybe, object, one_of, text};
use crate::features::publications::publication::{NEWS, PAGE};
use crate::features::publications::published::{self, Cover, Published};

/// What `genre` says, and what it is here.
const KINDS: [(&str, &str); 2] = [("actualite", NEWS), ("page", PAGE)];

/// A publication of the list.
#[derive(Serialize)]
struct Listing {
    slug: String,
    genre: &'static str,
    titre: String,
    resume: Option<String>,
    publie_le: String,
    modifie_le: String,
    image: Option<Image>,
    page: String,
    adresse: String,
}

/// The same with its text.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    listing: Listing,
    corps: String,
}

#[derive(Serialize)]
struct Image {
    adresse: String,
    description: String,
    credit: Option<String>,
}

impl From<Cover> for Image {
    fn from(cover: Cover) -> Self {
        Self { adresse: cover.url, description: cover.alt, credit: cover.credit }
    }
}

impl Listing {
    fn of(cx: &Cx, published: Published) -> Self {
        let genre = if published.is_news { "actualite" } else { "page" };
        Self {
            // A page and a piece of news may end alike: the kind goes with the address.
            adresse: format!("{}/api/v1/publications/{}?genre={genre}", cx.origin, published.slug),
            slug: published.slug,
            genre,
            titre: published.title,
            resume: published.summary,
            publie_le: published.published,
            modifie_le: published.updated,
            image: published.cover.map(Image::from),
            page: published.url,
        }
    }
}

/// The kind asked for; what is no kind was refused by `question`.
fn kind<'q>(question: &mut Question<'q>, query: &'q Fields) -> Option<&'static str> {
    question.choice("genre", &KINDS.map(|(code, _)| Choice::new(code, code)));
    KINDS.iter().find(|(code, _)| *code == query.get("genre")).map(|(_, kind)| *kind)
}

/// A page of publications, the latest first.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    limit::check(&cx)?;
    let mut question = Question::new(&query.0);
    let kind = kind(&mut question, &query.0);
    question.cursor();
    let most = question.limit();
    if let Some(refusal) = question.refusal() {
        return Ok(refusal);
    }
    let mut tx = cx.read().await?;
    let total = published::count(&mut tx, cx.network.id, kind).await?;
    let (found, next) = published::latest(&cx, &mut tx, kind, query.0.get("apres"), most).await?;
    let elements = found.into_iter().map(|one| Listing::of(&cx, one)).collect();
    answer::page(&List::new(&cx, total, true, elements, next.as_deref()))
}

/// One publication, whole.
pub async fn show(cx: Cx, Slug(slug): Slug, query: Query) -> Result<Response> {
    limit::check(&cx)?;
    let mut question = Question::new(&query.0);
    let kind = kind(&mut question, &query.0);
    if let Some(refusal) = question.refusal() {
        return Ok(refusal);
    }
    let mut tx = cx.read().await?;
    let mut found = published::one(&cx, &mut tx, kind, &slug).await?;
    let corps = found.content.take().unwrap_or_default();
    answer::json(&Whole { listing: Listing::of(&cx, found), corps })
}

/// Fields of a publication in a list, as the document has them.
fn listing() -> [(&'static str, Shape); 9] {
    let image = object(
        "L’image d’ouverture",
        [
            ("adresse", text("Adresse de l’image")),
            ("description", text("Ce qu’elle montre\u{a0}; vide quand elle ne fait qu’orner")),
            ("credit", maybe(text("À qui on la doit"))),
        ],
    );
    [
        ("slug", text("Fin de l’adresse")),
        ("genre", one_of("Actualité ou page", &KINDS.map(|(code, _)| code))),
        ("titre", text("Titre")),
        ("resume", maybe(text("Résumé"))),
        ("publie_le", date_time("Première parution")),
        ("modifie_le", date_time("Dernière modification")),
        ("image", maybe(image)),
        ("page", text("Page sur le site")),
        ("adresse", text("La publication dans cette API")),
    ]
}

/// What the document says of this resource.
pub fn describe(api: &Api) -> Resource {
    let genre = || api.choice("genre", "Actualité ou page", &KINDS.map(|(code, _)| code));
    let body =
        text("Texte en HTML\u{a0}: titres, listes, liens, images, sans script ni style, adresses entières");
    Resource {
        path: "/api/v1/publications",
        tag: "Publications",
        summary: "Les actualités et les pages publiées",
        one: "Une publication",
        parameters: [vec![genre()], api.paging()].concat(),
        one_parameters: vec![genre()],
        element: object("Une publication dans une liste", listing()),
        element_name: "PublicationListe",
        whole: Some((
            "Publication",
            object("Une publication et son texte", listing().into_iter().chain([("corps", body)])),
        )),
        is_gone: true,
        example: serde_json::json!({
            "slug": "fete-du-numerique",
            "genre": "actualite",
            "titre": "Fête du numérique",
            "resume": "Rendez-vous samedi à Crest.",
            "publie_le": "2026-11-23T09:00:00Z",
            "modifie_le": "2026-11-23T09:00:00Z",
            "image": null,
            "page": format!("{}/actualites/fete-du-numerique", api.origin),
            "adresse": format!("{}/api/v1/publications/fete-du-numerique?genre=actualite", api.origin),
        }),
    }
}
