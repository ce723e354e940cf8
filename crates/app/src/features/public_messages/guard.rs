//! What keeps machines from filling public forms, with no third party: a field that people do not see, the
//! time it takes to write, a limit per place, few links. Someone held up by mistake loses nothing: the form
//! comes back with what was typed, and sending it again is enough.

use kit::db::{Id, Timestamp};
use kit::{Actor, Cx, Fields, Result, Tx, args, sql};

use crate::features::accounts::place;

/// The field that people do not see.
pub const TRAP: &str = "suite";
/// The hidden field that says when the form was drawn.
pub const DRAWN: &str = "ouvert";
const PURPOSE: &str = "public form";

/// Nobody writes a message in less.
const LEAST_SECONDS: i64 = 3;
/// A form left open longer is drawn again.
const MOST_HOURS: i64 = 24;
const MOST_LINKS: usize = 2;

/// Messages from one place in an hour, and from everywhere in a day. A whole school may share one address.
const MOST_PER_PLACE: i64 = 6;
const MOST_PER_DAY: i64 = 300;

/// What is said to who must wait.
pub const WAIT: &str = "Plusieurs messages sont déjà partis de votre connexion internet. Votre texte est conservé \
    ci-dessous\u{a0}: patientez une heure avant de l’envoyer.";
const AGAIN: &str = "Relisez votre message, puis envoyez-le à nouveau.";

kit::table! {
    /// That a message came from a place.
    pub struct Sending in "public_message_sending" { pub address: String, pub at: Timestamp }
}

/// The hidden field of a form drawn now.
pub fn drawn_now(cx: &Cx) -> String {
    let now = cx.now.0.to_string();
    let signature = cx.app.secret.sign(PURPOSE, &format!("{}\n{now}", cx.network.id));
    format!("{now}.{signature}")
}

/// How long ago a form was drawn, in seconds; `None` when this program did not draw it for this network.
fn age(cx: &Cx, drawn: &str) -> Option<i64> {
    let (at, signature) = drawn.split_once('.')?;
    let known = cx.app.secret.is_signed(PURPOSE, &format!("{}\n{at}", cx.network.id), signature);
    let at: i64 = at.parse().ok().filter(|_| known)?;
    Some((cx.now.0 - at) / 1_000_000)
}

/// Looks at a form that was sent; what is odd is noted beside its message.
pub fn look_at(cx: &Cx, form: &mut Fields, lines: &[&str]) {
    let least_to_most = LEAST_SECONDS..=MOST_HOURS * 3600;
    let in_time = age(cx, form.get(DRAWN)).is_some_and(|age| least_to_most.contains(&age));
    if !form.get(TRAP).is_empty() || !in_time {
        form.set(TRAP, "");
        form.reject("message", AGAIN);
    }
    if links(form.get("message")) > MOST_LINKS {
        form.reject("message", "Deux liens au plus\u{a0}: retirez-en.");
    }
    for name in lines {
        if links(form.get(name)) > 0 {
            form.reject(name, "Les liens se mettent dans le message.");
        }
    }
}

fn links(text: &str) -> usize {
    let text = text.to_lowercase();
    text.split_whitespace()
        .filter(|word| word.contains("://") || word.starts_with("www.") || word.contains("href="))
        .count()
}

/// Notes that a message comes from this place; says no when too many did.
pub async fn may_send(tx: &mut Tx, actor: &Actor) -> Result<bool> {
    let (network, now, place) = (actor.network_id, actor.now, place(&actor.address));
    let sql = sql!(
        "select count(*) from public_message_sending where network_id = $1 and address = $2 and at > $3"
    );
    let from_here: i64 = tx.value(sql, args![network, place.as_str(), now.plus_minutes(-60)]).await?;
    let sql = sql!("select count(*) from public_message_sending where network_id = $1 and at > $2");
    let in_a_day: i64 = tx.value(sql, args![network, now.plus_days(-1)]).await?;
    if from_here >= MOST_PER_PLACE || in_a_day >= MOST_PER_DAY {
        return Ok(false);
    }
    tx.insert(&[Sending { network_id: network, id: Id::new(now), address: place, at: now }]).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_counted_however_they_are_written() {
        assert_eq!(links("Bonjour, je suis animatrice à Crest. Merci !"), 0);
        assert_eq!(links("voir https://exemple.fr et www.exemple.org"), 2);
        assert_eq!(links("<a href=\"x\"> [url=HTTP://x.example]"), 2);
    }
}
