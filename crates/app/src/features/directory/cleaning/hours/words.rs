//! The words of announced hours, told apart: days, hours, links, and the holidays that do not count.

use kit::text::fold;

/// A piece of what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// 1 is Monday.
    Days(Vec<u8>),
    /// Minutes from midnight; `marked` when written with `h` or `:`.
    Hour {
        minutes: u16,
        marked: bool,
    },
    /// `-`, « à », « au », « jusqu’à », « > ».
    To,
    /// `/`: a range between hours, a list between days.
    Slash,
    /// « et »
    And,
    /// « entre »: the « et » that follows is a « à ».
    Between,
    /// « sauf » before days.
    Except,
    Comma,
    Period(&'static str),
}

/// Phrases that are one piece, on text in small letters without accents; longest first.
const PHRASES: &[(&str, &str)] = &[
    ("en dehors des vacances scolaires", " _school "),
    ("en dehors des vacances", " _school "),
    ("sauf pendant les vacances scolaires", " _school "),
    ("sauf pendant les vacances", " _school "),
    ("sauf les vacances scolaires", " _school "),
    ("sauf en periode de vacances", " _school "),
    ("sauf vacances scolaires", " _school "),
    ("sauf les vacances", " _school "),
    ("sauf vacances", " _school "),
    ("sauf vac.", " _school "),
    ("hors des vacances scolaires", " _school "),
    ("hors periode de vacances scolaires", " _school "),
    ("hors vacances scolaires", " _school "),
    ("hors periode de vacances", " _school "),
    ("hors vacances", " _school "),
    ("hors vac.", " _school "),
    ("hors vs", " _school "),
    ("en periode scolaire", " _school "),
    ("pendant la periode scolaire", " _school "),
    ("periode scolaire", " _school "),
    ("temps scolaire", " _school "),
    ("uniquement pendant les vacances scolaires", " _holidays "),
    ("uniquement pendant les vacances", " _holidays "),
    ("pendant les vacances scolaires", " _holidays "),
    ("pendant les vacances", " _holidays "),
    ("vacances scolaires uniquement", " _holidays "),
    ("du lundi au dimanche", " _every "),
    ("tous les jours de la semaine", " _five "),
    ("tous les jours", " _every "),
    ("chaque jour", " _every "),
    ("tlj", " _every "),
    ("t.l.j.", " _every "),
    ("7j/7", " _every "),
    ("7 j/7", " _every "),
    ("7/7", " _every "),
    ("jours de semaine", " _five "),
    ("jours de la semaine", " _five "),
    ("jours ouvres", " _five "),
    ("jours ouvrables", " _six "),
    ("en semaine", " _five "),
    ("la semaine", " _five "),
    ("week-ends", " _rest "),
    ("week-end", " _rest "),
    ("week ends", " _rest "),
    ("week end", " _rest "),
    ("weekends", " _rest "),
    ("weekend", " _rest "),
    ("apres-midi", " "),
    ("apres midi", " "),
    ("jusqu'a", " - "),
    ("->", " - "),
    ("=>", " - "),
];

/// Words that change nothing.
const SILENT: &[&str] = &[
    "de",
    "du",
    "des",
    "le",
    "les",
    "la",
    "l",
    "d",
    "tous",
    "toutes",
    "chaque",
    "permanence",
    "permanences",
    "en",
    "ligne",
    "horaires",
    "horaire",
    "matin",
    "matins",
    "soir",
    "soirs",
    "soiree",
    "heures",
    "heure",
    "connecte",
    "connectee",
    "presence",
    "disponible",
    "dispo",
    "present",
    "presente",
    "numerique",
    "creneau",
    "creneaux",
];

/// Cuts the text into pieces. `None` when anything is not understood.
pub fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut text = plain(text);
    for (phrase, mark) in PHRASES {
        text = replaced(&text, phrase, mark);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = letters.get(at).copied() {
        let stretch =
            |fits: fn(&char) -> bool| letters[at..].iter().take_while(|c| fits(c)).collect::<String>();
        if c.is_ascii_digit() {
            let (hour, length) = hour(&letters[at..])?;
            pieces.push(hour);
            at += length;
        } else if c.is_alphabetic() || c == '_' {
            let word = stretch(|c| c.is_alphanumeric() || *c == '_');
            at += word.chars().count();
            at += usize::from(letters.get(at) == Some(&'.'));
            pieces.extend(of_word(&word)?);
        } else {
            pieces.extend(of_sign(c)?);
            at += 1;
        }
    }
    Some(pieces)
}

