//! How the meetings of a series follow each other: every so many months or weeks, on a day of the month or on a weekday of
//! it. The hour is that of the clocks where the network is, in summer as in winter.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;
use kit::Choice;
use kit::db::{Date, Timestamp};

use crate::features::directory::office_hours::WEEKDAYS;

/// Codes with their French labels, and the months from one meeting to the next; none for weeks.
const RHYTHMS: [(&str, &str, u32); 5] = [
    ("month", "Tous les mois", 1),
    ("two_months", "Tous les deux mois", 2),
    ("quarter", "Tous les trimestres", 3),
    ("half_year", "Tous les semestres", 6),
    ("weeks", "Toutes les N semaines", 0),
];

/// Ranks of a weekday in its month, with their labels.
const RANKS: [(i64, &str); 6] = [(1, "1er"), (2, "2e"), (3, "3e"), (4, "4e"), (5, "5e"), (LAST, "dernier")];
/// The rank of the last one of its month.
pub const LAST: i64 = 6;
/// Most weeks from one meeting to the next.
pub const MOST_WEEKS: i64 = 26;

/// A rhythm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// A code of [`rhythms`].
    pub code: String,
    /// Weeks from one meeting to the next, when it goes by weeks.
    pub weeks: i64,
    /// A rank ([`ranks`]) and a weekday (0: Monday); absent when each falls on the day of the month of the first.
    pub nth: Option<(i64, i64)>,
}

/// The rhythms, to choose from.
pub fn rhythms() -> Vec<Choice> {
    RHYTHMS.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect()
}

/// The ranks of a weekday in its month, to choose from.
pub fn ranks() -> Vec<Choice> {
    RANKS.iter().map(|(rank, label)| Choice::new(rank.to_string(), *label)).collect()
}

/// The weekdays, to choose from.
pub fn weekdays() -> Vec<Choice> {
    (0..).zip(WEEKDAYS).map(|(at, label): (i64, _)| Choice::new(at.to_string(), label)).collect()
}

impl Rhythm {
    /// Months from one meeting to the next; `None` when it goes by weeks.
    fn months(&self) -> Option<u32> {
        RHYTHMS.iter().find(|(code, ..)| *code == self.code).map(|(.., months)| *months).filter(|n| *n > 0)
    }

    /// « Tous les mois, le 2e mardi »; « Toutes les 2 semaines ».
    pub fn label(&self) -> String {
        let Some(_) = self.months() else {
            return match self.weeks {
                1 => "Toutes les semaines".to_owned(),
                weeks => format!("Toutes les {weeks} semaines"),
            };
        };
        let label = RHYTHMS.iter().find(|(code, ..)| *code == self.code).map_or("", |(_, label, _)| label);
        let nth = self.nth.and_then(|(rank, weekday)| {
            let rank = RANKS.iter().find(|(known, _)| *known == rank)?.1;
            let weekday = WEEKDAYS.get(usize::try_from(weekday).ok()?)?;
            Some(format!("{label}, le {rank} {weekday}"))
        });
        nth.unwrap_or_else(|| label.to_owned())
    }

    /// The days of a series from a day on, `most` at most, none after `until`. A month without the day (a 31st) has its last
    /// one instead; a month without a fifth such weekday is left out.
    pub fn days(&self, from: Date, until: Option<Date>, most: usize) -> Vec<Date> {
        let all: Vec<Date> = match (self.months(), self.nth) {
            (None, _) => {
                let step = u64::try_from(self.weeks).unwrap_or(1).max(1) * 7;
                (0_u64..)
                    .map_while(|n| from.0.checked_add_days(Days::new(n * step)))
                    .map(Date)
                    .take(most)
                    .collect()
            }
            (Some(months), None) => {
                let day = |n: u32| from.0.checked_add_months(Months::new(n * months));
                (0_u32..).map_while(day).map(Date).take(most).collect()
            }
            (Some(months), Some(nth)) => ranked(from, months, nth, most),
        };
        all.into_iter().filter(|day| until.is_none_or(|until| *day <= until)).collect()
    }
}

/// Every `months` months, a weekday by its rank: from the first month in which it does not lie before `from`.
fn ranked(from: Date, months: u32, (rank, weekday): (i64, i64), most: usize) -> Vec<Date> {
    let Some(first) = from.0.with_day(1) else { return Vec::new() };
    let month = |n: u32| first.checked_add_months(Months::new(n));
    let day = |n: u32| month(n).and_then(|month| of_month(month, rank, weekday)).filter(|day| *day >= from.0);
    let Some(start) = (0..24).find(|n| day(*n).is_some()) else { return Vec::new() };
    // Fifth ones are missing in most months; twelve steps hold one at least.
    let steps = u32::try_from(most).unwrap_or(u32::MAX).saturating_mul(12);
    (0..steps).filter_map(|n| day(start + n * months)).map(Date).take(most).collect()
}

/// The weekday of a rank in the month of a day.
fn of_month(month: NaiveDate, rank: i64, weekday: i64) -> Option<NaiveDate> {
    let weekday = Weekday::try_from(u8::try_from(weekday).ok()?).ok()?;
    let nth = |rank: u8| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), weekday, rank);
    match rank {
        LAST => nth(5).or_else(|| nth(4)),
        rank => nth(u8::try_from(rank).ok()?),
    }
}

