//! French text made comparable: folding, words, slugs. SQL compares only what passed through here,
//! since `like` and collation differ between engines.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Lower case, no accents, ligatures opened, every run of other characters one space:
/// « Saint-Étienne‑d’Œuvre » → `saint etienne d oeuvre`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            // Most of any text: no table is asked.
            push_folded(&mut folded, c.to_ascii_lowercase());
            continue;
        }
        // Marks are dropped wherever they stand, so each sign can be taken apart by itself.
        decompose_canonical(c, |part| {
            if !is_combining_mark(part) {
                part.to_lowercase().for_each(|c| push_folded(&mut folded, c));
            }
        });
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        'œ' => folded.push_str("oe"),
        'æ' => folded.push_str("ae"),
        'ß' => folded.push_str("ss"),
        'ø' => folded.push('o'),
        'đ' => folded.push('d'),
        'ł' => folded.push('l'),
        c if c.is_alphanumeric() => folded.push(c),
        _ if folded.is_empty() || folded.ends_with(' ') => {}
        _ => folded.push(' '),
    }
}

/// The part of an address that names a thing: `fold` with hyphens, at most 80 characters.
pub fn slug(text: &str) -> String {
    let mut slug = fold(text).replace(' ', "-");
    slug.retain(|c| c.is_ascii_alphanumeric() || c == '-');
    slug.truncate(80);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "sans-nom".to_owned() } else { slug.to_owned() }
}

/// « 5 012 », with the narrow space that French puts between thousands.
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// What was typed, in NFC, without control characters, with runs of spaces made one.
pub fn tidy(text: &str) -> String {
    let composed: String = text
        .nfc()
        .map(|c| if c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}' { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    composed.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Like [`tidy`] for a text of several lines, which keep their ends.
pub fn tidy_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(tidy).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The same with the spaces that French does not break: before « : ; ? ! » » and after « « ».
pub fn unbroken(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            let sticks = matches!(*word, ":" | ";" | "?" | "!" | "?!" | "»" | "»," | "».")
                || words[at - 1].ends_with('«');
            out.push(if sticks { '\u{a0}' } else { ' ' });
        }
        out.push_str(word);
    }
    out
}

/// The beginning of a text, at most `most` characters, cut between words.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let kept = cut.rsplit_once(' ').map_or(cut.as_str(), |(kept, _)| kept);
    format!("{}…", kept.trim_end_matches([',', ';', ':', '.', '\u{a0}', ' ']))
}

/// How heavy so many bytes are: « 340 Ko », « 2 Mo ».
pub fn weight(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}Ko", bytes / 1_000),
        _ => format!("{}\u{a0}Mo", bytes / 1_000_000),
    }
}

/// How many letters must be changed, added, dropped or swapped to make one word of the other.
pub fn distance(one: &str, other: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let written = [0, 999, 1_000, 50_120, 1_234_567].map(number);
        assert_eq!(written, ["0", "999", "1\u{202f}000", "50\u{202f}120", "1\u{202f}234\u{202f}567"]);
    }

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("  Saint-Étienne‑d’Œuvre "), "saint etienne d oeuvre");
        assert_eq!(fold("ČAPEK"), "capek");
        assert_eq!(fold("E\u{301}lodie"), fold("Élodie"));
    }

    #[test]
    fn folding_sign_by_sign_says_what_taking_the_whole_apart_says() {
        let whole = |text: &str| {
            let mut folded = String::new();
            let parts = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
            parts.for_each(|c| push_folded(&mut folded, c));
            folded.trim_end().to_owned()
        };
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            let text = format!("a{c}B");
            assert_eq!(fold(&text), whole(&text), "{c:?}");
        }
        assert_eq!(fold("a\u{316}\u{301}\u{1ec7}"), whole("a\u{316}\u{301}\u{1ec7}"));
    }

    #[test]
    fn slugs_are_plain_and_never_empty() {
        assert_eq!(slug("MJC d'Étoile-sur-Rhône"), "mjc-d-etoile-sur-rhone");
        assert_eq!(slug("日本"), "sans-nom");
        assert!(slug(&"très ".repeat(60)).len() <= 80);
    }

    #[test]
    fn tidying_composes_and_drops_odd_spaces() {
        assert_eq!(tidy("  No\u{65}\u{301}\u{a0} \u{200b}Le\tGoff\u{7} "), "Noé Le Goff");
        assert_eq!(tidy_lines("un \r\n\r\n deux"), "un\n\ndeux");
    }

    #[test]
    fn french_spaces_hold_their_signs() {
        assert_eq!(unbroken("Qui\u{a0}: « Léa » ? Oui !"), "Qui\u{a0}: «\u{a0}Léa\u{a0}»\u{a0}? Oui\u{a0}!");
        assert_eq!(unbroken("a b : c"), "a b\u{a0}: c");
    }

    #[test]
    fn swapped_letters_count_once() {
        assert_eq!(distance("valence", "vlaence"), 1);
        assert_eq!(distance("perrin", "perin"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
