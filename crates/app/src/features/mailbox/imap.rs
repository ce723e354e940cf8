//! The server: connecting, signing in, listing its folders, and what its refusals mean to a reader.

use std::time::Duration;

use async_imap::error::Error as ImapError;
use async_imap::types::{Name, NameAttribute};
use async_imap::{Authenticator, Client, Session};
use futures::TryStreamExt;
use kit::mail::MailAccount;
use kit::outside::{self, Connection};
use kit::{App, Error, Result};

pub type Server = Session<Box<dyn Connection>>;

/// A server that says nothing for so long is taken for lost.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where to read a mailbox.
#[derive(Clone, Debug)]
pub struct Door {
    pub host: String,
    pub port: i64,
    pub security: String,
}

/// What a server offers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offers {
    pub idle: bool,
    pub condstore: bool,
    pub moves: bool,
    pub uidplus: bool,
}

/// A folder as the server lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub label: String,
    pub role: &'static str,
    /// Its messages are worth fetching.
    pub followed: bool,
}

/// Connects and signs in, and no more.
pub async fn try_open(app: &App, door: &Door, account: &MailAccount) -> Result<()> {
    let (mut server, _) = open(app, door, account).await?;
    // What it answers to a farewell does not matter.
    drop(within(server.logout()).await);
    Ok(())
}

/// Connects and signs in.
pub async fn open(app: &App, door: &Door, account: &MailAccount) -> Result<(Server, Offers)> {
    let word = account.word(app).await?;
    let port = u16::try_from(door.port).map_err(|_| Error::refused("Ce port n’existe pas."))?;
    let stream = outside::connect(&app.config, &door.host, port, &door.security).await?;
    let mut client = Client::new(stream);
    let silent = || Error::refused(format!("« {} » répond, mais pas comme un serveur IMAP.", door.host));
    let greeting = within(client.read_response()).await?.map_err(|_| silent())?;
    if greeting.is_none() {
        return Err(silent());
    }
    if door.security == "starttls" {
        within(client.run_command_and_check_ok("STARTTLS", None)).await?.map_err(|_| {
            Error::refused(format!(
                "« {} » ne propose pas STARTTLS : essayez TLS, sur le port 993.",
                door.host
            ))
        })?;
        client = Client::new(outside::protect(&app.config, client.into_inner(), &door.host).await?);
    }
    let signed_in = match account.mechanism.as_str() {
        "xoauth2" => {
            within(client.authenticate("XOAUTH2", Token { login: &account.login, word: &word })).await?
        }
        _ => within(client.login(&account.login, &word)).await?,
    };
    let mut server = signed_in.map_err(|(error, _)| refused(&error))?;
    let offered = within(server.capabilities()).await?.map_err(|e| told(&e))?;
    let offers = Offers {
        idle: offered.has_str("IDLE"),
        condstore: offered.has_str("CONDSTORE"),
        moves: offered.has_str("MOVE"),
        uidplus: offered.has_str("UIDPLUS"),
    };
    Ok((server, offers))
}

/// XOAUTH2, as Google and Microsoft describe it.
struct Token<'a> {
    login: &'a str,
    word: &'a str,
}

impl Authenticator for Token<'_> {
    type Response = String;
    fn process(&mut self, _: &[u8]) -> String {
        format!("user={}\u{1}auth=Bearer {}\u{1}\u{1}", self.login, self.word)
    }
}

/// Waits for a server no longer than [`PATIENCE`].
pub async fn within<T>(work: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .map_err(|_| Error::TryLater("Le serveur de messagerie ne répond plus.".to_owned()))
}

/// What a failure of the server means to a reader.
pub fn told(error: &ImapError) -> Error {
    match error {
        ImapError::No(why) if why.contains("OVERQUOTA") || why.to_lowercase().contains("quota") => {
            Error::refused(
                "La boîte est pleine : supprimez des messages, ou demandez plus de place à l’hébergeur.",
            )
        }
        ImapError::No(why) | ImapError::Bad(why) => {
            Error::refused(format!("Le serveur de messagerie refuse : {why}"))
        }
        ImapError::Io(_) | ImapError::ConnectionLost => {
            Error::TryLater("La connexion au serveur de messagerie s’est interrompue.".to_owned())
        }
        other => Error::TryLater(format!("Le serveur de messagerie a mal répondu ({other}).")),
    }
}

