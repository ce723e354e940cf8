//! Whether a message looks as if a young person had written it. Then nothing of it may be kept beyond the answer
//! (national charter, art. 3: anonymity and confidentiality): the reader is shown how to answer and where to lead.

use std::sync::LazyLock;

use regex::Regex;

/// Ages at which one is spoken of as a young person by the scheme.
const AGES: &str =
    "1[0-9]|2[0-4]|dix|onze|douze|treize|quatorze|quinze|seize|dix-sept|dix-huit|dix-neuf|vingt";

static SIGNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let texts = [
        format!(r"(?i)\bj['’ ]?ai\s+({AGES})\s+ans\b"),
        r"(?i)\bje suis (en|au|à la) (6e|5e|4e|3e|6eme|5eme|4eme|3eme|6ème|5ème|4ème|3ème|sixième|cinquième|quatrième|troisième|seconde|première|terminale|coll[eè]ge|lyc[ée]e|fac)\b".to_owned(),
        r"(?i)\b(mes parents|ma m[eè]re|mon p[eè]re|mes darons|ma daronne|mon daron)\b.{0,80}\b(veulent|veut|disent|dit|savent|sait|comprennent|comprend|frappe|crie|fouille|pas)\b".to_owned(),
        r"(?i)\b(au|dans mon|à mon) (bahut|coll[eè]ge|lyc[ée]e)\b.{0,80}\b(me|m['’]|moi|j['’])".to_owned(),
    ];
    texts.iter().filter_map(|text| Regex::new(text).ok()).collect()
});

/// Looks for signs in what was written, earlier messages left out.
pub fn seems(written: &str) -> bool {
    SIGNS.iter().any(|sign| sign.is_match(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen_and_professionals_are_not_taken_for_pupils() {
        assert_eq!(SIGNS.len(), 4);
        for text in [
            "Salut, j'ai 14 ans et je sais pas à qui parler",
            "Bonjour je suis en 4e et",
            "mes parents ne comprennent rien",
            "au collège ils m’insultent tous les jours",
        ] {
            assert!(seems(text), "{text}");
        }
        for text in [
            "Bonjour, nous accueillons les 12-25 ans à la MJC.",
            "Je suis en réunion jeudi ; la mission locale confirme.",
            "L’atelier au collège aura lieu mardi à 14 h.",
            "Nous avons 15 ans d’expérience.",
        ] {
            assert!(!seems(text), "{text}");
        }
    }
}
