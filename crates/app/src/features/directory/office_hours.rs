//! Office hours: when a promeneur is online, week after week, and the days when not.

use chrono::{Datelike, Timelike};
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Choice, Error, Result, Tx};

use super::person::{self, Person};

kit::table! {
    /// One announced slot of a week. Minutes count from midnight in the network's time zone.
    pub struct OfficeHours in "office_hours": versioned {
        pub person_id: Id,
        /// 1 is Monday.
        pub weekday: i64,
        pub from_minute: i64,
        pub to_minute: i64,
        pub social_network: Option<String>,
        /// `all`, `school` (not during school holidays) or `holidays` (only then).
        pub period: String,
        pub note: Option<String>,
        pub created_at: Timestamp,
    }
}

kit::table! {
    /// A day without office hours.
    pub struct DayOff in "office_hours_exception" {
        pub person_id: Id,
        pub day: Date,
        pub note: Option<String>,
        pub created_at: Timestamp,
    }
}

pub const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

pub const PERIODS: [(&str, &str); 3] = [
    ("all", "Toute l’année"),
    ("school", "Hors vacances scolaires"),
    ("holidays", "Pendant les vacances scolaires"),
];

pub fn period_choices() -> Vec<Choice> {
    PERIODS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl OfficeHours {
    pub fn new(network: Id, now: Timestamp, person: Id, weekday: i64, from: i64, to: i64) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            person_id: person,
            weekday,
            from_minute: from,
            to_minute: to,
            social_network: None,
            period: "all".to_owned(),
            note: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn weekday_label(&self) -> &'static str {
        usize::try_from(self.weekday - 1).ok().and_then(|at| WEEKDAYS.get(at)).copied().unwrap_or_default()
    }

    /// « mardi 17 h – 19 h », with the period when not the whole year.
    pub fn label(&self) -> String {
        let period = match self.period.as_str() {
            "school" => " (hors vacances)",
            "holidays" => " (vacances)",
            _ => "",
        };
        format!("{} {} – {}{period}", self.weekday_label(), clock(self.from_minute), clock(self.to_minute))
    }

    /// Online at a minute of a weekday.
    pub fn covers(&self, weekday: i64, minute: i64) -> bool {
        self.weekday == weekday && (self.from_minute..self.to_minute).contains(&minute)
    }
}

/// « 17 h » or « 17 h 30 ».
pub fn clock(minute: i64) -> String {
    match minute % 60 {
        0 => format!("{}\u{a0}h", minute / 60),
        rest => format!("{}\u{a0}h\u{a0}{rest:02}", minute / 60),
    }
}

/// The weekday (1 is Monday) and minute of a moment in a network's time zone.
pub fn local(now: Timestamp, zone: chrono_tz::Tz) -> (i64, i64) {
    let local = now.utc().with_timezone(&zone);
    (i64::from(local.weekday().number_from_monday()), i64::from(local.hour() * 60 + local.minute()))
}

/// The slot that begins next, counting from a moment, and in how many days.
pub fn next(hours: &[OfficeHours], weekday: i64, minute: i64) -> Option<(&OfficeHours, i64)> {
    hours
        .iter()
        .map(|slot| {
            let days = (slot.weekday - weekday).rem_euclid(7);
            let days = if days == 0 && slot.from_minute <= minute { 7 } else { days };
            (slot, days)
        })
        .min_by_key(|(slot, days)| (*days, slot.from_minute))
}

/// Replaces the office hours of a person by others, and the days without any.
pub async fn replace(
    tx: &mut Tx,
    actor: &Actor,
    holder: &Person,
    slots: Vec<OfficeHours>,
    days_off: &[Date],
) -> Result<()> {
    for slot in &slots {
        if slot.from_minute >= slot.to_minute {
            return Err(Error::refused(format!(
                "Une permanence du {} finit avant de commencer.",
                slot.weekday_label()
            )));
        }
    }
    let before: Vec<OfficeHours> = tx.all_in(actor.network_id, "person_id", &[holder.id]).await?;
    tx.delete_in::<OfficeHours>(actor.network_id, "person_id", &[holder.id]).await?;
    tx.insert(&slots).await?;
    tx.delete_in::<DayOff>(actor.network_id, "person_id", &[holder.id]).await?;
    let off: Vec<DayOff> = days_off
        .iter()
        .map(|day| DayOff {
            network_id: actor.network_id,
            id: Id::new(actor.now),
            person_id: holder.id,
            day: *day,
            note: None,
            created_at: actor.now,
        })
        .collect();
    tx.insert(&off).await?;
    let tell = |slots: &[OfficeHours]| {
        let labels: Vec<String> = slots.iter().map(OfficeHours::label).collect();
        serde_json::json!({ "office_hours": labels.join(", ") })
    };
    let act = Act::new("office_hours.changed", holder.subject()).before(&tell(&before)).after(&tell(&slots));
    trail::record(tx, actor, act).await?;
    person::refresh(tx, actor, &[holder.id]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(weekday: i64, from: i64, to: i64) -> OfficeHours {
        let now = Timestamp(0);
        OfficeHours::new(Id::first(), now, Id::first(), weekday, from, to)
    }

    #[test]
    fn the_next_slot_may_be_later_today_or_next_week() {
        let hours = [slot(2, 1020, 1140), slot(5, 600, 660)];
        assert_eq!(next(&hours, 2, 900).map(|(s, d)| (s.weekday, d)), Some((2, 0)));
        assert_eq!(next(&hours, 2, 1020).map(|(s, d)| (s.weekday, d)), Some((5, 3)));
        assert_eq!(next(&hours[..1], 2, 1020).map(|(s, d)| (s.weekday, d)), Some((2, 7)));
    }

    #[test]
    fn hours_are_written_the_french_way() {
        assert_eq!(slot(2, 1050, 1140).label(), "mardi 17\u{a0}h\u{a0}30 – 19\u{a0}h");
    }
}
