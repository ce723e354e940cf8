//! Forms: what was typed, what is wrong with it, and how a field is drawn. A refused form comes back
//! with every value as typed, an error beside each field and a summary that links to them.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use askama::Template;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use chrono::{NaiveDateTime, TimeZone};

use super::encoding;
use super::field::{Field, Kind};
use crate::db::{Date, Timestamp};
use crate::error::{Error, Result};
use crate::text;

/// The values of a form and the errors found in them.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
    /// Watched texts in which something was seen.
    questioned: BTreeSet<String>,
    /// What someone else stored while this was being typed; shown beside each field that differs.
    stored: Option<BTreeMap<String, Vec<String>>>,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub struct FieldError {
    pub name: String,
    pub message: String,
}

/// An entry of a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

impl Fields {
    /// A form that shows what is stored: `Fields::of([("nom", person.last_name.clone()), …])`.
    pub fn of<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in values {
            fields.values.entry(name.to_owned()).or_default().push(value);
        }
        fields
    }

    /// Reads `a=1&b=2`.
    pub fn decode(text: &str) -> Self {
        let pairs: Vec<(String, String)> = encoding::pairs(text);
        let mut fields = Self::default();
        for (name, value) in pairs {
            fields.values.entry(name).or_default().push(value);
        }
        fields
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), vec![value.into()]);
    }

    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.entry(name.to_owned()).or_default().push(value.into());
    }

    /// Takes over what another form holds under a name, its confirmation included.
    pub fn replace(&mut self, name: &str, other: &Self) {
        for name in [name.to_owned(), confirmation(name)] {
            match other.values.get(&name) {
                Some(values) => self.values.insert(name, values.clone()),
                None => self.values.remove(&name),
            };
        }
    }

    /// The value as typed; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|all| all.first()).map_or("", String::as_str)
    }

    /// Every value of that name, empty ones left out.
    pub fn many(&self, name: &str) -> Vec<&str> {
        let all = self.values.get(name).map_or(&[][..], Vec::as_slice);
        all.iter().map(String::as_str).filter(|value| !value.is_empty()).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub fn flag(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "0" | "non")
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.name == name).map(|e| e.message.as_str())
    }

    /// Notes that a field is refused; the first reason counts.
    pub fn reject(&mut self, name: &str, message: impl Into<String>) {
        if self.error(name).is_none() {
            self.errors.push(FieldError { name: name.to_owned(), message: message.into() });
        }
    }

    /// One line of text, tidied, at most `most` characters.
    pub fn text(&mut self, name: &str, most: usize) -> Option<String> {
        let value = text::tidy(self.get(name));
        self.bounded(name, value, most)
    }

    /// Several lines of text.
    pub fn lines(&mut self, name: &str, most: usize) -> Option<String> {
        let value = text::tidy_lines(self.get(name));
        self.bounded(name, value, most)
    }

    /// Several lines that must not name a young person or a parent: when something in them could, whoever
    /// typed it is asked once and says that it is about work. What was `stored` already is not asked again.
    pub fn watched(&mut self, name: &str, most: usize, stored: Option<&str>) -> Option<String> {
        let value = self.lines(name, most);
        let known = value.as_deref() == stored || self.flag(&confirmation(name));
        let seen = value.as_deref().filter(|_| !known).map(crate::nominative::seen_in).unwrap_or_default();
        if !seen.is_empty() {
            self.questioned.insert(name.to_owned());
            self.reject(
                name,
                format!(
                    "Ce texte semble contenir {}. Ne citez aucun jeune ni parent : retirez-le, ou confirmez \
                     qu’il s’agit d’une information professionnelle.",
                    seen.join(", ")
                ),
            );
        }
        value
    }

    /// Whether a watched text was questioned: the box that confirms it is then drawn under it.
    pub(super) fn is_questioned(&self, name: &str) -> bool {
        self.questioned.contains(name) || self.flag(&confirmation(name))
    }

    fn bounded(&mut self, name: &str, value: String, most: usize) -> Option<String> {
        if value.chars().count() > most {
            self.reject(name, format!("{most} caractères au plus."));
        }
        (!value.is_empty()).then_some(value)
    }

    pub fn required(&mut self, name: &str, most: usize, missing: &str) -> String {
        self.text(name, most).unwrap_or_else(|| {
            self.reject(name, missing);
            String::new()
        })
    }

    /// A value that `read` understands; its error is shown beside the field. Empty is `None`.
    pub fn parse<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let value = text::tidy(self.get(name));
        if value.is_empty() {
            return None;
        }
        read(&value).map_err(|message| self.reject(name, message)).ok()
    }

    pub fn email(&mut self, name: &str) -> Option<String> {
        self.parse(name, email)
    }

    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.parse(name, |value| {
            Date::from_str(value).map_err(|_| "Indiquez une date, par exemple 12/03/2026.".to_owned())
        })
    }

    /// A day and an hour in a time zone, as `datetime-local` sends them or as one writes them. An hour that clocks skip is
    /// refused.
    pub fn moment(&mut self, name: &str, zone: chrono_tz::Tz) -> Option<Timestamp> {
        self.parse(name, |value| {
            let read = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M")
                .or_else(|_| NaiveDateTime::parse_from_str(value, "%d/%m/%Y %H:%M"));
            let say = |_| "Indiquez un jour et une heure, par exemple 12/03/2027 18:00.".to_owned();
            let local = zone.from_local_datetime(&read.map_err(say)?).earliest();
            let skipped = "Cette heure n’existe pas\u{a0}: l’heure change cette nuit-là.";
            local.map(|local| Timestamp::from_utc(local.to_utc())).ok_or_else(|| skipped.to_owned())
        })
    }

    pub fn number(&mut self, name: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        self.parse(name, |value| {
            let number = value.replace(['\u{a0}', '\u{202f}', ' '], "").parse::<i64>().ok();
            number.filter(|n| range.contains(n)).ok_or_else(|| {
                format!("Indiquez un nombre entier entre {} et {}.", range.start(), range.end())
            })
        })
    }

    /// One of a list; anything else is refused.
    pub fn choice(&mut self, name: &str, choices: &[Choice]) -> Option<String> {
        self.parse(name, |value| {
            let known = choices.iter().any(|choice| choice.value == value);
            known.then(|| value.to_owned()).ok_or_else(|| "Choisissez dans la liste.".to_owned())
        })
    }

    /// Whether what this form was drawn from is still what is stored: both carry the row's `version`.
    /// When someone saved meanwhile, the form is ready to be shown again with both texts, and saving it a
    /// second time is then a choice made knowingly.
    pub fn is_fresh(&mut self, stored: &Self) -> bool {
        if self.get("version") == stored.get("version") {
            return true;
        }
        self.set("version", stored.get("version"));
        self.stored = Some(stored.values.clone());
        false
    }

    /// What is stored under a name, when someone changed the row meanwhile and it is not what was typed.
    pub(super) fn stored_meanwhile(&self, name: &str) -> Option<Vec<String>> {
        let tidy = |values: Option<&Vec<String>>| -> Vec<String> {
            let mut all: Vec<String> =
                values.into_iter().flatten().map(|v| text::tidy_lines(v)).filter(|v| !v.is_empty()).collect();
            all.sort();
            all
        };
        let stored = tidy(self.stored.as_ref()?.get(name));
        (stored != tidy(self.values.get(name))).then_some(stored)
    }

    /// `Err(Invalid)` when anything was refused.
    pub fn check(&self) -> Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(Box::new(self.clone()))) }
    }

    // How fields are drawn: `{{ form.input("nom", "Nom").required() }}`.

    pub fn input(&self, name: &str, label: &str) -> Field<'_> {
        Field::new(self, name, label, Kind::Input("text"))
    }

    pub fn typed(&self, kind: &'static str, name: &str, label: &str) -> Field<'_> {
        Field::new(self, name, label, Kind::Input(kind))
    }

    pub fn area(&self, name: &str, label: &str) -> Field<'_> {
        Field::new(self, name, label, Kind::Area)
    }

    pub fn select(&self, name: &str, label: &str, choices: &[Choice]) -> Field<'_> {
        Field::new(self, name, label, Kind::Select).among(choices)
    }

    pub fn radios(&self, name: &str, label: &str, choices: &[Choice]) -> Field<'_> {
        Field::new(self, name, label, Kind::Radios).among(choices)
    }

    pub fn boxes(&self, name: &str, label: &str, choices: &[Choice]) -> Field<'_> {
        Field::new(self, name, label, Kind::Boxes).among(choices)
    }

    pub fn tick(&self, name: &str, label: &str) -> Field<'_> {
        Field::new(self, name, label, Kind::Tick)
    }

    /// A text completed from a list the server gives while typing.
    pub fn combo(&self, name: &str, label: &str, source: &str) -> Field<'_> {
        Field::new(self, name, label, Kind::Combo).completed_by(source)
    }

    /// The box at the top of a form that was not taken; nothing when all is well.
    pub fn summary(&self) -> Summary<'_> {
        Summary { errors: &self.errors, stale: self.stored.is_some() }
    }
}

