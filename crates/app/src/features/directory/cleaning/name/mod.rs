//! Names of people: capitals made names again, and full names cut into first and last name. What is
//! already written with care stays as it is.

mod given;

use kit::text::fold;

use super::{capital, clean, small};

/// Lower inside a name that was typed in one case: « CHARLES DE GAULLE » → « Charles de Gaulle ».
const LINKS: [&str; 4] = ["de", "du", "des", "d"];

/// Words that a name written with care may hold in lower case.
const LOWER: [&str; 41] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "da", "do", "dos", "das", "di", "del", "della", "dello",
    "van", "von", "der", "den", "ter", "ten", "zu", "el", "al", "ben", "bin", "ibn", "bint", "y", "e", "et",
    "dit", "dite", "née", "né", "épouse", "ép", "veuve", "ou", "op",
];

/// Words a last name may begin with, as it is told from a first name: « Le Goff », « Da Silva ».
const PARTICLES: [&str; 22] = [
    "le", "la", "les", "de", "du", "des", "da", "do", "dos", "das", "di", "del", "della", "van", "von",
    "der", "den", "el", "al", "ben", "bel", "ait",
];

const TITLES: [&str; 13] = [
    "m",
    "mr",
    "mme",
    "mlle",
    "mlles",
    "monsieur",
    "madame",
    "mademoiselle",
    "dr",
    "docteur",
    "mm",
    "melle",
    "mmes",
];

/// A person's first or last name, tidied. All in capitals or all in lower case, each part gets its capital
/// (`LE GOFF` → `Le Goff`, `N'DIAYE` → `N'Diaye`, `jean-baptiste` → `Jean-Baptiste`), and « de », « du »,
/// « des », « d' » stay small inside (never first or last). In mixed case only what is plainly amiss is
/// changed: a part in capitals (`Le GOFF`), a small first letter (`Jean-baptiste`). Apostrophes become
/// `'`, hyphens `-`. A capital inside (`MCDONALD`) cannot be known: `Mcdonald`.
pub fn person(text: &str) -> String {
    // The capital given to a lone letter may leave capitals alone, which read otherwise: hence twice.
    cased(&cased(&joined(text).replace(" - ", "-")))
}

fn cased(text: &str) -> String {
    let lower = text.chars().any(char::is_lowercase);
    let one_case = !(lower && text.chars().any(char::is_uppercase));
    let parts: Vec<&str> = text.split_inclusive([' ', '-', '\'']).collect();
    let last = parts.len().saturating_sub(1);
    let written = parts.iter().enumerate().map(|(at, part)| {
        let (word, end) = match part.strip_suffix([' ', '-', '\'']) {
            Some(word) => (word, &part[word.len()..]),
            None => (*part, ""),
        };
        let after_apostrophe = at > 0 && parts[at - 1].ends_with('\'');
        let word = if one_case {
            let inside = at > 0 && at < last && LINKS.contains(&small(word).as_str());
            let link = inside && (end == "'") == (small(word) == "d");
            if link { small(word) } else { capital(word) }
        } else {
            mended(word, after_apostrophe, end == "'")
        };
        word + end
    });
    written.collect()
}

/// First and last name out of a full one: « Fatou Le Goff », « LE GOFF Fatou », « Mme Le Goff Fatou »,
/// « M. Rémi Béraud », « Béraud, Rémi », with a comment after it. Capitals tell the last name, then a
/// particle, then a common first name; without any of these the first word is the first name. `None` for
/// one word, for several people and for what is no name.
pub fn split_full(text: &str) -> Option<(String, String)> {
    let text = joined(text.split(['(', '[', '<']).next().unwrap_or_default());
    let text = without_comment(&text);
    let not_one_name = |c: char| c.is_ascii_digit() || "@/;&+:|?!=".contains(c);
    if text.contains(not_one_name) || text.chars().count() > 80 {
        return None;
    }
    let words: Vec<&str> = text
        .split(' ')
        .filter(|word| !TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()))
        .collect();
    let no_name = |word: &&str| matches!(*word, "et" | "ou") || NO_NAMES.contains(&fold(word).as_str());
    if words.len() > 7 || words.iter().any(no_name) {
        return None;
    }
    let (first, last) = match words.join(" ").split_once(',') {
        Some((last, first)) => (first.trim().to_owned(), last.trim().to_owned()),
        None => {
            let (first, last) = cut(&words)?;
            (first.join(" "), last.join(" "))
        }
    };
    let letters = |name: &str| name.chars().any(char::is_alphabetic) && !name.contains(',');
    (letters(&first) && letters(&last)).then(|| (person(&first), person(&last)))
}

