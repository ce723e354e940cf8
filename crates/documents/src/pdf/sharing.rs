//! The picture that shows a page where its address is shared: 1200 × 630 pixels, as networks and messengers expect.

use serde_json::json;

use super::{NotMade, picture};

/// Width and height of the picture, in pixels.
pub const SIZE: (u32, u32) = (1200, 630);

/// What stands on the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sharing {
    pub title: String,
    /// A line under the title; empty for none.
    pub line: String,
    /// « Promeneurs du Net de la Drôme ».
    pub network: String,
    /// Initials in a disc, for a person; empty for none.
    pub initials: String,
    /// `#rrggbb`, dark enough to be read on white.
    pub accent: String,
}

/// The picture as PNG.
pub fn png(sharing: &Sharing) -> Result<Vec<u8>, NotMade> {
    let data = json!({
        "title": sharing.title,
        "line": sharing.line,
        "network": sharing.network,
        "initials": sharing.initials,
        "accent": sharing.accent,
    });
    // The template is 600 × 315 points.
    picture(include_str!("sharing.typ"), vec![("data.json", data.to_string().into_bytes())], 2.0)
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_size_that_is_announced() {
        let sharing = Sharing {
            title: "Marie-Christine Vandenbroucke-Lefèvre de La Rochefoucauld-Montmorency".to_owned(),
            line: "Promeneuse du Net – Centre social et culturel intercommunal du Pays de Dieulefit"
                .to_owned(),
            network: "Promeneurs du Net de la Drôme".to_owned(),
            initials: "MV".to_owned(),
            accent: "#0f5e6b".to_owned(),
        };
        let png = png(&sharing).expect("a picture");
        let picture = image::load_from_memory(&png).expect("it can be read");
        assert_eq!((picture.width(), picture.height()), SIZE);
    }
}
