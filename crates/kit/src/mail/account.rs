//! An account by which a network's messages leave: the SMTP side of a mailbox that it already has.

use lettre::transport::smtp::authentication::{Credentials, Mechanism};

use super::smtp::{Door, Smtp};
use crate::config::Config;
use crate::db::Timestamp;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// How a connection is protected, and what that is called.
pub const SECURITIES: [(&str, &str); 3] =
    [("tls", "TLS (recommandé)"), ("starttls", "STARTTLS"), ("none", "Aucune protection")];

/// How one proves who one is.
pub const MECHANISMS: [(&str, &str); 2] = [("password", "Mot de passe"), ("xoauth2", "OAuth 2 (XOAUTH2)")];

/// What the secret of an account is sealed for.
pub const PURPOSE: &str = "mail account";

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
    /// What is said to its servers: a password, or an access token.
    pub fn word(&self, secret: &Secret) -> Result<String> {
        secret.unseal(PURPOSE, &self.secret)
    }

    /// The way to the account's server.
    pub fn transport(&self, config: &Config, secret: &Secret) -> Result<Smtp> {
        let credentials = match self.mechanism.as_str() {
            "none" => None,
            mechanism => {
                let word = self.word(secret)?;
                let mechanisms = match mechanism {
                    "xoauth2" => vec![Mechanism::Xoauth2],
                    _ => vec![Mechanism::Plain, Mechanism::Login],
                };
                Some((Credentials::new(self.login.clone(), word), mechanisms))
            }
        };
        let port = u16::try_from(self.port).map_err(Error::bug)?;
        let (host, security) = (self.host.clone(), self.security.clone());
        Ok(Smtp::new(config, Door { host, port, security, credentials, trusted: false }))
    }
}
