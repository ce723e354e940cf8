//! What the sender's domain says of itself: how messages are signed (DKIM), what is to be done with the others (DMARC),
//! where answers go (MX). Who may send for it (SPF) is in `spf.rs`.

use futures::future::join_all;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dmarc::{Dmarc, Policy};

use super::dns::{Dns, Unanswered};
use super::finding::Finding;

/// Names under which hosts usually publish the key.
const USUAL_SELECTORS: [&str; 14] = [
    "default",
    "dkim",
    "mail",
    "smtp",
    "mx",
    "s1",
    "s2",
    "k1",
    "k2",
    "selector1",
    "selector2",
    "google",
    "key1",
    "email",
];
/// Domains that are nobody's (RFC 2606 and 6761).
const NOBODYS: [&str; 6] = ["example", "test", "invalid", "localhost", "local", "internal"];

pub(super) const SPF: &str = "Qui peut envoyer pour votre domaine (SPF)";
const DKIM: &str = "Signature des messages (DKIM)";
const DMARC: &str = "Consigne aux destinataires (DMARC)";
const MX: &str = "Réception des réponses (MX)";

/// The domain of an address.
pub fn of(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}

/// Whether a domain exists for examples only: there is nothing to look up.
pub fn is_nobodys(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    !domain.contains('.') || NOBODYS.contains(&last)
}

/// What is said when nothing can be looked up.
pub fn nothing_to_look_up(domain: &str) -> Vec<Finding> {
    let said = format!(
        "Les messages portent une adresse d’exemple («\u{a0}{domain}\u{a0}»)\u{a0}: indiquez celle de la \
            coordination dans les réglages."
    );
    [("spf", SPF), ("dkim", DKIM), ("dmarc", DMARC), ("mx", MX)]
        .map(|(check, title)| Finding::unknown(check, title, said.clone()))
        .to_vec()
}

pub(super) fn unanswered(check: &str, title: &str) -> Finding {
    Finding::unknown(check, title, "Le système des noms de domaine ne répond pas\u{a0}: réessayez plus tard.")
}

/// DKIM: a key under the name that is known, else under one of the usual ones.
pub async fn dkim(dns: &Dns, domain: &str, selector: Option<&str>) -> Finding {
    let names: Vec<&str> = selector.map_or(USUAL_SELECTORS.to_vec(), |one| vec![one]);
    let asked = names
        .iter()
        .map(|name| async move { (*name, dns.texts(&format!("{name}._domainkey.{domain}")).await) });
    let found = join_all(asked).await;
    if found.iter().all(|(_, texts)| texts.is_err()) {
        return unanswered("dkim", DKIM);
    }
    let known: Option<(&str, String)> =
        found.into_iter().find_map(|(name, texts)| Some((name, texts.ok()?.into_iter().next()?)));
    let Some((name, record)) = known else { return without_key(domain, selector) };
    let place = format!("{name}._domainkey.{domain}");
    match DomainKey::parse(record.as_bytes()) {
        Ok(_) => Finding::good("dkim", DKIM, format!("Une clé est publiée ({place}).")),
        Err(mail_auth::Error::Dkim(mail_auth::dkim::DkimError::RevokedPublicKey)) => Finding::fix(
            "dkim",
            DKIM,
            format!(
                "La clé de {place} a été retirée\u{a0}: les signatures ne \
                valent plus rien."
            ),
        )
        .asking(format!(
            "Bonjour, la clé DKIM {place} est révoquée (p= vide). Merci de publier \
                    une clé et de signer nos messages avec elle."
        )),
        Err(_) => Finding::fix("dkim", DKIM, format!("La clé de {place} est mal écrite.")).asking(format!(
            "Bonjour, l’enregistrement DKIM {place} est invalide\u{a0}: «\u{a0}{record}\u{a0}». \
                Merci de le publier de nouveau."
        )),
    }
}

