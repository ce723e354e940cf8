//! The e-mails of accounts: an invitation, a link to sign in, a link to choose a new password.

use askama::Template;
use kit::db::Timestamp;
use kit::mail::{self, Message};
use kit::{Error, Network, Result, Tx};

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
    let (to, to_name) = (account.email.clone(), account.name.clone());
    let message = Message { to, to_name, subject, text, html, kind, ..Message::default() };
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
