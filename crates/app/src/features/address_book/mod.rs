//! Address books that telephones and mail programs keep up to date by themselves: CardDAV (RFC 6352) over WebDAV,
//! read only. Each account has « Promeneurs », « Structures » and, for who reads the directory, « Partenaires »;
//! whoever does not read it finds published sheets and their own.
//!
//! One signs in with a program's password (`accounts::app_password`). What changed since last time is told by
//! `sync-collection` (RFC 6578): `ledger` remembers what each book held when it was last looked at.

mod book;
mod cards;
mod dav;
mod filter;
mod ledger;
mod place;
mod policy;
mod properties;
mod report;
#[cfg(test)]
mod tests;
mod xml;

use kit::web::routes::Routes;

/// What is read; the others are known so that they are refused by name.
const METHODS: &[&str] = &[
    "GET",
    "OPTIONS",
    "PROPFIND",
    "REPORT",
    "PUT",
    "POST",
    "DELETE",
    "PROPPATCH",
    "MKCOL",
    "MOVE",
    "COPY",
    "LOCK",
];
const FINDING: &[&str] = &["GET", "OPTIONS", "PROPFIND"];

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .any_of(FINDING, "/.well-known/carddav", dav::where_it_is)
        .any_of(FINDING, "/carddav", dav::where_it_is)
        .any_of(METHODS, "/carddav/", dav::answer)
        .any_of(METHODS, "/carddav/{*chemin}", dav::answer)
}
