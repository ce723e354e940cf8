//! The directory as tables, for the exports of lists and of the command line: one set of columns for each.

use kit::db::{Date, Id};
use kit::{Error, Network, Result, Timestamp, Tx, args, sql};

use super::card::{self, StructureCard};
use super::cleaning::{phone, siret};
use super::mandate;
use super::office_hours::OfficeHours;
use super::sheet::{self, Sheet};
use super::structure::Structure;
use super::vocabulary::{List as Vocab, Vocabulary};

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    People,
    Structures,
}

/// A table ready to be written.
pub struct Table {
    pub name: String,
    pub headings: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// UTF-8 with its mark and `;`, formulas neutralised.
    pub fn csv(&self) -> Result<Vec<u8>> {
        documents::delimited::write(&self.headings, &self.rows).map_err(Error::bug)
    }

    pub fn xlsx(&self) -> Result<Vec<u8>> {
        documents::workbook::write(&self.name, &self.headings, &self.rows).map_err(Error::bug)
    }
}

/// Columns of a person beside the name: code (as in the address of the list) and heading.
pub const PERSON_COLUMNS: [(&str, &str); 12] = [
    ("structure", "Structure"),
    ("commune", "Commune"),
    ("situation", "Situation"),
    ("charte", "Charte"),
    ("entree", "Entrée"),
    ("publie", "En ligne"),
    ("fonction", "Fonction"),
    ("courriel", "Courriel"),
    ("telephone", "Téléphone"),
    ("sortie", "Sortie"),
    ("profils", "Profils"),
    ("permanences", "Permanences"),
];

const STRUCTURE_HEADINGS: [&str; 16] = [
    "Nom de la structure",
    "Type",
    "Adresse",
    "CP",
    "Commune",
    "Intercommunalité",
    "SIRET",
    "Téléphone",
    "Courriel",
    "Site internet",
    "Responsable",
    "Nb postes PdN",
    "Postes pourvus",
    "Statut",
    "Entrée",
    "Sortie",
];

/// A cell of a person's row: its text, the tone of its badge if it is one, and a word beside it.
pub struct Cell {
    pub label: &'static str,
    pub text: String,
    pub tone: Option<&'static str>,
    pub hint: String,
}

/// What every row needs to be said.
pub struct Describe<'a> {
    pub vocabulary: &'a Vocabulary,
    pub conditions: Vec<String>,
    pub today: Date,
}

