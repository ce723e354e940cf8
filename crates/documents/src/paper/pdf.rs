//! The paper as PDF: `paper.typ` and its data.

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::settled::{contents_depth, day, settled};
use super::{Block, Paper, Run, Table};
use crate::pdf::{NotMade, can_show, make};

/// A title longer than this is cut in the running head, which has one line.
const RUNNING: usize = 80;
/// Callouts and rows shorter than this, in characters, stay on one page.
const KEPT_TOGETHER: usize = 700;
/// A word longer than this is an address or a slip: it may be cut anywhere rather than run off the page.
const LONGEST_WORD: usize = 28;
/// Where such a word may be cut, at the latest.
const CUT_EVERY: usize = 10;
/// Stands for signs that our fonts do not have and that nothing else says: pictograms, other alphabets.
const UNKNOWN: char = '*';

/// The paper as PDF, tagged (PDF/UA-1): its plan, its lists and its tables are told to those who do not see it. Signs
/// that our fonts do not have are said with others, or stand as *.
///
/// # Errors
///
/// [`NotMade::LeftOut`] when the program was built without PDF.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, NotMade> {
    let data = data(&settled(paper));
    make(include_str!("paper.typ"), vec![("data.json", data.to_string().into_bytes())])
}

fn data(paper: &Paper) -> Value {
    let facts = paper.facts.iter().map(|(label, value)| {
        let lines = value.split('\n').map(shown).collect::<Vec<_>>();
        json!({ "label": shown(label), "lines": lines })
    });
    json!({
        "title": shown(&paper.title),
        "running": shown(&cut(&paper.title, RUNNING)),
        "subtitles": paper.subtitles.iter().map(|subtitle| shown(subtitle)).collect::<Vec<_>>(),
        "network": shown(&paper.network),
        "committee": shown(&paper.committee),
        "accent": paper.accent,
        "facts": facts.collect::<Vec<_>>(),
        "contents": contents_depth(paper),
        "blocks": blocks(&paper.blocks),
        "footer": shown(&paper.footer),
        "day": day(&paper.made_at).map(|(year, month, day)| json!([year, month, day])),
    })
}

fn blocks(given: &[Block]) -> Vec<Value> {
    given.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading { level, text } => json!({ "is": "heading", "level": level, "text": shown(text) }),
        Block::Paragraph(given) => json!({ "is": "paragraph", "runs": runs(given) }),
        Block::List { ordered, items } => json!({
            "is": if *ordered { "numbers" } else { "bullets" },
            "items": items.iter().map(|item| blocks(item)).collect::<Vec<_>>(),
        }),
        Block::Quote(given) => json!({ "is": "quote", "blocks": blocks(given) }),
        Block::Table(table) => self::table(table),
        Block::Callout { label, blocks: given } => json!({
            "is": "callout",
            "label": shown(label),
            "blocks": blocks(given),
            "together": given.iter().map(length).sum::<usize>() < KEPT_TOGETHER,
        }),
        Block::Rule => json!({ "is": "rule" }),
    }
}

fn table(table: &Table) -> Value {
    let row = |cells: &Vec<Vec<Run>>| {
        let longest = cells.iter().map(|cell| said(cell)).max().unwrap_or_default();
        // In a narrow column even few words make a tall row.
        let together = longest * cells.len() < KEPT_TOGETHER;
        json!({ "cells": cells.iter().map(|cell| runs(cell)).collect::<Vec<_>>(), "together": together })
    };
    json!({
        "is": "table",
        "caption": shown(&table.caption),
        "head": table.head.iter().map(|cell| runs(cell)).collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "weights": table.weights,
    })
}

/// How many characters a block says, about: what stands in lists and tables takes more room than its words.
fn length(block: &Block) -> usize {
    let all = |blocks: &[Block]| blocks.iter().map(length).sum::<usize>();
    match block {
        Block::Heading { text, .. } => text.chars().count() + 80,
        Block::Paragraph(runs) => said(runs) + 60,
        Block::List { items, .. } => items.iter().map(|item| all(item)).sum(),
        Block::Quote(blocks) | Block::Callout { blocks, .. } => all(blocks) + 60,
        Block::Table(table) => table.rows.iter().flatten().map(|cell| said(cell) + 60).sum::<usize>() + 120,
        Block::Rule => 30,
    }
}

