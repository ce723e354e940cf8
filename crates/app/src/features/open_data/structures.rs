//! `/api/v1/structures`: published structures, as their page shows them.

use axum::response::Response;
use kit::web::cx::Query;
use kit::web::respond::download;
use kit::{Cx, Error, Result, Tx};
use serde::Serialize;

use super::answer::{self, List};
use super::limit;
use super::openapi::{Api, Resource};
use super::question::{MOST_PLACE, MOST_QUERY, Question, Slug};
use super::schema::{Shape, array, maybe, object, text};
use crate::features::directory::listing::{self, Filter, Plan, Sort};
use crate::features::directory::structure::{self, Structure};
use crate::features::directory::vocabulary::{List as Lists, Vocabulary};
use crate::features::directory::{mandate, mediation};
use crate::features::site::finding::commune;
use crate::features::site::shown::{self, protected};

const SORTS: [Sort; 1] = [Sort { param: "nom", label: "Nom", facet: "public.structure" }];

/// A structure of the list.
#[derive(Serialize)]
struct Listing {
    slug: String,
    nom: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    code_postal: Option<String>,
    commune: Option<String>,
    code_insee: Option<String>,
    page: String,
    adresse: String,
}

/// One structure and its published promeneurs.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    listing: Listing,
    presentation: Option<String>,
    voie: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    image: Option<String>,
    promeneurs: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    nom: String,
    adresse: String,
}

impl Listing {
    fn of(cx: &Cx, vocabulary: &Vocabulary, s: &Structure) -> Self {
        Self {
            slug: s.slug.clone(),
            nom: s.name.clone(),
            kind: s.kind.as_deref().map(|code| vocabulary.label(Lists::StructureType, code)),
            code_postal: s.postcode.clone(),
            commune: s.commune.clone(),
            code_insee: s.insee_code.clone(),
            page: format!("{}{}", cx.origin, s.public_url()),
            adresse: format!("{}/api/v1{}", cx.origin, s.public_url()),
        }
    }
}

fn filters(vocabulary: &Vocabulary) -> Vec<Filter> {
    let filter = |param, label, facet, choices| Filter { param, label, facet, choices };
    vec![
        filter("type", "Type", "public.structure.type", vocabulary.choices(Lists::StructureType)),
        filter("commune", "Commune", "public.structure.commune", Vec::new()),
    ]
}

/// A page of structures.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    limit::check(&cx)?;
    let mut query = query.0;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let filters = filters(&vocabulary);
    let mut question = Question::new(&query);
    question.text("q", MOST_QUERY);
    question.text("commune", MOST_PLACE);
    question.choice("type", &filters[0].choices);
    question.cursor();
    let most = question.limit();
    if let Some(refusal) = question.refusal() {
        return Ok(refusal);
    }
    if query.has("commune") {
        let Some(found) = commune(query.get("commune"), &cx.network.code) else {
            let typed = query.get("commune");
            return Ok(answer::unknown(&format!(
                "Aucune commune ne s’appelle «\u{a0}{typed}\u{a0}» dans ce département."
            )));
        };
        query.set("commune", found.code.clone());
    }
    let plan = Plan {
        kind: "structure.public",
        all: "public.structure",
        filters: &filters,
        sorts: &SORTS,
        audiences: &["public"],
        with_cards: false,
    };
    let found = listing::find(&mut tx, cx.network.id, &plan, &query, most).await?;
    let structures: Vec<Structure> = tx.all_in(cx.network.id, "id", &found.ids).await?;
    let elements = listing::in_order(&found.ids, structures, |s| s.id)
        .iter()
        .map(|s| Listing::of(&cx, &vocabulary, s))
        .collect();
    answer::page(&List::new(&cx, found.total, !found.total_is_least, elements, found.next.as_deref()))
}

