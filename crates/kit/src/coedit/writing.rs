//! What a text of [`markup`](crate::markup) is in a document: read from its tags, written as the browser's editor would.

use std::collections::HashMap;
use std::sync::Arc;

use yrs::{
    Any, ReadTxn, Text, Transact, TransactionMut, WriteTxn, Xml, XmlElementPrelim, XmlFragment, XmlTextPrelim,
};

use super::text::{NAMES, ROOT, children, empty, number};
use crate::markup;
use crate::markup::pieces::{Piece, attribute, decoded, pieces};

/// Words with their marks: `bold`, `italic`, `link` with its address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Marks {
    bold: bool,
    italic: bool,
    link: Option<String>,
}

/// A text to be written into a document.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Element { name: &'static str, attrs: Vec<(&'static str, Any)>, inside: Vec<Node> },
    Words(Vec<(String, Marks)>),
}

impl Node {
    fn element(name: &'static str) -> Self {
        Self::Element { name, attrs: Vec::new(), inside: Vec::new() }
    }

    /// The HTML that this will read as.
    pub(super) fn html(&self) -> String {
        // A document of its own says how it will read.
        let doc = empty();
        {
            let mut txn = doc.transact_mut();
            let root = txn.get_or_insert_xml_fragment(ROOT);
            insert(&mut txn, &root, 0, self.clone());
        }
        let txn = doc.transact();
        txn.get_xml_fragment(ROOT).map(|root| children(&txn, &root, 0).concat()).unwrap_or_default()
    }
}

/// Writes a text into an element, at a place among its children.
pub(super) fn insert(txn: &mut TransactionMut, parent: &impl XmlFragment, at: u32, node: Node) {
    match node {
        Node::Element { name, attrs, inside } => {
            let element = parent.insert(txn, at, XmlElementPrelim::empty(name));
            for (key, value) in attrs {
                element.insert_attribute(txn, key, value);
            }
            for (at, node) in inside.into_iter().enumerate() {
                insert(txn, &element, number(at), node);
            }
        }
        Node::Words(words) => {
            let text = parent.insert(txn, at, XmlTextPrelim::new(""));
            for (words, marks) in words {
                let end = text.len(txn);
                text.insert_with_attributes(txn, end, &words, marks.attrs());
            }
        }
    }
}

impl Marks {
    /// As the editor writes them. What this mark lacks is said too: else words take the marks of those before.
    fn attrs(&self) -> HashMap<Arc<str>, Any> {
        let on = || Any::Map(Arc::default());
        let link = |href: &String| Any::from(HashMap::from([("href".to_owned(), Any::from(href.as_str()))]));
        HashMap::from([
            (Arc::from("bold"), if self.bold { on() } else { Any::Null }),
            (Arc::from("italic"), if self.italic { on() } else { Any::Null }),
            (Arc::from("link"), self.link.as_ref().map_or(Any::Null, link)),
        ])
    }
}

/// The blocks of a text.
pub(super) fn blocks(html: &str) -> Vec<Node> {
    let clean = markup::read(html);
    let mut reader = Reader { open: vec![("", Node::element(""))], marks: Marks::default() };
    for piece in pieces(&clean) {
        match piece {
            Piece::Text(text) => reader.words(&decoded(text)),
            Piece::Open { name, attrs } => reader.open(name, attrs),
            Piece::Close(name) => reader.close(name),
        }
    }
    while reader.open.len() > 1 {
        reader.end();
    }
    match reader.open.pop() {
        Some((_, Node::Element { inside, .. })) => inside,
        _ => Vec::new(),
    }
}

/// Reads a cleaned text from its first tag to its last.
struct Reader {
    /// Elements that are open with the tag that opened each; the first is the text itself.
    open: Vec<(&'static str, Node)>,
    marks: Marks,
}

impl Reader {
    fn open(&mut self, tag: &str, attrs: &str) {
        match tag {
            "strong" | "b" => self.marks.bold = true,
            "em" | "i" => self.marks.italic = true,
            "a" => self.marks.link = attribute(attrs, "href"),
            "br" => {
                self.need_a_line();
                self.add(Node::element("hardBreak"));
            }
            "hr" => {
                self.leave_line();
                self.add(Node::element("horizontalRule"));
            }
            "img" => self.picture(attrs),
            "figcaption" => {}
            _ => {
                let known = NAMES.iter().find(|(_, known)| *known == tag);
                let (tag, node) = match (tag, known) {
                    ("h2", _) => ("h2", heading(2)),
                    ("h3", _) => ("h3", heading(3)),
                    ("h4", _) => ("h4", heading(4)),
                    ("figure", _) => ("figure", Node::element("figure")),
                    (_, Some((name, tag))) => (*tag, Node::element(name)),
                    _ => return,
                };
                self.leave_line();
                self.open.push((tag, node));
            }
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "strong" | "b" => self.marks.bold = false,
            "em" | "i" => self.marks.italic = false,
            "a" => self.marks.link = None,
            _ => {
                if let Some(at) = self.open.iter().rposition(|(open, _)| *open == tag) {
                    while self.open.len() > at.max(1) {
                        self.end();
                    }
                }
            }
        }
    }

    fn words(&mut self, words: &str) {
        if words.trim().is_empty() && !self.in_line() {
            return;
        }
        self.need_a_line();
        let marks = self.marks.clone();
        let Some((_, Node::Element { inside, .. })) = self.open.last_mut() else { return };
        match inside.last_mut() {
            Some(Node::Words(all)) => all.push((words.to_owned(), marks)),
            _ => inside.push(Node::Words(vec![(words.to_owned(), marks)])),
        }
    }

    /// A picture is a block of its own; within a figure it is the figure's.
    fn picture(&mut self, attrs: &str) {
        let said =
            |name: &'static str| (name, Any::from(attribute(attrs, name).unwrap_or_default().as_str()));
        if let Some((_, Node::Element { name: "figure", attrs, .. })) = self.open.last_mut() {
            *attrs = vec![said("src"), said("alt")];
            return;
        }
        self.leave_line();
        self.add(Node::Element { name: "figure", attrs: vec![said("src"), said("alt")], inside: Vec::new() });
    }

    fn in_line(&self) -> bool {
        matches!(self.open.last(), Some((_, Node::Element { name: "paragraph" | "heading" | "figure", .. })))
    }

    /// Words stand in a paragraph, a heading or a caption: elsewhere they open a paragraph.
    fn need_a_line(&mut self) {
        if !self.in_line() {
            self.open.push(("", Node::element("paragraph")));
        }
    }

    /// A block ends the paragraph before it, which no tag closed.
    fn leave_line(&mut self) {
        while self.in_line() && self.open.len() > 1 {
            self.end();
        }
    }

    fn add(&mut self, node: Node) {
        if let Some((_, Node::Element { inside, .. })) = self.open.last_mut() {
            inside.push(node);
        }
    }

    fn end(&mut self) {
        if let Some((_, node)) = self.open.pop() {
            let node = filled(node);
            self.add(node);
        }
    }
}

fn heading(level: u32) -> Node {
    Node::Element { name: "heading", attrs: vec![("level", Any::from(level))], inside: Vec::new() }
}

/// The editor knows no list item and no quotation without a paragraph.
fn filled(node: Node) -> Node {
    match node {
        Node::Element { name: name @ ("listItem" | "blockquote"), attrs, inside } if inside.is_empty() => {
            Node::Element { name, attrs, inside: vec![Node::element("paragraph")] }
        }
        node => node,
    }
}
