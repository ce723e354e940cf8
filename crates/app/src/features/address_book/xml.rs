//! The XML of WebDAV: requests read into a small tree, under limits, and what answers are written with.
//! Nothing is ever fetched or expanded: a document type or an entity of one's own is refused.

use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

pub const DAV: &str = "DAV:";
pub const CARD: &str = "urn:ietf:params:xml:ns:carddav";
pub const SERVER: &str = "http://calendarserver.org/ns/";

/// Largest request, in bytes, and its deepest and greatest number of elements.
pub const MOST_BYTES: usize = 512 * 1024;
const MOST_DEPTH: usize = 16;
const MOST_ELEMENTS: usize = 20_000;

/// An element of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub space: String,
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

impl Element {
    pub fn is(&self, space: &str, name: &str) -> bool {
        self.space == space && self.name == name
    }

    pub fn child(&self, space: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(space, name))
    }

    pub fn all<'a>(&'a self, space: &'a str, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.is(space, name))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn opened(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Option<Element> {
    let space = match space {
        ResolveResult::Bound(space) => space.into_inner().to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    let mut element =
        Element { space, name: start.local_name().into_inner().to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        element.attributes.push((attribute.key.local_name().into_inner().to_owned(), value));
    }
    Some(element)
}

/// The root of a document; `None` when it is not one that we read.
pub fn read(text: &str) -> Option<Element> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = 0;
    loop {
        let (space, event) = reader.read_resolved_event().ok()?;
        let closed = match event {
            Event::Start(start) => {
                count += 1;
                if count > MOST_ELEMENTS || open.len() >= MOST_DEPTH || root.is_some() {
                    return None;
                }
                open.push(opened(&space, &start)?);
                None
            }
            Event::Empty(start) => {
                count += 1;
                if count > MOST_ELEMENTS || root.is_some() {
                    return None;
                }
                Some(opened(&space, &start)?)
            }
            Event::End(_) => Some(open.pop()?),
            Event::Text(text) => {
                say(&mut open, &text.xml10_content());
                None
            }
            Event::CData(text) => {
                say(&mut open, &text.xml10_content());
                None
            }
            Event::GeneralRef(reference) => {
                let known = [("lt", '<'), ("gt", '>'), ("amp", '&'), ("quot", '"'), ("apos", '\'')];
                let plain = known.iter().find(|(name, _)| *name == &*reference).map(|(_, sign)| *sign);
                let sign = plain.or_else(|| reference.resolve_char_ref().ok().flatten())?;
                say(&mut open, sign.encode_utf8(&mut [0; 4]));
                None
            }
            Event::DocType(_) => return None,
            Event::Eof => return root.filter(|_| open.is_empty()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
        };
        if let Some(element) = closed {
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => root = Some(element),
            }
        }
    }
}

fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// A text as it stands inside an element.
pub fn text(text: &str) -> String {
    // What XML 1.0 cannot hold at all is left out.
    let held: String = text.chars().filter(|c| *c >= ' ' || matches!(c, '\n' | '\t' | '\r')).collect();
    escape(held).into_owned()
}

/// `<d:href>…</d:href>`.
pub fn href(path: &str) -> String {
    format!("<d:href>{}</d:href>", text(path))
}

/// How a name is written in an answer: the three spaces we know have their prefix.
pub fn tag(space: &str, name: &str, inner: &str) -> String {
    let (prefix, declared) = match space {
        DAV => ("d:", String::new()),
        CARD => ("card:", String::new()),
        SERVER => ("cs:", String::new()),
        other => ("", format!(" xmlns=\"{}\"", text(other))),
    };
    match inner {
        "" => format!("<{prefix}{name}{declared}/>"),
        inner => format!("<{prefix}{name}{declared}>{inner}</{prefix}{name}>"),
    }
}

/// A whole document around this element's content.
pub fn document(name: &str, inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<d:{name} xmlns:d=\"{DAV}\" xmlns:card=\"{CARD}\" xmlns:cs=\"{SERVER}\">{inner}</d:{name}>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_whatever_its_prefixes() {
        let one = r#"<?xml version="1.0"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">
            <D:prop><D:getetag/><C:address-data version="4.0"/></D:prop></D:propfind>"#;
        let root = read(one).unwrap();
        assert!(root.is(DAV, "propfind"));
        let asked = &root.child(DAV, "prop").unwrap().children;
        assert!(asked[0].is(DAV, "getetag") && asked[1].is(CARD, "address-data"));
        assert_eq!(asked[1].attribute("version"), Some("4.0"));
        let other = read(r#"<href xmlns="DAV:">/a&amp;b&#233;</href>"#).unwrap();
        assert_eq!(other.text, "/a&bé");
    }

    #[test]
    fn bombs_and_broken_documents_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let many = format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS + 1));
        for bad in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<x:a/>",
            "<a/><b/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>&b;</a>",
            &deep,
            &many,
        ] {
            assert_eq!(read(bad), None, "{}", &bad[..bad.len().min(60)]);
        }
    }

    #[test]
    fn what_is_written_cannot_break_out() {
        assert_eq!(
            tag(DAV, "displayname", &text("a<b>&\u{1}")),
            "<d:displayname>a&lt;b&gt;&amp;</d:displayname>"
        );
        assert_eq!(tag("urn:\"x", "y", ""), "<y xmlns=\"urn:&quot;x\"/>");
    }
}
