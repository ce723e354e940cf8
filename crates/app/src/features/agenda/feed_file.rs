//! `/agenda/flux/{token}`: the meetings of a feed, as its owner may read them at this moment.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::calendar::{self as file, Method};
use kit::{Cx, Error, Result, Tx, visitor};

use super::calendar_feed::{self, CalendarFeed};
use crate::features::governance::calendar::{self, Shown};
use crate::features::governance::committee::Committee;

/// How far back meetings are told, in days.
const DAYS_BACK: i64 = 366;

/// What a feed is called in programs.
pub fn name(reads_all: bool, committee: Option<&Committee>) -> String {
    match committee {
        Some(committee) => committee.name.clone(),
        None if reads_all => "Réunions du réseau".to_owned(),
        None => "Mes réunions".to_owned(),
    }
}

/// The feed as text. Whoever lost their access, or their seat in its committee, has none any more.
async fn text(cx: &Cx, tx: &mut Tx, feed: &CalendarFeed) -> Result<String> {
    let network = &cx.network;
    let owner = visitor::of_account(tx, network.id, feed.account_id, feed.id).await?;
    let owner = owner.filter(calendar::may_list).ok_or_else(calendar_feed::gone)?;
    let committee = match feed.committee_id {
        Some(id) => {
            let all = calendar::committees(tx, network.id, &owner, cx.today()).await?;
            Some(all.into_iter().find(|one| one.id == id).ok_or_else(calendar_feed::gone)?)
        }
        None => None,
    };
    let from = cx.now.plus_days(-DAYS_BACK);
    let shown = Shown::since(feed.committee_id, cx.today(), from);
    let meetings = calendar::meetings(tx, network.id, &owner, shown).await?;
    let events = calendar::events(tx, network, &cx.link_base(), &meetings).await?;
    let name = format!("{} – {}", name(calendar::reads_all(&owner), committee.as_ref()), network.name);
    file::write(Method::Publish, &name, &events).map_err(Error::bug)
}

pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let feed = calendar_feed::of_token(&mut tx, &cx.app, &cx.network, &token).await?;
    let text = text(&cx, &mut tx, &feed).await?;
    drop(tx);
    if calendar_feed::is_news(&feed, cx.now) {
        let mut tx = cx.write().await?;
        calendar_feed::read(&mut tx, &feed, cx.now).await?;
        tx.commit().await?;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    Ok((headers, text).into_response())
}
