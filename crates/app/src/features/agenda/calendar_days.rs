//! Which days a calendar shows, and how one goes on from there.

use chrono::{Datelike, Days, Months, NaiveDate};
use kit::days_off::public_holiday;
use kit::db::Date;
use kit::territory;

use crate::features::directory::office_hours::WEEKDAYS;

/// Months that the list shows.
const LISTED: u32 = 3;
/// Years that a calendar shows.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// How days are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Month,
    Week,
    List,
}

impl View {
    pub const ALL: [Self; 3] = [Self::Month, Self::Week, Self::List];

    /// As an address says it; a month when it says nothing known.
    pub fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.code() == text).unwrap_or(Self::Month)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "mois",
            Self::Week => "semaine",
            Self::List => "liste",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Month => "Mois",
            Self::Week => "Semaine",
            Self::List => "Liste",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Month => "agenda",
            Self::Week => "columns",
            Self::List => "list",
        }
    }

    pub const fn previous(self) -> &'static str {
        match self {
            Self::Month => "Mois précédent",
            Self::Week => "Semaine précédente",
            Self::List => "Trois mois plus tôt",
        }
    }

    pub const fn next(self) -> &'static str {
        match self {
            Self::Month => "Mois suivant",
            Self::Week => "Semaine suivante",
            Self::List => "Trois mois plus tard",
        }
    }
}

/// What a calendar shows around a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub view: View,
    /// The day around which it is.
    pub day: Date,
    /// The first day shown, and the one after the last.
    pub from: Date,
    pub until: Date,
}

/// « décembre 2026 ».
fn month(day: NaiveDate) -> String {
    format!("{} {}", kit::db::MONTHS[day.month0() as usize], day.year())
}

/// The same with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

fn first(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// « mardi 1er décembre 2026 ».
pub fn long(day: Date) -> String {
    format!("{} {}", WEEKDAYS[day.0.weekday().num_days_from_monday() as usize], day.long())
}

impl Span {
    /// Around the day that an address names; around today when it names none that is shown.
    pub fn around(view: View, named: &str, today: Date) -> Self {
        let day = named.parse().ok().filter(|day: &Date| YEARS.contains(&day.0.year())).unwrap_or(today);
        let (from, until) = match view {
            View::Month => {
                let start = monday(first(day.0));
                let last = first(day.0) + Months::new(1) - Days::new(1);
                (start, monday(last) + Days::new(7))
            }
            View::Week => (monday(day.0), monday(day.0) + Days::new(7)),
            View::List => (first(day.0), first(day.0) + Months::new(LISTED)),
        };
        Self { view, day, from: Date(from), until: Date(until) }
    }

    /// A day of what comes before.
    pub fn previous(&self) -> Date {
        Date(match self.view {
            View::Month => first(self.day.0) - Months::new(1),
            View::Week => self.from.0 - Days::new(7),
            View::List => self.from.0 - Months::new(LISTED),
        })
    }

    /// A day of what comes after.
    pub fn next(&self) -> Date {
        Date(match self.view {
            View::Month => first(self.day.0) + Months::new(1),
            View::Week | View::List => self.until.0,
        })
    }

    /// « Décembre 2026 »; « Semaine du 30 novembre au 6 décembre 2026 ».
    pub fn title(&self) -> String {
        let last = self.until.0 - Days::new(1);
        match self.view {
            View::Month => capital(&month(self.day.0)),
            View::Week => {
                // What both ends share is said once.
                let first = self.from.long();
                let year = format!(" {}", last.year());
                let first = match first.split_once('\u{a0}') {
                    Some((day, _)) if self.from.0.month() == last.month() => day,
                    _ => first.trim_end_matches(year.as_str()),
                };
                format!("Semaine du {first} au {}", Date(last).long())
            }
            View::List => format!("{} – {}", capital(&month(self.from.0)), month(last)),
        }
    }

    /// Whether a day is of the month around which others fill the weeks.
    pub fn is_within(&self, day: Date) -> bool {
        self.view != View::Month || (day.0.year(), day.0.month()) == (self.day.0.year(), self.day.0.month())
    }

    /// Each day shown.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let until = self.until;
        self.from.0.iter_days().map(Date).take_while(move |day| *day < until)
    }
}

/// What is said of a day whatever meets on it: « Noël », « Vacances scolaires ».
pub fn notes(day: Date, zone: &str) -> Vec<String> {
    let mut notes: Vec<String> =
        public_holiday(day).map(|name| format!("Férié\u{a0}: {name}")).into_iter().collect();
    if territory::in_school_holidays(zone, day) == Some(true) {
        notes.push("Vacances scolaires".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_whole_weeks_and_leads_to_its_neighbours() {
        let span = Span::around(View::Month, "2026-12-31", day("2026-11-30"));
        assert_eq!((span.from, span.until), (day("2026-11-30"), day("2027-01-04")));
        assert_eq!(span.days().count(), 35);
        assert_eq!((span.previous(), span.next()), (day("2026-11-01"), day("2027-01-01")));
        assert_eq!(span.title(), "Décembre 2026");
        assert!(span.is_within(day("2026-12-01")) && !span.is_within(day("2026-11-30")));
    }

    #[test]
    fn a_week_and_a_list_follow_each_other_without_a_gap() {
        let week = Span::around(View::Week, "2026-12-06", day("2026-11-30"));
        assert_eq!((week.from, week.until), (day("2026-11-30"), day("2026-12-07")));
        assert_eq!(week.title(), "Semaine du 30\u{a0}novembre au 6\u{a0}décembre 2026");
        let title = |named| Span::around(View::Week, named, day("2026-11-30")).title();
        assert_eq!(title("2026-12-25"), "Semaine du 21 au 27\u{a0}décembre 2026");
        assert_eq!(title("2027-01-01"), "Semaine du 28\u{a0}décembre 2026 au 3\u{a0}janvier 2027");
        assert_eq!((week.previous(), week.next()), (day("2026-11-23"), day("2026-12-07")));
        let list = Span::around(View::List, "", day("2026-11-30"));
        assert_eq!((list.from, list.until), (day("2026-11-01"), day("2027-02-01")));
        assert_eq!(list.title(), "Novembre 2026 – janvier 2027");
        assert_eq!((list.previous(), list.next()), (day("2026-08-01"), day("2027-02-01")));
    }

    #[test]
    fn what_is_no_day_is_today() {
        let today = day("2026-11-30");
        for named in ["", "demain", "2026-02-30", "9999-12-31", "-0001-01-01"] {
            assert_eq!(Span::around(View::Week, named, today).day, today, "{named}");
        }
        assert_eq!(View::read("semaine"), View::Week);
        assert_eq!(View::read("année"), View::Month);
    }

    #[test]
    fn days_off_are_told_where_they_are_known() {
        assert_eq!(notes(day("2026-12-25"), "A"), ["Férié\u{a0}: Noël", "Vacances scolaires"]);
        assert_eq!(notes(day("2026-12-25"), "Corse"), ["Férié\u{a0}: Noël"]);
        assert!(notes(day("2026-12-01"), "A").is_empty());
    }
}
