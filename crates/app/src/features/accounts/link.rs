//! Links sent by e-mail: each lets its holder do one thing, once, for a while.

use kit::db::{Id, Timestamp};
use kit::{Actor, Error, Result, Tx, args, chance, sql};
use serde::{Deserialize, Serialize};

use super::account::Account;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Invitation,
    SignIn,
    Reset,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Invitation, Self::SignIn, Self::Reset];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
        }
    }

    /// How long it can be used, in minutes.
    const fn minutes(self) -> i64 {
        match self {
            Self::Invitation => 14 * 24 * 60,
            Self::SignIn => 20,
            Self::Reset => 60,
        }
    }

    /// The same, in words.
    pub const fn lasts(self) -> &'static str {
        match self {
            Self::Invitation => "14 jours",
            Self::SignIn => "20 minutes",
            Self::Reset => "1 heure",
        }
    }
}

kit::table! {
    /// A link that was sent. Its token is in the message only.
    pub struct Link in "account_link" {
        pub account_id: Id,
        pub purpose: String,
        #[serde(skip)]
        pub token_hash: String,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
}

/// Links that someone may ask for, per account and quarter of an hour.
const MOST: i64 = 3;

/// Whether an account was sent as many links as it can be for now.
pub async fn are_enough(tx: &mut Tx, network: Id, account: Id, now: Timestamp) -> Result<bool> {
    let sql = sql!(
        "select count(*) from account_link where network_id = $1 and account_id = $2 ",
        "and purpose <> 'invitation' and created_at > $3"
    );
    Ok(tx.value::<i64>(sql, args![network, account, now.plus_minutes(-15)]).await? >= MOST)
}

/// Makes a link and returns its token.
pub async fn make(tx: &mut Tx, network: Id, now: Timestamp, account: Id, purpose: Purpose) -> Result<String> {
    let token = chance::token();
    let link = Link {
        network_id: network,
        id: Id::new(now),
        account_id: account,
        purpose: purpose.code().to_owned(),
        token_hash: chance::token_hash(&token),
        created_at: now,
        expires_at: now.plus_minutes(purpose.minutes()),
        used_at: None,
    };
    tx.insert(&[link]).await?;
    Ok(token)
}

/// The link of a token and whose it is, when it is for one of these purposes and still good;
/// [`Error::Gone`] in every other case, without saying which.
pub async fn find(
    tx: &mut Tx,
    actor: &Actor,
    token: &str,
    purposes: &[Purpose],
) -> Result<(Link, Purpose, Account)> {
    let sql = sql!(
        "select network_id, id, account_id, purpose, token_hash, created_at, expires_at, used_at ",
        "from account_link where network_id = $1 and token_hash = $2"
    );
    let found: Option<Link> = tx.optional(sql, args![actor.network_id, chance::token_hash(token)]).await?;
    let link =
        found.filter(|l| l.used_at.is_none() && l.expires_at > actor.now).ok_or_else(|| gone(purposes))?;
    let purpose = Purpose::ALL.into_iter().find(|p| p.code() == link.purpose && purposes.contains(p));
    let purpose = purpose.ok_or_else(|| gone(purposes))?;
    let account: Account = tx.get(actor.network_id, link.account_id).await?;
    if account.is_disabled() { Err(gone(purposes)) } else { Ok((link, purpose, account)) }
}

/// Uses a link up; [`Error::Gone`] when someone was faster.
pub async fn use_up(tx: &mut Tx, actor: &Actor, link: &Link) -> Result<()> {
    let sql =
        sql!("update account_link set used_at = $3 where network_id = $1 and id = $2 and used_at is null");
    match tx.run(sql, args![actor.network_id, link.id, actor.now]).await? {
        1 => Ok(()),
        _ => Err(gone(&Purpose::ALL)),
    }
}

/// Makes every link of an account useless.
pub async fn close_all(tx: &mut Tx, actor: &Actor, account: Id) -> Result<()> {
    let sql = sql!(
        "update account_link set used_at = $3 where network_id = $1 and account_id = $2 and used_at is null"
    );
    tx.run(sql, args![actor.network_id, account, actor.now]).await.map(|_| ())
}

fn gone(purposes: &[Purpose]) -> Error {
    Error::Gone(
        match purposes {
            [Purpose::SignIn] => {
                "Ce lien de connexion a déjà servi ou a expiré (il est valable 20 minutes, une seule fois). \
                 Demandez-en un autre depuis la page «\u{a0}Se connecter\u{a0}»."
            }
            _ => {
                "Ce lien a déjà servi ou a expiré. Demandez-en un autre depuis la page «\u{a0}Se connecter\u{a0}», rubrique \
                 «\u{a0}Mot de passe oublié\u{a0}» : votre adresse électronique suffit, même si vous n’aviez pas encore \
                 répondu à votre invitation."
            }
        }
        .to_owned(),
    )
}
