//! What leaves when a decision suspends, reinstates or excludes: to those who answer for the structure, and to the person.

use std::collections::BTreeMap;

use askama::Template;
use kit::mail::{self, Message};
use kit::{App, Error, Id, Network, Result, Tx, args, sql};

use super::committee::Committee;
use super::decision::Decision;
use super::measure::{Kind, Wanted};
use crate::features::directory::contact::Contact;
use crate::features::directory::suspension::Taken;

/// Under which messages about a decision are found again.
const ABOUT: &str = "decision";

#[derive(Template)]
#[template(path = "governance/measure.mail.html")]
struct MeasureHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "governance/measure.mail.txt")]
struct MeasureText<'a> {
    letter: &'a Letter<'a>,
}

/// What a message says, and to whom.
struct Letter<'a> {
    kind: Kind,
    name: &'a str,
    /// Whether it is written to the person concerned.
    is_own: bool,
    person: String,
    rank: i64,
    structure: &'a str,
    number: String,
    taken_on: String,
    committee: &'a str,
    day: String,
    until: String,
    reason: &'a str,
    /// Whether access ends too.
    is_gone: bool,
    network: String,
}

impl Letter<'_> {
    /// « votre poste de Promeneur du Net (MJC de Crest) », « le poste n° 1 (MJC de Crest), tenu par Noé Lefèvre, ».
    fn post(&self) -> String {
        match self.is_own {
            true => format!("votre poste de Promeneur du Net ({})", self.structure),
            false => {
                format!("le poste n°\u{a0}{} ({}), occupé par {},", self.rank, self.structure, self.person)
            }
        }
    }
}

fn kind_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Suspend => ("post_suspension", "Suspension d’un poste de Promeneur du Net"),
        Kind::Lift => ("post_lifting", "Fin de la suspension d’un poste de Promeneur du Net"),
        Kind::Exclude => ("post_exclusion", "Fin d’un poste de Promeneur du Net"),
    }
}

/// Writes to those concerned; answers how many they are.
pub async fn send(
    tx: &mut Tx,
    (app, network): (&App, &Network),
    (decision, committee): (&Decision, &Committee),
    taken: &Taken,
    wanted: &Wanted,
) -> Result<usize> {
    let account = mail::own_account(tx, network.id).await?;
    let (kind, subject) = kind_of(wanted.kind);
    let own = taken.person.email.as_deref().map(str::to_lowercase);
    let mut messages = Vec::new();
    for (email, name) in recipients(tx, network, taken).await? {
        let letter = Letter {
            kind: wanted.kind,
            name: &name,
            is_own: own.as_ref() == Some(&email),
            person: taken.person.name(),
            rank: taken.mandate.rank,
            structure: &taken.structure.name,
            number: decision.number(),
            taken_on: decision.taken_on.long(),
            committee: &committee.name,
            day: wanted.day.long(),
            until: wanted
                .until
                .filter(|_| wanted.kind == Kind::Suspend)
                .map(kit::Date::long)
                .unwrap_or_default(),
            reason: if wanted.tells_reason { &wanted.reason } else { "" },
            is_gone: taken.is_gone,
            network: network.label(),
        };
        messages.push(Message {
            to: email.clone(),
            to_name: name.clone(),
            subject: format!("{subject} ({})", taken.structure.name),
            text: MeasureText { letter: &letter }.render().map_err(Error::bug)?,
            html: MeasureHtml { letter: &letter }.render().map_err(Error::bug)?,
            kind,
            account: account.clone(),
            about: Some((ABOUT, decision.id)),
            ..Message::default()
        });
    }
    let count = messages.len();
    mail::send_all(tx, network, app.now(), messages).await?;
    Ok(count)
}

/// Who is written to, each once: who answers for the structure and its referents, its own address when they have none, and
/// the person. Other contacts of the structure have no business knowing.
async fn recipients(tx: &mut Tx, network: &Network, taken: &Taken) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let mut add = |email: Option<String>, name: String| {
        if let Some(email) = email.filter(|email| !email.is_empty()) {
            all.entry(email.to_lowercase()).or_insert(name);
        }
    };
    let structure = &taken.structure;
    add(structure.manager_email.clone(), structure.manager_name.clone().unwrap_or_default());
    for (email, name) in managers(tx, network.id, structure.id).await? {
        add(Some(email), name);
    }
    let contacts: Vec<Contact> = tx.all_in(network.id, "structure_id", &[structure.id]).await?;
    let in_place =
        |one: &Contact| one.deleted_at.is_none() && one.ended_on.is_none_or(|end| end > taken.today);
    for one in contacts.into_iter().filter(|one| one.is_referent && in_place(one)) {
        let name = one.name();
        add(one.email, name);
    }
    if all.is_empty()
        && let Some(email) = structure.email.clone()
    {
        all.insert(email.to_lowercase(), structure.name.clone());
    }
    if let Some(email) = &taken.person.email {
        all.insert(email.to_lowercase(), taken.person.name());
    }
    Ok(all)
}

/// Those who sign in for the structure.
async fn managers(tx: &mut Tx, network: Id, structure: Id) -> Result<Vec<(String, String)>> {
    let sql = sql!(
        "select a.email, a.name from account_role r join account a on a.network_id = r.network_id and a.id = r.account_id ",
        "where r.network_id = $1 and r.role = 'manager' and r.structure_id = $2 and a.disabled_at is null ",
        "order by a.id limit 50"
    );
    tx.all(sql, args![network, structure]).await
}
