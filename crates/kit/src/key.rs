//! The key of the instance: what the program signs and gives to a browser to bring back.

use std::io::Write as _;
use std::path::Path;

use crate::chance;
use crate::config::Config;
use crate::error::{Error, Result};

const FILE: &str = "secret.key";
/// Signatures for one purpose are of no use for another.
const CONTEXT: &str = "Esplanade 2026 signatures";

/// Signs short texts.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The configured key, or the one of the data directory, made when absent.
    pub fn open(config: &Config) -> Result<Self> {
        let secret = match config.secret_key.as_deref().map(str::trim).filter(|key| !key.is_empty()) {
            Some(key) => key.to_owned(),
            None => kept_in(&config.data_dir).map_err(|e| {
                Error::refused(format!("Clé de l’instance {} : {e}", config.data_dir.join(FILE).display()))
            })?,
        };
        Ok(Self(blake3::derive_key(CONTEXT, secret.as_bytes())))
    }

    fn hash(&self, purpose: &str, text: &str) -> blake3::Hash {
        blake3::keyed_hash(&self.0, format!("{purpose}\n{text}").as_bytes())
    }

    pub fn sign(&self, purpose: &str, text: &str) -> String {
        self.hash(purpose, text).to_hex().to_string()
    }

    /// Whether this key signed this text for this purpose.
    pub fn signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        blake3::Hash::from_hex(signature).is_ok_and(|given| given == self.hash(purpose, text))
    }
}

fn kept_in(dir: &Path) -> std::io::Result<String> {
    let path = dir.join(FILE);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(mut file) => {
            let secret = chance::token();
            file.write_all(secret.as_bytes())?;
            Ok(secret)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let secret = std::fs::read_to_string(&path)?.trim().to_owned();
            // Another process may be writing it this instant; an empty key must never sign anything.
            match secret.is_empty() {
                true => Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "fichier vide")),
                false => Ok(secret),
            }
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_text_and_one_purpose() {
        let dir = std::env::temp_dir().join(format!("esplanade_key_{}", chance::token()));
        std::fs::create_dir_all(&dir).unwrap();
        let config = Config { data_dir: dir.clone(), ..Config::default() };
        let signature = Key::open(&config).unwrap().sign("form", "1234");
        let again = Key::open(&config).unwrap();
        assert!(again.signed("form", "1234", &signature), "the key is kept");
        assert!(!again.signed("form", "1235", &signature));
        assert!(!again.signed("link", "1234", &signature));
        assert!(!again.signed("form", "1234", "abc"));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
