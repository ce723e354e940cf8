//! What DOCX and ODT share: they are XML in an archive.

use std::io::{Cursor, Error, Result, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

/// An archive in the making: the same files make the same bytes, since it notes no time.
pub(super) struct Packed(ZipWriter<Cursor<Vec<u8>>>);

impl Packed {
    pub(super) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    pub(super) fn add(&mut self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        self.put(name, content.as_ref(), CompressionMethod::Deflated)
    }

    /// Adds a file that is found in the archive as it is.
    pub(super) fn add_stored(&mut self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        self.put(name, content.as_ref(), CompressionMethod::Stored)
    }

    fn put(&mut self, name: &str, content: &[u8], method: CompressionMethod) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        self.0.start_file(name, options).map_err(Error::other)?;
        self.0.write_all(content)
    }

    pub(super) fn finish(self) -> Result<Vec<u8>> {
        Ok(self.0.finish().map_err(Error::other)?.into_inner())
    }
}

/// Attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// XML in the making. Whatever text is given is escaped.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(super) fn new() -> Result<Self> {
        let mut xml = Self::part();
        xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
        Ok(xml)
    }

    /// XML that comes within other XML.
    pub(super) fn part() -> Self {
        Self(Writer::new(Vec::new()))
    }

    pub(super) fn open(&mut self, name: &str, attributes: Attributes) -> Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start))
    }

    pub(super) fn close(&mut self, name: &str) -> Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(super) fn empty(&mut self, name: &str, attributes: Attributes) -> Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(start))
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.0.write_event(Event::Text(BytesText::new(text)))
    }

    /// An element that holds nothing but text.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes, text: &str) -> Result<()> {
        self.open(name, attributes)?;
        self.text(text)?;
        self.close(name)
    }

    /// XML that was written before.
    pub(super) fn append(&mut self, part: Self) {
        self.0.get_mut().extend(part.finish());
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner()
    }
}

/// A color of which `percent` are left on white, as six hexadecimal digits.
pub(super) fn tint(accent: &str, percent: u32) -> String {
    let part = |at: usize| {
        let value = accent.get(at..at + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
        255 - (255 - value) * percent / 100
    };
    format!("{:02x}{:02x}{:02x}", part(1), part(3), part(5))
}
