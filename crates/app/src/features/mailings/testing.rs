//! A letter to many, ready to leave. Built for tests and benches; nothing of the program calls it.

use kit::db::Tx;
use kit::{Actor, Error, Id, Network, Result};

use super::block::{self, Block};
use super::definition::{Definition, Other};
use super::distribution_list::{self, DistributionList};
use super::mailing::Mailing;
use super::topic;

/// A draft with one text, to so many people of a list that it makes, leaving by this account. Nothing keeps it yet.
pub async fn letter_to_many(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    account_id: Id,
    (recipients, text): (usize, &str),
) -> Result<Mailing> {
    distribution_list::seed(tx, network.id, actor.now).await?;
    let topics = topic::all(tx, network.id).await?;
    let other = |n| Other { name: format!("Personne {n}"), address: format!("p{n}@sink.example") };
    let definition = Definition { others: (0..recipients).map(other).collect(), ..Definition::default() };
    let list = DistributionList::named(network.id, actor.now, "Beaucoup", &definition);
    let list = distribution_list::keep(tx, actor, None, list).await?;
    let mut letter = Mailing::blank(network.id, actor.now, "Une lettre");
    letter.subject = "Une lettre pour chacun".to_owned();
    letter.topic_id = topics.first().map(|topic| topic.id);
    letter.lists = serde_json::to_string(&[list.id]).map_err(Error::bug)?;
    letter.blocks =
        block::write(&[Block { body: text.to_owned(), ..Block::new(Id::new(actor.now), "text") }]);
    letter.account_id = Some(account_id);
    Ok(letter)
}
