//! Dates as they stand in French spreadsheets: day first, in figures or in words, or the serial number
//! of a cell that lost its format (source: the 1900 date system of spreadsheets).

use chrono::{Datelike, NaiveDate};
use kit::text::{distance, fold};

use super::{clean, quoted, whole_number};

/// A day, and whether it was given to the day: « mars 2019 » is its first day, not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRead {
    pub day: NaiveDate,
    pub exact: bool,
}

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// Said before a date without changing it.
const BEFORE: [&str; 36] = [
    "le",
    "la",
    "du",
    "de",
    "des",
    "depuis",
    "en",
    "a",
    "au",
    "partir",
    "compter",
    "d",
    "date",
    "signe",
    "signee",
    "signes",
    "signature",
    "envoye",
    "envoyee",
    "recu",
    "recue",
    "fait",
    "faite",
    "oui",
    "x",
    "ok",
    "entree",
    "arrivee",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "mois",
];

/// Said before a date that is not to be taken to the day.
const ABOUT: [&str; 10] =
    ["debut", "fin", "mi", "courant", "environ", "env", "vers", "rentree", "annee", "printemps"];

/// Reads a date: `01/09/2024`, `1/9/24`, `2023-05-02 00:00:00`, `45536`, `45536.0`, « 1er septembre 2024 »,
/// « sept. 2023 », `09/2023`, `2021`, « signée le 12/10/2025 », « depuis 09/2020 ». Two-digit years up to 69
/// are of this century. Refuses days that do not exist and everything that can be read in two ways.
pub fn read(text: &str) -> Result<DateRead, String> {
    let text = clean(text);
    let wrong = || match text.as_str() {
        "" => "Indiquez une date, par exemple 12/03/2026.".to_owned(),
        _ => format!("{} n’est pas une date.", quoted(&text, 40)),
    };
    serial(&text).or_else(|| written(&text)).ok_or_else(wrong)
}

/// Days since 1900, where 29 February 1900 counts though it never was; `20240901`; a year alone.
fn serial(text: &str) -> Option<DateRead> {
    let moment = text.split_once(['.', ',']).filter(|(_, rest)| rest.bytes().all(|b| b.is_ascii_digit()));
    let whole = match moment {
        Some((days, time)) if days.len() == 5 && !time.is_empty() => days.to_owned(),
        _ => whole_number(text)?,
    };
    let number: i32 = whole.parse().ok()?;
    match whole.len() {
        4 => year(number).and_then(|year| day(year, 1, 1, false)),
        5 => {
            let day = NaiveDate::from_ymd_opt(1899, 12, 30)?
                .checked_add_days(chrono::Days::new(number.try_into().ok()?))?;
            (1990..=2100).contains(&day.year()).then_some(DateRead { day, exact: true })
        }
        8 => {
            let month = |rest: i32| u32::try_from(rest).ok();
            let year_first =
                day(year(number / 10_000)?, month(number / 100 % 100)?, month(number % 100)?, true);
            year_first.filter(|_| number > 19_000_000)
        }
        _ => None,
    }
}

/// A date in figures or words, whatever stands between them.
fn written(text: &str) -> Option<DateRead> {
    let timed = text.contains([':', 'h', 'H']) || text.contains('T');
    let folded = fold(text.split('(').next().filter(|head| !fold(head).is_empty()).unwrap_or(text));
    let words: Vec<&str> = folded.split(' ').flat_map(apart).collect();
    let start = words.iter().position(|word| !BEFORE.contains(word) && !ABOUT.contains(word))?;
    let (before, words) = words.split_at(start);
    let about = before.iter().any(|word| ABOUT.contains(word));
    let read = [3, 2, 1].into_iter().filter(|length| *length <= words.len()).find_map(|length| {
        let (date, rest) = words.split_at(length);
        let over = rest.iter().all(|word| BEFORE.contains(word))
            || timed && length == 3 && rest.iter().all(|word| is_time(word));
        over.then(|| of_words(date)).flatten()
    })?;
    if before.contains(&"rentree") && words.len() == 1 {
        return day(read.day.year(), 9, 1, false);
    }
    Some(DateRead { exact: read.exact && !about, ..read })
}

/// `2023t05` and `02t00` cut at the letter, as in `2023-05-02T00:00:00`.
fn apart(word: &str) -> Vec<&str> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match word.split_once('t') {
        Some((day, hour)) if digits(day) && digits(hour) => vec![day, hour],
        _ => vec![word],
    }
}

fn is_time(word: &str) -> bool {
    let figures = word.trim_end_matches(['h', 'z']);
    let parts = figures.split('h').all(|part| part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()));
    word == "a" || parts
}

fn of_words(words: &[&str]) -> Option<DateRead> {
    match *words {
        [first, second, third] => match (month_name(second), figure(first, 4)) {
            (Some(month), _) => day(year_of(third)?, month, day_of(first)?, true),
            (None, Some(year_first)) => day(year(year_first)?, unsigned(second)?, unsigned(third)?, true),
            (None, None) => day(year_of(third)?, unsigned(second)?, unsigned(first)?, true),
        },
        [first, second] => match (month_name(first), figure(first, 4)) {
            (Some(month), _) => day(year_of(second)?, month, 1, false),
            (None, Some(year_first)) => day(year(year_first)?, unsigned(second)?, 1, false),
            // `09/23` is a month and a year; `09/10` may be a day of any year.
            (None, None) => {
                let year = figure(second, 4)
                    .and_then(year)
                    .or_else(|| year_of(second).filter(|year| year % 100 > 12))?;
                day(year, unsigned(first)?, 1, false)
            }
        },
        [year_alone] => day(year(figure(year_alone, 4)?)?, 1, 1, false),
        _ => None,
    }
}

