//! On its day, whoever carries a decision out is reminded of it, once and in working hours. The coordination hears of it as of any
//! day that comes; others, whom notifications do not reach, get a message. A decision whose tasks are open waits for nothing
//! here: they have reminders of their own.

use askama::Template;
use kit::jobs::{Job, Outcome};
use kit::mail::{self, Message};
use kit::trail::{self, Act};
use kit::{Actor, App, Error, Id, Network, Result, Role, Tx, args, network, reminders, sql};
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use crate::features::accounts::account::{self, Account, holds};

/// Decisions reminded of in one transaction.
const AT_ONCE: i64 = 50;

/// Reminds the owners of decisions that are due.
#[derive(Serialize, Deserialize)]
pub struct RemindOwners {}

impl Job for RemindOwners {
    const KIND: &'static str = "governance.remind_owners";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let network = network::by_id(&mut tx, network).await?;
            if !reminders::is_time(app.now(), network.zone()) {
                return Ok(Outcome::Done);
            }
            let reminded = remind(&mut tx, &app, &network).await?;
            tx.commit().await?;
            if reminded == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

async fn remind(tx: &mut Tx, app: &App, network: &Network) -> Result<usize> {
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ",
        "ended_at, created_at, version from decision where network_id = $1 and ended_at is null and due_key <= $2 ",
        "and (due_noted is null or due_noted <> due_key) and not exists (select 1 from task t ",
        "where t.network_id = decision.network_id and t.about_kind = 'decision' and t.about_id = decision.id ",
        "and t.done_at is null) order by due_key, id limit $3"
    );
    let today = network.today(app.now());
    let due: Vec<Decision> = tx.all(sql, args![network.id, today, AT_ONCE]).await?;
    let actor = Actor::program(network.id, "Échéances", app.now());
    for one in &due {
        let said = serde_json::json!({ "assignee_id": one.owner_id, "due_on": one.due_on });
        trail::record(tx, &actor, Act::new("decision.due", one.subject()).after(&said)).await?;
        if let Some(owner) = one.owner_id {
            write(tx, (app, network), one, owner).await?;
        }
        // Its version stays: someone may be writing in its form, and nothing that they see changes.
        let sql = sql!("update decision set due_noted = due_on where network_id = $1 and id = $2");
        tx.run(sql, args![network.id, one.id]).await?;
    }
    Ok(due.len())
}

/// A message to an owner who is not of the coordination.
async fn write(tx: &mut Tx, (app, network): (&App, &Network), one: &Decision, owner: Id) -> Result<()> {
    let account: Account = tx.get(network.id, owner).await?;
    let roles = account::roles_of(tx, network.id, owner).await?;
    if account.is_disabled() || holds(&roles, Role::Coordinator) {
        return Ok(());
    }
    let letter = Letter {
        name: &account.name,
        number: one.number(),
        text: &one.text,
        due: one.due_on.map(kit::Date::long).unwrap_or_default(),
        link: format!("{}{}", app.link_base(network), one.url()),
        network: network.label(),
    };
    let message = Message {
        to: account.email.clone(),
        to_name: account.name.clone(),
        subject: format!("Rappel, décision {} à mener à son terme", one.number()),
        text: DueText { letter: &letter }.render().map_err(Error::bug)?,
        html: DueHtml { letter: &letter }.render().map_err(Error::bug)?,
        kind: "decision_due",
        account: mail::own_account(tx, network.id).await?,
        about: Some(("decision", one.id)),
        ..Message::default()
    };
    mail::send(tx, network, app.now(), message).await.map(drop)
}

/// What the message says.
struct Letter<'a> {
    name: &'a str,
    number: String,
    text: &'a str,
    due: String,
    link: String,
    network: String,
}

#[derive(Template)]
#[template(path = "governance/decision_due.mail.html")]
struct DueHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "governance/decision_due.mail.txt")]
struct DueText<'a> {
    letter: &'a Letter<'a>,
}
