//! A sheet understood: which row heads it, what each column means, which rows hold data.

use documents::Sheet;
use kit::{Choice, text};
use serde::{Deserialize, Serialize};

use crate::features::directory::cleaning::{self, heading};

/// What the rows of a sheet are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    People,
    Structures,
}

impl Kind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Structures => "structures",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::People => "Promeneurs",
            Self::Structures => "Structures",
        }
    }
}

/// A column of a sheet and the field it fills, if any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub at: usize,
    pub heading: String,
    pub field: Option<String>,
    /// A few values, to recognise it by.
    pub samples: Vec<String>,
}

/// A sheet with its heading row found and its rows of data.
#[derive(Clone, Debug)]
pub struct Table {
    pub sheet: String,
    pub kind: Kind,
    pub columns: Vec<Column>,
    /// Row number as the reader of the file sees it (from 1), and the cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// What a person said a heading means, from earlier imports or for this one.
pub trait Known {
    fn field(&self, sheet: &str, kind: Kind, heading_key: &str) -> Option<String>;
}

/// Fields of a person's row that a column may fill.
pub const PERSON_FIELDS: [(&str, &str); 21] = [
    ("last_name", "Nom"),
    ("first_name", "Prénom"),
    ("full_name", "Nom et prénom"),
    ("structure", "Structure employeur"),
    ("job_title", "Fonction"),
    ("email", "Courriel"),
    ("phone", "Téléphone"),
    ("commune", "Commune"),
    ("started_on", "Date d’entrée"),
    ("ended_on", "Date de sortie"),
    ("charter", "Charte"),
    ("office_hours", "Permanences"),
    ("weekly_hours", "Heures par semaine"),
    ("training_on", "Formation socle"),
    ("info_sheet_on", "Fiche de renseignement"),
    ("national_listing_on", "Site national"),
    ("audience", "Public"),
    ("themes", "Thèmes"),
    ("presentation", "Présentation"),
    ("note", "Remarques"),
    ("replaces", "Remplace (non repris)"),
];

/// Fields of a structure's row.
pub const STRUCTURE_FIELDS: [(&str, &str); 22] = [
    ("name", "Nom de la structure"),
    ("type", "Type"),
    ("legal_form", "Forme juridique"),
    ("address", "Adresse"),
    ("postcode", "Code postal"),
    ("commune", "Commune"),
    ("siret", "SIRET"),
    ("phone", "Téléphone"),
    ("email", "Courriel"),
    ("website", "Site internet"),
    ("manager_name", "Responsable"),
    ("manager_title", "Fonction du responsable"),
    ("manager_email", "Courriel du responsable"),
    ("manager_phone", "Téléphone du responsable"),
    ("labelled_posts", "Nombre de postes"),
    ("status", "Statut"),
    ("entered_on", "Date d’entrée"),
    ("left_on", "Date de sortie"),
    ("audience", "Public"),
    ("call_ref", "Appel à projets"),
    ("presentation", "Présentation"),
    ("note", "Remarques"),
];

/// What a column can be said to mean.
pub fn choices(kind: Kind, networks: &[Choice]) -> Vec<Choice> {
    let pairs: &[(&str, &str)] = match kind {
        Kind::People => &PERSON_FIELDS[..20],
        Kind::Structures => &STRUCTURE_FIELDS,
    };
    let mut choices: Vec<Choice> = pairs.iter().map(|(code, label)| Choice::new(*code, *label)).collect();
    if kind == Kind::People {
        choices.extend(
            networks
                .iter()
                .map(|n| Choice::new(format!("social:{}", n.value), format!("Profil {}", n.label))),
        );
    }
    choices
}

/// The sheets of a file that hold people or structures. Sheets without a heading row are left out.
pub fn tables(sheets: &[Sheet], known: &impl Known) -> Vec<Table> {
    sheets.iter().filter_map(|sheet| table(sheet, known)).collect()
}

fn table(sheet: &Sheet, known: &impl Known) -> Option<Table> {
    let at = heading::find_row(&sheet.rows)?;
    let headings = &sheet.rows[at];
    let kind = match heading::sheet_kind(headings)? {
        heading::SheetKind::People => Kind::People,
        heading::SheetKind::Structures => Kind::Structures,
    };
    let rows: Vec<(usize, Vec<String>)> = sheet
        .rows
        .iter()
        .enumerate()
        .skip(at + 1)
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
        .filter(|(_, cells)| !cleaning::is_total_row(cells))
        .map(|(row, cells)| (row + 1, cells.clone()))
        .collect();
    let mut columns: Vec<Column> = Vec::new();
    for (column, heading) in headings.iter().enumerate() {
        let heading = text::tidy(heading);
        let samples: Vec<String> = rows
            .iter()
            .filter_map(|(_, cells)| cells.get(column))
            .map(|cell| text::tidy(cell))
            .filter(|cell| !cell.is_empty())
            .take(3)
            .collect();
        if heading.is_empty() && samples.is_empty() {
            continue;
        }
        let said = known.field(&sheet.name, kind, &text::fold(&heading));
        let guessed = match kind {
            Kind::People => heading::person_field(&heading),
            Kind::Structures => heading::structure_field(&heading),
        };
        let field = match said {
            Some(field) if field.is_empty() => None,
            Some(field) => Some(field),
            // The first column that seems to mean a field fills it; the others wait to be told.
            None => guessed
                .map(str::to_owned)
                .filter(|field| columns.iter().all(|c| c.field.as_ref() != Some(field))),
        };
        columns.push(Column { at: column, heading, field, samples });
    }
    Some(Table { sheet: sheet.name.clone(), kind, columns, rows })
}

/// One row, read by field.
pub struct Row<'t> {
    pub table: &'t Table,
    pub number: usize,
    cells: &'t [String],
}

impl<'t> Row<'t> {
    /// The value of a field, tidied, and the heading of its column.
    pub fn cell(&self, field: &str) -> Option<(&'t str, String)> {
        let column = self.table.columns.iter().find(|c| c.field.as_deref() == Some(field))?;
        let value = text::tidy(self.cells.get(column.at)?);
        (!value.is_empty()).then_some((column.heading.as_str(), value))
    }

    /// Every non-empty value of fields that begin so: network code and value for `social:`.
    pub fn cells_of(&self, prefix: &str) -> Vec<(&'t str, &'t str, String)> {
        self.table
            .columns
            .iter()
            .filter_map(|column| {
                let rest = column.field.as_deref()?.strip_prefix(prefix)?;
                let value = text::tidy(self.cells.get(column.at)?);
                (!value.is_empty()).then_some((column.heading.as_str(), rest, value))
            })
            .collect()
    }

    /// The first cell that says something, to show which row is meant.
    pub fn first(&self) -> String {
        self.cells.iter().map(|cell| text::tidy(cell)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }
}

impl Table {
    pub fn each(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row { table: self, number: *number, cells })
    }
}
