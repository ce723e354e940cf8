//! The key of the instance, and what is done with it: links that say what they are for and cannot be forged are
//! signed, without a row for each; passwords that must be said again to other servers are sealed.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::chance;
use crate::config::Config;
use crate::db::{Id, Table, Tx};
use crate::error::{Error, Result};

/// Bytes of a signature: enough against guessing, short enough for a link.
const SIGNATURE: usize = 16;
/// Bytes of what makes each sealing different: enough to be drawn at random (XChaCha20).
const NONCE: usize = 24;

/// The key of the instance.
#[derive(Clone)]
pub struct Secret {
    key: [u8; 32],
}

impl Secret {
    /// The key of the configuration, else the one in the data directory, made at the first start. Several
    /// processes over one database must be told the same (`ESPLANADE_SECRET_KEY`).
    pub fn open(config: &Config) -> Result<Self> {
        let text = match &config.secret_key {
            Some(text) => text.clone(),
            None => stored(&config.data_dir.join("secret.key"))?,
        };
        Ok(Self { key: blake3::derive_key("esplanade 2026 key of the instance", text.trim().as_bytes()) })
    }

    /// Signs a text for one purpose. The signature is fit for an address.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let signed = blake3::keyed_hash(&self.key, format!("{purpose}\n{text}").as_bytes());
        URL_SAFE_NO_PAD.encode(&signed.as_bytes()[..SIGNATURE])
    }

    /// The token of a personal link: what it is for in a network, and our signature.
    pub fn token(&self, purpose: &str, network: Id, id: Id) -> String {
        format!("{id}.{}", self.sign(purpose, &format!("{network}/{id}")))
    }

    /// What a token is for, when it is one of ours for this purpose and network.
    pub fn of_token(&self, purpose: &str, network: Id, token: &str) -> Option<Id> {
        let (id, signature) = token.split_once('.')?;
        let is_ours = self.is_signed(purpose, &format!("{network}/{id}"), signature);
        id.parse().ok().filter(|_| is_ours)
    }

    /// The row that a token is for; `gone` for a token that is not ours, and once the row is gone.
    pub async fn row_of_token<T: Table>(
        &self,
        tx: &mut Tx,
        purpose: &str,
        network: Id,
        token: &str,
        gone: fn() -> Error,
    ) -> Result<T> {
        let id = self.of_token(purpose, network, token).ok_or_else(gone)?;
        match tx.get(network, id).await {
            Err(Error::NotFound) => Err(gone()),
            found => found,
        }
    }

    /// Seals a text for one purpose: unreadable to who has the database without the key.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String> {
        let mut nonce = [0u8; NONCE];
        chance::fill(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(Error::bug)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The text that was sealed for this purpose; refused when the key is not the one that sealed it.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Result<String> {
        let unreadable = || {
            Error::refused(
                "Ce secret a été enregistré avec une autre clé d’instance : saisissez-le de nouveau.",
            )
        };
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| unreadable())?;
        let (nonce, body) = bytes.split_at_checked(NONCE).ok_or_else(unreadable)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| unreadable())?;
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        let text = self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| unreadable())?;
        String::from_utf8(text).map_err(Error::bug)
    }

    /// A key of its own: what signs must not seal.
    fn cipher(&self) -> XChaCha20Poly1305 {
        let key = blake3::derive_key("esplanade 2026 sealed secrets", &self.key);
        XChaCha20Poly1305::new(&key.into())
    }

    /// Whether a signature is ours, for this purpose and text.
    pub fn is_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        // Hashes are compared, so that the time taken tells nothing.
        blake3::hash(self.sign(purpose, text).as_bytes()) == blake3::hash(signature.as_bytes())
    }
}

fn stored(path: &Path) -> Result<String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Ok(text) = std::fs::read_to_string(path) {
        return Ok(text);
    }
    let text = chance::token();
    let refused = |e: std::io::Error| Error::refused(format!("Clé de l’instance {} : {e}", path.display()));
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(refused)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_its_key_its_purpose_and_its_text() {
        let with = |key: &str| {
            Secret::open(&Config { secret_key: Some(key.to_owned()), ..Config::default() }).unwrap()
        };
        let (ours, theirs) = (with("une clé"), with("une autre"));
        let signature = ours.sign("fiche", "42");
        assert!(ours.is_signed("fiche", "42", &signature));
        assert!(!ours.is_signed("fiche", "43", &signature));
        assert!(!ours.is_signed("sondage", "42", &signature));
        assert!(!theirs.is_signed("fiche", "42", &signature));
        assert!(!ours.is_signed("fiche", "42", ""));
    }

    #[test]
    fn a_sealed_text_opens_with_its_key_and_purpose_alone() {
        let with = |key: &str| {
            Secret::open(&Config { secret_key: Some(key.to_owned()), ..Config::default() }).unwrap()
        };
        let ours = with("une clé");
        let sealed = ours.seal("boîte", "motdepasse").unwrap();
        assert!(!sealed.contains("motdepasse"));
        assert_ne!(sealed, ours.seal("boîte", "motdepasse").unwrap());
        assert_eq!(ours.unseal("boîte", &sealed).unwrap(), "motdepasse");
        assert!(ours.unseal("autre", &sealed).is_err());
        assert!(with("une autre").unseal("boîte", &sealed).is_err());
        assert!(ours.unseal("boîte", "").is_err() && ours.unseal("boîte", &sealed[..30]).is_err());
    }

    #[test]
    fn the_key_is_made_once_and_kept() {
        let data_dir = std::env::temp_dir().join(format!("esplanade_secret_{}", chance::token()));
        std::fs::create_dir_all(&data_dir).unwrap();
        let config = Config { data_dir: data_dir.clone(), ..Config::default() };
        let signature = Secret::open(&config).unwrap().sign("fiche", "42");
        assert!(Secret::open(&config).unwrap().is_signed("fiche", "42", &signature));
        std::fs::remove_dir_all(data_dir).unwrap();
    }
}
