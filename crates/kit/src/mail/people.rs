//! People as one types or pastes them: one a line, « Nom <adresse> », or an address alone.

use std::collections::BTreeMap;

use crate::web::form;

/// Longest name that is kept, in characters.
const MOST_NAME: usize = 160;

/// What a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Name and address, in lower case; each address once. A name that was not typed is empty.
    pub known: Vec<(String, String)>,
    /// Lines that are not understood, or come after the most that are taken.
    pub wrong: Vec<String>,
}

/// Reads the people of a text, `most` at most.
pub fn people(text: &str, most: usize) -> People {
    let mut known = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, address) = match line.rsplit_once('<') {
            Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim_end_matches('>')),
            None => ("", line),
        };
        match form::email(address) {
            Ok(email) if known.contains_key(&email) || known.len() < most => {
                let name: String = crate::text::tidy(name).chars().take(MOST_NAME).collect();
                known.entry(email).or_insert(name);
            }
            _ => wrong.push(line.to_owned()),
        }
    }
    People { known: known.into_iter().map(|(email, name)| (name, email)).collect(), wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_taken_once_and_what_is_none_is_told() {
        let read = people(
            "Zoé  Perrin <Zoe@caf.test>\n\nana@departement.test\nzoe@caf.test\nLuc Roy luc(at)msa.test\n\"Li, Na\" <na@mda.test>",
            3,
        );
        let known: Vec<(&str, &str)> =
            read.known.iter().map(|(name, email)| (name.as_str(), email.as_str())).collect();
        assert_eq!(
            known,
            [("", "ana@departement.test"), ("Li, Na", "na@mda.test"), ("Zoé Perrin", "zoe@caf.test")]
        );
        assert_eq!(read.wrong, ["Luc Roy luc(at)msa.test"]);
        assert_eq!(people("a@b.fr\nc@d.fr", 1).wrong, ["c@d.fr"]);
    }
}
