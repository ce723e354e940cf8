//! What the heading of a column means, in the many words of coordinators' spreadsheets and of address
//! books, and which row of a sheet holds the headings.

mod fields;

use std::collections::BTreeSet;

use kit::text::{distance, fold};

use super::social;
use fields::{Fields, PEOPLE, SOCIAL, STRUCTURES};

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKind {
    People,
    Structures,
}

/// How far down a sheet headings are looked for.
const ROWS: usize = 20;

/// In bytes: what is longer is a sentence.
const LONGEST: usize = 160;

/// Words that change nothing in a heading.
const SILENT: [&str; 20] = [
    "de",
    "du",
    "des",
    "d",
    "l",
    "la",
    "le",
    "les",
    "en",
    "a",
    "au",
    "pdn",
    "promeneur",
    "promeneurs",
    "net",
    "n",
    "votre",
    "pro",
    "professionnel",
    "professionnelle",
];

/// The field of a person a heading stands for: « Tél. pro » → `phone`, « Insta » → `social:instagram`. Case,
/// accents, links, what stands in brackets and one typing error in a long word do not matter.
pub fn person_field(heading: &str) -> Option<&'static str> {
    either(heading, |heading| {
        field(heading, PEOPLE).or_else(|| {
            let code = social::network_code(heading)?;
            SOCIAL.iter().find(|field| field.strip_prefix("social:") == Some(code)).copied()
        })
    })
}

/// The field of a structure a heading stands for: « Nb postes PdN » → `labelled_posts`.
pub fn structure_field(heading: &str) -> Option<&'static str> {
    either(heading, |heading| field(heading, STRUCTURES))
}

/// Looks up the whole heading, then each side of its slashes, which must not say different things:
/// « Employeur / Structure », never « Mail / Tél ».
fn either(heading: &str, look: impl Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    let sides = || {
        let mut found = heading.split('/').filter_map(&look);
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    };
    look(heading).or_else(|| if heading.len() <= LONGEST && heading.contains('/') { sides() } else { None })
}

/// Whether headings are those of a list of people or of structures; `None` when they name nobody.
pub fn sheet_kind(headings: &[String]) -> Option<SheetKind> {
    let people = known(headings, person_field);
    let structures = known(headings, structure_field);
    let named = ["last_name", "first_name", "full_name"].iter().any(|field| people.contains(field));
    let people_score = if named && people.len() > 1 { people.len() } else { 0 };
    let structures_score =
        if structures.contains("name") && structures.len() > 1 { structures.len() } else { 0 };
    if people_score == 0 && structures_score == 0 {
        return None;
    }
    // Only people have a first name, only structures a SIRET.
    if people.contains("first_name") && !structures.contains("siret") {
        return Some(SheetKind::People);
    }
    let first =
        headings.iter().find(|heading| person_field(heading).is_some() || structure_field(heading).is_some());
    let opens_with_structure =
        first.is_some_and(|heading| person_field(heading).is_none_or(|field| field == "structure"));
    let structures_first =
        structures_score > people_score || structures_score == people_score && opens_with_structure;
    Some(if structures_first { SheetKind::Structures } else { SheetKind::People })
}

/// The row of the headings: the first of the top twenty where two headings or more of one kind are known
/// and make more than half of its cells. Titles and blank lines above it do not matter.
pub fn find_row(rows: &[Vec<String>]) -> Option<usize> {
    rows.iter().take(ROWS).position(|row| {
        let filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        let enough = |field: fn(&str) -> Option<&'static str>| {
            let recognised = row.iter().filter(|cell| field(cell).is_some()).count();
            recognised * 2 > filled && known(row, field).len() > 1
        };
        enough(person_field) || enough(structure_field)
    })
}

fn known(headings: &[String], field: fn(&str) -> Option<&'static str>) -> BTreeSet<&'static str> {
    headings.iter().filter_map(|heading| field(heading)).collect()
}

/// Looks a heading up: as it is, without its brackets, without silent words, then with a typing error.
fn field(heading: &str, fields: Fields) -> Option<&'static str> {
    if heading.len() > LONGEST {
        return None;
    }
    let whole = fold(heading);
    let bare = fold(heading.split(['(', '[', '\n']).next().unwrap_or_default());
    for text in [&whole, &bare].into_iter().filter(|text| !text.is_empty()) {
        let exact = find(fields, |phrase| phrase == text);
        let words: Vec<&str> = telling(text).collect();
        let loose = || find(fields, |phrase| !words.is_empty() && telling(phrase).eq(words.iter().copied()));
        if let Some(found) = exact.or_else(loose) {
            return Some(found);
        }
    }
    let words: Vec<&str> = telling(&bare).collect();
    find(fields, |phrase| alike(phrase, &words))
}

fn find(fields: Fields, fits: impl Fn(&str) -> bool) -> Option<&'static str> {
    fields.iter().find(|(_, phrases)| phrases.split('|').any(&fits)).map(|(field, _)| *field)
}

fn telling(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty() && !SILENT.contains(word))
}

/// The same words in the same order, with one typing error at most in each long one.
fn alike(phrase: &str, typed: &[&str]) -> bool {
    let mut words = telling(phrase);
    let close = |typed: &&str| {
        words.next().is_some_and(|known| {
            let long = known.len() >= 5 && typed.len() >= 5 && known.len().abs_diff(typed.len()) <= 1;
            known == *typed || long && distance(known, typed) <= 1
        })
    };
    !typed.is_empty() && typed.iter().all(close) && words.next().is_none()
}

#[cfg(test)]
mod tests;
