use super::*;

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// What nobody types, but spreadsheets hold.
fn oddities() -> Vec<String> {
    let mut odd: Vec<String> = [
        "",
        " ",
        "\u{a0}",
        "\u{301}",
        "\u{301}\u{301}a",
        "👩‍👧 Léa 🎉",
        "مرحبا بالعالم",
        "\u{202e}12/03/2024",
        "日本語",
        "ﬁ",
        "ß",
        "ŉ",
        "İ",
        "ΌΣΟΣ",
        "\u{345}",
        "e\u{301}",
        "\0\u{7}",
        "<script>",
        "@@@@",
        "://",
        "....",
        "(((",
        "' ' '",
        "- - -",
        "O6",
        "١٢٣٤",
        "１２３４５",
        "+",
        "+33",
        "00",
        "0033",
        "-1",
        "1e9",
        "1e99999999999",
        "9999999999999999999999999",
        "1.5e3",
        "é",
        "h",
        "1h",
        "1h1",
        "24h-24h",
        "é/é",
        "œuvre",
        "🗸",
        "Ǆ ǅ ǆ",
        "\u{1f1eb}\u{1f1f7}",
        "a\u{200d}b",
        "\u{feff}06",
        "1/1/1",
        "t",
        "2t3",
        "x:",
        ":x",
        "@ @",
        "M.J.",
        ".",
        "»",
    ]
    .map(str::to_owned)
    .to_vec();
    odd.push("é".repeat(5_000));
    odd.push("0".repeat(5_000));
    odd.push("a ".repeat(3_000));
    odd.push("1-".repeat(3_000));
    // A small generator: the same texts every time, mixed from what readers look for.
    let parts: Vec<&str> =
        "é|0|12|h|/|-| |.|@|(|)|'|+33|lundi|et|de|LE|x|:|mars|2024|//|www.|facebook.com|,|👍|\u{301}|MJC|St|Jean|à|#|?|=|T|E+|\u{a0}".split('|').collect();
    let mut seed = 12_345_u64;
    for _ in 0..500 {
        let mut text = String::new();
        for _ in 0..=seed % 9 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(parts[usize::try_from(seed >> 33).unwrap() % parts.len()]);
        }
        odd.push(text);
    }
    odd
}

#[test]
fn no_text_makes_a_reader_fail_and_what_it_gives_it_reads_again() {
    for text in oddities() {
        let name = name::person(&text);
        assert_eq!(name::person(&name), name, "{text:?}");
        let structure = structure_name::read(&text);
        assert_eq!(structure_name::read(&structure), structure, "{text:?}");
        let key = structure_name::key(&text);
        assert_eq!(structure_name::key(&key), key, "{text:?}");
        if let Ok(number) = phone::read(&text) {
            assert_eq!(phone::read(&phone::display(&number)), Ok(number.clone()), "{text:?}");
            assert_eq!(phone::read(&number), Ok(number), "{text:?}");
        }
        if let Ok(siret) = siret::read(&text) {
            assert_eq!(siret::read(&siret::display(&siret)), Ok(siret), "{text:?}");
        }
        if let Ok(code) = postcode::read(&text) {
            assert_eq!(postcode::read(&code), Ok(code), "{text:?}");
        }
        if let Ok(read) = date::read(&text) {
            assert_eq!(date::read(&read.day.to_string()).map(|again| again.day), Ok(read.day), "{text:?}");
        }
        if let Some(mail) = email::candidate(&text) {
            assert_eq!(email::candidate(&mail), Some(mail), "{text:?}");
        }
        if let Some((first, last)) = name::split_full(&text) {
            assert!(!first.is_empty() && !last.is_empty(), "{text:?}");
        }
        if let Some(slots) = hours::read(&text) {
            assert!(hours::read(&hours::display(&slots)).is_some(), "{text:?}");
        }
        for network in ["facebook", "instagram", "discord", "whatsapp", "unknown"] {
            if let Some(read) = social::read(network, &text) {
                assert!(read.url.is_none_or(|url| url.starts_with("https://")), "{text:?}");
                assert!(!read.handle.is_empty(), "{text:?}");
            }
        }
        let _ =
            (charter::read(&text), status::structure(&text), structure_name::kind(&text), is_nothing(&text));
        let _ = (heading::person_field(&text), heading::structure_field(&text), is_total_row(&[text]));
    }
}

#[test]
fn rows_that_sum_up_are_told_from_records() {
    for cells in [
        &["TOTAL", "43"][..],
        &["Total général", "", "43"][..],
        &["", "", "TOTAL :", "12", "=SUM(A1:A9)"][..],
        &["Total des PdN", "43", "TOTAL", "12"][..],
        &["Sous-total", "12"][..],
        &["Nombre de PdN : 43"][..],
        &["TOTAL : 43 promeneurs"][..],
        &["", "", "=SUM(1)"][..],
        &["", "43", "12,5 %"][..],
    ] {
        assert!(is_total_row(&row(cells)), "{cells:?}");
    }
    for cells in [
        &[][..],
        &["", ""][..],
        &["Béraud", "Rémi", "43"][..],
        &["Total", "Rémi", "remi@b.example"][..],
        &["Totalité", "Léa"][..],
        &["", "0612345678"][..],
        &["Nombre", "Nom"][..],
    ] {
        assert!(!is_total_row(&row(cells)), "{cells:?}");
    }
}

#[test]
fn cells_that_say_nothing_are_known() {
    for cell in ["", " ", "-", "–", "/", "?", "...", "néant", "Aucun", "N/A", "n.c.", "NR"] {
        assert!(is_nothing(cell), "{cell}");
    }
    for cell in ["non", "x", "✓", "0", "Nadia"] {
        assert!(!is_nothing(cell), "{cell}");
    }
}

#[test]
fn numbers_that_a_spreadsheet_rewrote_are_whole_again() {
    for (typed, digits) in
        [("26000.0", "26000"), ("26000,00", "26000"), ("6.12345678E+08", "612345678"), ("'0612", "0612")]
    {
        assert_eq!(whole_number(typed).as_deref(), Some(digits), "{typed}");
    }
    for typed in ["", "1.5", "6.12346E+08", "1,81591E+13", "abc", "1e99999999999", "1.1234567E400", "-5"] {
        assert_eq!(whole_number(typed), None, "{typed}");
    }
}