/// Said of a post, never of a person.
const NO_NAMES: [&str; 22] = [
    "poste",
    "postes",
    "vacant",
    "vacante",
    "recruter",
    "recrutement",
    "pourvoir",
    "direction",
    "cours",
    "service",
    "equipe",
    "accueil",
    "secretariat",
    "coordination",
    "structure",
    "absent",
    "absente",
    "remplacement",
    "conge",
    "total",
    "attente",
    "voir",
];

/// How professions begin, folded.
const JOBS: [&str; 22] = [
    "direct",
    "respons",
    "anima",
    "coordin",
    "educat",
    "referent",
    "president",
    "charge",
    "conseill",
    "informat",
    "mediat",
    "psycholog",
    "assistant",
    "adjoint",
    "chef",
    "agent",
    "infirm",
    "secretaire",
    "stagiaire",
    "service",
    "promeneu",
    "pdn",
];

/// One kind of hyphen, and no spaces around it or after an apostrophe.
fn joined(text: &str) -> String {
    let mut text: String = clean(text)
        .chars()
        .map(|c| if matches!(c, '\u{2010}'..='\u{2013}' | '\u{2212}') { '-' } else { c })
        .collect();
    // « Dupont - Aubert » is one name; « Dupont - animatrice » a name and a comment.
    while let Some((before, after)) = text.split_once(" - ") {
        if is_comment(after) || before.is_empty() {
            break;
        }
        text = format!("{before}-{after}");
    }
    text.replace("' ", "'")
}

/// Drops what follows the name: « Léa Béraud, directrice », « Léa Béraud - directrice ».
fn without_comment(text: &str) -> &str {
    let text = text.split(" - ").next().unwrap_or_default();
    match text.split_once(',') {
        Some((name, comment)) if is_comment(comment.trim()) && name.contains(char::is_uppercase) => {
            name.trim()
        }
        _ => text,
    }
}

/// Whether what follows a name is no part of it: small letters, or a profession.
fn is_comment(text: &str) -> bool {
    let folded = fold(text);
    text.chars().next().is_none_or(char::is_lowercase) || JOBS.iter().any(|job| folded.starts_with(job))
}

/// Where the first name ends and the last one begins, or the other way round.
fn cut<'w>(words: &'w [&'w str]) -> Option<(&'w [&'w str], &'w [&'w str])> {
    if words.len() < 2 {
        return None;
    }
    if let Some(cut) = cut_at_capitals(words) {
        return Some(cut);
    }
    let particle = |word: &&str| PARTICLES.contains(&fold(word).as_str());
    if let Some(at) = words.iter().position(particle) {
        let name = words[at..].iter().take_while(|word| particle(word)).count() + 1;
        return match (at, words.get(name..)) {
            (0, Some(first)) if !first.is_empty() => Some((first, &words[..name])),
            (0, _) if words.len() == 2 && matches!(fold(words[0]).as_str(), "ben" | "al") => {
                Some(words.split_at(1))
            }
            (0, _) => None,
            _ => Some(words.split_at(at)),
        };
    }
    let end = words.len() - 1;
    if given::likeness(words[end]) > given::likeness(words[0]) {
        let (last, first) = words.split_at(end);
        return Some((first, last));
    }
    let double = words.len() > 2 && given::likeness(words[0]) > 0 && given::likeness(words[1]) > 0;
    Some(words.split_at(if double { 2 } else { 1 }))
}

/// When one end is in capitals and the other not, the capitals are the last name.
fn cut_at_capitals<'w>(words: &'w [&'w str]) -> Option<(&'w [&'w str], &'w [&'w str])> {
    let capitals = |word: &&str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters > 1 && !word.chars().any(char::is_lowercase)
    };
    let before = words.iter().take_while(|word| capitals(word)).count();
    let after = words.iter().rev().take_while(|word| capitals(word)).count();
    match (before, after) {
        (0, 0) => None,
        (n, _) if n == words.len() => None,
        (0, n) => Some(words.split_at(words.len() - n)),
        (n, 0) => Some((&words[n..], &words[..n])),
        _ => None,
    }
}

/// A part of a name in mixed case: capitals and small first letters mended, all else left.
fn mended(word: &str, after_apostrophe: bool, before_apostrophe: bool) -> String {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let lower = !letters.is_empty() && letters.iter().all(|c| c.is_lowercase());
    let upper = letters.len() > 1 && letters.iter().all(|c| c.is_uppercase());
    // « JB », « PM »: initials have no vowel.
    let initials = letters.len() < 4 && !fold(word).contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if upper && !initials
        || lower && !after_apostrophe && !before_apostrophe && !LOWER.contains(&word.trim_end_matches('.'))
    {
        capital(word)
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests;