/// The name of the box that confirms a watched text.
pub(super) fn confirmation(name: &str) -> String {
    format!("{name}-confirme")
}

/// A professional or private e-mail address, in lower case.
pub fn email(value: &str) -> Result<String, String> {
    let value = value.trim().to_lowercase();
    let valid = value.len() <= 254
        && value.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && domain.contains('.')
                && !domain.starts_with(['.', '-'])
                && !domain.ends_with(['.', '-'])
                && !domain.contains("..")
                && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
                && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        });
    valid.then_some(value).ok_or_else(|| "Indiquez une adresse comme prenom.nom@exemple.fr.".to_owned())
}

/// A urlencoded body of at most 1 MiB.
impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;
    async fn from_request(request: Request, _state: &S) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::refused("Ce formulaire n’est pas lisible."));
        }
        let bytes = axum::body::to_bytes(request.into_body(), 1 << 20)
            .await
            .map_err(|_| Error::TooLarge("Ce formulaire dépasse 1 Mo.".to_owned()))?;
        let body =
            std::str::from_utf8(&bytes).map_err(|_| Error::refused("Ce formulaire n’est pas lisible."))?;
        Ok(Self::decode(body))
    }
}

/// The list of what is wrong, with a link to each field.
#[derive(Template)]
#[template(path = "summary.html")]
pub struct Summary<'f> {
    errors: &'f [FieldError],
    stale: bool,
}

