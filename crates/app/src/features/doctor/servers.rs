//! The servers by which mail leaves and arrives.

use std::net::IpAddr;
use std::time::Duration;

use kit::config::Config;
use kit::mail::{MailAccount, Transport};
use kit::{App, Error, outside};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use super::dns::{Dns, Unanswered};
use super::finding::Finding;

const SMTP: &str = "Envoi des messages (SMTP)";
const IMAP: &str = "Réception des messages (IMAP)";
const PTR: &str = "Nom du serveur d’envoi (PTR)";
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest greeting read.
const MOST_GREETING: u64 = 1000;

/// The server by which messages leave: the one of an account, else the instance's.
pub fn sending_host(config: &Config, account: Option<&MailAccount>) -> Option<String> {
    if let Some(account) = account {
        return Some(account.host.clone());
    }
    let url = config.smtp_url.as_deref().filter(|url| url.starts_with("smtp"))?;
    let authority = url.split_once("://")?.1.split(['/', '?']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let named = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    Some(named.map_or(host, |(name, _)| name).trim_matches(['[', ']']).to_owned())
}

/// Connects to an account's server, protects the connection and signs in.
pub async fn smtp_of_account(app: &App, account: &MailAccount) -> Finding {
    let place = format!("{}, port {}", account.host, account.port);
    let transport = match account.transport(&app.config, &app.secret).await {
        Ok(transport) => transport,
        Err(error) => return Finding::fix("smtp", SMTP, format!("{}\u{a0}: {error}", account.address)),
    };
    match transport.test_connection().await {
        Ok(true) => Finding::good(
            "smtp",
            SMTP,
            format!("{} est joint et accepte le compte {}.", place, account.address),
        ),
        Ok(false) => refused(&place, "le serveur ferme la connexion"),
        Err(error) => refused(
            &place,
            &reason(&error.to_string(), error.status().map(|code| code.to_string()), error.is_tls()),
        ),
    }
}

/// The same for the instance's own way.
pub async fn smtp_of_instance(app: &App) -> Finding {
    let host = sending_host(&app.config, None).unwrap_or_default();
    match &app.transport {
        Transport::Screen => Finding::watch(
            "smtp",
            SMTP,
            "Aucun serveur d’envoi n’est réglé\u{a0}: les \
            messages restent à l’écran, rien ne part.",
        )
        .asking(
            "Bonjour, pour qu’un logiciel envoie nos courriels, merci de nous indiquer le \
                serveur SMTP, son port (465 ou 587), la protection (TLS ou STARTTLS), l’identifiant et \
                un mot de passe d’application.",
        ),
        Transport::Folder(_) => Finding::watch(
            "smtp",
            SMTP,
            "Les messages sont écrits dans un dossier, \
            rien ne part.",
        ),
        Transport::Smtp(smtp) => match smtp.test_connection().await {
            Ok(true) => Finding::good(
                "smtp",
                SMTP,
                format!(
                    "{host} est joint et accepte de prendre les \
                messages de l’instance."
                ),
            ),
            Ok(false) => refused(&host, "le serveur ferme la connexion"),
            Err(error) => refused(
                &host,
                &reason(&error.to_string(), error.status().map(|code| code.to_string()), error.is_tls()),
            ),
        },
    }
}

/// Why a server would not, in French.
fn reason(error: &str, status: Option<String>, is_tls: bool) -> String {
    match status.as_deref() {
        Some("535" | "534" | "538") => "identifiant ou mot de passe refusé".to_owned(),
        Some("530") => "le serveur demande de s’identifier".to_owned(),
        Some(code) => format!("le serveur répond {code}"),
        None if is_tls => {
            "la protection de la connexion échoue (certificat, ou STARTTLS au lieu de TLS)".to_owned()
        }
        None => format!("le serveur ne répond pas ({error})"),
    }
}

fn refused(place: &str, reason: &str) -> Finding {
    Finding::fix("smtp", SMTP, format!("{place}\u{a0}: {reason}.")).asking(format!(
        "Bonjour, l’envoi authentifié par {place} échoue depuis notre logiciel\u{a0}: {reason}. Merci de \
            nous confirmer le nom du \
         serveur, le port, la protection (TLS ou STARTTLS), l’identifiant, et s’il faut un mot de passe d’application."
    ))
}

/// Connects to an IMAP server and reads its greeting; signing in is the mailbox's affair. `security` is a code of
/// [`kit::mail::SECURITIES`].
pub async fn imap(config: &Config, host: &str, port: u16, security: &str) -> Finding {
    let place = format!("{host}, port {port}");
    let said = match greeting(config, host, port, security).await {
        Ok(said) if said.starts_with("* OK") || said.starts_with("* PREAUTH") => {
            return Finding::good("imap", IMAP, format!("{place} répond."));
        }
        Ok(said) => format!("{place} répond, mais pas comme un serveur IMAP («\u{a0}{said}\u{a0}»)."),
        Err(error) => format!("{place}\u{a0}: {error}"),
    };
    Finding::fix("imap", IMAP, said).asking(format!(
        "Bonjour, la lecture de notre boîte par IMAP ({place}) échoue depuis notre logiciel. Merci de \
            nous confirmer le nom du \
         serveur, le port (993 avec TLS), et que l’accès IMAP est ouvert pour cette boîte."
    ))
}

async fn greeting(config: &Config, host: &str, port: u16, security: &str) -> kit::Result<String> {
    let stream = outside::connect(config, host, port, security).await?;
    let mut stream = BufReader::new(stream);
    let mut bytes = Vec::new();
    let mut limited = (&mut stream).take(MOST_GREETING);
    let read = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut bytes)).await;
    let silent = || Error::refused("le serveur ne dit rien");
    read.map_err(|_| silent())?.map_err(|_| silent())?;
    // Leaving politely is not worth a fault.
    drop(stream.get_mut().write_all(b"a LOGOUT\r\n").await);
    Ok(String::from_utf8_lossy(&bytes).trim().chars().take(100).collect())
}