/// Puts a mark for a phrase where it stands as words of its own: never the « 7/7 » of « 17/7 ».
fn replaced(text: &str, phrase: &str, mark: &str) -> String {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(phrase) {
        let (before, after) = (&rest[..at], &rest[at + phrase.len()..]);
        let last = before.chars().next_back().or_else(|| written.chars().next_back());
        let whole = !joins(last) && (!joins(after.chars().next()) || !joins(phrase.chars().next_back()));
        written.push_str(before);
        written.push_str(if whole { mark } else { phrase });
        rest = after;
    }
    written + rest
}

/// Small letters without accents; signs are kept.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => "-".to_owned(),
            c if c.is_alphabetic() => fold(&c.to_string()),
            c => c.to_string(),
        })
        .collect()
}

/// `17h30`, `17 h 30`, `17:30`, `17h`, `17`; how many characters it takes.
fn hour(letters: &[char]) -> Option<(Piece, usize)> {
    let digits =
        |from: usize| letters[from.min(letters.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let number = |from: usize, length: usize| {
        letters[from..from + length].iter().collect::<String>().parse::<u16>().ok()
    };
    let spaces = |from: usize| usize::from(letters.get(from) == Some(&' '));
    let length = digits(0);
    if length > 2 {
        return None;
    }
    let hours = number(0, length)?;
    let mut end = length + spaces(length);
    let mut minutes = 0;
    let mark = letters.get(end).copied();
    let marked = matches!(mark, Some('h')) || matches!(mark, Some(':') | Some('.')) && digits(end + 1) == 2;
    if marked {
        end += 1;
        // « h », « hr », « heures » follow the figure.
        let word: String = letters[end..].iter().take_while(|c| c.is_alphabetic()).collect();
        match word.as_str() {
            "" => {}
            "eures" | "eure" | "rs" | "s" => end += word.len(),
            _ => return None,
        }
        let from = end + spaces(end);
        let length = digits(from);
        // « 17 h 30 » holds its minutes; « 9h 14h » is two hours.
        let next = letters.get(from + length + spaces(from + length)).copied();
        if length == 2 && (from == end || !matches!(next, Some('h' | ':'))) {
            minutes = number(from, 2)?;
            end = from + 2;
        } else if length > 0 && from == end {
            return None;
        }
        // « 17h30mn »
        let tail: String = letters[end..].iter().take_while(|c| c.is_alphabetic()).collect();
        if minutes > 0 && matches!(tail.as_str(), "mn" | "min" | "m") {
            end += tail.len();
        }
    } else {
        end = length;
    }
    let valid = hours < 24 && minutes < 60 || hours == 24 && minutes == 0;
    valid.then_some((Piece::Hour { minutes: hours * 60 + minutes, marked }, end))
}

fn of_sign(sign: char) -> Option<Vec<Piece>> {
    match sign {
        ' ' | '(' | ')' | ':' | '\'' | '’' | '.' => Some(Vec::new()),
        ',' | ';' | '|' | '•' | '·' => Some(vec![Piece::Comma]),
        '-' | '>' | '→' | '~' => Some(vec![Piece::To]),
        '/' => Some(vec![Piece::Slash]),
        '&' | '+' => Some(vec![Piece::And]),
        _ => None,
    }
}

fn of_word(word: &str) -> Option<Vec<Piece>> {
    let days = |days: &[u8]| Some(vec![Piece::Days(days.to_vec())]);
    match word {
        "_school" => Some(vec![Piece::Period("school")]),
        "_holidays" => Some(vec![Piece::Period("holidays")]),
        "_every" => days(&[1, 2, 3, 4, 5, 6, 7]),
        "_five" => days(&[1, 2, 3, 4, 5]),
        "_six" => days(&[1, 2, 3, 4, 5, 6]),
        "_rest" => days(&[6, 7]),
        "a" | "au" => Some(vec![Piece::To]),
        "et" => Some(vec![Piece::And]),
        "puis" => Some(vec![Piece::Comma]),
        "entre" => Some(vec![Piece::Between]),
        "sauf" => Some(vec![Piece::Except]),
        "midi" => Some(vec![Piece::Hour { minutes: 12 * 60, marked: true }]),
        "minuit" => Some(vec![Piece::Hour { minutes: 24 * 60, marked: true }]),
        _ if SILENT.contains(&word) => Some(Vec::new()),
        _ => weekday(word).map(|day| vec![Piece::Days(vec![day])]),
    }
}

/// « lundi », « lundis », « lun », « lu ».
fn weekday(word: &str) -> Option<u8> {
    let days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    let word = if word.len() > 5 { word.trim_end_matches('s') } else { word };
    let short = |day: &str| match word.len() {
        2..=4 => {
            day.starts_with(word) || word == "mcr" && day == "mercredi" || word == "vdr" && day == "vendredi"
        }
        _ => day == word,
    };
    let mut found = (1u8..).zip(days).filter(|(_, day)| short(day));
    let first = found.next()?;
    found.next().is_none().then_some(first.0)
}
