//! How a post stands on a day, and what that is called.

use kit::db::Date;

use super::mandate::CONDITIONS;

/// How a post stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody holds it.
    Vacant,
    /// Its holder starts later.
    Upcoming(Date),
    /// Held, every condition of the network met.
    Active,
    /// Held, with conditions still missing (their codes).
    Incomplete(Vec<String>),
    Absent(Option<Date>),
    Suspended(Option<Date>),
    /// Over since that day.
    Ended(Date),
}

impl Standing {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Vacant => "vacant",
            Self::Upcoming(_) => "upcoming",
            Self::Active => "active",
            Self::Incomplete(_) => "incomplete",
            Self::Absent(_) => "absent",
            Self::Suspended(_) => "suspended",
            Self::Ended(_) => "ended",
        }
    }

    pub fn label(&self) -> String {
        match self {
            Self::Vacant => "En cours de recrutement".to_owned(),
            Self::Upcoming(day) => format!("Arrive le {}", day.short()),
            Self::Active => "Actif".to_owned(),
            Self::Incomplete(_) => "En cours d’activation".to_owned(),
            Self::Absent(Some(until)) => format!("Absent jusqu’au {}", until.short()),
            Self::Absent(None) => "Absent".to_owned(),
            Self::Suspended(Some(until)) => format!("Suspendu jusqu’au {}", until.short()),
            Self::Suspended(None) => "Suspendu".to_owned(),
            Self::Ended(day) => format!("Parti le {}", day.short()),
        }
    }

    /// « Il manque : charte signée, formation socle suivie »; empty when nothing is missing.
    pub fn missing(&self) -> String {
        let Self::Incomplete(codes) = self else { return String::new() };
        let labels: Vec<&str> = CONDITIONS
            .iter()
            .filter(|(code, _)| codes.iter().any(|missing| missing == code))
            .map(|(_, label)| *label)
            .collect();
        format!("Il manque\u{a0}: {}", labels.join(", "))
    }

    pub fn tone(&self) -> &'static str {
        match self {
            Self::Active => "ok",
            Self::Incomplete(_) | Self::Absent(_) => "warn",
            Self::Suspended(_) => "bad",
            Self::Vacant | Self::Upcoming(_) => "info",
            Self::Ended(_) => "quiet",
        }
    }
}

/// Labels of the filter by standing.
pub const STANDINGS: [(&str, &str); 6] = [
    ("active", "Actif"),
    ("incomplete", "En cours d’activation"),
    ("upcoming", "Arrive bientôt"),
    ("absent", "Absent"),
    ("suspended", "Suspendu"),
    ("ended", "Parti"),
];
