//! Delimited text: read in any of the ways spreadsheets write it, written in the way French Excel opens.

use encoding_rs::WINDOWS_1252;

use crate::workbook::{Sheet, Unreadable};

const MOST_ROWS: usize = 50_000;

/// Reads `,` `;` tab or `|` separated text in UTF-8 (with or without mark), UTF-16 or Windows-1252.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = decode(bytes)?;
    let delimiter = delimiter_of(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::Broken)?;
        // The reader drops blank lines: the line where a record begins keeps row numbers true.
        let line = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        while rows.len() + 1 < line && !text.contains('"') {
            rows.push(Vec::new());
        }
        rows.push(record.iter().take(200).map(str::to_owned).collect());
        if rows.len() > MOST_ROWS {
            return Err(Unreadable::TooManyRows(MOST_ROWS));
        }
    }
    if rows.iter().all(|row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty())) {
        return Err(Unreadable::Empty);
    }
    Ok(Sheet { name: "CSV".to_owned(), rows })
}

fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Ok(text.into_owned());
    }
    // Binary files are full of zeros; texts have none.
    if bytes.contains(&0) {
        return Err(Unreadable::Unknown);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Ok(WINDOWS_1252.decode(bytes).0.into_owned()),
    }
}

/// The sign that cuts the first lines most regularly.
fn delimiter_of(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let score = |sign: char| {
        let counts: Vec<usize> = lines.iter().map(|line| line.matches(sign).count()).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        let regular = counts.iter().filter(|count| **count == most && most > 0).count();
        regular * most
    };
    let mut signs = [';', '\t', ',', '|'];
    signs.sort_by_key(|sign| std::cmp::Reverse(score(*sign)));
    u8::try_from(signs[0]).unwrap_or(b';')
}

/// Writes UTF-8 with a byte-order mark and `;`, as French Excel opens by a double click. Cells that a
/// spreadsheet would take for a formula are neutralised by an apostrophe.
pub fn write(headings: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, String> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut bytes);
        for row in std::iter::once(headings).chain(rows.iter().map(Vec::as_slice)) {
            writer.write_record(row.iter().map(|cell| neutral(cell))).map_err(|e| e.to_string())?;
        }
        writer.flush().map_err(|e| e.to_string())?;
    }
    Ok(bytes)
}

/// Writes plain UTF-8 with commas, as programs read it; nothing is changed in the cells.
pub fn write_plain(headings: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings).map_err(|e| e.to_string())?;
    for row in rows {
        writer.write_record(row).map_err(|e| e.to_string())?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

/// `=1+1` becomes `'=1+1`; telephone numbers, which begin with `+` and hold only figures, stay.
fn neutral(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cell.strip_prefix('+').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '\u{a0}')
    });
    if risky && !number { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delimiter_and_encoding_gives_the_same_rows() {
        let wanted = vec![vec!["Nom", "Prénom"], vec!["Münch", "Zoé"]];
        for sign in [";", ",", "\t", "|"] {
            let text = format!("Nom{sign}Prénom\r\nMünch{sign}Zoé\r\n");
            let (windows, _, _) = WINDOWS_1252.encode(&text);
            let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
            for bytes in [text.as_bytes(), windows.as_ref(), &marked] {
                assert_eq!(read(bytes).unwrap().rows, wanted, "{sign:?}");
            }
        }
    }

    #[test]
    fn blank_lines_keep_row_numbers() {
        let sheet = read(b"Titre\n\nNom;Ville\nA;B\n").unwrap();
        assert_eq!(sheet.rows.len(), 4);
        assert_eq!(sheet.rows[3], ["A", "B"]);
    }

    #[test]
    fn a_picture_is_not_text() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(Unreadable::Unknown));
    }

    #[test]
    fn formulas_are_neutralised_but_phones_are_not() {
        let rows =
            vec![vec!["=SUM(1)".to_owned(), "+33612345678".to_owned(), "-2+3".to_owned(), "Ève".to_owned()]];
        let bytes = write(&["a".into(), "b".into(), "c".into(), "d".into()], &rows).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}a;b;c;d\r\n'=SUM(1);+33612345678;'-2+3;Ève\r\n");
    }
}
