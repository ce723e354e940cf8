//! The official territory: communes, EPCI, départements and their contours, carried inside the program
//! (see `data/territories/README.md`) and read when first asked for.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::db::Date;
use crate::text::fold;

#[derive(RustEmbed)]
#[folder = "../../data/territories/"]
struct Files;

/// A commune of the official code list.
#[derive(Clone, Debug, PartialEq)]
pub struct Commune {
    /// INSEE code.
    pub code: String,
    pub name: String,
    pub postcodes: Vec<String>,
    pub departement: String,
    /// SIREN of its EPCI; empty for the few islands without one.
    pub epci: String,
    /// Town hall, in degrees.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub population: i64,
    /// Communes that became part of it.
    pub former_names: Vec<String>,
}

/// A group of communes (EPCI à fiscalité propre).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epci {
    pub siren: String,
    pub name: String,
    pub kind: String,
}

/// A département.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departement {
    pub code: String,
    pub name: String,
    pub region: String,
    /// « de la Drôme », « de l’Ain ».
    pub of: String,
    /// Zone of school holidays.
    pub school_zone: String,
    pub time_zone: String,
}

/// Contours of a département on a plane 1,000 units wide.
#[derive(Debug, Deserialize)]
pub struct Contours {
    pub width: f64,
    pub height: f64,
    lon0: f64,
    lat1: f64,
    kx: f64,
    ky: f64,
    pub outline: String,
    pub epci: Vec<Shape>,
    pub communes: Vec<Shape>,
}

/// One contour, as the `d` of an SVG path.
#[derive(Debug, Deserialize)]
pub struct Shape {
    pub code: String,
    pub d: String,
}

/// Every département on a plane 1,000 units wide, those overseas in boxes below the others.
#[derive(Debug, Deserialize)]
pub struct France {
    pub width: f64,
    pub height: f64,
    pub departements: Vec<Place>,
}

/// A département's contour and about where its middle is.
#[derive(Debug, Deserialize)]
pub struct Place {
    pub code: String,
    pub d: String,
    pub x: f64,
    pub y: f64,
}

impl Contours {
    /// Where a point of the globe falls on the plane.
    pub fn place(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        ((longitude - self.lon0) * self.kx, (self.lat1 - latitude) * self.ky)
    }
}

struct Communes {
    all: Vec<Commune>,
    by_code: HashMap<String, usize>,
    /// Folded current and former names.
    by_name: BTreeMap<String, Vec<usize>>,
    by_postcode: BTreeMap<String, Vec<usize>>,
}

static COMMUNES: LazyLock<Communes> = LazyLock::new(|| {
    let all: Vec<Commune> = lines("communes.tsv.gz").filter_map(|line| read_commune(&line)).collect();
    let mut index = Communes {
        all: Vec::new(),
        by_code: HashMap::new(),
        by_name: BTreeMap::new(),
        by_postcode: BTreeMap::new(),
    };
    for (at, commune) in all.iter().enumerate() {
        index.by_code.insert(commune.code.clone(), at);
        for name in std::iter::once(&commune.name).chain(&commune.former_names) {
            index.by_name.entry(searchable(name)).or_default().push(at);
        }
        for postcode in &commune.postcodes {
            index.by_postcode.entry(postcode.clone()).or_default().push(at);
        }
    }
    index.all = all;
    index
});

static EPCI: LazyLock<HashMap<String, Epci>> = LazyLock::new(|| {
    lines("epci.tsv.gz")
        .filter_map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            let epci = Epci { siren: parts.next()?, name: parts.next()?, kind: parts.next()? };
            Some((epci.siren.clone(), epci))
        })
        .collect()
});

static DEPARTEMENTS: LazyLock<Vec<Departement>> = LazyLock::new(|| {
    lines("departements.tsv")
        .filter_map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            Some(Departement {
                code: (*parts.first()?).to_owned(),
                name: (*parts.get(1)?).to_owned(),
                region: (*parts.get(3)?).to_owned(),
                of: parts.get(4)?.replace('\'', "’"),
                school_zone: (*parts.get(5)?).to_owned(),
                time_zone: (*parts.get(6)?).to_owned(),
            })
        })
        .collect()
});

