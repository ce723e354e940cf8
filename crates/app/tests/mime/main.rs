//! Every message of the tests of `mail-parser` and of Python's `email` is read and shown, or shown as it came: none stops
//! the program, none costs more than its size warrants, none keeps anything that acts. Nor do their mutilations.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::path::{Path, PathBuf};

use app::features::mailbox::reading;

mod shown;
use shown::show;

/// The messages of the crate's tests, among the sources that cargo holds.
fn of_the_crate() -> Vec<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "cargo says by the environment where it keeps sources")]
    let home =
        std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{}/.cargo", std::env::var("HOME").unwrap()));
    let registries = std::fs::read_dir(Path::new(&home).join("registry/src")).unwrap();
    let sources = registries.map(|entry| entry.unwrap().path().join("mail-parser-0.11.9/resources/eml"));
    let root = sources.into_iter().find(|path| path.is_dir()).unwrap();
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.retain(|path| path.extension().is_some_and(|e| e == "eml"));
    found
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn corpus() -> Vec<(String, Vec<u8>)> {
    let mut paths = of_the_crate();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mime");
    collect(&ours, &mut paths);
    paths.retain(|path| path.extension().is_none_or(|e| e != "md"));
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn every_message_is_read_or_shown_as_it_came() {
    let corpus = corpus();
    assert!(corpus.len() >= 150, "{}", corpus.len());
    let mut read = 0;
    for (name, raw) in &corpus {
        assert!(!show(name, raw).is_empty());
        read += usize::from(reading::read(raw).is_some());
    }
    assert!(read * 10 >= corpus.len() * 9, "{read} of {}", corpus.len());
}

#[test]
fn mutilated_messages_stop_nothing() {
    // The same mutilations at each run: a small generator instead of chance.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % (most.max(1) as u64)).unwrap()
    };
    let corpus: Vec<_> =
        corpus().into_iter().filter(|(_, raw)| !raw.is_empty() && raw.len() < 60_000).collect();
    for (name, raw) in &corpus {
        for round in 0..12 {
            let mut bytes = raw.clone();
            match round % 4 {
                0 => bytes.truncate(draw(raw.len())),
                1 => (0..1 + raw.len() / 50)
                    .for_each(|_| bytes[draw(raw.len())] = u8::try_from(draw(256)).unwrap()),
                2 => {
                    let (from, to) = (draw(raw.len()), draw(raw.len()));
                    let part = raw[from.min(to)..from.max(to)].to_vec();
                    let at = draw(bytes.len());
                    bytes.splice(at..at, part);
                }
                _ => {
                    let other = &corpus[draw(corpus.len())].1;
                    let (cut, start) = (draw(raw.len()), draw(other.len()));
                    bytes.truncate(cut);
                    bytes.extend_from_slice(&other[start..]);
                }
            }
            show(&format!("{name}, mutilated {round}"), &bytes);
        }
    }
}

#[test]
fn what_would_cost_much_costs_little() {
    let deep = |depth: usize| {
        let mut text = String::from("From: a@b.fr\r\nSubject: x\r\n");
        for n in 0..depth {
            text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
        }
        text
    };
    let long =
        format!("From: {}\r\nSubject: {}\r\n\r\nBonjour", "a@b.fr, ".repeat(20_000), "é".repeat(200_000));
    let tags = format!("From: a@b.fr\r\nContent-Type: text/html\r\n\r\n{}", "<div><b>".repeat(40_000));
    let quotes = format!("From: a@b.fr\r\n\r\n{}", "> ".repeat(100_000));
    let coded = format!("From: a@b.fr\r\nSubject: {}\r\n\r\nx", "=?utf-8?q?=C3=A9?= ".repeat(20_000));
    for (name, text) in
        [("deep", deep(3_000)), ("long", long), ("tags", tags), ("quotes", quotes), ("coded", coded)]
    {
        show(name, text.as_bytes());
        let read = reading::read(text.as_bytes());
        assert!(
            read.is_none_or(|read| read.subject.chars().count() <= 501 && read.recipients.to.len() <= 500),
            "{name}"
        );
    }
}
