//! What stands around a page: title, navigation, flash, addresses of assets.

use std::sync::Arc;

use super::assets;
use super::cx::Cx;
use crate::network::{MenuLink, Network};
use crate::visitor::Visitor;

/// A word said once, on the page that follows an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// `ok`, `error` or `info`.
    pub tone: &'static str,
    pub text: String,
}

/// A group of the private navigation.
#[derive(Clone, Debug)]
pub struct NavGroup {
    pub title: &'static str,
    pub links: Vec<NavLink>,
}

#[derive(Clone, Debug)]
pub struct NavLink {
    pub url: &'static str,
    pub label: &'static str,
    pub icon: &'static str,
    /// `g p`: keys that open it; empty for none.
    pub keys: &'static str,
}

/// Given to every page as `frame`; the layouts draw it.
#[derive(Clone)]
pub struct Frame {
    pub title: String,
    pub description: String,
    pub network: Arc<Network>,
    pub visitor: Option<Arc<Visitor>>,
    pub path: String,
    pub uri: String,
    pub origin: String,
    pub flash: Option<Flash>,
    pub nav: Vec<NavGroup>,
    /// Kept out of search engines.
    pub hidden: bool,
    /// What search engines read beside the text: JSON-LD, safe to stand in a page.
    pub linked_data: Vec<String>,
    /// Mail does not leave this instance: said on every private page.
    pub mail_on_screen: bool,
    /// A stored draft to forget, since what it held is now saved.
    pub draft_done: Option<String>,
}

impl Frame {
    pub(super) fn new(cx: &Cx, title: String) -> Self {
        Self {
            title,
            description: String::new(),
            network: cx.network.clone(),
            visitor: cx.visitor.clone(),
            path: cx.path().to_owned(),
            uri: cx.uri.clone(),
            origin: cx.origin.clone(),
            flash: cx.flash.clone(),
            nav: cx.visitor.as_deref().map(cx.app.parts.navigation).unwrap_or_default(),
            hidden: false,
            linked_data: Vec::new(),
            mail_on_screen: cx.app.mail_stays(&cx.network),
            draft_done: cx.saved.clone(),
        }
    }

    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    pub fn hide(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Adds data for search engines.
    pub fn link(mut self, data: &serde_json::Value) -> Self {
        // No text may end the element it stands in.
        self.linked_data.push(data.to_string().replace('<', "\\u003c"));
        self
    }

    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    pub fn accent(&self) -> String {
        assets::accent_url(&self.network.accent)
    }

    /// Where an icon of the sprite is.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", assets::url("icons.svg"))
    }

    /// Whether a navigation link is the page shown or the nearest of its parents.
    pub fn here(&self, url: &str) -> bool {
        let holds = |url: &str| {
            self.path == url || (url != "/espace" && url != "/" && self.path.starts_with(&format!("{url}/")))
        };
        let is_nearer = |other: &str| other.len() > url.len() && other.starts_with(url) && holds(other);
        holds(url) && !self.nav.iter().flat_map(|group| &group.links).any(|link| is_nearer(link.url))
    }

    /// The picture that stands for the page where its address is shared.
    pub fn picture(&self) -> String {
        let page = if self.path == "/" { "/accueil" } else { self.path.as_str() };
        format!("{}/partage{page}.png", self.origin)
    }

    /// What was asked under a name in the address, for a form to show again.
    pub fn asked(&self, name: &str) -> String {
        let query = self.uri.split_once('?').map_or("", |(_, query)| query);
        super::form::Fields::decode(query).get(name).to_owned()
    }

    /// The pages of the network's own at the top of public pages.
    pub fn menu_top(&self) -> Vec<MenuLink> {
        self.network.menu().into_iter().filter(|link| link.top).collect()
    }

    /// The same at their foot.
    pub fn menu_foot(&self) -> Vec<MenuLink> {
        self.network.menu().into_iter().filter(|link| link.foot).collect()
    }

    pub fn canonical(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}
