//! SIRET: the 14 digits that name an establishment (source: INSEE, Sirene; key by Luhn's formula).

use super::{clean, whole_number};

/// Reads a SIRET written with spaces, dots or the marks of a spreadsheet (`18159083016612.0`), and gives
/// back its 14 digits. Thirteen digits get back the zero they lost when the key is then right.
pub fn read(text: &str) -> Result<String, String> {
    let wrong_length = || Err("Un SIRET a 14 chiffres.".to_owned());
    let cleaned = clean(text);
    let bare = without_label(&cleaned);
    let Some(mut digits) = whole_number(bare).or_else(|| only_digits(bare)) else { return wrong_length() };
    if digits.len() == 13 {
        digits.insert(0, '0');
        return if is_right(&digits) { Ok(digits) } else { wrong_length() };
    }
    if digits.len() != 14 {
        return wrong_length();
    }
    if is_right(&digits) { Ok(digits) } else { Err("La clé de ce SIRET est fausse.".to_owned()) }
}

/// Groups the digits as official papers do: `181 590 830 16612`, with no-break spaces. Anything that is
/// not 14 digits comes back as it is.
pub fn display(siret: &str) -> String {
    if siret.len() != 14 || !siret.bytes().all(|b| b.is_ascii_digit()) {
        return siret.to_owned();
    }
    let mut shown = String::with_capacity(20);
    for (at, digit) in siret.chars().enumerate() {
        if matches!(at, 3 | 6 | 9) {
            shown.push('\u{a0}');
        }
        shown.push(digit);
    }
    shown
}

/// Drops « SIRET : », « n° » and what else stands before the first digit, when it is only that.
fn without_label(text: &str) -> &str {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (label, rest) = text.split_at(start);
    let folded = kit::text::fold(label);
    let known =
        folded.split(' ').all(|word| matches!(word, "" | "siret" | "n" | "no" | "numero" | "de" | "num"));
    if known { rest } else { text }
}

fn only_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || " .-_/'".contains(c));
    plain.then_some(digits)
}

/// Luhn's formula, or for La Poste (SIREN 356 000 000) a sum of digits that five divides.
fn is_right(digits: &str) -> bool {
    let figures: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = figures.iter().sum();
    let luhn: u32 = figures
        .iter()
        .rev()
        .enumerate()
        .map(|(at, figure)| if at % 2 == 1 { figure * 2 / 10 + figure * 2 % 10 } else { *figure })
        .sum();
    let post = digits.starts_with("356000000") && sum.is_multiple_of(5);
    sum > 0 && (luhn.is_multiple_of(10) || post)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG_KEY: &str = "La clé de ce SIRET est fausse.";
    const WRONG_LENGTH: &str = "Un SIRET a 14 chiffres.";

    #[test]
    fn spaces_dots_and_labels_are_dropped() {
        for typed in [
            "18159083016612",
            "181 590 830 16612",
            "181\u{a0}590\u{202f}830 16612",
            "181.590.830.16612",
            "18159083016612.0",
            "1.8159083016612E13",
            "1,8159083016612E+13",
            "'18159083016612",
            "SIRET : 181 590 830 16612",
            "N° SIRET 18159083016612",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("18159083016612"), "{typed}");
        }
    }

    #[test]
    fn a_lost_zero_comes_back_only_when_the_key_is_then_right() {
        assert_eq!(read("5420021000014"), Err(WRONG_LENGTH.to_owned()));
        let kept = (0..10).map(|d| format!("542002100001{d}")).filter(|typed| read(typed).is_ok()).count();
        assert_eq!(kept, 1);
    }

    #[test]
    fn a_wrong_key_and_a_wrong_length_are_told_apart() {
        assert_eq!(read("18159083016613"), Err(WRONG_KEY.to_owned()));
        assert_eq!(read("00000000000000"), Err(WRONG_KEY.to_owned()));
        for typed in ["", "181590830", "181590830166123", "à demander", "1.81591E+13", "FR18159083016612"] {
            assert_eq!(read(typed), Err(WRONG_LENGTH.to_owned()), "{typed}");
        }
    }

    #[test]
    fn the_post_office_has_its_own_key() {
        assert_eq!(read("356 000 000 00048").as_deref(), Ok("35600000000048"));
        assert_eq!(read("35600000000001").as_deref(), Ok("35600000000001"), "its digits sum up to fifteen");
        assert_eq!(read("35600000000002"), Err(WRONG_KEY.to_owned()));
    }

    #[test]
    fn digits_are_shown_in_groups() {
        assert_eq!(display("18159083016612"), "181\u{a0}590\u{a0}830\u{a0}16612");
        assert_eq!(read(&display("18159083016612")).as_deref(), Ok("18159083016612"));
        assert_eq!(display("abc"), "abc");
    }
}
