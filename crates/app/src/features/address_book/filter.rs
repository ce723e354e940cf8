//! The filter of an `addressbook-query` (RFC 6352 § 10.5), asked of the lines of a card.

use super::xml::{CARD, Element};

/// A condition on the cards; read whole before any card is looked at, so that what we do not know is refused.
pub struct Filter {
    any: bool,
    conditions: Vec<Condition>,
}

struct Condition {
    /// Property of the card, in capitals.
    name: String,
    any: bool,
    absent: bool,
    texts: Vec<TextMatch>,
}

struct TextMatch {
    text: String,
    kind: Kind,
    negate: bool,
    octet: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
}

/// `anyof` is meant unless `allof` is said.
fn any(element: &Element) -> Option<bool> {
    match element.attribute("test").unwrap_or("anyof") {
        "anyof" => Some(true),
        "allof" => Some(false),
        _ => None,
    }
}

impl Filter {
    /// `None` for a filter that we do not know how to ask, such as one on parameters.
    pub fn read(filter: &Element) -> Option<Self> {
        let conditions = filter.all(CARD, "prop-filter").map(Condition::read).collect::<Option<Vec<_>>>()?;
        Some(Self { any: any(filter)?, conditions })
    }

    pub fn holds(&self, card: &str) -> bool {
        // Folded lines begin with a space (RFC 6350 § 3.2).
        let whole = card.replace("\r\n ", "");
        let lines: Vec<(String, String)> = whole.lines().filter_map(property).collect();
        if self.conditions.is_empty() {
            return true;
        }
        let mut held = self.conditions.iter().map(|condition| condition.holds(&lines));
        if self.any { held.any(|is| is) } else { held.all(|is| is) }
    }
}

impl Condition {
    fn read(element: &Element) -> Option<Self> {
        if element.child(CARD, "param-filter").is_some() {
            return None;
        }
        let texts = element.all(CARD, "text-match").map(TextMatch::read).collect::<Option<Vec<_>>>()?;
        Some(Self {
            name: element.attribute("name")?.to_uppercase(),
            any: any(element)?,
            absent: element.child(CARD, "is-not-defined").is_some(),
            texts,
        })
    }

    fn holds(&self, lines: &[(String, String)]) -> bool {
        let mut values = lines.iter().filter(|(name, _)| *name == self.name).map(|(_, value)| value);
        if self.absent {
            return values.next().is_none();
        }
        values.any(|value| {
            let mut held = self.texts.iter().map(|text| text.holds(value));
            self.texts.is_empty() || if self.any { held.any(|is| is) } else { held.all(|is| is) }
        })
    }
}

impl TextMatch {
    fn read(element: &Element) -> Option<Self> {
        let octet = match element.attribute("collation").unwrap_or("i;unicode-casemap") {
            "i;octet" => true,
            "i;ascii-casemap" | "i;unicode-casemap" => false,
            _ => return None,
        };
        let kind = match element.attribute("match-type").unwrap_or("contains") {
            "equals" => Kind::Equals,
            "contains" => Kind::Contains,
            "starts-with" => Kind::StartsWith,
            "ends-with" => Kind::EndsWith,
            _ => return None,
        };
        let negate = element.attribute("negate-condition") == Some("yes");
        let text = if octet { element.text.clone() } else { element.text.to_lowercase() };
        Some(Self { text, kind, negate, octet })
    }

    fn holds(&self, value: &str) -> bool {
        let value = if self.octet { value.to_owned() } else { value.to_lowercase() };
        let held = match self.kind {
            Kind::Equals => value == self.text,
            Kind::Contains => value.contains(&self.text),
            Kind::StartsWith => value.starts_with(&self.text),
            Kind::EndsWith => value.ends_with(&self.text),
        };
        held != self.negate
    }
}

/// Name, in capitals, and plain value of a line.
fn property(line: &str) -> Option<(String, String)> {
    // A colon inside quotes belongs to a parameter.
    let mut quoted = false;
    let colon = line.char_indices().find_map(|(at, sign)| {
        quoted ^= sign == '"';
        (sign == ':' && !quoted).then_some(at)
    })?;
    let name = line[..colon].split(';').next().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or_default().to_uppercase();
    let value =
        line[colon + 1..].replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::address_book::xml;

    const LEO: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Noé Lefèvre\r\nEMAIL;TYPE=\"a:b\":noe@mjc\r\n .example\r\nEND:VCARD\r\n";

    fn holds(inside: &str) -> Option<bool> {
        let text = format!("<filter xmlns=\"{CARD}\" {inside}</filter>");
        Filter::read(&xml::read(&text).unwrap()).map(|filter| filter.holds(LEO))
    }

    #[test]
    fn cards_are_found_by_what_they_say() {
        let name = |attributes: &str, text: &str| {
            holds(&format!(
                "><prop-filter name=\"FN\"><text-match {attributes}>{text}</text-match></prop-filter>"
            ))
        };
        assert_eq!(name("", "LEFÈVRE"), Some(true));
        assert_eq!(name("collation=\"i;octet\"", "LEFÈVRE"), Some(false));
        assert_eq!(name("match-type=\"starts-with\"", "noé"), Some(true));
        assert_eq!(name("match-type=\"ends-with\"", "noé"), Some(false));
        assert_eq!(name("match-type=\"equals\"", "noé lefèvre"), Some(true));
        assert_eq!(name("negate-condition=\"yes\"", "noé"), Some(false));
        assert_eq!(name("match-type=\"near\"", "noé"), None);
        assert_eq!(name("collation=\"i;klingon\"", "noé"), None);
        let mail = "<prop-filter name=\"email\"><text-match>noe@mjc.example</text-match></prop-filter>";
        let none = "<prop-filter name=\"TEL\"><is-not-defined/></prop-filter>";
        let other = "<prop-filter name=\"TEL\"/>";
        assert_eq!(holds(&format!(">{mail}")), Some(true));
        assert_eq!(holds(&format!("test=\"allof\">{mail}{none}")), Some(true));
        assert_eq!(holds(&format!("test=\"allof\">{mail}{other}")), Some(false));
        assert_eq!(holds(&format!(">{mail}{other}")), Some(true));
        assert_eq!(holds("><prop-filter name=\"TEL\"><param-filter name=\"TYPE\"/></prop-filter>"), None);
    }
}
