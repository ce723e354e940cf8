//! Reading what people really type: telephone numbers that lost their zero, names in capitals, dates in
//! ten shapes. Pure functions of text, used by forms and by the import of spreadsheets alike.
//!
//! A reader answers a stored shape or says in French why it cannot; it never guesses in silence. What a
//! reader gives back, it reads again unchanged.

pub mod charter;
pub mod date;
pub mod email;
pub mod heading;
pub mod hours;
pub mod name;
pub mod phone;
pub mod postcode;
pub mod siret;
pub mod social;
pub mod status;
pub mod structure_name;
pub mod website;

use kit::text;

/// Whether a cell says « nothing here »: empty, « - », « / », « ? », « néant », « aucun », « n/a »…
/// (source: spreadsheets of networks). « non » and « x » mean something in some columns and do not count.
pub fn is_nothing(cell: &str) -> bool {
    const NOTHING: [&str; 13] = [
        "neant",
        "aucun",
        "aucune",
        "rien",
        "vide",
        "nc",
        "n c",
        "na",
        "n a",
        "nr",
        "non renseigne",
        "null",
        "ras",
    ];
    let folded = text::fold(cell);
    // A cell of signs only says nothing, save a tick.
    let only_signs = folded.is_empty() && !cell.contains(TICKS);
    only_signs || NOTHING.contains(&folded.as_str())
}

/// Signs put for « yes ».
const TICKS: [char; 8] = ['✓', '✔', '☑', '✅', '🗸', '☒', '●', '•'];

/// Whether a row of a sheet sums up the others instead of being one of them: « TOTAL | 43 », « Total
/// général », « Nombre de PdN : 43 », or nothing but small numbers and formulas.
pub fn is_total_row(cells: &[String]) -> bool {
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let Some((first, others)) = cells.split_first() else { return false };
    if is_sum(first) {
        return others.iter().all(|cell| is_sum(cell) || says_total(cell));
    }
    let counted = cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    let announced = says_total(first) || (says_count(first) && counted);
    announced && others.iter().all(|cell| is_sum(cell) || says_total(cell))
}

/// A formula or a number of at most six digits, signs and currency aside: never a telephone number.
fn is_sum(cell: &str) -> bool {
    let cell = text::tidy(cell);
    if cell.starts_with('=') {
        return true;
    }
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let plain = cell.chars().all(|c| c.is_ascii_digit() || " .,%€-+/".contains(c));
    let lost_zero = cell.starts_with('0') && digits > 4;
    plain && !lost_zero && (1..=6).contains(&digits)
}

fn says_total(cell: &str) -> bool {
    let folded = text::fold(cell);
    let words: Vec<&str> = folded.split(' ').collect();
    matches!(words.as_slice(), ["total" | "totaux" | "somme", ..] | ["sous", "total" | "totaux", ..])
        && words.len() <= 6
}

fn says_count(cell: &str) -> bool {
    let folded = text::fold(cell);
    let mut words = folded.split(' ');
    matches!(words.next(), Some("nombre" | "nb" | "effectif" | "effectifs" | "moyenne")) && words.count() <= 5
}

/// [`text::tidy`] without invisible marks (directions, joiners, soft hyphens), and with one apostrophe,
/// the ASCII one: what every reader starts from.
fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'))
        .map(|c| if matches!(c, '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '＇') { '\'' } else { c })
        .collect();
    text::tidy(&visible)
}

/// The whole number a spreadsheet made of digits: `730552034.0` → `730552034`, `7.30552034E+08` likewise.
/// `None` for any other text, and when the exponent shows that digits were lost.
fn whole_number(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('\'');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.trim_start_matches('+').parse::<usize>().ok()?),
        None => (text, 0),
    };
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    if !digits(whole) || !(decimals.is_empty() || digits(decimals)) {
        return None;
    }
    if exponent == 0 {
        let zero = decimals.len() <= 2 && decimals.bytes().all(|b| b == b'0');
        return zero.then(|| whole.to_owned());
    }
    // Six figures are all a narrow column shows: fewer decimals than that are a rounded number.
    let kept =
        whole.len() == 1 && decimals.len() > 5 && (decimals.len()..=decimals.len() + 3).contains(&exponent);
    kept.then(|| format!("{whole}{decimals:0<exponent$}"))
}

/// At most the first `most` characters, to quote what was typed in a message.
fn quoted(text: &str, most: usize) -> String {
    let mut quoted: String = text.chars().take(most).collect();
    if text.chars().nth(most).is_some() {
        quoted.push('…');
    }
    quoted
}

/// The word with a capital on its first letter, the others small.
fn capital(word: &str) -> String {
    let mut first = true;
    let cased = word.chars().map(|c| {
        let letter = c.is_alphabetic();
        let cased = if letter && first { one(c.to_uppercase(), c) } else { one(c.to_lowercase(), c) };
        first &= !letter;
        cased
    });
    cased.collect()
}

/// The word in small letters.
fn small(word: &str) -> String {
    word.chars().map(|c| one(c.to_lowercase(), c)).collect()
}

/// The other case of a letter when that is one letter too; ligatures that have three cases stay.
fn one(mut cased: impl Iterator<Item = char>, c: char) -> char {
    let three_cases = matches!(c, '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}');
    match (cased.next(), cased.next()) {
        (Some(other), None) if !three_cases => other,
        _ => c,
    }
}

#[cfg(test)]
mod tests;
