//! Names of structures: shown as one writes them, compared by a key that knows abbreviations, and the
//! kind of structure they tell.

mod key;
mod kind;
mod words;

pub use key::key;
pub use kind::kind;

use kit::text::{fold, tidy};

use super::{capital, small as lowered};
use words::{ACRONYMS, COMMON, LINKS};

/// A structure's name, tidied. In capitals or in small letters throughout, it gets those of a sentence:
/// « MAISON DES ADOLESCENTS DE VALENCE » → « Maison des adolescents de Valence ». Acronyms stay capitals,
/// common nouns and links small, any other word counts as a proper noun. Mixed case is left as it is.
pub fn read(text: &str) -> String {
    let text = tidy(text);
    let upper = text.contains(char::is_uppercase);
    if upper && text.contains(char::is_lowercase) {
        return text;
    }
    let mut written = String::with_capacity(text.len());
    let words: Vec<&str> = text.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            written.push(' ');
        }
        let next_is_place = words.get(at + 1).is_some_and(|next| next.contains('-'));
        let article = matches!(fold(word).as_str(), "la" | "le" | "les");
        if at > 0 && article && next_is_place && !is_common(words.get(at + 1).copied().unwrap_or_default()) {
            // « MJC DE LA ROCHE-DE-GLUN »: the article is part of the town's name.
            written.push_str(&capital(word));
        } else {
            written.push_str(&hyphenated(word, at == 0, upper));
        }
    }
    written
}

/// A word with its hyphens and its elided article: « SAINT-DONAT-SUR-L'HERBASSE ».
fn hyphenated(word: &str, opens: bool, upper: bool) -> String {
    if is_acronym(word, upper) {
        return word.to_uppercase();
    }
    let place = word.contains('-') && !is_common(word);
    let mut written = String::with_capacity(word.len());
    for (at, part) in word.split_inclusive(['-', '\'', '’', '/']).enumerate() {
        let bare = part.trim_end_matches(['-', '\'', '’', '/']);
        let link =
            LINKS.contains(fold(bare).as_str()) || part.ends_with(['\'', '’']) && bare.chars().count() < 3;
        let small =
            (link && (at > 0 || !place || part.ends_with(['\'', '’']))) || (!place && is_common(bare));
        let first = opens && at == 0;
        if is_acronym(bare, upper) && !link {
            written.push_str(&part.to_uppercase());
        } else if first || !small {
            written.push_str(&capital(part));
        } else {
            written.push_str(&lowered(part));
        }
    }
    written
}

fn is_common(word: &str) -> bool {
    let folded = fold(word);
    let known =
        |word: &str| COMMON.contains(word) || word.strip_suffix('s').is_some_and(|one| COMMON.contains(one));
    !folded.is_empty()
        && (known(&folded) || folded.split(' ').all(|part| known(part) || LINKS.contains(part)))
}

/// Known acronyms; among capitals also what cannot be spoken (`FRJTS`), holds digits or dots (`M.J.C.`),
/// or counts in Roman (`IV`).
fn is_acronym(word: &str, upper: bool) -> bool {
    let folded = fold(word);
    let folded = folded.as_str();
    if ACRONYMS.contains(folded) {
        return true;
    }
    let letters = folded.chars().count();
    let spoken = folded.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let dotted = word.matches('.').count() > 1;
    let roman = letters > 1 && folded.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let title = matches!(folded, "st" | "ste" | "sts" | "mr" | "dr" | "bd" | "mgr");
    let shown = letters > 1 && !title && !word.contains(['\'', '’', '-', '/']);
    upper
        && shown
        && !LINKS.contains(folded)
        && (dotted || roman || !spoken || folded.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
