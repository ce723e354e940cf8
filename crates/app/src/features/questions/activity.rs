//! The line that an answer is worth in the journal of the coordination's activity.

use kit::{Actor, Network, Result, Tx};

use super::question::{CATEGORIES, CHANNELS, Question};
use crate::features::support::About;
use crate::features::support::activity_entry::{self, NewEntry};

/// Proposes the line, once for each question: answering again after it was reopened proposes nothing more.
pub(super) async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    question: &Question,
) -> Result<()> {
    let mut entry = NewEntry::new(network.today(actor.now), "question", question.title.clone());
    entry.theme = CATEGORIES.iter().map(|(code, _)| *code).find(|code| *code == question.category);
    let channel = CHANNELS.iter().find(|(code, ..)| *code == question.channel);
    entry.means = channel.and_then(|(_, _, means)| *means);
    entry.minutes = question.minutes;
    entry.about = Some(About::new("question", question.id, question.title.clone(), question.url()));
    activity_entry::propose(tx, actor, entry.once(format!("question:{}", question.id))).await.map(drop)
}
