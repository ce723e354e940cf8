//! A list as people: who is in, once, and why; who is left out, and why.

use std::collections::{BTreeMap, HashMap, HashSet};

use kit::db::{Date, Id};
use kit::web::form;
use kit::{Network, Result, Tx, text};

use super::address::Blocked;
use super::definition::Definition;
use super::distribution_list::DistributionList;
use super::known::{self, Known};
use super::topic::Topic;
use crate::features::directory::map::TerritorialGroup;

/// Someone who is written to.
#[derive(Clone, Debug)]
pub struct Member {
    pub address: String,
    pub known: Known,
    /// Why they are in, once for each way.
    pub why: Vec<String>,
}

/// Someone who is not, with why.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Their address, or what stands for one who has none.
    pub key: String,
    pub name: String,
    pub address: String,
    pub what: String,
    pub reason: String,
}

/// Whom lists hold.
#[derive(Clone, Debug, Default)]
pub struct Expansion {
    pub members: Vec<Member>,
    pub left_out: Vec<LeftOut>,
}

/// What lists are made from: read once, whatever their number.
pub struct Source {
    pub everyone: Vec<Known>,
    pub blocked: Blocked,
    today: Date,
}

impl Source {
    /// Reads the directory, and what addresses refused of a topic.
    pub async fn load(tx: &mut Tx, network: &Network, today: Date, topic: Option<Id>) -> Result<Self> {
        let everyone = known::load(tx, network, today).await?;
        let blocked = Blocked::load(tx, network.id, topic).await?;
        Ok(Self { everyone, blocked, today })
    }

    /// Of some people only, for forms.
    pub fn of(everyone: Vec<Known>, today: Date) -> Self {
        Self { everyone, blocked: Blocked::default(), today }
    }

    /// Lets rules ask for territorial groups, when one of these does.
    pub async fn with_groups(mut self, tx: &mut Tx, network: Id, asked: &[&Definition]) -> Result<Self> {
        let wanted: Vec<Id> = asked
            .iter()
            .flat_map(|definition| definition.values("group"))
            .filter_map(|id| id.parse().ok())
            .collect();
        let groups: Vec<TerritorialGroup> = tx.all_in(network, "id", &wanted).await?;
        for group in groups.iter().filter(|group| group.deleted_at.is_none()) {
            known::group(&mut self.everyone, group.id, &group.communes);
        }
        Ok(self)
    }

    /// Everyone in these lists, each once.
    pub fn expand(&self, lists: &[&DistributionList], topic: Option<&Topic>) -> Expansion {
        let definitions: Vec<(String, Definition)> =
            lists.iter().map(|list| (list.name.clone(), list.definition())).collect();
        self.expand_all(&definitions, topic)
    }

    /// The same of definitions that may not be stored yet, each with the name of its list.
    pub fn expand_all(&self, definitions: &[(String, Definition)], topic: Option<&Topic>) -> Expansion {
        let mut gathered = Gathered::default();
        for (_, definition) in definitions {
            let excluded: HashSet<&str> = definition.excluded.iter().map(String::as_str).collect();
            for known in self.everyone.iter().filter(|known| self.is_in(definition, known)) {
                gathered.take(known.clone(), &excluded);
            }
            for other in &definition.others {
                let known = Known {
                    last_name: other.name.clone(),
                    address: Some(other.address.clone()),
                    what: "Ajout à la main".to_owned(),
                    ..Known::default()
                };
                gathered.take(known, &excluded);
            }
        }
        gathered.settle(&self.blocked, topic)
    }

    fn is_in(&self, definition: &Definition, known: &Known) -> bool {
        known.person_id.is_some_and(|id| definition.people.contains(&id))
            || known.contact_id.is_some_and(|id| definition.contacts.contains(&id))
            || definition.holds(|kind, value| known.has(kind, value, self.today))
    }

    /// Someone by an address or a name, as typed: « Noé Lefèvre », « LEFEVRE Noé », « noe@mjc.example ».
    pub fn find(&self, typed: &str) -> Option<&Known> {
        let folded = text::fold(typed);
        let address = typed.trim().to_lowercase();
        let names = |known: &&Known| {
            let (first, last) = (&known.first_name, &known.last_name);
            [format!("{first} {last}"), format!("{last} {first}")]
                .iter()
                .any(|name| text::fold(name.trim()) == folded)
        };
        let by_address =
            |known: &&Known| known.address.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(&address));
        let candidates = || self.everyone.iter().filter(|k| k.person_id.is_some() || k.contact_id.is_some());
        candidates().find(by_address).or_else(|| candidates().find(names))
    }
}

#[derive(Default)]
struct Gathered {
    /// By address; the first way in decides the name.
    members: BTreeMap<(String, String), Member>,
    places: HashMap<String, String>,
    left_out: BTreeMap<String, LeftOut>,
}

impl Gathered {
    fn take(&mut self, known: Known, excluded: &HashSet<&str>) {
        let address = known.address.as_deref().and_then(|address| form::email(address).ok());
        let Some(address) = address else {
            let reason = match &known.address {
                Some(wrong) => format!("Adresse illisible\u{a0}: {wrong}"),
                None => "Aucune adresse".to_owned(),
            };
            let key = known.id.map(|id| id.to_string()).unwrap_or_else(|| known.name());
            self.left_out.entry(key.clone()).or_insert_with(|| out(&known, key, String::new(), reason));
            return;
        };
        if excluded.contains(address.as_str()) {
            let reason = "Exclusion de la liste".to_owned();
            let key = address.clone();
            self.left_out.entry(key.clone()).or_insert_with(|| out(&known, key, address, reason));
            return;
        }
        let sorted = text::fold(&format!("{} {}", known.last_name, known.first_name));
        let sorted = self.places.entry(address.clone()).or_insert(sorted).clone();
        let what = known.what.clone();
        let member = self.members.entry((sorted, address.clone())).or_insert_with(|| Member {
            address,
            known,
            why: Vec::new(),
        });
        if !member.why.contains(&what) {
            member.why.push(what);
        }
    }

    /// Whoever one list excludes and another holds is written to; whoever refused is not.
    fn settle(self, blocked: &Blocked, topic: Option<&Topic>) -> Expansion {
        let mut expansion = Expansion::default();
        let mut left_out = self.left_out;
        for member in self.members.into_values() {
            left_out.remove(&member.address);
            match blocked.reason(&member.address, topic) {
                Some(reason) => {
                    let key = member.address.clone();
                    expansion.left_out.push(out(&member.known, key, member.address.clone(), reason));
                }
                None => expansion.members.push(member),
            }
        }
        expansion.left_out.extend(left_out.into_values());
        expansion.left_out.sort_by_key(|out| text::fold(&out.name));
        expansion
    }
}

fn out(known: &Known, key: String, address: String, reason: String) -> LeftOut {
    LeftOut { key, name: known.name(), address, what: known.what.clone(), reason }
}
