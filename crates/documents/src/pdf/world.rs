//! What typst may see: one template, the files given with it, our fonts. No disk, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, Scalar};
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_render::RenderOptions;

use super::{File, NotMade};

/// What every document shares, made once.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        include_bytes!("../../../../data/fonts/bricolage-regular.ttf"),
        include_bytes!("../../../../data/fonts/bricolage-regular-italic.ttf"),
        include_bytes!("../../../../data/fonts/bricolage-bold.ttf"),
        include_bytes!("../../../../data/fonts/bricolage-bold-italic.ttf"),
    ];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

struct Given {
    main: Source,
    files: Vec<(&'static str, Bytes)>,
}

impl World for Given {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let wanted = id.get().vpath().get_without_slash();
        let found = self.files.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| FileError::NotFound(wanted.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn given(template: &'static str, files: Vec<File>) -> Result<Given, NotMade> {
    let path = VirtualPath::new("main.typ").map_err(|e| NotMade::Fault(format!("{e:?}")))?;
    let main = RootedPath::new(VirtualRoot::Project, path).intern();
    let files = files.into_iter().map(|(name, bytes)| (name, Bytes::new(bytes))).collect();
    Ok(Given { main: Source::new(main, template.to_owned()), files })
}

/// Whether our fonts can show a sign.
pub(super) fn can_show(sign: char) -> bool {
    SHARED.fonts.first().is_some_and(|font| font.info().coverage.contains(u32::from(sign)))
}

/// The document as PDF/UA-1.
pub(super) fn make(template: &'static str, files: Vec<File>) -> Result<Vec<u8>, NotMade> {
    let made = render(&given(template, files)?);
    // What typst remembers between documents is of no use to the next one, and grows.
    comemo::evict(0);
    made
}

fn render(world: &Given) -> Result<Vec<u8>, NotMade> {
    let document = typst::compile::<PagedDocument>(world).output.map_err(|errors| fault(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| NotMade::Fault(format!("{e:?}")))?;
    let options = PdfOptions { standards, ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|errors| fault(&errors))
}

/// The first page as PNG, `scale` pixels to a point.
pub(super) fn picture(template: &'static str, files: Vec<File>, scale: f64) -> Result<Vec<u8>, NotMade> {
    let document = typst::compile::<PagedDocument>(&given(template, files)?).output;
    let drawn = document.map_err(|errors| fault(&errors)).and_then(|document| {
        let page = document.pages().first().ok_or_else(|| NotMade::Fault("no page".to_owned()))?;
        let options = RenderOptions { pixel_per_pt: Scalar::new(scale), ..RenderOptions::default() };
        typst_render::render(page, &options).encode_png().map_err(|e| NotMade::Fault(e.to_string()))
    });
    comemo::evict(0);
    drawn
}

fn fault(errors: &EcoVec<SourceDiagnostic>) -> NotMade {
    NotMade::Fault(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "))
}
