//! Answers to notifications, which came by mail: written at the conversation they are about, as internal notes.

use kit::{Actor, App, Error, Network, Result, Tx, args, sql};

use super::conversation;
use super::ingest::Fresh;
use super::nature::Nature;
use super::quoted::strip_quoted;
use crate::features::notifications;

/// Takes a message that answers a notification; says whether it did. The address alone is not enough: the message must
/// come from the account that it was made for.
pub async fn take(tx: &mut Tx, app: &App, network: &Network, one: &Fresh) -> Result<bool> {
    if one.message.nature() != Nature::Person {
        return Ok(false);
    }
    let recipients = one.message.recipients();
    for (address, _) in recipients.to.iter().chain(&recipients.cc).take(20) {
        let Some(reply) = notifications::answered(tx, &app.secret, network.id, address).await? else {
            continue;
        };
        let sql = sql!("select name, email from account where network_id = $1 and id = $2");
        let (name, email): (String, String) = tx.one(sql, args![network.id, reply.account_id]).await?;
        if !email.eq_ignore_ascii_case(&one.message.sender_email) || reply.kind != "mail_thread" {
            continue;
        }
        let said = strip_quoted(one.read.as_ref().map_or("", |read| &read.words));
        let actor =
            Actor { account_id: Some(reply.account_id), ..Actor::program(network.id, &name, app.now()) };
        return match conversation::add_note(tx, &actor, reply.id, said.trim().to_owned()).await {
            Ok(()) => Ok(true),
            // It was erased meanwhile, or nothing new was written: the message stays one like others.
            Err(Error::NotFound | Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        };
    }
    Ok(false)
}
