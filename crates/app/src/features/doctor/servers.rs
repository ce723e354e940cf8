//! The servers by which mail leaves and arrives.

use std::net::IpAddr;

use kit::config::Config;
use kit::mail::{MailAccount, Transport, Trouble};
use kit::{App, Network, Result};

use super::dns::{Dns, Unanswered};
use super::finding::Finding;

const SMTP: &str = "Envoi des messages (SMTP)";
const IMAP: &str = "Réception des messages (IMAP)";
const PTR: &str = "Nom du serveur d’envoi (PTR)";

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
    let transport = match account.transport(app).await {
        Ok(transport) => transport,
        Err(error) => return Finding::fix("smtp", SMTP, format!("{}\u{a0}: {error}", account.address)),
    };
    match transport.test().await {
        Ok(()) => Finding::good(
            "smtp",
            SMTP,
            format!("{} est joint et accepte le compte {}.", place, account.address),
        ),
        Err(trouble) => refused(&place, &reason(&trouble)),
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
        Transport::Smtp(smtp) => match smtp.test().await {
            Ok(()) => Finding::good(
                "smtp",
                SMTP,
                format!("{host} est joint et accepte de prendre les messages de l’instance."),
            ),
            Err(trouble) => refused(&host, &reason(&trouble)),
        },
    }
}

/// Why a server would not, in French.
fn reason(trouble: &Trouble) -> String {
    match trouble {
        Trouble::SignIn(_) => "identifiant ou mot de passe refusé".to_owned(),
        Trouble::Reach(said) => said.trim_end_matches('.').to_owned(),
        Trouble::Said(error) => match error.status() {
            Some(code) => format!("le serveur répond {code}"),
            None => "le serveur ne répond pas comme attendu".to_owned(),
        },
    }
}

fn refused(place: &str, reason: &str) -> Finding {
    Finding::fix("smtp", SMTP, format!("{place}\u{a0}: {reason}.")).asking(format!(
        "Bonjour, l’envoi authentifié par {place} échoue depuis notre logiciel\u{a0}: {reason}. Merci de \
            nous confirmer le nom du \
         serveur, le port, la protection (TLS ou STARTTLS), l’identifiant, et s’il faut un mot de passe d’application."
    ))
}

/// Reads the shared mailbox as its keeper does: connects, protects the connection, signs in.
pub async fn mailbox(app: &App, network: &Network) -> Result<Option<Finding>> {
    let Some((place, tried)) = crate::features::mailbox::try_door(app, network.id).await? else {
        return Ok(None);
    };
    Ok(Some(match tried {
        Ok(()) => Finding::good("imap", IMAP, format!("{place} est joint et ouvre la boîte.")),
        Err(error) => Finding::fix("imap", IMAP, format!("{place}\u{a0}: {error}")).asking(format!(
            "Bonjour, la lecture de notre boîte par IMAP ({place}) échoue depuis notre logiciel. Merci de nous confirmer le \
             nom du serveur, le port (993 avec TLS), et que l’accès IMAP est ouvert pour cette boîte."
        )),
    }))
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
