//! `/besoin-d-aide`: whom to turn to. Emergency numbers first, then what is open now, near here before elsewhere.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use crate::features::publications::place;
use crate::features::relays::{self, Entry};

#[derive(Template)]
#[template(path = "site/help.html")]
struct HelpPage {
    frame: Frame,
    emergencies: Vec<Entry>,
    groups: Vec<Group>,
    hour: String,
    own: Option<String>,
}

/// Relays under one heading.
struct Group {
    id: &'static str,
    title: &'static str,
    entries: Vec<Entry>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let all = relays::for_the_public(&cx, &mut tx).await?;
    let (open, closed): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(Entry::is_open);
    let (later, unknown): (Vec<Entry>, Vec<Entry>) =
        closed.into_iter().partition(|entry| entry.opens().is_some());
    let group = |id, title, entries| Group { id, title, entries };
    let groups = [
        group("ouverts", "Ouverts maintenant", open),
        group("plus-tard", "Fermés en ce moment", later),
        group("autres", "Autres services, horaires à vérifier", unknown),
    ];
    Ok(page(&HelpPage {
        frame: cx.frame("Besoin d’aide").describe(
            "Urgences, mal-être, violences, harcèlement, santé\u{a0}: qui joindre maintenant, au téléphone ou en ligne.",
        ),
        emergencies: relays::emergencies(&cx),
        groups: groups.into_iter().filter(|group| !group.entries.is_empty()).collect(),
        own: place::own_text(&cx, &mut tx, "help").await?,
        hour: cx.now.long_in(cx.network.zone()),
    }))
}
