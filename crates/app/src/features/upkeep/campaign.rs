//! A freshness campaign: everyone in post is asked whether their sheet is still right, by a personal link that
//! needs no account; who does not answer is reminded, politely and less and less often, until any answer.

use askama::Template;
use kit::db::{Date, Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::mail::{self, Message};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};

use super::change_request::Sheet;
use crate::features::directory::person;

kit::table! {
    /// A campaign.
    pub struct Campaign in "freshness_campaign": versioned {
        /// What the coordinator adds to the message.
        pub word: Option<String>,
        pub asked: i64,
        /// Where the links of its messages begin.
        pub base: String,
        pub started_at: Timestamp,
        pub started_by: String,
        /// The last day on which links can be used.
        pub until: Date,
        pub closed_at: Option<Timestamp>,
    }
}

kit::table! {
    /// One person asked in a campaign.
    pub struct Check in "freshness_check": versioned {
        pub campaign_id: Id,
        pub person_id: Id,
        pub name: String,
        pub name_key: String,
        pub email: String,
        /// Messages sent.
        pub sent: i64,
        /// When the next message leaves; `None` when there is none to come.
        pub next_at: Option<Timestamp>,
        pub answered_at: Option<Timestamp>,
        /// `unchanged` or `changed`.
        pub answer: Option<String>,
    }
}

/// Days between messages: the first at once, then further and further apart; then silence.
const WAITS: [i64; 3] = [7, 14, 21];
/// Days during which a link can be used.
const LASTS: i64 = 60;
/// Messages sent in one turn of the job.
const AT_ONCE: i64 = 200;
/// What links of campaigns are signed for.
const PURPOSE: &str = "freshness";

impl Campaign {
    pub fn url(&self) -> String {
        format!("/espace/reseau/verifications/{}", self.id)
    }

    pub fn is_open(&self, today: Date) -> bool {
        self.closed_at.is_none() && today <= self.until
    }
}

impl Check {
    pub fn answer_label(&self) -> &'static str {
        match self.answer.as_deref() {
            Some("unchanged") => "Rien n’a changé",
            Some(_) => "A demandé une modification",
            None => "Pas encore de réponse",
        }
    }

    pub fn tone(&self) -> &'static str {
        if self.answered_at.is_some() { "ok" } else { "warn" }
    }
}

/// The token of a personal link: which check it is for, and our signature.
pub fn token(app: &App, network: Id, check: Id) -> String {
    app.secret.token(PURPOSE, network, check)
}

/// The check of a token, while its campaign lasts; [`Error::Gone`] for any other, without saying why.
pub async fn of_token(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    now: Timestamp,
    token: &str,
) -> Result<(Check, Campaign)> {
    let gone = || {
        Error::Gone("Ce lien n’est pas ou plus valable. Écrivez à la coordination de votre réseau : elle vous en enverra un autre.".to_owned())
    };
    let id = app.secret.of_token(PURPOSE, network.id, token).ok_or_else(gone)?;
    let check: Check = tx.get(network.id, id).await.map_err(|_| gone())?;
    let campaign: Campaign = tx.get(network.id, check.campaign_id).await.map_err(|_| gone())?;
    if campaign.is_open(network.today(now)) { Ok((check, campaign)) } else { Err(gone()) }
}

/// Whom a campaign started today would ask: published or not, those in post with an address, but for those
/// who verified their sheet within `recent` days.
async fn to_ask(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    recent: i64,
) -> Result<Vec<(Id, String, String, String, String)>> {
    let sql = sql!(
        "select distinct p.id, p.first_name, p.last_name, p.name_key, p.email from person p join mandate m ",
        "on m.network_id = p.network_id and m.person_id = p.id and m.deleted_at is null ",
        "and (m.ended_on is null or m.ended_on > $2) where p.network_id = $1 and p.deleted_at is null ",
        "and p.email is not null and (p.verified_on is null or p.verified_on < $3) order by p.name_key, p.id"
    );
    let today = network.today(now);
    tx.all(sql, args![network.id, today, network.day_of(now.plus_days(-recent))]).await
}

/// How many a campaign would ask.
pub async fn size(tx: &mut Tx, network: &Network, now: Timestamp, recent: i64) -> Result<usize> {
    Ok(to_ask(tx, network, now, recent).await?.len())
}

/// Starts a campaign; messages leave with the next turn of the job.
pub async fn start(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    base: &str,
    word: Option<String>,
    recent: i64,
) -> Result<Campaign> {
    let people = to_ask(tx, network, actor.now, recent).await?;
    if people.is_empty() {
        return Err(Error::refused(
            "Personne n’est à interroger : tout le monde a vérifié sa fiche récemment.",
        ));
    }
    let campaign = Campaign {
        network_id: network.id,
        id: Id::new(actor.now),
        word,
        asked: i64::try_from(people.len()).unwrap_or(i64::MAX),
        base: base.to_owned(),
        started_at: actor.now,
        started_by: actor.name.clone(),
        until: network.day_of(actor.now.plus_days(LASTS)),
        closed_at: None,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&campaign)).await?;
    let checks: Vec<Check> = people
        .into_iter()
        .map(|(person_id, first, last, name_key, email)| Check {
            network_id: network.id,
            id: Id::new(actor.now),
            campaign_id: campaign.id,
            person_id,
            name: format!("{first} {last}").trim().to_owned(),
            name_key,
            email,
            sent: 0,
            next_at: Some(actor.now),
            answered_at: None,
            answer: None,
            version: 1,
        })
        .collect();
    tx.insert(&checks).await?;
    let said = serde_json::json!({ "asked": campaign.asked });
    let subject = Subject::new("freshness_campaign", campaign.id, "Vérification des fiches");
    trail::record(tx, actor, Act::new("campaign.started", subject).after(&said)).await?;
    kit::jobs::add(tx, network.id, actor.now, &AskAgain {}).await?;
    Ok(campaign)
}

