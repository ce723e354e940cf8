//! Rows read cell by cell: what can be cleaned is cleaned and shown, what cannot is said and left out.

use std::collections::BTreeMap;

use kit::db::Date;
use kit::{territory, text};
use serde::{Deserialize, Serialize};

use super::table::{Row, Table};
use crate::features::directory::cleaning::{
    charter, date, email, hours, name, phone, social, structure_name,
};
use crate::features::directory::office_hours::OfficeHours;
use crate::features::directory::structure::MOST_PRESENTATION;
use crate::features::directory::vocabulary::{List, Vocabulary};

/// Something wrong with a cell, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    pub sheet: String,
    pub row: usize,
    pub column: String,
    pub value: String,
    pub error: String,
}

/// A value that was made clean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleaned {
    pub sheet: String,
    pub row: usize,
    pub column: String,
    pub from: String,
    pub to: String,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub sheet: String,
    pub row: usize,
}

/// A slot of office hours as read: weekday, from, to, period.
pub type Slot = (i64, i64, i64, &'static str);

/// What a row says of a person. `None` means that the file says nothing.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub origin: Origin,
    pub first_name: String,
    pub last_name: String,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub presentation: Option<String>,
    pub themes: Vec<String>,
    pub audience: Option<(bool, bool)>,
    pub note: Option<String>,
    pub structure: Option<String>,
    pub commune: Option<String>,
    pub started_on: Option<(Date, bool)>,
    pub ended_on: Option<Date>,
    pub charter: Option<(&'static str, Option<Date>)>,
    pub weekly_hours: Option<f64>,
    pub training_on: Option<Date>,
    pub info_sheet_on: Option<Date>,
    pub national_listing_on: Option<Date>,
    /// Network code, handle, address.
    pub profiles: Vec<(String, String, Option<String>)>,
    pub hours: Vec<Slot>,
}

/// What a row says of a structure.
#[derive(Clone, Debug)]
pub struct StructureRow {
    pub origin: Origin,
    pub name: String,
    pub key: String,
    /// Optional texts by the name of their column in the schema.
    pub texts: BTreeMap<&'static str, String>,
    pub commune: Option<&'static territory::Commune>,
    pub labelled_posts: Option<i64>,
    pub status: Option<&'static str>,
    pub entered_on: Option<Date>,
    pub left_on: Option<Date>,
    pub audience: Option<(bool, bool)>,
}

/// Reads rows; notes what it cleaned, what it could not read, and which rows name nobody.
pub struct Reader<'v> {
    pub vocabulary: &'v Vocabulary,
    pub departement: &'v str,
    pub cleaned: Vec<Cleaned>,
    pub warnings: Vec<Issue>,
    pub rejected: Vec<Issue>,
}

impl<'v> Reader<'v> {
    pub fn new(vocabulary: &'v Vocabulary, departement: &'v str) -> Self {
        Self { vocabulary, departement, cleaned: Vec::new(), warnings: Vec::new(), rejected: Vec::new() }
    }

    pub fn warn(&mut self, row: &Row, column: &str, value: &str, error: impl Into<String>) {
        self.warnings.push(issue(row, column, value, error));
    }

