//! The e-mails of accounts: an invitation, a link to sign in, a link to choose a new password.

use askama::Template;
use kit::db::Timestamp;
use kit::mail::{self, Message};
use kit::{Cx, Error, Network, Result, Tx};

use super::account::Account;
use super::link::{self, Purpose};

/// What the three e-mails say.
struct Letter<'a> {
    name: &'a str,
    network: &'a str,
    link: String,
    lasts: &'static str,
    /// Who signs, beside « La coordination ».
    body: Option<String>,
    contact: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/invitation.mail.html")]
struct InvitationHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "accounts/invitation.mail.txt")]
struct InvitationText<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "accounts/magic_link.mail.html")]
struct MagicLinkHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "accounts/magic_link.mail.txt")]
struct MagicLinkText<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "accounts/reset.mail.html")]
struct ResetHtml<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "accounts/reset.mail.txt")]
struct ResetText<'a> {
    letter: &'a Letter<'a>,
}

/// Makes a link and sends it, in the transaction of the act that asks for it.
pub async fn send(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    account: &Account,
    purpose: Purpose,
    base: &str,
) -> Result<()> {
    let token = link::make(tx, network.id, now, account.id, purpose).await?;
    let page = if purpose == Purpose::SignIn { "lien" } else { "mot-de-passe" };
    let settings = network.settings();
    let letter = Letter {
        name: &account.name,
        network: &network.name,
        link: format!("{base}/connexion/{page}/{token}"),
        lasts: purpose.lasts(),
        body: settings.coordinating_body,
        contact: settings.coordination_email,
    };
    let (kind, subject, text, html) = written(&letter, purpose).map_err(Error::bug)?;
    let message =
        Message { to: account.email.clone(), to_name: account.name.clone(), subject, text, html, kind };
    mail::send(tx, network, now, message).await.map(|_| ())
}

type Written = (&'static str, String, String, String);

fn written(letter: &Letter, purpose: Purpose) -> Result<Written, askama::Error> {
    let place = letter.network;
    Ok(match purpose {
        Purpose::Invitation => (
            "invitation",
            format!("Votre accès à l’espace des Promeneurs du Net – {place}"),
            InvitationText { letter }.render()?,
            InvitationHtml { letter }.render()?,
        ),
        Purpose::SignIn => (
            "magic_link",
            format!("Votre lien de connexion – Promeneurs du Net, {place}"),
            MagicLinkText { letter }.render()?,
            MagicLinkHtml { letter }.render()?,
        ),
        Purpose::Reset => (
            "reset",
            format!("Choisir un nouveau mot de passe – Promeneurs du Net, {place}"),
            ResetText { letter }.render()?,
            ResetHtml { letter }.render()?,
        ),
    })
}

/// Where links begin. A stranger who asks for a link in someone's name may send any `Host`: unless it is the
/// network's own, or this very machine, the network's declared host is taken instead.
pub fn base(cx: &Cx) -> String {
    let declared = cx.network.host.as_deref().filter(|_| cx.app.config.public_url.is_none());
    let Some(declared) = declared else { return cx.origin.clone() };
    let (scheme, authority) = cx.origin.split_once("://").unwrap_or(("http", cx.origin.as_str()));
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => authority,
    };
    let here = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost");
    if here || name.eq_ignore_ascii_case(declared) {
        cx.origin.clone()
    } else {
        format!("{scheme}://{declared}")
    }
}
