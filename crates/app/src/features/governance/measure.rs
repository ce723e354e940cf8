//! What a decision does to a post, in one act: the post is suspended, held again or ended by the directory, the decision keeps
//! it among its consequences, those concerned are written to, the journal is offered its line.

use kit::db::{Date, Id};
use kit::{Actor, App, Error, Network, Result, Tx};

use super::committee::Committee;
use super::consequence::{self, Consequence, Tied};
use super::decision::Decision;
use super::measure_mail;
use crate::features::directory::suspension::{self, Decided, Measure, Taken};
use crate::features::support::activity_entry::{self, NewEntry};

/// What may be decided of a post, as the form offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Suspend,
    Lift,
    Exclude,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Suspend, Self::Lift, Self::Exclude];

    /// As addresses and forms name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspendre",
            Self::Lift => "lever",
            Self::Exclude => "exclure",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Suspend => "Suspendre un poste",
            Self::Lift => "Lever une suspension",
            Self::Exclude => "Exclure d’un poste",
        }
    }

    /// The kind of the consequence.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suspend => "suspension",
            Self::Lift => "lifting",
            Self::Exclude => "exclusion",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a coordinator wants of a post.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub kind: Kind,
    pub mandate_id: Id,
    /// When it takes effect.
    pub day: Date,
    /// The last day of a suspension; until it is lifted when absent.
    pub until: Option<Date>,
    pub reason: String,
    /// Whether messages say why.
    pub tells_reason: bool,
    /// Whether a post that ends stays open for someone else.
    pub opens_vacancy: bool,
}

impl Wanted {
    fn measure(&self) -> Measure {
        match self.kind {
            Kind::Suspend => {
                Measure::Suspend { from: self.day, until: self.until, reason: self.reason.clone() }
            }
            Kind::Lift => Measure::Lift { on: self.day },
            Kind::Exclude => Measure::Exclude { on: self.day, opens_vacancy: self.opens_vacancy },
        }
    }
}

/// Why a decision cannot do anything to a post; `None` when it can.
pub fn lacks(decision: &Decision, committee: &Committee) -> Option<&'static str> {
    if !committee.decides {
        return Some(
            "Ce comité n’est pas une instance qui décide\u{a0}: seule une décision d’un comité qui décide suspend ou exclut.",
        );
    }
    (decision.state == "abandoned").then_some("Cette décision est abandonnée\u{a0}: rouvrez-la d’abord.")
}

/// What was done, and how many were written to.
#[derive(Debug)]
pub struct Done {
    pub taken: Taken,
    pub told: usize,
}

/// Carries a decision out on a post. Refused for what [`lacks`] says, a second time, and for whatever the directory refuses.
pub async fn take(
    tx: &mut Tx,
    actor: &Actor,
    (app, network): (&App, &Network),
    (decision, committee): (&Decision, &Committee),
    wanted: Wanted,
) -> Result<Done> {
    if let Some(why) = lacks(decision, committee) {
        return Err(Error::refused(why));
    }
    consequence::refuse_twice(tx, decision, (wanted.kind.code(), wanted.mandate_id)).await?;
    let decided = Decided::by(decision.subject(), decision.number(), decision.taken_on)?;
    let taken = suspension::take(tx, actor, &decided, wanted.mandate_id, wanted.measure()).await?;
    let label = format!("Poste n°\u{a0}{} – {}", taken.mandate.rank, taken.structure.name);
    let tied = Tied {
        kind: wanted.kind.code(),
        id: taken.mandate.id,
        label: label.clone(),
        url: taken.person.url(),
    };
    let new = Consequence {
        starts_on: Some(wanted.day),
        ends_on: wanted.until.filter(|_| wanted.kind == Kind::Suspend),
        reason: Some(wanted.reason.clone()).filter(|reason| !reason.is_empty()),
        ..Consequence::of(decision, tied, actor.now)
    };
    let new = consequence::keep(tx, actor, decision, new).await?;
    propose(tx, actor, network, decision, &new).await?;
    let told = measure_mail::send(tx, (app, network), (decision, committee), &taken, &wanted).await?;
    Ok(Done { taken, told })
}

/// Proposes the line that this is worth in the journal, once. It names the post, not the person.
async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    decision: &Decision,
    new: &Consequence,
) -> Result<()> {
    let title = format!("{}\u{a0}: {} (décision {})", new.kind_label(), new.label, new.number);
    let mut entry = NewEntry::new(network.today(actor.now), "structure_support", title);
    entry.theme = Some("posture");
    entry.about = Some(decision.about());
    let key = format!("decision.{}:{}:{}", new.kind, decision.id, new.object_id);
    activity_entry::propose(tx, actor, entry.once(key)).await.map(drop)
}
