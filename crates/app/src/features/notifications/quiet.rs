//! Quiet hours: when nobody wants a mail from work.

use chrono::{Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use kit::db::{Id, Timestamp};

kit::table! {
    /// When an account wants no mail; its id is the account's.
    pub struct QuietHours in "quiet_hours" {
        /// Minutes after midnight; equal to `ends` for none.
        pub starts: i64,
        pub ends: i64,
        pub sundays: bool,
    }
}

impl QuietHours {
    /// Those of who has chosen nothing: from eight in the evening to seven in the morning, and Sundays.
    pub fn usual(network: Id, account: Id) -> Self {
        Self { network_id: network, id: account, starts: 20 * 60, ends: 7 * 60, sundays: true }
    }

    /// Whether a mail that need not wait has to wait at this moment.
    pub fn hold(&self, at: Timestamp, zone: Tz) -> bool {
        let minute = i64::from(at.utc().with_timezone(&zone).num_seconds_from_midnight() / 60);
        let night = match self.starts.cmp(&self.ends) {
            std::cmp::Ordering::Less => (self.starts..self.ends).contains(&minute),
            std::cmp::Ordering::Greater => minute >= self.starts || minute < self.ends,
            std::cmp::Ordering::Equal => false,
        };
        night || self.is_sunday(at, zone)
    }

    /// Whether it is a Sunday kept quiet: daily mails, which leave in the early morning, heed only that.
    pub fn is_sunday(&self, at: Timestamp, zone: Tz) -> bool {
        self.sundays && at.utc().with_timezone(&zone).weekday() == Weekday::Sun
    }
}

/// « 20:00 » as minutes after midnight.
pub fn read(typed: &str) -> Result<i64, String> {
    let parts = typed.split_once([':', 'h']).map(|(hours, minutes)| (hours.trim(), minutes.trim()));
    let read = parts.and_then(|(hours, minutes)| {
        let hours: i64 = hours.parse().ok().filter(|hours| (0..24).contains(hours))?;
        let minutes: i64 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
        (0..60).contains(&minutes).then_some(hours * 60 + minutes)
    });
    read.ok_or_else(|| "Indiquez une heure, par exemple 20:00.".to_owned())
}

/// Minutes after midnight as a form shows them.
pub fn write(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 23 November 2026, at an hour of Paris.
    fn monday(hour: i64) -> Timestamp {
        kit::testing::MORNING.plus_minutes((hour - 10) * 60)
    }

    #[test]
    fn nights_go_over_midnight_and_sundays_are_whole() {
        let usual = QuietHours::usual(Id::first(), Id::first());
        let held = |at: Timestamp| usual.hold(at, Tz::Europe__Paris);
        assert!(!held(monday(10)) && !held(monday(19)) && !held(monday(7)));
        assert!(held(monday(20)) && held(monday(23)) && held(monday(6)) && held(monday(0)));
        assert!(held(monday(10).plus_days(-1)), "Sunday");
        let day = QuietHours { starts: 12 * 60, ends: 14 * 60, sundays: false, ..usual.clone() };
        assert!(day.hold(monday(13), Tz::Europe__Paris) && !day.hold(monday(23), Tz::Europe__Paris));
        let none = QuietHours { starts: 0, ends: 0, sundays: false, ..usual };
        assert!(
            !none.hold(monday(0), Tz::Europe__Paris)
                && !none.hold(monday(3).plus_days(-1), Tz::Europe__Paris)
        );
    }

    #[test]
    fn hours_are_read_as_they_are_shown() {
        assert_eq!((read("20:00"), read("7h"), read("07:30")), (Ok(1200), Ok(420), Ok(450)));
        assert!(
            read("24:00").is_err() && read("8").is_err() && read("8:75").is_err() && read("é:1").is_err()
        );
        assert_eq!(write(450), "07:30");
    }
}
