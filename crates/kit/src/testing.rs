//! Tests drive the real router in process: named people, jobs run to their end, mails read. Built for
//! tests and benches; nothing of the program calls it.

use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;

use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Id, Timestamp};
use crate::mail::{self, MailAccount, Outgoing};
use crate::visitor::{Held, Role, Visitor};
use crate::web::encoding::percent_encode;
use crate::web::serve::{QueryCount, router};
use crate::{Network, args, chance, jobs, network, sql};

/// Where tests find their PostgreSQL: a server on which databases may be made and dropped.
const POSTGRES: &str = "ESPLANADE_TEST_POSTGRES";
/// Monday 23 November 2026, 10:00 in Paris.
pub const MORNING: Timestamp = Timestamp(1_795_424_400_000_000);

/// Someone with one role, for the whole network, about whom nothing else is known.
pub fn visitor(role: Role) -> Visitor {
    Visitor {
        account_id: Id::new(MORNING),
        session_id: Id::new(MORNING),
        name: String::new(),
        email: String::new(),
        person_id: None,
        roles: vec![Held { role, structure_id: None }],
    }
}

/// An account whose messages leave by a server of this machine that asks nothing, as fast as they can.
pub fn mail_account(network_id: Id, now: Timestamp, port: u16) -> MailAccount {
    MailAccount {
        network_id,
        id: Id::new(now),
        address: "coordination@sink.example".to_owned(),
        name: "Coordination".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: i64::from(port),
        security: "none".to_owned(),
        mechanism: "none".to_owned(),
        login: String::new(),
        secret: String::new(),
        per_minute: 60_000,
        created_at: now,
        version: 1,
    }
}

/// A running program with an empty database of its own.
pub struct TestApp {
    pub app: App,
    pub network: Network,
    router: Router,
    /// Removed at the end by whoever made it.
    dir: Option<PathBuf>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
    pub queries: u32,
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// The answer holds this text, as a reader sees it: how the template breaks its lines does not count.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(self.holds(text), "« {text} » is not in:\n{}", self.body);
        self
    }

    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.holds(text), "« {text} » is in:\n{}", self.body);
        self
    }

    fn holds(&self, text: &str) -> bool {
        self.body.contains(text) || unbroken(&self.body).contains(&unbroken(text))
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn goes_to(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location").to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

/// A text with each run of spaces and line ends as one space, and none between two tags. No-break spaces stay.
fn unbroken(text: &str) -> String {
    let spaces = |c: char| matches!(c, ' ' | '\n' | '\r' | '\t');
    let words: Vec<&str> = text.split(spaces).filter(|word| !word.is_empty()).collect();
    words.join(" ").replace("> <", "><")
}

/// Someone with a browser.
#[derive(Clone)]
pub struct Person<'a> {
    test: &'a TestApp,
    cookie: Option<String>,
    host: String,
    pub account_id: Option<Id>,
}

/// Whether this run is on PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
pub fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES).ok()
}

/// Whether committed expectations are to be written anew (`ESPLANADE_REWRITE=1`), to be read before commit.
#[expect(clippy::disallowed_methods, reason = "asked of the test run by the environment")]
pub fn rewrites_expectations() -> bool {
    std::env::var("ESPLANADE_REWRITE").is_ok()
}

#[expect(clippy::expect_used, reason = "a test that cannot start must stop")]
impl TestApp {
    /// A program with one network, the Drôme, and nothing in it.
    pub async fn start(parts: Parts) -> Self {
        Self::start_with(parts, |_| {}).await
    }

    /// The same, its settings changed first.
    pub async fn start_with(parts: Parts, change: impl FnOnce(&mut Config)) -> Self {
        let name = format!("esplanade_test_{}", chance::token().replace(['-', '_'], "").to_lowercase());
        let dir = std::env::temp_dir().join(&name);
        let database_url = match postgres_url() {
            Some(server) => Some(make_database(&server, &name).await),
            None => None,
        };
        let mut config = Config { data_dir: dir.clone(), database_url, ..Config::default() };
        change(&mut config);
        let app = App::start(parts, config, Clock::held_at(MORNING)).await.expect("the program starts");
        app.db.watch().await.expect("changes are heard of");
        let mut tx = app.db.write().await.expect("a transaction");
        let settings = network::Settings::default();
        let network = network::create(&mut tx, MORNING, "26", "Drôme", Some("drome.test"), &settings)
            .await
            .expect("a network");
        tx.commit().await.expect("committed");
        Self { router: router(&app), app, network, dir: Some(dir) }
    }

    /// A second process on the same database and files, with nothing in its memory.
    pub async fn another_process(&self) -> Self {
        let config = self.app.config.clone();
        let app =
            App::start(self.app.parts, config, Clock::held_at(self.app.now())).await.expect("it starts");
        app.db.watch().await.expect("changes are heard of");
        Self { router: router(&app), app, network: self.network.clone(), dir: None }
    }

