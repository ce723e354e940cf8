//! The paper as ODT (OpenDocument 1.3), written as XML: there is no well-kept crate that writes it.

mod body;

use std::io::Result;

use super::packed::{Packed, Xml, tint};
use super::settled::settled;
use super::{NotWritten, Paper};

const MIME: &str = "application/vnd.oasis.opendocument.text";
const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

/// The paper as ODT: with the styles that word processors know, so that whoever goes on writing finds them.
///
/// # Errors
///
/// None but those of writing into memory.
pub fn odt(paper: &Paper) -> std::result::Result<Vec<u8>, NotWritten> {
    Ok(written(&settled(paper))?)
}

fn written(paper: &Paper) -> Result<Vec<u8>> {
    let mut packed = Packed::new();
    // First and as it is: this is how the format is known (OpenDocument 1.3, part 2, 3.3).
    packed.add_stored("mimetype", MIME)?;
    packed.add("META-INF/manifest.xml", include_str!("manifest.xml"))?;
    packed.add("meta.xml", meta(paper)?)?;
    packed.add("styles.xml", styles(paper)?)?;
    packed.add("content.xml", body::content(paper)?)?;
    packed.finish()
}

fn meta(paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    let root = "office:document-meta";
    xml.open(
        root,
        &[
            ("xmlns:office", OFFICE),
            ("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("office:version", "1.3"),
        ],
    )?;
    xml.open("office:meta", &[])?;
    xml.leaf("meta:generator", &[], "Esplanade")?;
    xml.leaf("dc:title", &[], &paper.title)?;
    xml.leaf("dc:language", &[], "fr-FR")?;
    if !paper.network.is_empty() {
        xml.leaf("meta:initial-creator", &[], &paper.network)?;
    }
    if !paper.made_at.is_empty() {
        xml.leaf("meta:creation-date", &[], &paper.made_at)?;
        xml.leaf("dc:date", &[], &paper.made_at)?;
    }
    xml.close("office:meta")?;
    xml.close(root)?;
    Ok(xml.finish())
}

/// The styles, and the head and foot of pages, which are kept with them.
fn styles(paper: &Paper) -> Result<String> {
    let dressed = include_str!("styles.xml")
        .replace("{accent}", &paper.accent)
        .replace("{tint}", &tint(&paper.accent, 8));
    // Last: what people wrote is in it.
    Ok(dressed.replacen("{masters}", &String::from_utf8_lossy(&masters(paper)?), 1))
}

fn masters(paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::part();
    xml.open("office:master-styles", &[])?;
    xml.open("style:master-page", &[("style:name", "Standard"), ("style:page-layout-name", "A4")])?;
    xml.open("style:header", &[])?;
    xml.open("text:p", &[("text:style-name", "Header")])?;
    body::words(&mut xml, &paper.title)?;
    xml.close("text:p")?;
    xml.close("style:header")?;
    // The first page has no running head.
    xml.open("style:header-first", &[])?;
    xml.empty("text:p", &[])?;
    xml.close("style:header-first")?;
    for name in ["style:footer", "style:footer-first"] {
        xml.open(name, &[])?;
        xml.open("text:p", &[("text:style-name", "Footer")])?;
        body::words(&mut xml, &paper.footer)?;
        xml.empty("text:tab", &[])?;
        body::words(&mut xml, "page\u{a0}")?;
        xml.leaf("text:page-number", &[("text:select-page", "current")], "1")?;
        body::words(&mut xml, "\u{a0}sur\u{a0}")?;
        xml.leaf("text:page-count", &[], "1")?;
        xml.close("text:p")?;
        xml.close(name)?;
    }
    xml.close("style:master-page")?;
    xml.close("office:master-styles")?;
    Ok(xml.finish())
}
