//! `/espace/reseau/promeneurs/{id}`: everything known of one person, and what can be done about it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Error, Result, Role, Tx};

use super::cleaning::phone;
use super::history::{self, Event};
use super::mandate::{self, Mandate, Standing};
use super::person;
use super::policy::{Want, may, require};
use super::sheet::{self, Holding, Sheet};
use super::social_profile::{CHECKLIST, SocialProfile};
use super::suspension;
use super::vocabulary::{List, Vocabulary};
use crate::features::{self, Origin};

#[derive(Template)]
#[template(path = "directory/person_sheet.html")]
struct PersonPage {
    frame: Frame,
    sheet: Sheet,
    posts: Vec<Post>,
    standing: Option<Standing>,
    profiles: Vec<Profile>,
    phone: String,
    themes: String,
    shown_fields: String,
    timeline: Vec<Event>,
    may_keep: bool,
    reads_notes: bool,
    may_depart: bool,
    may_propose: bool,
    is_public: bool,
}

struct Post {
    holding: Holding,
    standing: Standing,
    dates: String,
    charter: String,
    /// The decisions that suspended it or ended it.
    decided: Vec<Origin>,
}

struct Profile {
    profile: SocialProfile,
    network: String,
    points: usize,
}

/// The sheet of someone not in the trash whom the visitor may see.
pub(super) async fn visible(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Sheet> {
    let sheet = sheet::load_one(tx, cx.network.id, id).await?;
    require(cx.visitor()?, Want::ReadPerson(&sheet, cx.today()))?;
    if sheet.person.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(sheet) }
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sheet = visible(&cx, &mut tx, id).await?;
    let visitor = cx.visitor()?;
    let today = cx.today();
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let is_self = visitor.person_id == Some(id);
    // The person concerned reads the notes kept on them (RGPD, art. 15).
    let reads_notes = may(visitor, Want::ReadNotes) || is_self;
    let timeline = history::of(&mut tx, &cx.network, "person", id, reads_notes).await?;
    let conditions = cx.network.settings().active_conditions;
    let decided = decided(&cx, &mut tx, sheet.holdings.iter().map(|holding| &holding.mandate)).await?;
    let posts = sheet
        .holdings
        .iter()
        .map(|holding| Post {
            decided: of_post(&decided, holding.mandate.id),
            standing: holding.mandate.standing(&sheet.profiles, !sheet.hours.is_empty(), &conditions, today),
            dates: dates(holding.mandate.started_on, holding.mandate.ended_on, today),
            charter: charter(holding),
            holding: holding.clone(),
        })
        .collect();
    let themes =
        sheet.person.theme_codes().iter().map(|c| vocabulary.label(List::Theme, c)).collect::<Vec<_>>();
    let shown_fields =
        person::FIELDS.iter().filter(|(c, _)| sheet.person.shows(c)).map(|(_, l)| *l).collect::<Vec<_>>();
    let may_keep = may(visitor, Want::Keep);
    Ok(page(&PersonPage {
        frame: cx.frame(sheet.person.name()),
        posts,
        standing: sheet.standing(&conditions, today),
        profiles: sheet
            .profiles
            .iter()
            .map(|p| Profile {
                network: vocabulary.label(List::SocialNetwork, &p.social_network),
                points: p.points(),
                profile: p.clone(),
            })
            .collect(),
        phone: sheet.person.phone.as_deref().map(phone::display).unwrap_or_default(),
        themes: themes.join(", "),
        shown_fields: shown_fields.join(", ").to_lowercase(),
        timeline,
        may_keep,
        reads_notes,
        may_propose: is_self && visitor.is(Role::Promeneur),
        may_depart: may_keep && sheet.current(today).is_some_and(|h| h.mandate.ended_on.is_none()),
        is_public: sheet.is_public(today),
        sheet,
    }))
}

/// The decisions behind posts that were suspended, or from which someone was excluded. Others cost no question.
pub(super) async fn decided(
    cx: &Cx,
    tx: &mut Tx,
    posts: impl Iterator<Item = &Mandate>,
) -> Result<Vec<Origin>> {
    let touched = posts.filter(|post| suspension::is_touched(post)).map(|post| post.id);
    let touched: Vec<Id> = touched.collect();
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    features::decisions_behind(tx, cx.network.id, (cx.visitor()?, cx.today()), &touched).await
}

/// Those of one post.
pub(super) fn of_post(all: &[Origin], post: Id) -> Vec<Origin> {
    all.iter().filter(|origin| origin.object_id == post).cloned().collect()
}

/// « du 1er mars 2022 au 3 mai 2026 », « depuis le … », « jusqu’au … (à venir) ».
pub(super) fn dates(start: Option<Date>, end: Option<Date>, today: Date) -> String {
    match (start, end) {
        (Some(start), Some(end)) if end > today => {
            format!("depuis le {}, départ prévu le {}", start.long(), end.long())
        }
        (Some(start), Some(end)) => format!("du {} au {}", start.long(), end.long()),
        (Some(start), None) if start > today => format!("à partir du {}", start.long()),
        (Some(start), None) => format!("depuis le {}", start.long()),
        (None, Some(end)) => format!("jusqu’au {}", end.long()),
        (None, None) => "dates inconnues".to_owned(),
    }
}

fn charter(holding: &Holding) -> String {
    let label = mandate::charter_label(&holding.mandate.charter).to_lowercase();
    match holding.mandate.charter_signed_on {
        Some(day) => format!("{label} le {}", day.long()),
        None => label,
    }
}

/// Shows the sheet on the public site.
pub async fn publish(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let person = person::publish(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&person.url(), "La fiche est en ligne."))
}

/// Takes it off at once.
pub async fn unpublish(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let visitor = cx.visitor()?;
    let own = visitor.is(Role::Promeneur) && visitor.person_id == Some(id);
    if !own {
        require(visitor, Want::Keep)?;
    }
    let person = person::unpublish(&mut tx, &cx.actor(), id, None).await?;
    tx.commit().await?;
    Ok(go_saying(&person.url(), "La fiche n’est plus en ligne."))
}
