//! The paper as DOCX (ECMA-376), written as XML: no crate writes headings of tables, the language and the title of a
//! document as well as its lists.

mod body;

use std::io::Result;

use body::Body;

use super::packed::{Packed, Xml, tint};
use super::settled::settled;
use super::{NotWritten, Paper};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The paper as DOCX: with the styles that word processors know, so that whoever goes on writing finds them.
///
/// # Errors
///
/// None but those of writing into memory.
pub fn docx(paper: &Paper) -> std::result::Result<Vec<u8>, NotWritten> {
    Ok(written(&settled(paper))?)
}

fn written(paper: &Paper) -> Result<Vec<u8>> {
    let body = Body::of(paper)?;
    let mut packed = Packed::new();
    packed.add("[Content_Types].xml", include_str!("types.xml"))?;
    packed.add("_rels/.rels", include_str!("package.xml"))?;
    packed.add("docProps/core.xml", properties(paper)?)?;
    packed.add("word/_rels/document.xml.rels", relations(&body)?)?;
    packed.add("word/styles.xml", dressed(include_str!("styles.xml"), paper))?;
    packed.add("word/numbering.xml", numbering(&body, paper)?)?;
    packed.add("word/settings.xml", include_str!("settings.xml"))?;
    packed.add("word/header1.xml", header(paper)?)?;
    // The first page has no running head, but the same foot as the others.
    packed.add("word/footer1.xml", footer(paper)?)?;
    packed.add("word/footer2.xml", footer(paper)?)?;
    packed.add("word/document.xml", body.xml)?;
    packed.finish()
}

/// A part of the document with the paper's colors.
fn dressed(part: &str, paper: &Paper) -> String {
    part.replace("{accent}", paper.accent.trim_start_matches('#')).replace("{tint}", &tint(&paper.accent, 8))
}

fn properties(paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    let root = "cp:coreProperties";
    xml.open(
        root,
        &[
            ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ],
    )?;
    xml.leaf("dc:title", &[], &paper.title)?;
    if !paper.network.is_empty() {
        xml.leaf("dc:creator", &[], &paper.network)?;
    }
    xml.leaf("dc:language", &[], "fr-FR")?;
    if !paper.made_at.is_empty() {
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.leaf(name, &[("xsi:type", "dcterms:W3CDTF")], &paper.made_at)?;
        }
    }
    xml.close(root)?;
    Ok(xml.finish())
}

fn relations(body: &Body) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("Relationships", &[("xmlns", PACKAGE)])?;
    for (id, kind, target) in [
        ("styles", "styles", "styles.xml"),
        ("numbering", "numbering", "numbering.xml"),
        ("settings", "settings", "settings.xml"),
        ("header1", "header", "header1.xml"),
        ("footer1", "footer", "footer1.xml"),
        ("footer2", "footer", "footer2.xml"),
    ] {
        let kind = format!("{RELATIONS}/{kind}");
        xml.empty("Relationship", &[("Id", id), ("Type", &kind), ("Target", target)])?;
    }
    let kind = format!("{RELATIONS}/hyperlink");
    for (link, id) in &body.links {
        let parts = [("Id", id.as_str()), ("Type", &kind), ("Target", link), ("TargetMode", "External")];
        xml.empty("Relationship", &parts)?;
    }
    xml.close("Relationships")?;
    Ok(xml.finish())
}

/// Bullets are one list for all; each numbered list counts from one.
fn numbering(body: &Body, paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("w:numbering", &[("xmlns:w", WORD)])?;
    for (id, format) in [("0", "bullet"), ("1", "decimal")] {
        xml.open("w:abstractNum", &[("w:abstractNumId", id)])?;
        xml.empty("w:multiLevelType", &[("w:val", "hybridMultilevel")])?;
        for level in 0..9 {
            list_level(&mut xml, format, level, paper)?;
        }
        xml.close("w:abstractNum")?;
    }
    number(&mut xml, 1, "0", None)?;
    for (id, level) in (2..).zip(&body.numbered) {
        number(&mut xml, id, "1", Some(*level))?;
    }
    xml.close("w:numbering")?;
    Ok(xml.finish())
}

fn list_level(xml: &mut Xml, format: &str, level: usize, paper: &Paper) -> Result<()> {
    let shown = if format == "decimal" {
        format!("%{}.", level + 1)
    } else {
        if level.is_multiple_of(2) { "•" } else { "–" }.to_owned()
    };
    xml.open("w:lvl", &[("w:ilvl", &level.to_string())])?;
    xml.empty("w:start", &[("w:val", "1")])?;
    xml.empty("w:numFmt", &[("w:val", format)])?;
    xml.empty("w:lvlText", &[("w:val", &shown)])?;
    xml.empty("w:lvlJc", &[("w:val", "left")])?;
    xml.open("w:pPr", &[])?;
    xml.empty("w:ind", &[("w:left", &body::indent(level).to_string()), ("w:hanging", "340")])?;
    xml.close("w:pPr")?;
    xml.open("w:rPr", &[])?;
    xml.empty("w:color", &[("w:val", paper.accent.trim_start_matches('#'))])?;
    xml.close("w:rPr")?;
    xml.close("w:lvl")
}

fn number(xml: &mut Xml, id: usize, of: &str, level: Option<usize>) -> Result<()> {
    xml.open("w:num", &[("w:numId", &id.to_string())])?;
    xml.empty("w:abstractNumId", &[("w:val", of)])?;
    if let Some(level) = level {
        xml.open("w:lvlOverride", &[("w:ilvl", &level.to_string())])?;
        xml.empty("w:startOverride", &[("w:val", "1")])?;
        xml.close("w:lvlOverride")?;
    }
    xml.close("w:num")
}

fn header(paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("w:hdr", &[("xmlns:w", WORD)])?;
    body::begin_paragraph(&mut xml, "Header")?;
    body::words(&mut xml, &paper.title)?;
    xml.close("w:p")?;
    xml.close("w:hdr")?;
    Ok(xml.finish())
}

fn footer(paper: &Paper) -> Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("w:ftr", &[("xmlns:w", WORD)])?;
    body::begin_paragraph(&mut xml, "Footer")?;
    body::words(&mut xml, &paper.footer)?;
    xml.open("w:r", &[])?;
    xml.empty("w:tab", &[])?;
    xml.close("w:r")?;
    body::words(&mut xml, "page\u{a0}")?;
    field(&mut xml, "PAGE")?;
    body::words(&mut xml, "\u{a0}sur\u{a0}")?;
    field(&mut xml, "NUMPAGES")?;
    xml.close("w:p")?;
    xml.close("w:ftr")?;
    Ok(xml.finish())
}

/// What the word processor counts itself.
fn field(xml: &mut Xml, what: &str) -> Result<()> {
    xml.open("w:fldSimple", &[("w:instr", what)])?;
    body::words(xml, "1")?;
    xml.close("w:fldSimple")
}
