//! `/espace/messagerie/lettres/{id}`: a draft. Its settings are one form; each block has its own, so that nothing
//! asks for a script.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::block::{Block, KINDS};
use super::distribution_list;
use super::lists::open;
use super::mailing::{self, Mailing};
use super::merge_field::{self, FIELDS};
use super::policy::{Want, require};
use super::sending;
use super::topic;
use crate::features::governance::consequence::{self, Origin};

#[derive(Template)]
#[template(path = "mailings/mailing_editor.html")]
struct EditorPage {
    frame: Frame,
    form: Fields,
    mailing: Mailing,
    blocks: Vec<Block>,
    kinds: &'static [(&'static str, &'static str)],
    fields: &'static [(&'static str, &'static str)],
    topics: Vec<Choice>,
    lists: Vec<Choice>,
    accounts: Vec<Choice>,
    /// The decisions that it follows.
    follows: Vec<Origin>,
    missing: String,
}

fn form_of(mailing: &Mailing) -> Fields {
    let id = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut form = Fields::of([
        ("objet", mailing.subject.clone()),
        ("accroche", mailing.preheader.clone()),
        ("sujet", id(mailing.topic_id)),
        ("reponse", mailing.reply_to.clone()),
        ("compte", id(mailing.account_id)),
        ("archive", if mailing.is_public { "1" } else { "" }.to_owned()),
        ("version", mailing.version.to_string()),
    ]);
    mailing.list_ids().iter().for_each(|id| form.add("listes", id.to_string()));
    form
}

async fn editor(cx: &Cx, tx: &mut Tx, mailing: Mailing, form: Fields) -> Result<EditorPage> {
    let topics = topic::all(tx, cx.network.id).await?;
    let lists = distribution_list::all(tx, cx.network.id).await?;
    let accounts = mailing::accounts(tx, cx.network.id).await?;
    let asking = (cx.visitor()?, cx.today());
    let follows = consequence::behind(tx, cx.network.id, asking, &[mailing.id]).await?;
    let offered =
        topics.into_iter().filter(|topic| topic.retired_at.is_none() || mailing.topic_id == Some(topic.id));
    Ok(EditorPage {
        frame: cx.frame(mailing.title()),
        form,
        blocks: mailing.blocks(),
        kinds: &KINDS,
        fields: &FIELDS,
        topics: offered.map(|topic| Choice::new(topic.id.to_string(), topic.label)).collect(),
        lists: lists.into_iter().map(|list| Choice::new(list.id.to_string(), list.name)).collect(),
        accounts: accounts.into_iter().map(|a| Choice::new(a.id.to_string(), a.address)).collect(),
        follows,
        missing: sending::missing(&mailing).join(", "),
        mailing,
    })
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = open(&cx).await?;
    let mailing = mailing::find(&mut tx, cx.network.id, id).await?;
    if !mailing.is_draft() {
        return Ok(go(&mailing.act_url("suivi")));
    }
    let form = form_of(&mailing);
    Ok(page(&editor(&cx, &mut tx, mailing, form).await?))
}

/// Reads the settings; lists, topic and account must be the network's.
fn read(form: &mut Fields, page: &EditorPage) -> Mailing {
    let mut mailing = page.mailing.clone();
    mailing.subject = form.text("objet", 150).unwrap_or_default();
    mailing.preheader = form.text("accroche", 150).unwrap_or_default();
    for (name, text) in [("objet", &mailing.subject), ("accroche", &mailing.preheader)] {
        if let Some(unknown) = merge_field::unknown(text) {
            form.reject(name, format!("Le champ « {{{{{unknown}}}}} » n’existe pas."));
        }
    }
    mailing.topic_id = form.choice("sujet", &page.topics).and_then(|id| id.parse().ok());
    mailing.account_id = form.choice("compte", &page.accounts).and_then(|id| id.parse().ok());
    mailing.reply_to = form.email("reponse").unwrap_or_default();
    mailing.is_public = form.flag("archive");
    let ticked: Vec<String> = form.many("listes").into_iter().map(str::to_owned).collect();
    if ticked.iter().any(|id| !page.lists.iter().any(|choice| choice.value == *id)) {
        form.reject("listes", "Choisissez dans la liste.");
    }
    mailing.lists = serde_json::to_string(&ticked).unwrap_or_default();
    mailing
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = mailing::draft(&mut tx, cx.network.id, id).await?;
    let mut drawn = editor(&cx, &mut tx, before.clone(), Fields::default()).await?;
    let after = read(&mut form, &drawn);
    let failed = form.check().is_err();
    if failed || !form.is_fresh(&form_of(&before)) {
        drawn.form = form;
        return Ok(if failed { refused(&drawn) } else { conflict(&drawn) });
    }
    let next = if form.get("action") == "envoyer" { before.act_url("envoyer") } else { before.url() };
    mailing::keep(&mut tx, &cx.actor(), Some(&before), after, "mailing.changed").await?;
    tx.commit().await?;
    Ok(go_saying(&next, "La lettre est enregistrée."))
}
