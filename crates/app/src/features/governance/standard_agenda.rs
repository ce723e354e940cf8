//! `/espace/gouvernance/comites/{id}/ordre-du-jour-type`: what the meetings of a committee begin with, and whether what one leaves
//! goes to the next by itself.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::agenda_item::{self, MOST_TITLE};
use super::committee::{self, Committee};
use super::policy::{Want, require};
use super::standard_item::{self, MOST, StandardItem};
use crate::features::support::duration;

/// Empty rows that the form offers.
const SPARE: usize = 3;

#[derive(Template)]
#[template(path = "governance/standard_agenda.html")]
struct StandardPage {
    frame: Frame,
    form: Fields,
    committee: Committee,
    objectives: Vec<Choice>,
    rows: Vec<usize>,
}

impl StandardPage {
    /// The name of a field of a row.
    fn name(&self, field: &str, row: &usize) -> String {
        format!("{field}-{row}")
    }

    fn with(mut self, form: Fields) -> Self {
        let typed = (0..MOST + SPARE).filter(|row| form.has(&format!("titre-{row}"))).count();
        self.rows = (0..typed.max(SPARE)).collect();
        self.form = form;
        self
    }
}

async fn standard_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<StandardPage> {
    let committee = committee::open(tx, cx.network.id, id).await?;
    let items = standard_item::usual(tx, cx.network.id, id).await?;
    let mut form = Fields::of([
        ("version", committee.version.to_string()),
        ("reporter", if committee.carries_over { "1" } else { "" }.to_owned()),
    ]);
    let rows = (items.len() + SPARE).min(MOST);
    for row in 0..rows {
        let item = items.get(row);
        let minutes = item.and_then(|(.., minutes)| *minutes).map(duration::say).unwrap_or_default();
        form.set(&format!("rang-{row}"), (row + 1).to_string());
        form.set(&format!("titre-{row}"), item.map(|(title, ..)| title.clone()).unwrap_or_default());
        form.set(&format!("but-{row}"), item.map_or("information", |(_, objective, _)| objective));
        form.set(&format!("duree-{row}"), minutes.replace('\u{a0}', " "));
    }
    Ok(StandardPage {
        frame: cx.frame(format!("Ordre du jour type\u{a0}: {}", committee.name)),
        form,
        committee,
        objectives: agenda_item::objectives(),
        rows: (0..rows).collect(),
    })
}

/// The items of a form, in the order that is asked for; rows without a title are left out.
fn read(cx: &Cx, form: &mut Fields, committee: &Committee) -> Vec<StandardItem> {
    let mut items = Vec::new();
    for row in 0..MOST + SPARE {
        let Some(title) = form.text(&format!("titre-{row}"), MOST_TITLE) else { continue };
        let objective = form.choice(&format!("but-{row}"), &agenda_item::objectives());
        if objective.is_none() {
            form.reject(&format!("but-{row}"), "Dites dans quel but on en parle.");
        }
        let item = StandardItem {
            network_id: cx.network.id,
            id: Id::new(cx.now),
            committee_id: committee.id,
            position: 0,
            title,
            objective: objective.unwrap_or_default(),
            minutes: form.parse(&format!("duree-{row}"), duration::read),
        };
        items.push((form.number(&format!("rang-{row}"), 1..=999).unwrap_or(999), item));
    }
    items.sort_by_key(|(rank, _)| *rank);
    if items.len() > MOST {
        form.reject("titre-0", "Un ordre du jour type compte vingt points au plus.");
    }
    (1..).zip(items).map(|(position, (_, item))| StandardItem { position, ..item }).collect()
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&standard_page(&cx, &mut tx, id).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let page = standard_page(&cx, &mut tx, id).await?;
    if !form.is_fresh(&page.form) {
        return Ok(conflict(&page.with(form)));
    }
    let items = read(&cx, &mut form, &page.committee);
    if form.check().is_err() {
        return Ok(refused(&page.with(form)));
    }
    let carries = form.flag("reporter");
    let committee = standard_item::set(&mut tx, &cx.actor(), &page.committee, carries, items).await?;
    tx.commit().await?;
    Ok(go_saying(&committee.url(), "Ordre du jour type enregistré."))
}