fn day(year: i32, month: u32, day: u32, exact: bool) -> Option<DateRead> {
    NaiveDate::from_ymd_opt(year, month, day).map(|day| DateRead { day, exact })
}

fn year(number: i32) -> Option<i32> {
    (1950..=2100).contains(&number).then_some(number)
}

/// A year of four figures, or of two.
fn year_of(word: &str) -> Option<i32> {
    match figure(word, 4) {
        Some(number) => year(number),
        None => figure(word, 2).map(|short| if short < 70 { 2000 + short } else { 1900 + short }),
    }
}

fn figure(word: &str, length: usize) -> Option<i32> {
    let plain = word.len() == length && word.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

fn unsigned(word: &str) -> Option<u32> {
    let plain = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

/// « 1 », « 01 », « 1er », « 1ᵉʳ ».
fn day_of(word: &str) -> Option<u32> {
    unsigned(word.trim_end_matches(['e', 'r', 'ᵉ', 'ʳ']))
}

/// A month by its name, cut short after three letters or more (« janv », « sept »), one typing error in
/// the longer ones.
fn month_name(word: &str) -> Option<u32> {
    let short = |month: &str| word.len() >= 3 && month.starts_with(word);
    let contracted =
        |month: &str| matches!((word, month), ("jul", "juillet") | ("avl", "avril") | ("fvr", "fevrier"));
    let mistyped =
        |month: &str| word.len() >= 5 && month.len() >= 5 && word.len() < 12 && distance(word, month) <= 1;
    let mut found =
        (1u32..).zip(MONTHS).filter(|(_, month)| short(month) || contracted(month) || mistyped(month));
    let first = found.next()?;
    found.next().is_none().then_some(first.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(typed: &str) -> Option<String> {
        read(typed).ok().filter(|date| date.exact).map(|date| date.day.to_string())
    }

    fn about(typed: &str) -> Option<String> {
        read(typed).ok().filter(|date| !date.exact).map(|date| date.day.to_string())
    }

    #[test]
    fn every_way_of_giving_a_day_is_read() {
        for typed in [
            "01/09/2024",
            "1/9/24",
            "1/9/2024",
            "01.09.2024",
            "01-09-2024",
            "01 09 2024",
            "2024-09-01",
            "2024/09/01",
            "2024-09-01 00:00:00",
            "2024-09-01T00:00:00",
            "2024-09-01T00:00:00Z",
            "01/09/2024 00:00",
            "01/09/2024 à 14h30",
            "45536",
            "45536.0",
            "45536,0",
            "45536.75",
            "20240901",
            "1er septembre 2024",
            "1ᵉʳ septembre 2024",
            "1 sept. 2024",
            "01-sept-24",
            "dimanche 1er septembre 2024",
            "le 1er septembre 2024",
            "signée le 01/09/2024",
            "01/09/2024 signée",
            "depuis le 01/09/2024",
            "à partir du 01/09/2024",
            "1er septembre 2024 (avenant)",
            "1 setpembre 2024",
            "01\u{a0}/\u{a0}09\u{a0}/\u{a0}2024",
        ] {
            assert_eq!(exact(typed).as_deref(), Some("2024-09-01"), "{typed}");
        }
        assert_eq!(exact("26/01/20").as_deref(), Some("2020-01-26"));
        assert_eq!(exact("12 mars 2024").as_deref(), Some("2024-03-12"));
        assert_eq!(exact("le 3 mai 2024").as_deref(), Some("2024-05-03"));
        assert_eq!(exact("12/10/69").as_deref(), Some("2069-10-12"));
        assert_eq!(exact("12/10/85").as_deref(), Some("1985-10-12"));
        assert_eq!(exact("29/02/2024").as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn a_month_or_a_year_gives_its_first_day_and_says_so() {
        for typed in [
            "sept. 2023",
            "septembre 2023",
            "09/2023",
            "9/2023",
            "2023-09",
            "sept-23",
            "09/23",
            "en septembre 2023",
            "depuis 09/2023",
            "Septembre\u{a0}2023",
            "début septembre 2023",
            "rentrée 2023",
        ] {
            assert_eq!(about(typed).as_deref(), Some("2023-09-01"), "{typed}");
        }
        assert_eq!(about("2021").as_deref(), Some("2021-01-01"));
        assert_eq!(about("2021.0").as_deref(), Some("2021-01-01"));
        assert_eq!(about("mars 2019").as_deref(), Some("2019-03-01"));
        assert_eq!(about("août 2021").as_deref(), Some("2021-08-01"));
        assert_eq!(about("vers le 12/03/2021").as_deref(), Some("2021-03-12"));
    }

    #[test]
    fn serials_follow_the_spreadsheet_within_reason() {
        assert_eq!(exact("32874").as_deref(), Some("1990-01-01"));
        assert_eq!(exact("73415").as_deref(), Some("2100-12-31"));
        for typed in ["32873", "73416", "99999", "123456"] {
            assert!(read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn impossible_and_unclear_dates_are_refused() {
        for typed in [
            "31/02/2024",
            "29/02/2023",
            "32/01/2024",
            "01/13/2024",
            "00/00/0000",
            "jui 2024",
            "09/10",
            "3 mai",
            "2023-2024",
            "2023/2024",
            "01/09/2024 - 31/08/2025",
            "en attente",
            "non",
            "x",
            "01/09/0024",
            "0612345678",
        ] {
            assert_eq!(read(typed), Err(format!("{typed} n’est pas une date.")), "{typed}");
        }
        assert!(read("").is_err());
        assert!(read(&"1/".repeat(10_000)).is_err_and(|message| message.chars().count() < 80));
    }
}
