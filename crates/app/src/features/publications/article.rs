//! What the public reads: `/actualites/{slug}` and `/pages/{slug}`, the teasers of lists, and for who writes the
//! same page before it is published.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use kit::db::{Date, Id, Timestamp};
use kit::web::frame::Frame;
use kit::web::linked_data::{absolute, crumbs, organisation, whole};
use kit::web::pager::Cursor;
use kit::web::respond::page;
use kit::{Cx, Error, Result, Tx, markup};
use serde_json::json;

use super::picture;
use super::policy::{Want, require};
use super::publication::{self, NEWS, PAGE, Publication};
use super::slug;

/// A text as it is read.
pub struct Article {
    pub title: String,
    pub summary: Option<String>,
    /// Cleaned, its pictures drawn.
    pub body: String,
    pub cover: Option<String>,
    /// Under the cover, who made it.
    pub credit: Option<String>,
    /// « 24 novembre 2026 » and its form for machines; for news.
    pub day: Option<(String, String)>,
    pub minutes: usize,
    pub is_news: bool,
}

/// What is said above a text that is not, or not thus, on the site.
struct Preview {
    back_url: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "publications/article.html")]
struct ArticlePage {
    frame: Frame,
    article: Article,
    preview: Option<Preview>,
}

/// A cleaned text with its pictures drawn; those that may not be shown on this day are left out.
pub async fn body(tx: &mut Tx, network: Id, html: &str, today: Date) -> Result<String> {
    let ids = markup::pictures(html);
    let known = picture::shown(tx, network, &ids, today).await?;
    Ok(markup::with_pictures(html, |id| known.get(&id).map(picture::Picture::drawn)))
}

/// Everything that the page of a publication shows.
async fn article(cx: &Cx, tx: &mut Tx, publication: &Publication) -> Result<Article> {
    let mut ids = markup::pictures(&publication.body);
    ids.extend(publication.cover_id.filter(|cover| !ids.contains(cover)));
    let known = picture::shown(tx, cx.network.id, &ids, cx.today()).await?;
    let drawn = |id| known.get(&id).map(picture::Picture::drawn);
    let cover = publication.cover_id.and_then(|id| known.get(&id));
    let at = publication.published_at.unwrap_or(cx.now);
    Ok(Article {
        title: publication.title.clone(),
        summary: publication.summary.clone(),
        body: markup::with_pictures(&publication.body, drawn),
        cover: cover.map(|p| markup::draw(&p.drawn(), &p.alt, "(min-width: 48rem) 46rem, 92vw")),
        credit: cover.and_then(|p| p.credit.clone()),
        day: publication.is_news().then(|| (cx.network.day_of(at).long(), at.iso())),
        minutes: markup::minutes(&publication.body),
        is_news: publication.is_news(),
    })
}

async fn drawn(cx: &Cx, tx: &mut Tx, publication: &Publication) -> Result<ArticlePage> {
    let article = article(cx, tx, publication).await?;
    let about = publication.summary.clone().unwrap_or_else(|| markup::excerpt(&publication.body, 160));
    let mut frame = cx.frame(article.title.clone()).describe(about.clone());
    if publication.is_news() {
        let url = publication.public_url();
        frame = frame
            .link(&linked(cx, publication, &about))
            .link(&crumbs(cx, &[("Actualités", "/actualites"), (&article.title, &url)]));
    }
    Ok(ArticlePage { frame, article, preview: None })
}

/// The news as search engines read it.
fn linked(cx: &Cx, publication: &Publication, about: &str) -> serde_json::Value {
    let url = absolute(cx, &publication.public_url());
    whole(json!({
        "@type": "NewsArticle",
        "headline": publication.title,
        "description": about,
        "url": url,
        "mainEntityOfPage": url,
        "image": absolute(cx, &format!("/partage{}.png", publication.public_url())),
        "datePublished": publication.published_at.map(Timestamp::iso),
        "dateModified": publication.updated_at.iso(),
        "inLanguage": "fr-FR",
        "author": organisation(cx),
        "publisher": organisation(cx),
    }))
}

pub async fn news(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    show(cx, NEWS, &slug).await
}

pub async fn own_page(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    show(cx, PAGE, &slug).await
}

async fn show(cx: Cx, kind: &str, slug: &str) -> Result<Response> {
    let mut tx = cx.read().await?;
    let network = cx.network.id;
    let named = publication::by_slug(&mut tx, network, kind, slug).await?;
    let moved = named.is_none() || named.as_ref().is_some_and(|found| found.place.is_some());
    let found = match named {
        Some(found) => found,
        None => slug::target(&mut tx, network, kind, slug).await?.ok_or(Error::NotFound)?,
    };
    match (found.is_public(), found.published_at) {
        (true, _) if moved => Ok(Redirect::permanent(&found.public_url()).into_response()),
        (true, _) => Ok(page(&drawn(&cx, &mut tx, &found).await?)),
        (false, Some(_)) => Err(Error::Gone("Cette publication a été retirée du site.".to_owned())),
        (false, None) => Err(Error::NotFound),
    }
}

