//! Office hours as they are announced: « mardi et jeudi 17h-19h ». Read only when nothing is left unclear;
//! otherwise the caller keeps the text as a note.

mod words;

use super::clean;
use words::{Piece, pieces};

/// A slot of every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursRead {
    /// 1 is Monday.
    pub weekday: u8,
    /// Minutes from midnight.
    pub from: u16,
    /// Minutes from midnight, later than `from`; 1440 at most.
    pub to: u16,
    /// `all`, `school` (not during school holidays) or `holidays` (only then).
    pub period: &'static str,
}

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Reads slots: « Lundi 18:00-20:00, vendredi 17h30 - 19h », « mer 14h/17h », « tlj 18-20h (sauf vacances) »,
/// « du lundi au vendredi de 17h à 19h », « lun-ven 9h-12h et 14h-17h », « de 17h à 19h le mardi ». `None` as
/// soon as something is missing or not understood (« mercredi après-midi », « sur rdv », « à partir de 17h »).
pub fn read(text: &str) -> Option<Vec<HoursRead>> {
    let text = clean(text);
    if text.len() > 400 {
        return None;
    }
    let pieces = pieces(&text)?;
    let mut reader = Reader { pieces: &pieces, at: 0 };
    let mut slots: Vec<HoursRead> = Vec::new();
    // Slots before this one have their period.
    let mut settled = 0;
    let mut period = reader.period().unwrap_or("all");
    let days_first = reader.days_next();
    while !reader.done() {
        let (days, ranges) = if days_first {
            (reader.days()?, reader.ranges()?)
        } else {
            let ranges = reader.ranges()?;
            (reader.days()?, ranges)
        };
        for day in &days {
            let slot = |(from, to)| HoursRead { weekday: *day, from, to, period };
            slots.extend(ranges.iter().copied().map(slot));
        }
        reader.commas();
        if let Some(told) = reader.period() {
            for slot in slots.iter_mut().skip(settled) {
                slot.period = told;
            }
            settled = slots.len();
            period = "all";
        }
        reader.commas();
    }
    let mut seen = Vec::with_capacity(slots.len());
    for slot in slots {
        if !seen.contains(&slot) {
            seen.push(slot);
        }
    }
    (!seen.is_empty() && seen.len() <= 70).then_some(seen)
}

