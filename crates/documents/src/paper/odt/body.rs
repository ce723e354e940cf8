//! The text of an ODT.

use std::collections::BTreeSet;
use std::io::Result;

use super::OFFICE;
use crate::paper::packed::Xml;
use crate::paper::settled::contents_depth;
use crate::paper::{Block, Paper, Run, Table};

/// How wide the text is, in hundredths of a millimetre: A4 less its margins.
const WIDTH: usize = 16_000;

/// Where a block stands.
#[derive(Clone, Copy, Default)]
struct Place {
    in_callout: bool,
    in_quote: bool,
    in_list: bool,
}

#[derive(Default)]
struct Body {
    tables: usize,
    /// Widths of columns that tables have.
    widths: BTreeSet<usize>,
}

/// `content.xml`: the text and the styles that only it has.
pub(super) fn content(paper: &Paper) -> Result<Vec<u8>> {
    let mut body = Body::default();
    let mut text = Xml::part();
    body.text(&mut text, paper)?;
    let mut xml = Xml::new()?;
    let root = "office:document-content";
    xml.open(
        root,
        &[
            ("xmlns:office", OFFICE),
            ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
            ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
            ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
            ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
            ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
            ("office:version", "1.3"),
        ],
    )?;
    xml.open("office:automatic-styles", &[])?;
    table_styles(&mut xml, paper, &body.widths)?;
    xml.close("office:automatic-styles")?;
    xml.open("office:body", &[])?;
    xml.open("office:text", &[])?;
    xml.append(text);
    xml.close("office:text")?;
    xml.close("office:body")?;
    xml.close(root)?;
    Ok(xml.finish())
}

/// Words as they are. XML takes spaces that follow each other for one: the others are said.
pub(super) fn words(xml: &mut Xml, text: &str) -> Result<()> {
    let mut plain = String::new();
    let mut after_space = true;
    for sign in text.chars() {
        match sign {
            '\n' => {
                xml.text(&std::mem::take(&mut plain))?;
                xml.empty("text:line-break", &[])?;
                after_space = true;
            }
            ' ' if after_space => {
                xml.text(&std::mem::take(&mut plain))?;
                xml.empty("text:s", &[])?;
            }
            sign => {
                plain.push(sign);
                after_space = sign == ' ';
            }
        }
    }
    xml.text(&plain)
}

fn line(xml: &mut Xml, style: &str, text: &str) -> Result<()> {
    xml.open("text:p", &[("text:style-name", style)])?;
    words(xml, text)?;
    xml.close("text:p")
}

fn runs(xml: &mut Xml, runs: &[Run]) -> Result<()> {
    for run in runs {
        if let Some(link) = &run.link {
            let looks =
                [("text:style-name", "Internet_20_link"), ("text:visited-style-name", "Internet_20_link")];
            let place = [("xlink:type", "simple"), ("xlink:href", link.as_str())];
            xml.open("text:a", &[place.as_slice(), looks.as_slice()].concat())?;
        }
        let look = match (run.bold, run.italic) {
            (true, true) => Some("Strong_20_and_20_Emphasis"),
            (true, false) => Some("Strong_20_Emphasis"),
            (false, true) => Some("Emphasis"),
            (false, false) => None,
        };
        if let Some(look) = look {
            xml.open("text:span", &[("text:style-name", look)])?;
        }
        words(xml, &run.text)?;
        if look.is_some() {
            xml.close("text:span")?;
        }
        if run.link.is_some() {
            xml.close("text:a")?;
        }
    }
    Ok(())
}

impl Body {
    fn text(&mut self, xml: &mut Xml, paper: &Paper) -> Result<()> {
        first_lines(xml, paper)?;
        let depth = contents_depth(paper);
        if depth > 0 {
            contents(xml, paper, depth)?;
        }
        let mut headings = 0;
        for block in &paper.blocks {
            if let Block::Heading { level, text } = block {
                headings += 1;
                heading(xml, *level, text, headings)?;
            } else {
                self.block(xml, block, Place::default())?;
            }
        }
        Ok(())
    }

    fn blocks(&mut self, xml: &mut Xml, blocks: &[Block], place: Place) -> Result<()> {
        blocks.iter().try_for_each(|block| self.block(xml, block, place))
    }