/// First and last days of each school holiday of each zone, in order.
static SCHOOL_HOLIDAYS: LazyLock<HashMap<String, Vec<(Date, Date)>>> = LazyLock::new(|| {
    let mut found: HashMap<String, Vec<(Date, Date)>> = HashMap::new();
    for line in lines("school_holidays.tsv") {
        let parts: Vec<&str> = line.split('\t').collect();
        let day = |at: usize| parts.get(at).and_then(|text| text.parse::<Date>().ok());
        if let (Some(zone), Some(first), Some(last)) = (parts.first(), day(2), day(3)) {
            found.entry((*zone).to_owned()).or_default().push((first, last));
        }
    }
    found
});

/// Whether a day is in the school holidays of a zone (`A`, `B`, `C`). `None` where no calendar is known: the
/// zones of Corse and outre-mer, and years the Ministry has not published.
pub fn in_school_holidays(zone: &str, day: Date) -> Option<bool> {
    let all = SCHOOL_HOLIDAYS.get(zone)?;
    let (from, until) = (all.first()?.0, all.last()?.1);
    (from..=until).contains(&day).then(|| all.iter().any(|(first, last)| (*first..=*last).contains(&day)))
}

static CONTOURS: LazyLock<Mutex<HashMap<String, Option<Arc<Contours>>>>> = LazyLock::new(Mutex::default);

fn file(name: &str) -> Option<String> {
    let bytes = Files::get(name)?.data;
    if !name.ends_with(".gz") {
        return String::from_utf8(bytes.into_owned()).ok();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The lines of a table after its heading.
fn lines(name: &str) -> impl Iterator<Item = String> {
    let text = file(name).unwrap_or_default();
    text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn read_commune(line: &str) -> Option<Commune> {
    let parts: Vec<&str> = line.split('\t').collect();
    let list = |text: &str, sep: char| text.split(sep).filter(|p| !p.is_empty()).map(str::to_owned).collect();
    Some(Commune {
        code: (*parts.first()?).to_owned(),
        name: (*parts.get(1)?).to_owned(),
        postcodes: list(parts.get(2)?, ','),
        departement: (*parts.get(3)?).to_owned(),
        epci: (*parts.get(4)?).to_owned(),
        latitude: parts.get(5)?.parse().ok(),
        longitude: parts.get(6)?.parse().ok(),
        population: parts.get(7)?.parse().unwrap_or(0),
        former_names: list(parts.get(8).copied().unwrap_or_default(), '|'),
    })
}

/// Folded, with « St » and « Ste » written out: `st vallier` finds Saint-Vallier.
fn searchable(name: &str) -> String {
    let words: Vec<String> = fold(name)
        .split(' ')
        .map(|word| match word {
            "st" => "saint".to_owned(),
            "ste" => "sainte".to_owned(),
            word => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

/// The commune of an INSEE code.
pub fn commune(code: &str) -> Option<&'static Commune> {
    COMMUNES.by_code.get(code).map(|at| &COMMUNES.all[*at])
}

/// The commune a text names: an INSEE code, or its current or former name, helped by a postcode and by the
/// département it should be in. `None` when nothing or more than one fits.
pub fn named(name: &str, postcode: Option<&str>, departement: &str) -> Option<&'static Commune> {
    if let Some(commune) = commune(name.trim()) {
        return Some(commune);
    }
    let places = COMMUNES.by_name.get(&searchable(name))?;
    let fitting = |fits: &dyn Fn(&Commune) -> bool| -> Option<&'static Commune> {
        let mut found = places.iter().map(|at| &COMMUNES.all[*at]).filter(|c| fits(c));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    let by_postcode = postcode.and_then(|p| fitting(&|c| c.postcodes.iter().any(|own| own == p)));
    by_postcode
        .or_else(|| fitting(&|c| c.departement == departement && fold(&c.name) == fold(name)))
        .or_else(|| fitting(&|c| c.departement == departement))
        .or_else(|| fitting(&|_| true))
}

/// Communes that a typed beginning may mean: code, postcode, current or former name. Those of the
/// département come first, then the larger.
pub fn suggest(typed: &str, departement: &str, most: usize) -> Vec<&'static Commune> {
    let typed = searchable(typed);
    if typed.len() < 2 {
        return Vec::new();
    }
    let table =
        if typed.bytes().all(|b| b.is_ascii_digit()) { &COMMUNES.by_postcode } else { &COMMUNES.by_name };
    let mut found: Vec<usize> = table
        .range(typed.clone()..)
        .take_while(|(name, _)| name.starts_with(&typed))
        .flat_map(|(_, at)| at.iter().copied())
        .take(400)
        .collect();
    found.sort_unstable();
    found.dedup();
    let mut found: Vec<&Commune> = found.into_iter().map(|at| &COMMUNES.all[at]).collect();
    found.sort_by_key(|c| (c.departement != departement, searchable(&c.name) != typed, -c.population));
    found.truncate(most);
    found
}

/// Communes whose postcode this is.
pub fn with_postcode(postcode: &str) -> Vec<&'static Commune> {
    let places = COMMUNES.by_postcode.get(postcode).map_or(&[][..], Vec::as_slice);
    places.iter().map(|at| &COMMUNES.all[*at]).collect()
}

/// The communes of a département, in the order of their codes.
pub fn communes_of(departement: &str) -> impl Iterator<Item = &'static Commune> {
    COMMUNES.all.iter().filter(move |c| c.departement == departement)
}

pub fn epci(siren: &str) -> Option<&'static Epci> {
    EPCI.get(siren)
}

