//! Attempts at a password: counted per account and place, so that guessing stops and nobody can lock
//! someone else out by failing in their name from elsewhere.

use std::net::{IpAddr, Ipv6Addr};

use kit::db::{Id, Timestamp};
use kit::{Actor, Result, Tx, args, sql};

/// How long a failure counts, in minutes.
const MINUTES: i64 = 15;
/// Failures for one account from one place, and from one place whatever the account.
const MOST_PER_PAIR: i64 = 5;
const MOST_PER_PLACE: i64 = 30;

/// What is said to who must wait.
pub const WAIT: &str = "Trop de tentatives depuis votre connexion internet. Patientez un quart d’heure avant \
    de réessayer, ou demandez un lien de connexion par courriel.";

kit::table! {
    /// A failed attempt.
    pub struct Failure in "sign_in_failure" {
        pub email: String,
        pub address: String,
        pub at: Timestamp,
    }
}

/// Counts an attempt as failed before the password is looked at, so that many at once are counted too;
/// says no when there were too many. To be committed on its own; [`forget`] follows a success.
pub async fn begin(tx: &mut Tx, actor: &Actor, email: &str) -> Result<bool> {
    if !may_try(tx, actor, email).await? {
        return Ok(false);
    }
    let failure = Failure {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        email: email.to_owned(),
        address: place(&actor.address),
        at: actor.now,
    };
    tx.insert(&[failure]).await?;
    Ok(true)
}

/// Whether there were too few failures to say no; nothing is counted.
pub(super) async fn may_try(tx: &mut Tx, actor: &Actor, email: &str) -> Result<bool> {
    let (network, since, place) = (actor.network_id, actor.now.plus_minutes(-MINUTES), place(&actor.address));
    let sql = sql!(
        "select count(*) from sign_in_failure ",
        "where network_id = $1 and email = $2 and address = $3 and at > $4"
    );
    let pair: i64 = tx.value(sql, args![network, email, place.as_str(), since]).await?;
    let sql = sql!("select count(*) from sign_in_failure where network_id = $1 and address = $2 and at > $3");
    let from_here: i64 = tx.value(sql, args![network, place.as_str(), since]).await?;
    Ok(pair < MOST_PER_PAIR && from_here < MOST_PER_PLACE)
}

/// Clears the failures of an account from this place: the password was right.
pub async fn forget(tx: &mut Tx, actor: &Actor, email: &str) -> Result<()> {
    let sql = sql!("delete from sign_in_failure where network_id = $1 and email = $2 and address = $3");
    tx.run(sql, args![actor.network_id, email, place(&actor.address)]).await.map(|_| ())
}

/// Where an attempt comes from. Someone has a whole /64 of IPv6 addresses, so that is one place.
pub fn place(address: &str) -> String {
    match address.parse::<IpAddr>().map(|a| a.to_canonical()) {
        Ok(IpAddr::V6(six)) => {
            let [a, b, c, d, ..] = six.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(four) => four.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_ipv6_network_is_one_place() {
        assert_eq!(place("2001:db8:1:2:aaaa::1"), place("2001:db8:1:2:bbbb::9"));
        assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
        assert_eq!(place("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(place(""), "");
    }
}