    fn block(&mut self, xml: &mut Xml, block: &Block, place: Place) -> Result<()> {
        match block {
            // Headings make the plan of the paper and stand nowhere else.
            Block::Heading { text, .. } => paragraph(xml, &[Run::bold(text)], place),
            Block::Paragraph(runs) => paragraph(xml, runs, place),
            Block::List { ordered, items } => {
                let style = if *ordered { "Numbers" } else { "Bullets" };
                xml.open("text:list", &[("text:style-name", style)])?;
                for item in items {
                    xml.open("text:list-item", &[])?;
                    self.blocks(xml, item, Place { in_list: true, ..place })?;
                    xml.close("text:list-item")?;
                }
                xml.close("text:list")
            }
            Block::Quote(blocks) => self.blocks(xml, blocks, Place { in_quote: true, ..place }),
            // A list item holds no table: its words stand in lines there.
            Block::Table(table) if place.in_list => table_in_list(xml, table, place),
            Block::Table(table) => self.table(xml, table),
            Block::Callout { label, blocks } => {
                if !label.is_empty() {
                    line(xml, "Callout_20_Label", label)?;
                }
                self.blocks(xml, blocks, Place { in_callout: true, ..place })?;
                line(xml, "Spacer", "")
            }
            Block::Rule => line(xml, "Horizontal_20_Line", ""),
        }
    }

    fn table(&mut self, xml: &mut Xml, table: &Table) -> Result<()> {
        if !table.caption.is_empty() {
            line(xml, "Caption", &table.caption)?;
        }
        self.tables += 1;
        let name = format!("Tableau{}", self.tables);
        xml.open("table:table", &[("table:name", &name), ("table:style-name", "Paper")])?;
        if !table.caption.is_empty() {
            xml.leaf("table:title", &[], &table.caption)?;
        }
        let whole = table.weights.iter().map(|weight| usize::from(*weight)).sum::<usize>().max(1);
        for weight in &table.weights {
            let width = (WIDTH * usize::from(*weight) / whole).max(1);
            self.widths.insert(width);
            xml.empty("table:table-column", &[("table:style-name", &format!("Column{width}"))])?;
        }
        if !table.head.is_empty() {
            xml.open("table:table-header-rows", &[])?;
            row(xml, &table.head, true)?;
            xml.close("table:table-header-rows")?;
        }
        for cells in &table.rows {
            row(xml, cells, false)?;
        }
        xml.close("table:table")?;
        line(xml, "Spacer", "")
    }
}

fn paragraph(xml: &mut Xml, given: &[Run], place: Place) -> Result<()> {
    let style = match place {
        Place { in_callout: true, in_list: true, .. } => "Callout_20_List",
        Place { in_callout: true, .. } => "Callout",
        Place { in_list: true, .. } => "List_20_Contents",
        Place { in_quote: true, .. } => "Quotations",
        _ => "Text_20_body",
    };
    xml.open("text:p", &[("text:style-name", style)])?;
    runs(xml, given)?;
    xml.close("text:p")
}

fn table_in_list(xml: &mut Xml, table: &Table, place: Place) -> Result<()> {
    for cells in std::iter::once(&table.head).chain(&table.rows) {
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            paragraph(xml, cell, place)?;
        }
    }
    Ok(())
}

fn row(xml: &mut Xml, cells: &[Vec<Run>], is_head: bool) -> Result<()> {
    let (cell_style, style) =
        if is_head { ("HeadCell", "Table_20_Heading") } else { ("Cell", "Table_20_Contents") };
    xml.open("table:table-row", &[("table:style-name", "Row")])?;
    for cell in cells {
        xml.open("table:table-cell", &[("table:style-name", cell_style), ("office:value-type", "string")])?;
        xml.open("text:p", &[("text:style-name", style)])?;
        runs(xml, cell)?;
        xml.close("text:p")?;
        xml.close("table:table-cell")?;
    }
    xml.close("table:table-row")
}

fn first_lines(xml: &mut Xml, paper: &Paper) -> Result<()> {
    let above = [&paper.network, &paper.committee].into_iter().filter(|words| !words.is_empty());
    let above = above.map(String::as_str).collect::<Vec<_>>().join(" · ");
    if !above.is_empty() {
        line(xml, "Network", &above)?;
    }
    line(xml, "Title", &paper.title)?;
    for subtitle in &paper.subtitles {
        line(xml, "Subtitle", subtitle)?;
    }
    for (label, value) in &paper.facts {
        xml.open("text:p", &[("text:style-name", "Facts")])?;
        runs(xml, &[Run::bold(label)])?;
        xml.empty("text:tab", &[])?;
        words(xml, value)?;
        xml.close("text:p")?;
    }
    Ok(())
}

