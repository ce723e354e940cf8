//! Rows of structures read cell by cell.

use std::collections::BTreeMap;

use kit::{territory, text};

use super::cells::{Reader, StructureRow, audience, issue, origin};
use super::table::Row;
use crate::features::directory::cleaning::{self, name, phone, postcode, siret, structure_name};

impl Reader<'_> {
    pub fn structure(&mut self, row: &Row) -> Option<StructureRow> {
        let Some(name) = self.field(row, "name", |v| Ok(structure_name::read(v)), Clone::clone) else {
            let error = "Cette ligne ne nomme aucune structure.";
            self.rejected.push(issue(row, "Nom de la structure", &row.first(), error));
            return None;
        };
        let mut texts = BTreeMap::new();
        let mut keep = |field: &'static str, value: Option<String>| {
            if let Some(value) = value {
                texts.insert(field, value);
            }
        };
        let kind = row.cell("type").and_then(|(_, v)| structure_name::kind(&v));
        keep("type", kind.or_else(|| structure_name::kind(&name)).map(str::to_owned));
        keep("legal_form", row.cell("legal_form").and_then(|(_, v)| legal_form(&v)).map(str::to_owned));
        keep("siret", self.field(row, "siret", siret::read, |s| siret::display(s)));
        keep("postcode", self.field(row, "postcode", postcode::read, Clone::clone));
        keep("phone", self.field(row, "phone", phone::read, |p| phone::display(p)));
        keep("email", self.email(row, "email"));
        let website = cleaning::website::read;
        keep("website", self.field(row, "website", website, Clone::clone));
        keep("manager_name", self.field(row, "manager_name", |v| Ok(name::person(v)), Clone::clone));
        keep("manager_phone", self.field(row, "manager_phone", phone::read, |p| phone::display(p)));
        keep("manager_email", self.email(row, "manager_email"));
        for (field, most) in [
            ("address", 200),
            ("manager_title", 120),
            ("call_ref", 60),
            ("presentation", 700),
            ("note", 2000),
        ] {
            keep(field, self.text(row, field, most));
        }
        let commune = self.commune(row, texts.get("postcode").map(String::as_str));
        Some(StructureRow {
            origin: origin(row),
            key: structure_name::key(&name),
            name,
            commune,
            labelled_posts: self.field(row, "labelled_posts", posts, ToString::to_string),
            status: self.status(row),
            entered_on: self.day(row, "entered_on").map(|(day, _)| day),
            left_on: self.day(row, "left_on").map(|(day, _)| day),
            audience: row.cell("audience").and_then(|(_, v)| audience(&v)),
            texts,
        })
    }

    fn commune(&mut self, row: &Row, postcode: Option<&str>) -> Option<&'static territory::Commune> {
        let (column, value) = row.cell("commune")?;
        let found = territory::named(&value, postcode, self.departement);
        match found {
            Some(commune) => self.changed(row, column, &value, &commune.name),
            None => self.warn(row, column, &value, "Commune absente de la liste officielle : laissée vide."),
        }
        found
    }

    fn status(&mut self, row: &Row) -> Option<&'static str> {
        let (column, value) = row.cell("status")?;
        let status = cleaning::status::structure(&value);
        if status.is_none() {
            self.warn(row, column, &value, "Statut non compris : laissé « intéressée ».");
        }
        status
    }
}

fn posts(value: &str) -> Result<i64, String> {
    let number = value.parse::<i64>().ok().filter(|n| (0..=50).contains(n));
    number.ok_or_else(|| "Ce n’est pas un nombre de postes.".to_owned())
}

fn legal_form(value: &str) -> Option<&'static str> {
    let folded = text::fold(value);
    [
        ("association", "association"),
        ("asso", "association"),
        ("commune", "commune"),
        ("mairie", "commune"),
        ("ville", "commune"),
        ("communaute", "epci"),
        ("epci", "epci"),
        ("agglo", "epci"),
        ("etablissement public", "public_body"),
    ]
    .into_iter()
    .find(|(word, _)| folded.contains(word))
    .map(|(_, code)| code)
}
