//! The accent colour of a network, and the check that it can be read.

/// Accent of a network that has chosen none.
pub const DEFAULT_ACCENT: &str = "#1f6f5c";

/// Least contrast of text on its ground (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;
const LIGHT_GROUND: [u8; 3] = [0xff, 0xff, 0xff];
const DARK_GROUND: [u8; 3] = [0x16, 0x1a, 0x1d];

/// An accent that is legible as text on a light page and, lightened, on a dark one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    rgb: [u8; 3],
}

impl Accent {
    /// Reads `#rrggbb` and refuses what could not be read on white.
    pub fn read(text: &str) -> Result<Self, String> {
        let rgb = hex(text).ok_or("Indiquez une couleur comme #1f6f5c.")?;
        let contrast = contrast(rgb, LIGHT_GROUND);
        if contrast < LEAST {
            return Err(format!(
                "Contraste insuffisant sur fond blanc : {} pour 1, il faut au moins 4,5 pour 1. \
                 Choisissez une teinte plus foncée.",
                format!("{contrast:.1}").replace('.', ",")
            ));
        }
        Ok(Self { rgb })
    }

    pub fn css_name(text: &str) -> String {
        text.trim_start_matches('#').to_lowercase()
    }

    /// The stylesheet of a network: its colour by day and the same colour, lightened, by night.
    pub fn stylesheet(self) -> String {
        let dark = self.lightened();
        format!(":root{{--accent-light:{};--accent-dark:{}}}\n", write(self.rgb), write(dark))
    }

    fn lightened(self) -> [u8; 3] {
        let mut rgb = self.rgb;
        // Twenty steps reach white, which is legible for certain.
        for _ in 0..20 {
            if contrast(rgb, DARK_GROUND) >= 7.0 {
                break;
            }
            rgb = rgb.map(|c| c.saturating_add(((255 - u16::from(c)) / 6).max(2).try_into().unwrap_or(2)));
        }
        rgb
    }
}

fn hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#')?;
    if digits.len() != 6 || !digits.is_ascii() {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn write(rgb: [u8; 3]) -> String {
    format!("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2])
}

/// Relative contrast of two colours, 1 to 21 (WCAG 2.2).
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pale_accent_is_refused_with_its_contrast() {
        assert!(Accent::read("#ffd54f").is_err_and(|e| e.contains("Contraste insuffisant")));
        assert!(Accent::read("vert").is_err());
        assert!(Accent::read("#é1f6f").is_err());
    }

    #[test]
    fn the_dark_variant_of_every_accepted_accent_is_legible() {
        for accent in [DEFAULT_ACCENT, "#000000", "#0000ff", "#8b0000", "#5b2a86"] {
            let accent = Accent::read(accent).unwrap();
            assert!(contrast(accent.lightened(), DARK_GROUND) >= LEAST, "{accent:?}");
        }
    }
}