/// PTR: the sending server has a name, which leads back to it.
pub async fn ptr(dns: &Dns, host: &str, ip: IpAddr) -> Finding {
    let unanswered = || {
        Finding::unknown(
            "ptr",
            PTR,
            "Le système des noms de domaine ne répond pas\u{a0}: réessayez plus tard.",
        )
    };
    let names = match dns.names_of(ip).await {
        Ok(names) => names,
        Err(Unanswered) => return unanswered(),
    };
    let Some(name) = names.first() else {
        return Finding::fix(
            "ptr",
            PTR,
            format!(
                "L’adresse {ip} de {host} n’a pas de nom\u{a0}: beaucoup \
            de serveurs refusent ses messages."
            ),
        )
        .asking(format!(
            "Bonjour, merci de donner un nom (enregistrement PTR) à l’adresse {ip} de \
                votre serveur d’envoi {host}, et que ce nom ramène à cette adresse."
        ));
    };
    match dns.addresses(name).await {
        Err(Unanswered) => unanswered(),
        Ok(found) if found.contains(&ip) => Finding::good(
            "ptr",
            PTR,
            format!(
                "{ip} s’appelle {name}, \
            qui ramène bien à elle."
            ),
        ),
        Ok(_) => Finding::watch(
            "ptr",
            PTR,
            format!(
                "{ip} s’appelle {name}, mais ce nom ne ramène pas à \
            elle\u{a0}: des serveurs s’en méfient."
            ),
        )
        .asking(format!(
            "Bonjour, l’adresse {ip} de votre serveur d’envoi {host} a pour nom {name}, \
                qui n’a pas cette adresse. Merci de les accorder."
        )),
    }
}

/// What is said of the name of a server when there is none to look up.
pub fn no_ptr() -> Finding {
    Finding::unknown(
        "ptr",
        PTR,
        "Le serveur d’envoi n’est pas réglé, ou il est interne à l’hébergeur\u{a0}: son nom public n’est \
            pas connu d’ici.",
    )
}
