//! QR codes as pictures that stay sharp at any size.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::NotMade;

/// The code of a text as SVG: black modules on white, with the quiet zone of four modules that readers want
/// (ISO/IEC 18004, § 5.3.8).
pub fn svg(text: &str) -> Result<String, NotMade> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|e| NotMade::Fault(e.to_string()))?;
    let width = code.width();
    let side = width + 8;
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            // Writing to a string does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_edge() {
        let svg = svg("https://drome.example/verifier/noe-lefevre").expect("a code");
        assert!(svg.starts_with("<svg xmlns"));
        for corner in ["M4 4h1v1h-1z", "M4 10h1v1h-1z", "M10 4h1v1h-1z"] {
            assert!(svg.contains(corner), "{corner}");
        }
        assert!(!svg.contains("M3 "), "nothing stands in the quiet zone");
    }

    #[test]
    fn a_text_too_long_for_a_code_is_refused() {
        assert!(svg(&"x".repeat(4000)).is_err());
    }
}