fn heading(xml: &mut Xml, level: u8, text: &str, number: usize) -> Result<()> {
    let (style, place) = (format!("Heading_20_{level}"), format!("titre-{number}"));
    xml.open("text:h", &[("text:style-name", &style), ("text:outline-level", &level.to_string())])?;
    xml.empty("text:bookmark-start", &[("text:name", &place)])?;
    words(xml, text)?;
    xml.empty("text:bookmark-end", &[("text:name", &place)])?;
    xml.close("text:h")
}

/// The table of contents: links, without numbers of pages, which only the word processor knows.
fn contents(xml: &mut Xml, paper: &Paper, depth: u8) -> Result<()> {
    xml.open("text:table-of-content", &[("text:name", "Sommaire"), ("text:protected", "true")])?;
    let source = "text:table-of-content-source";
    xml.open(source, &[("text:outline-level", &depth.to_string())])?;
    xml.leaf("text:index-title-template", &[("text:style-name", "Contents_20_Heading")], "Sommaire")?;
    for level in 1..=depth {
        let style = format!("Contents_20_{level}");
        let entry = "text:table-of-content-entry-template";
        xml.open(entry, &[("text:outline-level", &level.to_string()), ("text:style-name", &style)])?;
        for part in ["text:index-entry-link-start", "text:index-entry-text", "text:index-entry-link-end"] {
            xml.empty(part, &[])?;
        }
        xml.close(entry)?;
    }
    xml.close(source)?;
    xml.open("text:index-body", &[])?;
    xml.open("text:index-title", &[("text:name", "Sommaire_Titre")])?;
    line(xml, "Contents_20_Heading", "Sommaire")?;
    xml.close("text:index-title")?;
    let all = (1..).zip(paper.blocks.iter().filter_map(|block| match block {
        Block::Heading { level, text } => Some((*level, text)),
        _ => None,
    }));
    for (number, (level, text)) in all.filter(|(_, (level, _))| *level <= depth) {
        xml.open("text:p", &[("text:style-name", &format!("Contents_20_{level}"))])?;
        let place = format!("#titre-{number}");
        xml.open("text:a", &[("xlink:type", "simple"), ("xlink:href", &place)])?;
        words(xml, text)?;
        xml.close("text:a")?;
        xml.close("text:p")?;
    }
    xml.close("text:index-body")?;
    xml.close("text:table-of-content")
}

fn table_styles(xml: &mut Xml, paper: &Paper, widths: &BTreeSet<usize>) -> Result<()> {
    let style = |xml: &mut Xml, name: &str, family: &str, parts: &str, looks: &[(&str, &str)]| {
        xml.open("style:style", &[("style:name", name), ("style:family", family)])?;
        xml.empty(parts, looks)?;
        xml.close("style:style")
    };
    let of_table = [("style:width", "16cm"), ("table:align", "left"), ("table:border-model", "collapsing")];
    style(xml, "Paper", "table", "style:table-properties", &of_table)?;
    for width in widths {
        let shown = format!("{}.{:02}mm", width / 100, width % 100);
        let name = format!("Column{width}");
        style(
            xml,
            &name,
            "table-column",
            "style:table-column-properties",
            &[("style:column-width", &shown)],
        )?;
    }
    style(xml, "Row", "table-row", "style:table-row-properties", &[("fo:keep-together", "always")])?;
    let padding = ("fo:padding", "0.15cm");
    let hair = ("fo:border-bottom", "0.5pt solid #c9cdd6");
    style(xml, "Cell", "table-cell", "style:table-cell-properties", &[padding, hair])?;
    let under = format!("1pt solid {}", paper.accent);
    let tint = format!("#{}", super::tint(&paper.accent, 8));
    let looks = [padding, ("fo:border-bottom", under.as_str()), ("fo:background-color", &tint)];
    style(xml, "HeadCell", "table-cell", "style:table-cell-properties", &looks)
}
