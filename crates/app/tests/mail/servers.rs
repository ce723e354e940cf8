//! The mail servers that the tests write to, a second client of the same mailbox, and a line that can be cut.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_imap::{Client, Session};
use futures::TryStreamExt;
use kit::testing::{Person, TestApp};
use kit::{Role, chance, outside};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Every mailbox of the servers has this password.
pub const PASSWORD: &str = "motdepasse";

/// Dovecot and Postfix, as `scripts/mail.sh` started them.
#[derive(Clone, Debug)]
pub struct Servers {
    pub imap: u16,
    pub smtp: u16,
    /// The same under TLS.
    pub imaps: u16,
    pub smtps: u16,
    /// Where tokens are asked about.
    pub oauth: u16,
    /// With the authority that vouches for them.
    pub folder: PathBuf,
}

impl Servers {
    /// Waits until Postfix holds nothing more for someone: what it took for them is in their mailbox.
    pub async fn delivered(&self, reader: &str) {
        let config = self.folder.join("postfix");
        for _ in 0..400 {
            let queue =
                std::process::Command::new("/usr/sbin/postqueue").arg("-c").arg(&config).arg("-j").output();
            let queue = queue.unwrap();
            assert!(queue.status.success(), "{}", String::from_utf8_lossy(&queue.stderr));
            if !String::from_utf8_lossy(&queue.stdout).contains(reader) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("Postfix still holds a message for {reader}");
    }
}

/// The servers, when this run has them.
pub fn servers() -> Option<Servers> {
    #[expect(clippy::disallowed_methods, reason = "tests are told their servers by the environment")]
    let told = std::env::var("ESPLANADE_TEST_MAIL").ok()?;
    let [imap, smtp, folder, imaps, smtps, oauth] = told.split(',').collect::<Vec<_>>().try_into().ok()?;
    let port = |text: &str| text.parse().ok();
    Some(Servers {
        imap: port(imap)?,
        smtp: port(smtp)?,
        imaps: port(imaps)?,
        smtps: port(smtps)?,
        oauth: port(oauth)?,
        folder: PathBuf::from(folder),
    })
}

/// An address that no other test uses.
pub fn address() -> String {
    format!("pdn-{}@drome.test", chance::token().replace(['-', '_'], "")[..12].to_lowercase())
}

pub async fn start() -> TestApp {
    TestApp::start_with(app::parts(), |config| config.private_hosts = true).await
}

/// What the assistant is told.
pub fn told(servers: &Servers, imap: u16, address: &str, password: &str) -> Vec<(&'static str, String)> {
    vec![
        ("adresse", address.to_owned()),
        ("nom", "PdN Drôme".to_owned()),
        ("identifiant", address.to_owned()),
        ("mot-de-passe", password.to_owned()),
        ("reception", "127.0.0.1".to_owned()),
        ("reception-port", imap.to_string()),
        ("reception-securite", "none".to_owned()),
        ("envoi", "127.0.0.1".to_owned()),
        ("envoi-port", servers.smtp.to_string()),
        ("envoi-securite", "none".to_owned()),
        ("cadence", "600".to_owned()),
    ]
}

/// A coordinator whose mailbox is connected.
pub async fn connected<'a>(test: &'a TestApp, servers: &Servers, address: &str) -> Person<'a> {
    connected_through(test, servers, servers.imap, address).await
}

/// The same over another port: a line of the tests.
pub async fn connected_through<'a>(
    test: &'a TestApp,
    servers: &Servers,
    imap: u16,
    address: &str,
) -> Person<'a> {
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let told = told(servers, imap, address, PASSWORD);
    let fields: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
    coordinator.post("/espace/messagerie/connexion", &fields).await.is(303);
    coordinator
}

pub async fn sync(test: &TestApp) {
    app::features::mailbox::sync::once(&test.app, test.network.id).await.unwrap();
}

/// Another program that reads the same mailbox.
pub struct Other {
    pub session: Session<Box<dyn outside::Connection>>,
}

impl Other {
    pub async fn open(servers: &Servers, address: &str) -> Self {
        let stream: Box<dyn outside::Connection> =
            Box::new(TcpStream::connect(("127.0.0.1", servers.imap)).await.unwrap());
        let mut client = Client::new(stream);
        client.read_response().await.unwrap();
        let session = client.login(address, PASSWORD).await.map_err(|(error, _)| error).unwrap();
        Self { session }
    }

