//! When a service is open: lines as people write them, read, and set against the time it is.

use kit::text::fold;

use crate::features::directory::cleaning::hours;
use crate::features::directory::office_hours::{self, Moment, Slot, When};

/// When a service is open, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    Always,
    Slots(Vec<Slot>),
    Unknown,
}

/// Whether it is open at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// « jusqu’à 19 h », « jour et nuit ».
    Open(String),
    /// « demain, 9 h – 12 h ».
    Later(String),
    Unknown,
}

/// Ways to say « day and night », folded.
const ALWAYS: [&str; 8] = [
    "24 7",
    "24h 24",
    "24 h 24",
    "7j 7 24h 24",
    "24h 24 7j 7",
    "24h 24 et 7j 7",
    "jour et nuit",
    "tous les jours 24h 24",
];

/// Reads one or several lines; the error names the line that is not understood.
pub fn read(text: &str) -> Result<Opening, String> {
    let mut slots = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if ALWAYS.contains(&fold(line).as_str()) {
            return Ok(Opening::Always);
        }
        let read = hours::read(line).ok_or_else(|| {
            format!(
                "«\u{a0}{line}\u{a0}» n’est pas compris. Écrivez par exemple «\u{a0}lundi au vendredi 9h-12h et \
                 14h-17h\u{a0}», un jour ou un groupe de jours par ligne, ou «\u{a0}24h/24\u{a0}»."
            )
        })?;
        slots.extend(read.into_iter().map(|slot| Slot {
            weekday: i64::from(slot.weekday),
            from: i64::from(slot.from),
            to: i64::from(slot.to),
            period: slot.period.to_owned(),
        }));
    }
    if slots.is_empty() { Ok(Opening::Unknown) } else { Ok(Opening::Slots(slots)) }
}

impl Opening {
    pub fn at(&self, moment: &Moment) -> State {
        let Self::Slots(slots) = self else {
            return match self {
                Self::Always => State::Open("jour et nuit".to_owned()),
                _ => State::Unknown,
            };
        };
        match office_hours::when(slots, &[], moment) {
            When::Now(until) => State::Open(format!("jusqu’à {}", office_hours::clock(until))),
            When::Next(text) => State::Later(text),
            When::Never => State::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, minute: i64) -> Moment {
        let today: kit::Date = day.parse().unwrap();
        let weekday = match day {
            "2026-11-23" => 1,
            "2026-11-28" => 6,
            _ => unreachable!("another day"),
        };
        Moment { today, weekday, minute, school_zone: "A".to_owned() }
    }

    #[test]
    fn lines_are_read_and_set_against_the_hour() {
        let read = read("lundi au vendredi 9h-12h et 14h-17h\nsamedi 10h-12h").unwrap();
        assert_eq!(read.at(&at("2026-11-23", 600)), State::Open("jusqu’à 12\u{a0}h".to_owned()));
        let State::Later(noon) = read.at(&at("2026-11-23", 730)) else { panic!("closed at noon") };
        assert_eq!(noon.replace('\u{a0}', " "), "aujourd’hui, 14 h – 17 h");
        assert_eq!(read.at(&at("2026-11-28", 610)), State::Open("jusqu’à 12\u{a0}h".to_owned()));
    }

    #[test]
    fn what_services_write_on_their_doors_is_read() {
        for text in [
            "lundi au vendredi 9h-12h30 et 13h30-18h",
            "lundi 14h-18h\nmercredi 10h-12h et 14h-19h\n\nvendredi 14h-18h",
            "mardi et jeudi 12h-18h",
            "mercredi 14h-18h (hors vacances)",
        ] {
            assert!(matches!(read(text), Ok(Opening::Slots(_))), "{text}");
        }
    }

    #[test]
    fn day_and_night_is_always_open_and_nothing_is_unknown() {
        for text in ["24/7", "24h/24", "24h/24, 7j/7", "Jour et nuit"] {
            assert_eq!(read(text), Ok(Opening::Always), "{text}");
        }
        assert_eq!(read(" \n"), Ok(Opening::Unknown));
        assert!(read("sur rendez-vous").unwrap_err().contains("sur rendez-vous"));
    }
}
