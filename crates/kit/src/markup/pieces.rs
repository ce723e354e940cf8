//! A cleaned text as a row of tags and words. Only for what the cleaner wrote: there every attribute is in double
//! quotes, and `<` begins nothing but a tag.

/// One piece of a cleaned text.
pub(crate) enum Piece<'h> {
    Text(&'h str),
    /// `attrs` begins with a space, or is empty.
    Open {
        name: &'h str,
        attrs: &'h str,
    },
    Close(&'h str),
}

/// The pieces in order.
pub(crate) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            found.push(Piece::Text(rest));
            break;
        };
        if at > 0 {
            found.push(Piece::Text(&rest[..at]));
        }
        let inside = &rest[at + 1..];
        let Some(end) = end_of_tag(inside) else { break };
        let tag = &inside[..end];
        rest = &inside[end + 1..];
        match tag.strip_prefix('/') {
            Some(name) => found.push(Piece::Close(name)),
            None => {
                let cut = tag.find(char::is_whitespace).unwrap_or(tag.len());
                found.push(Piece::Open { name: &tag[..cut], attrs: &tag[cut..] });
            }
        }
    }
    found
}

/// Where the tag that begins here ends: at the first `>` that is not in quotes.
fn end_of_tag(inside: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The value of an attribute, decoded.
pub(crate) fn attribute(attrs: &str, name: &str) -> Option<String> {
    let mut rest = attrs;
    while let Some(at) = rest.find("=\"") {
        let found = rest[..at].trim();
        let value = &rest[at + 2..];
        let end = value.find('"')?;
        if found == name {
            return Some(decoded(&value[..end]));
        }
        rest = &value[end + 1..];
    }
    None
}

/// Text as a reader sees it. The cleaner writes no other entities than these.
pub(crate) fn decoded(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