struct Reader<'p> {
    pieces: &'p [Piece],
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<&Piece> {
        self.pieces.get(self.at)
    }

    fn after(&self, steps: usize) -> Option<&Piece> {
        self.pieces.get(self.at + steps)
    }

    fn done(&self) -> bool {
        self.at >= self.pieces.len()
    }

    fn take(&mut self, piece: &Piece) -> bool {
        let taken = self.next() == Some(piece);
        self.at += usize::from(taken);
        taken
    }

    /// What stands between slots; a dash or a slash does when days follow.
    fn commas(&mut self) {
        loop {
            let days = matches!(self.after(1), Some(Piece::Days(_)));
            match self.next() {
                Some(Piece::Comma) => {}
                Some(Piece::And) if self.after(1).is_some() => {}
                Some(Piece::To | Piece::Slash) if self.at > 0 && days => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn period(&mut self) -> Option<&'static str> {
        self.commas();
        let Some(Piece::Period(period)) = self.next() else { return None };
        let period = *period;
        self.at += 1;
        self.commas();
        Some(period)
    }

    fn days_next(&self) -> bool {
        matches!(self.next(), Some(Piece::Days(_)))
    }

    /// « lundi, mardi et jeudi », « lundi au vendredi », « tous les jours sauf le dimanche ».
    fn days(&mut self) -> Option<Vec<u8>> {
        let mut days = Vec::new();
        loop {
            let Some(Piece::Days(told)) = self.next() else { return None };
            let mut told = told.clone();
            self.at += 1;
            if self.next() == Some(&Piece::To) && !self.chained() {
                // A dash before the hours (« lundi - 17h à 19h ») is no range of days.
                let Some(Piece::Days(last)) = self.after(1) else {
                    self.at += 1;
                    days.extend(told);
                    return Some(days);
                };
                let (Some(from), Some(to)) = (told.last().copied(), last.first().copied()) else {
                    return None;
                };
                if from >= to || told.len() > 1 || last.len() > 1 {
                    return None;
                }
                told = (from..=to).collect();
                self.at += 2;
            }
            if self.take(&Piece::Except) {
                let excepted = self.days()?;
                told.retain(|day| !excepted.contains(day));
            }
            days.extend(told);
            let link = matches!(self.next(), Some(Piece::And | Piece::Slash | Piece::Comma | Piece::To));
            if link && matches!(self.after(1), Some(Piece::Days(_))) {
                // « 17h-19h le mardi, 18h-20h le jeudi » and « lundi, mardi 17h-19h » both come here.
                self.at += 1;
            } else if !matches!(self.next(), Some(Piece::Days(_))) {
                // « mardi, 17h-19h »
                if self.next() == Some(&Piece::Comma) && matches!(self.after(1), Some(Piece::Hour { .. })) {
                    self.at += 1;
                }
                days.sort_unstable();
                days.dedup();
                return Some(days);
            }
        }
    }

    /// « lundi-mercredi-vendredi »: dashes that list days instead of spanning them.
    fn chained(&self) -> bool {
        let dash_day = |at: usize| {
            self.pieces.get(at) == Some(&Piece::To) && matches!(self.pieces.get(at + 1), Some(Piece::Days(_)))
        };
        let before = self.at.checked_sub(2).is_some_and(dash_day);
        dash_day(self.at) && (dash_day(self.at + 2) || before)
    }

    /// « 9h-12h et 14h-17h », « entre 17h et 19h », « 18-20h ».
    fn ranges(&mut self) -> Option<Vec<(u16, u16)>> {
        let mut ranges = vec![self.range()?];
        loop {
            let link = matches!(self.next(), Some(Piece::And | Piece::Comma | Piece::Slash));
            let start = usize::from(link);
            let hours = matches!(self.after(start), Some(Piece::Hour { .. } | Piece::Between));
            if !hours {
                return Some(ranges);
            }
            self.at += start;
            ranges.push(self.range()?);
        }
    }

    fn hour(&mut self) -> Option<(u16, bool)> {
        let Some(Piece::Hour { minutes, marked }) = self.next() else { return None };
        let hour = (*minutes, *marked);
        self.at += 1;
        Some(hour)
    }

    fn range(&mut self) -> Option<(u16, u16)> {
        let between = self.take(&Piece::Between);
        let (from, from_marked) = self.hour()?;
        // `10/12` may be a date: between slashes one `h` at least is wanted.
        let slash = self.next() == Some(&Piece::Slash);
        let linked = slash || self.next() == Some(&Piece::To) || between && self.next() == Some(&Piece::And);
        self.at += 1;
        let (to, to_marked) = self.hour()?;
        let to = if to == 0 { 24 * 60 } else { to };
        (linked && from < to && (from_marked || to_marked || !slash)).then_some((from, to))
    }
}

/// Writes slots as one reads them in French, days of equal hours together: « mardi et jeudi 17 h – 19 h »,
/// « du lundi au vendredi 9 h – 12 h et 14 h – 17 h », with no-break spaces. What this writes, [`read`] reads.
pub fn display(slots: &[HoursRead]) -> String {
    let mut groups: Vec<String> = Vec::new();
    // A period told last would count for all before it: slots without one come last.
    for (period, told) in [
        ("school", " (hors vacances scolaires)"),
        ("holidays", " (pendant les vacances scolaires)"),
        ("all", ""),
    ] {
        let days: Vec<(u8, Vec<(u16, u16)>)> =
            (1..=7).map(|day| (day, hours_of(slots, day, period))).collect();
        let mut written: Vec<&[(u16, u16)]> = vec![&[]];
        let mut lines: Vec<String> = Vec::new();
        for (_, ranges) in &days {
            if written.contains(&ranges.as_slice()) {
                continue;
            }
            written.push(ranges);
            let same: Vec<u8> =
                days.iter().filter(|(_, other)| other == ranges).map(|(day, _)| *day).collect();
            let hours: Vec<String> =
                ranges.iter().map(|(from, to)| format!("{} – {}", clock(*from), clock(*to))).collect();
            lines.push(format!("{} {}", named(&same), listed(&hours)));
        }
        if !lines.is_empty() {
            groups.push(lines.join(", ") + told);
        }
    }
    groups.join(", ")
}

fn hours_of(slots: &[HoursRead], day: u8, period: &str) -> Vec<(u16, u16)> {
    let slots = slots.iter().filter(|slot| slot.weekday == day && slot.period == period);
    let mut hours: Vec<(u16, u16)> = slots.map(|slot| (slot.from, slot.to)).collect();
    hours.sort_unstable();
    hours.dedup();
    hours
}

fn clock(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

/// « tous les jours », « du lundi au vendredi », « mardi et jeudi ».
fn named(days: &[u8]) -> String {
    let name =
        |day: &u8| WEEKDAYS.get(usize::from(*day).wrapping_sub(1)).copied().unwrap_or_default().to_owned();
    let following = days.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match days {
        [_, _, _, _, _, _, _] => "tous les jours".to_owned(),
        [first, _, .., last] if following && days.len() > 2 => {
            format!("du {} au {}", name(first), name(last))
        }
        _ => listed(&days.iter().map(name).collect::<Vec<_>>()),
    }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [before @ .., last] if !before.is_empty() => format!("{} et {last}", before.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests;
