//! `/espace/messagerie/connexion`: connecting the mailbox. The address is enough for the providers that are known; what is
//! typed is tried on the servers before anything is stored.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::mail::{MailAccount, PURPOSE, SECURITIES, Trouble, sign_in};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result};

use super::consent;
use super::imap::{self, Door};
use super::order::{self, Order};
use super::policy::{Want, require};
use super::shared_mailbox::{self, Folder, Mailbox, Status, Wanted};
use super::threads::{StatusLine, status_line};

pub const URL: &str = "/espace/messagerie/connexion";

/// Providers whose servers are known by the domain of the address: domain, IMAP, SMTP, port and protection of the latter.
/// As published on their help pages, read in November 2026.
const PROVIDERS: [(&[&str], &str, &str, i64, &str); 9] = [
    (&["gmail.com", "googlemail.com"], "imap.gmail.com", "smtp.gmail.com", 465, "tls"),
    (&["orange.fr", "wanadoo.fr"], "imap.orange.fr", "smtp.orange.fr", 465, "tls"),
    (&["free.fr"], "imap.free.fr", "smtp.free.fr", 465, "tls"),
    (&["sfr.fr", "neuf.fr", "cegetel.net"], "imap.sfr.fr", "smtp.sfr.fr", 465, "tls"),
    (&["laposte.net"], "imap.laposte.net", "smtp.laposte.net", 465, "tls"),
    (
        &["outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr"],
        "outlook.office365.com",
        "smtp.office365.com",
        587,
        "starttls",
    ),
    (&["yahoo.com", "yahoo.fr"], "imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465, "tls"),
    (&["icloud.com", "me.com"], "imap.mail.me.com", "smtp.mail.me.com", 587, "starttls"),
    (&["gmx.fr", "gmx.com"], "imap.gmx.com", "mail.gmx.com", 465, "tls"),
];

#[derive(Template)]
#[template(path = "mailbox/connection.html")]
pub struct ConnectionPage {
    frame: Frame,
    form: Fields,
    securities: Vec<Choice>,
    mailbox: Option<Mailbox>,
    status: Option<StatusLine>,
    folders: Vec<Folder>,
    refused: Vec<Order>,
    /// Providers that connect a mailbox without a password: name in the address, and label.
    providers: Vec<(String, String)>,
    /// The provider that opens the mailbox now, instead of a password.
    opened_by: Option<String>,
    signature: String,
}

pub async fn connection(cx: &Cx, form: Option<Fields>) -> Result<ConnectionPage> {
    let mut tx = cx.read().await?;
    let known = shared_mailbox::with_account(&mut tx, cx.network.id).await?;
    let (mut folders, mut refused) = (Vec::new(), Vec::new());
    let mut status = None;
    if let Some((mailbox, _)) = &known {
        let row: Status = tx.get(cx.network.id, mailbox.id).await?;
        folders = shared_mailbox::folders(&mut tx, cx.network.id, mailbox.id).await?;
        status = Some(status_line(&cx.network, mailbox, &row, &folders));
        refused = order::refused(&mut tx, cx.network.id, mailbox.id).await?;
    }
    let (mailbox, account) = known.unzip();
    let stored = match (&mailbox, &account) {
        (Some(mailbox), Some(account)) => fields(mailbox, account),
        _ => blank(cx),
    };
    let providers = sign_in::providers(&cx.app.config);
    let opened_by = account.as_ref().filter(|account| account.mechanism == "xoauth2");
    Ok(ConnectionPage {
        opened_by: opened_by.map(|account| account.host.clone()),
        providers: providers.into_iter().map(|(name, provider)| (name, provider.label)).collect(),
        frame: cx.frame("Connexion de la boîte"),
        form: form.unwrap_or(stored),
        securities: SECURITIES.iter().map(|(code, label)| Choice::new(*code, *label)).collect(),
        signature: mailbox.as_ref().map(|m| m.signature.clone()).unwrap_or_default(),
        mailbox,
        status,
        folders,
        refused,
    })
}

fn fields(mailbox: &Mailbox, account: &MailAccount) -> Fields {
    Fields::of([
        ("adresse", account.address.clone()),
        ("nom", account.name.clone()),
        ("identifiant", account.login.clone()),
        ("reception", mailbox.host.clone()),
        ("reception-port", mailbox.port.to_string()),
        ("reception-securite", mailbox.security.clone()),
        ("envoi", account.host.clone()),
        ("envoi-port", account.port.to_string()),
        ("envoi-securite", account.security.clone()),
        ("cadence", account.per_minute.to_string()),
    ])
}

pub fn blank(cx: &Cx) -> Fields {
    Fields::of([
        ("adresse", cx.network.settings().coordination_email.unwrap_or_default()),
        ("nom", format!("Promeneurs du Net – {}", cx.network.name)),
        ("reception-port", "993".to_owned()),
        ("reception-securite", "tls".to_owned()),
        ("envoi-port", "465".to_owned()),
        ("envoi-securite", "tls".to_owned()),
        ("cadence", "30".to_owned()),
    ])
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    Ok(page(&connection(&cx, None).await?))
}

/// Tries what was typed on both servers, then stores it.
pub async fn connect(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let wanted = read(&cx, &mut form).await?;
    if let Some(wanted) = &wanted
        && form.errors().is_empty()
    {
        attempt(&cx, &mut form, wanted).await?;
    }
    let Some(wanted) = wanted.filter(|_| form.errors().is_empty()) else {
        return Ok(refused(&connection(&cx, Some(form)).await?));
    };
    let mut tx = cx.write().await?;
    shared_mailbox::connect(&mut tx, &cx.actor(), &cx.network, wanted).await?;
    tx.commit().await?;
    Ok(go_saying(
        "/espace/messagerie/boite",
        "La boîte est reliée : ses messages arrivent, les plus récents d’abord.",
    ))
}

/// What is typed, completed by what is known of the provider.
async fn read(cx: &Cx, form: &mut Fields) -> Result<Option<Wanted>> {
    let stored = shared_mailbox::with_account(&mut cx.read().await?, cx.network.id).await?;
    let address = form.email("adresse");
    if address.is_none() {
        form.reject("adresse", "Indiquez l’adresse de la boîte.");
    }
    let address = address.unwrap_or_default();
    complete(form, &address);
    let name = form.required("nom", 120, "Indiquez le nom que verront vos correspondants.");
    let login = form.text("identifiant", 200).unwrap_or_else(|| address.clone());
    let host = form.required("reception", 200, "Indiquez le serveur de réception (IMAP).");
    let port = form.number("reception-port", 1..=65_535).unwrap_or(993);
    let smtp = form.required("envoi", 200, "Indiquez le serveur d’envoi (SMTP).");
    let smtp_port = form.number("envoi-port", 1..=65_535).unwrap_or(465);
    let choices: Vec<Choice> = SECURITIES.iter().map(|(code, label)| Choice::new(*code, *label)).collect();
    let security = form.choice("reception-securite", &choices).unwrap_or_else(|| "tls".to_owned());
    let smtp_security = form.choice("envoi-securite", &choices).unwrap_or_else(|| "tls".to_owned());
    let per_minute = form.number("cadence", 1..=6_000).unwrap_or(30);
    let kept = stored.filter(|(_, account)| account.login == login);
    let (mechanism, secret) = match (form.get("acces"), form.get("mot-de-passe"), kept) {
        ("", "", Some((_, account))) => (account.mechanism, account.secret),
        ("", "", None) => {
            form.reject("mot-de-passe", "Indiquez le mot de passe de la boîte.");
            Default::default()
        }
        ("", word, _) => ("password".to_owned(), cx.app.secret.seal(PURPOSE, word)?),
        (brought, ..) => ("xoauth2".to_owned(), cx.app.secret.seal(PURPOSE, &consent::word(cx, brought)?)?),
    };
    if !form.errors().is_empty() {
        return Ok(None);
    }
    let account = MailAccount {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        address,
        name,
        host: smtp,
        port: smtp_port,
        security: smtp_security,
        mechanism,
        login,
        secret,
        per_minute,
        created_at: cx.now,
        version: 1,
    };
    Ok(Some(Wanted { account, host, port, security }))
}

/// Servers of a known provider, where none were typed.
fn complete(form: &mut Fields, address: &str) {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let Some((_, imap, smtp, port, security)) =
        PROVIDERS.iter().find(|(domains, ..)| domains.contains(&domain))
    else {
        return;
    };
    if form.get("reception").trim().is_empty() {
        form.set("reception", *imap);
        form.set("reception-port", "993");
        form.set("reception-securite", "tls");
    }
    if form.get("envoi").trim().is_empty() {
        form.set("envoi", *smtp);
        form.set("envoi-port", port.to_string());
        form.set("envoi-securite", *security);
    }
}

/// Signs in to both servers; what fails is said beside the server that it concerns.
async fn attempt(cx: &Cx, form: &mut Fields, wanted: &Wanted) -> Result<()> {
    let door = Door { host: wanted.host.clone(), port: wanted.port, security: wanted.security.clone() };
    match imap::try_open(&cx.app, &door, &wanted.account).await {
        Ok(()) => {}
        Err(Error::Bug(text)) => return Err(Error::Bug(text)),
        Err(error) => form.reject("reception", error.to_string()),
    }
    match wanted.account.transport(&cx.app).await?.test().await {
        Ok(()) => {}
        Err(Trouble::SignIn(_)) => {
            form.reject("envoi", "Le serveur d’envoi refuse l’identifiant ou le mot de passe.");
        }
        Err(trouble) => form.reject("envoi", trouble.to_string()),
    }
    Ok(())
}

pub async fn pause(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let paused = form.flag("pause");
    let mut tx = cx.write().await?;
    shared_mailbox::pause(&mut tx, &cx.actor(), cx.network.id, paused).await?;
    tx.commit().await?;
    Ok(go_saying(URL, if paused { "La boîte est en pause." } else { "La boîte est relue." }))
}

pub async fn sign(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let signature = kit::markup::read(form.get("signature"));
    let mut tx = cx.write().await?;
    shared_mailbox::sign(&mut tx, &cx.actor(), cx.network.id, &signature).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Signature enregistrée."))
}

/// Tries again what the server refused, or leaves it.
pub async fn settle_refused(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let again = form.flag("reessayer");
    let mut tx = cx.write().await?;
    let (mailbox, account) =
        shared_mailbox::with_account(&mut tx, cx.network.id).await?.ok_or(Error::NotFound)?;
    if again {
        order::retry(&mut tx, &cx.actor(), &mailbox, &account).await?;
    } else {
        order::drop_refused(&mut tx, &cx.actor(), &mailbox, &account).await?;
    }
    tx.commit().await?;
    let said = if again {
        "Ce que le serveur avait refusé lui est redemandé."
    } else {
        "Ce que le serveur avait refusé n’est plus demandé."
    };
    Ok(go_saying(URL, said))
}
