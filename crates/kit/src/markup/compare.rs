//! Two texts side by side, word by word.

use similar::{ChangeTag, TextDiff};

/// Whether words stayed, came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Same,
    Added,
    Removed,
}

/// A run of words of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub said: Said,
    pub text: String,
}

impl Part {
    pub fn is_added(&self) -> bool {
        self.said == Said::Added
    }

    pub fn is_removed(&self) -> bool {
        self.said == Said::Removed
    }
}

/// What one must take away from and add to `before` to read `after`.
pub fn compare(before: &str, after: &str) -> Vec<Part> {
    let diff = TextDiff::from_words(before, after);
    let mut parts: Vec<Part> = Vec::new();
    for change in diff.iter_all_changes() {
        let said = match change.tag() {
            ChangeTag::Equal => Said::Same,
            ChangeTag::Insert => Said::Added,
            ChangeTag::Delete => Said::Removed,
        };
        match parts.last_mut() {
            Some(last) if last.said == said => last.text.push_str(change.value()),
            _ => parts.push(Part { said, text: change.value().to_owned() }),
        }
    }
    parts
}
