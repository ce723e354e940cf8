//! What is published, for programs: pages and news with whole addresses, and nothing that the site does not show.

use kit::db::Id;
use kit::web::pager::{self, Cursor};
use kit::{Cx, Error, Result, Tx, args, markup, sql};

use super::article::before;
use super::picture::{self, Picture};
use super::publication::{self, NEWS, PAGE, Publication};
use super::slug;

/// A page or a piece of news as the public may read it.
pub struct Published {
    pub is_news: bool,
    pub slug: String,
    pub title: String,
    pub summary: Option<String>,
    /// ISO 8601.
    pub published: String,
    pub updated: String,
    pub cover: Option<Cover>,
    /// Its page on the site.
    pub url: String,
    /// Cleaned HTML, its pictures drawn, with whole addresses; for one asked for alone.
    pub content: Option<String>,
}

/// The picture above the text.
pub struct Cover {
    pub url: String,
    pub alt: String,
    pub credit: Option<String>,
}

impl Published {
    fn of(cx: &Cx, publication: &Publication, cover: Option<&Picture>) -> Self {
        Self {
            is_news: publication.is_news(),
            slug: publication.slug.clone(),
            title: publication.title.clone(),
            summary: publication.summary.clone(),
            published: publication.published_at.unwrap_or(publication.updated_at).iso(),
            updated: publication.updated_at.iso(),
            cover: cover.map(|picture| Cover {
                url: format!("{}/images/{}/960.jpg", cx.origin, picture.id),
                alt: picture.alt.clone(),
                credit: picture.credit.clone(),
            }),
            url: format!("{}{}", cx.origin, publication.public_url()),
            content: None,
        }
    }
}

/// How many are published, of one kind or of both; texts of the site's own pages are no publications of their own.
pub async fn count(tx: &mut Tx, network: Id, kind: Option<&str>) -> Result<i64> {
    let sql = sql!(
        "select count(*) from publication where network_id = $1 and kind in ($2, $3) and state = 'published' ",
        "and deleted_at is null and place is null"
    );
    tx.value(sql, args![network, kind.unwrap_or(NEWS), kind.unwrap_or(PAGE)]).await
}

/// The latest published after a place in the list, and where the list goes on.
pub async fn latest(
    cx: &Cx,
    tx: &mut Tx,
    kind: Option<&str>,
    after: &str,
    most: usize,
) -> Result<(Vec<Published>, Option<String>)> {
    let sql = sql!(
        "select network_id, id, kind, place, title, title_key, slug, summary, body, cover_id, state, scheduled_for, ",
        "published_at, menu, menu_rank, created_at, updated_at, deleted_at, version from publication ",
        "where network_id = $1 and state = 'published' and deleted_at is null and place is null ",
        "and (cast($2 as text) is null or kind = $2) and (published_at, id) < ($3, $4) ",
        "order by published_at desc, id desc limit $5"
    );
    let cursor = Cursor::read(after);
    let (at, id) = before(&cursor);
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let found: Vec<Publication> = tx.all(sql, args![cx.network.id, kind, at, id, limit]).await?;
    let (found, next) = pager::page(found, most, |publication| {
        (publication.published_at.unwrap_or_default().0.to_string(), publication.id.to_string())
    });
    let covers: Vec<Id> = found.iter().filter_map(|publication| publication.cover_id).collect();
    let known = picture::shown(tx, cx.network.id, &covers, cx.today()).await?;
    let cover = |publication: &Publication| publication.cover_id.and_then(|id| known.get(&id));
    Ok((found.iter().map(|publication| Published::of(cx, publication, cover(publication))).collect(), next))
}

/// One by the end of its address, or of an address that it had: news before pages when no kind is asked for.
///
/// # Errors
/// `NotFound` when nothing was ever published there, `Gone` when it was withdrawn.
pub async fn one(cx: &Cx, tx: &mut Tx, kind: Option<&str>, slug: &str) -> Result<Published> {
    let mut gone = false;
    for candidate in [NEWS, PAGE].into_iter().filter(|known| kind.is_none_or(|kind| kind == *known)) {
        let found = match publication::by_slug(tx, cx.network.id, candidate, slug).await? {
            Some(found) => Some(found),
            None => slug::target(tx, cx.network.id, candidate, slug).await?,
        };
        let Some(found) = found.filter(|found| found.place.is_none()) else { continue };
        if found.is_public() {
            return whole(cx, tx, &found).await;
        }
        gone |= found.published_at.is_some();
    }
    match gone {
        true => Err(Error::Gone("Cette publication a été retirée du site.".to_owned())),
        false => Err(Error::NotFound),
    }
}

async fn whole(cx: &Cx, tx: &mut Tx, publication: &Publication) -> Result<Published> {
    let mut ids = markup::pictures(&publication.body);
    ids.extend(publication.cover_id.filter(|cover| !ids.contains(cover)));
    let known = picture::shown(tx, cx.network.id, &ids, cx.today()).await?;
    let drawn = |id| known.get(&id).map(Picture::drawn);
    let content = markup::with_origin(&markup::with_pictures(&publication.body, drawn), &cx.origin);
    let cover = publication.cover_id.and_then(|id| known.get(&id));
    Ok(Published { content: Some(content), ..Published::of(cx, publication, cover) })
}
