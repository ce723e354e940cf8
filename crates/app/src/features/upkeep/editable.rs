//! What the owner of a sheet may propose to change: the fields, how they are typed, read and told apart.

use kit::web::field::Field;
use kit::{Choice, Error, Fields, Network, Result, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::features::directory::cleaning::{phone, postcode, website};
use crate::features::directory::person;
use crate::features::directory::structure::MOST_PRESENTATION;
use crate::features::directory::vocabulary::{List, Vocabulary};

/// The values of a sheet's editable columns, by column.
pub type Values = Map<String, Value>;

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text(usize),
    Email,
    Phone,
    Web,
    Postcode,
    Presentation,
    Tick,
    Themes,
    Visible,
}

/// A field that an owner may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Editable {
    /// In forms.
    pub name: &'static str,
    pub column: &'static str,
    pub label: &'static str,
    kind: Kind,
    /// Shown on promeneursdunet.fr: a change must be reported there.
    pub national: bool,
}

const fn field(
    name: &'static str,
    column: &'static str,
    label: &'static str,
    kind: Kind,
    national: bool,
) -> Editable {
    Editable { name, column, label, kind, national }
}

pub const PERSON: [Editable; 8] = [
    field("fonction", "job_title", "Fonction", Kind::Text(120), true),
    field("courriel", "email", "Courriel professionnel", Kind::Email, true),
    field("telephone", "phone", "Téléphone professionnel", Kind::Phone, true),
    field("presentation", "presentation", "Présentation", Kind::Presentation, true),
    field("jeunes", "for_youth", "Accompagne des jeunes (12–25 ans)", Kind::Tick, true),
    field("parents", "for_parents", "Accompagne des parents", Kind::Tick, true),
    field("themes", "themes", "Thèmes", Kind::Themes, false),
    field(
        "visible",
        "visible",
        "Ce que le public voit, en plus du nom, de la structure et de la commune",
        Kind::Visible,
        false,
    ),
];

pub const STRUCTURE: [Editable; 12] = [
    field("adresse", "address", "Adresse", Kind::Text(200), true),
    field("code_postal", "postcode", "Code postal", Kind::Postcode, true),
    field("telephone", "phone", "Téléphone", Kind::Phone, true),
    field("courriel", "email", "Courriel", Kind::Email, true),
    field("site", "website", "Site internet", Kind::Web, true),
    field("presentation", "presentation", "Présentation", Kind::Presentation, true),
    field("jeunes", "for_youth", "Accueille des jeunes", Kind::Tick, false),
    field("parents", "for_parents", "Accueille des parents", Kind::Tick, false),
    field("responsable", "manager_name", "Responsable", Kind::Text(120), false),
    field("responsable_fonction", "manager_title", "Fonction du responsable", Kind::Text(120), false),
    field("responsable_telephone", "manager_phone", "Téléphone du responsable", Kind::Phone, false),
    field("responsable_courriel", "manager_email", "Courriel du responsable", Kind::Email, false),
];

/// The fields of a kind of sheet: `person` or `structure`.
pub fn fields_of(subject_kind: &str) -> &'static [Editable] {
    if subject_kind == "structure" { &STRUCTURE } else { &PERSON }
}

/// The code by which a network's settings name a field: `person.email`.
pub fn code(subject_kind: &str, field: &Editable) -> String {
    format!("{subject_kind}.{}", field.column)
}

/// Every field of every sheet with its code, for the settings.
pub fn choices() -> Vec<Choice> {
    let of = |kind: &'static str, whose: &'static str| {
        fields_of(kind).iter().map(move |f| Choice::new(code(kind, f), format!("{whose} : {}", f.label)))
    };
    of("person", "Promeneur").chain(of("structure", "Structure")).collect()
}

/// The lists that two of the fields choose from.
pub struct Lists {
    themes: Vec<Choice>,
    visible: Vec<Choice>,
}

impl Lists {
    pub async fn load(tx: &mut Tx, network: &Network) -> Result<Self> {
        Ok(Self {
            themes: Vocabulary::load(tx, network).await?.choices(List::Theme),
            visible: person::FIELDS.iter().map(|(code, label)| Choice::new(*code, *label)).collect(),
        })
    }

    fn of(&self, field: &Editable) -> &[Choice] {
        if field.kind == Kind::Themes { &self.themes } else { &self.visible }
    }

    /// A field as it is drawn in a form.
    pub fn draw<'f>(&self, form: &'f Fields, field: &Editable) -> Field<'f> {
        let Editable { name, label, .. } = *field;
        match field.kind {
            Kind::Text(most) => form.input(name, label).most(most),
            Kind::Email => form.typed("email", name, label),
            Kind::Phone => form.typed("tel", name, label),
            Kind::Web | Kind::Postcode => form.input(name, label),
            Kind::Presentation => form
                .area(name, label)
                .most(MOST_PRESENTATION)
                .rows(6)
                .hint("700 caractères au plus. Ne citez aucun jeune ni parent."),
            Kind::Tick => form.tick(name, label),
            Kind::Themes | Kind::Visible => form.boxes(name, label, self.of(field)),
        }
    }

    /// A value as a reader knows it.
    pub fn say(&self, field: &Editable, value: Option<&Value>) -> String {
        let said = match value {
            Some(Value::Bool(on)) => if *on { "oui" } else { "non" }.to_owned(),
            Some(Value::String(text)) => match field.kind {
                Kind::Phone => phone::display(text),
                Kind::Themes | Kind::Visible => {
                    let known =
                        |code: &str| self.of(field).iter().find(|c| c.value == code).map(|c| c.label.clone());
                    text.split(',').filter_map(known).collect::<Vec<_>>().join(", ")
                }
                _ => text.clone(),
            },
            _ => String::new(),
        };
        if said.is_empty() { "rien".to_owned() } else { said }
    }
}

