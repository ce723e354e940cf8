//! The text of a DOCX.

use std::collections::BTreeMap;
use std::io::Result;

use super::{RELATIONS, WORD};
use crate::paper::packed::Xml;
use crate::paper::settled::contents_depth;
use crate::paper::{Block, Paper, Run, Table};

/// How wide the text is, in twentieths of a point: A4 less its margins.
const WIDTH: usize = 9070;

/// The text, and what other parts of the file must hold for it.
pub(super) struct Body {
    pub(super) xml: Vec<u8>,
    /// Addresses and the names under which the text leads to them.
    pub(super) links: BTreeMap<String, String>,
    /// The level of each numbered list.
    pub(super) numbered: Vec<usize>,
}

/// Where a block stands.
#[derive(Clone, Copy, Default)]
struct Place {
    in_callout: bool,
    in_quote: bool,
    /// How many lists it stands in.
    lists: usize,
    /// The list whose sign stands before the block.
    number: Option<usize>,
}

/// Where the text of a list of this level begins, in twentieths of a point.
pub(super) fn indent(level: usize) -> usize {
    400 + 380 * level
}

/// Opens a paragraph of a style.
pub(super) fn begin_paragraph(xml: &mut Xml, style: &str) -> Result<()> {
    xml.open("w:p", &[])?;
    xml.open("w:pPr", &[])?;
    xml.empty("w:pStyle", &[("w:val", style)])?;
    xml.close("w:pPr")
}

/// Words as they are.
pub(super) fn words(xml: &mut Xml, text: &str) -> Result<()> {
    run(xml, &Run::plain(text), false)
}

fn run(xml: &mut Xml, run: &Run, is_link: bool) -> Result<()> {
    xml.open("w:r", &[])?;
    if run.bold || run.italic || is_link {
        xml.open("w:rPr", &[])?;
        if is_link {
            xml.empty("w:rStyle", &[("w:val", "Hyperlink")])?;
        }
        for (is_set, names) in [(run.bold, ["w:b", "w:bCs"]), (run.italic, ["w:i", "w:iCs"])] {
            for name in names.into_iter().filter(|_| is_set) {
                xml.empty(name, &[])?;
            }
        }
        xml.close("w:rPr")?;
    }
    for (at, line) in run.text.split('\n').enumerate() {
        if at > 0 {
            xml.empty("w:br", &[])?;
        }
        if !line.is_empty() {
            xml.leaf("w:t", &[("xml:space", "preserve")], line)?;
        }
    }
    xml.close("w:r")
}

impl Body {
    pub(super) fn of(paper: &Paper) -> Result<Self> {
        let mut body = Self { xml: Vec::new(), links: BTreeMap::new(), numbered: Vec::new() };
        let mut xml = Xml::new()?;
        xml.open("w:document", &[("xmlns:w", WORD), ("xmlns:r", RELATIONS)])?;
        xml.open("w:body", &[])?;
        first_lines(&mut xml, paper)?;
        let depth = contents_depth(paper);
        if depth > 0 {
            contents(&mut xml, paper, depth)?;
        }
        let mut headings = 0;
        for block in &paper.blocks {
            if let Block::Heading { level, text } = block {
                headings += 1;
                heading(&mut xml, *level, text, headings)?;
            } else {
                body.block(&mut xml, block, Place::default())?;
            }
        }
        section(&mut xml)?;
        xml.close("w:body")?;
        xml.close("w:document")?;
        body.xml = xml.finish();
        Ok(body)
    }

    fn blocks(&mut self, xml: &mut Xml, blocks: &[Block], place: Place) -> Result<()> {
        blocks.iter().try_for_each(|block| self.block(xml, block, place))
    }

    fn block(&mut self, xml: &mut Xml, block: &Block, place: Place) -> Result<()> {
        match block {
            // Headings make the plan of the paper and stand nowhere else.
            Block::Heading { text, .. } => self.paragraph(xml, &[Run::bold(text)], place),
            Block::Paragraph(runs) => self.paragraph(xml, runs, place),
            Block::List { ordered, items } => self.list(xml, *ordered, items, place),
            Block::Quote(blocks) => self.blocks(xml, blocks, Place { in_quote: true, ..place }),
            Block::Table(table) => self.table(xml, table),
            Block::Callout { label, blocks } => {
                if !label.is_empty() {
                    begin_paragraph(xml, "CalloutLabel")?;
                    words(xml, label)?;
                    xml.close("w:p")?;
                }
                self.blocks(xml, blocks, Place { in_callout: true, ..place })?;
                spacer(xml)
            }
            Block::Rule => {
                begin_paragraph(xml, "Rule")?;
                xml.close("w:p")
            }
        }
    }

