//! How messages leave: SMTP, a folder of `.eml` files, or only the outbox screen.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Message;

use super::MailAccount;
use super::smtp::Smtp;
use crate::app::App;
use crate::config::Config;
use crate::db::Id;
use crate::error::{Error, Result};

/// An opened way to an account's server is used so long before its name is looked up anew.
const KEPT: Duration = Duration::from_secs(300);

/// Where messages go.
#[derive(Clone)]
pub enum Transport {
    Smtp(Smtp),
    Folder(PathBuf),
    /// Nothing leaves: messages are read on the outbox screen (demonstration, development).
    Screen,
}

/// Why a message did not leave.
#[derive(Debug)]
pub enum Failure {
    Later(String),
    Never(String),
}

impl Transport {
    pub fn open(config: &Config) -> Result<Self> {
        let Some(url) = config.smtp_url.as_deref() else { return Ok(Self::Screen) };
        if let Some(path) = url.strip_prefix("folder:") {
            std::fs::create_dir_all(path).map_err(Error::bug)?;
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        Ok(Self::Smtp(Smtp::of_url(config, url)?))
    }

    /// Whether messages are only shown on screen, which pages then say.
    pub fn is_screen(&self) -> bool {
        matches!(self, Self::Screen)
    }

    /// Hands a message over; `name` is that of its file where messages go to a folder.
    pub async fn deliver(&self, name: Id, message: Message) -> Result<(), Failure> {
        match self {
            Self::Screen => Ok(()),
            Self::Folder(folder) => {
                let path = folder.join(format!("{name}.eml"));
                tokio::fs::write(path, message.formatted()).await.map_err(|e| Failure::Later(e.to_string()))
            }
            Self::Smtp(smtp) => Ok(smtp.send(&message).await?),
        }
    }
}

/// The ways to the servers of accounts, kept open between messages.
#[derive(Clone, Default)]
pub struct Transports(Arc<Mutex<HashMap<Id, Kept>>>);

struct Kept {
    version: i64,
    since: Instant,
    transport: Smtp,
}

impl Transports {
    /// The way to an account's server: the one that is open, or a new one.
    pub async fn of(&self, app: &App, account: &MailAccount) -> Result<Transport> {
        let open = {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let fit = |k: &&Kept| k.version == account.version && k.since.elapsed() < KEPT;
            kept.get(&account.id).filter(fit).map(|kept| kept.transport.clone())
        };
        if let Some(transport) = open {
            return Ok(Transport::Smtp(transport));
        }
        let transport = account.transport(app).await?;
        let kept = Kept { version: account.version, since: Instant::now(), transport: transport.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account.id, kept);
        Ok(Transport::Smtp(transport))
    }
}
