//! `/structures/{slug}`: one structure and its promeneurs who are public.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::linked_data::crumbs;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use super::linked_data;
use super::shown::{self, Listed, protected};
use crate::features::directory::cleaning::phone;
use crate::features::directory::mandate;
use crate::features::directory::photo;
use crate::features::directory::structure::{self, Structure};
use crate::features::directory::vocabulary::{List, Vocabulary};

#[derive(Template)]
#[template(path = "site/structure.html")]
struct StructurePage {
    frame: Frame,
    structure: Structure,
    kind: String,
    phone: String,
    email: Option<String>,
    people: Vec<Listed>,
}

pub async fn show(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let structure = structure::published(&mut tx, cx.network.id, &slug).await?;
    if !structure.is_in_network() {
        return Err(Error::NotFound);
    }
    let posts = mandate::open_posts(&mut tx, cx.network.id, structure.id, cx.today()).await?;
    let ids: Vec<kit::Id> = posts.iter().filter_map(|m| m.person_id).collect();
    let people = shown::load(&cx, &mut tx, &ids).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let frame = cx
        .frame(structure.name.clone())
        .describe(format!("{} et ses Promeneurs du Net.", structure.name))
        .link(&linked_data::structure(&cx, &structure))
        .link(&crumbs(&cx, &[("Structures", "/structures"), (&structure.name, cx.path())]));
    Ok(page(&StructurePage {
        frame,
        kind: vocabulary.label_of(List::StructureType, structure.kind.as_deref()),
        phone: structure.phone.as_deref().map(phone::display).unwrap_or_default(),
        email: structure.email.as_deref().map(protected),
        people,
        structure,
    }))
}

/// `/structures/{slug}/image`: while the structure is public.
pub async fn image(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let structure = structure::published(&mut cx.read().await?, cx.network.id, &slug).await?;
    if !structure.is_in_network() {
        return Err(Error::NotFound);
    }
    photo::send(&cx, structure.image.as_deref()).await
}