pub fn departement(code: &str) -> Option<&'static Departement> {
    DEPARTEMENTS.iter().find(|d| d.code == code)
}

pub fn departements() -> &'static [Departement] {
    &DEPARTEMENTS
}

/// The départements of France on one plane, read once.
pub fn france() -> Option<Arc<France>> {
    FRANCE.clone()
}

static FRANCE: LazyLock<Option<Arc<France>>> =
    LazyLock::new(|| serde_json::from_str(&file("france.json.gz")?).map(Arc::new).ok());

/// The contours of a département, read once.
pub fn contours(departement: &str) -> Option<Arc<Contours>> {
    let mut known = CONTOURS.lock().unwrap_or_else(PoisonError::into_inner);
    known
        .entry(departement.to_owned())
        .or_insert_with(|| {
            let text = file(&format!("contours/{departement}.json.gz"))?;
            serde_json::from_str(&text).map(Arc::new).ok()
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn school_holidays_differ_by_zone_and_end_where_no_calendar_is_known() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(in_school_holidays("A", day("2027-02-13")), Some(true));
        assert_eq!(in_school_holidays("B", day("2027-02-13")), Some(false));
        assert_eq!(in_school_holidays("C", day("2026-11-01")), Some(true));
        assert_eq!(in_school_holidays("C", day("2026-11-02")), Some(false));
        assert_eq!(in_school_holidays("Corse", day("2026-11-01")), None);
        assert_eq!(in_school_holidays("A", day("2060-11-01")), None);
    }

    #[test]
    fn a_commune_is_found_by_code_name_former_name_and_postcode() {
        assert_eq!(commune("26362").map(|c| c.name.as_str()), Some("Valence"));
        assert_eq!(named("valence", None, "26").map(|c| c.code.as_str()), Some("26362"));
        assert_eq!(named("ROMANS SUR ISERE", None, "26").map(|c| c.code.as_str()), Some("26281"));
        assert_eq!(named("st vallier", None, "26").map(|c| c.name.as_str()), Some("Saint-Vallier"));
        assert_eq!(named("Mercurol", None, "26").map(|c| c.name.as_str()), Some("Mercurol-Veaunes"));
        assert_eq!(named("Valence", None, "99"), None, "two communes are called so");
        assert_eq!(named("Valence", Some("82400"), "26").map(|c| c.departement.as_str()), Some("82"));
    }

    #[test]
    fn typing_suggests_the_departement_first() {
        let names: Vec<&str> = suggest("vale", "26", 5).iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.first(), Some(&"Valence"));
        assert!(suggest("261", "26", 20).iter().any(|c| c.name == "Romans-sur-Isère"));
        assert!(suggest("v", "26", 5).is_empty());
    }

    #[test]
    fn every_departement_has_contours_and_names() {
        assert_eq!(departements().len(), 107);
        let without = ["975", "977", "978", "986", "987", "988"];
        for departement in departements() {
            let contours = contours(&departement.code);
            assert_eq!(
                contours.is_none(),
                without.contains(&departement.code.as_str()),
                "{}",
                departement.code
            );
            if let Some(contours) = contours {
                assert!(
                    !contours.communes.is_empty() && !contours.outline.is_empty(),
                    "{}",
                    departement.code
                );
            }
            assert!(departement.time_zone.parse::<chrono_tz::Tz>().is_ok(), "{}", departement.time_zone);
        }
    }

    #[test]
    fn the_town_hall_of_valence_is_inside_the_map() {
        let contours = contours("26").unwrap();
        let valence = commune("26362").unwrap();
        let (x, y) = contours.place(valence.latitude.unwrap(), valence.longitude.unwrap());
        assert!((0.0..=contours.width).contains(&x) && (0.0..=contours.height).contains(&y), "{x} {y}");
    }
}
