//! `/lettres` and `/lettres/{slug}`: letters that the network shows to everyone, without the words of anyone.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::page;
use kit::{Cx, Error, Result, args, sql};

use super::mailing::Mailing;
use super::merge_field;
use super::render::{self, Shown, Told};

/// Letters on a page.
const SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "mailings/archive.html")]
struct ArchivePage {
    frame: Frame,
    rows: Vec<Row>,
    next_url: Option<String>,
}

struct Row {
    title: String,
    url: String,
    day: String,
    iso: String,
    preheader: String,
}

#[derive(Template)]
#[template(path = "mailings/letter.html")]
struct LetterPage {
    frame: Frame,
    title: String,
    day: String,
    iso: String,
    told: Vec<Told>,
}

/// A field has no word for everyone: what it leaves behind is tidied.
fn said(cx: &Cx, text: &str) -> String {
    merge_field::impersonal_text(&cx.network, &cx.link_base(), text)
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let sql = sql!(
        "select id, subject, preheader, slug, first_due from mailing where network_id = $1 and is_public ",
        "and first_due is not null and deleted_at is null and first_due <= $2 and (first_due, id) < ($3, $4) ",
        "order by first_due desc, id desc limit $5"
    );
    let asked = query.0.get("apres").to_owned();
    let (at, id) = asked.split_once('~').unwrap_or_default();
    let at = at.parse().map_or(Timestamp(i64::MAX), Timestamp);
    let id = if id.is_empty() { "~" } else { id };
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    let mut found: Vec<(Id, String, String, String, Timestamp)> =
        tx.all(sql, args![cx.network.id, cx.now, at, id, most]).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let next = found.last().filter(|_| more).map(|(id, .., at)| format!("{}~{id}", at.0));
    let row = |(_, subject, preheader, slug, at): (Id, String, String, String, Timestamp)| Row {
        title: said(&cx, &subject),
        url: format!("/lettres/{slug}"),
        day: cx.network.day_of(at).long(),
        iso: cx.network.day_of(at).to_string(),
        preheader: said(&cx, &preheader),
    };
    let rows = found.into_iter().map(row).collect();
    let description = format!("Les lettres d’information des Promeneurs du Net {}.", cx.network.of());
    Ok(page(&ArchivePage {
        frame: cx.frame("Lettres d’information").describe(description),
        rows,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
    }))
}

pub async fn show(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let sql = sql!("select id from mailing where network_id = $1 and slug = $2 and slug <> ''");
    let mut tx = cx.read().await?;
    let id: Id = tx.value(sql, args![cx.network.id, slug]).await?;
    let mailing: Mailing = tx.get(cx.network.id, id).await?;
    let sent = mailing.first_due.filter(|at| *at <= cx.now).ok_or(Error::NotFound)?;
    if !mailing.is_public || mailing.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    let blocks = mailing.blocks();
    let shown = Shown::load(&mut tx, cx.network.id, &blocks, cx.today()).await?;
    let base = cx.link_base();
    let told = render::told(&blocks, &shown, "").into_iter().map(|told| Told {
        title: said(&cx, &told.title),
        html: merge_field::impersonal(&cx.network, &base, &told.html),
        link: said(&cx, &told.link),
        ..told
    });
    let title = said(&cx, &mailing.subject);
    let day = cx.network.day_of(sent);
    Ok(page(&LetterPage {
        frame: cx.frame(title.clone()).describe(said(&cx, &mailing.preheader)),
        told: told.collect(),
        title,
        day: day.long(),
        iso: day.to_string(),
    }))
}
