//! Randomness: the one place that asks the system for it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Fills with unpredictable bytes. A system without them cannot keep any secret, so the program ends.
#[expect(clippy::disallowed_methods, reason = "the one place that reads system randomness")]
pub fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        tracing::error!("the system gives no randomness");
        std::process::abort();
    }
}

/// An unguessable token of 256 bits, fit for a link or a cookie (43 characters).
pub fn token() -> String {
    let mut bytes = [0u8; 32];
    fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a token: useless to who reads the database.
pub fn token_hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}