    /// Someone who is not signed in.
    pub fn stranger(&self) -> Person<'_> {
        Person { test: self, cookie: None, host: "drome.test".to_owned(), account_id: None }
    }

    /// Someone with a role in the first network, signed in.
    pub async fn someone(&self, role: Role, structure: Option<Id>, person: Option<Id>) -> Person<'_> {
        self.someone_in(&self.network, role, structure, person).await
    }

    pub async fn someone_in(
        &self,
        network: &Network,
        role: Role,
        structure: Option<Id>,
        person: Option<Id>,
    ) -> Person<'_> {
        let now = self.app.now();
        let (account, session, token) = (Id::new(now), Id::new(now), chance::token());
        let email = format!("{}.{}@demo.example", role.code(), &token[..6].to_lowercase());
        let mut tx = self.app.db.write().await.expect("a transaction");
        let sql = sql!(
            "insert into account (network_id, id, name, email, person_id, created_at, version) ",
            "values ($1, $2, $3, $4, $5, $6, 1)"
        );
        tx.run(sql, args![network.id, account, role.label(), email, person, now]).await.expect("an account");
        let sql = sql!(
            "insert into account_role (network_id, id, account_id, role, structure_id, created_at) ",
            "values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(sql, args![network.id, Id::new(now), account, role.code(), structure, now])
            .await
            .expect("a role");
        let sql = sql!(
            "insert into session (network_id, id, account_id, token_hash, agent, address, created_at, ",
            "last_seen_at, expires_at) values ($1, $2, $3, $4, '', '', $5, $5, $6)"
        );
        let args = args![network.id, session, account, chance::token_hash(&token), now, now.plus_days(30)];
        tx.run(sql, args).await.expect("a session");
        tx.commit().await.expect("committed");
        Person {
            test: self,
            cookie: Some(format!("esplanade_session={token}")),
            host: network.host.clone().unwrap_or_default(),
            account_id: Some(account),
        }
    }

    /// Runs every due job to its end, and delivers every due message.
    pub async fn run_jobs(&self) -> usize {
        let ran = jobs::run_due(&self.app).await.expect("jobs run");
        ran + mail::deliver_due(&self.app).await.expect("messages are delivered")
    }

    /// Adds what schedules ask for by now, then runs every due job.
    pub async fn run_schedules(&self) -> usize {
        jobs::add_scheduled(&self.app).await.expect("schedules are read");
        self.run_jobs().await
    }

    /// Messages written so far, newest first.
    pub async fn mails(&self) -> Vec<Outgoing> {
        let mut tx = self.app.db.read().await.expect("a transaction");
        mail::latest(&mut tx, self.network.id, None, 100).await.expect("mails")
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let queries = response.extensions().get::<QueryCount>().map_or(0, |count| count.0);
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, bytes, queries }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Left behind, it costs a little disk; tests must not fail for that.
        if let Some(dir) = &self.dir {
            drop(std::fs::remove_dir_all(dir));
        }
    }
}

#[expect(clippy::expect_used, reason = "a request that cannot be built must stop the test")]
impl Person<'_> {
    /// The same person at another host.
    pub fn at(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// The cookie of their session, for who speaks to a real address.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        match &self.cookie {
            Some(cookie) => builder.header(header::COOKIE, cookie),
            None => builder,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).expect("a request");
        self.test.send(request).await
    }

    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        let request = self.request("GET", path).header(name, value).body(Body::empty()).expect("a request");
        self.test.send(request).await
    }

    /// Any method with any headers: WebDAV, other people's programs.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.test.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, "accept", "text/html").await
    }

    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], name: &str, value: &str) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(n, v)| format!("{}={}", percent_encode(n), percent_encode(v))).collect();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::from(pairs.join("&")))
            .expect("a request");
        self.test.send(request).await
    }

    /// Posts a file under the name `fichier`, with other fields.
    pub async fn upload(&self, path: &str, file_name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
        let boundary = "esplanade-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{file_name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .body(Body::from(body))
            .expect("a request");
        self.test.send(request).await
    }

    /// A person whose session cookie is the one an answer set.
    pub fn keeping(mut self, answer: &Answer) -> Self {
        let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        let session = set.rev().find(|c| c.starts_with("esplanade_session="));
        self.cookie = session.and_then(|c| c.split(';').next()).map(str::to_owned);
        self
    }
}

#[expect(clippy::expect_used, reason = "a test that cannot start must stop")]
async fn make_database(server: &str, name: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
    let mut conn = PgConnection::connect(&format!("{server}/postgres")).await.expect("PostgreSQL answers");
    conn.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database");
    conn.close().await.expect("closed");
    format!("{server}/{name}")
}
