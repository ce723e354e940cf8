//! A shared text and the HTML that stands for it: what Yjs and ProseMirror make of a text in the browser, as a text of
//! [`markup`](crate::markup), and back.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use yrs::types::text::YChange;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Doc, OffsetKind, Options, Out, ReadTxn, StateVector, Text, Transact, Update, WriteTxn, Xml,
    XmlElementRef, XmlFragment, XmlOut, XmlTextRef,
};

use super::writing::{blocks, insert};
use crate::error::{Error, Result};
use crate::markup::{self, escape};

/// Where the browser's editor keeps its text in a document.
pub(super) const ROOT: &str = "default";
/// Elements in elements: what a browser made to break this program nests deeper.
const MOST_DEPTH: usize = 40;

/// Elements of the editor and the tags that stand for them. Headings, pictures and breaks are told apart by hand.
pub(super) const NAMES: [(&str, &str); 6] = [
    ("paragraph", "p"),
    ("bulletList", "ul"),
    ("orderedList", "ol"),
    ("listItem", "li"),
    ("blockquote", "blockquote"),
    ("horizontalRule", "hr"),
];
const MARKS: [(&str, &str); 2] = [("bold", "strong"), ("italic", "em")];

/// A document as this program opens it: places are counted as browsers count them.
pub(super) fn empty() -> Doc {
    let doc = Doc::with_options(Options { offset_kind: OffsetKind::Utf16, ..Options::default() });
    doc.get_or_insert_xml_fragment(ROOT);
    doc
}

/// Adds an update to a document. An update that cannot be read, or asks for more than there is, is refused.
pub(super) fn apply(doc: &Doc, update: &[u8]) -> Result<()> {
    let update = Update::decode_v1(update).map_err(|_| unreadable())?;
    doc.transact_mut().apply_update(update).map_err(|_| unreadable())
}

pub(super) fn unreadable() -> Error {
    Error::refused("Ce qui a été envoyé n’est pas la suite de ce texte.")
}

/// The whole document, as one update.
pub(super) fn state(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// What the document says, as a cleaned text.
pub(super) fn html(doc: &Doc) -> String {
    let txn = doc.transact();
    let Some(root) = txn.get_xml_fragment(ROOT) else { return String::new() };
    markup::clean(&children(&txn, &root, 0).concat())
}

/// Makes the document say this text, and returns the update that does. What stays the same is left alone: whoever writes
/// there meanwhile keeps their place and their words.
pub(super) fn rewrite(doc: &Doc, html: &str) -> Vec<u8> {
    let wanted = blocks(html);
    let mut txn = doc.transact_mut();
    let root = txn.get_or_insert_xml_fragment(ROOT);
    let before: Vec<String> = children(&txn, &root, 0).iter().map(|one| markup::clean(one)).collect();
    let after: Vec<String> = wanted.iter().map(|one| markup::clean(&one.html())).collect();
    let first = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - first;
    let last = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let gone = before.len() - first - last;
    if gone > 0 {
        root.remove_range(&mut txn, number(first), number(gone));
    }
    let new = wanted.into_iter().skip(first).take(after.len() - first - last);
    for (at, node) in new.enumerate() {
        insert(&mut txn, &root, number(first + at), node);
    }
    txn.encode_update_v1()
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The HTML of each child, in order.
pub(super) fn children<T: ReadTxn>(txn: &T, parent: &impl XmlFragment, depth: usize) -> Vec<String> {
    if depth > MOST_DEPTH {
        return Vec::new();
    }
    let one = |child| match child {
        XmlOut::Element(element) => of_element(txn, &element, depth),
        XmlOut::Text(text) => of_text(txn, &text),
        XmlOut::Fragment(_) => String::new(),
    };
    parent.children(txn).map(one).collect()
}

fn of_element<T: ReadTxn>(txn: &T, element: &XmlElementRef, depth: usize) -> String {
    let name = element.try_tag().map(|name| name.to_string()).unwrap_or_default();
    let inside = || children(txn, element, depth + 1).concat();
    match name.as_str() {
        "hardBreak" => "<br>".to_owned(),
        "horizontalRule" => "<hr>".to_owned(),
        "heading" => {
            let level = said(txn, element, "level").parse().unwrap_or(2).clamp(2, 4);
            format!("<h{level}>{}</h{level}>", inside())
        }
        "figure" => format!(
            "<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>",
            escape(&said(txn, element, "src")),
            escape(&said(txn, element, "alt")),
            inside()
        ),
        name => match NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, tag)) => format!("<{tag}>{}</{tag}>", inside()),
            None => inside(),
        },
    }
}

/// An attribute of an element, in words.
fn said<T: ReadTxn>(txn: &T, element: &XmlElementRef, name: &str) -> String {
    match element.get_attribute(txn, name) {
        Some(Out::Any(Any::String(text))) => text.to_string(),
        Some(Out::Any(Any::Number(number))) => number.to_string(),
        _ => String::new(),
    }
}