fn refused(error: &ImapError) -> Error {
    match error {
        ImapError::No(_) | ImapError::Bad(_) => Error::refused(
            "Le serveur refuse l’identifiant ou le mot de passe. Certains hébergeurs veulent un « mot de passe \
             d’application », créé dans les réglages de sécurité de la boîte.",
        ),
        other => told(other),
    }
}

/// The folders of the server.
pub async fn folders(server: &mut Server) -> Result<Vec<Listed>> {
    let names: Vec<Name> = within(async {
        let stream = server.list(Some(""), Some("*")).await?;
        stream.try_collect().await
    })
    .await?
    .map_err(|e: ImapError| told(&e))?;
    Ok(names.iter().filter_map(listed).collect())
}

fn listed(name: &Name) -> Option<Listed> {
    let attributes = name.attributes();
    if attributes.contains(&NameAttribute::NoSelect) {
        return None;
    }
    let label = decode_utf7(name.name());
    let role = if label.eq_ignore_ascii_case("inbox") {
        "inbox"
    } else {
        attributes.iter().find_map(role_of).unwrap_or_else(|| guessed_role(&label))
    };
    // Folders that hold every message again, or none that concerns the network.
    let doubles = attributes.iter().any(|a| matches!(a, NameAttribute::All | NameAttribute::Flagged));
    let followed = !doubles && !["drafts", "junk"].contains(&role);
    let label = match role {
        "inbox" => "Boîte de réception".to_owned(),
        "sent" => "Envoyés".to_owned(),
        "archive" => "Archives".to_owned(),
        "trash" => "Corbeille".to_owned(),
        _ => label,
    };
    Some(Listed { name: name.name().to_owned(), label, role, followed })
}

fn role_of(attribute: &NameAttribute<'_>) -> Option<&'static str> {
    match attribute {
        NameAttribute::Sent => Some("sent"),
        NameAttribute::Drafts => Some("drafts"),
        NameAttribute::Archive => Some("archive"),
        NameAttribute::Trash => Some("trash"),
        NameAttribute::Junk => Some("junk"),
        _ => None,
    }
}

/// What folders are called by providers that do not say what they are for (RFC 6154 is not everywhere).
fn guessed_role(label: &str) -> &'static str {
    const NAMES: [(&str, &[&str]); 5] = [
        ("sent", &["sent", "sent items", "sent messages", "envoyes", "elements envoyes", "messages envoyes"]),
        ("drafts", &["drafts", "brouillons"]),
        ("archive", &["archive", "archives"]),
        ("trash", &["trash", "deleted items", "corbeille", "elements supprimes", "quarantaine"]),
        ("junk", &["junk", "spam", "junk e-mail", "indesirables", "courrier indesirable", "pourriels"]),
    ];
    let last = kit::text::fold(label.rsplit(['/', '.']).next().unwrap_or(label));
    NAMES.iter().find(|(_, names)| names.contains(&last.as_str())).map_or("other", |(role, _)| role)
}

/// The name of a folder as people read it (modified UTF-7, RFC 3501, 5.1.3). What is not well written stays as it is.
pub fn decode_utf7(name: &str) -> String {
    use base64::Engine;
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((coded, next)) = after.split_once('-') else { return name.to_owned() };
        if coded.is_empty() {
            out.push('&');
        } else {
            let Ok(bytes) = base64::engine::general_purpose::STANDARD_NO_PAD.decode(coded.replace(',', "/"))
            else {
                return name.to_owned();
            };
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        rest = next;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_are_read_as_people_write_them() {
        assert_eq!(decode_utf7("&AMk-l&AOk-ments envoy&AOk-s"), "Éléments envoyés");
        assert_eq!(decode_utf7("Caf &- partenaires"), "Caf & partenaires");
        assert_eq!(decode_utf7("cass&"), "cass&");
        assert_eq!(decode_utf7("&!!-"), "&!!-");
    }

    #[test]
    fn folders_without_attributes_are_known_by_their_names() {
        for (label, role) in [
            ("Éléments envoyés", "sent"),
            ("INBOX.Corbeille", "trash"),
            ("Courrier indésirable", "junk"),
            ("INBOX/Archives", "archive"),
            ("Brouillons", "drafts"),
            ("Conventions", "other"),
        ] {
            assert_eq!(guessed_role(label), role, "{label}");
        }
    }
}
