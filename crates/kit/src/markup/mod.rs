//! Texts with a form: headings, lists, links, pictures. What people write or paste becomes a small part of
//! HTML, decided here and nowhere else; templates print only what passed through [`clean`] or [`read`].

mod compare;
mod foreign;
mod pictures;
pub(crate) mod pieces;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::db::Id;

pub use compare::{Part, Said, compare};
pub use foreign::{Foreign, Pictures, foreign, pictures_elsewhere};
pub use pictures::{Drawn, draw, pictures, with_pictures};
use pieces::{Piece, decoded, pieces};

/// What a text may be made of.
const TAGS: [&str; 18] = [
    "p",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "blockquote",
    "img",
    "figure",
    "figcaption",
    "br",
    "hr",
    "b",
    "i",
];
/// Read as one of [`TAGS`], so that what was pasted keeps its structure.
const OTHER_NAMES: [(&str, &str); 10] = [
    ("b", "strong"),
    ("i", "em"),
    ("h1", "h2"),
    ("h5", "h4"),
    ("h6", "h4"),
    ("div", "p"),
    ("section", "p"),
    ("article", "p"),
    ("dt", "p"),
    ("dd", "p"),
];
/// Left out with all they hold.
const WITH_CONTENT: [&str; 14] = [
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea",
    "select", "xml", "head", "button",
];
/// Tags that make a text one of blocks; without any, blank lines part paragraphs.
const BLOCKS: [&str; 20] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "figure",
    "figcaption",
    "hr",
    "div",
    "section",
    "article",
    "table",
    "tr",
    "dl",
];
/// Cleaning is done again until nothing changes: one pass may leave what the next reads otherwise.
const MOST_PASSES: usize = 6;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let tags = TAGS.into_iter().chain(OTHER_NAMES.iter().map(|(other, _)| *other));
    builder
        .tags(tags.collect())
        .clean_content_tags(WITH_CONTENT.into_iter().collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
        ]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true)
        .attribute_filter(|_, name, value| match name {
            "href" => safe_address(value).then_some(Cow::Borrowed(value)),
            "src" => pictures::own(value).map(|id| Cow::Owned(pictures::address(id))),
            "width" | "height" => value
                .parse::<u32>()
                .ok()
                .filter(|n| (1..10_000).contains(n))
                .map(|n| Cow::Owned(n.to_string())),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

/// Whether a link may lead there: another site, a mailbox, a telephone, or a place of this site.
fn safe_address(address: &str) -> bool {
    if address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return false;
    }
    let own = (address.starts_with('/') && !address.starts_with("//")) || address.starts_with('#');
    let lower = address.to_ascii_lowercase();
    own || ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

/// HTML of which only the allowed part is left: no style, no script, no address of elsewhere for a picture.
/// Cleaning what is clean changes nothing.
pub fn clean(html: &str) -> String {
    let mut text = pass(html);
    for _ in 0..MOST_PASSES {
        let again = pass(&text);
        if again == text {
            return text;
        }
        text = again;
    }
    // Nothing that people write comes here; what does is kept as plain words.
    paragraphs(&escape(&self::text(&text)))
}

/// What was typed: HTML, or plain text whose blank lines part paragraphs.
pub fn read(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    if has_blocks(&typed) { clean(&typed) } else { clean(&paragraphs(&lone_signs(&typed))) }
}

/// « 5 < 7 & 8 » is text: only what begins a tag keeps its sign.
fn lone_signs(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let next = after[1..].chars().next().unwrap_or(' ');
        out.push_str(if next.is_ascii_alphabetic() || next == '/' || next == '!' { "<" } else { "&lt;" });
        rest = &after[1..];
    }
    out.push_str(rest);
    out
}

fn has_blocks(typed: &str) -> bool {
    let lower = typed.to_ascii_lowercase();
    lower.match_indices('<').any(|(at, _)| {
        let name: String = lower[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
        BLOCKS.contains(&name.as_str())
    })
}

fn paragraphs(typed: &str) -> String {
    let mut out = String::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in typed.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            lines.push(line);
        } else if !lines.is_empty() {
            out.push_str("<p>");
            out.push_str(&lines.join("<br>"));
            out.push_str("</p>\n");
            lines.clear();
        }
    }
    out
}

