//! The template: a subject and a text with fields, kept to be used again. Every network has the same ones at first;
//! what it changes stands in their place until it takes the original back.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql};

kit::table! {
    /// A text of the network's own.
    pub struct MessageTemplate in "message_template": versioned {
        pub code: String,
        pub label: String,
        pub subject: String,
        /// Cleaned HTML with fields.
        pub body: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }
}

/// A template that every network has.
pub struct Original {
    pub code: &'static str,
    pub label: &'static str,
    pub subject: &'static str,
    pub body: &'static str,
}

macro_rules! original {
    ($code:literal, $label:literal, $subject:literal) => {
        Original {
            code: $code,
            label: $label,
            subject: $subject,
            body: include_str!(concat!("originals/", $code, ".html")),
        }
    };
}

pub const ORIGINALS: [Original; 10] = [
    original!(
        "relance-charte",
        "Relance de la charte",
        "La charte des Promeneurs du Net attend votre signature"
    ),
    original!("convocation", "Convocation à une réunion", "Convocation\u{a0}: réunion du réseau"),
    original!("compte-rendu", "Diffusion d’un compte rendu", "Compte rendu de notre réunion"),
    original!("bienvenue", "Bienvenue dans le réseau", "Bienvenue parmi les Promeneurs du Net"),
    original!("relance-bilan", "Relance du bilan d’activité", "Votre bilan d’activité"),
    original!("invitation", "Invitation", "Vous êtes invité·e"),
    original!("decision", "Notification de décision", "La décision du comité"),
    original!("lettre", "Lettre d’information", "Les nouvelles du réseau"),
    original!("relance-fiche", "Relance de la fiche", "Votre fiche est-elle à jour\u{a0}?"),
    original!("depart", "Départ d’un promeneur", "Merci, et bonne route"),
];

/// Most templates of a network.
const MOST: i64 = 200;

/// A template as the network has it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub code: String,
    pub label: String,
    pub subject: String,
    pub body: String,
    /// The stored row, for one that the network wrote or changed.
    pub stored: Option<MessageTemplate>,
    /// Whether there is an original to go back to.
    pub has_original: bool,
}

impl Kept {
    pub fn url(&self) -> String {
        format!("/espace/messagerie/modeles/{}", self.code)
    }
}

fn original(code: &str) -> Option<&'static Original> {
    ORIGINALS.iter().find(|original| original.code == code)
}

/// Every template of a network: those that all have, in their order, then its own by name.
pub async fn all(tx: &mut Tx, network: Id) -> Result<Vec<Kept>> {
    let sql = sql!(
        "select network_id, id, code, label, subject, body, created_at, updated_at, version from message_template ",
        "where network_id = $1 limit $2"
    );
    let stored: Vec<MessageTemplate> = tx.all(sql, args![network, MOST]).await?;
    let mut all: Vec<Kept> = ORIGINALS
        .iter()
        .map(|original| match stored.iter().find(|row| row.code == original.code) {
            Some(row) => kept(row.clone()),
            None => untouched(original),
        })
        .collect();
    let mut own: Vec<Kept> = stored.into_iter().filter(|r| original(&r.code).is_none()).map(kept).collect();
    own.sort_by_key(|kept| kit::text::fold(&kept.label));
    all.extend(own);
    Ok(all)
}

fn untouched(original: &Original) -> Kept {
    Kept {
        code: original.code.to_owned(),
        label: original.label.to_owned(),
        subject: original.subject.to_owned(),
        body: original.body.to_owned(),
        stored: None,
        has_original: true,
    }
}

fn kept(row: MessageTemplate) -> Kept {
    Kept {
        code: row.code.clone(),
        label: row.label.clone(),
        subject: row.subject.clone(),
        body: row.body.clone(),
        has_original: original(&row.code).is_some(),
        stored: Some(row),
    }
}

/// A template by its code.
pub async fn find(tx: &mut Tx, network: Id, code: &str) -> Result<Kept> {
    let sql = sql!(
        "select network_id, id, code, label, subject, body, created_at, updated_at, version from message_template ",
        "where network_id = $1 and code = $2"
    );
    let stored: Option<MessageTemplate> = tx.optional(sql, args![network, code]).await?;
    match (stored, original(code)) {
        (Some(row), _) => Ok(kept(row)),
        (None, Some(original)) => Ok(untouched(original)),
        (None, None) => Err(Error::NotFound),
    }
}

/// Keeps a text; for one that was the original until now, a row of the network's own.
pub async fn keep(tx: &mut Tx, actor: &Actor, before: &Kept, after: Kept) -> Result<MessageTemplate> {
    let mut row = before.stored.clone().unwrap_or_else(|| MessageTemplate {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        code: after.code.clone(),
        label: String::new(),
        subject: String::new(),
        body: String::new(),
        created_at: actor.now,
        updated_at: actor.now,
        version: 1,
    });
    (row.label, row.subject, row.body) = (after.label, after.subject, after.body);
    row.updated_at = actor.now;
    let subject = Subject::new("message_template", row.id, &row.label);
    let act = match &before.stored {
        Some(stored) => {
            tx.save(&mut row).await?;
            Act::new("message_template.changed", subject).before(stored).after(&row)
        }
        None => {
            tx.insert(std::slice::from_ref(&row)).await?;
            Act::new("message_template.added", subject).after(&row)
        }
    };
    trail::record(tx, actor, act).await?;
    Ok(row)
}

/// Takes the network's own text away: the original is back, or, where there is none, nothing.
pub async fn remove(tx: &mut Tx, actor: &Actor, kept: &Kept) -> Result<()> {
    let Some(stored) = &kept.stored else { return Ok(()) };
    tx.delete::<MessageTemplate>(actor.network_id, stored.id).await?;
    let subject = Subject::new("message_template", stored.id, &stored.label);
    let act = Act::new("message_template.removed", subject).before(stored);
    trail::record(tx, actor, act).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::mailings::merge_field;

    #[test]
    fn originals_are_clean_and_use_known_fields() {
        for original in &ORIGINALS {
            assert_eq!(merge_field::unknown(original.body), None, "{}", original.code);
            assert_eq!(merge_field::unknown(original.subject), None, "{}", original.code);
            let clean = merge_field::tidy(original.body);
            assert_eq!(kit::markup::text(&clean), kit::markup::text(original.body), "{}", original.code);
        }
    }
}
