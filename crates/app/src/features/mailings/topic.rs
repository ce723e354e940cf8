//! The topic: what messages are about. Consent is given topic by topic, and essential ones ask for none.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql};

kit::table! {
    /// A topic of the network's messages.
    pub struct Topic in "mail_topic": versioned {
        pub code: String,
        pub label: String,
        pub description: String,
        /// Sent whatever was refused: convocations, obligations of the scheme.
        pub essential: bool,
        pub position: i64,
        pub retired_at: Option<Timestamp>,
    }
}

/// Topics that every network has at first: code, label, what it covers, whether it is essential.
pub const DEFAULTS: [(&str, &str, &str, bool); 4] = [
    ("newsletter", "Lettre d’information", "Les nouvelles du réseau, quelques fois par an.", false),
    ("invitations", "Invitations", "Rencontres, formations et événements du réseau.", false),
    ("resources", "Ressources et veille", "Outils, articles et appels à projets repérés pour vous.", false),
    (
        "essential",
        "Messages indispensables",
        "Convocations, charte, bilans\u{a0}: ce que votre engagement dans le dispositif demande.",
        true,
    ),
];

/// Most topics of a network.
const MOST: i64 = 100;

impl Topic {
    pub fn subject(&self) -> Subject {
        Subject::new("mail_topic", self.id, &self.label)
    }
}

/// Every topic, retired ones included, in the order of the network.
pub async fn all(tx: &mut Tx, network: Id) -> Result<Vec<Topic>> {
    let sql = sql!(
        "select network_id, id, code, label, description, essential, position, retired_at, version ",
        "from mail_topic where network_id = $1 limit $2"
    );
    let mut topics: Vec<Topic> = tx.all(sql, args![network, MOST]).await?;
    topics.sort_by_key(|topic| (topic.position, topic.id));
    Ok(topics)
}

/// Gives a network the topics that every network has; safe to do again.
pub async fn seed(tx: &mut Tx, network: Id, now: Timestamp) -> Result<()> {
    for ((code, label, description, essential), position) in DEFAULTS.into_iter().zip(0i64..) {
        let sql = sql!(
            "insert into mail_topic (network_id, id, code, label, description, essential, position, version) ",
            "values ($1, $2, $3, $4, $5, $6, $7, 1) on conflict do nothing"
        );
        tx.run(sql, args![network, Id::new(now), code, label, description, essential, position]).await?;
    }
    Ok(())
}

/// Adds or saves a topic. What is essential stays so: those who refused the others relied on it.
pub async fn keep(tx: &mut Tx, actor: &Actor, before: Option<&Topic>, mut after: Topic) -> Result<Topic> {
    let act = match before {
        Some(before) if before.essential != after.essential => {
            return Err(Error::refused(
                "Un sujet ne devient pas indispensable après coup\u{a0}: créez-en un autre.",
            ));
        }
        Some(before) => {
            tx.save(&mut after).await?;
            Act::new("mail_topic.changed", after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("mail_topic.added", after.subject()).after(&after)
        }
    };
    trail::record(tx, actor, act).await?;
    Ok(after)
}
