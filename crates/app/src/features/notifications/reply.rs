//! Addresses by which a mail is answered: `coordination+r.<token>@domaine`. The token is made of the key of the instance and
//! of what it stands for, so that nobody can guess it; it is short enough for a local part (64 characters, RFC 5321) and
//! holds only letters and figures of one case, since some servers fold it.

use kit::db::{Id, Timestamp};
use kit::secret::Secret;
use kit::{Actor, Result, Tx, args, sql};

const PURPOSE: &str = "reply";
const MARK: &str = "+r.";
/// Letters and figures that are not mistaken for one another (RFC 4648, lower case).
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

kit::table! {
    /// What an address stands for.
    pub struct ReplyWay in "reply_way" {
        pub token: String,
        pub kind: String,
        pub object_id: Id,
        pub account_id: Id,
        pub created_at: Timestamp,
    }
}

/// Who answers about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// As it was given to [`reply_address`].
    pub kind: String,
    pub id: Id,
    pub account_id: Id,
}

/// The address by which an account answers about something, beside `base`, an address of the shared mailbox. The same
/// each time.
pub async fn reply_address(
    tx: &mut Tx,
    actor: &Actor,
    secret: &Secret,
    base: &str,
    reply: &Reply,
) -> Result<String> {
    let token = token(secret, actor.network_id, reply);
    let sql = sql!(
        "insert into reply_way (network_id, id, token, kind, object_id, account_id, created_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
    );
    let (network, id) = (actor.network_id, Id::new(actor.now));
    let args = args![network, id, token.as_str(), reply.kind.as_str(), reply.id, reply.account_id, actor.now];
    tx.run(sql, args).await?;
    let (local, domain) = base.rsplit_once('@').unwrap_or((base, "localhost"));
    Ok(format!("{local}{MARK}{token}@{domain}"))
}

/// What an address that a message was sent to stands for; `None` when it is no such address, or when its account was
/// closed. Whoever calls checks that the message comes from that account's own address.
pub async fn answered(tx: &mut Tx, secret: &Secret, network: Id, address: &str) -> Result<Option<Reply>> {
    let Some(token) = token_of(address) else { return Ok(None) };
    let sql = sql!(
        "select w.kind, w.object_id, w.account_id from reply_way w ",
        "join account a on a.network_id = w.network_id and a.id = w.account_id ",
        "where w.network_id = $1 and w.token = $2 and a.disabled_at is null"
    );
    let found: Option<(String, Id, Id)> = tx.optional(sql, args![network, token.as_str()]).await?;
    let reply = found.map(|(kind, id, account_id)| Reply { kind, id, account_id });
    // A row that this key did not sign was not made by this program.
    Ok(reply.filter(|reply| self::token(secret, network, reply) == token))
}

/// The token of an address, whatever the case it came back in.
fn token_of(address: &str) -> Option<String> {
    let address = address.trim().trim_matches(['<', '>']).to_ascii_lowercase();
    let (local, _) = address.rsplit_once('@')?;
    let (_, token) = local.rsplit_once(MARK)?;
    let fit = token.len() == 26 && token.bytes().all(|byte| ALPHABET.contains(&byte));
    fit.then(|| token.to_owned())
}

fn token(secret: &Secret, network: Id, reply: &Reply) -> String {
    one_case(&secret.sign(PURPOSE, &format!("{network}/{}/{}/{}", reply.kind, reply.id, reply.account_id)))
}

/// A signature, written in letters of two cases, in letters of one: its 128 bits, five at a time.
fn one_case(signature: &str) -> String {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let (mut held, mut bits, mut text) = (0_u32, 0_u32, String::new());
    for c in signature.bytes() {
        held = (held << 6) | u32::from(value(c));
        bits += 6;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
            held &= (1 << bits) - 1;
        }
    }
    text.truncate(26);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_of_one_case_and_keep_every_bit() {
        assert_eq!(one_case("AAAAAAAAAAAAAAAAAAAAAA"), "a".repeat(26));
        assert_eq!(one_case("____________________AA").len(), 26);
        assert_ne!(one_case("AAAAAAAAAAAAAAAAAAAAAQ"), one_case("AAAAAAAAAAAAAAAAAAAAAg"));
        assert_ne!(one_case("AAAA"), one_case("aaaa"));
    }

    #[test]
    fn only_addresses_of_ours_have_a_token() {
        let token = "abcdefghijklmnopqrstuvwx23";
        assert_eq!(token_of(&format!("<Pdn+R.{}@Exemple.FR>", token.to_uppercase())).as_deref(), Some(token));
        for other in ["pdn@exemple.fr", "pdn+r.court@exemple.fr", "pdn+r.@exemple.fr", "+r.", "", "é+r.é@é"]
        {
            assert_eq!(token_of(other), None, "{other}");
        }
    }
}
