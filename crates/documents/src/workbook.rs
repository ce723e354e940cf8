//! Workbooks: XLSX, XLS, ODS and delimited text become plain rows of text; lists become XLSX.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use rust_xlsxwriter::{Format, Workbook};

use crate::delimited;

/// A sheet as rows of text. Row and column numbers are those a reader of the file sees, minus one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
}

/// Why a file was not read. The texts are shown to who sent it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unreadable {
    #[error("Ce fichier est vide.")]
    Empty,
    #[error(
        "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe, puis recommencez."
    )]
    Protected,
    #[error(
        "Ce classeur est abîmé ou incomplet : ouvrez-le dans votre tableur, enregistrez-le à nouveau, puis recommencez."
    )]
    Broken,
    #[error("Ce classeur décompressé dépasse la taille admise : il n’a pas été ouvert.")]
    TooLarge,
    #[error("Ce fichier n’est ni un classeur (XLSX, XLS, ODS) ni un texte (CSV).")]
    Unknown,
    #[error("Ce classeur a plus de {0} lignes : partagez-le en plusieurs fichiers.")]
    TooManyRows(usize),
}

/// A workbook may not decompress to more than this, in bytes.
const MOST_DECOMPRESSED: u64 = 150 << 20;
const MOST_ROWS: usize = 50_000;
const MOST_COLUMNS: usize = 200;

const ZIP: &[u8] = b"PK\x03\x04";
/// Compound files: old XLS, and encrypted XLSX.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

/// Reads every sheet of a file, told apart by its content, not its name.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.starts_with(ZIP) {
        refuse_bomb(bytes)?;
    } else if bytes.starts_with(COMPOUND) {
        if contains(bytes, &utf16("EncryptedPackage")) {
            return Err(Unreadable::Protected);
        }
    } else {
        return delimited::read(bytes).map(|sheet| vec![sheet]);
    }
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
        let text = error.to_string().to_lowercase();
        if text.contains("password") { Unreadable::Protected } else { Unreadable::Broken }
    })?;
    let names = workbook.sheet_names();
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let range = workbook.worksheet_range(&name).map_err(|_| Unreadable::Broken)?;
        sheets.push(Sheet { name, rows: rows_of(&range)? });
    }
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) { Err(Unreadable::Empty) } else { Ok(sheets) }
}

fn rows_of(range: &calamine::Range<Data>) -> Result<Vec<Vec<String>>, Unreadable> {
    let Some((first_row, first_column)) = range.start() else { return Ok(Vec::new()) };
    let above = usize::try_from(first_row).unwrap_or(0);
    let before = usize::try_from(first_column).unwrap_or(0);
    if range.height() > MOST_ROWS || above > MOST_ROWS {
        return Err(Unreadable::TooManyRows(MOST_ROWS));
    }
    let mut rows: Vec<Vec<String>> = vec![Vec::new(); above];
    for row in range.rows() {
        let mut cells = vec![String::new(); before.min(MOST_COLUMNS)];
        cells.extend(row.iter().take(MOST_COLUMNS.saturating_sub(cells.len())).map(text_of));
        rows.push(cells);
    }
    while rows.last().is_some_and(|row| row.iter().all(String::is_empty)) {
        rows.pop();
    }
    Ok(rows)
}

/// A cell as text: whole numbers without a point, dates as `YYYY-MM-DD`, formulas by their last value.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::Bool(true) => "oui".to_owned(),
        Data::Bool(false) => "non".to_owned(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(moment) => moment.as_f64().to_string(),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::DurationIso(text) => text.clone(),
    }
}

/// Decompresses every member to nowhere, within the limit: what the archive says of itself may lie.
fn refuse_bomb(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let mut left = MOST_DECOMPRESSED;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
                Unreadable::Protected
            }
            _ => Unreadable::Broken,
        })?;
        let mut bounded = member.take(left + 1);
        let read = std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(read).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Writes one sheet with a bold, frozen heading row. Every cell is text, so nothing is ever a formula.
pub fn write(name: &str, headings: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, String> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let fail = |e: rust_xlsxwriter::XlsxError| e.to_string();
    sheet.set_name(name.chars().take(31).collect::<String>()).map_err(fail)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold).map_err(fail)?;
        let longest =
            rows.iter().filter_map(|row| row.get(usize::from(column))).map(|c| c.chars().count()).max();
        let width = longest.unwrap_or(0).max(heading.chars().count()).clamp(6, 50);
        sheet.set_column_width(column, u32::try_from(width).unwrap_or(50)).map_err(fail)?;
    }
    for (at, row) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            if !cell.is_empty() {
                sheet
                    .write_string(at, column, cell.chars().take(32_000).collect::<String>())
                    .map_err(fail)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(fail)?;
    workbook.save_to_buffer().map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    #[test]
    fn a_workbook_keeps_the_places_of_its_cells() {
        let sheets = read(&fixture("annuaire.xlsx")).unwrap();
        assert_eq!(sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["PDN", "Structures"]);
        assert_eq!(sheets[0].rows[0][0], "ANNUAIRE PROMENEURS DU NET 26 – mise à jour septembre 2026");
        assert_eq!(sheets[0].rows[2][0], "NOM");
        assert_eq!(sheets[0].rows[3][5], "730552034");
        assert_eq!(sheets[0].rows[3][7], "2017-02-21");
        assert_eq!(sheets[1].rows.len(), 37);
    }

    #[test]
    fn an_ods_and_a_windows_csv_are_read_alike() {
        let ods = read(&fixture("candidatures.ods")).unwrap();
        assert_eq!(ods[0].rows[0][0], "Structure candidate");
        let csv = read(&fixture("carnet-thunderbird.csv")).unwrap();
        assert_eq!(csv[0].rows[1][..2], ["Benoît".to_owned(), "Dupont-Aubert".to_owned()]);
    }

    #[test]
    fn a_truncated_workbook_is_refused_clearly() {
        let bytes = fixture("annuaire.xlsx");
        assert_eq!(read(&bytes[..bytes.len() / 2]), Err(Unreadable::Broken));
        assert_eq!(read(b"PK\x03\x04 and nothing more"), Err(Unreadable::Broken));
        assert_eq!(read(b""), Err(Unreadable::Empty));
    }

    #[test]
    fn a_protected_workbook_says_so() {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend(utf16("EncryptedPackage"));
        assert_eq!(read(&bytes), Err(Unreadable::Protected));
    }

    #[test]
    fn a_zip_bomb_is_not_opened() {
        use std::io::Write;
        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        bomb.start_file("xl/workbook.xml", options).unwrap();
        let zeros = vec![0u8; 1 << 20];
        for _ in 0..200 {
            bomb.write_all(&zeros).unwrap();
        }
        let bytes = bomb.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20, "it is small outside: {}", bytes.len());
        assert_eq!(read(&bytes), Err(Unreadable::TooLarge));
    }

    #[test]
    fn what_is_written_is_read_back_as_text() {
        let rows = vec![vec!["=1+1".to_owned(), "0612345678".to_owned()]];
        let bytes = write("Promeneurs", &["Nom".to_owned(), "Téléphone".to_owned()], &rows).unwrap();
        let sheets = read(&bytes).unwrap();
        assert_eq!(sheets[0].rows[1], ["=1+1", "0612345678"]);
    }
}
