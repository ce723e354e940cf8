//! The column types every feature shares. Each is stored in a form that sorts and compares
//! the same on both engines.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};
use uuid::Uuid;

/// Identifier of a row: a UUIDv7, made in Rust, stored as its 36-character text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

static TURN: AtomicU32 = AtomicU32::new(0);

impl Id {
    /// A new identifier whose first 48 bits are `now` in milliseconds, so that ids sort by creation.
    pub fn new(now: Timestamp) -> Self {
        let mut chance = [0u8; 10];
        crate::chance::fill(&mut chance);
        // Within one millisecond a counter of 26 bits keeps the order in which ids were made (RFC 9562, 6.2,
        // method 1). The version and the variant take the high bits of the first and of the third byte.
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let [_, _, _, low] = turn.to_be_bytes();
        let [_, _, high, middle] = (turn >> 14).to_be_bytes();
        let [_, _, _, between] = (turn >> 8).to_be_bytes();
        chance[..4].copy_from_slice(&[high, middle, between, low]);
        let millis = u64::try_from(now.0 / 1000).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid())
    }

    /// When it was made, to the millisecond.
    pub fn made_at(self) -> Timestamp {
        let bytes = self.0.as_bytes();
        let millis = bytes[..6].iter().fold(0i64, |all, byte| (all << 8) | i64::from(*byte));
        Timestamp(millis * 1_000)
    }

    /// The identifier that sorts before all others; the starting point of a walk.
    pub const fn first() -> Self {
        Self(Uuid::nil())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self)
    }
}

/// A day of the calendar, stored as `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub NaiveDate);

impl Date {
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The day as a reader of French expects it: « 1er mars 2026 », « 12 août 2026 ».
    pub fn long(self) -> String {
        let day = match self.0.day() {
            1 => "1er".to_owned(),
            day => day.to_string(),
        };
        format!("{day}\u{a0}{} {}", MONTHS[self.0.month0() as usize], self.0.year())
    }

    /// When the day begins in a time zone; at the earliest moment of it where clocks jump over midnight.
    pub fn start_in(self, zone: Tz) -> Timestamp {
        let midnight = self.0.and_time(chrono::NaiveTime::MIN);
        let hours = (0..3).map(|hour| midnight + chrono::TimeDelta::hours(hour));
        let start = hours.into_iter().find_map(|time| zone.from_local_datetime(&time).earliest());
        start.map_or_else(
            || Timestamp::from_utc(midnight.and_utc()),
            |time| Timestamp::from_utc(time.to_utc()),
        )
    }

    /// The day after.
    pub fn next(self) -> Self {
        self.0.succ_opt().map_or(self, Self)
    }

    /// The day in figures: « 12/03/2026 ».
    pub fn short(self) -> String {
        self.0.format("%d/%m/%Y").to_string()
    }
}

/// Months in French, in order.
pub const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self)
    }
}

/// Writes `Encode`, `Decode` and `Type` of a type that is stored as the text of its `Display`.
macro_rules! stored_as_text {
    ($name:ty) => {
        impl<DB: Database> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(ty)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <String as Encode<'q, DB>>::encode(self.to_string(), buf)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            &'r str: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str as Decode<'r, DB>>::decode(value)?.parse()?)
            }
        }
    };
}
stored_as_text!(Id);
stored_as_text!(Date);

/// A moment, in microseconds since 1970-01-01 UTC. It comes from the [`crate::clock::Clock`], never from SQL.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn from_utc(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }

    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_micros(self.0).single().unwrap_or_default()
    }

    /// The day it is at this moment in the time zone of a network.
    pub fn day_in(self, zone: Tz) -> Date {
        Date(self.utc().with_timezone(&zone).date_naive())
    }

    /// « 12 mars 2026 à 14:05 » in the time zone of a network.
    pub fn long_in(self, zone: Tz) -> String {
        let local = self.utc().with_timezone(&zone);
        format!("{} à {}", Date(local.date_naive()).long(), local.format("%H:%M"))
    }

    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }

    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * 60_000_000)
    }

    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_minutes(days * 24 * 60)
    }

    /// RFC 3339 with seconds, for machines.
    pub fn iso(self) -> String {
        self.utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_sort_as_they_were_made() {
        let now = Timestamp(1_795_424_400_000_000);
        // More than twice around a counter of 16 bits, and past each seam between the bytes of this one.
        let ids: Vec<Id> = (0..140_000).map(|_| Id::new(now)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.made_at() == now && id.0.get_version_num() == 7));
    }
}
