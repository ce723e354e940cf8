//! Telephone numbers as French people write them, kept as `+33612345678` (source: numbering plan of the
//! Arcep; E.164). Short and emergency numbers are kept as they are dialled: `3018`, `119`.

use super::{clean, whole_number};

/// Overseas: the country code, and how national numbers begin there after their zero.
const OVERSEAS: &[(&str, &[&str])] = &[
    ("262", &["262", "263", "269", "639", "692", "693"]),
    ("590", &["590", "690", "691"]),
    ("594", &["594", "694"]),
    ("596", &["596", "696", "697"]),
];

/// Numbers of two, three or six digits that may be given as somebody's.
const EMERGENCY: &[&str] = &[
    "15", "17", "18", "112", "114", "115", "119", "191", "196", "197", "116000", "116006", "116111", "116117",
];

/// A number stands in the first characters of its cell, or the cell is something else.
const MOST: usize = 120;

/// Reads a French number in any style and gives it as it is stored. Accepts separators and odd
/// groupings, `0033…`, `+33 (0)6…`, nine digits that lost their zero, the marks of a spreadsheet
/// (`730552034.0`), overseas numbers, short and service numbers, a comment, and takes the first of several.
pub fn read(cell: &str) -> Result<String, String> {
    let refused = || "Ce n’est pas un numéro de téléphone français.".to_owned();
    let text: String = clean(cell).chars().take(MOST).collect();
    if let Some(number) = whole_number(&text).and_then(|digits| stored(&digits, false)) {
        return Ok(number);
    }
    let text = letters_for_zero(&text);
    if let Some(number) = short(&text) {
        return Ok(number);
    }
    runs(&text).find_map(first_number).ok_or_else(refused)
}

/// Shows a stored number as it is dialled in France, with no-break spaces: `06 12 34 56 78`,
/// `0 800 23 13 13`, `0692 12 34 56`, `3018`. Anything else comes back as it is.
pub fn display(stored: &str) -> String {
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some(national) = stored.strip_prefix("+33").filter(|rest| rest.len() == 9 && all_digits(rest)) {
        return match national.strip_prefix('8') {
            Some(_) => grouped(&format!("0{national}"), &[1, 3, 2, 2, 2]),
            None => grouped(&format!("0{national}"), &[2, 2, 2, 2, 2]),
        };
    }
    for (code, starts) in OVERSEAS {
        let national = stored.strip_prefix('+').and_then(|rest| rest.strip_prefix(code));
        let Some(national) = national.filter(|rest| rest.len() == 9 && all_digits(rest)) else { continue };
        return if starts.iter().any(|start| national.starts_with(start)) {
            grouped(&format!("0{national}"), &[4, 2, 2, 2])
        } else {
            format!("+{code}\u{a0}{}", grouped(national, &[3, 2, 2, 2]))
        };
    }
    match stored.len() {
        6 if all_digits(stored) => grouped(stored, &[3, 3]),
        _ => stored.to_owned(),
    }
}

fn grouped(digits: &str, sizes: &[usize]) -> String {
    let mut digits = digits.chars();
    let groups: Vec<String> = sizes.iter().map(|size| digits.by_ref().take(*size).collect()).collect();
    groups.join("\u{a0}")
}

/// « O6 12 34… »: the letter typed for the digit, where it stands beside one.
fn letters_for_zero(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let letter = |at: usize| letters.get(at).is_some_and(|c| c.is_alphabetic());
    let zero = |at: usize| {
        let before = at.checked_sub(1);
        letters[at] == 'O' && digit(at + 1) && !before.is_some_and(letter)
            || letters[at] == 'O' && before.is_some_and(digit) && !letter(at + 1)
    };
    (0..letters.len()).map(|at| if zero(at) { '0' } else { letters[at] }).collect()
}

