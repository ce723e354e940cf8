//! Visiting cards in vCard 4.0 (RFC 6350, with the social profiles of RFC 9554), and in 3.0 (RFC 2426) for the
//! programs that know no other.

use calcard::vcard::{
    VCard, VCardEntry, VCardKind, VCardParameter, VCardParameterName, VCardProperty, VCardType, VCardValue,
    VCardValueType, VCardVersion,
};

/// What a card says of someone. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// A UUID.
    pub uid: String,
    /// The card is of `organisation` itself, not of someone there.
    pub is_organisation: bool,
    pub first_name: String,
    pub last_name: String,
    pub organisation: String,
    pub title: String,
    pub email: String,
    /// In international form: `+33612345678`.
    pub phone: String,
    /// Street, postcode, commune.
    pub address: Option<[String; 3]>,
    /// Name of the social network and address of the profile.
    pub profiles: Vec<(String, String)>,
    pub website: String,
    pub categories: Vec<String>,
    /// Time of the last change, `20261124T101500Z`.
    pub revised: String,
}

/// One card after the other, as address books read them.
pub fn write(cards: &[Card]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for card in cards {
        VCard { entries: entries(card) }.write_to(&mut text, VCardVersion::V4_0)?;
    }
    Ok(text)
}

/// One card in vCard 3.0. What that version has no word for is said as its readers commonly understand it.
pub fn write_old(card: &Card) -> Result<String, std::fmt::Error> {
    let mut text = "BEGIN:VCARD\r\nVERSION:3.0\r\n".to_owned();
    for mut entry in entries(card) {
        match entry.name {
            VCardProperty::Kind => continue,
            VCardProperty::Uid => entry = VCardEntry::new(VCardProperty::Uid).with_value(card.uid.clone()),
            VCardProperty::Tel => {
                let cell = card.phone.starts_with("+336") || card.phone.starts_with("+337");
                let kind = if cell { VCardType::Cell } else { VCardType::Work };
                entry = VCardEntry::new(VCardProperty::Tel)
                    .with_param(VCardParameter::typ(kind))
                    .with_value(card.phone.clone());
            }
            VCardProperty::Email => entry.add_param(VCardParameter::typ(VCardType::Work)),
            VCardProperty::Adr => entry.add_param(VCardParameter::typ(VCardType::Work)),
            VCardProperty::Socialprofile => {
                let name = VCardProperty::Other("X-SOCIALPROFILE".to_owned());
                entry = VCardEntry { name, params: Vec::new(), ..entry };
            }
            _ => {}
        }
        entry.write_to(&mut text, true)?;
    }
    text.push_str("END:VCARD\r\n");
    Ok(text)
}

fn entries(card: &Card) -> Vec<VCardEntry> {
    let entry = VCardEntry::new;
    let kind = if card.is_organisation { VCardKind::Org } else { VCardKind::Individual };
    let name = match card.is_organisation {
        true => card.organisation.clone(),
        false => format!("{} {}", card.first_name, card.last_name).trim().to_owned(),
    };
    let mut all = vec![
        entry(VCardProperty::Kind).with_value(kind),
        entry(VCardProperty::Uid).with_value(format!("urn:uuid:{}", card.uid)),
        entry(VCardProperty::Fn).with_value(name),
        entry(VCardProperty::N).with_values(
            [card.last_name.as_str(), &card.first_name, "", "", ""]
                .map(|part| VCardValue::Text(part.to_owned()))
                .to_vec(),
        ),
    ];
    for (property, text) in [
        (VCardProperty::Org, &card.organisation),
        (VCardProperty::Title, &card.title),
        (VCardProperty::Email, &card.email),
        (VCardProperty::Url, &card.website),
    ] {
        if !text.is_empty() {
            all.push(entry(property).with_value(text.clone()));
        }
    }
    if !card.phone.is_empty() {
        let uri = VCardParameter::value(VCardValueType::Uri);
        all.push(entry(VCardProperty::Tel).with_param(uri).with_value(format!("tel:{}", card.phone)));
    }
    if let Some([street, postcode, commune]) = &card.address {
        let parts = ["", "", street.as_str(), commune, "", postcode, "France"];
        let values = parts.map(|part| VCardValue::Text(part.to_owned())).to_vec();
        all.push(entry(VCardProperty::Adr).with_values(values));
    }
    for (network, url) in &card.profiles {
        let service = VCardParameter::new(VCardParameterName::ServiceType, network.clone());
        all.push(entry(VCardProperty::Socialprofile).with_param(service).with_value(url.clone()));
    }
    if !card.categories.is_empty() {
        let values = card.categories.iter().cloned().map(VCardValue::Text).collect();
        all.push(entry(VCardProperty::Categories).with_values(values));
    }
    if !card.revised.is_empty() {
        all.push(entry(VCardProperty::Rev).with_value(card.revised.clone()));
    }
    all
}

#[cfg(test)]
mod tests {
    use calcard::{Entry, Parser};

    use super::*;

    #[test]
    fn programs_of_old_get_a_card_they_read() {
        let card = Card {
            uid: "01a207a2-3280-715c-9513-2ccd23daff7d".to_owned(),
            organisation: "MJC de Crest".to_owned(),
            is_organisation: true,
            phone: "+33612345678".to_owned(),
            email: "contact@mjc.example".to_owned(),
            profiles: vec![("Instagram".to_owned(), "https://www.instagram.com/mjc".to_owned())],
            ..Card::default()
        };
        let text = write_old(&card).unwrap();
        for line in [
            "VERSION:3.0",
            "UID:01a207a2-3280-715c-9513-2ccd23daff7d",
            "FN:MJC de Crest",
            "TEL;TYPE=CELL:+33612345678",
            "EMAIL;TYPE=WORK:contact@mjc.example",
            "X-SOCIALPROFILE:https://www.instagram.com/mjc",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} is not in\n{text}");
        }
        assert!(!text.contains("KIND"), "{text}");
    }

    #[test]
    fn a_card_is_read_back_as_written() {
        let card = Card {
            uid: "01a207a2-3280-715c-9513-2ccd23daff7d".to_owned(),
            first_name: "Noé".to_owned(),
            last_name: "Lefèvre, dit « Léo »; ".to_owned(),
            organisation: "MJC de Crest".to_owned(),
            email: "noe@mjc.example".to_owned(),
            phone: "+33612345678".to_owned(),
            address: Some(["3 rue du Pré".to_owned(), "26400".to_owned(), "Crest".to_owned()]),
            profiles: vec![("Instagram".to_owned(), "https://www.instagram.com/noe_pdn26".to_owned())],
            ..Card::default()
        };
        let text = write(&[card.clone(), card]).unwrap();
        assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n"), "{text}");
        assert!(text.contains("TEL;VALUE=URI:tel:+33612345678\r\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        let mut parser = Parser::new(&text);
        for _ in 0..2 {
            let Entry::VCard(read) = parser.entry() else { panic!("{text}") };
            let name = read.property(&VCardProperty::Fn).and_then(|e| e.values.first()?.as_text());
            assert_eq!(name, Some("Noé Lefèvre, dit « Léo »;"));
            let place = read.property(&VCardProperty::Adr).and_then(|e| e.values.get(3)?.as_text());
            assert_eq!(place, Some("Crest"));
        }
    }
}
