//! A person with all that a screen shows of them: posts with their structures, profiles, office hours.
//! Five queries, for one person or for a page of fifty.

use std::collections::HashMap;

use kit::db::{Date, Id};
use kit::{Error, Result, Tx};

use super::mandate::{Mandate, Standing};
use super::office_hours::{DayOff, OfficeHours};
use super::person::Person;
use super::social_profile::SocialProfile;
use super::structure::Structure;

/// A post and where it is.
#[derive(Clone, Debug)]
pub struct Holding {
    pub mandate: Mandate,
    pub structure: Structure,
}

#[derive(Clone, Debug)]
pub struct Sheet {
    pub person: Person,
    /// Latest first.
    pub holdings: Vec<Holding>,
    pub profiles: Vec<SocialProfile>,
    pub hours: Vec<OfficeHours>,
    /// Days without office hours.
    pub off: Vec<Date>,
}

impl Sheet {
    /// The post held today; when there are several, the latest.
    pub fn current(&self, today: Date) -> Option<&Holding> {
        self.holdings.iter().find(|holding| holding.mandate.is_current(today))
    }

    /// What best says where someone stands: the post of today, else the one to come, else the last one.
    pub fn main(&self, today: Date) -> Option<&Holding> {
        self.current(today)
            .or_else(|| self.holdings.iter().find(|holding| !holding.mandate.is_over(today)))
            .or_else(|| self.holdings.first())
    }

    pub fn standing(&self, conditions: &[String], today: Date) -> Option<Standing> {
        let holding = self.main(today)?;
        Some(holding.mandate.standing(&self.profiles, !self.hours.is_empty(), conditions, today))
    }

    pub fn public_profiles(&self) -> impl Iterator<Item = &SocialProfile> {
        self.profiles.iter().filter(|profile| profile.is_public && profile.status == "active")
    }

    /// What may be seen in public today: published, in post, neither suspended nor in the trash.
    pub fn is_public(&self, today: Date) -> bool {
        self.person.is_published()
            && self.person.deleted_at.is_none()
            && self.current(today).is_some_and(|holding| {
                let standing = holding.mandate.standing(&self.profiles, true, &[], today);
                !matches!(standing, Standing::Suspended(_)) && holding.structure.status != "suspended"
            })
    }
}

/// The sheets of these people, in the order asked for. People in the trash are included.
pub async fn load(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<Vec<Sheet>> {
    let people: Vec<Person> = tx.all_in(network, "id", ids).await?;
    let holdings: Vec<(Mandate, Structure)> =
        tx.all_joined(network, "structure_id", "person_id", ids).await?;
    let profiles: Vec<SocialProfile> = tx.all_in(network, "person_id", ids).await?;
    let hours: Vec<OfficeHours> = tx.all_in(network, "person_id", ids).await?;
    let off: Vec<DayOff> = tx.all_in(network, "person_id", ids).await?;
    let mut sheets: HashMap<Id, Sheet> = people
        .into_iter()
        .map(|person| {
            let (holdings, profiles, hours, off) = Default::default();
            (person.id, Sheet { person, holdings, profiles, hours, off })
        })
        .collect();
    for (mandate, structure) in holdings {
        let sheet = mandate.person_id.and_then(|id| sheets.get_mut(&id));
        if let Some(sheet) = sheet.filter(|_| mandate.deleted_at.is_none()) {
            sheet.holdings.push(Holding { mandate, structure });
        }
    }
    for profile in profiles {
        if let Some(sheet) = sheets.get_mut(&profile.person_id) {
            sheet.profiles.push(profile);
        }
    }
    for slot in hours {
        if let Some(sheet) = sheets.get_mut(&slot.person_id) {
            sheet.hours.push(slot);
        }
    }
    for day in off {
        if let Some(sheet) = sheets.get_mut(&day.person_id) {
            sheet.off.push(day.day);
        }
    }
    for sheet in sheets.values_mut() {
        sheet.holdings.sort_by_key(|h| std::cmp::Reverse((h.mandate.started_on, h.mandate.id)));
        sheet.profiles.sort_by_key(|p| p.id);
        sheet.hours.sort_by_key(|slot| (slot.weekday, slot.from_minute));
    }
    Ok(ids.iter().filter_map(|id| sheets.remove(id)).collect())
}

/// The sheet of one person, in the trash or not.
pub async fn load_one(tx: &mut Tx, network: Id, id: Id) -> Result<Sheet> {
    load(tx, network, &[id]).await?.pop().ok_or(Error::NotFound)
}