/// The editable values of a row.
pub fn values(row: &impl Serialize, fields: &[Editable]) -> Result<Values> {
    let Value::Object(mut all) = serde_json::to_value(row).map_err(Error::bug)? else {
        return Err(Error::bug("a row that is no object"));
    };
    all.retain(|column, _| fields.iter().any(|field| field.column == column));
    Ok(all)
}

/// A row with some values changed.
pub fn with<T: Serialize + DeserializeOwned>(row: &T, changes: &Values) -> Result<T> {
    let mut all = serde_json::to_value(row).map_err(Error::bug)?;
    if let Some(object) = all.as_object_mut() {
        object.extend(changes.clone());
    }
    serde_json::from_value(all).map_err(Error::bug)
}

/// What differs from `before`, as in `after`.
pub fn changes(before: &Values, after: &Values) -> Values {
    after
        .iter()
        .filter(|(column, value)| before.get(*column) != Some(value))
        .map(|(c, v)| (c.clone(), v.clone()))
        .collect()
}

/// A form that shows values.
pub fn typed(values: &Values, fields: &[Editable]) -> Fields {
    let mut form = Fields::default();
    for field in fields {
        match (values.get(field.column), field.kind) {
            (Some(Value::Bool(on)), _) => form.set(field.name, if *on { "1" } else { "" }),
            (Some(Value::String(text)), Kind::Themes | Kind::Visible) => {
                text.split(',').for_each(|code| form.add(field.name, code));
            }
            (Some(Value::String(text)), Kind::Phone) => form.set(field.name, phone::display(text)),
            (Some(Value::String(text)), _) => form.set(field.name, text.as_str()),
            _ => form.set(field.name, ""),
        }
    }
    form
}

/// Reads what was typed; what is wrong is noted in the form. `known` are the values stored now.
pub fn read(form: &mut Fields, fields: &[Editable], lists: &Lists, known: &Values) -> Values {
    let mut values = Values::new();
    let mut audiences = 0;
    for field in fields {
        let text = match field.kind {
            Kind::Text(most) => form.text(field.name, most),
            Kind::Email => form.email(field.name),
            Kind::Phone => form.parse(field.name, phone::read),
            Kind::Web => form.parse(field.name, website::read),
            Kind::Postcode => form.parse(field.name, postcode::read),
            Kind::Presentation => {
                let stored = known.get(field.column).and_then(Value::as_str);
                form.watched(field.name, MOST_PRESENTATION, stored)
            }
            Kind::Tick => {
                audiences += usize::from(form.flag(field.name));
                values.insert(field.column.to_owned(), Value::Bool(form.flag(field.name)));
                continue;
            }
            Kind::Themes | Kind::Visible => {
                let chosen = form.many(field.name);
                let kept =
                    lists.of(field).iter().map(|c| c.value.as_str()).filter(|code| chosen.contains(code));
                values.insert(field.column.to_owned(), Value::String(kept.collect::<Vec<_>>().join(",")));
                continue;
            }
        };
        values.insert(field.column.to_owned(), text.map_or(Value::Null, Value::String));
    }
    if audiences == 0 {
        form.reject("jeunes", "Indiquez au moins un public : jeunes ou parents.");
    }
    // The order of codes says nothing: what was not touched must not look changed.
    for field in fields.iter().filter(|f| matches!(f.kind, Kind::Themes | Kind::Visible)) {
        let sorted = |value: Option<&Value>| {
            let mut codes: Vec<String> =
                value.and_then(Value::as_str).unwrap_or_default().split(',').map(str::to_owned).collect();
            codes.sort();
            codes
        };
        if sorted(known.get(field.column)) == sorted(values.get(field.column))
            && let Some(same) = known.get(field.column)
        {
            values.insert(field.column.to_owned(), same.clone());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use kit::{Id, Timestamp};

    use super::*;
    use crate::features::directory::person::Person;
    use crate::features::directory::structure::Structure;

    #[test]
    fn every_editable_column_is_one_of_its_row() {
        let person = Person::named(Id::first(), Timestamp(0), "Noé", "Lefèvre");
        assert_eq!(values(&person, &PERSON).unwrap().len(), PERSON.len());
        let structure = Structure::named(Id::first(), Timestamp(0), "MJC");
        assert_eq!(values(&structure, &STRUCTURE).unwrap().len(), STRUCTURE.len());
    }

    #[test]
    fn what_is_shown_and_sent_back_untouched_changes_nothing() {
        let mut person = Person::named(Id::first(), Timestamp(0), "Noé", "Lefèvre");
        person.themes = "work,health".to_owned();
        person.phone = Some("+33612345678".to_owned());
        let lists = Lists {
            themes: vec![Choice::new("health", "Santé"), Choice::new("work", "Emploi")],
            visible: person::FIELDS.iter().map(|(c, l)| Choice::new(*c, *l)).collect(),
        };
        let before = values(&person, &PERSON).unwrap();
        let mut form = typed(&before, &PERSON);
        let after = read(&mut form, &PERSON, &lists, &before);
        assert!(form.check().is_ok());
        assert_eq!(changes(&before, &after), Values::new());
        form.set("fonction", "éducatrice");
        let changed = changes(&before, &read(&mut form, &PERSON, &lists, &before));
        assert_eq!(changed.keys().collect::<Vec<_>>(), ["job_title"]);
        assert_eq!(with(&person, &changed).unwrap().job_title.as_deref(), Some("éducatrice"));
    }
}
