//! An account by which a network's messages leave: the SMTP side of a mailbox that it already has.

use lettre::transport::smtp::authentication::{Credentials, Mechanism};

use super::sign_in::{self, Tokens};
use super::smtp::{Door, Smtp};
use crate::app::App;
use crate::db::Timestamp;
use crate::error::{Error, Result};
use crate::{args, sql};

/// How a connection is protected, and what that is called.
pub const SECURITIES: [(&str, &str); 3] =
    [("tls", "TLS (recommandé)"), ("starttls", "STARTTLS"), ("none", "Aucune protection")];

/// What the secret of an account is sealed for.
pub const PURPOSE: &str = "mail account";

/// A token is renewed when it lasts no longer: a way to a server that was opened with it is used for minutes.
const LEAST_SECONDS: i64 = 600;

crate::table! {
    /// Where messages leave, and under which address.
    pub struct MailAccount in "mail_account": versioned {
        pub address: String,
        /// Name shown before the address.
        pub name: String,
        pub host: String,
        pub port: i64,
        /// `tls`, `starttls` or `none`.
        pub security: String,
        /// `password`, `xoauth2` or `none`.
        pub mechanism: String,
        pub login: String,
        /// Sealed with the key of the instance, for [`PURPOSE`].
        pub secret: String,
        /// Most messages that bulk mailings may send in a minute.
        pub per_minute: i64,
        pub created_at: Timestamp,
    }
}

impl MailAccount {
    /// What is said to its servers: a password, or an access token, renewed when it is about to end.
    pub async fn word(&self, app: &App) -> Result<String> {
        let word = app.secret.unseal(PURPOSE, &self.secret)?;
        if self.mechanism != "xoauth2" {
            return Ok(word);
        }
        let tokens: Tokens = serde_json::from_str(&word).map_err(Error::bug)?;
        if tokens.until > app.now().plus_seconds(LEAST_SECONDS) {
            return Ok(tokens.access);
        }
        self.renew(app, &tokens).await
    }

    /// Asks for a new token and keeps it, unless somebody else did so meanwhile: then theirs counts.
    async fn renew(&self, app: &App, old: &Tokens) -> Result<String> {
        let stored: Option<Self> = {
            let mut tx = app.db.read().await?;
            tx.all_in(self.network_id, "id", &[self.id]).await?.pop()
        };
        if let Some(stored) = stored.filter(|stored| stored.secret != self.secret) {
            let word = app.secret.unseal(PURPOSE, &stored.secret)?;
            if let Ok(tokens) = serde_json::from_str::<Tokens>(&word)
                && tokens.until > app.now().plus_seconds(LEAST_SECONDS)
            {
                return Ok(tokens.access);
            }
        }
        let new = sign_in::renew(&app.config, old, app.now()).await?;
        let sealed = app.secret.seal(PURPOSE, &serde_json::to_string(&new).map_err(Error::bug)?)?;
        let mut tx = app.db.write().await?;
        let sql = sql!(
            "update mail_account set secret = $3 where network_id = $1 and id = $2 and mechanism = 'xoauth2'"
        );
        tx.run(sql, args![self.network_id, self.id, sealed]).await?;
        tx.commit().await?;
        Ok(new.access)
    }

    /// The way to the account's server.
    pub async fn transport(&self, app: &App) -> Result<Smtp> {
        let credentials = match self.mechanism.as_str() {
            "none" => None,
            mechanism => {
                let word = self.word(app).await?;
                let mechanisms = match mechanism {
                    "xoauth2" => vec![Mechanism::Xoauth2],
                    _ => vec![Mechanism::Plain, Mechanism::Login],
                };
                Some((Credentials::new(self.login.clone(), word), mechanisms))
            }
        };
        let port = u16::try_from(self.port).map_err(Error::bug)?;
        let (host, security) = (self.host.clone(), self.security.clone());
        Ok(Smtp::new(&app.config, Door { host, port, security, credentials, trusted: false }))
    }
}
