//! `/espace/agenda/abonnements`: the addresses at which one's own programs read meetings.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::calendar_feed::{self, CalendarFeed, MOST_LABEL};
use super::{FEEDS, feed_file};
use crate::features::governance::calendar;
use crate::features::governance::committee::Committee;

/// How a form calls every meeting that one may read.
const ALL: &str = "toutes";

struct Row {
    feed: CalendarFeed,
    /// What it shows; empty when its owner may no longer read it.
    shown: String,
    url: String,
    made: String,
    read: String,
}

#[derive(Template)]
#[template(path = "agenda/feeds.html")]
struct FeedsPage {
    frame: Frame,
    form: Fields,
    rows: Vec<Row>,
    calendars: Vec<Choice>,
    reads_all: bool,
}

async fn feeds_page(cx: &Cx, tx: &mut Tx, form: Fields) -> Result<FeedsPage> {
    let visitor = cx.visitor()?;
    calendar::require_list(visitor)?;
    let reads_all = calendar::reads_all(visitor);
    let committees = calendar::committees(tx, cx.network.id, visitor, cx.today()).await?;
    let feeds = calendar_feed::of_account(tx, cx.network.id, visitor.account_id).await?;
    let base = cx.link_base();
    let row = |feed: CalendarFeed| {
        let committee = committees.iter().find(|one| Some(one.id) == feed.committee_id);
        let is_lost = feed.committee_id.is_some() && committee.is_none();
        Row {
            shown: if is_lost { String::new() } else { feed_file::name(reads_all, committee) },
            url: format!("{base}{}", feed.path(&cx.app)),
            made: cx.network.day_of(feed.created_at).long(),
            read: feed.last_read_at.map(|at| cx.network.day_of(at).long()).unwrap_or_default(),
            feed,
        }
    };
    let rows = feeds.into_iter().map(row).collect();
    let of = |one: &Committee| Choice::new(one.id.to_string(), one.name.clone());
    let open = committees.iter().filter(|one| !one.is_closed()).map(of);
    let calendars = std::iter::once(Choice::new(ALL, feed_file::name(reads_all, None))).chain(open).collect();
    Ok(FeedsPage { frame: cx.frame("Abonnements"), form, rows, calendars, reads_all })
}

pub async fn list(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let form = Fields::of([("calendrier", ALL.to_owned())]);
    Ok(page(&feeds_page(&cx, &mut tx, form).await?))
}

pub async fn make(cx: Cx, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = feeds_page(&cx, &mut tx, Fields::default()).await?;
    let chosen = form.choice("calendrier", &page.calendars);
    if chosen.is_none() && form.error("calendrier").is_none() {
        form.reject("calendrier", "Choisissez un calendrier.");
    }
    let label = form.required(
        "appareil",
        MOST_LABEL,
        "Dites pour quel appareil ou logiciel\u{a0}: «\u{a0}iPhone\u{a0}», «\u{a0}Outlook du bureau\u{a0}».",
    );
    let (Some(chosen), Ok(())) = (chosen, form.check()) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let shown = page.calendars.iter().find(|one| one.value == chosen);
    let shown = shown.map(|one| one.label.clone()).unwrap_or_default();
    let committee: Option<Id> = chosen.parse().ok();
    let made = calendar_feed::make(&mut tx, &cx.actor(), cx.visitor()?, (committee, &shown), &label).await;
    if let Err(Error::Refused(why)) = made {
        form.reject("appareil", why);
        page.form = form;
        return Ok(refused(&page));
    }
    made?;
    tx.commit().await?;
    Ok(go_saying(FEEDS, "Abonnement créé\u{a0}: copiez son adresse dans votre appareil ou logiciel."))
}

pub async fn revoke(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    calendar::require_list(visitor)?;
    let mut tx = cx.write().await?;
    let feed = calendar_feed::revoke(&mut tx, &cx.actor(), visitor, id).await?;
    tx.commit().await?;
    let text = format!("Abonnement «\u{a0}{}\u{a0}» retiré\u{a0}: son adresse ne répond plus.", feed.label);
    Ok(go_saying(FEEDS, &text))
}