/// One structure.
pub async fn show(cx: Cx, Slug(slug): Slug) -> Result<Response> {
    limit::check(&cx)?;
    let mut tx = cx.read().await?;
    let s = structure::published(&mut tx, cx.network.id, &slug).await?;
    if !s.is_in_network() {
        return Err(Error::NotFound);
    }
    let promeneurs = members(&cx, &mut tx, &s).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let listing = Listing::of(&cx, &vocabulary, &s);
    answer::json(&Whole {
        image: s.image.as_ref().map(|_| format!("{}/image", listing.page)),
        listing,
        presentation: s.presentation,
        voie: s.address,
        telephone: s.phone,
        courriel: s.email.as_deref().map(protected),
        site_web: s.website,
        promeneurs,
    })
}

async fn members(cx: &Cx, tx: &mut Tx, s: &Structure) -> Result<Vec<Member>> {
    let posts = mandate::open_posts(tx, cx.network.id, s.id, cx.today()).await?;
    let ids: Vec<kit::Id> = posts.iter().filter_map(|post| post.person_id).collect();
    let people = shown::load(cx, tx, &ids).await?;
    Ok(people
        .into_iter()
        .map(|p| Member { adresse: format!("{}/api/v1{}", cx.origin, p.card.url()), nom: p.card.name })
        .collect())
}

/// `/api/v1/lieux-de-mediation-numerique.csv`: published structures in the national standard.
pub async fn places(cx: Cx) -> Result<Response> {
    limit::check(&cx)?;
    let mut tx = cx.read().await?;
    let file = mediation::file(&mut tx, &cx.network, cx.today()).await?;
    Ok(download(&file.name, "text/csv; charset=utf-8", file.bytes))
}

/// Fields of a structure in a list, as the document has them.
fn listing() -> [(&'static str, Shape); 8] {
    [
        ("slug", text("Fin de l’adresse, stable tant que la structure est publiée")),
        ("nom", text("Nom")),
        ("type", maybe(text("Type de structure"))),
        ("code_postal", maybe(text("Code postal"))),
        ("commune", maybe(text("Commune"))),
        ("code_insee", maybe(text("Code INSEE de la commune"))),
        ("page", text("Page de la structure sur le site")),
        ("adresse", text("La structure dans cette API")),
    ]
}

/// What its page tells beside.
fn more() -> [(&'static str, Shape); 7] {
    let member = object(
        "Un promeneur de la structure",
        [("nom", text("Prénom et nom")), ("adresse", text("Sa fiche dans cette API"))],
    );
    [
        ("presentation", maybe(text("Présentation"))),
        ("voie", maybe(text("Numéro et voie"))),
        ("telephone", maybe(text("Numéro international"))),
        ("courriel", maybe(text("Adresse électronique, l’arobase écrite «\u{a0}(arobase)\u{a0}»"))),
        ("site_web", maybe(text("Site internet"))),
        ("image", maybe(text("Adresse de l’image"))),
        ("promeneurs", array("Ses promeneurs publiés", member)),
    ]
}

/// What the document says of this resource.
pub fn describe(api: &Api) -> Resource {
    let types: Vec<&str> = api.structure_types.iter().map(|choice| choice.value.as_str()).collect();
    let parameters = [
        vec![
            api.text("q", "Nom, commune ; fautes de frappe admises", MOST_QUERY, "mjc"),
            api.text(
                "commune",
                "Code INSEE, nom ou code postal d’une commune du département",
                MOST_PLACE,
                "26108",
            ),
            api.choice("type", "Type de structure", &types),
        ],
        api.paging(),
    ]
    .concat();
    Resource {
        path: "/api/v1/structures",
        tag: "Structures",
        summary: "Les structures publiées",
        one: "Une structure",
        parameters,
        one_parameters: Vec::new(),
        element: object("Une structure dans une liste", listing()),
        element_name: "StructureListe",
        whole: Some((
            "Structure",
            object("Une structure et ses promeneurs publiés", listing().into_iter().chain(more())),
        )),
        is_gone: false,
        example: serde_json::json!({
            "slug": "mjc-de-crest",
            "nom": "MJC de Crest",
            "type": "MJC",
            "code_postal": "26400",
            "commune": "Crest",
            "code_insee": "26108",
            "page": format!("{}/structures/mjc-de-crest", api.origin),
            "adresse": format!("{}/api/v1/structures/mjc-de-crest", api.origin),
        }),
    }
}
