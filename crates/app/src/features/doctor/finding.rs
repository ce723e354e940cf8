//! What was found about one thing, in plain French, with what to ask of whom.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Watch,
    Fix,
    /// Could not be found out.
    Unknown,
}

impl Tone {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Good => "Bon",
            Self::Watch => "À surveiller",
            Self::Fix => "À corriger",
            Self::Unknown => "Non vérifié",
        }
    }

    /// The tone of its badge.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Watch => "warn",
            Self::Fix => "bad",
            Self::Unknown => "quiet",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `spf`, `dkim`, `smtp`…
    pub check: String,
    pub title: String,
    pub tone: Tone,
    /// What it means.
    pub said: String,
    /// What to send to the host, word for word.
    pub ask: Option<String>,
}

impl Finding {
    fn new(tone: Tone, check: &str, title: &str, said: impl Into<String>) -> Self {
        Self { check: check.to_owned(), title: title.to_owned(), tone, said: said.into(), ask: None }
    }

    pub fn good(check: &str, title: &str, said: impl Into<String>) -> Self {
        Self::new(Tone::Good, check, title, said)
    }

    pub fn watch(check: &str, title: &str, said: impl Into<String>) -> Self {
        Self::new(Tone::Watch, check, title, said)
    }

    pub fn fix(check: &str, title: &str, said: impl Into<String>) -> Self {
        Self::new(Tone::Fix, check, title, said)
    }

    pub fn unknown(check: &str, title: &str, said: impl Into<String>) -> Self {
        Self::new(Tone::Unknown, check, title, said)
    }

    /// With the words to send to the host.
    pub fn asking(mut self, words: impl Into<String>) -> Self {
        self.ask = Some(words.into());
        self
    }
}
