//! What minutes say beside their text: who was there, what was decided. Read from the data while they are written, kept as
//! it was once they are handed to the members.

use kit::db::{Date, Id};
use kit::{Network, Result, Tx};
use serde::{Deserialize, Serialize};

use super::attendance;
use super::committee::Committee;
use super::decision;
use super::invitee;
use super::meeting::Meeting;

/// Who was there, what was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub title: String,
    pub committee: String,
    /// « mardi 12 mars 2026, de 14 h à 16 h ».
    pub when: String,
    pub place: String,
    pub people: Vec<Attendee>,
    /// Voices that were there, of how many, and how many make the quorum.
    pub voices: i64,
    pub voting_seats: i64,
    pub quorum: Option<i64>,
    pub decisions: Vec<Decided>,
}

/// Someone who was convened or came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    pub name: String,
    pub organisation: String,
    /// A code of [`attendance::ATTENDANCE`]; absent when nobody noted it.
    pub attendance: Option<String>,
    /// Who bore their voice.
    pub bearer: Option<String>,
    pub is_voting: bool,
}

/// What was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub number: String,
    pub text: String,
    pub how: String,
    pub owner: String,
    pub due: String,
}

impl Attendee {
    pub fn label(&self) -> &'static str {
        attendance::label(self.attendance.as_deref())
    }
}

impl Facts {
    /// As the data say now.
    pub async fn read(tx: &mut Tx, network: &Network, meeting: &Meeting) -> Result<Self> {
        let committee: Committee = tx.get(network.id, meeting.committee_id).await?;
        let all = invitee::of_meeting(tx, network.id, meeting.id).await?;
        let decisions = decision::of_meeting(tx, network.id, meeting.id).await?;
        let bearer = |id: Option<Id>| all.iter().find(|one| Some(one.id) == id).map(|one| one.name.clone());
        let people = all.iter().map(|one| Attendee {
            name: one.name.clone(),
            organisation: one.organisation.clone(),
            bearer: bearer(one.proxy_id.filter(|_| one.attendance.as_deref() == Some("represented"))),
            attendance: one.attendance.clone(),
            is_voting: one.is_voting,
        });
        let decided = decisions.into_iter().map(|one| Decided {
            number: one.number(),
            how: one.how(),
            owner: one.owner.clone().unwrap_or_default(),
            due: one.due_on.map(Date::long).unwrap_or_default(),
            text: one.text,
        });
        Ok(Self {
            title: meeting.title.clone(),
            committee: committee.name,
            when: meeting.when(network),
            place: meeting.whereabouts(),
            people: people.collect(),
            voices: attendance::voices(&all),
            voting_seats: meeting.voting_seats,
            quorum: meeting.quorum,
            decisions: decided.collect(),
        })
    }

    /// Those whose attendance is `code`, each with the organisation: « Zoé Perrin (Caf) ».
    pub fn named(&self, code: &str) -> Vec<String> {
        let those = self.people.iter().filter(|one| one.attendance.as_deref() == Some(code));
        those
            .map(|one| match (&one.bearer, one.organisation.as_str()) {
                (Some(bearer), organisation) => format!("{} ({organisation}), par {bearer}", one.name),
                (None, "") => one.name.clone(),
                (None, organisation) => format!("{} ({organisation})", one.name),
            })
            .collect()
    }

    /// « 3 voix sur 4, quorum de 2 atteint »; empty when nobody's attendance was noted.
    pub fn quorum_label(&self) -> String {
        if self.people.iter().all(|one| one.attendance.is_none()) || self.voting_seats == 0 {
            return String::new();
        }
        let voices = format!("{} voix sur {}", self.voices, self.voting_seats);
        match self.quorum {
            Some(quorum) if self.voices >= quorum => format!("{voices}, quorum de {quorum} atteint"),
            Some(quorum) => format!("{voices}, quorum de {quorum} non atteint"),
            None => voices,
        }
    }
}