impl askama::filters::HtmlSafe for Summary<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_and_the_first_error_counts() {
        let mut form = Fields::decode("nom=&courriel=pas+une+adresse&age=12a&ville=%C3%89toile");
        assert_eq!(form.required("nom", 80, "Indiquez le nom."), "");
        form.reject("nom", "Autre raison.");
        assert_eq!(form.email("courriel"), None);
        assert_eq!(form.number("age", 0..=99), None);
        assert_eq!(form.text("ville", 80).as_deref(), Some("Étoile"));
        assert_eq!(form.error("nom"), Some("Indiquez le nom."));
        assert_eq!(form.get("courriel"), "pas une adresse");
        assert_eq!(form.errors().len(), 3);
        assert!(matches!(form.check(), Err(Error::Invalid(_))));
    }

    #[test]
    fn a_form_drawn_from_an_older_row_shows_both_texts() {
        let stored = Fields::decode("version=3&nom=Le+Goff&roles=a&roles=b");
        let mut typed = Fields::decode("version=2&nom=Le+Gof&roles=b&roles=a&courriel=");
        assert!(!typed.is_fresh(&stored));
        assert_eq!(typed.stored_meanwhile("nom"), Some(vec!["Le Goff".to_owned()]));
        assert_eq!(typed.stored_meanwhile("roles"), None, "the order of ticks says nothing");
        assert_eq!(typed.get("version"), "3", "saving again is a choice made knowingly");
        assert!(typed.input("nom", "Nom").to_string().contains("Le Goff"));
        assert!(Fields::decode("version=3").is_fresh(&stored));
    }

    #[test]
    fn a_text_that_could_name_someone_is_asked_about_once() {
        let mut form = Fields::decode("note=Vu+L%C3%A9a+Martin%2C+15+ans");
        form.watched("note", 200, None);
        assert!(form.error("note").is_some_and(|text| text.contains("un prénom suivi d’un âge")));
        assert!(form.area("note", "Note").to_string().contains("name=\"note-confirme\""));
        let mut confirmed = Fields::decode("note=Vu+L%C3%A9a+Martin%2C+15+ans&note-confirme=1");
        assert!(confirmed.watched("note", 200, None).is_some() && confirmed.check().is_ok());
        let mut same = Fields::decode("note=06+12+34+56+78");
        assert!(same.watched("note", 200, Some("06 12 34 56 78")).is_some() && same.check().is_ok());
    }

    #[test]
    fn addresses_that_cannot_be_are_refused() {
        for bad in ["a@b", "@b.fr", "a b@c.fr", "a@.fr", "a@b..fr", "a@b.fr,c@d.fr"] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert_eq!(email(" No\u{e9}.L@Exemple.FR ").as_deref(), Ok("no\u{e9}.l@exemple.fr"));
    }
}
