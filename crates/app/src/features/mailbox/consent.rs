//! `/espace/messagerie/connexion/fournisseur/{name}`: connecting without a password. The browser goes to the provider, and
//! comes back with what tokens are had for; nothing is stored before both servers took them.

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::mail::sign_in::{self, Answer, MailProvider, Tokens};
use kit::web::cx::Query;
use kit::web::respond::{go, page, refused};
use kit::{Cx, Error, Fields, Result};
use serde::{Deserialize, Serialize};

use super::connection::{self, URL};
use super::policy::{Want, require};

/// How long a keeper may take to agree.
const MINUTES: i64 = 20;

/// What comes back with the browser, sealed: who left, for which network, and the half of the proof that stays here.
#[derive(Serialize, Deserialize)]
struct Journey {
    network: Id,
    account: Id,
    provider: String,
    verifier: String,
    until: Timestamp,
}

/// The address the browser comes back to, which providers want to know beforehand.
fn back(cx: &Cx) -> String {
    format!("{}{URL}/retour", cx.link_base())
}

/// What tokens are sealed for on their way through the form: of no use to another network.
fn purpose(network: Id) -> String {
    format!("mail tokens {network}")
}

/// Sends the browser to the provider.
pub async fn ask(cx: Cx, Path(name): Path<String>) -> Result<Response> {
    let visitor = require(cx.visitor()?, Want::SetUp).map(|()| cx.visitor())??;
    let account = visitor.account_id;
    let address = cx.network.settings().coordination_email.unwrap_or_default();
    let url = sign_in::ask(&cx.app.config, &name, (&back(&cx), &address), |verifier| {
        let journey = Journey {
            network: cx.network.id,
            account,
            provider: name.clone(),
            verifier,
            until: cx.now.plus_minutes(MINUTES),
        };
        cx.app.secret.seal("mail consent", &serde_json::to_string(&journey).map_err(Error::bug)?)
    })?;
    Ok(go(&url))
}

/// The browser is back: asks the provider for tokens and shows what remains to be agreed to here.
pub async fn come_back(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut form = connection::blank(&cx);
    match exchange(&cx, &query.0).await {
        Ok((provider, answer)) => {
            fill(&cx, &mut form, &provider, answer)?;
            Ok(page(&connection::connection(&cx, Some(form)).await?))
        }
        Err(Error::Bug(text)) => Err(Error::Bug(text)),
        Err(error) => {
            form.reject("fournisseur", error.to_string());
            Ok(refused(&connection::connection(&cx, Some(form)).await?))
        }
    }
}

async fn exchange(cx: &Cx, query: &Fields) -> Result<(MailProvider, Answer)> {
    let again = || Error::refused("Ce retour n’est plus valable : recommencez depuis cette page.");
    let sealed = cx.app.secret.unseal("mail consent", query.get("state")).map_err(|_| again())?;
    let journey: Journey = serde_json::from_str(&sealed).map_err(Error::bug)?;
    let is_theirs = journey.network == cx.network.id && journey.account == cx.visitor()?.account_id;
    if !is_theirs || journey.until < cx.now {
        return Err(again());
    }
    let provider = sign_in::providers(&cx.app.config).remove(&journey.provider).ok_or_else(again)?;
    if query.get("code").is_empty() {
        return Err(Error::refused(format!("{} n’a pas donné accès à la boîte.", provider.label)));
    }
    let brought = (back(cx), journey.verifier, query.get("code").to_owned());
    let answer =
        sign_in::answer(&cx.app.config, &journey.provider, (&brought.0, brought.1, brought.2), cx.now);
    Ok((provider, answer.await?))
}

fn fill(cx: &Cx, form: &mut Fields, provider: &MailProvider, answer: Answer) -> Result<()> {
    if let Some(address) = answer.address {
        form.set("adresse", address);
    }
    form.set("reception", provider.imap_host.clone());
    form.set("envoi", provider.smtp_host.clone());
    form.set("envoi-port", provider.smtp_port.unwrap_or(465).to_string());
    form.set("envoi-securite", provider.smtp_security.clone());
    form.set("fournisseur", provider.label.clone());
    let tokens = serde_json::to_string(&answer.tokens).map_err(Error::bug)?;
    form.set("acces", cx.app.secret.seal(&purpose(cx.network.id), &tokens)?);
    Ok(())
}

/// What an account is opened with, of tokens that came through the form.
pub fn word(cx: &Cx, brought: &str) -> Result<String> {
    let tokens = cx.app.secret.unseal(&purpose(cx.network.id), brought)?;
    // Read once, so that nothing else is ever stored in their place.
    serde_json::from_str::<Tokens>(&tokens).map_err(Error::bug)?;
    Ok(tokens)
}