/// A short number, alone but for a label before it and a comment in brackets after.
fn short(text: &str) -> Option<String> {
    let text = text.split('(').next().unwrap_or_default();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (label, number) = text.split_at(start);
    let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let labelled =
        label.chars().all(|c| c.is_alphabetic() || " .:'°".contains(c)) && label.chars().count() <= 20;
    let known = EMERGENCY.contains(&digits.as_str())
        || (digits.len() == 4 && (digits.starts_with('3') || digits.starts_with("10")))
        || (digits.len() == 6 && digits.starts_with("118"));
    (labelled && known && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The stretches of text made of digits and of what may stand between them.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let between = " .-/()+_,;:*|\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{b7}\u{2022}'";
    text.split(move |c: char| !(c.is_ascii_digit() || between.contains(c)))
        .filter(|run| run.bytes().filter(u8::is_ascii_digit).count() >= 9)
}

/// The number of a stretch, or the first of the two that stand side by side in it.
fn first_number(run: &str) -> Option<String> {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let plus = |part: &str| part.trim_start_matches([' ', '(', ':', '\'', '-', '.', '/']).starts_with('+');
    if let Some(number) = stored(&digits(run), plus(run)) {
        return Some(number);
    }
    let ends = run.char_indices().filter(|(at, c)| *at > 0 && !c.is_ascii_digit()).map(|(at, _)| at);
    ends.into_iter().find_map(|end| {
        let (head, tail) = run.split_at(end);
        let head_digits = digits(head);
        let complete = plus(head) || head_digits.starts_with('0');
        let number = stored(&head_digits, plus(head)).filter(|_| complete)?;
        let gap: String = tail.chars().take_while(|c| !c.is_ascii_digit() && *c != '+').collect();
        let parted =
            gap.contains(['/', ',', ';', '(', '|', ':', '*']) || gap.contains(" -") || gap.contains(" –");
        (parted || first_number(tail).is_some()).then_some(number)
    })
}

/// The stored shape of digits, when they are a whole number.
fn stored(digits: &str, plus: bool) -> Option<String> {
    let international = if plus { Some(digits) } else { digits.strip_prefix("00") };
    if let Some(rest) = international {
        return abroad(rest);
    }
    match (digits.len(), digits.strip_prefix('0')) {
        (10, Some(national)) => national_number(national),
        (9, None) => national_number(digits),
        (11 | 12, None) => abroad(digits),
        _ => None,
    }
}

/// A number after its country code, with or without the zero that should not be there.
fn abroad(digits: &str) -> Option<String> {
    if let Some(national) = digits.strip_prefix("33") {
        return national_number(national.strip_prefix('0').unwrap_or(national));
    }
    OVERSEAS.iter().find_map(|(code, _)| {
        let national = digits.strip_prefix(code)?;
        let national = national.strip_prefix('0').unwrap_or(national);
        let whole = national.len() == 9 && !national.starts_with('0');
        whole.then(|| format!("+{code}{national}"))
    })
}

/// Nine digits that follow the zero; overseas ones carry their own country code.
fn national_number(digits: &str) -> Option<String> {
    if digits.len() != 9 || digits.starts_with('0') {
        return None;
    }
    let overseas = OVERSEAS.iter().find(|(_, starts)| starts.iter().any(|start| digits.starts_with(start)));
    let code = overseas.map_or("33", |(code, _)| code);
    Some(format!("+{code}{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_of_one_number_is_stored_alike() {
        for typed in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "06/12/34/56/78",
            "06 123 456 78",
            "0612345678",
            "06\u{a0}12\u{202f}34 56 78",
            "+33 6 12 34 56 78",
            "+33612345678",
            "+33 (0)6 12 34 56 78",
            "+33(0)612345678",
            "(+33) 6 12 34 56 78",
            "+ 33 6 12 34 56 78",
            "0033612345678",
            "00 33 6 12 34 56 78",
            "33 6 12 34 56 78",
            "33612345678.0",
            "612345678",
            "6 12 34 56 78",
            "612345678.0",
            "6.12345678E8",
            "6,12345678E+08",
            "'0612345678",
            "O6 12 34 56 78",
            "Tél. : 06 12 34 56 78",
            "06 12 34 56 78 (perso)",
            "06 12 34 56 78 - perso",
            "06 12 34 56 78 Marie",
            "06 12 34 56 78.",
            "06 12 34 56 78 / 04 75 00 00 00",
            "06 12 34 56 78/04 75 00 00 00",
            "06 12 34 56 78 ou 04 75 00 00 00",
            "06 12 34 56 78\n04 75 00 00 00",
            "0612345678 0475000000",
            "06 12 34 56 78 - 04 75 00 00 00",
            "06 12 34 56 78/79",
            "06–12–34–56–78",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("+33612345678"), "{typed}");
        }
        assert_eq!(read("07 366 306 26").as_deref(), Ok("+33736630626"));
        assert_eq!(read("730552034").as_deref(), Ok("+33730552034"));
    }

    #[test]
    fn overseas_numbers_carry_their_country_code() {
        for typed in
            ["0692 12 34 56", "692123456", "+262 692 12 34 56", "00262692123456", "+262 (0)692 12 34 56"]
        {
            assert_eq!(read(typed).as_deref(), Ok("+262692123456"), "{typed}");
        }
        assert_eq!(read("0590 12 34 56").as_deref(), Ok("+590590123456"));
        assert_eq!(read("0694 12 34 56").as_deref(), Ok("+594694123456"));
        assert_eq!(read("+596 596 12 34 56").as_deref(), Ok("+596596123456"));
        assert_eq!(display("+262692123456"), "0692\u{a0}12\u{a0}34\u{a0}56");
        assert_eq!(display("+262976123456"), "+262\u{a0}976\u{a0}12\u{a0}34\u{a0}56");
    }

    #[test]
    fn short_and_service_numbers_are_numbers_too() {
        assert_eq!(read("3018").as_deref(), Ok("3018"));
        assert_eq!(read("30 18 (gratuit)").as_deref(), Ok("3018"));
        assert_eq!(read("Tél : 119").as_deref(), Ok("119"));
        assert_eq!(read("0 800 23 13 13").as_deref(), Ok("+33800231313"));
        assert_eq!(display("+33800231313"), "0\u{a0}800\u{a0}23\u{a0}13\u{a0}13");
        assert_eq!(display("3018"), "3018");
    }

    #[test]
    fn what_is_no_french_number_is_refused() {
        for typed in [
            "",
            "-",
            "néant",
            "06 12 34 56",
            "06 12 34 56 7",
            "061234567890",
            "+41 22 123 45 67",
            "181 590 830 16612",
            "12/10/2025",
            "17 rue des Écoles",
            "00 00 00 00 00",
            "0000000000",
            "noe@caf.fr",
            "2024",
            "+33",
            "à demander",
        ] {
            assert_eq!(
                read(typed),
                Err("Ce n’est pas un numéro de téléphone français.".to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for typed in
            ["0612345678", "0 800 23 13 13", "3018", "119", "116 000", "0692123456", "+262 976 12 34 56"]
        {
            let stored = read(typed).unwrap();
            assert_eq!(read(&display(&stored)).as_deref(), Ok(stored.as_str()), "{typed}");
            assert_eq!(read(&stored).as_deref(), Ok(stored.as_str()), "{typed}");
        }
        assert_eq!(display("+33612345678"), "06\u{a0}12\u{a0}34\u{a0}56\u{a0}78");
    }
}
