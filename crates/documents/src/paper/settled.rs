//! A paper as every format can show it.

use super::{Block, Cell, DEEPEST_HEADING, DEEPEST_NESTING, Paper, Run, Table};

/// The accent of a paper whose own cannot be read.
const ACCENT: &str = "#0f5e6b";
/// Columns of a table, at most: Word knows no more.
const MOST_COLUMNS: usize = 63;
/// Lines of a table of contents, at most, unless there are as many headings of the first level.
const MOST_CONTENTS: usize = 36;
/// An address longer than this is none that anyone follows; typst refuses some of them.
const LONGEST_ADDRESS: usize = 2000;

/// The same paper, with nothing in it that a format would refuse or say otherwise than the others.
pub(super) fn settled(paper: &Paper) -> Paper {
    let title = line(&paper.title);
    let facts = paper.facts.iter().map(|(label, value)| (line(label), text(value)));
    Paper {
        title: if title.is_empty() { "Document".to_owned() } else { title },
        subtitles: paper.subtitles.iter().map(|subtitle| line(subtitle)).filter(|s| !s.is_empty()).collect(),
        network: line(&paper.network),
        committee: line(&paper.committee),
        accent: if is_color(&paper.accent) { paper.accent.to_lowercase() } else { ACCENT.to_owned() },
        facts: facts.filter(|(label, value)| !label.is_empty() && !value.trim().is_empty()).collect(),
        with_contents: paper.with_contents,
        blocks: outer(&paper.blocks),
        footer: line(&paper.footer),
        made_at: if is_moment(&paper.made_at) { paper.made_at.clone() } else { String::new() },
    }
}

fn is_color(accent: &str) -> bool {
    let digits = accent.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Year, month and day of a moment written as `2026-03-12T17:30:00Z`.
pub(super) fn day(moment: &str) -> Option<(u16, u8, u8)> {
    let year = moment.get(..4)?.parse().ok()?;
    let month = moment.get(5..7)?.parse().ok().filter(|month| (1..=12).contains(month))?;
    let most = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    let day = moment.get(8..10)?.parse().ok().filter(|day| (1..=most).contains(day))?;
    Some((year, month, day))
}

fn is_moment(moment: &str) -> bool {
    let shape: String = moment.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let below = |from: usize, most: u8| {
        moment.get(from..from + 2).and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| n < most)
    };
    shape == "0000-00-00T00:00:00Z"
        && day(moment).is_some()
        && below(11, 24)
        && below(14, 60)
        && below(17, 60)
}

/// Signs that no format can hold, and that no reader sees, are left out.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\r' if signs.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A text that stands on one line, its spaces made one. No-break spaces stay.
fn line(given: &str) -> String {
    let clean = text(given);
    let words = clean.split([' ', '\n']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The blocks of the paper itself: only here headings make its plan.
fn outer(blocks: &[Block]) -> Vec<Block> {
    let mut above = 0;
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Heading { level, text } => {
                let text = line(text);
                if !text.is_empty() {
                    let level = (*level).clamp(1, DEEPEST_HEADING).min(above + 1);
                    above = level;
                    out.push(Block::Heading { level, text });
                }
            }
            block => inner(block, 0, &mut out),
        }
    }
    out
}

fn all(blocks: &[Block], depth: usize) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        inner(block, depth, &mut out);
    }
    out
}

fn inner(block: &Block, depth: usize, out: &mut Vec<Block>) {
    let is_deep = depth >= DEEPEST_NESTING;
    match block {
        Block::Heading { text, .. } => {
            let text = line(text);
            if !text.is_empty() {
                out.push(Block::Paragraph(vec![Run::bold(text)]));
            }
        }
        Block::Paragraph(given) => {
            let runs = runs(given);
            if !runs.is_empty() {
                out.push(Block::Paragraph(runs));
            }
        }
        // Its words stay, one under the other.
        Block::List { items, .. } if is_deep => items.iter().flatten().for_each(|b| inner(b, depth, out)),
        Block::Quote(blocks) | Block::Callout { blocks, .. } if is_deep => {
            blocks.iter().for_each(|block| inner(block, depth, out));
        }
        Block::List { ordered, items } => {
            let items: Vec<_> = items.iter().map(|i| all(i, depth + 1)).filter(|i| !i.is_empty()).collect();
            if !items.is_empty() {
                out.push(Block::List { ordered: *ordered, items });
            }
        }
        Block::Quote(blocks) => {
            let blocks = all(blocks, depth + 1);
            if !blocks.is_empty() {
                out.push(Block::Quote(blocks));
            }
        }
        Block::Callout { label, blocks } => {
            let (label, blocks) = (line(label), all(blocks, depth + 1));
            if !label.is_empty() || !blocks.is_empty() {
                out.push(Block::Callout { label, blocks });
            }
        }
        Block::Table(table) => out.extend(self::table(table).map(Block::Table)),
        Block::Rule => out.push(Block::Rule),
    }
}

fn table(table: &Table) -> Option<Table> {
    let columns = table.rows.iter().map(Vec::len).chain([table.head.len()]).max()?.min(MOST_COLUMNS);
    let cells = |given: &[Cell]| -> Vec<Cell> {
        (0..columns).map(|at| given.get(at).map(|cell| runs(cell)).unwrap_or_default()).collect()
    };
    let head = cells(&table.head);
    let rows: Vec<Vec<Cell>> = table.rows.iter().map(|row| cells(row)).collect();
    if columns == 0 || (rows.is_empty() && head.iter().all(Vec::is_empty)) {
        return None;
    }
    Some(Table {
        caption: line(&table.caption),
        // A row of headings that says nothing is none.
        head: if head.iter().all(Vec::is_empty) { Vec::new() } else { head },
        rows,
        weights: (0..columns).map(|at| table.weights.get(at).copied().unwrap_or(1).clamp(1, 1000)).collect(),
    })
}

/// Runs without what holds nothing; those of one look that follow each other are one. None when nothing can be read.
fn runs(given: &[Run]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::with_capacity(given.len());
    for run in given {
        let run = Run { text: text(&run.text), link: run.link.as_deref().and_then(address), ..run.clone() };
        match out.last_mut() {
            Some(last) if (last.bold, last.italic, &last.link) == (run.bold, run.italic, &run.link) => {
                last.text.push_str(&run.text);
            }
            _ if run.text.is_empty() => {}
            _ => out.push(run),
        }
    }
    if out.iter().all(|run| run.text.chars().all(char::is_whitespace)) {
        return Vec::new();
    }
    out
}

/// An address that leads out of the paper, and does nothing else.
fn address(link: &str) -> Option<String> {
    let link = link.trim();
    if link.len() > LONGEST_ADDRESS {
        return None;
    }
    if link.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>')) {
        return None;
    }
    let (scheme, rest) = link.split_once(':')?;
    let known = ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str());
    (known && rest.chars().any(char::is_alphanumeric)).then(|| link.to_owned())
}

/// How many levels of headings the table of contents shows: as many as stand on a page. 0 for no
/// table.
pub(super) fn contents_depth(paper: &Paper) -> u8 {
    let lines = |depth: u8| {
        paper
            .blocks
            .iter()
            .filter(|block| matches!(block, Block::Heading { level, .. } if *level <= depth))
            .count()
    };
    match lines(1) {
        0 => 0,
        _ if !paper.with_contents => 0,
        _ => (1..=3).rev().find(|depth| lines(*depth) <= MOST_CONTENTS).unwrap_or(1),
    }
}
