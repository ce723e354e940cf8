//! What every request carries: the network, the visitor, the time, and two doors to the data.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::frame::{Flash, Frame};
use super::guards::without_port;
use crate::app::App;
use crate::db::{Date, Timestamp, Tx};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::trail::Actor;
use crate::visitor::Visitor;

/// The context of a request.
#[derive(Clone)]
pub struct Cx {
    pub app: App,
    pub network: Arc<Network>,
    pub visitor: Option<Arc<Visitor>>,
    pub now: Timestamp,
    /// Path and query, as asked.
    pub uri: String,
    /// `https://host`, without a final slash.
    pub origin: String,
    pub address: String,
    pub agent: String,
    /// The asker is a script that wants JSON.
    pub wants_json: bool,
    pub(super) flash: Option<Flash>,
    /// Address of the form that was saved just before this page.
    pub(super) saved: Option<String>,
    /// The view in which the visitor was found, for the first who reads in a `GET`.
    pub(super) opened: Arc<Mutex<Option<Tx>>>,
}

impl Cx {
    /// A consistent view of the data, never blocked by writers.
    pub async fn read(&self) -> Result<Tx> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        match opened {
            Some(tx) => Ok(tx),
            None => self.app.db.read().await,
        }
    }

    /// A transaction that may write; nothing is kept without `commit`.
    pub async fn write(&self) -> Result<Tx> {
        self.app.db.write().await
    }

    /// The signed-in visitor; the private side's gate has made sure there is one.
    pub fn visitor(&self) -> Result<&Visitor> {
        self.visitor.as_deref().ok_or(Error::SignIn)
    }

    /// Who acts, for the trail.
    pub fn actor(&self) -> Actor {
        Actor {
            network_id: self.network.id,
            account_id: self.visitor.as_ref().map(|v| v.account_id),
            name: self.visitor.as_ref().map_or_else(|| "Public".to_owned(), |v| v.name.clone()),
            address: self.address.clone(),
            now: self.now,
        }
    }

    pub fn today(&self) -> Date {
        self.network.today(self.now)
    }

    /// The frame around a page: title, navigation, flash.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(self, title.into())
    }

    /// Where the links of a message begin. Whoever asks for one in someone's name may send any `Host`: unless it
    /// is the network's own, or this very machine, the network's declared host is taken instead.
    /// Jobs, whom nobody asks, begin theirs with [`App::link_base`].
    pub fn link_base(&self) -> String {
        let declared = self.network.host.as_deref().filter(|_| self.app.config.public_url.is_none());
        let Some(declared) = declared else { return self.origin.clone() };
        let (scheme, authority) = self.origin.split_once("://").unwrap_or(("http", self.origin.as_str()));
        let name = without_port(authority);
        let here = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost");
        if here || name.eq_ignore_ascii_case(declared) {
            self.origin.clone()
        } else {
            format!("{scheme}://{declared}")
        }
    }

    pub fn path(&self) -> &str {
        self.uri.split('?').next().unwrap_or_default()
    }
}

impl FromRequestParts<App> for Cx {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::bug("request without context"))
    }
}

/// The query string of the address, read like a form.
pub struct Query(pub super::form::Fields);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(super::form::Fields::decode(parts.uri.query().unwrap_or_default())))
    }
}
