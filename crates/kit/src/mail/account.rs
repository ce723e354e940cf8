//! An account by which a network's messages leave: the SMTP side of a mailbox that it already has.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};

use crate::config::Config;
use crate::db::Timestamp;
use crate::error::{Error, Result};
use crate::outside;
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
    /// Opens the way to the account's server. Refused when the server is not one that may be reached.
    pub async fn transport(
        &self,
        config: &Config,
        secret: &Secret,
    ) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
        let port = u16::try_from(self.port).map_err(Error::bug)?;
        let address = outside::resolve(config, &self.host, port, self.security == "none").await?;
        let parameters = || TlsParameters::new(self.host.clone()).map_err(Error::bug);
        let tls = match self.security.as_str() {
            "tls" => Tls::Wrapper(parameters()?),
            "starttls" => Tls::Required(parameters()?),
            _ => Tls::None,
        };
        // The address that was found fit is the one connected to: a name may answer otherwise the next time.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
            .port(port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(30)));
        if self.mechanism == "none" {
            return Ok(builder.build());
        }
        let word = secret.unseal(PURPOSE, &self.secret)?;
        let mechanisms = match self.mechanism.as_str() {
            "xoauth2" => vec![Mechanism::Xoauth2],
            _ => vec![Mechanism::Plain, Mechanism::Login],
        };
        Ok(builder.credentials(Credentials::new(self.login.clone(), word)).authentication(mechanisms).build())
    }
}
