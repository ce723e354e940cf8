//! A professional's profile on a social network, with the charter's six-point checklist.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Result, Tx, text};

use super::person::{self, Person};

kit::table! {
    /// One profile of one person. A shared profile is incompatible with the charter (national guide p. 30).
    pub struct SocialProfile in "social_profile": versioned {
        pub person_id: Id,
        /// Code of the list of social networks.
        pub social_network: String,
        pub handle: String,
        pub handle_key: String,
        pub url: Option<String>,
        pub is_public: bool,
        /// `active`, `blocked` or `closed`.
        pub status: String,
        /// Codes of the checklist's points found right, joined by commas.
        pub checked: String,
        pub checked_by: Option<String>,
        pub checked_on: Option<Date>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }
}

/// Minimum content of a profile (national charter, art. 3; guide p. 11).
pub const CHECKLIST: [(&str, &str); 6] = [
    ("name", "Prénom et structure dans le nom affiché"),
    ("photo", "Photo de la personne (à défaut, de la structure)"),
    ("logo", "Logo ou bannière Promeneurs du Net"),
    ("about", "Courte explication de la démarche"),
    ("contact", "Façon d’entrer en contact"),
    ("directory", "Lien vers l’annuaire départemental"),
];

pub const STATUSES: [(&str, &str); 3] = [("active", "Actif"), ("blocked", "Bloqué"), ("closed", "Fermé")];

pub fn status_choices() -> Vec<Choice> {
    STATUSES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

pub fn checklist_choices() -> Vec<Choice> {
    CHECKLIST.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl SocialProfile {
    pub fn new(network: Id, now: Timestamp, person: Id, social_network: &str, handle: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            person_id: person,
            social_network: social_network.to_owned(),
            handle: handle.to_owned(),
            handle_key: text::fold(handle),
            url: None,
            is_public: true,
            status: "active".to_owned(),
            checked: String::new(),
            checked_by: None,
            checked_on: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    pub fn points(&self) -> usize {
        CHECKLIST.iter().filter(|(code, _)| self.checked.split(',').any(|c| c == *code)).count()
    }

    /// Every point of the checklist was found right, on an account that is open.
    pub fn is_compliant(&self) -> bool {
        self.status == "active" && self.points() == CHECKLIST.len()
    }
}

/// Adds or saves a profile in the history of its person.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&SocialProfile>,
    mut after: SocialProfile,
    holder: &Person,
) -> Result<()> {
    after.handle_key = text::fold(&after.handle);
    after.updated_at = actor.now;
    let subject =
        Subject::new("social_profile", after.id, format!("{} {}", after.social_network, after.handle));
    let act = match before {
        Some(before) => {
            tx.save(&mut after).await?;
            Act::new("social_profile.changed", subject).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("social_profile.added", subject).after(&after)
        }
    };
    trail::record(tx, actor, act.concerning(holder.subject())).await?;
    person::refresh(tx, actor, &[holder.id]).await
}

/// Removes a profile that was entered by mistake; one that existed is closed instead.
pub async fn remove(tx: &mut Tx, actor: &Actor, profile: &SocialProfile, holder: &Person) -> Result<()> {
    tx.delete::<SocialProfile>(actor.network_id, profile.id).await?;
    let subject =
        Subject::new("social_profile", profile.id, format!("{} {}", profile.social_network, profile.handle));
    let act = Act::new("social_profile.removed", subject).before(profile).concerning(holder.subject());
    trail::record(tx, actor, act).await?;
    person::refresh(tx, actor, &[holder.id]).await
}
