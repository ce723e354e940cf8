//! A change that the owner of a sheet asks for: `requested → accepted | amended | refused | withdrawn`. What is
//! accepted applies at once, and waits to be reported to the national site.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx};
use serde_json::Value;

use super::editable::{self, Editable, Values};
use crate::features::directory::person::{self, Person};
use crate::features::directory::structure::{self, Structure};

kit::table! {
    /// A request and what became of it. Values are JSON objects by column.
    pub struct ChangeRequest in "change_request": versioned {
        /// `person` or `structure`.
        pub subject_kind: String,
        pub subject_id: Id,
        pub subject_label: String,
        pub account_id: Option<Id>,
        pub author: String,
        pub author_email: Option<String>,
        pub before: String,
        pub after: String,
        /// What was stored of it; empty until then.
        pub accepted: String,
        pub state: String,
        /// What the coordinator answered.
        pub word: Option<String>,
        pub requested_at: Timestamp,
        pub decided_at: Option<Timestamp>,
        pub decided_by: Option<String>,
        /// Columns accepted that the national site shows, joined by commas; empty when none.
        pub to_report: String,
        pub reported_at: Option<Timestamp>,
        pub reported_by: Option<String>,
    }
}

/// States, with their French labels and tones.
pub const STATES: [(&str, &str, &str); 5] = [
    ("requested", "À examiner", "warn"),
    ("accepted", "Acceptée", "ok"),
    ("amended", "Acceptée en partie", "ok"),
    ("refused", "Refusée", "bad"),
    ("withdrawn", "Retirée", "quiet"),
];

/// Whose sheet may be proposed for change.
#[derive(Clone, Debug)]
pub enum Sheet {
    Person(Box<Person>),
    Structure(Box<Structure>),
}

impl Sheet {
    /// The sheet of a kind and id, when it is not in the trash.
    pub async fn find(tx: &mut Tx, network: Id, kind: &str, id: Id) -> Result<Self> {
        match kind {
            "person" => Ok(Self::Person(Box::new(person::find(tx, network, id).await?))),
            "structure" => Ok(Self::Structure(Box::new(structure::find(tx, network, id).await?))),
            _ => Err(Error::NotFound),
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Structure(_) => "structure",
        }
    }

    pub fn id(&self) -> Id {
        match self {
            Self::Person(person) => person.id,
            Self::Structure(structure) => structure.id,
        }
    }

    pub fn label(&self) -> String {
        match self {
            Self::Person(person) => person.name(),
            Self::Structure(structure) => structure.name.clone(),
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Person(person) => person.url(),
            Self::Structure(structure) => structure.url(),
        }
    }

    pub fn subject(&self) -> Subject {
        match self {
            Self::Person(person) => person.subject(),
            Self::Structure(structure) => structure.subject(),
        }
    }

    pub fn fields(&self) -> &'static [Editable] {
        editable::fields_of(self.kind())
    }

    /// The editable values as stored.
    pub fn values(&self) -> Result<Values> {
        match self {
            Self::Person(person) => editable::values(person.as_ref(), self.fields()),
            Self::Structure(structure) => editable::values(structure.as_ref(), self.fields()),
        }
    }

    /// Saves some values; lists, search and public pages follow.
    pub async fn apply(&self, tx: &mut Tx, actor: &Actor, changes: &Values) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        match self {
            Self::Person(before) => {
                let after = editable::with(before.as_ref(), changes)?;
                person::change(tx, actor, before, after, "person.proposal_applied", None).await.map(|_| ())
            }
            Self::Structure(before) => {
                let after = editable::with(before.as_ref(), changes)?;
                structure::change(tx, actor, before, after, "structure.proposal_applied", None)
                    .await
                    .map(|_| ())
            }
        }
    }
}

/// Who asks for a change: an account, or whoever holds the personal link of a campaign.
#[derive(Clone, Debug)]
pub struct Author {
    pub account_id: Option<Id>,
    pub name: String,
    pub email: Option<String>,
}

/// What happened to a proposal.
#[derive(Debug, PartialEq, Eq)]
pub enum Made {
    /// Nothing differs from what is stored.
    Nothing,
    /// Everything needed no acceptance and is stored.
    Applied,
    /// Something waits for the coordinator.
    Requested,
}

fn values_of(text: &str) -> Values {
    serde_json::from_str(text).unwrap_or_default()
}

impl ChangeRequest {
    /// A request that asks for nothing yet; its version is 0 until it is stored.
    fn about(sheet: &Sheet, author: &Author, actor: &Actor) -> Self {
        Self {
            network_id: actor.network_id,
            id: Id::new(actor.now),
            subject_kind: sheet.kind().to_owned(),
            subject_id: sheet.id(),
            subject_label: sheet.label(),
            account_id: author.account_id,
            author: author.name.clone(),
            author_email: author.email.clone(),
            before: "{}".to_owned(),
            after: "{}".to_owned(),
            accepted: "{}".to_owned(),
            state: "requested".to_owned(),
            word: None,
            requested_at: actor.now,
            decided_at: None,
            decided_by: None,
            to_report: String::new(),
            reported_at: None,
            reported_by: None,
            version: 0,
        }
    }

    pub fn url(&self) -> String {
        format!("/espace/reseau/demandes/{}", self.id)
    }

    pub fn is_pending(&self) -> bool {
        self.state == "requested"
    }

    pub fn state_label(&self) -> &str {
        STATES
            .iter()
            .find(|(code, ..)| *code == self.state)
            .map_or(self.state.as_str(), |(_, label, _)| label)
    }

    pub fn tone(&self) -> &str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    pub fn before(&self) -> Values {
        values_of(&self.before)
    }

