//! `/plan-du-site` for people, `/sitemap.xml` for search engines: the same pages.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::db::Timestamp;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Error, Result, args, sql};

use crate::features::publications::{self, publication};

/// The pages of the site, as the plan and the footer arrange them.
pub const PAGES: [(&str, &[(&str, &str)]); 4] = [
    (
        "Trouver quelqu’un",
        &[
            ("/", "Accueil"),
            ("/promeneurs", "Trouver un Promeneur"),
            ("/structures", "Structures"),
            ("/carte", "Carte"),
            ("/verifier", "Est-ce un vrai Promeneur\u{a0}?"),
            ("/besoin-d-aide", "Besoin d’aide"),
        ],
    ),
    (
        "Le réseau",
        &[
            ("/le-reseau", "Le réseau"),
            ("/agenda", "Agenda"),
            ("/actualites", "Actualités"),
            ("/ressources", "Ressources"),
        ],
    ),
    ("Professionnels", &[("/devenir-promeneur", "Devenir Promeneur"), ("/contact", "Contact")]),
    (
        "À propos de ce site",
        &[
            ("/mentions-legales", "Mentions légales"),
            ("/donnees-personnelles", "Données personnelles"),
            ("/accessibilite", "Accessibilité"),
            ("/api", "Réutiliser les données"),
            ("/plan-du-site", "Plan du site"),
        ],
    ),
];

/// Search engines read at most 50,000 addresses of one file.
const MOST: i64 = 20_000;
/// Pages and news named by the plan and the list of addresses.
const MOST_WRITTEN: i64 = 1_000;

#[derive(Template)]
#[template(path = "site/plan.html")]
struct PlanPage {
    frame: Frame,
    groups: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// Pages of the network's own: title and address.
    own: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "site/sitemap.xml", escape = "html")]
struct Sitemap {
    origin: String,
    pages: Vec<&'static str>,
    people: Vec<(String, String)>,
    structures: Vec<(String, String)>,
    written: Vec<(String, String)>,
}

pub async fn plan(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Plan du site").describe("Toutes les pages de ce site.");
    let mut tx = cx.read().await?;
    let own = publications::published(&cx, &mut tx, publication::PAGE, MOST_WRITTEN).await?;
    let own = own.into_iter().map(|(title, url, _)| (title, url)).collect();
    Ok(page(&PlanPage { frame, groups: &PAGES, own }))
}

pub async fn xml(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sql = sql!(
        "select p.slug, p.updated_at from facet f join person p on p.network_id = f.network_id and p.id = f.subject_id ",
        "where f.network_id = $1 and f.facet = 'public' and f.value = '' order by f.sort_key, f.subject_id limit $2"
    );
    let people: Vec<(String, Timestamp)> = tx.all(sql, args![cx.network.id, MOST]).await?;
    let sql = sql!(
        "select s.slug, s.updated_at from facet f join structure s on s.network_id = f.network_id ",
        "and s.id = f.subject_id where f.network_id = $1 and f.facet = 'public.structure' and f.value = '' ",
        "order by f.sort_key, f.subject_id limit $2"
    );
    let structures: Vec<(String, Timestamp)> = tx.all(sql, args![cx.network.id, MOST]).await?;
    let mut written = publications::published(&cx, &mut tx, publication::PAGE, MOST_WRITTEN).await?;
    written.extend(publications::published(&cx, &mut tx, publication::NEWS, MOST_WRITTEN).await?);
    let dated =
        |rows: Vec<(String, Timestamp)>| rows.into_iter().map(|(slug, at)| (slug, at.iso())).collect();
    let sitemap = Sitemap {
        origin: cx.origin.clone(),
        pages: PAGES.iter().flat_map(|(_, pages)| pages.iter().map(|(url, _)| *url)).collect(),
        people: dated(people),
        structures: dated(structures),
        written: dated(written.into_iter().map(|(_, url, at)| (url, at)).collect()),
    };
    let text = sitemap.render().map_err(Error::bug)?;
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}