    /// Puts a message into a folder, with its flags.
    pub async fn put(&mut self, folder: &str, flags: Option<&str>, message: &str) {
        self.session.append(folder, flags, None, message.replace('\n', "\r\n")).await.unwrap();
    }

    /// The messages of a folder: number, flags, and the whole of each.
    pub async fn list(&mut self, folder: &str) -> Vec<(u32, String, String)> {
        let selected = self.session.select(folder).await.unwrap();
        if selected.exists == 0 {
            return Vec::new();
        }
        let stream = self.session.uid_fetch("1:*", "(UID FLAGS BODY.PEEK[])").await.unwrap();
        let fetched: Vec<_> = stream.try_collect().await.unwrap();
        let flags = |f: &async_imap::types::Fetch| {
            f.flags().map(|flag| format!("{flag:?}")).collect::<Vec<_>>().join(" ")
        };
        fetched
            .iter()
            .map(|f| {
                (f.uid.unwrap(), flags(f), String::from_utf8_lossy(f.body().unwrap_or_default()).into_owned())
            })
            .collect()
    }

    pub async fn flag(&mut self, folder: &str, uid: u32, change: &str) {
        self.session.select(folder).await.unwrap();
        let stream = self.session.uid_store(uid.to_string(), change).await.unwrap();
        stream.try_collect::<Vec<_>>().await.unwrap();
    }

    pub async fn shift(&mut self, from: &str, uid: u32, to: &str) {
        self.session.select(from).await.unwrap();
        self.session.uid_mv(uid.to_string(), to).await.unwrap();
    }
}

/// A line to the IMAP server that is cut, or falls silent, after so many bytes have come over it, as often as it is
/// opened, until it is mended by being told to let everything pass.
pub struct Line {
    pub port: u16,
    left: Arc<AtomicU64>,
    silent: Arc<AtomicBool>,
    fell_silent: Arc<Notify>,
}

impl Line {
    pub async fn open(servers: &Servers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let (silent, fell_silent) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let (target, budget) = (servers.imap, left.clone());
        let (is_silent, falls_silent) = (silent.clone(), fell_silent.clone());
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (budget, is_silent, falls_silent) =
                    (budget.clone(), is_silent.clone(), falls_silent.clone());
                tokio::spawn(async move {
                    let server = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
                    let (mut from_server, mut to_server) = server.into_split();
                    let (mut from_client, mut to_client) = client.into_split();
                    let up =
                        tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
                    let mut buffer = [0u8; 4096];
                    while let Ok(read) = from_server.read(&mut buffer).await {
                        let left = budget.load(Ordering::Relaxed);
                        if left < read as u64 && is_silent.load(Ordering::Relaxed) {
                            falls_silent.notify_one();
                            std::future::pending::<()>().await;
                        }
                        if read == 0
                            || left < read as u64
                            || to_client.write_all(&buffer[..read]).await.is_err()
                        {
                            break;
                        }
                        if left != u64::MAX {
                            budget.fetch_sub(read as u64, Ordering::Relaxed);
                        }
                    }
                    up.abort();
                });
            }
        });
        Self { port, left, silent, fell_silent }
    }

    /// Lets so many bytes pass, then cuts.
    pub fn cut_after(&self, bytes: u64) {
        self.left.store(bytes, Ordering::Relaxed);
    }

    /// Lets so many bytes pass, then no more, without cutting.
    pub fn fall_silent_after(&self, bytes: u64) {
        self.silent.store(true, Ordering::Relaxed);
        self.cut_after(bytes);
    }

    /// Waits until it fell silent.
    pub async fn silence(&self) {
        self.fell_silent.notified().await;
    }

    pub fn mend(&self) {
        self.silent.store(false, Ordering::Relaxed);
        self.left.store(u64::MAX, Ordering::Relaxed);
    }
}

/// A plain message.
pub fn message(from: &str, to: &str, subject: &str, id: &str, more: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{id}>\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n{more}\
         Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    )
}

/// The addresses of the conversations that a page lists.
pub fn conversations(page: &str) -> Vec<String> {
    let all = page.split("href=\"/espace/messagerie/conversations/").skip(1);
    all.filter_map(|rest| rest.split('"').next())
        .map(|id| format!("/espace/messagerie/conversations/{id}"))
        .collect()
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}