fn said(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.text.chars().count() + 40 * run.text.matches('\n').count()).sum()
}

fn runs(given: &[Run]) -> Vec<Value> {
    let mut out = Vec::with_capacity(given.len());
    for run in given {
        for (at, words) in run.text.split('\n').enumerate() {
            if at > 0 {
                out.push(json!({ "break": true }));
            }
            if !words.is_empty() {
                out.push(
                    json!({ "text": shown(words), "bold": run.bold, "italic": run.italic, "link": run.link }),
                );
            }
        }
    }
    out
}

/// The beginning of a text, cut between words.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most).collect();
    let kept = start.rsplit_once(' ').map_or(start.as_str(), |(kept, _)| kept);
    format!("{}…", kept.trim_end_matches([',', ';', ':', '.', '–', '\u{a0}', ' ']))
}

/// The text in signs that our fonts have, with places where long words may be cut.
fn shown(text: &str) -> String {
    let mut known = String::with_capacity(text.len());
    for sign in text.chars() {
        if can_show(sign) {
            known.push(sign);
        } else {
            stand_in(sign, &mut known);
        }
    }
    if known.split_whitespace().any(|word| word.chars().count() > LONGEST_WORD) {
        return known.split_inclusive(char::is_whitespace).map(with_cuts).collect();
    }
    known
}

/// What is said for a sign that no font of ours has.
fn stand_in(sign: char, out: &mut String) {
    let words = match sign {
        '→' | '⇒' | '➔' | '➜' | '➡' | '⟶' => "->",
        '←' | '⇐' | '⬅' => "<-",
        '✓' | '✔' | '☑' | '✅' | '☒' => "[x]",
        '☐' | '❏' | '❑' => "[ ]",
        '≥' => ">=",
        '≤' => "<=",
        '●' | '▪' | '■' | '◦' | '○' | '▶' | '➢' | '❖' => "•",
        '\u{2010}'..='\u{2012}' => "-",
        // Selectors of looks, joiners and marks of direction show nothing by themselves.
        '\u{200c}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{ad}'
        | '\u{feff}' => "",
        '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e01ef}' => "",
        c if c.is_whitespace() => " ",
        c => {
            let parts: String = std::iter::once(c).nfkd().collect();
            if parts.chars().all(|part| can_show(part) || is_combining_mark(part)) {
                out.push_str(&with_known_marks(&parts));
            } else if !out.ends_with(UNKNOWN) {
                out.push(UNKNOWN);
            }
            return;
        }
    };
    out.push_str(words);
}

/// Letters with those of their marks that our fonts have on them: « ễ » is « ê ».
fn with_known_marks(parts: &str) -> String {
    let mut out = String::new();
    for part in parts.chars() {
        match out.pop() {
            Some(letter) if is_combining_mark(part) => {
                out.push(compose(letter, part).filter(|composed| can_show(*composed)).unwrap_or(letter));
            }
            before => {
                out.extend(before);
                out.extend(Some(part).filter(|part| !is_combining_mark(*part)));
            }
        }
    }
    out
}

/// A long word with places where it may be cut: after the signs that part an address, and anywhere in what is longer.
fn with_cuts(word: &str) -> String {
    if word.trim_end().chars().count() <= LONGEST_WORD {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len() * 2);
    let mut since = 0;
    for sign in word.chars() {
        if since >= CUT_EVERY && !is_combining_mark(sign) {
            out.push('\u{200b}');
            since = 0;
        }
        out.push(sign);
        since += 1;
        if since > 3 && matches!(sign, '/' | '.' | '-' | '_' | '?' | '&' | '=' | '@' | ',' | ';') {
            out.push('\u{200b}');
            since = 0;
        }
    }
    out
}
