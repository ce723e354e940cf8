//! `/espace/messagerie/regles`: what is done by itself with messages that arrive.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx};

use super::policy::{Want, require};
use super::rule::{self, Acts, Conditions, Rule};
use super::shared_mailbox;
use super::thread::STATES;
use super::{saved_reply, threads};
use crate::features::directory::structure::Structure;

const URL: &str = "/espace/messagerie/regles";

#[derive(Template)]
#[template(path = "mailbox/rules.html")]
struct RulesPage {
    frame: Frame,
    rules: Vec<(Rule, String)>,
}

#[derive(Template)]
#[template(path = "mailbox/rule.html")]
struct RulePage {
    frame: Frame,
    form: Fields,
    action: String,
    stored: Option<Id>,
    offered: Offered,
}

/// What a rule may do, as choices.
struct Offered {
    states: Vec<Choice>,
    colleagues: Vec<Choice>,
    structures: Vec<Choice>,
    folders: Vec<Choice>,
    replies: Vec<Choice>,
}

async fn offered(tx: &mut Tx, network: Id) -> Result<Offered> {
    let colleagues = threads::colleagues(tx, network).await?;
    let structures = tx.all_of::<Structure>(network).await?.into_iter().filter(|s| s.deleted_at.is_none());
    let mut structures: Vec<Choice> = structures.map(|s| Choice::new(s.id.to_string(), s.name)).collect();
    structures.sort_by_key(|choice| kit::text::fold(&choice.label));
    let folders = match shared_mailbox::of(tx, network).await? {
        Some(mailbox) => shared_mailbox::folders(tx, network, mailbox.id).await?,
        None => Vec::new(),
    };
    let replies = saved_reply::all(tx, network).await?;
    Ok(Offered {
        states: STATES.iter().map(|(code, label)| Choice::new(*code, *label)).collect(),
        colleagues: colleagues.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        structures,
        folders: folders
            .into_iter()
            .filter(|folder| !["inbox", "sent", "drafts"].contains(&folder.role.as_str()))
            .map(|folder| Choice::new(folder.id.to_string(), folder.label))
            .collect(),
        replies: replies.into_iter().map(|reply| Choice::new(reply.id.to_string(), reply.name)).collect(),
    })
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let rules = rule::all(&mut cx.read().await?, cx.network.id).await?;
    let rules = rules.into_iter().map(|rule| (rule.clone(), sentence(&rule.conditions()))).collect();
    Ok(page(&RulesPage { frame: cx.frame("Règles"), rules }))
}

/// « De « caf », objet « convention » »
fn sentence(conditions: &Conditions) -> String {
    let parts = [
        ("de", &conditions.from),
        ("à", &conditions.to),
        ("objet", &conditions.subject),
        ("liste", &conditions.list),
    ];
    let said = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(word, value)| format!("{word} « {value} »"));
    said.collect::<Vec<_>>().join(", ")
}

fn fields(rule: &Rule) -> Fields {
    let (conditions, acts) = (rule.conditions(), rule.acts());
    let id = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    Fields::of([
        ("nom", rule.name.clone()),
        ("rang", rule.position.to_string()),
        ("de", conditions.from),
        ("pour", conditions.to),
        ("objet", conditions.subject),
        ("liste", conditions.list),
        ("etat", acts.state.unwrap_or_default()),
        ("attribution", id(acts.assignee)),
        ("etiquette", acts.tag),
        ("structure", id(acts.structure)),
        ("dossier", id(acts.folder)),
        ("reponse", id(acts.answer)),
        ("pause", if rule.paused_at.is_some() { "1" } else { "" }.to_owned()),
        ("version", rule.version.to_string()),
    ])
}

async fn form_page(cx: &Cx, form: Fields, stored: Option<Id>) -> Result<RulePage> {
    let action = stored.map_or_else(|| format!("{URL}/nouvelle"), |id| format!("{URL}/{id}/modifier"));
    let title = if stored.is_some() { "Modifier la règle" } else { "Nouvelle règle" };
    let offered = offered(&mut cx.app.db.read().await?, cx.network.id).await?;
    Ok(RulePage { frame: cx.frame(title), form, action, stored, offered })
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    Ok(page(&form_page(&cx, Fields::of([("rang", "10".to_owned())]), None).await?))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let rule: Rule = cx.read().await?.get(cx.network.id, id).await?;
    Ok(page(&form_page(&cx, fields(&rule), Some(id)).await?))
}

/// What is typed, put into a rule; each error beside its field.
fn read(cx: &Cx, form: &mut Fields, offered: &Offered, rule: &mut Rule) {
    rule.name = form.required("nom", 120, "Donnez un nom à cette règle.");
    rule.position = form.number("rang", 1..=1_000).unwrap_or(10);
    let conditions = Conditions {
        from: form.text("de", 120).unwrap_or_default(),
        to: form.text("pour", 120).unwrap_or_default(),
        subject: form.text("objet", 120).unwrap_or_default(),
        list: form.text("liste", 120).unwrap_or_default(),
    };
    if conditions.is_empty() {
        form.reject("de", "Dites au moins une chose des messages visés : sans cela, la règle viserait tout.");
    }
    let id = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let acts = Acts {
        state: form.choice("etat", &offered.states),
        assignee: id(form.choice("attribution", &offered.colleagues)),
        tag: form.text("etiquette", 40).unwrap_or_default(),
        structure: id(form.choice("structure", &offered.structures)),
        folder: id(form.choice("dossier", &offered.folders)),
        answer: id(form.choice("reponse", &offered.replies)),
    };
    if acts == Acts::default() {
        form.reject("etat", "Dites au moins une chose à faire de ces messages.");
    }
    rule.conditions = serde_json::to_string(&conditions).unwrap_or_default();
    rule.acts = serde_json::to_string(&acts).unwrap_or_default();
    rule.paused_at = form.flag("pause").then_some(rule.paused_at.unwrap_or(cx.now));
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut rule = Rule {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        name: String::new(),
        position: 10,
        conditions: String::new(),
        acts: String::new(),
        paused_at: None,
        created_at: cx.now,
        version: 1,
    };
    let mut tx = cx.write().await?;
    read(&cx, &mut form, &offered(&mut tx, cx.network.id).await?, &mut rule);
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, form, None).await?));
    }
    rule::keep(&mut tx, &cx.actor(), &mut rule).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Règle ajoutée : elle vaut pour les messages à venir."))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut tx = cx.write().await?;
    let mut rule: Rule = tx.get(cx.network.id, id).await?;
    if !form.is_fresh(&fields(&rule)) {
        return Ok(conflict(&form_page(&cx, form, Some(id)).await?));
    }
    read(&cx, &mut form, &offered(&mut tx, cx.network.id).await?, &mut rule);
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, form, Some(id)).await?));
    }
    rule::keep(&mut tx, &cx.actor(), &mut rule).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Règle enregistrée."))
}

pub async fn remove(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut tx = cx.write().await?;
    rule::remove(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Règle supprimée."))
}