/// Ends a campaign: no message leaves any more, links are no longer good.
pub async fn close(tx: &mut Tx, actor: &Actor, mut campaign: Campaign) -> Result<()> {
    if campaign.closed_at.is_some() {
        return Ok(());
    }
    campaign.closed_at = Some(actor.now);
    tx.save(&mut campaign).await?;
    let quiet = sql!("update freshness_check set next_at = null where network_id = $1 and campaign_id = $2");
    tx.run(quiet, args![actor.network_id, campaign.id]).await?;
    let subject = Subject::new("freshness_campaign", campaign.id, "Vérification des fiches");
    trail::record(tx, actor, Act::new("campaign.closed", subject)).await.map(|_| ())
}

/// Notes an answer: the sheet is verified today, and nobody is reminded any more.
pub async fn answer(
    tx: &mut Tx,
    actor: &Actor,
    today: Date,
    mut check: Check,
    answer: &'static str,
) -> Result<()> {
    check.answered_at = Some(actor.now);
    check.answer = Some(answer.to_owned());
    check.next_at = None;
    tx.save(&mut check).await?;
    let before = person::find(tx, actor.network_id, check.person_id).await?;
    let mut after = before.clone();
    after.verified_on = Some(today);
    if after != before {
        person::change(tx, actor, &before, after, "person.verified", None).await?;
    }
    Ok(())
}

/// Sends what is due: first questions and reminders.
#[derive(Serialize, Deserialize)]
pub struct AskAgain {}

impl Job for AskAgain {
    const KIND: &'static str = "upkeep.ask_again";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let network = network::by_id(&mut tx, network).await?;
            let sent = ask_due(&mut tx, &app, &network).await?;
            tx.commit().await?;
            if sent == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

async fn ask_due(tx: &mut Tx, app: &App, network: &Network) -> Result<usize> {
    let now = app.now();
    let sql = sql!(
        "select network_id, id, campaign_id, person_id, name, name_key, email, sent, next_at, answered_at, answer, ",
        "version from freshness_check where network_id = $1 and next_at is not null and next_at <= $2 ",
        "order by next_at, id limit $3"
    );
    let due: Vec<Check> = tx.all(sql, args![network.id, now, AT_ONCE]).await?;
    let count = due.len();
    for mut check in due {
        let campaign: Campaign = tx.get(network.id, check.campaign_id).await?;
        let sheet = match Sheet::find(tx, network.id, "person", check.person_id).await {
            Ok(sheet) if campaign.is_open(network.today(now)) => Some(sheet),
            Ok(_) | Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        check.next_at = None;
        if sheet.is_some() {
            let wait = usize::try_from(check.sent).ok().and_then(|sent| WAITS.get(sent));
            check.next_at = wait.map(|days| now.plus_days(*days));
            check.sent += 1;
            let message = question(app, network, &campaign, &check)?;
            mail::send(tx, network, now, message).await?;
        }
        tx.save(&mut check).await?;
    }
    Ok(count)
}

/// The message that asks, the first time or again.
struct Question<'a> {
    check: &'a Check,
    campaign: &'a Campaign,
    network: &'a str,
    link: String,
    until: String,
    contact: Option<String>,
}

#[derive(Template)]
#[template(path = "upkeep/question.mail.html")]
struct QuestionHtml<'a> {
    question: &'a Question<'a>,
}

#[derive(Template)]
#[template(path = "upkeep/question.mail.txt")]
struct QuestionText<'a> {
    question: &'a Question<'a>,
}

fn question(app: &App, network: &Network, campaign: &Campaign, check: &Check) -> Result<Message> {
    let question = Question {
        check,
        campaign,
        network: &network.name,
        link: format!("{}/fiche/{}", campaign.base, token(app, network.id, check.id)),
        until: campaign.until.long(),
        contact: network.settings().coordination_email,
    };
    let again = if check.sent > 1 { "Rappel – " } else { "" };
    Ok(Message {
        to: check.email.clone(),
        to_name: check.name.clone(),
        subject: format!("{again}Votre fiche de Promeneur du Net est-elle à jour ?"),
        text: QuestionText { question: &question }.render().map_err(Error::bug)?,
        html: QuestionHtml { question: &question }.render().map_err(Error::bug)?,
        kind: "freshness",
        ..Message::default()
    })
}
