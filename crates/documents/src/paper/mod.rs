//! A written paper: minutes, the papers of a meeting. One structure, from which PDF, DOCX and ODT are made; what people
//! wrote with a form comes in by [`blocks_of_html`].
//!
//! Whatever stands in a paper is text: nothing of it is read as markup by what it is made with. Before a paper is made it
//! is [settled](settled), so that the three say the same: levels of headings follow each other, links lead somewhere safe,
//! rows have as many cells as the table has columns.

mod docx;
mod html;
mod odt;
mod packed;
mod pdf;
mod settled;
#[cfg(test)]
mod tests;

pub use docx::docx;
pub use html::blocks_of_html;
pub use odt::odt;
pub use pdf::pdf;

/// The deepest level of a heading.
pub const DEEPEST_HEADING: u8 = 4;
/// Lists, quotations and callouts in each other, at most: what lies deeper is kept at this depth. Word knows nine levels
/// of lists.
pub const DEEPEST_NESTING: usize = 6;

/// What a paper says and how it is dressed. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// « Compte rendu du comité de pilotage du 12 mars 2026 ». A paper without one is called « Document ».
    pub title: String,
    /// Lines under the title.
    pub subtitles: Vec<String>,
    /// « Promeneurs du Net de la Drôme ».
    pub network: String,
    /// « Comité de pilotage ».
    pub committee: String,
    /// `#rrggbb`, dark enough to be read on white.
    pub accent: String,
    /// What is to be known at once: « Date », « Lieu », « Rédigé par », each with its value.
    pub facts: Vec<(String, String)>,
    /// Whether a table of contents comes before the blocks.
    pub with_contents: bool,
    pub blocks: Vec<Block>,
    /// Stands at the foot of every page.
    pub footer: String,
    /// When the paper was made: `2026-03-12T17:30:00Z`. Anything else is left out, and files then tell no date.
    pub made_at: String,
}

/// A part of a paper, one under the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Level 1 to [`DEEPEST_HEADING`]; a level that would be skipped is not. Inside other blocks a heading is a paragraph
    /// in bold: it is no part of the paper's plan.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph(Vec<Run>),
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Table(Table),
    /// What must not be missed: « Décision 2026-04 ».
    Callout {
        label: String,
        blocks: Vec<Block>,
    },
    /// A line across the page.
    Rule,
}

/// Rows under a row of headings, which comes again on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub caption: String,
    pub head: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
    /// How wide columns are beside each other; a missing one is 1.
    pub weights: Vec<u16>,
}

/// What stands in a cell of a table.
pub type Cell = Vec<Run>;

/// Words of one look. A line feed in them breaks the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    /// Where the words lead: `http`, `https`, `mailto` or `tel`, whole. Anything else is left out and the words stay.
    pub link: Option<String>,
}

impl Run {
    /// Words without any look.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Words in bold.
    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true, ..Self::default() }
    }

    /// Words in italic.
    pub fn italic(text: impl Into<String>) -> Self {
        Self { text: text.into(), italic: true, ..Self::default() }
    }

    /// Words that lead somewhere.
    pub fn link(text: impl Into<String>, to: impl Into<String>) -> Self {
        Self { text: text.into(), link: Some(to.into()), ..Self::default() }
    }
}

impl Block {
    /// A heading.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    /// A paragraph of words without any look.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Run::plain(text)])
    }
}

/// Why a paper was not made as an office file: a fault of the program, since anything can be written in one.
#[derive(Debug, thiserror::Error)]
#[error("le document n’a pas pu être écrit : {0}")]
pub struct NotWritten(#[from] std::io::Error);