    fn paragraph(&mut self, xml: &mut Xml, runs: &[Run], place: Place) -> Result<()> {
        xml.open("w:p", &[])?;
        xml.open("w:pPr", &[])?;
        let style = match place {
            Place { in_callout: true, .. } => "Callout",
            Place { lists: 1.., .. } => "ListParagraph",
            Place { in_quote: true, .. } => "Quote",
            _ => "BodyText",
        };
        xml.empty("w:pStyle", &[("w:val", style)])?;
        if let Some(number) = place.number {
            xml.open("w:numPr", &[])?;
            xml.empty("w:ilvl", &[("w:val", &(place.lists.saturating_sub(1)).to_string())])?;
            xml.empty("w:numId", &[("w:val", &number.to_string())])?;
            xml.close("w:numPr")?;
        } else if place.lists > 0 {
            xml.empty("w:ind", &[("w:left", &indent(place.lists - 1).to_string())])?;
        }
        xml.close("w:pPr")?;
        self.runs(xml, runs)?;
        xml.close("w:p")
    }

    fn runs(&mut self, xml: &mut Xml, runs: &[Run]) -> Result<()> {
        for given in runs {
            if let Some(link) = &given.link {
                let next = format!("link{}", self.links.len() + 1);
                let id = self.links.entry(link.clone()).or_insert(next);
                xml.open("w:hyperlink", &[("r:id", id), ("w:history", "1")])?;
                run(xml, given, true)?;
                xml.close("w:hyperlink")?;
            } else {
                run(xml, given, false)?;
            }
        }
        Ok(())
    }

    fn list(&mut self, xml: &mut Xml, ordered: bool, items: &[Vec<Block>], place: Place) -> Result<()> {
        let number = if ordered {
            self.numbered.push(place.lists);
            self.numbered.len() + 1
        } else {
            1
        };
        let place = Place { lists: place.lists + 1, number: None, ..place };
        for item in items {
            // The sign of an item stands before its first words.
            let mut signed = Place { number: Some(number), ..place };
            if !matches!(item.first(), Some(Block::Paragraph(_))) {
                self.paragraph(xml, &[], signed)?;
                signed = place;
            }
            for block in item {
                self.block(xml, block, signed)?;
                signed = place;
            }
        }
        Ok(())
    }

    fn table(&mut self, xml: &mut Xml, table: &Table) -> Result<()> {
        if !table.caption.is_empty() {
            begin_paragraph(xml, "Caption")?;
            words(xml, &table.caption)?;
            xml.close("w:p")?;
        }
        let has_head = !table.head.is_empty();
        xml.open("w:tbl", &[])?;
        xml.open("w:tblPr", &[])?;
        xml.empty("w:tblStyle", &[("w:val", "PaperTable")])?;
        xml.empty("w:tblW", &[("w:w", "5000"), ("w:type", "pct")])?;
        let first = if has_head { "1" } else { "0" };
        let look = if has_head { "0020" } else { "0000" };
        xml.empty(
            "w:tblLook",
            &[("w:val", look), ("w:firstRow", first), ("w:noHBand", "1"), ("w:noVBand", "1")],
        )?;
        if !table.caption.is_empty() {
            xml.empty("w:tblCaption", &[("w:val", &table.caption)])?;
        }
        xml.close("w:tblPr")?;
        let whole = table.weights.iter().map(|weight| usize::from(*weight)).sum::<usize>().max(1);
        let widths: Vec<String> =
            table.weights.iter().map(|weight| (WIDTH * usize::from(*weight) / whole).to_string()).collect();
        xml.open("w:tblGrid", &[])?;
        for width in &widths {
            xml.empty("w:gridCol", &[("w:w", width)])?;
        }
        xml.close("w:tblGrid")?;
        if has_head {
            self.row(xml, &table.head, &widths, true)?;
        }
        for row in &table.rows {
            self.row(xml, row, &widths, false)?;
        }
        xml.close("w:tbl")?;
        spacer(xml)
    }