fn without_key(domain: &str, selector: Option<&str>) -> Finding {
    let request = format!(
        "Bonjour, merci d’activer la signature DKIM pour le domaine {domain}, et de nous dire sous quel \
            sélecteur la clé est publiée."
    );
    match selector {
        Some(name) => Finding::fix(
            "dkim",
            DKIM,
            format!(
                "Aucune clé n’est publiée sous \
            {name}._domainkey.{domain}."
            ),
        ),
        None => Finding::watch(
            "dkim",
            DKIM,
            format!(
                "Aucune clé trouvée pour {domain} sous les noms \
            habituels. Votre hébergeur en utilise peut-être un autre\u{a0}: indiquez-le ci-dessous."
            ),
        ),
    }
    .asking(request)
}

/// DMARC: of the domain, else of the one above it.
pub async fn dmarc(dns: &Dns, domain: &str) -> Finding {
    let record = match published(dns, domain).await {
        Ok(record) => record,
        Err(Unanswered) => return unanswered("dmarc", DMARC),
    };
    let wished = format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}");
    let [record] = record.as_slice() else {
        let said = if record.is_empty() { "n’en a pas" } else { "en a plusieurs, dont aucune ne compte" };
        return Finding::fix(
            "dmarc",
            DMARC,
            format!(
                "Le domaine {domain} {said}\u{a0}: les grandes \
            messageries s’en méfient."
            ),
        )
        .asking(format!(
            "Bonjour, merci de publier pour le domaine {domain} un seul enregistrement \
                TXT DMARC, _dmarc.{domain}, par exemple «\u{a0}{wished}\u{a0}»."
        ));
    };
    match Dmarc::parse(record.as_bytes()).map(|read| read.p) {
        Ok(Policy::Quarantine | Policy::Reject) => Finding::good(
            "dmarc",
            DMARC,
            format!(
                "{domain} demande d’écarter les messages qui usurpent \
                son nom."
            ),
        ),
        Ok(_) => Finding::watch(
            "dmarc",
            DMARC,
            format!(
                "{domain} publie une consigne, qui ne demande \
            encore rien («\u{a0}p=none\u{a0}»). Une fois SPF et DKIM au vert depuis quelques semaines, demandez «\u{a0}\
            quarantine\u{a0}»."
            ),
        )
        .asking(format!(
            "Bonjour, SPF et DKIM étant en place pour {domain}, merci de passer \
                _dmarc.{domain} de «\u{a0}p=none\u{a0}» à «\u{a0}p=quarantine\u{a0}»."
        )),
        Err(_) => Finding::fix(
            "dmarc",
            DMARC,
            format!(
                "La consigne de {domain} est mal écrite\u{a0}: «\u{a0}\
            {record}\u{a0}»."
            ),
        )
        .asking(format!(
            "Bonjour, l’enregistrement _dmarc.{domain}, «\u{a0}{record}\u{a0}», est invalide. \
                Merci de le remplacer par «\u{a0}{wished}\u{a0}»."
        )),
    }
}

async fn published(dns: &Dns, domain: &str) -> Result<Vec<String>, Unanswered> {
    let mut name = domain;
    loop {
        let mut texts = dns.texts(&format!("_dmarc.{name}")).await?;
        texts.retain(|text| text.trim_start().to_lowercase().starts_with("v=dmarc1"));
        match name.split_once('.') {
            Some((_, above)) if texts.is_empty() && above.contains('.') => name = above,
            _ => return Ok(texts),
        }
    }
}

/// MX: where answers go.
pub async fn mx(dns: &Dns, domain: &str) -> Finding {
    match dns.mail_servers(domain).await {
        Err(Unanswered) => unanswered("mx", MX),
        Ok(servers) if servers.iter().all(String::is_empty) => Finding::fix(
            "mx",
            MX,
            format!(
                "Personne ne reçoit le courrier de {domain}\u{a0}: les \
                réponses se perdront."
            ),
        )
        .asking(format!(
            "Bonjour, le domaine {domain} n’a pas d’enregistrement MX. Merci \
                    d’indiquer le serveur qui reçoit son courrier."
        )),
        Ok(servers) => Finding::good(
            "mx",
            MX,
            format!(
                "Les réponses à {domain} arrivent chez \
            {}.",
                servers.join(", ")
            ),
        ),
    }
}
