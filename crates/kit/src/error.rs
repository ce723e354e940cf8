//! One error for every act, and what the visitor is told.

use std::fmt;

use crate::web::form::Fields;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done. Texts are French and shown to the visitor, `Bug` excepted.
#[derive(Debug)]
pub enum Error {
    /// Unknown, or not visible to this visitor: 404.
    NotFound,
    /// It was public once and is no longer: 410.
    Gone(String),
    /// Seen but not allowed: 403.
    Forbidden,
    /// The visitor must sign in first.
    SignIn,
    /// Some fields were refused: the form comes back with 422. Nothing is stored.
    Invalid(Box<Fields>),
    /// The act as a whole was refused, with the reason: 422.
    Refused(String),
    /// Someone else saved the same thing meanwhile: 409.
    Stale,
    /// A rule of uniqueness of the database was broken: 409.
    Taken(String),
    /// The body is larger than allowed: 413.
    TooLarge(String),
    /// Too many attempts: 429.
    TooMany(String),
    /// Not now: 503.
    TryLater(String),
    /// A fault of the program: logged with a reference, 500.
    Bug(String),
}

impl Error {
    /// A fault of the program or of what it stands on.
    pub fn bug(error: impl fmt::Display) -> Self {
        Self::Bug(error.to_string())
    }

    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }

    /// A personal link that is not ours, or of what is there no more: never which.
    pub fn unknown_link() -> Self {
        Self::Gone("Ce lien n’est pas valable. Vérifiez que vous l’avez copié en entier.".to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("Introuvable."),
            Self::Gone(text)
            | Self::Refused(text)
            | Self::TooLarge(text)
            | Self::TooMany(text)
            | Self::TryLater(text) => f.write_str(text),
            Self::Forbidden => f.write_str("Vous n’avez pas le droit de faire cela."),
            Self::SignIn => f.write_str("Connectez-vous d’abord."),
            Self::Invalid(fields) => {
                let errors: Vec<&str> = fields.errors().iter().map(|e| e.message.as_str()).collect();
                f.write_str(&errors.join(" "))
            }
            Self::Stale => f.write_str("Quelqu’un d’autre a enregistré une modification entre-temps."),
            Self::Taken(text) => write!(f, "Cela existe déjà ({text})."),
            Self::Bug(text) => write!(f, "Erreur du programme : {text}"),
        }
    }
}

impl std::error::Error for Error {}
