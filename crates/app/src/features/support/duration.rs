//! Durations as people write them: « 1h30 », « 90 », « 1:30 », « 1,5 h ».

/// Longest duration of one line, in minutes: a day.
const MOST: i64 = 24 * 60;

const ADVICE: &str = "Indiquez une durée comme 1h30, 1:30, 90 ou 45 min, d’un jour au plus.";

/// Minutes of a typed duration. A bare number is in minutes.
pub fn read(typed: &str) -> Result<i64, String> {
    let text: String = typed.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let minutes = minutes(&text).filter(|minutes| (1..=MOST).contains(minutes));
    minutes.ok_or_else(|| ADVICE.to_owned())
}

fn minutes(text: &str) -> Option<i64> {
    if let Some(bare) =
        ["minutes", "minute", "min", "mn", "m"].iter().find_map(|unit| text.strip_suffix(unit))
    {
        // « 1h30min » says its minutes twice.
        return if bare.contains(['h', ':']) { of_hours(bare) } else { bare.parse().ok() };
    }
    if text.contains(['h', ':']) {
        return of_hours(text);
    }
    text.parse().ok()
}

/// « 1h30 », « 1:30 », « 2h », « 1,5h », « 1heure ».
fn of_hours(text: &str) -> Option<i64> {
    let (hours, rest) = text.split_once(['h', ':'])?;
    let rest = rest.strip_prefix("eures").or_else(|| rest.strip_prefix("eure")).unwrap_or(rest);
    let rest = rest.strip_prefix("rs").unwrap_or(rest);
    if rest.is_empty() {
        return hours.parse::<i64>().ok().map(|hours| hours.checked_mul(60)).unwrap_or_else(|| tenths(hours));
    }
    let minutes: i64 = rest.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    let hours: i64 = if hours.is_empty() { 0 } else { hours.parse().ok()? };
    hours.checked_mul(60)?.checked_add(minutes)
}

/// « 1,5 » or « 0.75 » hours.
fn tenths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once([',', '.'])?;
    let whole: i64 = whole.parse().ok().filter(|hours| (0..=24).contains(hours))?;
    let digits = u32::try_from(part.len()).ok().filter(|digits| (1..=2).contains(digits))?;
    let part: i64 = part.parse().ok()?;
    Some(whole * 60 + part * 60 / 10_i64.pow(digits))
}

/// « 1 h 30 », « 45 min ».
pub fn say(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, 0) => format!("{}\u{a0}h", kit::text::number(hours)),
        (hours, minutes) => format!("{}\u{a0}h\u{a0}{minutes:02}", kit::text::number(hours)),
    }
}

#[cfg(test)]
mod tests {
    use super::{read, say};

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (typed, minutes) in [
            ("1h30", 90),
            ("1 h 30", 90),
            ("1H30", 90),
            ("1:30", 90),
            ("90", 90),
            ("90m", 90),
            ("90 min", 90),
            ("45 minutes", 45),
            ("2h", 120),
            ("2 heures", 120),
            ("1 heure", 60),
            ("1,5h", 90),
            ("1.25 h", 75),
            ("0,5h", 30),
            ("5", 5),
            ("0h45", 45),
            ("h45", 45),
            ("1h05min", 65),
            ("1h30 min", 90),
        ] {
            assert_eq!(read(typed), Ok(minutes), "{typed}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_and_never_breaks() {
        for typed in [
            "",
            "0",
            "-5",
            "1h75",
            "25h",
            "9999999999999999999",
            "99999999999999h",
            "é",
            "1,555h",
            "1,5",
            "h",
            ":",
            "1h3a",
        ] {
            assert!(read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn durations_are_said_in_french() {
        assert_eq!(say(45), "45\u{a0}min");
        assert_eq!(say(120), "2\u{a0}h");
        assert_eq!(say(65), "1\u{a0}h\u{a0}05");
    }
}
