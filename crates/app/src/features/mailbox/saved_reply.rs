//! Saved replies: texts that are sent again and again, with `{{…}}` where each reader has a word of their own.

use std::collections::BTreeMap;

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, mail, markup, sql};
use serde_json::json;

use super::senders::Known;

kit::table! {
    /// A saved reply. `used` counts how often, so that lists begin with what serves most.
    pub struct SavedReply in "saved_reply": versioned {
        pub name: String,
        /// Cleaned HTML.
        pub body: String,
        pub used: i64,
        pub created_at: Timestamp,
    }
}

/// Words that a reply may hold, and what they stand for.
pub const WORDS: [(&str, &str); 6] = [
    ("prenom", "Prénom du destinataire"),
    ("nom_complet", "Nom du destinataire"),
    ("structure", "Structure ou organisme"),
    ("reseau", "Nom du réseau"),
    ("coordination", "Votre nom"),
    ("site", "Adresse du site public"),
];

impl SavedReply {
    fn as_subject(&self) -> Subject {
        Subject::new("saved_reply", self.id, &self.name)
    }
}

/// Every saved reply, the most used first.
pub async fn all(tx: &mut Tx, network: Id) -> Result<Vec<SavedReply>> {
    let sql = sql!(
        "select network_id, id, name, body, used, created_at, version from saved_reply where network_id = $1 ",
        "order by used desc, name limit 300"
    );
    tx.all(sql, args![network]).await
}

/// The words of a reply for someone.
pub fn words(network: &Network, name: &str, known: Option<&Known>) -> BTreeMap<String, String> {
    let name = known.map_or(name, |known| known.label.as_str());
    let first = name.split_whitespace().next().unwrap_or_default();
    let of =
        known.and_then(|known| known.of.as_ref()).map(|(_, _, label)| label.as_str()).unwrap_or_default();
    let site = network.host.as_deref().map(|host| format!("https://{host}")).unwrap_or_default();
    [
        ("prenom", first),
        ("nom_complet", name),
        ("structure", of),
        ("reseau", &network.name),
        ("coordination", ""),
        ("site", &site),
    ]
    .into_iter()
    .map(|(word, value)| (word.to_owned(), value.to_owned()))
    .collect()
}

/// A body with its words in place.
pub fn merged(body: &str, words: &BTreeMap<String, String>) -> String {
    mail::merge(body, words, true)
}

/// Words of a body that stand for nothing.
pub fn unknown_words(body: &str) -> Vec<String> {
    let after = body.split("{{").skip(1);
    let named = after.filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim().to_owned());
    named.filter(|name| !WORDS.iter().any(|(known, _)| known == name)).collect()
}

/// Keeps a saved reply, new or changed.
pub async fn keep(tx: &mut Tx, actor: &Actor, reply: &mut SavedReply, is_new: bool) -> Result<()> {
    let unknown = unknown_words(&reply.body);
    if let Some(word) = unknown.first() {
        return Err(Error::refused(format!("« {{{{{word}}}}} » n’est pas un mot connu.")));
    }
    reply.body = markup::clean(&reply.body);
    let action = if is_new {
        tx.insert(std::slice::from_ref(&*reply)).await?;
        "saved_reply.added"
    } else {
        tx.save(reply).await?;
        "saved_reply.changed"
    };
    let act = Act::new(action, reply.as_subject()).after(&json!({ "name": reply.name }));
    trail::record(tx, actor, act).await.map(drop)
}

/// Deletes a saved reply.
pub async fn remove(tx: &mut Tx, actor: &Actor, id: Id) -> Result<()> {
    let reply: SavedReply = tx.get(actor.network_id, id).await?;
    tx.delete::<SavedReply>(actor.network_id, id).await?;
    trail::record(tx, actor, Act::new("saved_reply.removed", reply.as_subject())).await.map(drop)
}

/// Counts a use.
pub async fn count_use(tx: &mut Tx, network: Id, id: Id) -> Result<()> {
    let sql = sql!("update saved_reply set used = used + 1 where network_id = $1 and id = $2");
    tx.run(sql, args![network, id]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stand_for_nothing_are_told() {
        assert_eq!(unknown_words("<p>{{prenom}} {{ age }}</p>"), ["age"]);
        assert!(unknown_words("{{prenom").is_empty());
    }
}
