//! A way to an SMTP server: connections kept open between messages, over sockets that send small writes at once. (lettre's
//! own transport leaves that to the system, and then waits for each message some 40 ms on the receiver's delayed
//! acknowledgement; its connection, which speaks the protocol, is used here over a stream of ours.)

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use lettre::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::transport::Failure;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::outside::{self, Connection};

/// A connection that was idle for longer is asked whether it still stands.
const FRESH: Duration = Duration::from_secs(5);
/// Connections kept open at most.
const MOST_OPEN: usize = 4;
/// A server that says nothing for so long is taken for lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a server is and how one signs in.
#[derive(Clone)]
pub struct Door {
    pub host: String,
    pub port: u16,
    /// `tls`, `starttls` or `none`.
    pub security: String,
    /// Login and word, with the mechanisms to try; none where nobody signs in.
    pub credentials: Option<(Credentials, Vec<Mechanism>)>,
    /// A server of the instance's own choice may be anywhere.
    pub trusted: bool,
}

/// Why a server could not be used.
#[derive(Debug)]
pub enum Trouble {
    /// It refuses login or password.
    SignIn(String),
    /// It cannot be reached, or does not speak as it should.
    Reach(String),
    /// What it said to a message.
    Said(SmtpError),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn(text) | Self::Reach(text) => f.write_str(text),
            Self::Said(error) => error.fmt(f),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Said(error) if error.is_permanent() => Self::Never(error.to_string()),
            // A password may be mended: what waits for it is not lost.
            other => Self::Later(other.to_string()),
        }
    }
}

/// A way to a server; cheap to clone.
#[derive(Clone)]
pub struct Smtp(Arc<Inner>);

struct Inner {
    door: Door,
    config: Config,
    free: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
}

impl Smtp {
    pub fn new(config: &Config, door: Door) -> Self {
        let mut config = config.clone();
        config.private_hosts |= door.trusted;
        Self(Arc::new(Inner { door, config, free: Mutex::default() }))
    }

    /// The way that `smtp://user:word@host:port?tls=required` or `smtps://…` names.
    pub fn of_url(config: &Config, url: &str) -> Result<Self> {
        let refused = |why: &str| Error::refused(format!("ESPLANADE_SMTP_URL : {why}"));
        let parsed = reqwest::Url::parse(url).map_err(|e| refused(&e.to_string()))?;
        let host = parsed.host_str().ok_or_else(|| refused("il manque le nom du serveur"))?.to_owned();
        let tls = parsed.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (security, port) = match (parsed.scheme(), tls.as_deref()) {
            ("smtps", _) => ("tls", 465),
            ("smtp", Some("required")) => ("starttls", 587),
            ("smtp", None) => ("none", 25),
            _ => return Err(refused("smtp:// (au besoin avec ?tls=required) ou smtps:// est attendu")),
        };
        let decoded = |text: &str| crate::web::encoding::percent_decode(text);
        let credentials = parsed.password().map(|word| {
            let credentials = Credentials::new(decoded(parsed.username()), decoded(word));
            (credentials, vec![Mechanism::Plain, Mechanism::Login])
        });
        let port = parsed.port().unwrap_or(port);
        let door = Door { host, port, security: security.to_owned(), credentials, trusted: true };
        Ok(Self::new(config, door))
    }

    /// Connects and signs in, and no more.
    pub async fn test(&self) -> Result<(), Trouble> {
        let mut connection = self.open().await?;
        // What it answers to a farewell does not matter.
        drop(connection.quit().await);
        Ok(())
    }

    /// Hands a message over.
    pub async fn send(&self, message: &Message) -> Result<(), Trouble> {
        let mut connection = self.take().await?;
        let sending = connection.send(message.envelope(), &message.formatted()).await;
        sending.map_err(Trouble::Said)?;
        let mut free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < MOST_OPEN {
            free.push((Instant::now(), connection));
        }
        Ok(())
    }

    /// A connection that stands: one that is free, or a new one.
    async fn take(&self) -> Result<AsyncSmtpConnection, Trouble> {
        loop {
            let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match free {
                None => return self.open().await,
                Some((since, connection)) if since.elapsed() < FRESH => return Ok(connection),
                Some((_, mut connection)) => {
                    if tokio::time::timeout(PATIENCE, connection.test_connected()).await.unwrap_or(false) {
                        return Ok(connection);
                    }
                }
            }
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let silent = |_| Trouble::Reach(format!("Le serveur « {} » ne répond plus.", self.0.door.host));
        tokio::time::timeout(PATIENCE, self.connect()).await.map_err(silent)?
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let Inner { door, config, .. } = &*self.0;
        let reach = |error: &dyn fmt::Display| Trouble::Reach(error.to_string());
        let stream =
            outside::connect(config, &door.host, door.port, &door.security).await.map_err(|e| reach(&e))?;
        let stream = Box::new(Stream(stream));
        let hello = ClientId::default();
        let mut connection =
            AsyncSmtpConnection::connect_with_transport(stream, &hello).await.map_err(|e| reach(&e))?;
        if door.security == "starttls" {
            let parameters = tls(config, &door.host).await.map_err(|e| reach(&e))?;
            connection.starttls(parameters, &hello).await.map_err(|e| reach(&e))?;
        }
        if let Some((credentials, mechanisms)) = &door.credentials {
            connection.auth(mechanisms, credentials).await.map_err(|error| match error.is_permanent() {
                true => Trouble::SignIn(error.to_string()),
                false => Trouble::Reach(error.to_string()),
            })?;
        }
        Ok(connection)
    }
}

/// What a server must prove before STARTTLS is trusted.
async fn tls(config: &Config, host: &str) -> Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    let extra = outside::extra_certificates(config).await?;
    if !extra.is_empty() {
        parameters = parameters.add_root_certificate(Certificate::from_pem(&extra).map_err(Error::bug)?);
    }
    parameters.build().map_err(Error::bug)
}

/// A connection of ours as lettre takes it.
#[derive(Debug)]
struct Stream(Box<dyn Connection>);

impl AsyncTokioStream for Stream {
    /// Asked for to be told in logs, where it is of no use.
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
