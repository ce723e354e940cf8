//! Postcodes: five digits, the first two a département, 97 and 98 overseas (source: La Poste).

use super::{clean, whole_number};

/// Reads a postcode and gives back its five digits: `26000`, `26 000`, `26000.0`, `1000` that lost its
/// zero, `F-26000`, and what comes with its town (« 26000 Valence », « 26000 VALENCE CEDEX 9 »).
pub fn read(text: &str) -> Result<String, String> {
    let wrong = || "Un code postal a 5 chiffres.".to_owned();
    let cleaned = clean(text);
    let bare = cleaned.trim_start_matches("F-").trim_start_matches("FR-").trim_start_matches('\'');
    let digits = whole_number(bare).unwrap_or_else(|| leading_digits(bare));
    let code = if digits.len() == 4 { format!("0{digits}") } else { digits };
    let department = code.get(..2).and_then(|two| two.parse::<u8>().ok());
    let known = department.is_some_and(|number| matches!(number, 1..=95 | 97 | 98));
    if code.len() == 5 && known { Ok(code) } else { Err(wrong()) }
}

/// The digits before the town's name, one space among them allowed.
fn leading_digits(text: &str) -> String {
    let number = text.split(|c: char| !c.is_ascii_digit() && c != ' ').next().unwrap_or_default();
    number.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_digits_come_out_however_they_were_typed() {
        for typed in
            ["26000", " 26 000 ", "26000.0", "26000,0", "F-26000", "26000 Valence", "26000 VALENCE CEDEX 9"]
        {
            assert_eq!(read(typed).as_deref(), Ok("26000"), "{typed}");
        }
        assert_eq!(read("97400").as_deref(), Ok("97400"));
        assert_eq!(read("20000 Ajaccio").as_deref(), Ok("20000"));
    }

    #[test]
    fn a_lost_zero_comes_back() {
        for typed in ["1000", "1000.0", "01000", "1000 Bourg-en-Bresse"] {
            assert_eq!(read(typed).as_deref(), Ok("01000"), "{typed}");
        }
    }

    #[test]
    fn what_is_no_postcode_is_refused() {
        for typed in ["", "260", "260000", "00100", "96000", "99000", "Valence", "2A004", "-26000", "0100"] {
            assert_eq!(read(typed), Err("Un code postal a 5 chiffres.".to_owned()), "{typed}");
        }
    }
}
