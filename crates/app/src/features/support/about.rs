//! What a task or a line of the journal is about: something of any feature, as that feature names it.

use kit::db::Id;

/// Something of any feature. `label` and `url` are kept as they were, so that what is about it can be read without
/// knowing that feature.
#[derive(Clone, Debug)]
pub struct About {
    /// The kind of the trail's subjects: `person`, `structure`, `mail_thread`…
    pub kind: &'static str,
    pub id: Id,
    pub label: String,
    /// Its page, of this program: `/espace/…`.
    pub url: String,
}

impl About {
    pub fn new(kind: &'static str, id: Id, label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { kind, id, label: label.into(), url: url.into() }
    }
}

/// A link to what something is about, as pages show it.
pub struct AboutLink {
    pub label: String,
    pub url: String,
}

impl AboutLink {
    /// Of the columns of a row; `None` when it is about nothing.
    pub fn of(label: Option<&String>, url: Option<&String>) -> Option<Self> {
        Some(Self { label: label?.clone(), url: url.filter(|url| is_local(url))?.clone() })
    }
}

/// Whether an address is one of this program's private pages: nothing else may be linked to from a task.
fn is_local(url: &str) -> bool {
    url.starts_with("/espace/")
}