    pub fn after(&self) -> Values {
        values_of(&self.after)
    }

    pub fn accepted(&self) -> Values {
        values_of(&self.accepted)
    }

    /// The fields that the request is about.
    pub fn fields(&self) -> Vec<Editable> {
        let after = self.after();
        let all = editable::fields_of(&self.subject_kind).iter();
        all.filter(|field| after.contains_key(field.column)).copied().collect()
    }

    fn subject(&self) -> Subject {
        let kind = if self.subject_kind == "structure" { "structure" } else { "person" };
        Subject::new(kind, self.subject_id, &self.subject_label)
    }
}

/// The request of someone about a sheet that waits, if any: a new proposal takes its place.
pub async fn waiting(
    tx: &mut Tx,
    network: Id,
    sheet: &Sheet,
    author: &Author,
) -> Result<Option<ChangeRequest>> {
    let all: Vec<ChangeRequest> = tx.all_in(network, "subject_id", &[sheet.id()]).await?;
    let own = |request: &ChangeRequest| match author.account_id {
        Some(_) => request.account_id == author.account_id,
        None => request.account_id.is_none() && request.author == author.name,
    };
    Ok(all.into_iter().find(|request| request.is_pending() && own(request)))
}

/// Proposes values: those that the network lets through are stored at once, the others wait.
pub async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    sheet: &Sheet,
    author: &Author,
    proposed: &Values,
) -> Result<Made> {
    let stored = sheet.values()?;
    let waiting = waiting(tx, network.id, sheet, author).await?;
    let changes = editable::changes(&stored, proposed);
    let free = network.settings().free_fields;
    let is_free = |column: &str| {
        let field = sheet.fields().iter().find(|field| field.column == column);
        field.is_some_and(|field| free.contains(&editable::code(sheet.kind(), field)))
    };
    let (now, later): (Values, Values) = changes.into_iter().partition(|(column, _)| is_free(column));
    sheet.apply(tx, actor, &now).await?;
    if later.is_empty() {
        if let Some(mut request) = waiting {
            close(tx, actor, &mut request, "withdrawn", "change_request.withdrawn").await?;
        }
        return Ok(if now.is_empty() { Made::Nothing } else { Made::Applied });
    }
    let before: Values = stored.into_iter().filter(|(column, _)| later.contains_key(column)).collect();
    let mut request = waiting.unwrap_or_else(|| ChangeRequest::about(sheet, author, actor));
    request.before = Value::Object(before.clone()).to_string();
    request.after = Value::Object(later.clone()).to_string();
    request.requested_at = actor.now;
    match request.version {
        0 => tx.insert(&[ChangeRequest { version: 1, ..request }]).await?,
        _ => tx.save(&mut request).await?,
    }
    let act = Act::new("change_request.made", sheet.subject()).before(&before).after(&later);
    trail::record(tx, actor, act).await?;
    Ok(Made::Requested)
}

/// What the coordinator decides: the values to store, of those asked for, and a word for the author.
pub struct Decision {
    pub accepted: Values,
    pub word: Option<String>,
}

/// Carries a decision out. Refused when the request was decided meanwhile.
pub async fn decide(
    tx: &mut Tx,
    actor: &Actor,
    mut request: ChangeRequest,
    decision: Decision,
) -> Result<ChangeRequest> {
    if !request.is_pending() {
        return Err(Error::Stale);
    }
    let sheet = Sheet::find(tx, actor.network_id, &request.subject_kind, request.subject_id).await?;
    let asked = request.after();
    let stored = sheet.values()?;
    let changes = editable::changes(&stored, &decision.accepted);
    sheet.apply(tx, actor, &changes).await?;
    request.state = match () {
        () if decision.accepted.is_empty() => "refused",
        () if decision.accepted == asked => "accepted",
        () => "amended",
    }
    .to_owned();
    let national = sheet.fields().iter().filter(|f| f.national && changes.contains_key(f.column));
    request.to_report = national.map(|f| f.column).collect::<Vec<_>>().join(",");
    request.accepted = Value::Object(decision.accepted).to_string();
    request.word = decision.word;
    request.decided_at = Some(actor.now);
    request.decided_by = Some(actor.name.clone());
    tx.save(&mut request).await?;
    if request.state == "refused" {
        let said = serde_json::json!({ "word": request.word });
        trail::record(tx, actor, Act::new("change_request.refused", request.subject()).after(&said)).await?;
    }
    Ok(request)
}

/// Takes a request back, by who made it.
pub async fn withdraw(tx: &mut Tx, actor: &Actor, mut request: ChangeRequest) -> Result<()> {
    if !request.is_pending() {
        return Err(Error::Stale);
    }
    close(tx, actor, &mut request, "withdrawn", "change_request.withdrawn").await
}

async fn close(
    tx: &mut Tx,
    actor: &Actor,
    request: &mut ChangeRequest,
    state: &str,
    action: &'static str,
) -> Result<()> {
    state.clone_into(&mut request.state);
    request.decided_at = Some(actor.now);
    tx.save(request).await?;
    trail::record(tx, actor, Act::new(action, request.subject())).await.map(|_| ())
}

/// Ticks off what was reported to the national site.
pub async fn report(tx: &mut Tx, actor: &Actor, mut request: ChangeRequest) -> Result<()> {
    if request.to_report.is_empty() || request.reported_at.is_some() {
        return Ok(());
    }
    request.reported_at = Some(actor.now);
    request.reported_by = Some(actor.name.clone());
    tx.save(&mut request).await?;
    trail::record(tx, actor, Act::new("change_request.reported", request.subject())).await.map(|_| ())
}
