//! What a program asks: every parameter is checked, and all that is wrong is said at once.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use kit::web::respond::problem;
use kit::{Choice, Error, Fields, Result};

/// Elements of a page unless told otherwise, and at most.
pub const PER_PAGE: usize = 50;
pub const MOST_PER_PAGE: usize = 100;
/// Longest text looked for and longest name of a place, in characters.
pub const MOST_QUERY: usize = 120;
pub const MOST_PLACE: usize = 80;
/// Longest cursor, in characters.
const MOST_CURSOR: usize = 240;

/// The parameters of an address being checked.
pub struct Question<'a> {
    query: &'a Fields,
    wrong: Vec<(&'static str, String)>,
}

impl<'a> Question<'a> {
    pub fn new(query: &'a Fields) -> Self {
        Self { query, wrong: Vec::new() }
    }

    fn given(&self, name: &str) -> Option<&'a str> {
        self.query.has(name).then(|| self.query.get(name))
    }

    /// A text of 1 to `most` characters, without control characters.
    pub fn text(&mut self, name: &'static str, most: usize) {
        let Some(value) = self.given(name) else { return };
        let length = value.chars().count();
        if length == 0 || length > most {
            self.wrong.push((name, format!("De 1 à {most} caractères.")));
        } else if value.chars().any(is_control) {
            self.wrong.push((name, "Aucun caractère de contrôle, ni illisible, n’est admis.".to_owned()));
        }
    }

    /// One of these codes.
    pub fn choice(&mut self, name: &'static str, choices: &[Choice]) {
        let Some(value) = self.given(name) else { return };
        if !choices.iter().any(|choice| choice.value == value) {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
            self.wrong.push((name, format!("Valeurs admises\u{a0}: {}.", codes.join(", "))));
        }
    }

    /// `apres`: where the page before said that this one starts.
    pub fn cursor(&mut self) {
        let Some(value) = self.given("apres") else { return };
        let number = (1..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
        let place = value.rsplit_once('~').is_some_and(|(_, id)| id.parse::<kit::db::Id>().is_ok());
        if value.chars().count() > MOST_CURSOR || value.chars().any(is_control) || !(number || place) {
            let advice = "Reprenez l’adresse donnée par «\u{a0}suivant\u{a0}» sans la modifier.".to_owned();
            self.wrong.push(("apres", advice));
        }
    }

    /// `limite`: how many elements a page holds.
    pub fn limit(&mut self) -> usize {
        let Some(value) = self.given("limite") else { return PER_PAGE };
        let plain = value.bytes().all(|b| b.is_ascii_digit());
        match value.parse::<usize>() {
            Ok(limit) if plain && (1..=MOST_PER_PAGE).contains(&limit) => limit,
            _ => {
                self.wrong.push(("limite", format!("Un nombre entier de 1 à {MOST_PER_PAGE}.")));
                PER_PAGE
            }
        }
    }

    /// The answer when anything is wrong: 422.
    pub fn refusal(self) -> Option<Response> {
        let (title, detail) = (
            "Paramètres refusés",
            "Un paramètre au moins n’est pas admis\u{a0}: voyez «\u{a0}erreurs\u{a0}».",
        );
        (!self.wrong.is_empty())
            .then(|| problem(StatusCode::UNPROCESSABLE_ENTITY, title, detail, &self.wrong))
    }
}

/// What no program means to send: a control character, or what stands for bytes that are no text.
fn is_control(c: char) -> bool {
    c < ' ' || matches!(c, '\u{7f}' | '\u{fffd}')
}

/// The last part of an address. What cannot be one is unknown, and asks nothing of the data.
pub struct Slug(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Slug {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Ok(Path(slug)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Error::NotFound);
        };
        if is_slug(&slug) { Ok(Self(slug)) } else { Err(Error::NotFound) }
    }
}

fn is_slug(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=200).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_for_each_parameter() {
        for bad in [
            "limite=0",
            "limite=-1",
            "limite=101",
            "limite=%2B5",
            "limite=",
            "limite=9999999999999999999999",
            "apres=",
            "apres=x",
            "apres=1234567",
            "apres=a%00~0190a5a2-3280-715c-9513-2ccd23daff7d",
            "q=",
            "q=%00",
            "q=a%00",
            "q=%FF",
            "public=tous",
            "commune=%0A",
        ] {
            let fields = Fields::decode(bad);
            let mut question = Question::new(&fields);
            question.limit();
            question.cursor();
            question.text("q", MOST_QUERY);
            question.text("commune", MOST_PLACE);
            question.choice("public", &[Choice::new("jeunes", "Jeunes")]);
            assert_eq!(question.refusal().map(|r| r.status().as_u16()), Some(422), "{bad}");
        }
    }

    #[test]
    fn what_is_right_passes() {
        let fields = Fields::decode(
            "limite=7&apres=l%27h%C3%B4te~0190a5a2-3280-715c-9513-2ccd23daff7d&q=no%C3%A9&x=1",
        );
        let mut question = Question::new(&fields);
        assert_eq!(question.limit(), 7);
        question.cursor();
        question.text("q", MOST_QUERY);
        assert!(question.refusal().is_none());
        assert!(is_slug("noe-lefevre-2") && !is_slug("..") && !is_slug("") && !is_slug("é"));
    }
}
