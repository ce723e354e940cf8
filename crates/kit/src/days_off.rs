//! Public holidays in France: the eleven days of the Code du travail, art. L. 3133-1.

use chrono::{Datelike, Days, NaiveDate};

use crate::db::Date;

/// Month, day and name of those that do not move.
const FIXED: [(u32, u32, &str); 8] = [
    (1, 1, "Jour de l’an"),
    (5, 1, "Fête du Travail"),
    (5, 8, "Victoire 1945"),
    (7, 14, "Fête nationale"),
    (8, 15, "Assomption"),
    (11, 1, "Toussaint"),
    (11, 11, "Armistice 1918"),
    (12, 25, "Noël"),
];
/// Days after Easter of those that do, and their names.
const AFTER_EASTER: [(u64, &str); 3] =
    [(1, "Lundi de Pâques"), (39, "Ascension"), (50, "Lundi de Pentecôte")];

/// What a public holiday is called; `None` on any other day. Where two fall together, the one that does not move.
pub fn public_holiday(day: Date) -> Option<&'static str> {
    let day = day.0;
    let fixed = FIXED.iter().find(|(month, of_month, _)| (*month, *of_month) == (day.month(), day.day()));
    let moving = || {
        let easter = easter(day.year())?;
        AFTER_EASTER.iter().find(|(days, _)| easter + Days::new(*days) == day)
    };
    fixed.map(|(.., name)| *name).or_else(|| moving().map(|(_, name)| *name))
}

/// Whether a day is a public holiday.
pub fn is_public_holiday(day: Date) -> bool {
    public_holiday(day).is_some()
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_two_years_are_known() {
        let days = [
            "2026-01-01",
            "2026-04-06",
            "2026-05-01",
            "2026-05-08",
            "2026-05-14",
            "2026-05-25",
            "2026-07-14",
            "2026-08-15",
            "2026-11-01",
            "2026-11-11",
            "2026-12-25",
            "2027-03-29",
            "2027-05-06",
            "2027-05-17",
        ];
        for day in days {
            assert!(is_public_holiday(day.parse().unwrap()), "{day}");
        }
        assert_eq!(public_holiday("2026-05-14".parse().unwrap()), Some("Ascension"));
        assert_eq!(public_holiday("2026-12-25".parse().unwrap()), Some("Noël"));
        assert_eq!(public_holiday("2026-12-24".parse().unwrap()), None);
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let count = (0..365).filter(|n| is_public_holiday(Date(first + Days::new(*n)))).count();
        assert_eq!(count, 11);
    }
}
