//! How names and values travel in addresses, forms and headers.

use base64::Engine;

/// Names and values of `a=1&b=2`, in their order. A NUL is read as what is unreadable: not every engine could store it.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = |text| percent_decode(text).replace('\0', "\u{fffd}");
            (decoded(name), decoded(value))
        })
        .collect()
}

/// Decodes `%C3%A9` and `+`; broken sequences stay as they are.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' if at + 2 < bytes.len() => match (hex(bytes[at + 1]), hex(bytes[at + 2])) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    at += 2;
                }
                _ => out.push(b'%'),
            },
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Name and password of an `Authorization: Basic …` header (RFC 7617, in UTF-8).
pub fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

/// Encodes for a query string.
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::basic;

    #[test]
    fn basic_credentials_are_read_and_nothing_else() {
        let read = basic("Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==");
        assert_eq!(read, Some(("Aladdin".to_owned(), "open:sesame".to_owned())));
        for bad in ["", "Basic", "Basic !!!", "Bearer QWxhZGRpbjpv", "Basic QWxhZGRpbg==", "Basic /////w=="] {
            assert_eq!(basic(bad), None, "{bad}");
        }
    }
}
