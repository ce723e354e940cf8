//! The running program: everything a request or a job needs, made once.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;

use crate::clock::Clock;
use crate::coedit::Rooms;
use crate::config::Config;
use crate::db::migrate::Migration;
use crate::db::{Db, Timestamp};
use crate::error::Result;
use crate::files::Files;
use crate::jobs::{Handlers, Schedule};
use crate::mail::{Transport, Transports};
use crate::network::Network;
use crate::progress::Progress;
use crate::secret::Secret;
use crate::visitor::Visitor;
use crate::web::frame::NavGroup;
use crate::web::kept::Kept;
use crate::web::routes::Routes;
use crate::{chance, db, logs};

/// What the features give to the platform.
#[derive(Clone, Copy)]
pub struct Parts {
    pub migrations: &'static [Migration],
    pub routes: fn() -> Routes,
    /// What answers at the portal's host.
    pub portal: fn() -> Routes,
    pub navigation: fn(&Visitor) -> Vec<NavGroup>,
    pub handlers: fn() -> Handlers,
    pub schedules: fn() -> Vec<Schedule>,
    /// What runs beside requests until the process ends.
    pub workers: fn(App) -> Vec<Worker>,
}

/// Something that runs until the process ends.
pub type Worker = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub files: Files,
    /// How messages leave that no account of a network sends.
    pub transport: Transport,
    /// The ways to the servers of networks' own accounts.
    pub transports: Transports,
    pub secret: Secret,
    pub progress: Progress,
    pub handlers: Handlers,
    pub parts: Parts,
    pub metrics: PrometheusHandle,
    /// Public pages kept in memory.
    pub kept: Kept,
    /// Texts that several people write in this process.
    pub rooms: Rooms,
    /// What this process is called among those that share a database.
    pub process: String,
}

/// A handle on the running program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Opens the database and the files, and brings the schema up to date.
    pub async fn start(parts: Parts, config: Config, clock: Clock) -> Result<Self> {
        std::fs::create_dir_all(&config.data_dir).map_err(|e| {
            crate::Error::refused(format!("Dossier de données {} : {e}", config.data_dir.display()))
        })?;
        let db = Db::open(&config.database_url()).await?;
        let applied = db::migrate::run(&db, parts.migrations, clock.now()).await?;
        if !applied.is_empty() {
            tracing::info!(steps = applied.len(), "schema brought up to date");
        }
        let files = Files::open(&config.files_url())?;
        let secret = Secret::open(&config)?;
        let transport = Transport::open(&config)?;
        Ok(Self(Arc::new(Inner {
            config,
            db,
            clock,
            files,
            transport,
            transports: Transports::default(),
            secret,
            progress: Progress::default(),
            handlers: (parts.handlers)(),
            parts,
            metrics: logs::metrics(),
            kept: Kept::default(),
            rooms: Rooms::default(),
            process: chance::token().chars().take(12).collect(),
        })))
    }

    /// Whether messages of a network do not leave: they are read on the outbox screen.
    pub fn mail_stays(&self, network: &Network) -> bool {
        self.transport.is_screen() && !network.settings().own_mail
    }

    /// Where the links of a message begin when no request says it (else [`crate::web::Cx::link_base`]): the address
    /// of the configuration, the network's own host, else this machine, where a network without a host answers under
    /// its name.
    pub fn link_base(&self, network: &Network) -> String {
        if let Some(url) = &self.config.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        if let Some(host) = &network.host {
            return format!("https://{host}");
        }
        let port = self.config.listen.rsplit(':').next().unwrap_or("8080");
        format!("http://{}.localhost:{port}", network.slug)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
