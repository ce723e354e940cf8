//! The national relays, compiled in from `data/relays/national.tsv`; its README says where each was read.

use std::sync::LazyLock;

use kit::db::Date;

use super::opening::{self, Opening};

/// A line of the file.
#[derive(Clone, Debug)]
pub struct National {
    pub theme: &'static str,
    pub name: &'static str,
    pub phone: &'static str,
    pub sms: &'static str,
    pub url: &'static str,
    pub audience: &'static str,
    pub opening: Opening,
    pub hours: String,
    pub cost: &'static str,
    pub description: &'static str,
    pub source: &'static str,
    /// `2024-12-17`, `2024`, or nothing.
    pub checked_on: &'static str,
}

const FILE: &str = include_str!("../../../../../data/relays/national.tsv");

/// A source older than this many years is to be checked again.
const FRESH_YEARS: i32 = 3;

static ALL: LazyLock<Vec<National>> = LazyLock::new(|| FILE.lines().skip(1).filter_map(line).collect());

/// Every national relay, in the order of the file.
pub fn all() -> &'static [National] {
    &ALL
}

fn line(line: &'static str) -> Option<National> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let &[_, theme, name, phone, sms, url, audience, hours, told, cost, description, source, checked_on] =
        cells.as_slice()
    else {
        return None;
    };
    let opening = opening::read(hours).unwrap_or(Opening::Unknown);
    let hours = match opening {
        Opening::Always => "24\u{a0}h/24, 7\u{a0}j/7".to_owned(),
        _ if hours.is_empty() => told.to_owned(),
        _ => sentence(hours),
    };
    Some(National {
        theme,
        name,
        phone,
        sms,
        url,
        audience,
        opening,
        hours,
        cost,
        description,
        source,
        checked_on,
    })
}

/// « tous les jours 9h-23h » → « Tous les jours, 9 h – 23 h » as a reader expects it.
fn sentence(hours: &str) -> String {
    let (days, times) = hours.rsplit_once(' ').unwrap_or(("", hours));
    let times = times.replace('-', "\u{a0}– ").replace('h', "\u{a0}h");
    let mut letters = days.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}, {times}", letters.as_str())
}

impl National {
    pub fn is_emergency(&self) -> bool {
        self.theme == "emergency"
    }

    fn year(&self) -> Option<i32> {
        self.checked_on.get(..4)?.parse().ok()
    }

    /// Whether nothing recent says that this is still so. Emergency numbers are fixed by law.
    pub fn is_to_be_checked(&self, today: Date) -> bool {
        let since = today.to_string().get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or_default()
            - FRESH_YEARS;
        !self.is_emergency() && self.year().is_none_or(|year| year < since)
    }

    /// « 17 décembre 2024 », « 2023 », or nothing.
    pub fn checked(&self) -> String {
        match self.checked_on.parse::<Date>() {
            Ok(day) => day.long(),
            Err(_) => self.checked_on.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::relay::{AUDIENCES, THEMES};
    use super::*;

    #[test]
    fn every_line_of_the_file_is_whole() {
        assert_eq!(all().len(), FILE.lines().count() - 1, "a line has another number of columns");
        for relay in all() {
            assert!(THEMES.iter().any(|(code, _)| *code == relay.theme), "{}", relay.name);
            assert!(AUDIENCES.iter().any(|(code, _)| *code == relay.audience), "{}", relay.name);
            let reached = [relay.phone, relay.sms, relay.url].iter().any(|way| !way.is_empty());
            let told = [&relay.hours[..], relay.cost, relay.description, relay.source];
            assert!(reached && told.iter().all(|text| !text.is_empty()), "{}", relay.name);
            assert!(relay.url.is_empty() || relay.url.starts_with("https://"), "{}", relay.name);
        }
    }

    #[test]
    fn hours_of_the_file_are_read() {
        for cells in FILE.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
            assert!(opening::read(cells[7]).is_ok(), "{}: {}", cells[2], cells[7]);
        }
        let health = all().iter().find(|relay| relay.phone == "0800235236").unwrap();
        assert_eq!(health.hours.replace('\u{a0}', " "), "Tous les jours, 9 h – 23 h");
    }

    #[test]
    fn numbers_that_were_replaced_are_not_shipped() {
        for gone in ["3020", "0800200000", "0800200200"] {
            assert!(all().iter().all(|relay| relay.phone != gone), "{gone}");
        }
    }

    #[test]
    fn an_old_or_undated_source_is_to_be_checked() {
        let today: Date = "2026-11-23".parse().unwrap();
        let of = |phone: &str| all().iter().find(|relay| relay.phone == phone).unwrap();
        assert!(!of("15").is_to_be_checked(today));
        assert!(!of("3018").is_to_be_checked(today));
        assert!(of("0800231313").is_to_be_checked(today), "its page is of 2010");
        assert!(of("0980980930").is_to_be_checked(today), "no dated source");
        assert!(of("3018").is_to_be_checked("2027-01-01".parse().unwrap()));
        assert_eq!(of("0800005696").checked(), "16\u{a0}octobre 2023");
    }
}
