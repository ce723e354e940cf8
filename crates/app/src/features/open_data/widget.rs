//! `/widget/trouver`: the search in a frame of a town hall's site. A page like any other, without script, that
//! any site may frame; what it leads to opens in a window of its own.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::{frameable, page};
use kit::{Choice, Cx, Fields, Result};

use super::question::{MOST_PLACE, MOST_QUERY};
use crate::features::directory::vocabulary::{List, Vocabulary};
use crate::features::site::finding;
use crate::features::site::shown::{self, Listed};

/// People shown at once: a frame is small.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "open_data/widget.html")]
struct WidgetPage {
    frame: Frame,
    rows: Vec<Listed>,
    q: String,
    place: String,
    public: String,
    theme: String,
    themes: Vec<Choice>,
    notice: Option<String>,
    /// « 12 », « plus de 200 ».
    total: String,
    is_one: bool,
    next_url: Option<String>,
    first_url: Option<String>,
    /// The same search on the site.
    site_url: String,
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    // What the line to paste may fix, and nothing else of the address.
    let asked = |name: &str, most: usize| -> String {
        let kept = query.0.get(name).chars().filter(|c| !c.is_control()).take(most);
        kept.collect()
    };
    let named = [("q", MOST_QUERY), ("commune", MOST_PLACE), ("theme", 60), ("public", 20), ("apres", 240)];
    let asked = Fields::of(named.map(|(name, most)| (name, asked(name, most))));
    let found = finding::find(&cx, &mut tx, asked.clone(), SHOWN, true).await?;
    let mut rows = shown::of_page(&cx, &mut tx, &found.page).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    for code in rows.iter_mut().flat_map(|row| row.card.networks.iter_mut()) {
        *code = vocabulary.label(List::SocialNetwork, code);
    }
    let themes = found.filters.iter().find(|filter| filter.param == "theme");
    let same = ["q", "commune", "theme", "public"].map(|name| (name, asked.get(name)));
    let uri = with_params("/widget/trouver", &same);
    let view = WidgetPage {
        frame: cx.frame("Trouver un Promeneur du Net").hide(),
        rows,
        q: asked.get("q").to_owned(),
        place: asked.get("commune").to_owned(),
        public: asked.get("public").to_owned(),
        theme: asked.get("theme").to_owned(),
        themes: themes.map(|filter| filter.choices.clone()).unwrap_or_default(),
        notice: found.notice,
        total: found.page.total_label(),
        is_one: found.page.total == 1,
        next_url: found.page.next.as_deref().map(|next| with_params(&uri, &[("apres", next)])),
        first_url: (!asked.get("apres").is_empty()).then(|| uri.clone()),
        site_url: with_params("/promeneurs", &same),
    };
    Ok(frameable(page(&view)))
}
