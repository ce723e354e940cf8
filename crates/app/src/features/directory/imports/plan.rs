//! What an import would do, row against base and row against row. Nothing is written here: the same plan is
//! shown for review, and made again in the transaction that applies it.

use std::collections::{BTreeMap, HashMap, HashSet};

use kit::db::Id;
use kit::{Actor, Network, Result, Tx, text};
use serde::{Deserialize, Serialize};

use super::cells::{Cleaned, Issue, Origin, Reader};
use super::table::{Kind, Table};
use super::{cells, people, structures};
use crate::features::directory::mandate::Mandate;
use crate::features::directory::office_hours::OfficeHours;
use crate::features::directory::person::Person;
use crate::features::directory::social_profile::SocialProfile;
use crate::features::directory::structure::Structure;
use crate::features::directory::vocabulary::Vocabulary;

/// What the coordinator decided about an import.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// `sheet|heading` → field; an empty field means « ignore this column ».
    pub columns: BTreeMap<String, String>,
    /// `sheet:row` of a duplicate → whether it is the same person.
    pub same: BTreeMap<String, bool>,
    /// Known sheets keep what they hold; only their empty fields are filled.
    pub fill_only: bool,
    /// Import the rest when rows were rejected.
    pub skip_rejected: bool,
}

/// How many of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub duplicates: usize,
}

/// Two rows, or a row and a known sheet, that may be one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// `sheet:row`, by which the coordinator decides.
    pub key: String,
    pub label: String,
    pub row: String,
    pub other: String,
    pub reason: String,
    /// What will be done: merged into one sheet, or kept as two.
    pub merged: bool,
}

/// The figures and lists of a plan: what is shown, stored and printed as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub dry_run: bool,
    /// Rows of people read; of structures when the file holds no people.
    pub rows: usize,
    pub people: Tally,
    pub structures: Tally,
    pub mandates: Tally,
    /// Posts whose holder has left or will, by the dates of the file.
    pub departures: usize,
    pub rejected: Vec<Issue>,
    pub warnings: Vec<Issue>,
    #[serde(default)]
    pub cleaned: Vec<Cleaned>,
    #[serde(default)]
    pub duplicates: Vec<Duplicate>,
}

/// Something known or new, as it was and as it will be.
pub struct Draft<T> {
    /// `None` when it is new.
    pub before: Option<T>,
    pub after: T,
    /// Where in the file it was first spoken of; `None` when the file does not speak of it.
    pub origin: Option<Origin>,
}

impl<T: PartialEq> Draft<T> {
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }

    pub fn is_changed(&self) -> bool {
        self.before.as_ref().is_some_and(|before| *before != self.after)
    }
}

/// Everything known of the network and everything the file says, while a plan is made.
pub struct Plan {
    pub network: Id,
    pub departement: String,
    pub actor: Actor,
    pub fill_only: bool,
    pub same: BTreeMap<String, bool>,
    pub structures: Vec<Draft<Structure>>,
    pub by_structure_key: HashMap<String, usize>,
    pub by_siret: HashMap<String, usize>,
    pub people: Vec<Draft<Person>>,
    pub by_email: HashMap<String, usize>,
    pub by_name: HashMap<String, Vec<usize>>,
    pub mandates: Vec<Draft<Mandate>>,
    pub mandates_of: HashMap<Id, Vec<usize>>,
    pub mandates_in: HashMap<Id, Vec<usize>>,
    pub known_profiles: HashSet<(Id, String, String)>,
    pub new_profiles: Vec<SocialProfile>,
    pub with_hours: HashSet<Id>,
    pub new_hours: Vec<OfficeHours>,
    pub person_slugs: HashSet<String>,
    pub structure_slugs: HashSet<String>,
    pub report: Report,
}

/// Makes the plan of an import.
pub async fn make(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    vocabulary: &Vocabulary,
    tables: &[Table],
    choices: &Choices,
) -> Result<Plan> {
    let mut plan = known(tx, actor, network, choices).await?;
    let mut reader = Reader::new(vocabulary, &network.code);
    let mut structure_rows = Vec::new();
    for row in cells::rows(tables, Kind::Structures) {
        structure_rows.extend(reader.structure(&row));
    }
    let mut person_rows = Vec::new();
    for row in cells::rows(tables, Kind::People) {
        person_rows.extend(reader.person(&row));
    }
    let read = |kind| cells::rows(tables, kind).count();
    plan.report.rows = match read(Kind::People) {
        0 => read(Kind::Structures),
        people => people,
    };
    for row in structure_rows {
        structures::plan(&mut plan, row);
    }
    for row in person_rows {
        people::plan(&mut plan, row, &mut reader);
    }
    people::number_posts(&mut plan);
    plan.report.rejected = reader.rejected;
    plan.report.warnings = reader.warnings;
    plan.report.cleaned = reader.cleaned;
    tally(&mut plan);
    Ok(plan)
}

