//! Answers: pages, redirects with a flash, errors in French.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::encoding::{percent_decode, percent_encode};
use super::frame::Flash;
use crate::error::Error;

/// A page struct as an answer: `page(&ListPage { … })`.
pub fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

pub fn page_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => Error::bug(error).into_response(),
    }
}

/// A refused form: the same page, 422.
pub fn refused(template: &impl Template) -> Response {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A form drawn from what is no longer stored, shown again with both texts: 409.
pub fn conflict(template: &impl Template) -> Response {
    page_with(Error::Stale.status(), template)
}

/// To another page, 303.
pub fn go(url: &str) -> Response {
    Redirect::to(url).into_response()
}

/// To another page, with a word that it shows once.
pub fn go_saying(url: &str, text: &str) -> Response {
    let mut response = go(url);
    let cookie =
        format!("esplanade_flash={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", percent_encode(text));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// An answer for a script.
pub fn json(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// A file to be saved under a name.
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encode(name));
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// What may stand in a frame of any site: an answer marked so by [`frameable`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Frameable;

/// Lets other sites show this page in a frame of theirs.
pub fn frameable(mut response: Response) -> Response {
    response.extensions_mut().insert(Frameable);
    response
}

/// A page that strangers wrote, for a frame of our own: nothing in it runs, loads or sends anything elsewhere.
pub fn sandboxed(html: String) -> Response {
    const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; \
                          frame-ancestors 'self'; base-uri 'none'; \
                          sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// An error for a program: problem details (RFC 9457), with each parameter that is wrong and why.
pub fn problem(status: StatusCode, title: &str, detail: &str, wrong: &[(&str, String)]) -> Response {
    let mut body = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
    });
    if !wrong.is_empty() {
        let wrong = wrong.iter().map(|(name, why)| serde_json::json!({ "parametre": name, "detail": why }));
        body["erreurs"] = wrong.collect();
    }
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// 405, with the methods that the address does take.
pub(super) fn not_that_method(methods: &[&str]) -> Response {
    let (title, text) =
        ("Méthode refusée", format!("Cette adresse n’accepte que\u{a0}: {}.", methods.join(", ")));
    let allow = [(header::ALLOW, methods.join(", "))];
    let mut response = (StatusCode::METHOD_NOT_ALLOWED, allow, format!("{title}\n{text}\n")).into_response();
    response.extensions_mut().insert(Trouble { title, text, reference: None });
    response
}

pub(super) fn flash_of(cookie: &str) -> Option<Flash> {
    let text = percent_decode(cookie);
    (!text.is_empty()).then_some(Flash { tone: "ok", text })
}

/// What the error page says; drawn around by the guard, which knows the network.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub title: &'static str,
    pub text: String,
    pub reference: Option<String>,
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Invalid(_) | Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale | Self::Taken(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TryLater(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Bug(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let reference = matches!(self, Self::Bug(_)).then(|| crate::chance::token()[..8].to_uppercase());
        if let Self::Bug(text) = &self {
            tracing::error!(reference = reference.as_deref(), "{text}");
        }
        let (title, text) = match &self {
            Self::NotFound => (
                "Page introuvable",
                "Cette page n’existe pas, ou elle ne vous est pas ouverte.".to_owned(),
            ),
            Self::Gone(text) => ("Cette page n’est plus en ligne", text.clone()),
            Self::Forbidden => (
                "Action non autorisée",
                "Votre rôle dans le réseau ne permet pas de faire cela. La coordination peut vous renseigner."
                    .to_owned(),
            ),
            Self::SignIn => ("Connexion nécessaire", "Connectez-vous pour continuer.".to_owned()),
            Self::Invalid(_) | Self::Refused(_) => ("Demande refusée", self.to_string()),
            Self::Stale => (
                "Modifié entre-temps",
                "Quelqu’un d’autre a enregistré une modification pendant que vous écriviez. Revenez en arrière : \
                 ce que vous avez saisi est conservé."
                    .to_owned(),
            ),
            Self::Taken(_) => ("Déjà présent", "Cet enregistrement existe déjà.".to_owned()),
            Self::TooLarge(text) => ("Envoi trop volumineux", text.clone()),
            Self::TooMany(text) => ("Trop de tentatives", text.clone()),
            Self::TryLater(text) => ("Réessayez dans un instant", text.clone()),
            Self::Bug(_) => (
                "Une erreur s’est produite",
                "Ce n’est pas de votre fait, et rien n’a été enregistré à moitié.".to_owned(),
            ),
        };
        let mut response = (self.status(), format!("{title}\n{text}\n")).into_response();
        response.extensions_mut().insert(Trouble { title, text, reference });
        response
    }
}