fn pass(html: &str) -> String {
    let mut cleaned = CLEANER.clean(html).to_string();
    // Signs that no reader sees, and that would break a feed: XML knows none of them.
    cleaned
        .retain(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    tidy(&cleaned)
}

/// Other names of the same thing made one, and what holds nothing left out.
fn tidy(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open { name: "img", attrs } if pieces::attribute(attrs, "src").is_none() => {}
            Piece::Open { name, attrs } => {
                out.push('<');
                out.push_str(one_name(name));
                out.push_str(attrs);
                out.push('>');
            }
            Piece::Close(name) => {
                let name = one_name(name);
                if leave_out_empty(&mut out, name) {
                    continue;
                }
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
        }
    }
    out.trim().to_owned()
}

fn one_name(name: &str) -> &str {
    OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, one)| one)
}

/// Takes back an opening after which nothing but spaces came, in elements that mean something only when filled.
fn leave_out_empty(out: &mut String, name: &str) -> bool {
    if !["p", "h2", "h3", "h4", "strong", "em", "li", "ul", "ol", "blockquote", "figure", "figcaption"]
        .contains(&name)
    {
        return false;
    }
    let opening = format!("<{name}>");
    let Some(at) = out.rfind(&opening) else { return false };
    let inside = &out[at + opening.len()..];
    if !decoded(&inside.replace("<br>", "")).chars().all(char::is_whitespace) {
        return false;
    }
    // A space between two words stays, although what stood around it goes.
    let spaced = !inside.is_empty() && matches!(name, "strong" | "em");
    out.truncate(at);
    if spaced {
        out.push(' ');
    }
    true
}

/// Text of an attribute or between tags, made harmless.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// The words of a cleaned text, a line for each block.
pub fn text(html: &str) -> String {
    told(html, false)
}

/// The words, with what a picture shows and where a link leads: two texts that read the same are the same.
pub fn text_with_all(html: &str) -> String {
    told(html, true)
}

fn told(html: &str, all: bool) -> String {
    let mut out = String::new();
    let mut link = None;
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(&decoded(text).replace('\n', " ")),
            Piece::Open { name: "a", attrs } => link = pieces::attribute(attrs, "href"),
            Piece::Close("a") => {
                if let Some(address) = link.take().filter(|_| all) {
                    out.push_str(&format!(" ({address})"));
                }
            }
            Piece::Open { name: "img", attrs } if all => {
                let alt = pieces::attribute(attrs, "alt").unwrap_or_default();
                let said = if alt.is_empty() { "décorative" } else { &alt };
                out.push_str(&format!("\n[image : {said}]\n"));
            }
            Piece::Open { name: "li", .. } if all => out.push_str("\n• "),
            // The editor writes a paragraph in each item: the same item, said the same.
            Piece::Open { name: "p", .. } if out.ends_with("• ") => {}
            Piece::Open { name, .. } | Piece::Close(name) => {
                if !matches!(name, "strong" | "em" | "a" | "img") {
                    out.push('\n');
                }
            }
        }
    }
    let lines = out.lines().map(crate::text::tidy).filter(|line| !line.is_empty() && line != "•");
    lines.collect::<Vec<_>>().join("\n")
}

/// The beginning of a cleaned text without its pictures and their captions, at most `most` characters, cut between
/// words.
pub fn excerpt(html: &str, most: usize) -> String {
    let words = text(&with_pictures(html, |_| None)).replace('\n', " ");
    crate::text::shorten(&words, most)
}

/// Minutes that reading takes, at 200 words a minute; at least one.
pub fn minutes(html: &str) -> usize {
    text(html).split_whitespace().count().div_ceil(200).max(1)
}

/// Own addresses made whole, for readers who are elsewhere (feeds, mail). `origin` is without a final slash.
pub fn with_origin(html: &str, origin: &str) -> String {
    let origin = escape(origin);
    html.replace("href=\"/", &format!("href=\"{origin}/"))
        .replace("src=\"/", &format!("src=\"{origin}/"))
        .replace("srcset=\"/", &format!("srcset=\"{origin}/"))
        .replace("w, /images/", &format!("w, {origin}/images/"))
}

/// Where a picture of the library is, as stored texts name it.
pub fn picture_address(id: Id) -> String {
    pictures::address(id)
}
