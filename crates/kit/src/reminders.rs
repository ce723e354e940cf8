//! When people are reminded of something: in working hours, never on a Sunday or a day off.

use chrono::{Datelike, Timelike, Weekday};
use chrono_tz::Tz;

use crate::days_off::is_public_holiday;
use crate::db::{Date, Timestamp};

/// Hours of the day in which reminders leave.
const HOURS: std::ops::Range<u32> = 8..19;

/// Whether reminders may leave at this moment in a time zone.
pub fn is_time(now: Timestamp, zone: Tz) -> bool {
    let local = now.utc().with_timezone(&zone);
    HOURS.contains(&local.hour())
        && local.weekday() != Weekday::Sun
        && !is_public_holiday(Date(local.date_naive()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_reminded_at_night_on_a_sunday_or_on_a_day_off() {
        let at = |day: &str, hour: i64| {
            let day: Date = day.parse().unwrap();
            is_time(day.start_in(Tz::Europe__Paris).plus_minutes(hour * 60), Tz::Europe__Paris)
        };
        assert!(at("2026-11-23", 8) && at("2026-11-23", 18) && at("2026-11-28", 10));
        assert!(!at("2026-11-23", 7) && !at("2026-11-23", 19), "at night");
        assert!(!at("2026-11-29", 10), "a Sunday");
        assert!(!at("2026-12-25", 10), "a day off");
    }
}
