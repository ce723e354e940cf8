//! `/espace/communication/site`: the network's pages and news, the last changed first; the trash too.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::{go_saying, page};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::article::before;
use super::policy::{Want, may, require};
use super::publication::{self, Publication, STATES, Sought};
use super::slug;
use crate::features::directory::export::Table;
use crate::features::directory::{TRASH_DAYS, file};

pub const URL: &str = "/espace/communication/site";
/// An export holds at most this many.
const MOST_EXPORTED: i64 = 5_000;
/// The kinds of the filter, by what its address says.
const KINDS: [(&str, &str, &str); 2] = [("actualites", "news", "Actualités"), ("pages", "page", "Pages")];

struct Row {
    publication: Publication,
    /// « Publiée », « Programmée », with a colour of its own.
    tone: &'static str,
    /// The day that counts for its state.
    day: String,
}

#[derive(Template)]
#[template(path = "publications/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    query: Fields,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    in_trash: bool,
    days: i64,
    may_keep: bool,
    next_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

impl ListPage {
    fn is_narrowed(&self) -> bool {
        ["q", "genre", "etat"].iter().any(|name| !self.query.get(name).is_empty())
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let exported = query.has("format");
    let most = if exported { MOST_EXPORTED } else { i64::try_from(PAGE + 1).unwrap_or(i64::MAX) };
    let in_trash = query.get("etat") == "corbeille";
    let found = find(&cx, &mut tx, &query, in_trash, most).await?;
    if exported {
        return file(query.get("format"), &table(&cx, &found));
    }
    let (found, next) = pager::page(found, PAGE, |publication| {
        let at = if in_trash { publication.deleted_at.unwrap_or_default() } else { publication.updated_at };
        (at.0.to_string(), publication.id.to_string())
    });
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    let mut states: Vec<Choice> = STATES.iter().map(|(code, label)| Choice::new(*code, *label)).collect();
    states.push(Choice::new("corbeille", "Dans la corbeille"));
    Ok(page(&ListPage {
        rows: found.into_iter().map(|publication| row(&cx, publication)).collect(),
        kinds: KINDS.iter().map(|(value, _, label)| Choice::new(*value, *label)).collect(),
        states,
        in_trash,
        days: TRASH_DAYS,
        may_keep: may(visitor, Want::Keep),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
        frame: cx.frame("Site public"),
        query,
    }))
}

async fn find(cx: &Cx, tx: &mut Tx, query: &Fields, in_trash: bool, most: i64) -> Result<Vec<Publication>> {
    let named = kit::text::fold(query.get("q"));
    let sought = Sought {
        named: &named,
        kind: KINDS.iter().find(|(value, _, _)| *value == query.get("genre")).map(|(_, kind, _)| *kind),
        state: STATES.iter().map(|(code, _)| *code).find(|code| *code == query.get("etat")),
    };
    let cursor = Cursor::read(query.get("apres"));
    match in_trash {
        true => publication::page_of_trash(tx, cx.network.id, &sought, before(&cursor), most).await,
        false => publication::page(tx, cx.network.id, &sought, before(&cursor), most).await,
    }
}

fn row(cx: &Cx, publication: Publication) -> Row {
    let long = |at: Timestamp| at.long_in(cx.network.zone());
    let (tone, day) = match publication.state.as_str() {
        _ if publication.deleted_at.is_some() => {
            ("quiet", format!("jetée le {}", long(publication.deleted_at.unwrap_or_default())))
        }
        "published" => ("ok", format!("le {}", long(publication.published_at.unwrap_or_default()))),
        "scheduled" => ("info", format!("pour le {}", long(publication.scheduled_for.unwrap_or_default()))),
        "withdrawn" => ("warn", format!("modifiée le {}", long(publication.updated_at))),
        _ => ("quiet", format!("modifié le {}", long(publication.updated_at))),
    };
    Row { publication, tone, day }
}

fn table(cx: &Cx, publications: &[Publication]) -> Table {
    let headings =
        ["Titre", "Type", "État", "Adresse", "Première publication", "Dernière modification", "Résumé"];
    let long = |at: Timestamp| at.long_in(cx.network.zone());
    let rows = publications
        .iter()
        .map(|publication| {
            vec![
                publication.title.clone(),
                publication.kind_label().to_owned(),
                publication.state_label().to_owned(),
                format!("{}{}", cx.origin, publication.public_url()),
                publication.published_at.map(long).unwrap_or_default(),
                long(publication.updated_at),
                publication.summary.clone().unwrap_or_default(),
            ]
        })
        .collect();
    Table {
        name: format!("site-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}

/// Takes off the site, or cancels what was scheduled; a place shows its original text again.
pub async fn withdraw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = publication::find(&mut tx, cx.network.id, id).await?;
    let said = match (before.state.as_str(), before.placed().is_some()) {
        ("scheduled", _) => "Programmation annulée.",
        ("published", true) => "Texte d’origine rétabli. Le vôtre est gardé ici.",
        ("published", false) => "Retirée du site. Son texte est gardé ici.",
        _ => return Err(Error::refused("Ce texte n’est ni publié ni programmé.")),
    };
    let mut after = before.clone();
    after.withdraw();
    let after = publication::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(&after.url(), said))
}

/// Puts in the trash, off the site.
pub async fn throw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = publication::find(&mut tx, cx.network.id, id).await?;
    let mut after = before.clone();
    after.withdraw();
    after.deleted_at = Some(cx.now);
    publication::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Mise à la corbeille pour 30 jours."))
}

/// Takes out of the trash, under an address that is still free; it is not published by that.
pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Publication = tx.get(cx.network.id, id).await?;
    if before.deleted_at.is_none() {
        return Err(Error::refused("Ce texte n’est pas dans la corbeille."));
    }
    let mut after = before.clone();
    after.deleted_at = None;
    match after.place.clone() {
        Some(place) if publication::at_place(&mut tx, cx.network.id, &place).await?.is_some() => {
            return Err(Error::refused(
                "Un autre texte tient déjà cette place\u{a0}: mettez-le d’abord à la corbeille.",
            ));
        }
        None if slug::holder(&mut tx, &after, &after.slug).await?.is_some() => {
            after.slug = slug::proposed(&mut tx, &after).await?;
        }
        _ => {}
    }
    let after = publication::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(&after.url(), "Restaurée depuis la corbeille."))
}
