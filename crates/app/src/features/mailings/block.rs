//! The block: a mailing is an ordered list of them, each of one kind.

use kit::db::Id;
use serde::{Deserialize, Serialize};

/// A piece of a mailing. What its kind does not use is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Block {
    pub id: Id,
    /// A code of [`KINDS`].
    pub kind: String,
    pub title: String,
    /// Cleaned HTML, or, for a picture, its caption.
    pub body: String,
    /// Where it leads.
    pub url: String,
    /// The picture shown.
    pub picture: Option<Id>,
    /// The published news told.
    pub news: Option<Id>,
}

impl Default for Block {
    fn default() -> Self {
        Self {
            id: Id::first(),
            kind: String::new(),
            title: String::new(),
            body: String::new(),
            url: String::new(),
            picture: None,
            news: None,
        }
    }
}

/// What a block can be.
pub const KINDS: [(&str, &str); 8] = [
    ("heading", "Titre"),
    ("text", "Texte"),
    ("picture", "Image"),
    ("news", "Actualité du site"),
    ("event", "Événement"),
    ("resource", "Ressource"),
    ("button", "Bouton"),
    ("divider", "Séparateur"),
];
/// Most blocks of a mailing: a longer one is cut by mailboxes (Gmail shows 102 kB).
pub const MOST: usize = 60;

impl Block {
    pub fn new(id: Id, kind: &str) -> Self {
        Self { id, kind: kind.to_owned(), ..Self::default() }
    }

    pub fn label(&self) -> &'static str {
        KINDS.iter().find(|(code, _)| *code == self.kind).map_or("Bloc", |(_, label)| label)
    }

    /// What a list of blocks shows of it.
    pub fn excerpt(&self) -> String {
        let text = kit::markup::excerpt(&self.body, 120);
        match (self.title.is_empty(), text.is_empty()) {
            (false, _) => self.title.clone(),
            (true, false) => text,
            (true, true) => self.url.clone(),
        }
    }

    pub fn title_label(&self) -> &'static str {
        if self.kind == "button" { "Texte du bouton" } else { "Titre" }
    }

    /// Nothing is left to be said in a separator.
    pub fn may_be_edited(&self) -> bool {
        self.kind != "divider"
    }

    pub fn uses(&self, part: &str) -> bool {
        let parts: &[&str] = match self.kind.as_str() {
            "heading" => &["title"],
            "text" => &["body"],
            "picture" => &["picture", "caption", "url"],
            "news" => &["news"],
            "event" | "resource" => &["title", "body", "url"],
            "button" => &["title", "url"],
            _ => &[],
        };
        parts.contains(&part)
    }
}

/// Stored blocks, in order.
pub fn read(text: &str) -> Vec<Block> {
    serde_json::from_str(text).unwrap_or_default()
}

pub fn write(blocks: &[Block]) -> String {
    serde_json::to_string(blocks).unwrap_or_default()
}

/// Moves a block one place; at an end it stays.
pub fn shift(blocks: &mut [Block], id: Id, down: bool) {
    let Some(at) = blocks.iter().position(|block| block.id == id) else { return };
    let to = if down { at + 1 } else { at.wrapping_sub(1) };
    if to < blocks.len() {
        blocks.swap(at, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_move_one_place_and_stop_at_the_ends() {
        let ids: Vec<Id> = (0..3).map(|n| Id::new(kit::Timestamp(n * 1_000_000))).collect();
        let mut blocks: Vec<Block> = ids.iter().map(|id| Block::new(*id, "text")).collect();
        let order = |blocks: &[Block]| {
            blocks.iter().map(|b| ids.iter().position(|id| *id == b.id).unwrap()).collect::<Vec<_>>()
        };
        shift(&mut blocks, ids[0], false);
        assert_eq!(order(&blocks), [0, 1, 2]);
        shift(&mut blocks, ids[0], true);
        assert_eq!(order(&blocks), [1, 0, 2]);
        shift(&mut blocks, ids[2], true);
        assert_eq!(order(&blocks), [1, 0, 2]);
        assert_eq!(read(&write(&blocks)), blocks);
    }
}
