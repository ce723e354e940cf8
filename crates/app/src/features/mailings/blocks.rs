//! `/espace/messagerie/lettres/{id}/blocs`: adding, moving, changing and removing a block of a draft.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::frame::Frame;
use kit::web::respond::{go, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::block::{self, Block, KINDS};
use super::mailing::{self, Mailing};
use super::merge_field::{self, FIELDS};
use super::policy::{Want, require};
use crate::features::publications::picture;
use crate::features::publications::publication::{self, NEWS};

/// News and pictures offered, the latest first.
const MOST_NEWS: i64 = 60;
const MOST_PICTURES: i64 = 120;
const MOST_BODY: usize = 60_000;

#[derive(Template)]
#[template(path = "mailings/block_form.html")]
struct BlockPage {
    frame: Frame,
    form: Fields,
    mailing: Mailing,
    block: Block,
    fields: &'static [(&'static str, &'static str)],
    pictures: Vec<Choice>,
    news: Vec<Choice>,
}

async fn block_page(cx: &Cx, tx: &mut Tx, mailing: Mailing, block: Block, form: Fields) -> Result<BlockPage> {
    let latest = (Timestamp(i64::MAX), "~");
    let mut pictures = Vec::new();
    if block.uses("picture") {
        let mut found = picture::page(tx, cx.network.id, "", latest, MOST_PICTURES).await?;
        found.retain(|picture| picture.may_be_shown(cx.today()));
        pictures = found.iter().map(|p| Choice::new(p.id.to_string(), p.label())).collect();
    }
    let mut news = Vec::new();
    if block.uses("news") {
        let found = publication::latest(tx, cx.network.id, NEWS, latest, MOST_NEWS).await?;
        news = found.into_iter().map(|p| Choice::new(p.id.to_string(), p.title)).collect();
    }
    let frame = cx.frame(format!("{} – {}", block.label(), mailing.title()));
    Ok(BlockPage { frame, form, mailing, block, fields: &FIELDS, pictures, news })
}

fn form_of(block: &Block) -> Fields {
    let id = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    Fields::of([
        ("titre", block.title.clone()),
        ("corps", block.body.clone()),
        ("legende", block.body.clone()),
        ("lien", block.url.clone()),
        ("image", id(block.picture)),
        ("actualite", id(block.news)),
    ])
}

/// A draft and one of its blocks.
async fn found(cx: &Cx, tx: &mut Tx, (id, block): (Id, Id)) -> Result<(Mailing, Block)> {
    let mailing = mailing::find(tx, cx.network.id, id).await?;
    let block = mailing.blocks().into_iter().find(|known| known.id == block).ok_or(Error::NotFound)?;
    if !mailing.is_draft() {
        return Err(Error::refused("Cette lettre est partie ou programmée\u{a0}: elle ne se modifie plus."));
    }
    Ok((mailing, block))
}

/// Adds a block at the end; one that has something to say is opened.
pub async fn add(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mailing = mailing::draft(&mut tx, cx.network.id, id).await?;
    let kind = form.get("genre");
    if !KINDS.iter().any(|(code, _)| *code == kind) {
        return Err(Error::refused("Choisissez un bloc dans la liste."));
    }
    let new = Block::new(Id::new(cx.now), kind);
    let mut blocks = mailing.blocks();
    blocks.push(new.clone());
    mailing::keep_blocks(&mut tx, &cx.actor(), &mailing, &blocks).await?;
    tx.commit().await?;
    match new.may_be_edited() {
        true => Ok(go(&format!("{}/blocs/{}", mailing.url(), new.id))),
        false => Ok(go(&mailing.url())),
    }
}

pub async fn edit(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let (mailing, block) = found(&cx, &mut tx, ids).await?;
    let form = form_of(&block);
    Ok(page(&block_page(&cx, &mut tx, mailing, block, form).await?))
}

/// An address as it is followed: of another site, or of this one.
fn address(typed: &str) -> Result<String, String> {
    let whole = ["https://", "http://", "mailto:"].iter().any(|start| typed.starts_with(start));
    let own = typed.starts_with('/') && !typed.starts_with("//");
    let plain = !typed.chars().any(|c| c.is_whitespace() || c.is_control() || c == '"' || c == '<');
    match (whole || own) && plain {
        true => Ok(typed.to_owned()),
        false => Err("Indiquez une adresse complète, par exemple https://www.exemple.fr.".to_owned()),
    }
}

fn read(form: &mut Fields, page: &BlockPage) -> Block {
    let mut block = page.block.clone();
    if block.uses("title") {
        block.title = form.required("titre", 150, "Écrivez un titre.");
    }
    if block.uses("body") {
        let typed = form.get("corps").to_owned();
        if typed.len() > MOST_BODY {
            form.reject("corps", "Ce texte est trop long.");
        }
        block.body = merge_field::tidy(&typed);
        if block.body.is_empty() && block.kind == "text" {
            form.reject("corps", "Écrivez un texte.");
        }
    }
    if block.uses("caption") {
        block.body = form.text("legende", 300).unwrap_or_default();
    }
    if block.uses("url") {
        block.url = form.parse("lien", address).unwrap_or_default();
        if block.url.is_empty() && block.kind == "button" {
            form.reject("lien", "Indiquez où mène ce bouton.");
        }
    }
    if block.uses("picture") {
        block.picture = form.choice("image", &page.pictures).and_then(|id| id.parse().ok());
        if block.picture.is_none() {
            form.reject("image", "Choisissez une image.");
        }
    }
    if block.uses("news") {
        block.news = form.choice("actualite", &page.news).and_then(|id| id.parse().ok());
        if block.news.is_none() {
            form.reject("actualite", "Choisissez une actualité.");
        }
    }
    for (name, text) in [("titre", &block.title), ("corps", &block.body)] {
        if let Some(unknown) = merge_field::unknown(text) {
            form.reject(name, format!("Le champ « {{{{{unknown}}}}} » n’existe pas."));
        }
    }
    block
}

pub async fn save(cx: Cx, Path(ids): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mailing, block) = found(&cx, &mut tx, ids).await?;
    let mut drawn = block_page(&cx, &mut tx, mailing.clone(), block, Fields::default()).await?;
    let after = read(&mut form, &drawn);
    if form.check().is_err() {
        drawn.form = form;
        return Ok(refused(&drawn));
    }
    let mut blocks = mailing.blocks();
    blocks.iter_mut().filter(|known| known.id == after.id).for_each(|known| known.clone_from(&after));
    mailing::keep_blocks(&mut tx, &cx.actor(), &mailing, &blocks).await?;
    tx.commit().await?;
    Ok(go_saying(&mailing.url(), "Le bloc est enregistré."))
}

pub async fn shift(cx: Cx, Path(ids): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mailing, moved) = found(&cx, &mut tx, ids).await?;
    let mut blocks = mailing.blocks();
    block::shift(&mut blocks, moved.id, form.get("sens") == "descendre");
    mailing::keep_blocks(&mut tx, &cx.actor(), &mailing, &blocks).await?;
    tx.commit().await?;
    Ok(go(&format!("{}#bloc-{}", mailing.url(), moved.id)))
}

pub async fn remove(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mailing, gone) = found(&cx, &mut tx, ids).await?;
    let mut blocks = mailing.blocks();
    blocks.retain(|known| known.id != gone.id);
    mailing::keep_blocks(&mut tx, &cx.actor(), &mailing, &blocks).await?;
    tx.commit().await?;
    Ok(go_saying(&mailing.url(), "Le bloc est supprimé."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_page_or_a_mailbox_and_to_nothing_else() {
        for fine in ["https://a.example/b?c=1", "http://a.example", "mailto:a@b.example", "/agenda"] {
            assert_eq!(address(fine).as_deref(), Ok(fine));
        }
        for wrong in
            ["javascript:alert(1)", "//a.example", "a.example", "https://a.example/ b", "data:text/html,x"]
        {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
