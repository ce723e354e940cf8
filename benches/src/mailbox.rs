//! The shared mailbox against a real Dovecot (`scripts/mail.sh`): a first synchronisation beside `mbsync` fetching the
//! same mailbox, the memory that it takes, and opening a folder.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kit::Role;
use kit::testing::TestApp;
use serde_json::{Value, json};

use crate::round;

const MESSAGES: usize = 20_000;
const PASSWORD: &str = "motdepasse";

/// Times both, one after the other, `mbsync` first: what the server had to read from its disk is then read.
pub async fn measure() -> Value {
    #[expect(clippy::disallowed_methods, reason = "the bench is told its servers by the environment")]
    let told = std::env::var("ESPLANADE_TEST_MAIL").unwrap();
    let parts: Vec<&str> = told.split(',').collect();
    let (imap, smtp, dir) = (parts[0], parts[1], Path::new(parts[2]));
    let address = "grande@drome.test";
    fill(&dir.join("homes/drome.test/grande"));
    let warm = mbsync(imap, address, &dir.join("premier"));
    let theirs = mbsync(imap, address, &dir.join("second"));

    let test = TestApp::start_with(app::parts(), |config| config.private_hosts = true).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let fields = [
        ("adresse", address),
        ("nom", "Réseau"),
        ("mot-de-passe", PASSWORD),
        ("reception", "127.0.0.1"),
        ("reception-port", imap),
        ("reception-securite", "none"),
        ("envoi", "127.0.0.1"),
        ("envoi-port", smtp),
        ("envoi-securite", "none"),
        ("cadence", "600"),
    ];
    assert_eq!(coordinator.post("/espace/messagerie/connexion", &fields).await.status.as_u16(), 303);
    let before = memory();
    let watched = Watch::start();
    let started = Instant::now();
    app::features::mailbox::sync::once(&test.app, test.network.id).await.unwrap();
    let ours = started.elapsed().as_secs_f64();
    let (own, mapped) = watched.most();

    let page = coordinator.get("/espace/messagerie/boite?vue=toutes").await.body;
    let folder =
        page.split("/espace/messagerie/boite?dossier=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let url = format!("/espace/messagerie/boite?dossier={folder}");
    let mut times = Vec::new();
    for _ in 0..40 {
        let started = Instant::now();
        assert!(coordinator.get(&url).await.body.contains("data-row-link"));
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let started = Instant::now();
    app::features::mailbox::sync::once(&test.app, test.network.id).await.unwrap();
    json!({
        "messages": MESSAGES,
        "mbsync_cold_seconds": round(warm),
        "mbsync_seconds": round(theirs),
        "first_synchronisation_seconds": round(ours),
        "ratio": round(ours / theirs),
        "synchronisation_again_seconds": round(started.elapsed().as_secs_f64()),
        "memory_mb_before": before.0,
        "memory_mb_most": own,
        "memory_mb_mapped_files_most": mapped,
        "open_folder_ms_median": round(times[times.len() / 2]),
        "open_folder_ms_most": round(times[times.len() - 1]),
    })
}

/// Megabytes that this process holds now: its own, and pages of mapped files, which the system takes back when it needs
/// them (`RssAnon` and `RssFile`).
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    (of("RssAnon"), of("RssFile"))
}

/// Looks at the memory every ten milliseconds.
struct Watch {
    done: Arc<AtomicBool>,
    looking: JoinHandle<(u64, u64)>,
}

impl Watch {
    fn start() -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let ended = done.clone();
        let looking = std::thread::spawn(move || {
            let mut most = (0, 0);
            while !ended.load(Ordering::Relaxed) {
                let now = memory();
                most = (now.0.max(most.0), now.1.max(most.1));
                std::thread::sleep(Duration::from_millis(10));
            }
            most
        });
        Self { done, looking }
    }

    fn most(self) -> (u64, u64) {
        self.done.store(true, Ordering::Relaxed);
        self.looking.join().unwrap()
    }
}

/// Messages as a mailbox holds them: most short, some with HTML, some with a file.
fn fill(home: &Path) {
    let cur = home.join("Maildir/cur");
    for dir in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(home.join("Maildir").join(dir)).unwrap();
    }
    for n in 0..MESSAGES {
        let words =
            "Bonjour, voici les nouvelles de la permanence et de l’atelier de jeudi. ".repeat(10 + n % 40);
        let mut text = format!(
            "From: Personne {p} <personne{p}@structure{s}.test>\r\nTo: grande@drome.test\r\nSubject: Sujet {n} de la semaine\r\n\
             Message-ID: <m{n}@structure.test>\r\nDate: {day} Oct 2026 10:{minute:02}:00 +0200\r\nMIME-Version: 1.0\r\n",
            p = n % 900,
            s = n % 60,
            day = 1 + n % 28,
            minute = n % 60
        );
        match n % 10 {
            0..=5 => write!(text, "Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n").unwrap(),
            6..=8 => write!(
                text,
                "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 {words}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div style=\"color:#333\"><p>{words}</p></div>\r\n--b--\r\n"
            )
            .unwrap(),
            _ => write!(
                text,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n\
                 --b\r\nContent-Type: application/pdf; name=\"bilan.pdf\"\r\nContent-Disposition: attachment; filename=\"bilan.pdf\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
                "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURlY29kZT4+\r\n".repeat(600)
            )
            .unwrap(),
        }
        let seen = if n % 3 == 0 { "" } else { "S" };
        std::fs::write(cur.join(format!("{}.{n}.host:2,{seen}", 1_790_000_000 + n)), text).unwrap();
    }
    let owner =
        Command::new("chown").args(["-R", "esplanade-mail:nogroup"]).arg(home.parent().unwrap()).status();
    assert!(owner.unwrap().success());
}

/// Seconds that `mbsync` takes to fetch the mailbox into an empty folder.
fn mbsync(imap: &str, address: &str, to: &Path) -> f64 {
    std::fs::create_dir_all(to).unwrap();
    let config = format!(
        "IMAPAccount a\nHost 127.0.0.1\nPort {imap}\nUser {address}\nPass {PASSWORD}\nSSLType None\nAuthMechs LOGIN\n\n\
         IMAPStore far\nAccount a\n\nMaildirStore near\nPath {0}/\nInbox {0}/INBOX\n\n\
         Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Near\nSync Pull\nSyncState *\n",
        to.display()
    );
    let file = to.join("mbsyncrc");
    std::fs::write(&file, config).unwrap();
    let started = Instant::now();
    let done = Command::new("mbsync").arg("-c").arg(&file).args(["-q", "all"]).status().unwrap();
    assert!(done.success());
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(
        std::fs::read_dir(to.join("INBOX/cur")).unwrap().count()
            + std::fs::read_dir(to.join("INBOX/new")).unwrap().count(),
        MESSAGES
    );
    seconds
}
