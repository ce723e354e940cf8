//! `/espace/gouvernance/decisions/{id}`: a decision, what it led to, what becomes of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx, Visitor};

use super::agenda_item::AgendaItem;
use super::carrying_out;
use super::committee::Committee;
use super::consequence::{self, Consequence, Followed, GONE};
use super::decision::{self, Decision, MODES, MOST_FOLLOW_UP, MOST_TEXT, STATES};
use super::measure::{self, Kind};
use super::meeting::{self, Meeting};
use super::meeting_sheet::readable_meeting;
use super::policy::{Want, may, require};
use super::seat::MOST_NAME;
use super::sitting;
use crate::features;
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
    /// Whether it may suspend and exclude.
    may_measure: bool,
    /// Its owner may read it without sitting in its committee.
    reads_meeting: bool,
    due: String,
    followed: Vec<Row>,
    kinds: [Kind; 3],
}

impl DecisionPage {
    fn open_tasks(&self) -> usize {
        self.tasks.iter().filter(|task| task.is_open()).count()
    }
}

/// Something that it led to, as this visitor may see it.
struct Row {
    kind: &'static str,
    label: String,
    url: Option<String>,
    state: String,
    tone: &'static str,
    span: String,
    reason: String,
}

fn row(visitor: &Visitor, today: Date, one: &Followed) -> Row {
    let (state, tone) = one.state(today, features::state_of);
    let Consequence { label, url, reason, .. } = &one.consequence;
    let opens = consequence::opens(visitor, &one.consequence) && state != GONE;
    Row {
        kind: one.consequence.kind_label(),
        label: label.clone(),
        url: opens.then(|| url.clone()),
        state,
        tone,
        span: one.consequence.span(),
        // Why is between the coordination and the person.
        reason: reason.clone().filter(|_| may(visitor, Want::Keep)).unwrap_or_default(),
    }
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

/// The decision with its meeting and committee, when the visitor may read it: whoever reads the meeting, and its owner, who
/// may not read the rest.
async fn readable(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(Decision, Meeting, Committee, bool)> {
    let visitor = cx.visitor()?;
    let decision: Decision = tx.get(cx.network.id, id).await?;
    match readable_meeting(cx, tx, decision.meeting_id).await {
        Ok((meeting, committee)) => Ok((decision, meeting, committee, true)),
        Err(Error::NotFound) if decision.owner_id == Some(visitor.account_id) => {
            let (meeting, committee) =
                meeting::with_committee(tx, cx.network.id, decision.meeting_id).await?;
            Ok((decision, meeting, committee, false))
        }
        Err(error) => Err(error),
    }
}

async fn decision_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<DecisionPage> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let (decision, meeting, committee, reads_meeting) = readable(cx, tx, id).await?;
    let may_keep = may(visitor, Want::Keep);
    let is_open = sitting::is_open_to_notes(&meeting, cx.now);
    let followed = consequence::of_decision(tx, cx.network.id, id).await?;
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
        // Asked for only where votes can still be counted.
        voices: if is_open && may_keep { decision::voices(tx, &meeting).await? } else { 0 },
        is_open,
        may_measure: may(visitor, Want::Measure) && measure::lacks(&decision, &committee).is_none(),
        reads_meeting,
        followed: followed.iter().map(|one| row(visitor, cx.today(), one)).collect(),
        kinds: Kind::ALL,
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
    let left = page.open_tasks();
    let is_over = page.decision.is_open() && matches!(form.get("etat"), "done" | "abandoned");
    tx.commit().await?;
    let said = match left {
        0 => "Décision enregistrée.".to_owned(),
        _ if !is_over => "Décision enregistrée.".to_owned(),
        1 => "Décision enregistrée. Une tâche reste ouverte\u{a0}: vous pouvez la terminer d’ici.".to_owned(),
        n => format!(
            "Décision enregistrée. {n} tâches restent ouvertes\u{a0}: vous pouvez les terminer d’ici."
        ),
    };
    Ok(go_saying(&before.url(), &said))
}

/// Ends the tasks that it left open when it ended.
pub async fn end_tasks(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let decision: Decision = tx.get(cx.network.id, id).await?;
    let count = carrying_out::end_tasks(&mut tx, &cx.actor(), &decision).await?;
    tx.commit().await?;
    let said = match count {
        0 => "Aucune tâche n’était ouverte.".to_owned(),
        1 => "Une tâche est terminée.".to_owned(),
        n => format!("{n} tâches sont terminées."),
    };
    Ok(go_saying(&decision.url(), &said))
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
