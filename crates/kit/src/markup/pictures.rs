//! Pictures in texts. A stored text names a picture by one address; when it is shown, the browser is offered every
//! width there is, with the room it will take.

use super::escape;
use super::pieces::{Piece, attribute, pieces};
use crate::db::Id;

/// The name under which stored texts know a picture; the answer may be narrower when the picture is.
const NAME: &str = "960.webp";

/// What is known of a picture that may be shown.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub id: Id,
    /// Pixels of the largest width there is.
    pub width: i64,
    pub height: i64,
    /// Widths there are, in pixels, ascending.
    pub widths: Vec<i64>,
}

/// Where a stored text says that a picture is.
pub(super) fn address(id: Id) -> String {
    format!("/images/{id}/{NAME}")
}

/// The picture that an address of this site names.
pub(super) fn own(address: &str) -> Option<Id> {
    let (id, name) = address.strip_prefix("/images/")?.split_once('/')?;
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    if plain { id.parse().ok() } else { None }
}

/// Every picture that a cleaned text shows, once each.
pub fn pictures(html: &str) -> Vec<Id> {
    let mut found: Vec<Id> = pieces(html)
        .iter()
        .filter_map(|piece| match piece {
            Piece::Open { name: "img", attrs } => own(&attribute(attrs, "src")?),
            _ => None,
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// A cleaned text with its pictures as browsers want them. A picture that `known` does not give is left out, and
/// the figure around it.
pub fn with_pictures(html: &str, known: impl Fn(Id) -> Option<Drawn>) -> String {
    let mut out = String::with_capacity(html.len() + 512);
    let mut figure_from = None;
    let mut missing = false;
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open { name: "img", attrs } => {
                let drawn = attribute(attrs, "src").and_then(|src| known(own(&src)?));
                match drawn {
                    Some(drawn) => {
                        let alt = attribute(attrs, "alt").unwrap_or_default();
                        out.push_str(&draw(&drawn, &alt, "(min-width: 48rem) 44rem, 92vw"));
                    }
                    None => missing = true,
                }
            }
            Piece::Open { name, attrs } => {
                if name == "figure" {
                    (figure_from, missing) = (Some(out.len()), false);
                }
                out.push_str(&format!("<{name}{attrs}>"));
            }
            Piece::Close("figure") if missing => {
                out.truncate(figure_from.take().unwrap_or(out.len()));
                missing = false;
            }
            Piece::Close(name) => out.push_str(&format!("</{name}>")),
        }
    }
    out
}

/// One picture: WebP in every width, and a JPEG for who cannot read it. Its height is known before it comes.
pub fn draw(drawn: &Drawn, alt: &str, sizes: &str) -> String {
    let Drawn { id, width, height, widths } = drawn;
    let set: Vec<String> = widths.iter().map(|w| format!("/images/{id}/{w}.webp {w}w")).collect();
    format!(
        "<picture><source type=\"image/webp\" srcset=\"{}\" sizes=\"{}\"><img src=\"/images/{id}/960.jpg\" \
         width=\"{width}\" height=\"{height}\" alt=\"{}\" loading=\"lazy\" decoding=\"async\"></picture>",
        set.join(", "),
        escape(sizes),
        escape(alt)
    )
}
