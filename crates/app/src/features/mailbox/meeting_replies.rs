//! Answers to convocations that calendars send: noted at the meeting, the message is then done with.

use kit::{App, Network, Result, Tx};

use super::ingest::Fresh;
use crate::features::governance::invitee;

/// Takes the answers of a message; says whether it held one of ours. They count for the address that sent them only, and
/// not when the receiving server says that it is not who it claims to be.
pub async fn take(tx: &mut Tx, app: &App, network: &Network, one: &Fresh) -> Result<bool> {
    let Some(read) = one.read.as_ref().filter(|read| !read.is_denied) else { return Ok(false) };
    let mut is_taken = false;
    for reply in read.replies.iter().filter(|reply| reply.email == read.sender_email) {
        is_taken |= invitee::answer_of_calendar(tx, network, app.now(), reply).await?.is_some();
    }
    Ok(is_taken)
}
