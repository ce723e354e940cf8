//! Mailboxes without a password (OAuth 2, RFC 6749 and 7636): their keeper agrees at her provider, which then gives tokens
//! that last an hour, and one by which new ones are asked for. Providers are told in the configuration: each wants to
//! know the instance beforehand.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::db::Timestamp;
use crate::error::{Error, Result};
use crate::outside;

/// What a provider that gives no date is taken to mean.
const USUAL_LIFE: Duration = Duration::from_secs(3_600);

/// A provider of mailboxes, and what it knows the instance by.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailProvider {
    /// As people call it.
    pub label: String,
    pub client_id: String,
    pub client_secret: String,
    pub authorize_url: String,
    pub token_url: String,
    pub scopes: Vec<String>,
    /// Its servers, under TLS on the usual ports; asked for when empty.
    pub imap_host: String,
    pub smtp_host: String,
    pub smtp_port: Option<u16>,
    /// `tls` or `starttls`.
    pub smtp_security: String,
}

/// What a mailbox is opened with; stored sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub provider: String,
    pub access: String,
    /// By which a new one is asked for.
    pub refresh: String,
    pub until: Timestamp,
}

/// What a provider answers.
pub struct Answer {
    pub tokens: Tokens,
    /// The address of the mailbox, when the provider tells it.
    pub address: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Extra {
    id_token: Option<String>,
}

impl ExtraTokenFields for Extra {}

type Response = StandardTokenResponse<Extra, BasicTokenType>;
type Client = oauth2::Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The providers of the instance, by name: those of its configuration, completed by what is known of the usual ones
/// (their documentation, read in November 2026).
pub fn providers(config: &Config) -> BTreeMap<String, MailProvider> {
    let known = config.mail_providers.iter().map(|(name, told)| (name.clone(), complete(name, told.clone())));
    known.filter(|(_, provider)| !provider.client_id.is_empty()).collect()
}

fn complete(name: &str, mut told: MailProvider) -> MailProvider {
    let text = |place: &mut String, usual: &str| {
        if place.is_empty() {
            usual.clone_into(place);
        }
    };
    let (label, authorize, token, scopes, imap, smtp, port, security): (_, _, _, &[&str], _, _, _, _) =
        match name {
            "google" => (
                "Google",
                "https://accounts.google.com/o/oauth2/v2/auth",
                "https://oauth2.googleapis.com/token",
                &["https://mail.google.com/", "openid", "email"],
                "imap.gmail.com",
                "smtp.gmail.com",
                465,
                "tls",
            ),
            "microsoft" => (
                "Microsoft",
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                &[
                    "https://outlook.office.com/IMAP.AccessAsUser.All",
                    "https://outlook.office.com/SMTP.Send",
                    "offline_access",
                    "openid",
                    "email",
                ],
                "outlook.office365.com",
                "smtp.office365.com",
                587,
                "starttls",
            ),
            _ => (name, "", "", &["openid", "email", "offline_access"], "", "", 465, "tls"),
        };
    text(&mut told.label, label);
    text(&mut told.authorize_url, authorize);
    text(&mut told.token_url, token);
    text(&mut told.imap_host, imap);
    text(&mut told.smtp_host, smtp);
    text(&mut told.smtp_security, security);
    told.smtp_port.get_or_insert(port);
    if told.scopes.is_empty() {
        told.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    }
    told
}

fn provider(config: &Config, name: &str) -> Result<MailProvider> {
    providers(config).remove(name).ok_or_else(|| {
        Error::refused(format!("Le fournisseur « {name} » n’est plus réglé sur cette instance."))
    })
}

fn client(provider: &MailProvider) -> Result<Client> {
    let wrong = |error: oauth2::url::ParseError| Error::bug(format!("{}: {error}", provider.label));
    let client = oauth2::Client::new(ClientId::new(provider.client_id.clone()))
        .set_auth_uri(AuthUrl::new(provider.authorize_url.clone()).map_err(wrong)?)
        .set_token_uri(TokenUrl::new(provider.token_url.clone()).map_err(wrong)?)
        // Both usual providers take the secret among the fields; not all take it in the header.
        .set_auth_type(oauth2::AuthType::RequestBody);
    Ok(match provider.client_secret.as_str() {
        "" => client,
        secret => client.set_client_secret(ClientSecret::new(secret.to_owned())),
    })
}

/// Where a browser is sent to ask for a mailbox. What `state` makes of the verifier comes back with it to `back`.
pub fn ask(
    config: &Config,
    name: &str,
    (back, address): (&str, &str),
    state: impl FnOnce(String) -> Result<String>,
) -> Result<String> {
    let provider = provider(config, name)?;
    let client = client(&provider)?.set_redirect_uri(RedirectUrl::new(back.to_owned()).map_err(Error::bug)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let state = CsrfToken::new(state(verifier.into_secret())?);
    let mut request = client
        .authorize_url(|| state)
        .add_scopes(provider.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        // Else a mailbox that was connected before gives no token to ask for others by.
        .add_extra_param("access_type", "offline")
        .add_extra_param("prompt", "consent");
    if !address.is_empty() {
        request = request.add_extra_param("login_hint", address);
    }
    Ok(request.url().0.into())
}

/// Exchanges what a browser brought back for tokens.
pub async fn answer(
    config: &Config,
    name: &str,
    (back, verifier, code): (&str, String, String),
    now: Timestamp,
) -> Result<Answer> {
    let provider = provider(config, name)?;
    let client = client(&provider)?.set_redirect_uri(RedirectUrl::new(back.to_owned()).map_err(Error::bug)?);
    let request =
        client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(PkceCodeVerifier::new(verifier));
    let http = Http(config);
    let response = request.request_async(&http).await.map_err(|error| told(&provider, &error))?;
    let Some(refresh) = response.refresh_token().map(|token| token.secret().clone()) else {
        return Err(Error::refused(format!(
            "{} n’a donné qu’un accès d’une heure : recommencez, et acceptez l’accès permanent.",
            provider.label
        )));
    };
    let address = response.extra_fields().id_token.as_deref().and_then(address_of);
    Ok(Answer { tokens: tokens(name, &response, refresh, now), address })
}

/// Asks for a new token by an old one.
pub async fn renew(config: &Config, old: &Tokens, now: Timestamp) -> Result<Tokens> {
    let provider = provider(config, &old.provider)?;
    let client = client(&provider)?;
    let by = RefreshToken::new(old.refresh.clone());
    let http = Http(config);
    let asked = client.exchange_refresh_token(&by).request_async(&http).await;
    let response = asked.map_err(|error| told(&provider, &error))?;
    let refresh = response.refresh_token().map_or_else(|| old.refresh.clone(), |new| new.secret().clone());
    Ok(tokens(&old.provider, &response, refresh, now))
}

fn tokens(provider: &str, response: &Response, refresh: String, now: Timestamp) -> Tokens {
    let life = response.expires_in().unwrap_or(USUAL_LIFE);
    Tokens {
        provider: provider.to_owned(),
        access: response.access_token().secret().clone(),
        refresh,
        until: now.plus_seconds(i64::try_from(life.as_secs()).unwrap_or(0)),
    }
}

/// Asks through the guarded connections of the program.
struct Http<'a>(&'a Config);

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = Error;
    type Future = BoxFuture<'c, Result<HttpResponse>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        outside::send(self.0, request).boxed()
    }
}

/// What a refusal means to a reader.
fn told(provider: &MailProvider, error: &RequestTokenError<Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(answer)
            if *answer.error() == BasicErrorResponseType::InvalidGrant =>
        {
            Error::refused(format!(
                "{} ne donne plus accès à la boîte : reliez-la de nouveau.",
                provider.label
            ))
        }
        RequestTokenError::ServerResponse(answer) => {
            Error::refused(format!("{} refuse : {}", provider.label, answer.error().as_ref()))
        }
        RequestTokenError::Request(_) => Error::TryLater(format!("{} ne répond pas.", provider.label)),
        _ => Error::TryLater(format!("{} a mal répondu.", provider.label)),
    }
}

/// The address in an identity token. It came from the provider itself over TLS, which is proof enough (OpenID Connect
/// Core, 3.1.3.7).
fn address_of(token: &str) -> Option<String> {
    use base64::Engine;
    #[derive(Deserialize)]
    struct Claims {
        email: Option<String>,
        preferred_username: Option<String>,
    }
    let claims = token.split('.').nth(1)?;
    let claims =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    claims.email.or(claims.preferred_username).filter(|address| address.contains('@'))
}
