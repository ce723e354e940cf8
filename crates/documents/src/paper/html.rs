//! From the small part of HTML in which texts with a form are kept to the blocks of a paper. What comes in was cleaned
//! before; still, anything is read, without a fault and in one pass.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::{Block, DEEPEST_HEADING, DEEPEST_NESTING, Run};

/// The text is read by pieces of this many bytes. A tag that goes on through two of them is no tag that anyone writes:
/// reading it would cost the square of its length.
const PIECE: usize = 4096;

/// The blocks of a text with a form. Its highest headings (`h2`) come right under level `under` of the paper: 0 when the
/// text stands under no heading. Links are whole already: what leads nowhere outside the site is left as words.
pub fn blocks_of_html(html: &str, under: u8) -> Vec<Block> {
    let mut reader = Reader { pieces: RefCell::new(Pieces::new(under)), tokens: Cell::new(0) };
    let mut rest = html;
    while !rest.is_empty() {
        let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
        let (mut silent, mut seen) = (0, tokenizer.sink.tokens.get());
        while !rest.is_empty() && silent < 2 {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
            rest = after;
            let queue = BufferQueue::default();
            queue.push_back(StrTendril::from_slice(piece));
            // Nothing here asks the tokenizer to stop: what it answers says nothing more.
            let _ = tokenizer.feed(&queue);
            silent = if tokenizer.sink.tokens.get() == seen { silent + 1 } else { 0 };
            seen = tokenizer.sink.tokens.get();
        }
        if silent < 2 {
            tokenizer.end();
        }
        reader = tokenizer.sink;
    }
    reader.pieces.into_inner().finish()
}

struct Reader {
    pieces: RefCell<Pieces>,
    /// How many tokens came.
    tokens: Cell<usize>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut pieces = self.pieces.borrow_mut();
        match token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                self.tokens.set(self.tokens.get() + 1);
                return pieces.open(&tag);
            }
            Token::TagToken(tag) => pieces.close(&tag.name),
            Token::CharacterTokens(text) => pieces.words(&text),
            _ => {}
        }
        self.tokens.set(self.tokens.get() + 1);
        TokenSinkResult::Continue
    }
}

/// A block that is not closed yet.
enum Open {
    List { ordered: bool, items: Vec<Vec<Block>> },
    Item(Vec<Block>),
    Quote(Vec<Block>),
}

struct Pieces {
    blocks: Vec<Block>,
    open: Vec<Open>,
    /// How many lists and quotations were opened beyond the deepest place: their ends are not those of others.
    beyond: usize,
    runs: Vec<Run>,
    bold: usize,
    italic: usize,
    link: Option<String>,
    /// The level of the heading that is being read, as HTML counts it.
    heading: Option<u8>,
    under: u8,
    /// The level of the last heading in the paper.
    above: u8,
    /// An element of which nothing is shown.
    hidden: Option<String>,
}

