//! Reading and writing of office files and PDF, kept apart because its dependencies are heavy.

pub mod calendar;
pub mod delimited;
pub mod paper;
pub mod pdf;
pub mod picture;
pub mod vcard;
pub mod workbook;

pub use workbook::{Sheet, Unreadable};
