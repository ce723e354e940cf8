//! `/espace/gouvernance/decisions/{id}`: a decision, what it led to, what becomes of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::agenda_item::AgendaItem;
use super::decision::{self, Decision, MODES, MOST_FOLLOW_UP, MOST_TEXT, STATES};
use super::meeting::Meeting;
use super::meeting_sheet::readable_meeting;
use super::policy::{Want, may, require};
use super::seat::MOST_NAME;
use super::sitting;
use crate::features::accounts::account;
use crate::features::support::task::{self, Task};

#[derive(Template)]
#[template(path = "governance/decision_form.html")]
struct DecisionPage {
    frame: Frame,
    form: Fields,
    decision: Decision,
    meeting: Meeting,
    item: Option<AgendaItem>,
    tasks: Vec<Task>,
    owners: Vec<Choice>,
    states: Vec<Choice>,
    modes: Vec<Choice>,
    voices: i64,
    /// Whether what was decided may still be worded otherwise.
    is_open: bool,
    may_keep: bool,
    due: String,
}

pub(super) fn modes() -> Vec<Choice> {
    MODES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

pub(super) fn values(decision: &Decision) -> Fields {
    let count = |value: Option<i64>| value.map(|count| count.to_string()).unwrap_or_default();
    let name = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    Fields::of([
        ("texte", decision.text.clone()),
        ("mode", decision.mode.clone()),
        ("pour", count(decision.votes_for)),
        ("contre", count(decision.votes_against)),
        ("abstentions", count(decision.votes_abstained)),
        ("responsable", name(decision.owner_id)),
        ("autre", decision.owner.clone().filter(|_| decision.owner_id.is_none()).unwrap_or_default()),
        ("echeance", decision.due_on.map(|day: Date| day.to_string()).unwrap_or_default()),
        ("etat", decision.state.clone()),
        ("suite", decision.follow_up.clone().unwrap_or_default()),
        ("version", decision.version.to_string()),
    ])
}

/// Reads what was decided, and by whom and when it is to be done.
pub(super) fn read(form: &mut Fields, owners: &[Choice], mut decision: Decision) -> Decision {
    decision.text = form.required("texte", MOST_TEXT, "Écrivez ce qui est décidé.");
    decision.mode = form.choice("mode", &modes()).unwrap_or_else(|| "consensus".to_owned());
    let votes = ["pour", "contre", "abstentions"].map(|name| form.number(name, 0..=10_000));
    if decision.mode == "vote" {
        for (name, count) in ["pour", "contre", "abstentions"].into_iter().zip(votes) {
            if count.is_none() && form.error(name).is_none() {
                form.reject(name, "Comptez ces voix, 0 s’il n’y en a pas.");
            }
        }
        [decision.votes_for, decision.votes_against, decision.votes_abstained] = votes;
    }
    read_owner(form, owners, decision)
}

fn read_owner(form: &mut Fields, owners: &[Choice], mut decision: Decision) -> Decision {
    let chosen = form.choice("responsable", owners);
    decision.owner_id = chosen.as_deref().and_then(|id| id.parse().ok());
    let known = owners.iter().find(|one| Some(&one.value) == chosen.as_ref()).map(|one| one.label.clone());
    let typed = form.text("autre", MOST_NAME);
    decision.owner = known.or(typed);
    decision.due_on = form.date("echeance");
    decision
}

/// The decision with its meeting, when the visitor may read them.
async fn decision_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<DecisionPage> {
    require(cx.visitor()?, Want::List)?;
    let decision: Decision = tx.get(cx.network.id, id).await?;
    let (meeting, _) = readable_meeting(cx, tx, decision.meeting_id).await?;
    let may_keep = may(cx.visitor()?, Want::Keep);
    let item = match decision.item_id {
        Some(item) => tx.all_in::<AgendaItem>(cx.network.id, "id", &[item]).await?.pop(),
        None => None,
    };
    Ok(DecisionPage {
        frame: cx.frame(format!("Décision {}", decision.number())),
        form: values(&decision),
        item,
        tasks: if may_keep { task::of_object(tx, cx.network.id, "decision", id).await? } else { Vec::new() },
        owners: if may_keep { account::choices(tx, cx.network.id).await? } else { Vec::new() },
        states: STATES.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect(),
        modes: modes(),
        voices: decision::voices(tx, &meeting).await?,
        is_open: sitting::is_open_to_notes(&meeting, cx.now),
        due: decision.due_on.map(Date::long).unwrap_or_default(),
        may_keep,
        decision,
        meeting,
    })
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&decision_page(&cx, &mut tx, id).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = decision_page(&cx, &mut tx, id).await?;
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let before = page.decision.clone();
    let mut after = match page.is_open {
        true => read(&mut form, &page.owners, before.clone()),
        false => read_owner(&mut form, &page.owners, before.clone()),
    };
    after.state = form.choice("etat", &page.states).unwrap_or_else(|| before.state.clone());
    after.follow_up = form.watched("suite", MOST_FOLLOW_UP, before.follow_up.as_deref());
    if form.check().is_ok()
        && let Err(error) = decision::save(&mut tx, &cx.actor(), &page.meeting, &before, after).await
    {
        match error {
            Error::Refused(why) => form.reject("pour", why),
            error => return Err(error),
        }
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    tx.commit().await?;
    Ok(go_saying(&before.url(), "Décision enregistrée."))
}

/// Adds a task that carries the decision out.
pub async fn add_task(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let title = form.text("titre", 200);
    form.check()?;
    let mut tx = cx.write().await?;
    let decision: Decision = tx.get(cx.network.id, id).await?;
    let task = decision::give_task(&mut tx, &cx.actor(), &decision, title).await?;
    tx.commit().await?;
    Ok(go_saying(&decision.url(), &format!("Tâche ajoutée\u{a0}: {}.", task.title)))
}
