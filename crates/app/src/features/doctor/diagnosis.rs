//! A diagnosis: an examination that was asked for, and what it found.

use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::mail::{self, MailAccount, Message};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::examination::{STAGES, examine};
use super::finding::Finding;

kit::table! {
    /// An examination and its findings.
    pub struct Diagnosis in "diagnosis": versioned {
        /// `waiting` or `done`.
        pub state: String,
        pub asked_by: String,
        pub asked_at: Timestamp,
        pub done_at: Option<Timestamp>,
        pub findings: String,
    }
}

/// Minutes after which an examination that has not ended is asked for anew.
const LOST_AFTER: i64 = 20;

impl Diagnosis {
    pub fn findings(&self) -> Vec<Finding> {
        serde_json::from_str(&self.findings).unwrap_or_default()
    }

    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }
}

/// The last examinations, the last first.
pub async fn latest(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Diagnosis>> {
    let sql = sql!(
        "select network_id, id, state, asked_by, asked_at, done_at, findings, version from diagnosis ",
        "where network_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![network, most]).await
}

/// Asks for an examination, unless one is under way; remembers the selector that was named.
pub async fn ask(tx: &mut Tx, actor: &Actor, network: &Network, selector: Option<String>) -> Result<()> {
    let mut settings = network.settings();
    if settings.dkim_selector != selector {
        let before = json!({ "dkim_selector": settings.dkim_selector });
        settings.dkim_selector = selector;
        network::save_settings(tx, network, &network.accent, &settings).await?;
        let subject = Subject::new("network", network.id, network.label());
        let act = Act::new("network.settings_changed", subject).before(&before);
        trail::record(tx, actor, act.after(&json!({ "dkim_selector": settings.dkim_selector }))).await?;
    }
    let last = latest(tx, network.id, 1).await?.pop();
    let begun = last.filter(|last| last.is_waiting() && last.asked_at > actor.now.plus_minutes(-LOST_AFTER));
    if begun.is_some() {
        return Ok(());
    }
    let diagnosis = Diagnosis {
        network_id: network.id,
        id: Id::new(actor.now),
        state: "waiting".to_owned(),
        asked_by: actor.name.clone(),
        asked_at: actor.now,
        done_at: None,
        findings: "[]".to_owned(),
        version: 1,
    };
    tx.insert(std::slice::from_ref(&diagnosis)).await?;
    let subject = Subject::new("diagnosis", diagnosis.id, "Diagnostic");
    trail::record(tx, actor, Act::new("diagnosis.asked", subject)).await?;
    jobs::add(tx, network.id, actor.now, &Examine { id: diagnosis.id }).await.map(|_| ())
}

/// Sends a test message to who asks, the way that all others leave.
pub async fn send_test(tx: &mut Tx, actor: &Actor, network: &Network, to: (&str, &str)) -> Result<Id> {
    let mut accounts: Vec<MailAccount> = tx.all_of(network.id).await?;
    accounts.sort_by_key(|account| account.id);
    let text = format!(
        "Bonjour,\n\nCe message d’essai part de l’espace des Promeneurs du Net – {}. S’il est arrivé, \
            l’envoi fonctionne.\n\
         S’il est arrivé parmi les indésirables, lancez le diagnostic dans les réglages.\n",
        network.name
    );
    let html =
        format!("<p>{}</p>", kit::markup::escape(&text).replace("\n\n", "</p><p>").replace('\n', "<br>"));
    let message = Message {
        to: to.0.to_owned(),
        to_name: to.1.to_owned(),
        subject: format!("Message d’essai – Promeneurs du Net, {}", network.name),
        text,
        html,
        kind: "doctor_test",
        account: accounts.into_iter().next(),
        ..Message::default()
    };
    let id = mail::send(tx, network, actor.now, message).await?;
    let subject = Subject::new("network", network.id, network.label());
    trail::record(tx, actor, Act::new("diagnosis.test_sent", subject)).await?;
    Ok(id)
}

/// Examines, then keeps what was found.
#[derive(Serialize, Deserialize)]
pub struct Examine {
    pub id: Id,
}

impl Job for Examine {
    const KIND: &'static str = "doctor.examine";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.read().await?;
        let network = network::by_id(&mut tx, network).await?;
        let diagnosis: Diagnosis = match tx.get(network.id, self.id).await {
            Ok(diagnosis) => diagnosis,
            Err(Error::NotFound) => return Ok(Outcome::Done),
            Err(error) => return Err(error),
        };
        drop(tx);
        if !diagnosis.is_waiting() {
            return Ok(Outcome::Done);
        }
        let found =
            examine(&app, &network, |label, done| app.progress.report(self.id, label, done, STAGES)).await;
        app.progress.end(self.id);
        keep(&app, diagnosis, found?).await?;
        Ok(Outcome::Done)
    }
}

async fn keep(app: &App, mut diagnosis: Diagnosis, found: Vec<Finding>) -> Result<()> {
    let mut tx = app.db.write().await?;
    "done".clone_into(&mut diagnosis.state);
    diagnosis.done_at = Some(app.now());
    diagnosis.findings = serde_json::to_string(&found).map_err(Error::bug)?;
    tx.save(&mut diagnosis).await?;
    // Older ones say nothing that the last does not.
    let sql = sql!("delete from diagnosis where network_id = $1 and id < $2 and state = 'done'");
    tx.run(sql, args![diagnosis.network_id, diagnosis.id]).await?;
    tx.commit().await
}
