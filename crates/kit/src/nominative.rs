//! No nominative data on young people or parents, ever: free texts that could attract it are looked at
//! before they are stored, and whoever wrote is asked. Nothing is decided for them: a professional's own
//! address looks the same.

/// What a text seems to hold, in French, for the question that is asked. Empty when nothing was seen.
pub fn seen_in(text: &str) -> Vec<&'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '+' && c != '_').to_owned()
    };
    let words: Vec<String> = words.into_iter().map(bare).collect();
    let mut seen = Vec::new();
    if has_phone(text) {
        seen.push("un numéro de téléphone");
    }
    if words.iter().any(|word| crate::web::form::email(word).is_ok()) {
        seen.push("une adresse électronique");
    }
    if words.iter().any(|word| is_handle(word)) {
        seen.push("un pseudonyme");
    }
    if names_with_age(&words) {
        seen.push("un prénom suivi d’un âge");
    }
    seen
}

/// Ten figures from 0, or nine after 33, with what people put between them.
fn has_phone(text: &str) -> bool {
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        match c {
            '0'..='9' => run.push(c),
            ' ' | '.' | '-' | '/' | '\u{a0}' | '\u{202f}' | '(' | ')' | '+' => {}
            _ => {
                if is_phone(&run) {
                    return true;
                }
                run.clear();
            }
        }
    }
    false
}

fn is_phone(figures: &str) -> bool {
    let national = figures.len() == 10 && figures.starts_with('0');
    let international = figures.len() >= 11 && figures.trim_start_matches('0').starts_with("33");
    (national || international) && figures.bytes().any(|b| b != b'0')
}

fn is_handle(word: &str) -> bool {
    word.strip_prefix('@').is_some_and(|name| {
        name.len() >= 3 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
    })
}

/// « Léa, 15 ans », « Léa Martin (15 ans) », « 15 ans, Léa »: an age of those whom promeneurs meet, with a
/// name within three words.
fn names_with_age(words: &[String]) -> bool {
    let is_age = |word: &str| word.parse::<u8>().is_ok_and(|age| (6..=25).contains(&age));
    let is_name = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && word.chars().count() > 2
            && letters.all(|c| c.is_lowercase() || c == '-' || c == '’' || c.is_uppercase())
            && word.chars().any(char::is_lowercase)
    };
    words.windows(2).enumerate().any(|(at, pair)| {
        let near = at.saturating_sub(3)..(at + 5).min(words.len());
        is_age(&pair[0]) && pair[1].starts_with("an") && {
            // The first word of a text has a capital without being a name.
            near.into_iter().any(|n| n > 0 && is_name(&words[n])) || (at == 1 && is_name(&words[0]))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_name_a_young_person_is_seen() {
        assert_eq!(seen_in("A rappelé au 06.12 34 56 78 hier"), ["un numéro de téléphone"]);
        assert_eq!(seen_in("Joindre +33 6 12 34 56 78."), ["un numéro de téléphone"]);
        assert_eq!(seen_in("écrit depuis lea.m@exemple.fr"), ["une adresse électronique"]);
        assert_eq!(seen_in("suit @lea_2009 sur Insta"), ["un pseudonyme"]);
        assert_eq!(seen_in("Situation de Léa Martin, 15 ans"), ["un prénom suivi d’un âge"]);
        assert_eq!(seen_in("Léa, 15 ans, inquiète"), ["un prénom suivi d’un âge"]);
    }

    #[test]
    fn facts_of_work_are_not() {
        for text in [
            "Bilan du 12/03/2026 : 14 jeunes de 12 à 25 ans rencontrés.",
            "Public de 15 ans et plus, le mercredi.",
            "Charte signée le 01/09/2024, formation socle en 2023.",
            "SIRET 77566202200015",
            "Budget 12 000 € sur 3 ans avec la Caf",
            "",
        ] {
            assert_eq!(seen_in(text), Vec::<&str>::new(), "{text}");
        }
    }
}
