//! The span of days that the journal shows: a month, or a year.

use chrono::{Datelike, Months};
use kit::db::{Date, MONTHS};

/// A month or a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    /// The first day after it.
    pub until: Date,
    is_year: bool,
}

impl Period {
    /// « 2026-11 » or « 2026 »; the month of `today` for anything else.
    pub fn read(text: &str, today: Date) -> Self {
        let year = |text: &str| text.parse::<i32>().ok().filter(|year| (2000..2200).contains(year));
        let read = match text.split_once('-') {
            Some((start, month)) => year(start)
                .and_then(|year| Date::new(year, month.parse().ok()?, 1))
                .and_then(|from| Self::of(from, false)),
            None => year(text).and_then(|year| Date::new(year, 1, 1)).and_then(|from| Self::of(from, true)),
        };
        let this_month = Date::new(today.0.year(), today.0.month(), 1).unwrap_or(today);
        read.unwrap_or(Self {
            from: this_month,
            until: plus(this_month, 1).unwrap_or(this_month),
            is_year: false,
        })
    }

    fn of(from: Date, is_year: bool) -> Option<Self> {
        Some(Self { from, until: plus(from, if is_year { 12 } else { 1 })?, is_year })
    }

    pub fn code(&self) -> String {
        let format = if self.is_year { "%Y" } else { "%Y-%m" };
        self.from.0.format(format).to_string()
    }

    /// « novembre 2026 », « année 2026 ».
    pub fn label(&self) -> String {
        let year = self.from.0.year();
        if self.is_year {
            format!("année\u{a0}{year}")
        } else {
            format!("{}\u{a0}{year}", MONTHS[self.from.0.month0() as usize])
        }
    }

    pub fn before(&self) -> Option<Self> {
        let months = Months::new(if self.is_year { 12 } else { 1 });
        Self::of(Date(self.from.0.checked_sub_months(months)?), self.is_year)
    }

    pub fn after(&self) -> Option<Self> {
        Self::of(self.until, self.is_year)
    }

    /// The year in which it lies; the month itself for a year.
    pub fn other(&self, today: Date) -> Self {
        if self.is_year { Self::read("", today) } else { Self::read(&self.from.0.year().to_string(), today) }
    }
}

fn plus(day: Date, months: u32) -> Option<Date> {
    day.0.checked_add_months(Months::new(months)).map(Date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_follow_each_other() {
        let today = Date::new(2026, 11, 24).unwrap();
        let month = Period::read("2026-12", today);
        assert_eq!((month.label().as_str(), month.code().as_str()), ("décembre\u{a0}2026", "2026-12"));
        assert_eq!(month.after().unwrap().code(), "2027-01");
        assert_eq!(month.before().unwrap().code(), "2026-11");
        let year = month.other(today);
        assert_eq!((year.label().as_str(), year.until), ("année\u{a0}2026", Date::new(2027, 1, 1).unwrap()));
        for odd in ["", "2026-13", "26-01", "9999", "é-é"] {
            assert_eq!(Period::read(odd, today).code(), "2026-11", "{odd}");
        }
    }
}
