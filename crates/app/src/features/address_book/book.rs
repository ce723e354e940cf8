//! The three books.

/// A book of the network's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    People,
    Structures,
    Partners,
}

impl Book {
    pub const ALL: [Self; 3] = [Self::People, Self::Structures, Self::Partners];

    /// As in addresses, and as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::People => "promeneurs",
            Self::Structures => "structures",
            Self::Partners => "partenaires",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::People => "Promeneurs",
            Self::Structures => "Structures",
            Self::Partners => "Partenaires",
        }
    }

    pub const fn description(self) -> &'static str {
        match self {
            Self::People => "Les promeneurs en poste",
            Self::Structures => "Les structures du réseau et leurs responsables",
            Self::Partners => "Les partenaires et leurs contacts",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|book| book.code() == code)
    }
}
