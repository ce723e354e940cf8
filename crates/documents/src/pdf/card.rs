//! The card that a promeneur gives away: who they are, where to find them, and a code with which anyone checks that
//! they are real.

use serde_json::{Value, json};

use super::{NotMade, make, qr};

/// What stands on a card.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub name: String,
    pub job_title: Option<String>,
    pub structure: String,
    /// Commune.
    pub place: String,
    /// « Promeneurs du Net de la Drôme ».
    pub network: String,
    /// Where the code leads.
    pub check_url: String,
    /// Online profiles that are public: network and handle.
    pub profiles: Vec<(String, String)>,
    /// `#rrggbb`, dark enough to be read on white.
    pub accent: String,
}

/// How cards are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One card of 85 × 55 mm, as a printer wants it or a telephone shows it.
    One,
    /// Ten of them on an A4 sheet, to be cut.
    Sheet,
}

/// The card as PDF.
pub fn pdf(card: &Card, format: Format) -> Result<Vec<u8>, NotMade> {
    let shown = card.check_url.split("://").nth(1).unwrap_or(&card.check_url);
    let profiles: Vec<Value> = card
        .profiles
        .iter()
        .take(4)
        .map(|(network, handle)| json!({ "network": network, "handle": handle }))
        .collect();
    let data = json!({
        "name": card.name,
        "job_title": card.job_title,
        "structure": card.structure,
        // « MJC de Crest » says where it is.
        "place": if card.structure.contains(&card.place) { "" } else { card.place.as_str() },
        "network": card.network,
        "check": shown,
        "profiles": profiles,
        "accent": card.accent,
        "sheet": format == Format::Sheet,
    });
    let files = vec![
        ("data.json", data.to_string().into_bytes()),
        ("code.svg", qr::svg(&card.check_url)?.into_bytes()),
    ];
    make(include_str!("card.typ"), files)
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;

    fn card() -> Card {
        Card {
            name: "Marie-Christine Vandenbroucke-Lefèvre".to_owned(),
            job_title: Some("animatrice jeunesse, référente numérique et parentalité".to_owned()),
            structure: "Centre social et culturel intercommunal du Pays de Dieulefit".to_owned(),
            place: "Saint-Paul-Trois-Châteaux".to_owned(),
            network: "Promeneurs du Net de la Drôme".to_owned(),
            check_url: "https://drome.example/verifier/marie-christine-vandenbroucke-lefevre".to_owned(),
            profiles: ["Instagram", "Snapchat", "Discord", "TikTok", "WhatsApp"]
                .map(|network| (network.to_owned(), "marie_christine_pdn26".to_owned()))
                .to_vec(),
            accent: "#0f5e6b".to_owned(),
        }
    }

    #[test]
    fn a_card_is_a_tagged_pdf_that_says_it_is_accessible() {
        for format in [Format::One, Format::Sheet] {
            let bytes = pdf(&card(), format).expect("a card");
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.starts_with("%PDF-"));
            for mark in ["/MarkInfo", "/StructTreeRoot", "pdfuaid:part", "/Lang", "/DisplayDocTitle true"] {
                assert!(text.contains(mark), "{mark}");
            }
        }
    }

    #[test]
    fn the_same_card_is_the_same_file() {
        assert_eq!(pdf(&card(), Format::One), pdf(&card(), Format::One));
    }

    #[test]
    fn what_is_written_on_a_card_is_text_and_never_markup() {
        let odd = Card { name: "#read(\"/etc/passwd\") *gras* $x$ \\ <b>".to_owned(), ..card() };
        pdf(&odd, Format::One).expect("a card");
    }
}
