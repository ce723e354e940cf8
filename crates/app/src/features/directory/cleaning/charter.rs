//! The « Charte » column: whether somebody signed it (source: spreadsheets of networks).

use chrono::NaiveDate;
use kit::text::fold;

use super::{TICKS, clean, date, whole_number};

/// Where somebody is with the charter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharterRead {
    /// Signed, on that day when it is known to the day.
    Signed(Option<NaiveDate>),
    /// Sent, awaited.
    Sent,
    /// Still to be sent.
    ToSend,
    /// Will not sign.
    Refused,
}

const REFUSED: &[&str] = &["refus", "a refus", "ne veut pas", "ne souhaite pas", "ne signera pas", "oppos"];
const TO_SEND: &[&str] = &[
    "non",
    "no",
    "pas",
    "a envoyer",
    "a faire",
    "a transmettre",
    "a donner",
    "a renvoyer",
    "a demander",
    "a prevoir",
    "faux",
    "false",
    "manque",
    "manquante",
    "absente",
    "aucune",
    "neant",
    "a venir",
    "jamais",
    "rien",
    "n",
    "0",
];
const SENT: &[&str] = &[
    "en attente",
    "attente",
    "attend",
    "envoye",
    "en cours",
    "a signer",
    "transmis",
    "remis",
    "relanc",
    "a relancer",
    "relance",
    "donnee",
    "mail envoye",
    "a recuperer",
    "a retourner",
    "partie",
    "adressee",
];
const SIGNED: &[&str] = &[
    "x",
    "xx",
    "xxx",
    "oui",
    "ok",
    "o",
    "y",
    "yes",
    "v",
    "vrai",
    "true",
    "1",
    "signe",
    "signee",
    "signes",
    "signees",
    "signature",
    "fait",
    "faite",
    "recu",
    "recue",
    "retournee",
    "retour",
    "rendue",
    "valide",
    "validee",
    "a signe",
    "a jour",
    "charte signee",
    "c est fait",
    "bon",
];

/// Reads a cell of the « Charte » column: `X`, « oui », `✓`, « signée le 12/10/2025 » → signed; « en attente »
/// → sent; « non », « à envoyer », « - » → to send; « refus » → refused. A date alone is that of the
/// signature. `None` when the cell is empty or says something else.
pub fn read(cell: &str) -> Option<CharterRead> {
    let cell = clean(cell);
    let folded = fold(&cell);
    if folded.is_empty() {
        return signs(&cell);
    }
    let number = whole_number(&cell);
    let folded = if number.as_deref().is_some_and(|n| matches!(n, "0" | "1")) {
        number.unwrap_or_default()
    } else {
        folded
    };
    let says = |words: &[&str], whole: bool| words.iter().any(|word| begins(&folded, word, whole));
    if says(REFUSED, false) {
        return Some(CharterRead::Refused);
    }
    if says(SENT, false) {
        return Some(CharterRead::Sent);
    }
    if says(TO_SEND, true) {
        return Some(CharterRead::ToSend);
    }
    let doubt = ["verifier", "voir", "prevu", "bientot", "probable", "retrouver"];
    if cell.contains('?') || doubt.iter().any(|word| folded.contains(word)) {
        return None;
    }
    let day = day_in(&cell);
    (day.is_some() || says(SIGNED, true) || date::read(&cell).is_ok()).then_some(CharterRead::Signed(day))
}

/// What signs alone say.
fn signs(cell: &str) -> Option<CharterRead> {
    if cell.contains(TICKS) {
        return Some(CharterRead::Signed(None));
    }
    let none = cell.contains(['✗', '✘', '❌', '☐', '✖']);
    let dashes = !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | '–' | '—' | '/' | '_'));
    (none || dashes).then_some(CharterRead::ToSend)
}

/// Whether the cell begins with these words, « charte » aside.
fn begins(folded: &str, start: &str, whole: bool) -> bool {
    let rest = folded.strip_prefix("charte ").unwrap_or(folded);
    rest.strip_prefix(start).is_some_and(|rest| !whole || rest.is_empty() || rest.starts_with(' '))
}

/// The day told in the cell, from its first figure on when words stand before.
fn day_in(cell: &str) -> Option<NaiveDate> {
    let from = cell.find(|c: char| c.is_ascii_digit())?;
    let told = cell[from..].trim_end_matches([')', '.', ' ', ';', ',']);
    let told = told.split(['(', ',', ';']).next().unwrap_or_default();
    date::read(told).ok().filter(|read| read.exact).map(|read| read.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_a_yes_or_a_tick_is_a_signature() {
        for typed in [
            "X",
            "x",
            " x ",
            "oui",
            "OUI",
            "Oui.",
            "ok",
            "✓",
            "✔️",
            "☑",
            "1",
            "1.0",
            "signée",
            "Charte signée",
            "vrai",
            "reçue",
            "fait",
        ] {
            assert_eq!(read(typed), Some(CharterRead::Signed(None)), "{typed}");
        }
    }

    #[test]
    fn the_day_of_the_signature_is_kept() {
        let day = NaiveDate::from_ymd_opt(2025, 10, 12);
        for typed in [
            "signée le 12/10/2025",
            "Signée 12/10/25",
            "oui (12/10/2025)",
            "x 12/10/2025",
            "12/10/2025",
            "2025-10-12 00:00:00",
            "45942",
            "signée le 12 octobre 2025",
            "OK le 12/10/2025.",
            "charte signée : 12/10/2025",
        ] {
            assert_eq!(read(typed), Some(CharterRead::Signed(day)), "{typed}");
        }
        assert_eq!(read("signée en 2021"), Some(CharterRead::Signed(None)));
        assert_eq!(read("oct. 2021"), Some(CharterRead::Signed(None)));
    }

    #[test]
    fn what_is_not_signed_yet_is_told_apart() {
        for typed in [
            "en attente",
            "En attente de signature",
            "envoyée",
            "envoyée le 12/10/2025",
            "en cours",
            "à signer",
            "relancée",
        ] {
            assert_eq!(read(typed), Some(CharterRead::Sent), "{typed}");
        }
        for typed in
            ["non", "NON", "à envoyer", "-", "–", "pas signée", "non signée", "0", "0.0", "❌", "pas encore"]
        {
            assert_eq!(read(typed), Some(CharterRead::ToSend), "{typed}");
        }
        for typed in ["refus", "Refusée", "a refusé", "refuse de signer"] {
            assert_eq!(read(typed), Some(CharterRead::Refused), "{typed}");
        }
    }

    #[test]
    fn anything_else_is_left_to_a_person() {
        for typed in [
            "",
            " ",
            "?",
            "voir avec Léa",
            "2",
            "signataire ?",
            "ouistiti",
            "X ?",
            "oui - à vérifier",
            "signature prévue",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