    pub(super) fn changed(&mut self, row: &Row, column: &str, from: &str, to: &str) {
        if from != to {
            self.cleaned.push(Cleaned {
                sheet: row.table.sheet.clone(),
                row: row.number,
                column: column.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        }
    }

    /// A field read by `read`; what it cannot read is a warning and stays empty.
    pub(super) fn field<T>(
        &mut self,
        row: &Row,
        field: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
        shown: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        let (column, value) = row.cell(field)?;
        match read(&value) {
            Ok(read) => {
                self.changed(row, column, &value, &shown(&read));
                Some(read)
            }
            Err(error) => {
                self.warn(row, column, &value, error);
                None
            }
        }
    }

    pub(super) fn text(&mut self, row: &Row, field: &str, most: usize) -> Option<String> {
        let (column, value) = row.cell(field)?;
        if value.chars().count() > most {
            self.warn(row, column, &value, format!("Texte coupé à {most} caractères."));
        }
        Some(value.chars().take(most).collect())
    }

    pub(super) fn day(&mut self, row: &Row, field: &str) -> Option<(Date, bool)> {
        // « oui » says that it was done, not when: that is no date.
        let read = |value: &str| date::read(value).map(|read| (Date(read.day), read.exact));
        self.field(row, field, read, |(day, _)| day.long())
    }

    pub fn person(&mut self, row: &Row) -> Option<PersonRow> {
        let (first_name, last_name) = self.names(row)?;
        let structure = self.field(row, "structure", |v| Ok(structure_name::read(v)), Clone::clone);
        let mut note = self.text(row, "note", 2000);
        let slots = self.hours(row, &mut note);
        let started_on = self.day(row, "started_on");
        let mut ended_on = self.day(row, "ended_on").map(|(day, _)| day);
        if let (Some((start, _)), Some(end)) = (started_on, ended_on)
            && end < start
        {
            let (column, value) = row.cell("ended_on").unwrap_or_default();
            self.warn(row, column, &value, "La sortie précède l’entrée : elle n’a pas été reprise.");
            ended_on = None;
        }
        Some(PersonRow {
            origin: origin(row),
            first_name,
            last_name,
            job_title: self.text(row, "job_title", 120),
            email: self.email(row, "email"),
            phone: self.field(row, "phone", phone::read, |p| phone::display(p)),
            presentation: self.text(row, "presentation", MOST_PRESENTATION),
            themes: self.themes(row),
            audience: row.cell("audience").and_then(|(_, v)| audience(&v)),
            note,
            structure,
            commune: row.cell("commune").map(|(_, value)| value),
            started_on,
            ended_on,
            charter: self.charter(row),
            weekly_hours: self.field(row, "weekly_hours", weekly, |h| h.to_string().replace('.', ",")),
            training_on: self.day(row, "training_on").map(|(day, _)| day),
            info_sheet_on: self.day(row, "info_sheet_on").map(|(day, _)| day),
            national_listing_on: self.day(row, "national_listing_on").map(|(day, _)| day),
            profiles: self.profiles(row),
            hours: slots,
        })
    }

    fn names(&mut self, row: &Row) -> Option<(String, String)> {
        let mut first = self.field(row, "first_name", |v| Ok(name::person(v)), Clone::clone);
        let mut last = self.field(row, "last_name", |v| Ok(name::person(v)), Clone::clone);
        if let Some((column, whole)) = row.cell("full_name")
            && (first.is_none() || last.is_none())
            && let Some((f, l)) = name::split_full(&whole)
        {
            self.changed(row, column, &whole, &format!("{f} {l}"));
            first = first.or(Some(f));
            last = last.or(Some(l));
        }
        match (first, last) {
            (None, None) => {
                let error = "Cette ligne ne nomme personne.";
                self.rejected.push(issue(row, "Nom", &row.first(), error));
                None
            }
            (first, last) => Some((first.unwrap_or_default(), last.unwrap_or_default())),
        }
    }

    pub(super) fn email(&mut self, row: &Row, field: &str) -> Option<String> {
        let read = |value: &str| {
            let candidate = email::candidate(value).ok_or("Cette adresse électronique n’est pas lisible.")?;
            kit::web::form::email(&candidate)
        };
        self.field(row, field, read, Clone::clone)
    }

    fn charter(&mut self, row: &Row) -> Option<(&'static str, Option<Date>)> {
        let (column, value) = row.cell("charter")?;
        match charter::read(&value) {
            Some(charter::CharterRead::Signed(day)) => Some(("signed", day.map(Date))),
            Some(charter::CharterRead::Sent) => Some(("sent", None)),
            Some(charter::CharterRead::ToSend) => Some(("to_send", None)),
            Some(charter::CharterRead::Refused) => Some(("refused", None)),
            None => {
                self.warn(row, column, &value, "État de la charte non compris : laissé « à envoyer ».");
                None
            }
        }
    }

    fn themes(&mut self, row: &Row) -> Vec<String> {
        let Some((column, value)) = row.cell("themes") else { return Vec::new() };
        let entries = self.vocabulary.entries(List::Theme);
        let mut codes = Vec::new();
        for part in value.split([',', ';', '/']).map(text::fold).filter(|part| !part.is_empty()) {
            let known = entries.iter().find(|e| {
                let label = text::fold(&e.label);
                label == part || label.split(' ').next() == Some(part.as_str())
            });
            match known {
                Some(entry) if !codes.contains(&entry.code) => codes.push(entry.code.clone()),
                Some(_) => {}
                None => self.warn(row, column, &part, "Thème inconnu de la liste du réseau."),
            }
        }
        codes
    }

    fn profiles(&mut self, row: &Row) -> Vec<(String, String, Option<String>)> {
        let mut profiles: Vec<(String, String, Option<String>)> = Vec::new();
        for (column, network, value) in row.cells_of("social:") {
            let Some(read) = social::read(network, &value) else { continue };
            let network = read.network.unwrap_or(network).to_owned();
            let shown = read.url.clone().unwrap_or_else(|| read.handle.clone());
            self.changed(row, column, &value, &shown);
            if profiles.iter().all(|(n, h, _)| *n != network || *h != read.handle) {
                profiles.push((network, read.handle, read.url));
            }
        }
        profiles
    }

    fn hours(&mut self, row: &Row, note: &mut Option<String>) -> Vec<Slot> {
        let Some((column, value)) = row.cell("office_hours") else { return Vec::new() };
        match hours::read(&value) {
            Some(read) => {
                self.changed(row, column, &value, &hours::display(&read));
                read.into_iter()
                    .map(|r| (i64::from(r.weekday), i64::from(r.from), i64::from(r.to), r.period))
                    .collect()
            }
            None => {
                self.warn(row, column, &value, "Permanences non comprises : gardées dans la note.");
                let kept = format!("Permanences : {value}");
                *note = Some(note.take().map_or(kept.clone(), |note| format!("{note}\n{kept}")));
                Vec::new()
            }
        }
    }
}

pub(super) fn issue(row: &Row, column: &str, value: &str, error: impl Into<String>) -> Issue {
    Issue {
        sheet: row.table.sheet.clone(),
        row: row.number,
        column: column.to_owned(),
        value: value.chars().take(200).collect(),
        error: error.into(),
    }
}

pub(super) fn origin(row: &Row) -> Origin {
    Origin { sheet: row.table.sheet.clone(), row: row.number }
}

fn weekly(value: &str) -> Result<f64, String> {
    crate::features::directory::post_form::hours(value)
}

/// Youth, parents.
pub(super) fn audience(value: &str) -> Option<(bool, bool)> {
    let folded = text::fold(value);
    let youth = folded.contains("jeune") || folded.contains("jeunesse");
    let parents = folded.contains("parent");
    (youth || parents).then_some((youth, parents))
}

/// Every row of the tables of a kind.
pub fn rows(tables: &[Table], kind: super::table::Kind) -> impl Iterator<Item = Row<'_>> {
    tables.iter().filter(move |table| table.kind == kind).flat_map(Table::each)
}

/// The slots of a row as office hours of a person.
pub fn office_hours(
    network: kit::Id,
    now: kit::Timestamp,
    person: kit::Id,
    slots: &[Slot],
) -> Vec<OfficeHours> {
    slots
        .iter()
        .map(|(weekday, from, to, period)| OfficeHours {
            period: (*period).to_owned(),
            ..OfficeHours::new(network, now, person, *weekday, *from, *to)
        })
        .collect()
}