impl Pieces {
    fn new(under: u8) -> Self {
        Self {
            blocks: Vec::new(),
            open: Vec::new(),
            beyond: 0,
            runs: Vec::new(),
            bold: 0,
            italic: 0,
            link: None,
            heading: None,
            under,
            above: under,
            hidden: None,
        }
    }

    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        if self.hidden.is_some() {
            return TokenSinkResult::Continue;
        }
        let attribute = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string())
        };
        match &*tag.name {
            "strong" | "b" => self.bold += 1,
            "em" | "i" => self.italic += 1,
            "a" => self.link = attribute("href").filter(|to| !to.is_empty()),
            "br" => self.break_line(),
            "img" => self.picture(&attribute("alt").unwrap_or_default()),
            "hr" => {
                self.end_paragraph();
                self.add(Block::Rule);
            }
            "figcaption" => {
                self.end_paragraph();
                self.italic += 1;
            }
            "ul" | "ol" => self.nest(Open::List { ordered: &*tag.name == "ol", items: Vec::new() }),
            "blockquote" => self.nest(Open::Quote(Vec::new())),
            "li" => self.begin_item(),
            name @ ("script" | "style" | "title" | "textarea") => {
                self.hidden = Some(name.to_owned());
                return TokenSinkResult::RawData(match name {
                    "script" => ScriptData,
                    "style" => Rawtext,
                    _ => Rcdata,
                });
            }
            name => {
                if let Some(level) = heading_level(name) {
                    self.end_paragraph();
                    self.heading = Some(level);
                } else if is_block(name) {
                    self.end_paragraph();
                }
            }
        }
        TokenSinkResult::Continue
    }

    fn close(&mut self, name: &str) {
        if let Some(hidden) = &self.hidden {
            if hidden == name {
                self.hidden = None;
            }
            return;
        }
        match name {
            "strong" | "b" => self.bold = self.bold.saturating_sub(1),
            "em" | "i" => self.italic = self.italic.saturating_sub(1),
            "a" => self.link = None,
            "figcaption" => {
                self.end_paragraph();
                self.italic = self.italic.saturating_sub(1);
            }
            "ul" | "ol" => self.unnest(|open| matches!(open, Open::List { .. })),
            "blockquote" => self.unnest(|open| matches!(open, Open::Quote(_))),
            "li" => {
                self.end_paragraph();
                self.end_item();
            }
            name if heading_level(name).is_some() || is_block(name) => self.end_paragraph(),
            _ => {}
        }
    }

    /// Words between tags: spaces and ends of lines are one space, as readers of HTML see them.
    fn words(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let mut ends_with_space = match self.runs.last() {
            Some(run) => run.text.ends_with([' ', '\n']),
            None => true,
        };
        let mut words = String::with_capacity(text.len());
        for sign in text.chars() {
            let is_space = matches!(sign, ' ' | '\n' | '\t' | '\r' | '\u{c}');
            if !is_space {
                words.push(sign);
            } else if !ends_with_space {
                words.push(' ');
            }
            ends_with_space = is_space;
        }
        self.say(words);
    }

    fn say(&mut self, words: String) {
        let run = Run { text: words, bold: self.bold > 0, italic: self.italic > 0, link: self.link.clone() };
        match self.runs.last_mut() {
            Some(last) if (last.bold, last.italic, &last.link) == (run.bold, run.italic, &run.link) => {
                last.text.push_str(&run.text);
            }
            _ if run.text.is_empty() => {}
            _ => self.runs.push(run),
        }
    }

    fn break_line(&mut self) {
        if let Some(last) = self.runs.last_mut() {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            self.say("\n".to_owned());
        }
    }

    /// A picture is said: what it shows, in the words that its author gave. A decorative one has none.
    fn picture(&mut self, alt: &str) {
        let alt = alt.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if !alt.is_empty() {
            self.end_paragraph();
            self.add(Block::text(format!("[Image\u{a0}: {alt}]")));
        }
    }

    fn end_paragraph(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        while let Some(last) = runs.last_mut() {
            last.text.truncate(last.text.trim_end_matches([' ', '\n']).len());
            if !last.text.is_empty() {
                break;
            }
            runs.pop();
        }
        let heading = self.heading.take();
        if runs.iter().all(|run| run.text.chars().all(char::is_whitespace)) {
            return;
        }
        match heading {
            Some(level) => self.add_heading(level, runs),
            None => self.add(Block::Paragraph(runs)),
        }
    }

    fn add_heading(&mut self, level: u8, runs: Vec<Run>) {
        // Within a list or a quotation a heading is no part of the plan, nor where there is no level left for it.
        if !self.open.is_empty() || self.under >= DEEPEST_HEADING {
            self.add(Block::Paragraph(runs.into_iter().map(|run| Run { bold: true, ..run }).collect()));
            return;
        }
        let text = runs.iter().map(|run| run.text.replace('\n', " ")).collect::<String>();
        let level = (self.under + level.saturating_sub(1).max(1)).min(self.above + 1).min(DEEPEST_HEADING);
        self.above = level;
        self.add(Block::Heading { level, text: text.trim().to_owned() });
    }

    fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::List { items, .. }) => items.push(vec![block]),
            Some(Open::Item(blocks) | Open::Quote(blocks)) => blocks.push(block),
            None => self.blocks.push(block),
        }
    }

    fn nest(&mut self, open: Open) {
        self.end_paragraph();
        let depth = self.open.iter().filter(|open| !matches!(open, Open::Item(_))).count();
        if depth >= DEEPEST_NESTING {
            self.beyond += 1;
        } else {
            self.open.push(open);
        }
    }

    fn unnest(&mut self, is_wanted: impl Fn(&Open) -> bool) {
        self.end_paragraph();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(at) = self.open.iter().rposition(is_wanted) {
            while self.open.len() > at {
                self.end_last();
            }
        }
    }

    fn begin_item(&mut self) {
        self.end_paragraph();
        if self.beyond == 0 {
            self.end_item();
            if matches!(self.open.last(), Some(Open::List { .. })) {
                self.open.push(Open::Item(Vec::new()));
            }
        }
    }

    /// Ends the item that is open, unless a list or a quotation within it is.
    fn end_item(&mut self) {
        if self.beyond == 0 && matches!(self.open.last(), Some(Open::Item(_))) {
            self.end_last();
        }
    }

    fn end_last(&mut self) {
        match self.open.pop() {
            Some(Open::Item(blocks)) if !blocks.is_empty() => match self.open.last_mut() {
                Some(Open::List { items, .. }) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add(block)),
            },
            Some(Open::List { ordered, items }) if !items.is_empty() => {
                self.add(Block::List { ordered, items });
            }
            Some(Open::Quote(blocks)) if !blocks.is_empty() => self.add(Block::Quote(blocks)),
            _ => {}
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        while !self.open.is_empty() {
            self.end_last();
        }
        self.blocks
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Whether what stands in it is apart from what comes before and after.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "figure"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "dl"
            | "dt"
            | "dd"
            | "pre"
            | "header"
            | "footer"
            | "main"
            | "address"
    )
}
