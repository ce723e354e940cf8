//! HTML that strangers wrote: messages. It keeps its looks and nothing that acts, loads or reaches out of its frame; it is
//! shown in a sandboxed frame besides ([`crate::web::respond::sandboxed`]).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ammonia::{Builder, UrlRelative};

/// A text longer than this is cut before it is cleaned: no one writes it, and cleaning has a cost.
const LONGEST: usize = 2 << 20;
/// Tags nested deeper than this are harm, not writing: such a text is shown as plain words.
const DEEPEST: usize = 400;

/// Looks that a message may have. Nothing that takes it out of its place or loads something.
const LOOKS: [&str; 41] = [
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "width",
];

/// Where the pictures of a message are.
#[derive(Clone, Default)]
pub struct Pictures {
    /// Those that came with it: addresses by `Content-ID`.
    pub own: HashMap<String, String>,
    /// Where those of elsewhere are fetched from, by their place among them; `None` leaves them out.
    pub elsewhere: Option<String>,
}

/// A cleaned message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreign {
    pub html: String,
    /// How many pictures of elsewhere it names.
    pub elsewhere: usize,
}

/// Cleans a message's HTML.
pub fn foreign(html: &str, pictures: Pictures) -> Foreign {
    let mut end = html.len().min(LONGEST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let html = &html[..end];
    if deepest(html) > DEEPEST {
        return Foreign { html: format!("<pre>{}</pre>", super::escape(&strip(html))), elsewhere: 0 };
    }
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = seen.clone();
    let mut builder = Builder::default();
    builder
        .add_tags(["font", "center", "u", "big", "small"])
        .rm_tags(["area", "map", "bdo"])
        .add_generic_attributes([
            "style", "align", "valign", "bgcolor", "color", "width", "height", "size", "face", "dir",
        ])
        .rm_generic_attributes(["lang", "title"])
        .add_tag_attributes("table", ["border", "cellpadding", "cellspacing"])
        .filter_style_properties(HashSet::from(LOOKS))
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "noscript", "iframe", "object", "svg", "math", "template",
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |tag, name, value| match (tag, name) {
            // Nothing relative: it would lead into this site.
            ("a", "href") => leads_out(value).then_some(Cow::Borrowed(value)),
            ("img", "src") => picture(value, &pictures, &counted).map(Cow::Owned),
            (_, "style") => {
                let lower = value.to_ascii_lowercase();
                let reaches =
                    ["url", "expression", "image", "@", "\\"].iter().any(|word| lower.contains(word));
                (!reaches).then_some(Cow::Borrowed(value))
            }
            // Quotations may name where they come from: nobody needs to be asked there.
            (_, "cite" | "background" | "longdesc" | "usemap") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    let cleaned = builder.clean(html).to_string();
    Foreign { html: cleaned, elsewhere: seen.load(Ordering::Relaxed) }
}

fn leads_out(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

fn picture(address: &str, pictures: &Pictures, seen: &AtomicUsize) -> Option<String> {
    let trimmed = address.trim();
    let lower = trimmed.to_ascii_lowercase();
    if let Some(cid) = lower.strip_prefix("cid:") {
        return pictures
            .own
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(cid))
            .map(|(_, at)| at.clone());
    }
    if lower.starts_with("data:") {
        let drawn = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,"];
        return drawn.iter().any(|start| lower.starts_with(start)).then(|| trimmed.to_owned());
    }
    if lower.starts_with("http://") || lower.starts_with("https://") {
        let place = seen.fetch_add(1, Ordering::Relaxed);
        return pictures.elsewhere.as_ref().map(|from| format!("{from}{place}"));
    }
    None
}

/// The addresses of the pictures of elsewhere that a message names, in the order in which [`foreign`] counts them.
pub fn pictures_elsewhere(html: &str) -> Vec<String> {
    use std::sync::{Mutex, PoisonError};
    let found = Arc::new(Mutex::new(Vec::new()));
    let kept = found.clone();
    let mut builder = Builder::default();
    builder.attribute_filter(move |tag, name, value| {
        let lower = value.trim().to_ascii_lowercase();
        if (tag, name) == ("img", "src") && (lower.starts_with("http://") || lower.starts_with("https://")) {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(value.trim().to_owned());
        }
        None
    });
    if deepest(html) <= DEEPEST {
        drop(builder.clean(html).to_string());
    }
    let all = found.lock().unwrap_or_else(PoisonError::into_inner);
    all.clone()
}

/// How deep tags are nested, at most: what is never closed counts.
fn deepest(html: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0usize);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String =
            rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let void = ["br", "hr", "img", "meta", "link", "input", "col", "wbr", "p", "li", "td", "tr"];
        if name.is_empty() || void.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            most = most.max(depth);
        }
    }
    most
}