    fn row(&mut self, xml: &mut Xml, cells: &[Vec<Run>], widths: &[String], is_head: bool) -> Result<()> {
        xml.open("w:tr", &[])?;
        xml.open("w:trPr", &[])?;
        xml.empty("w:cantSplit", &[])?;
        if is_head {
            xml.empty("w:tblHeader", &[])?;
        }
        xml.close("w:trPr")?;
        for (cell, width) in cells.iter().zip(widths) {
            xml.open("w:tc", &[])?;
            xml.open("w:tcPr", &[])?;
            xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")])?;
            xml.close("w:tcPr")?;
            begin_paragraph(xml, if is_head { "TableHeading" } else { "TableText" })?;
            self.runs(xml, cell)?;
            xml.close("w:p")?;
            xml.close("w:tc")?;
        }
        xml.close("w:tr")
    }
}

/// Tables that touch are one to Word, and callouts too.
fn spacer(xml: &mut Xml) -> Result<()> {
    begin_paragraph(xml, "Spacer")?;
    xml.close("w:p")
}

fn first_lines(xml: &mut Xml, paper: &Paper) -> Result<()> {
    let above = [&paper.network, &paper.committee].into_iter().filter(|words| !words.is_empty());
    let above = above.map(String::as_str).collect::<Vec<_>>().join(" · ");
    let lines = [("Network", &above), ("Title", &paper.title)].into_iter();
    for (style, line) in lines.chain(paper.subtitles.iter().map(|line| ("Subtitle", line))) {
        if !line.is_empty() {
            begin_paragraph(xml, style)?;
            words(xml, line)?;
            xml.close("w:p")?;
        }
    }
    for (label, value) in &paper.facts {
        begin_paragraph(xml, "Facts")?;
        run(xml, &Run::bold(label), false)?;
        xml.open("w:r", &[])?;
        xml.empty("w:tab", &[])?;
        xml.close("w:r")?;
        words(xml, value)?;
        xml.close("w:p")?;
    }
    Ok(())
}

fn heading(xml: &mut Xml, level: u8, text: &str, number: usize) -> Result<()> {
    let (id, name) = (number.to_string(), format!("_Toc{number}"));
    begin_paragraph(xml, &format!("Heading{level}"))?;
    xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &name)])?;
    words(xml, text)?;
    xml.empty("w:bookmarkEnd", &[("w:id", &id)])?;
    xml.close("w:p")
}

/// The table of contents: links, without numbers of pages, which only the word processor knows and would ask about.
fn contents(xml: &mut Xml, paper: &Paper, depth: u8) -> Result<()> {
    begin_paragraph(xml, "TOCHeading")?;
    words(xml, "Sommaire")?;
    xml.close("w:p")?;
    let all = (1..).zip(paper.blocks.iter().filter_map(|block| match block {
        Block::Heading { level, text } => Some((*level, text)),
        _ => None,
    }));
    let shown: Vec<(usize, (u8, &String))> = all.filter(|(_, (level, _))| *level <= depth).collect();
    for (at, (number, (level, text))) in shown.iter().enumerate() {
        begin_paragraph(xml, &format!("TOC{level}"))?;
        if at == 0 {
            field_sign(xml, "begin")?;
            xml.open("w:r", &[])?;
            let order = format!(" TOC \\o \"1-{depth}\" \\n \\h \\z \\u ");
            xml.leaf("w:instrText", &[("xml:space", "preserve")], &order)?;
            xml.close("w:r")?;
            field_sign(xml, "separate")?;
        }
        xml.open("w:hyperlink", &[("w:anchor", &format!("_Toc{number}")), ("w:history", "1")])?;
        words(xml, text)?;
        xml.close("w:hyperlink")?;
        if at + 1 == shown.len() {
            field_sign(xml, "end")?;
        }
        xml.close("w:p")?;
    }
    spacer(xml)
}

fn field_sign(xml: &mut Xml, kind: &str) -> Result<()> {
    xml.open("w:r", &[])?;
    xml.empty("w:fldChar", &[("w:fldCharType", kind)])?;
    xml.close("w:r")
}

fn section(xml: &mut Xml) -> Result<()> {
    xml.open("w:sectPr", &[])?;
    xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "header1")])?;
    xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", "footer1")])?;
    xml.empty("w:footerReference", &[("w:type", "first"), ("r:id", "footer2")])?;
    xml.empty("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")])?;
    let margins = [("w:top", "1418"), ("w:right", "1418"), ("w:bottom", "1361"), ("w:left", "1418")];
    let others = [("w:header", "709"), ("w:footer", "680"), ("w:gutter", "0")];
    xml.empty("w:pgMar", &[margins.as_slice(), others.as_slice()].concat())?;
    xml.empty("w:titlePg", &[])?;
    xml.close("w:sectPr")
}
