//! Real processes of the program on one database: what one changes the other shows, and a process that is killed takes
//! nothing acknowledged with it. On SQLite always, on PostgreSQL when `ESPLANADE_TEST_POSTGRES` names a server.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare must stop")]

mod sink;

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::features::mailings::testing::letter_to_many;
use app::features::mailings::{mailing, sending};
use kit::clock::Clock;
use kit::db::Db;
use kit::testing::mail_account;
use kit::{Actor, network};
use sink::Sink;

const PROGRAM: &str = env!("CARGO_BIN_EXE_esplanade");
const PASSWORD: &str = "un-mot-de-passe-assez-long";

/// A place of its own on the disk, and the database that all processes of a test share.
struct Instance {
    dir: PathBuf,
    database: Option<String>,
}

impl Instance {
    fn new(name: &str) -> Self {
        let unique = format!("esplanade_{name}_{}", std::process::id());
        let dir = std::env::temp_dir().join(&unique);
        std::fs::create_dir_all(&dir).unwrap();
        let database = kit::testing::postgres_url().map(|server| {
            let made = Command::new("psql")
                .args(["-q", "-c", &format!("create database {unique}"), &format!("{server}/postgres")])
                .status();
            assert!(made.unwrap().success());
            format!("{server}/{unique}")
        });
        Self { dir, database }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).env("ESPLANADE_DATA_DIR", &self.dir).env("ESPLANADE_LISTEN", "127.0.0.1:0");
        // A mail server of this machine is meant.
        command.env("ESPLANADE_PRIVATE_HOSTS", "true");
        if let Some(url) = &self.database {
            command.env("ESPLANADE_DATABASE_URL", url);
        }
        command
    }

    fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.dir.join("esplanade.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// Runs a command to its end, with something to read.
    fn run(&self, args: &[&str], input: &str) {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{args:?}");
    }

    fn serve(&self) -> Server {
        let mut child =
            self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()));
        Server { child, address: ready.unwrap() }
    }

    /// A network with one promeneur in post, and a coordinator.
    fn fill(&self) {
        self.run(&["network", "create", "--code", "26", "--name", "Drôme"], "");
        let user =
            ["user", "create", "--network", "26", "--email", "c@demo.example", "--role", "coordinator"];
        self.run(&[&user[..], &["--password-stdin"]].concat(), &format!("{PASSWORD}\n"));
        let file = self.dir.join("a.csv");
        std::fs::write(&file, "Nom;Prénom;Structure;Ville\nLefèvre;Noé;MJC de Crest;Crest\n").unwrap();
        self.run(&["import", "directory", file.to_str().unwrap(), "--network", "26"], "");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Left behind, it costs a little disk; the test has said what it had to say.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// One request: the whole answer, head and body.
    fn ask(&self, method: &str, path: &str, cookie: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = form.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}",
            self.address
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path, "nothing=1", "")
    }

    fn sign_in(&self) -> String {
        let answer =
            self.ask("POST", "/connexion", "", &format!("email=c%40demo.example&password={PASSWORD}"));
        let start = answer.find("esplanade_session=").unwrap();
        answer[start..].split(';').next().unwrap().to_owned()
    }

    /// Where the promeneur's sheet is.
    fn sheet(&self, cookie: &str) -> String {
        let list = self.ask("GET", "/espace/reseau/promeneurs", cookie, "");
        let href =
            list.split("href=\"/espace/reseau/promeneurs/0").nth(1).unwrap().split('"').next().unwrap();
        format!("/espace/reseau/promeneurs/0{href}")
    }

    /// Waits until a public page shows, or no longer shows, a name.
    fn until(&self, shows: bool, name: &str) {
        let start = Instant::now();
        while self.get("/promeneurs").contains(name) != shows {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "{name} shown: {shows}, on the other process, never"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn what_one_process_changes_the_other_shows_and_a_killed_one_loses_nothing() {
    let instance = Instance::new("processes");
    instance.fill();
    let (mut one, other) = (instance.serve(), instance.serve());
    for server in [&one, &other] {
        assert!(server.get("/promeneurs").contains("Aucun Promeneur"));
    }
    let cookie = one.sign_in();
    let sheet = one.sheet(&cookie);
    for (verb, shows) in [("publier", true), ("depublier", false), ("publier", true)] {
        let answer = one.ask("POST", &format!("{sheet}/{verb}"), &cookie, "");
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        // The one that did it shows it at once, the other a moment later.
        assert_eq!(one.get("/promeneurs").contains("Noé Lefèvre"), shows);
        other.until(shows, "Noé Lefèvre");
    }
    let answer = one.ask("POST", &format!("{sheet}/depublier"), &cookie, "");
    assert!(answer.starts_with("HTTP/1.1 303"));
    // Killed the moment after it acknowledged: the other has it, and so has whoever comes next.
    one.child.kill().unwrap();
    one.child.wait().unwrap();
    other.until(false, "Noé Lefèvre");
    let next = instance.serve();
    assert!(next.get("/promeneurs").contains("Aucun Promeneur"));
    assert!(next.ask("GET", &sheet, &cookie, "").contains("Non publiée"), "the session lives on too");
}

/// More than one process delivers in the time that a test takes to stop one.
const RECIPIENTS: usize = 650;

/// A letter to so many, about to leave by the sink as fast as it can.
async fn write_letter(url: &str, port: u16) {
    let db = Db::open(url).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let now = Clock::System.now();
    let network = network::by_code(&mut tx, "26").await.unwrap();
    let actor = Actor::program(network.id, "Essai", now);
    let account = mail_account(network.id, now, port);
    tx.insert(std::slice::from_ref(&account)).await.unwrap();
    let text = (RECIPIENTS, "<p>Bonjour {{nom}}</p>");
    let mut letter = letter_to_many(&mut tx, &actor, &network, account.id, text).await.unwrap();
    // Its moment has come: no time is left to call it back.
    (letter.state, letter.scheduled_for) = ("scheduled".to_owned(), Some(now));
    let letter = mailing::keep(&mut tx, &actor, None, letter, "mailing.added").await.unwrap();
    sending::send(&mut tx, &actor, &network, &letter, "http://drome.test").await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

#[test]
fn a_letter_reaches_everyone_once_although_a_process_is_killed_in_the_middle() {
    let instance = Instance::new("letter");
    instance.run(&["network", "create", "--code", "26", "--name", "Drôme"], "");
    let sink = Sink::open(Duration::from_millis(5));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(write_letter(&instance.database_url(), sink.port));
    let (mut one, _other) = (instance.serve(), instance.serve());
    sink.until(RECIPIENTS / 4, Duration::from_secs(60));
    one.child.kill().unwrap();
    one.child.wait().unwrap();
    let before = sink.taken().len();
    assert!(before < RECIPIENTS, "it was killed too late to prove anything: {before}");
    let _next = instance.serve();
    // What the killed one had taken is anyone's again when its lease is over.
    sink.until(RECIPIENTS, Duration::from_secs(180));
    // Whatever would still come twice comes now.
    std::thread::sleep(Duration::from_secs(5));
    let taken = sink.taken();
    let mut ids: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (to, id) in &taken {
        ids.entry(to).or_default().insert(id);
    }
    assert_eq!(ids.len(), RECIPIENTS);
    assert!(ids.values().all(|ids| ids.len() == 1), "someone was written to under two Message-IDs");
    let distinct: HashSet<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(distinct.len(), RECIPIENTS, "each message has an id of its own");
    let twice = taken.len() - RECIPIENTS;
    assert!(twice <= 1, "{twice} messages came twice: one process was killed, one message may be in doubt");
}