/// `/espace/communication/site/{id}/apercu`: as stored, for who may write it.
pub async fn preview(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let found = publication::find(&mut tx, cx.network.id, id).await?;
    let state = if found.is_public() { "Ce texte est en ligne." } else { "Ce texte n’est pas en ligne." };
    preview_of(&cx, &mut tx, &found, state).await
}

/// The page of a text that is being written.
pub(super) async fn preview_of(
    cx: &Cx,
    tx: &mut Tx,
    publication: &Publication,
    state: &'static str,
) -> Result<Response> {
    let mut shown = drawn(cx, tx, publication).await?;
    shown.frame = shown.frame.hide();
    let back_url =
        if publication.version == 0 { "/espace/communication/site".to_owned() } else { publication.url() };
    shown.preview = Some(Preview { back_url, state });
    Ok(page(&shown))
}

/// A piece of news in a list.
pub struct Teaser {
    pub title: String,
    pub url: String,
    pub day: String,
    pub iso: String,
    pub text: String,
    pub cover: Option<String>,
}

/// The latest news before a place in the list, and where the list goes on.
pub async fn latest_news(
    cx: &Cx,
    tx: &mut Tx,
    after: &str,
    most: usize,
) -> Result<(Vec<Teaser>, Option<String>)> {
    let cursor = Cursor::read(after);
    let (at, id) = before(&cursor);
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let found = publication::latest(tx, cx.network.id, NEWS, (at, id), limit).await?;
    let (found, next) = kit::web::pager::page(found, most, |publication| {
        (publication.published_at.unwrap_or_default().0.to_string(), publication.id.to_string())
    });
    let covers: Vec<Id> = found.iter().filter_map(|publication| publication.cover_id).collect();
    let known = picture::shown(tx, cx.network.id, &covers, cx.today()).await?;
    let teasers = found
        .into_iter()
        .map(|publication| {
            let at = publication.published_at.unwrap_or(cx.now);
            let cover = publication.cover_id.and_then(|id| known.get(&id));
            Teaser {
                url: publication.public_url(),
                day: cx.network.day_of(at).long(),
                iso: at.iso(),
                text: publication.summary.clone().unwrap_or_else(|| markup::excerpt(&publication.body, 180)),
                // Its title says it all: a second reading of the picture would only delay.
                cover: cover.map(|p| markup::draw(&p.drawn(), "", "(min-width: 48rem) 22rem, 92vw")),
                title: publication.title,
            }
        })
        .collect();
    Ok((teasers, next))
}

/// Where a walk from the latest to the oldest starts.
pub(super) fn before(cursor: &Cursor) -> (Timestamp, &str) {
    let at = cursor.key.as_deref().and_then(|key| key.parse().ok()).map_or(Timestamp(i64::MAX), Timestamp);
    (at, cursor.id.as_deref().unwrap_or("~"))
}

/// An entry of the feed.
pub struct Entry {
    pub id: Id,
    pub title: String,
    pub url: String,
    pub published: String,
    pub updated: String,
    pub text: String,
    /// HTML with whole addresses.
    pub content: String,
}

/// The latest news whole, for readers of feeds.
pub async fn entries(cx: &Cx, tx: &mut Tx, most: i64) -> Result<Vec<Entry>> {
    let found = publication::latest(tx, cx.network.id, NEWS, (Timestamp(i64::MAX), "~"), most).await?;
    let mut ids: Vec<Id> = found.iter().flat_map(|publication| markup::pictures(&publication.body)).collect();
    ids.sort();
    ids.dedup();
    let known = picture::shown(tx, cx.network.id, &ids, cx.today()).await?;
    let drawn = |id| known.get(&id).map(picture::Picture::drawn);
    let entries = found.into_iter().map(|publication| Entry {
        id: publication.id,
        url: format!("{}{}", cx.origin, publication.public_url()),
        published: publication.published_at.unwrap_or(cx.now).iso(),
        updated: publication.updated_at.iso(),
        text: publication.summary.clone().unwrap_or_else(|| markup::excerpt(&publication.body, 300)),
        content: markup::with_origin(&markup::with_pictures(&publication.body, drawn), &cx.origin),
        title: publication.title,
    });
    Ok(entries.collect())
}

/// Published pages and news, title, address and last change: for the plan of the site.
pub async fn published(
    cx: &Cx,
    tx: &mut Tx,
    kind: &str,
    most: i64,
) -> Result<Vec<(String, String, Timestamp)>> {
    let found = publication::latest(tx, cx.network.id, kind, (Timestamp(i64::MAX), "~"), most).await?;
    Ok(found.into_iter().map(|p| (p.title.clone(), p.public_url(), p.updated_at)).collect())
}
