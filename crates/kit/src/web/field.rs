//! How one field of a form is drawn: label, hint, who will see it, error, control.

use std::fmt;

use askama::Template;

use super::form::{Choice, Fields, confirmation};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Input(&'static str),
    Area,
    Select,
    Radios,
    Boxes,
    Tick,
    Combo,
}

/// One field, ready to be drawn. Not to be kept: it is made in a template.
pub struct Field<'f> {
    fields: &'f Fields,
    kind: Kind,
    name: String,
    label: String,
    hint: String,
    seen_by: String,
    choices: Vec<Choice>,
    source: String,
    autocomplete: &'static str,
    required: bool,
    most: usize,
    empty: Option<&'static str>,
    rows: usize,
}

impl<'f> Field<'f> {
    pub(super) fn new(fields: &'f Fields, name: &str, label: &str, kind: Kind) -> Self {
        Self {
            fields,
            kind,
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            seen_by: String::new(),
            choices: Vec::new(),
            source: String::new(),
            autocomplete: "",
            required: false,
            most: 0,
            empty: None,
            rows: 5,
        }
    }

    /// What can be chosen.
    pub(super) fn among(mut self, choices: &[Choice]) -> Self {
        self.choices = choices.to_vec();
        self
    }

    /// Where suggestions come from while typing.
    pub(super) fn completed_by(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Who will see the value: shown beside the field.
    pub fn seen_by(mut self, who: impl Into<String>) -> Self {
        self.seen_by = who.into();
        self
    }

    pub fn most(mut self, characters: usize) -> Self {
        self.most = characters;
        self
    }

    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// The label of « nothing chosen » in a select.
    pub fn or_none(mut self, label: &'static str) -> Self {
        self.empty = Some(label);
        self
    }

    /// Values as a reader knows them: labels of choices, « oui » for a tick.
    fn in_words(&self, values: &[String]) -> String {
        let word = |value: &String| match self.choices.iter().find(|choice| choice.value == *value) {
            Some(choice) => choice.label.clone(),
            None if self.kind == Kind::Tick => "oui".to_owned(),
            None => value.clone(),
        };
        match values {
            [] if self.kind == Kind::Tick => "non".to_owned(),
            [] => self.empty.unwrap_or("rien").to_owned(),
            values => values.iter().map(word).collect::<Vec<_>>().join(", "),
        }
    }

    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }
}

#[derive(Template)]
#[template(path = "field.html")]
struct FieldHtml<'a> {
    field: &'a Field<'a>,
    value: &'a str,
    error: Option<&'a str>,
    /// What someone else stored here meanwhile, in words.
    meanwhile: Option<String>,
    described: String,
}

impl FieldHtml<'_> {
    fn chosen(&self, value: &str) -> bool {
        self.field.fields.many(&self.field.name).contains(&value)
    }

    /// What is shown again: never a password.
    fn shown(&self) -> &str {
        if self.input() == Some("password") { "" } else { self.value }
    }

    fn input(&self) -> Option<&'static str> {
        match self.field.kind {
            Kind::Input(kind) => Some(kind),
            _ => None,
        }
    }

    /// The name of the box that confirms a questioned text, when it is to be drawn.
    fn confirmation(&self) -> Option<String> {
        let name = &self.field.name;
        (self.field.kind == Kind::Area && self.field.fields.is_questioned(name)).then(|| confirmation(name))
    }

    fn is(&self, kind: &str) -> bool {
        kind == match self.field.kind {
            Kind::Input(_) => "input",
            Kind::Area => "area",
            Kind::Select => "select",
            Kind::Radios => "radios",
            Kind::Boxes => "boxes",
            Kind::Tick => "tick",
            Kind::Combo => "combo",
        }
    }
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.fields.error(&self.name);
        let mut described = Vec::new();
        if !self.hint.is_empty() {
            described.push(format!("{}-aide", self.name));
        }
        if !self.seen_by.is_empty() {
            described.push(format!("{}-vu", self.name));
        }
        if error.is_some() {
            described.push(format!("{}-erreur", self.name));
        }
        let meanwhile = self.fields.stored_meanwhile(&self.name).map(|stored| self.in_words(&stored));
        if meanwhile.is_some() {
            described.push(format!("{}-enregistre", self.name));
        }
        let page = FieldHtml {
            field: self,
            value: self.fields.get(&self.name),
            error,
            meanwhile,
            described: described.join(" "),
        };
        f.write_str(&page.render().map_err(|_| fmt::Error)?)
    }
}

impl askama::filters::HtmlSafe for Field<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_field_escapes_and_ties_its_error() {
        let mut form = Fields::of([("nom", "<b>\"Le Goff\"</b>".to_owned())]);
        form.reject("nom", "Trop court.");
        let html = form.input("nom", "Nom").required().hint("Comme sur la fiche.").to_string();
        assert!(html.contains("&#60;b&#62;"), "{html}");
        assert!(html.contains("aria-describedby=\"nom-aide nom-erreur\""), "{html}");
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
    }
}