/// What stands between tags.
fn strip(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        foreign(html, Pictures::default()).html
    }

    #[test]
    fn nothing_that_acts_or_loads_is_left() {
        for hostile in [
            "<script>alert(1)</script>",
            "<p onclick=alert(1)>a</p>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a href=\"data:text/html,x\">a</a>",
            "<p style=\"background:url(http://espion.fr/x)\">a</p>",
            "<p style=\"position:fixed;top:0\">a</p>",
            "<p style=\"background-color:u\\72l(x)\">a</p>",
            "<iframe src=http://espion.fr></iframe>",
            "<form action=http://espion.fr><input name=a></form>",
            "<link rel=stylesheet href=http://espion.fr>",
            "<base href=http://espion.fr><meta http-equiv=refresh content=0>",
            "<svg><image href=http://espion.fr /></svg>",
            "<table background=http://espion.fr><tr><td>a</td></tr></table>",
            "<img src=http://espion.fr/pixel.gif>",
            "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
            "<video src=http://espion.fr></video><audio src=http://espion.fr></audio>",
            "<blockquote cite=\"http://espion.fr\">a</blockquote>",
        ] {
            let html = cleaned(hostile);
            for word in
                ["script", "espion", "onclick", "position", "url(", "svg", "<form", "<input", "data:text"]
            {
                assert!(!html.to_lowercase().contains(word), "{hostile} -> {html}");
            }
        }
    }

    #[test]
    fn looks_stay_and_links_open_elsewhere() {
        let html = cleaned("<p style=\"color:red;position:absolute\">a</p><a href=\"https://caf.fr\">b</a>");
        assert!(html.contains("color:red") && !html.contains("absolute"), "{html}");
        assert!(html.contains("target=\"_blank\"") && html.contains("noopener"), "{html}");
    }

    #[test]
    fn pictures_come_from_the_message_or_are_counted() {
        let html = "<img src=\"cid:Logo@x\"><img src=\"http://a.fr/1.png\"><img src=\"https://a.fr/2.png\">";
        let own = HashMap::from([("logo@x".to_owned(), "/pieces/3".to_owned())]);
        let shut = foreign(html, Pictures { own: own.clone(), elsewhere: None });
        assert_eq!(shut.elsewhere, 2);
        assert!(shut.html.contains("/pieces/3") && !shut.html.contains("a.fr"), "{}", shut.html);
        let open = foreign(html, Pictures { own, elsewhere: Some("/image?n=".to_owned()) });
        assert!(open.html.contains("/image?n=0") && open.html.contains("/image?n=1"), "{}", open.html);
        assert_eq!(pictures_elsewhere(html), ["http://a.fr/1.png", "https://a.fr/2.png"]);
    }

    #[test]
    fn a_text_nested_to_harm_is_shown_as_words() {
        let html = format!("{}bonjour", "<div>".repeat(50_000));
        let shown = cleaned(&html);
        assert!(shown.starts_with("<pre>") && shown.contains("bonjour"));
    }
}
