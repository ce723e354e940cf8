//! Passwords: what is accepted, and how they are kept (Argon2id, as a PHC string).

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use kit::{Error, Fields, Result};
use tokio::sync::Semaphore;

/// Fewest and most characters of a password (ANSSI and CNIL: length counts more than odd signs).
pub const LEAST: usize = 12;
pub const MOST: usize = 256;

/// What is said beside the field.
pub const ADVICE: &str = "Au moins 12 caractères. Le plus sûr : quatre ou cinq mots sans lien entre eux, \
    ou le mot de passe proposé par votre navigateur. Ne reprenez pas celui d’un autre service.";

/// Each hash takes 19 MiB: so many at once, the others wait.
static ROOM: Semaphore = Semaphore::const_new(4);

/// Why a password is refused.
pub fn objection(password: &str, email: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < LEAST {
        return Some("Choisissez un mot de passe d’au moins 12 caractères.");
    }
    if length > MOST {
        return Some("Ce mot de passe dépasse 256 caractères.");
    }
    if password.trim().to_lowercase() == email.to_lowercase() {
        return Some("Votre adresse électronique ne peut pas être votre mot de passe.");
    }
    let first = password.chars().next();
    if password.chars().all(|c| Some(c) == first) {
        return Some("Ce mot de passe répète un seul caractère : choisissez-en un autre.");
    }
    None
}

/// The new password of a form; what is wrong with it is noted beside the field.
pub fn read(form: &mut Fields, name: &str, email: &str) -> String {
    let password = form.get(name).to_owned();
    if let Some(objection) = objection(&password, email) {
        form.reject(name, objection);
    }
    password
}

/// What is stored of a password.
pub async fn hash(password: String) -> Result<String> {
    in_the_back(move || {
        let mut salt = [0u8; 16];
        kit::chance::fill(&mut salt);
        derive(&password, &salt).map(|hash| hash.to_string())
    })
    .await?
}

fn derive(password: &str, salt: &[u8]) -> Result<PasswordHash> {
    Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(Error::bug)
}

/// Whether this is the password. Without a stored one the same work is done before the answer is no,
/// so that the time taken says nothing about the account.
pub async fn verify(stored: Option<String>, password: String) -> Result<bool> {
    in_the_back(move || match stored {
        Some(stored) => Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok(),
        None => {
            std::hint::black_box(derive(&password, b"a salt of 16 byt").is_ok());
            false
        }
    })
    .await
}

async fn in_the_back<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _room = ROOM.acquire().await.map_err(Error::bug)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::bug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let stored = hash("quatre mots sans lien".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert!(verify(Some(stored.clone()), "quatre mots sans lien".to_owned()).await.unwrap());
        assert!(!verify(Some(stored.clone()), "quatre mots sans liens".to_owned()).await.unwrap());
        assert!(!verify(None, "quatre mots sans lien".to_owned()).await.unwrap());
        assert_ne!(stored, hash("quatre mots sans lien".to_owned()).await.unwrap());
    }

    #[test]
    fn short_endless_and_obvious_passwords_are_refused() {
        assert!(objection("onze caract", "a@b.fr").is_some());
        assert!(objection(&"é".repeat(257), "a@b.fr").is_some());
        assert!(objection("Prenom.Nom@exemple.fr", "prenom.nom@exemple.fr").is_some());
        assert!(objection("aaaaaaaaaaaaaaa", "a@b.fr").is_some());
        assert!(objection("promenade-en-ligne", "a@b.fr").is_none());
    }
}
