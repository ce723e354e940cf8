//! Office hours: when a promeneur is online, week after week, and the days when not.

use chrono::{Datelike, Timelike};
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Choice, Error, Network, Result, Tx, territory};
use serde::{Deserialize, Serialize};

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
}

/// « 17 h » or « 17 h 30 ».
pub fn clock(minute: i64) -> String {
    match minute % 60 {
        0 => format!("{}\u{a0}h", minute / 60),
        rest => format!("{}\u{a0}h\u{a0}{rest:02}", minute / 60),
    }
}

/// A slot as lists and sheets announce it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub weekday: i64,
    pub from: i64,
    pub to: i64,
    pub period: String,
}

impl From<&OfficeHours> for Slot {
    fn from(hours: &OfficeHours) -> Self {
        Self {
            weekday: hours.weekday,
            from: hours.from_minute,
            to: hours.to_minute,
            period: hours.period.clone(),
        }
    }
}

impl Slot {
    /// Whether it is held on a day of its weekday; `None` when no calendar says if school is out.
    fn is_held(&self, holiday: Option<bool>) -> Option<bool> {
        match self.period.as_str() {
            "school" => holiday.map(|out| !out),
            "holidays" => holiday,
            _ => Some(true),
        }
    }
}

/// Where and when « now » is for the hours of a network.
pub struct Moment {
    pub today: Date,
    /// 1 is Monday.
    pub weekday: i64,
    pub minute: i64,
    pub school_zone: String,
}

impl Moment {
    pub fn of(network: &Network, now: Timestamp) -> Self {
        let local = now.utc().with_timezone(&network.zone());
        Self {
            today: network.today(now),
            weekday: i64::from(local.weekday().number_from_monday()),
            minute: i64::from(local.hour() * 60 + local.minute()),
            school_zone: territory::departement(&network.code)
                .map_or_else(String::new, |d| d.school_zone.clone()),
        }
    }

    /// Codes of the periods that are held today for certain.
    pub fn periods(&self) -> [&'static str; 2] {
        match territory::in_school_holidays(&self.school_zone, self.today) {
            Some(true) => ["all", "holidays"],
            Some(false) => ["all", "school"],
            None => ["all", "all"],
        }
    }
}

/// When someone is online.
#[derive(Debug, PartialEq, Eq)]
pub enum When {
    /// Until this minute of today.
    Now(i64),
    /// « demain, 17 h – 19 h ».
    Next(String),
    Never,
}

/// Longer than the longest holidays: who is online at all is so within ten weeks.
const DAYS_AHEAD: u64 = 70;

/// When someone with these slots is next online, days off and school holidays considered. Nobody is said to
/// be online now where no calendar tells.
pub fn when(slots: &[Slot], off: &[Date], moment: &Moment) -> When {
    if slots.is_empty() {
        return When::Never;
    }
    for ahead in 0..DAYS_AHEAD {
        let Some(day) = moment.today.0.checked_add_days(chrono::Days::new(ahead)).map(Date) else { break };
        if off.contains(&day) {
            continue;
        }
        let weekday = i64::from(day.0.weekday().number_from_monday());
        let holiday = territory::in_school_holidays(&moment.school_zone, day);
        let mut held: Vec<(&Slot, Option<bool>)> = slots
            .iter()
            .filter(|slot| slot.weekday == weekday)
            .map(|slot| (slot, slot.is_held(holiday)))
            .filter(|(_, held)| *held != Some(false))
            .collect();
        held.sort_by_key(|(slot, _)| slot.from);
        for (slot, sure) in held {
            if ahead == 0 && slot.to <= moment.minute {
                continue;
            }
            if ahead == 0 && slot.from <= moment.minute {
                match sure {
                    Some(_) => return When::Now(slot.to),
                    None => continue,
                }
            }
            return When::Next(format!(
                "{}, {} – {}",
                day_label(day, ahead),
                clock(slot.from),
                clock(slot.to)
            ));
        }
    }
    When::Never
}

/// « aujourd’hui », « demain », « mardi », « mardi 5 janvier 2027 ».
fn day_label(day: Date, ahead: u64) -> String {
    let weekday = WEEKDAYS.get(day.0.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    match ahead {
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        2..7 => weekday.to_owned(),
        _ => format!("{weekday} {}", day.long()),
    }
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

    fn slot(weekday: i64, from: i64, to: i64, period: &str) -> Slot {
        Slot { weekday, from, to, period: period.to_owned() }
    }

    fn at(day: &str, minute: i64, zone: &str) -> Moment {
        let today: Date = day.parse().unwrap();
        let weekday = i64::from(today.0.weekday().number_from_monday());
        Moment { today, weekday, minute, school_zone: zone.to_owned() }
    }

    fn next(text: &str) -> When {
        When::Next(text.to_owned())
    }

    /// With plain spaces, easier to write.
    fn when(slots: &[Slot], off: &[Date], moment: &Moment) -> When {
        match super::when(slots, off, moment) {
            When::Next(text) => When::Next(text.replace('\u{a0}', " ")),
            other => other,
        }
    }

    #[test]
    fn the_next_slot_may_be_later_today_or_next_week() {
        let slots = [slot(2, 1020, 1140, "all"), slot(5, 600, 660, "all")];
        // 24 November 2026 is a Tuesday.
        assert_eq!(when(&slots, &[], &at("2026-11-24", 900, "A")), next("aujourd’hui, 17 h – 19 h"));
        assert_eq!(when(&slots, &[], &at("2026-11-24", 1020, "A")), When::Now(1140));
        assert_eq!(when(&slots, &[], &at("2026-11-24", 1140, "A")), next("vendredi, 10 h – 11 h"));
        assert_eq!(
            when(&slots[..1], &[], &at("2026-11-24", 1140, "A")),
            next("mardi 1er décembre 2026, 17 h – 19 h")
        );
    }

    #[test]
    fn holidays_and_days_off_are_skipped() {
        let school = [slot(2, 1020, 1140, "school")];
        // Holidays from 19 December 2026 to 3 January 2027 everywhere.
        let found = next("mardi 5 janvier 2027, 17 h – 19 h");
        assert_eq!(when(&school, &[], &at("2026-12-22", 1030, "A")), found);
        let off: Date = "2027-01-05".parse().unwrap();
        assert_eq!(
            when(&school, &[off], &at("2026-12-22", 1030, "A")),
            next("mardi 12 janvier 2027, 17 h – 19 h")
        );
        let out = [slot(2, 1020, 1140, "holidays")];
        assert_eq!(when(&out, &[], &at("2026-12-22", 1030, "A")), When::Now(1140));
        // Where no calendar is known, nobody is said to be online now.
        assert_eq!(
            when(&out, &[], &at("2026-12-22", 1030, "Corse")),
            next("mardi 29 décembre 2026, 17 h – 19 h")
        );
    }

    #[test]
    fn hours_are_written_the_french_way() {
        assert_eq!(
            OfficeHours::new(Id::first(), Timestamp(0), Id::first(), 2, 1050, 1140).label(),
            "mardi 17\u{a0}h\u{a0}30 – 19\u{a0}h"
        );
    }
}
