//! `/le-reseau`: what the network is, who coordinates and steers it, what its charter promises, how large it is.

use askama::Template;
use axum::response::Response;
use kit::text::number;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result, Tx, args, sql};

use super::linked_data;
use super::shown::protected;
use crate::features::publications::place;

#[derive(Template)]
#[template(path = "site/network.html")]
struct NetworkPage {
    frame: Frame,
    of: String,
    own: Option<String>,
    body: Option<String>,
    email: Option<String>,
    sponsors: Vec<Sponsor>,
    figures: Vec<(String, &'static str)>,
    questions: [(&'static str, &'static str); 4],
    day: String,
}

/// What parents ask, and what they are answered. Also said to search engines.
const QUESTIONS: [(&str, &str); 4] = [
    (
        "Qui peut écrire à un Promeneur du Net ?",
        "Les 12-25 ans et les parents, sur n’importe quel sujet : école, santé, loisirs, relations, orientation, vie en ligne. C’est gratuit, et c’est toujours vous qui faites le premier pas.",
    ),
    (
        "Comment savoir si c’est un vrai Promeneur ?",
        "Tapez son nom ou son pseudo sur la page « Est-ce un vrai Promeneur ? », ou scannez le code de sa carte : la réponse dit s’il est en fonction, depuis quand, et dans quelle structure.",
    ),
    (
        "Ce que mon enfant lui confie est-il répété ?",
        "Non : la discrétion fait partie de la charte. Une seule exception, que la loi impose à tout adulte : agir quand une personne est en danger.",
    ),
    (
        "Répond-il à toute heure ?",
        "Non. Un Promeneur est présent pendant son temps de travail, aux permanences que sa fiche annonce. En cas d’urgence, appelez le 112, ou le 119 pour un enfant en danger.",
    ),
];

/// An institution that steers the network.
#[derive(sqlx::FromRow)]
struct Sponsor {
    name: String,
    website: Option<String>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sql = sql!(
        "select name, website from organisation where network_id = $1 and kind = 'sponsor' and deleted_at is null ",
        "order by name_key, id limit 40"
    );
    let sponsors: Vec<Sponsor> = tx.all(sql, args![cx.network.id]).await?;
    let figures = figures(&cx, &mut tx).await?;
    let settings = cx.network.settings();
    let of = cx.network.of();
    Ok(page(&NetworkPage {
        frame: cx.frame(format!("Le réseau des Promeneurs du Net {of}")).describe(format!(
            "Qui anime et qui pilote les Promeneurs du Net {of}, ce que promet leur charte, et les chiffres du réseau."
        )).link(&linked_data::questions(&QUESTIONS)),
        of,
        own: place::own_text(&cx, &mut tx, "network").await?,
        body: settings.coordinating_body,
        email: settings.coordination_email.as_deref().map(protected),
        sponsors,
        figures,
        questions: QUESTIONS,
        day: cx.today().long(),
    }))
}

#[derive(sqlx::FromRow)]
struct Counted {
    people: i64,
    structures: i64,
    communes: i64,
    epci: i64,
}

/// What is published today, counted; nothing is said of what is not there.
async fn figures(cx: &Cx, tx: &mut Tx) -> Result<Vec<(String, &'static str)>> {
    let sql = sql!(
        "select cast(coalesce(sum(case when facet = 'public' then total else 0 end), 0) as bigint) as people, ",
        "cast(coalesce(sum(case when facet = 'public.structure' then total else 0 end), 0) as bigint) as structures, ",
        "cast(coalesce(sum(case when facet = 'public.commune' then 1 else 0 end), 0) as bigint) as communes, ",
        "cast(coalesce(sum(case when facet = 'public.epci' then 1 else 0 end), 0) as bigint) as epci ",
        "from facet_total where network_id = $1 and facet in ('public', 'public.structure', 'public.commune', ",
        "'public.epci') and total > 0"
    );
    let counted: Counted = tx.one(sql, args![cx.network.id]).await?;
    let all = [
        (counted.people, "Promeneur du Net", "Promeneurs du Net"),
        (counted.structures, "structure", "structures"),
        (counted.communes, "commune où en trouver un", "communes où en trouver un"),
        (counted.epci, "intercommunalité couverte", "intercommunalités couvertes"),
    ];
    let said = all.into_iter().filter(|(count, _, _)| *count > 0);
    Ok(said.map(|(count, one, many)| (number(count), if count > 1 { many } else { one })).collect())
}
