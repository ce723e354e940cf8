//! PDF made by typst: tagged, PDF/UA-1, hyphenated in French, with the fonts that `data/fonts` holds. A document is a
//! template (`*.typ` beside this file) and its data; what it lacks to be accessible (a title, the words for a picture)
//! makes it fail rather than leave.
//!
//! Rendering takes tens of milliseconds of one core: callers run it away from requests, a few at a time.

pub mod card;
mod qr;
pub mod sharing;
#[cfg(feature = "pdf")]
mod world;

/// Why a PDF was not made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotMade {
    /// The template and its data do not go together, or an accessibility rule is broken: a fault of the program.
    #[error("{0}")]
    Fault(String),
    /// The program was built without the feature `pdf`.
    #[error("Ce programme a été construit sans la production de PDF.")]
    LeftOut,
}

/// A file that a template reads: its name and its content.
pub(crate) type File = (&'static str, Vec<u8>);

/// The PDF of a template with the files it reads.
#[cfg(feature = "pdf")]
pub(crate) fn make(template: &'static str, files: Vec<File>) -> Result<Vec<u8>, NotMade> {
    world::make(template, files)
}

/// Whether a PDF can show a sign. One that no font has would make the document fail.
#[cfg(feature = "pdf")]
pub(crate) fn can_show(sign: char) -> bool {
    world::can_show(sign)
}

/// The first page of a template as PNG.
#[cfg(feature = "pdf")]
fn picture(template: &'static str, files: Vec<File>, scale: f64) -> Result<Vec<u8>, NotMade> {
    world::picture(template, files, scale)
}

#[cfg(not(feature = "pdf"))]
fn picture(_template: &'static str, _files: Vec<File>, _scale: f64) -> Result<Vec<u8>, NotMade> {
    Err(NotMade::LeftOut)
}

#[cfg(not(feature = "pdf"))]
fn make(_template: &'static str, _files: Vec<File>) -> Result<Vec<u8>, NotMade> {
    Err(NotMade::LeftOut)
}

#[cfg(not(feature = "pdf"))]
pub(crate) fn can_show(_sign: char) -> bool {
    true
}
