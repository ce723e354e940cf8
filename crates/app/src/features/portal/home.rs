//! `/` of the portal: the map of the départements, where there is a network, and how large they all are.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use kit::territory::{self, France};
use kit::text::number;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use super::networks::{self, Counted};

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    frame: Frame,
    france: Option<Arc<France>>,
    /// Networks by the code of their département.
    open: HashMap<String, Open>,
    /// The same, by name.
    listed: Vec<Open>,
    figures: Vec<(String, &'static str)>,
    day: String,
}

/// A network that is there.
#[derive(Clone)]
struct Open {
    name: String,
    code: String,
    url: String,
    /// « 32 Promeneurs du Net ».
    label: String,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let all = networks::all(&mut cx.read().await?).await?;
    let mut listed: Vec<Open> = all.iter().map(|counted| open(&cx, counted)).collect();
    listed.sort_by_key(|open| kit::text::fold(&open.name));
    let people: i64 = all.iter().map(|counted| counted.people).sum();
    let structures: i64 = all.iter().map(|counted| counted.structures).sum();
    let networks = i64::try_from(all.len()).unwrap_or_default();
    let figures = [
        (people, "Promeneur du Net", "Promeneurs du Net"),
        (structures, "structure", "structures"),
        (networks, "département", "départements"),
    ];
    let said = figures.into_iter().filter(|(count, _, _)| *count > 0);
    Ok(page(&HomePage {
        frame: cx.frame("Les Promeneurs du Net en France").describe(
            "Trouvez un Promeneur du Net dans votre département\u{a0}: des professionnels de la jeunesse présents en ligne, \
             sous leur vrai nom.",
        ),
        france: territory::france(),
        open: listed.iter().map(|open| (open.code.clone(), open.clone())).collect(),
        listed,
        figures: said
            .map(|(count, one, many)| (number(count), if count > 1 { many } else { one }))
            .collect(),
        day: cx.today().long(),
    }))
}

fn open(cx: &Cx, counted: &Counted) -> Open {
    let label = match counted.people {
        0 => "bientôt en ligne".to_owned(),
        1 => "1 Promeneur du Net".to_owned(),
        many => format!("{} Promeneurs du Net", number(many)),
    };
    Open {
        name: counted.network.name.clone(),
        code: counted.network.code.clone(),
        url: counted.network.origin_beside(&cx.origin),
        label,
    }
}