/// The moment at which clocks show an hour on a day, in minutes since midnight; an hour later where they skip it.
pub fn moment(day: Date, minutes: i64, zone: Tz) -> Timestamp {
    let local = day.0.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
    let found = [0, 1, 2]
        .into_iter()
        .find_map(|hours| zone.from_local_datetime(&(local + TimeDelta::hours(hours))).earliest());
    found.map_or_else(|| day.start_in(zone).plus_minutes(minutes), |at| Timestamp::from_utc(at.to_utc()))
}

/// What clocks show at a moment, in minutes since midnight.
pub fn clock(at: Timestamp, zone: Tz) -> i64 {
    use chrono::Timelike;
    let local = at.utc().with_timezone(&zone);
    i64::from(local.hour() * 60 + local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn rhythm(code: &str, nth: Option<(i64, i64)>) -> Rhythm {
        Rhythm { code: code.to_owned(), weeks: 2, nth }
    }

    fn days(rhythm: &Rhythm, from: &str, most: usize) -> Vec<String> {
        rhythm.days(day(from), None, most).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_thirty_first_is_the_last_day_of_shorter_months_and_comes_back_in_longer_ones() {
        let monthly = days(&rhythm("month", None), "2027-01-31", 5);
        assert_eq!(monthly, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]);
        assert_eq!(days(&rhythm("month", None), "2028-01-30", 2), ["2028-01-30", "2028-02-29"]);
        assert_eq!(
            days(&rhythm("half_year", None), "2027-08-31", 3),
            ["2027-08-31", "2028-02-29", "2028-08-31"]
        );
        assert_eq!(
            days(&rhythm("quarter", None), "2027-01-12", 3),
            ["2027-01-12", "2027-04-12", "2027-07-12"]
        );
    }

    #[test]
    fn a_weekday_of_the_month_is_counted_from_the_first_that_is_not_before() {
        let second_tuesday = rhythm("month", Some((2, 1)));
        assert_eq!(days(&second_tuesday, "2027-01-12", 3), ["2027-01-12", "2027-02-09", "2027-03-09"]);
        assert_eq!(days(&second_tuesday, "2027-01-13", 2), ["2027-02-09", "2027-03-09"]);
        // The steps begin where the first one is.
        let quarterly = rhythm("quarter", Some((2, 1)));
        assert_eq!(days(&quarterly, "2027-01-13", 2), ["2027-02-09", "2027-05-11"]);
        let last_friday = rhythm("two_months", Some((LAST, 4)));
        assert_eq!(days(&last_friday, "2027-01-01", 3), ["2027-01-29", "2027-03-26", "2027-05-28"]);
        let last_of_february = rhythm("month", Some((LAST, 6)));
        assert_eq!(days(&last_of_february, "2027-02-01", 1), ["2027-02-28"]);
    }

    #[test]
    fn a_month_without_a_fifth_tuesday_is_left_out() {
        let fifth = rhythm("month", Some((5, 1)));
        assert_eq!(days(&fifth, "2027-01-01", 4), ["2027-03-30", "2027-06-29", "2027-08-31", "2027-11-30"]);
        assert_eq!(days(&rhythm("half_year", Some((5, 1))), "2027-01-01", 24).len(), 24);
    }

    #[test]
    fn weeks_go_on_across_years_and_a_last_day_is_kept() {
        let fortnight = rhythm("weeks", Some((2, 1)));
        assert_eq!(days(&fortnight, "2026-12-22", 3), ["2026-12-22", "2027-01-05", "2027-01-19"]);
        let until = fortnight.days(day("2026-12-22"), Some(day("2027-01-05")), 24);
        assert_eq!(until.len(), 2);
        assert!(fortnight.days(day("2026-12-22"), Some(day("2026-12-21")), 24).is_empty());
    }

    #[test]
    fn the_hour_is_the_same_on_clocks_in_summer_and_in_winter() {
        let zone = Tz::Europe__Paris;
        let at = |text: &str, minutes| moment(day(text), minutes, zone);
        assert_eq!(at("2027-03-27", 14 * 60).iso(), "2027-03-27T13:00:00Z");
        assert_eq!(at("2027-03-29", 14 * 60).iso(), "2027-03-29T12:00:00Z");
        assert_eq!(clock(at("2027-03-29", 14 * 60), zone), 14 * 60);
        // Two o'clock does not exist that night; it comes twice in autumn, and the first is meant.
        assert_eq!(at("2027-03-28", 150).iso(), "2027-03-28T01:30:00Z");
        assert_eq!(at("2027-10-31", 150).iso(), "2027-10-31T00:30:00Z");
        assert_eq!(clock(at("2027-10-31", 20 * 60), zone), 20 * 60);
    }

    #[test]
    fn a_rhythm_is_told_in_words() {
        assert_eq!(rhythm("month", Some((2, 1))).label(), "Tous les mois, le 2e mardi");
        assert_eq!(rhythm("quarter", Some((LAST, 4))).label(), "Tous les trimestres, le dernier vendredi");
        assert_eq!(rhythm("half_year", None).label(), "Tous les semestres");
        assert_eq!(rhythm("weeks", None).label(), "Toutes les 2 semaines");
    }
}
