//! The routes of a feature, listed as they are added so that tests can walk every one.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use axum::routing::{any, get, post};

use super::kept::Keep;
use super::respond::not_that_method;
use crate::app::App;

/// Routes and their list. Everything under `/espace` asks for a signed-in visitor by its address alone.
#[derive(Default)]
pub struct Routes {
    pub(super) router: Router<App>,
    list: Vec<(&'static str, &'static str)>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.list.push(("GET", path));
        self.router = self.router.route(path, get(handler));
        self
    }

    /// A page for strangers that is rendered once and kept in memory until something its network shows changes.
    pub fn kept<H, T>(mut self, path: &'static str, keep: Keep, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.list.push(("GET", path));
        let mark = map_response(move |mut response: Response| async move {
            response.extensions_mut().insert(keep);
            response
        });
        self.router = self.router.route(path, get(handler).layer(mark));
        self
    }

    pub fn post<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.list.push(("POST", path));
        self.router = self.router.route(path, post(handler));
        self
    }

    /// One handler for several methods, those of WebDAV among them; any other is answered 405 with `Allow`.
    /// `HEAD` goes with `GET`.
    pub fn any_of<H, T>(mut self, methods: &'static [&'static str], path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.list.extend(methods.iter().map(|method| (*method, path)));
        let only = from_fn(move |request: Request, next: Next| async move {
            let asked = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
            if methods.contains(&asked) { next.run(request).await } else { not_that_method(methods) }
        });
        self.router = self.router.route(path, any(handler).layer(only));
        self
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// Every method and path, in the order in which they were added.
    pub fn list(&self) -> &[(&'static str, &'static str)] {
        &self.list
    }
}
