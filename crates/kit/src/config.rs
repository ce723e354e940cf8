//! Settings of the program, from a TOML file and the environment (`ESPLANADE_…`), the latter winning.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::mail::sign_in::MailProvider;

/// Names are those of `contract.md`: `database_url` is `ESPLANADE_DATABASE_URL`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; in the data directory when absent.
    pub database_url: Option<String>,
    pub listen: String,
    /// Where browsers reach the program, without a final slash; guessed from the request when absent.
    pub public_url: Option<String>,
    /// `smtp://…` or `smtps://…`, `folder:PATH` to write `.eml` files; on screen when absent.
    pub smtp_url: Option<String>,
    /// `file:PATH` or `s3://bucket?…`; in the data directory when absent.
    pub files_url: Option<String>,
    /// Key of the instance, generated into the data directory when absent.
    pub secret_key: Option<String>,
    /// Host at which the portal over all networks answers; there is none when absent.
    pub portal_host: Option<String>,
    /// Who publishes the portal and who hosts it, for its legal notice (law 2004-575, art. 1-1).
    pub portal_publisher: Option<String>,
    pub portal_hosting: Option<String>,
    /// Let networks use mail servers of the instance's own network, without TLS there if they like.
    pub private_hosts: bool,
    /// A PEM file of authorities that mail servers may be vouched for by, besides those that browsers know.
    pub extra_certificates: Option<PathBuf>,
    /// Providers at which mailboxes are connected without a password, by name: `google` and `microsoft` need only what
    /// they gave the instance (`client_id`, `client_secret`), others their addresses too.
    pub mail_providers: BTreeMap<String, MailProvider>,
    /// Whom the doctor asks about domains, `IP` or `IP:PORT`; the system's own server when absent.
    pub dns_server: Option<String>,
    /// Whom the doctor asks what time it is, `HOST` or `HOST:PORT` (NTP); `fr.pool.ntp.org` when absent.
    pub time_server: Option<String>,
    /// Believe `X-Forwarded-For` and `X-Forwarded-Host`: only behind a proxy of one's own.
    pub trust_proxy: bool,
    /// Opens `/metrics` to requests that carry this bearer token.
    pub metrics_token: Option<String>,
    pub log_json: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("var/esplanade"),
            database_url: None,
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            smtp_url: None,
            files_url: None,
            secret_key: None,
            portal_host: None,
            portal_publisher: None,
            portal_hosting: None,
            private_hosts: false,
            extra_certificates: None,
            mail_providers: BTreeMap::new(),
            dns_server: None,
            time_server: None,
            trust_proxy: false,
            metrics_token: None,
            log_json: false,
        }
    }
}

impl Config {
    /// Reads the file, if one is named, then the environment.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment
            .merge(Env::prefixed("ESPLANADE_"))
            .extract()
            .map_err(|e| Error::refused(format!("Configuration illisible : {e}")))
    }

    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("esplanade.db").display()))
    }

    /// Whether a host, without its port, is the portal's.
    pub fn is_portal(&self, host: &str) -> bool {
        self.portal_host.as_deref().is_some_and(|portal| portal.eq_ignore_ascii_case(host))
    }

    pub fn files_url(&self) -> String {
        self.files_url.clone().unwrap_or_else(|| format!("file:{}", self.data_dir.join("files").display()))
    }
}