/// Reads what the network already knows.
async fn known(tx: &mut Tx, actor: &Actor, network: &Network, choices: &Choices) -> Result<Plan> {
    let id = network.id;
    let mut plan = Plan {
        network: id,
        departement: network.code.clone(),
        actor: actor.clone(),
        fill_only: choices.fill_only,
        same: choices.same.clone(),
        structures: Vec::new(),
        by_structure_key: HashMap::new(),
        by_siret: HashMap::new(),
        people: Vec::new(),
        by_email: HashMap::new(),
        by_name: HashMap::new(),
        mandates: Vec::new(),
        mandates_of: HashMap::new(),
        mandates_in: HashMap::new(),
        known_profiles: HashSet::new(),
        new_profiles: Vec::new(),
        with_hours: HashSet::new(),
        new_hours: Vec::new(),
        person_slugs: HashSet::new(),
        structure_slugs: HashSet::new(),
        report: Report::default(),
    };
    for structure in tx.all_of::<Structure>(id).await? {
        plan.structure_slugs.insert(structure.slug.clone());
        if structure.deleted_at.is_none() {
            plan.put_structure(Draft { before: Some(structure.clone()), after: structure, origin: None });
        }
    }
    for person in tx.all_of::<Person>(id).await? {
        plan.person_slugs.insert(person.slug.clone());
        if person.deleted_at.is_none() {
            plan.put_person(Draft { before: Some(person.clone()), after: person, origin: None });
        }
    }
    for mandate in tx.all_of::<Mandate>(id).await? {
        if mandate.deleted_at.is_none() {
            plan.put_mandate(Draft { before: Some(mandate.clone()), after: mandate, origin: None });
        }
    }
    for profile in tx.all_of::<SocialProfile>(id).await? {
        plan.known_profiles.insert((profile.person_id, profile.social_network, profile.handle_key));
    }
    for slot in tx.all_of::<OfficeHours>(id).await? {
        plan.with_hours.insert(slot.person_id);
    }
    Ok(plan)
}

impl Plan {
    pub fn put_structure(&mut self, draft: Draft<Structure>) -> usize {
        let at = self.structures.len();
        self.by_structure_key.entry(draft.after.name_key.clone()).or_insert(at);
        if let Some(siret) = &draft.after.siret {
            self.by_siret.entry(siret.clone()).or_insert(at);
        }
        self.structures.push(draft);
        at
    }

    pub fn put_person(&mut self, draft: Draft<Person>) -> usize {
        let at = self.people.len();
        if let Some(email) = &draft.after.email {
            self.by_email.entry(email.clone()).or_insert(at);
        }
        self.by_name.entry(draft.after.name_key.clone()).or_default().push(at);
        self.people.push(draft);
        at
    }

    pub fn put_mandate(&mut self, draft: Draft<Mandate>) -> usize {
        let at = self.mandates.len();
        if let Some(person) = draft.after.person_id {
            self.mandates_of.entry(person).or_default().push(at);
        }
        self.mandates_in.entry(draft.after.structure_id).or_default().push(at);
        self.mandates.push(draft);
        at
    }

    /// Takes what the file says, unless only empty fields are to be filled and this one is not.
    pub fn take<T>(&self, field: &mut Option<T>, said: Option<T>) {
        if said.is_some() && !(self.fill_only && field.is_some()) {
            *field = said;
        }
    }
}

/// A slug that nothing has, remembered as taken.
pub fn free_slug(taken: &mut HashSet<String>, name: &str) -> String {
    let wanted = text::slug(name);
    let mut slug = wanted.clone();
    let mut next = 2;
    while taken.contains(&slug) {
        slug = format!("{wanted}-{next}");
        next += 1;
    }
    taken.insert(slug.clone());
    slug
}

fn count<T: PartialEq>(drafts: &[Draft<T>]) -> Tally {
    let spoken = || drafts.iter().filter(|draft| draft.origin.is_some());
    let created = spoken().filter(|draft| draft.is_new()).count();
    let updated = spoken().filter(|draft| draft.is_changed()).count();
    Tally { created, updated, unchanged: spoken().count() - created - updated, duplicates: 0 }
}

fn tally(plan: &mut Plan) {
    plan.report.people = count(&plan.people);
    plan.report.structures = count(&plan.structures);
    plan.report.mandates = count(&plan.mandates);
    plan.report.people.duplicates = plan.report.duplicates.len();
    // A departure already known is no news.
    let departs = |draft: &&Draft<Mandate>| {
        let known = draft.before.as_ref().and_then(|before| before.ended_on);
        draft.origin.is_some() && draft.after.ended_on.is_some() && draft.after.ended_on != known
    };
    plan.report.departures = plan.mandates.iter().filter(departs).count();
}