fn of_text<T: ReadTxn>(txn: &T, text: &XmlTextRef) -> String {
    let mut html = String::new();
    // The marks that are open, the outer ones first: a tag, and its attributes.
    let mut open: Vec<(&str, String)> = Vec::new();
    for run in text.diff(txn, YChange::identity) {
        let Out::Any(Any::String(words)) = run.insert else { continue };
        let marks = run.attributes.as_deref().map(marks_of).unwrap_or_default();
        let same = open.iter().zip(&marks).take_while(|(a, b)| a == b).count();
        close(&mut html, &mut open, same);
        for (tag, attrs) in marks.into_iter().skip(same) {
            // Writing to a string cannot fail.
            let _ = write!(html, "<{tag}{attrs}>");
            open.push((tag, attrs));
        }
        html.push_str(&escape(&words));
    }
    close(&mut html, &mut open, 0);
    html
}

fn close(html: &mut String, open: &mut Vec<(&str, String)>, keep: usize) {
    for (tag, _) in open.drain(keep..).rev() {
        let _ = write!(html, "</{tag}>");
    }
}

/// The tags of a run of words, the outer ones first.
fn marks_of(attrs: &HashMap<Arc<str>, Any>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (mark, value) in attrs {
        // A mark that may stand beside another of its kind carries a trace of what it says after its name.
        let name = mark.split("--").next().unwrap_or_default();
        match (MARKS.iter().find(|(known, _)| *known == name), value) {
            (_, Any::Null | Any::Bool(false)) => {}
            (Some((_, tag)), _) => found.push((*tag, String::new())),
            (None, Any::Map(attrs)) if name == "link" => {
                if let Some(Any::String(href)) = attrs.get("href") {
                    found.push(("a", format!(" href=\"{}\"", escape(href))));
                }
            }
            (None, _) => {}
        }
    }
    found.sort_by_key(|(tag, _)| ["a", "strong", "em"].iter().position(|known| known == tag));
    found
}

#[cfg(test)]
mod tests {
    use yrs::{XmlElementPrelim, XmlTextPrelim};

    use super::*;

    fn doc_of(html: &str) -> Doc {
        let doc = empty();
        rewrite(&doc, html);
        doc
    }

    #[test]
    fn a_text_goes_into_a_document_and_comes_back_as_it_was() {
        let text = "<h2>Bilan</h2><p>Un <strong>mot <em>fort</em></strong>, un <a href=\"https://caf.example/\" \
                    rel=\"noopener noreferrer\">lien</a> &amp; un 🙂.<br>Puis</p><ul><li><p>Un</p><ol><li><p>Deux</p></li></ol>\
                    </li></ul><blockquote><p>Dit</p></blockquote><hr><p>Fin</p>";
        let once = html(&doc_of(text));
        assert_eq!(once, markup::clean(text));
        assert_eq!(html(&doc_of(&once)), once, "and again");
        assert_eq!(html(&doc_of("Deux\n\nparagraphes")), "<p>Deux</p><p>paragraphes</p>");
        assert_eq!(html(&doc_of("")), "");
        assert_eq!(
            html(&doc_of("<ul><li>Sans paragraphe</li></ul>")),
            "<ul><li><p>Sans paragraphe</p></li></ul>"
        );
    }

    #[test]
    fn what_stays_the_same_keeps_whoever_writes_there() {
        let doc = doc_of("<p>Un</p><p>Deux</p><p>Trois</p>");
        let other = empty();
        apply(&other, &state(&doc)).expect("the same text");
        // Elsewhere someone writes at the end of the third paragraph meanwhile.
        let written = {
            let mut txn = other.transact_mut();
            let root = txn.get_or_insert_xml_fragment(ROOT);
            let Some(XmlOut::Element(third)) = root.get(&txn, 2) else { panic!("a paragraph") };
            let Some(XmlOut::Text(text)) = third.get(&txn, 0) else { panic!("its words") };
            text.push(&mut txn, " mousquetaires");
            txn.encode_update_v1()
        };
        let update = rewrite(&doc, "<p>Un</p><p>Deux bis</p><p>Entre</p><p>Trois</p>");
        apply(&doc, &written).expect("their words");
        apply(&other, &update).expect("these words");
        assert_eq!(html(&doc), "<p>Un</p><p>Deux bis</p><p>Entre</p><p>Trois mousquetaires</p>");
        assert_eq!(html(&other), html(&doc));
    }

    #[test]
    fn what_a_browser_was_made_to_send_stays_harmless() {
        let doc = empty();
        {
            let mut txn = doc.transact_mut();
            let root = txn.get_or_insert_xml_fragment(ROOT);
            let script = root.push_back(&mut txn, XmlElementPrelim::empty("script"));
            script.push_back(&mut txn, XmlTextPrelim::new("alert(1) <img src=x onerror=alert(1)>"));
            let paragraph = root.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
            let text = paragraph.push_back(&mut txn, XmlTextPrelim::new(""));
            let link = Any::from(HashMap::from([("href".to_owned(), Any::from("javascript:alert(1)"))]));
            text.insert_with_attributes(&mut txn, 0, "ici", HashMap::from([(Arc::from("link"), link)]));
            let mut nest = root.push_back(&mut txn, XmlElementPrelim::empty("blockquote"));
            for _ in 0..300 {
                nest = nest.push_back(&mut txn, XmlElementPrelim::empty("blockquote"));
            }
        }
        let said = html(&doc);
        assert!(
            !said.contains("<script") && !said.contains("<img") && !said.contains("javascript:"),
            "{said}"
        );
        assert!(said.contains("ici"));
        assert!(apply(&doc, b"not an update").is_err());
        assert!(apply(&doc, &[]).is_err());
    }
}
