//! Web addresses as people type them.

/// A web address with its scheme; only http and https.
pub fn read(text: &str) -> Result<String, String> {
    let text = text.trim();
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let host =
        url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let valid = (url.starts_with("https://") || url.starts_with("http://"))
        && host.contains('.')
        && !url.contains(['"', '<', '>', ' '])
        && url.len() <= 300;
    valid.then_some(url).ok_or_else(|| "Indiquez une adresse comme https://www.exemple.fr.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_added_and_others_are_refused() {
        assert_eq!(read("www.mjc.example").as_deref(), Ok("https://www.mjc.example"));
        for bad in ["javascript:alert(1)", "ftp://mjc.example", "mjc", "https://a b.fr", ""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
