//! SPF: one record, well written, closed, and that lets the sending server through.

use std::net::IpAddr;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::spf::{Mechanism, Qualifier, Spf};
use mail_auth::{MessageAuthenticator, SpfResult};

use super::dns::Dns;
use super::domain::{SPF, unanswered};
use super::finding::Finding;

/// Reads what the domain says, and compares it with the server by which messages leave.
pub async fn spf(dns: &Dns, domain: &str, server: Option<(&str, IpAddr)>) -> Finding {
    let Ok(mut texts) = dns.texts(domain).await else { return unanswered("spf", SPF) };
    texts.retain(|text| {
        text.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"))
    });
    let host = server.map_or("smtp.votre-hebergeur.fr", |(host, _)| host);
    let [record] = texts.as_slice() else { return not_one(domain, host, &texts) };
    if let Some(finding) = ill_written(domain, host, record) {
        return finding;
    }
    match server {
        Some((host, ip)) => compared(dns, domain, (host, ip), record).await,
        None => Finding::watch(
            "spf",
            SPF,
            format!("{domain} a un enregistrement SPF, qu’aucun serveur d’envoi réglé ici ne permet de comparer."),
        )
        .asking(format!(
            "Bonjour, l’enregistrement SPF du domaine {domain} est «\u{a0}{record}\u{a0}». Autorise-t-il bien vos serveurs d’envoi\u{a0}?"
        )),
    }
}

fn not_one(domain: &str, host: &str, records: &[String]) -> Finding {
    if records.is_empty() {
        let said = format!(
            "{domain} ne dit pas qui peut envoyer en son nom\u{a0}: beaucoup de messages iront aux indésirables."
        );
        return Finding::fix("spf", SPF, said).asking(format!(
            "Bonjour, merci d’ajouter au domaine {domain} un enregistrement TXT SPF qui autorise {host}, par \
             exemple «\u{a0}v=spf1 mx a:{host} ~all\u{a0}»."
        ));
    }
    let listed = records.iter().map(|text| format!("«\u{a0}{text}\u{a0}»")).collect::<Vec<_>>().join(" et ");
    let said = format!("{domain} a plusieurs enregistrements SPF\u{a0}: aucun ne compte.");
    Finding::fix("spf", SPF, said).asking(format!(
        "Bonjour, le domaine {domain} a plusieurs enregistrements SPF ({listed}). Merci de n’en garder qu’un, qui \
         autorise {host}."
    ))
}

fn ill_written(domain: &str, host: &str, record: &str) -> Option<Finding> {
    let Ok(read) = Spf::parse(record.as_bytes()) else {
        let said = format!("L’enregistrement SPF de {domain} est mal écrit\u{a0}: «\u{a0}{record}\u{a0}».");
        return Some(Finding::fix("spf", SPF, said).asking(format!(
            "Bonjour, l’enregistrement SPF du domaine {domain}, «\u{a0}{record}\u{a0}», est invalide. Merci de le corriger, \
             par exemple en «\u{a0}v=spf1 mx a:{host} ~all\u{a0}»."
        )));
    };
    let opens = |one: &mail_auth::spf::Directive| {
        matches!(one.mechanism, Mechanism::All) && one.qualifier == Qualifier::Pass
    };
    if !read.directives.iter().any(opens) {
        return None;
    }
    let said = format!("{domain} autorise le monde entier à envoyer en son nom («\u{a0}+all\u{a0}»).");
    Some(Finding::fix("spf", SPF, said).asking(format!(
        "Bonjour, l’enregistrement SPF du domaine {domain}, «\u{a0}{record}\u{a0}», autorise tout serveur. Merci de remplacer \
         «\u{a0}+all\u{a0}» par «\u{a0}~all\u{a0}»."
    )))
}

/// Whether the record lets the server through, as a receiver would find out.
async fn compared(dns: &Dns, domain: &str, (host, ip): (&str, IpAddr), record: &str) -> Finding {
    let sender = format!("postmaster@{domain}");
    let parameters = SpfParameters::verify_mail_from(ip, domain, domain, &sender);
    match MessageAuthenticator(dns.0.clone()).verify_spf(parameters).await.result() {
        SpfResult::Pass => {
            Finding::good("spf", SPF, format!("{domain} autorise votre serveur d’envoi ({host})."))
        }
        SpfResult::TempError => unanswered("spf", SPF),
        SpfResult::PermError => {
            let said = format!(
                "L’enregistrement SPF de {domain} ne peut pas être suivi jusqu’au bout\u{a0}: «\u{a0}{record}\u{a0}»."
            );
            Finding::fix("spf", SPF, said).asking(format!(
                "Bonjour, l’enregistrement SPF du domaine {domain}, «\u{a0}{record}\u{a0}», provoque une erreur (renvois \
                 introuvables, ou plus de dix recherches). Merci de le corriger."
            ))
        }
        _ => {
            let said = format!(
                "L’adresse de {host} ({ip}) n’est pas parmi celles que {domain} autorise. Si votre hébergeur envoie \
                 depuis d’autres serveurs, c’est sans gravité."
            );
            Finding::watch("spf", SPF, said).asking(format!(
                "Bonjour, nos messages partent par {host} ({ip}) avec une adresse en @{domain}, dont \
                 l’enregistrement SPF est «\u{a0}{record}\u{a0}». Vos serveurs d’envoi y sont-ils autorisés\u{a0}? Sinon, merci de \
                 les y ajouter."
            ))
        }
    }
}