impl Describe<'_> {
    pub fn person(&self, sheet: &Sheet, column: &str, label: &'static str) -> Cell {
        let person = &sheet.person;
        let main = sheet.main(self.today);
        let day = |day: Option<Date>| day.map(Date::short).unwrap_or_default();
        let mut tone = None;
        let mut hint = String::new();
        let text = match column {
            "structure" => main.map(|h| h.structure.name.clone()).unwrap_or_default(),
            "commune" => main.and_then(|h| h.structure.commune.clone()).unwrap_or_default(),
            "situation" => match sheet.standing(&self.conditions, self.today) {
                Some(standing) => {
                    tone = Some(standing.tone());
                    hint = standing.missing();
                    standing.label()
                }
                None => "Sans poste".to_owned(),
            },
            "charte" => match main {
                Some(h) => {
                    tone = (h.mandate.charter == "signed").then_some("ok");
                    mandate::charter_label(&h.mandate.charter).to_owned()
                }
                None => String::new(),
            },
            "entree" => day(main.and_then(|h| h.mandate.started_on)),
            "sortie" => day(main.and_then(|h| h.mandate.ended_on)),
            "publie" => {
                tone = person.is_published().then_some("ok");
                if person.is_published() { "Publié".to_owned() } else { "Non".to_owned() }
            }
            "fonction" => person.job_title.clone().unwrap_or_default(),
            "courriel" => person.email.clone().unwrap_or_default(),
            "telephone" => person.phone.as_deref().map(phone::display).unwrap_or_default(),
            "profils" => self.profiles(sheet),
            "permanences" => sheet.hours.iter().map(OfficeHours::label).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        };
        Cell { label, text, tone, hint }
    }

    fn profiles(&self, sheet: &Sheet) -> String {
        let named = sheet.profiles.iter().map(|profile| {
            format!(
                "{}\u{a0}: {}",
                self.vocabulary.label(Vocab::SocialNetwork, &profile.social_network),
                profile.handle
            )
        });
        named.collect::<Vec<_>>().join(", ")
    }

    /// The rows of these people, name first, with these columns.
    pub async fn people(
        &self,
        tx: &mut Tx,
        network: &Network,
        ids: &[Id],
        columns: &[(&'static str, &'static str)],
    ) -> Result<Table> {
        let mut rows = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            for sheet in sheet::load(tx, network.id, chunk).await? {
                let mut row = vec![sheet.person.last_name.clone(), sheet.person.first_name.clone()];
                row.extend(columns.iter().map(|(code, label)| self.person(&sheet, code, label).text));
                rows.push(row);
            }
        }
        let mut headings = vec!["Nom".to_owned(), "Prénom".to_owned()];
        headings.extend(columns.iter().map(|(_, label)| (*label).to_owned()));
        Ok(Table { name: format!("promeneurs-{}-{}", network.code, self.today), headings, rows })
    }

    /// The rows of these structures.
    pub fn structures(&self, network: &Network, rows: &[(Structure, usize)]) -> Table {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let rows = rows
            .iter()
            .map(|(s, held)| {
                vec![
                    s.name.clone(),
                    self.vocabulary.label_of(Vocab::StructureType, s.kind.as_deref()),
                    text(&s.address),
                    text(&s.postcode),
                    text(&s.commune),
                    s.epci_name(),
                    s.siret.as_deref().map(siret::display).unwrap_or_default(),
                    s.phone.as_deref().map(phone::display).unwrap_or_default(),
                    text(&s.email),
                    text(&s.website),
                    text(&s.manager_name),
                    s.labelled_posts.to_string(),
                    held.to_string(),
                    s.status_label().to_owned(),
                    s.entered_on.map(Date::short).unwrap_or_default(),
                    s.left_on.map(Date::short).unwrap_or_default(),
                ]
            })
            .collect();
        let headings = STRUCTURE_HEADINGS.map(str::to_owned).to_vec();
        Table { name: format!("structures-{}-{}", network.code, self.today), headings, rows }
    }
}

/// Structures with how many of their posts are held today.
pub async fn with_held(
    tx: &mut Tx,
    network: Id,
    structures: Vec<Structure>,
) -> Result<Vec<(Structure, usize)>> {
    let ids: Vec<Id> = structures.iter().map(|s| s.id).collect();
    let cards: Vec<Option<StructureCard>> = card::load(tx, network, &ids).await?;
    Ok(structures.into_iter().zip(cards).map(|(s, card)| (s, card.unwrap_or_default().held)).collect())
}

/// Every person of a network, by name.
pub async fn everyone(tx: &mut Tx, network: Id) -> Result<Vec<Id>> {
    let sql =
        sql!("select id from person where network_id = $1 and deleted_at is null order by name_key, id");
    Ok(tx.all::<(Id,)>(sql, args![network]).await?.into_iter().map(|(id,)| id).collect())
}

/// The whole of a list, for the command line.
pub async fn table(tx: &mut Tx, network: &Network, now: Timestamp, list: List) -> Result<Table> {
    let vocabulary = Vocabulary::load(tx, network).await?;
    let describe = Describe {
        vocabulary: &vocabulary,
        conditions: network.settings().active_conditions,
        today: network.today(now),
    };
    match list {
        List::People => {
            let ids = everyone(tx, network.id).await?;
            describe.people(tx, network, &ids, &PERSON_COLUMNS).await
        }
        List::Structures => {
            let mut structures: Vec<Structure> = tx.all_of(network.id).await?;
            structures.retain(|s| s.deleted_at.is_none());
            structures.sort_by(|a, b| a.name_key.cmp(&b.name_key));
            let rows = with_held(tx, network.id, structures).await?;
            Ok(describe.structures(network, &rows))
        }
    }
}
