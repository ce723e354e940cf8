//! The platform under Esplanade's features: data, web, jobs, mail, files, trail. It knows no feature.

pub mod app;
pub mod chance;
pub mod clock;
pub mod coedit;
pub mod config;
pub mod days_off;
pub mod db;
pub mod drafts;
pub mod error;
pub mod files;
mod heavy;
pub mod jobs;
pub mod logs;
pub mod mail;
pub mod markup;
pub mod network;
pub mod nominative;
pub mod outside;
pub mod progress;
pub mod reminders;
pub mod secret;
pub mod territory;
pub mod testing;
pub mod text;
pub mod tie;
pub mod trail;
pub mod visitor;
pub mod web;

pub use app::{App, Parts};
pub use db::{Date, Id, Timestamp, Tx};
pub use error::{Error, Result};
pub use heavy::{heavy, runtime};
#[doc(hidden)]
pub use inventory;
pub use network::Network;
pub use trail::Actor;
pub use visitor::{Role, Visitor};
pub use web::cx::Cx;
pub use web::form::{Choice, Fields};
