//! Pictures that people send: read within limits, cut or made smaller, written anew. Writing anew leaves behind
//! whatever the camera had put in (place, date, device).

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

/// Why a picture was not taken. Shown to who sent it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refused {
    #[error("Envoyez une photo au format JPEG, PNG ou WebP.")]
    Unknown,
    #[error("Cette photo est abîmée ou incomplète.")]
    Broken,
    #[error("Cette photo dépasse 40 millions de pixels\u{a0}: réduisez-la.")]
    TooLarge,
}

/// Side of a portrait, in pixels.
pub const SIDE: u32 = 480;
const MOST_PIXELS: u64 = 40_000_000;
const MOST_BYTES_IN_MEMORY: u64 = 400 << 20;

/// Width and height of a landscape, in pixels.
pub const LANDSCAPE: (u32, u32) = (960, 540);

/// A square portrait of [`SIDE`] pixels as JPEG, the right way up.
pub fn portrait(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    jpeg(read(bytes)?.resize_to_fill(SIDE, SIDE, FilterType::Triangle))
}

/// A picture of [`LANDSCAPE`] pixels as JPEG, the right way up.
pub fn landscape(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let (width, height) = LANDSCAPE;
    jpeg(read(bytes)?.resize_to_fill(width, height, FilterType::Triangle))
}

/// Widths in which a picture of a text is kept, in pixels; none is wider than what was sent.
pub const WIDTHS: [u32; 3] = [480, 960, 1600];
/// No side is longer than this, in pixels: WebP ends at 16,383, and nobody scrolls that far.
const MOST_HEIGHT: u32 = 4000;
/// Of 100; above, files grow and nobody sees why.
const WEBP_QUALITY: f32 = 78.0;

/// A picture in every width, the right way up, without what the camera noted.
#[derive(Clone)]
pub struct Responsive {
    /// Pixels of the widest.
    pub width: u32,
    pub height: u32,
    /// Names such as `960.webp` and `960.jpg`, with their bytes. One JPEG only, for who reads no WebP.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Draws a picture in each of [`WIDTHS`], lossy WebP, and in one of them as JPEG. Takes up to a second for a
/// picture of a telephone: not for a thread that answers others.
pub fn responsive(bytes: &[u8]) -> Result<Responsive, Refused> {
    let picture = read(bytes)?;
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|width| *width <= picture.width()).collect();
    if widths.last().is_none_or(|widest| *widest < WIDTHS[2]) && !widths.contains(&picture.width()) {
        widths.push(picture.width().min(WIDTHS[2]));
    }
    let mut files = Vec::new();
    let mut size = (0, 0);
    let fallback = widths.iter().rev().find(|width| **width <= WIDTHS[1]).copied();
    // From the widest down: each is made of the one before, which costs less than of the whole.
    let mut from = picture;
    for width in widths.into_iter().rev() {
        let scaled = narrowed(&from, width);
        if size == (0, 0) {
            size = (scaled.width(), scaled.height());
        }
        files.push((format!("{width}.webp"), webp(&scaled)?));
        if Some(width) == fallback {
            files.push((format!("{width}.jpg"), jpeg(on_white(&scaled))?));
        }
        from = scaled;
    }
    Ok(Responsive { width: size.0, height: size.1, files })
}

/// At most `width` wide and [`MOST_HEIGHT`] high, in its proportions.
fn narrowed(picture: &DynamicImage, width: u32) -> DynamicImage {
    if picture.width() <= width && picture.height() <= MOST_HEIGHT {
        return picture.clone();
    }
    picture.resize(width, MOST_HEIGHT, FilterType::Triangle)
}

fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let (width, height) = (picture.width(), picture.height());
    let written = if picture.color().has_alpha() {
        webp::Encoder::from_rgba(&picture.to_rgba8(), width, height).encode_simple(false, WEBP_QUALITY)
    } else {
        webp::Encoder::from_rgb(&picture.to_rgb8(), width, height).encode_simple(false, WEBP_QUALITY)
    };
    written.map(|bytes| bytes.to_vec()).map_err(|_| Refused::Broken)
}

/// JPEG knows no transparency: what lets through shows white.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.clone();
    }
    let mut rgba = picture.to_rgba8();
    for pixel in rgba.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            let mixed = (u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255;
            *channel = u8::try_from(mixed).unwrap_or(255);
        }
        pixel.0[3] = 255;
    }
    DynamicImage::ImageRgba8(rgba)
}

fn read(bytes: &[u8]) -> Result<DynamicImage, Refused> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Refused::Unknown)?;
    if reader.format().is_none() {
        return Err(Refused::Unknown);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES_IN_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Refused::Broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refused::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refused::Broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn jpeg(picture: DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 82)
        .encode_image(&picture.into_rgb8())
        .map_err(|_| Refused::Broken)?;
    Ok(jpeg)
}

/// A picture painted point by point, as a PNG. Places run from 0 to 1, from the left and from the top.
pub fn painted(width: u32, height: u32, colour: impl Fn(f32, f32) -> [u8; 3]) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(colour(x as f32 / width as f32, y as f32 / height as f32))
    });
    let mut bytes = Vec::new();
    // Writing to memory cannot fail but for want of it.
    drop(picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png));
    bytes
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    #[test]
    fn an_image_of_any_shape_becomes_a_landscape() {
        for (width, height) in [(40, 400), (400, 40), (960, 540)] {
            let drawn = image::load_from_memory(&landscape(&png(width, height)).unwrap()).unwrap();
            assert_eq!((drawn.width(), drawn.height()), LANDSCAPE);
        }
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, _| Rgb([(x % 256) as u8, 80, 120]));
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_portrait_is_square_small_and_jpeg() {
        let jpeg = portrait(&png(1200, 800)).unwrap();
        let read = image::load_from_memory(&jpeg).unwrap();
        assert_eq!((read.width(), read.height()), (SIDE, SIDE));
        assert!(jpeg.starts_with(b"\xff\xd8") && jpeg.len() < 100_000);
    }

    #[test]
    fn what_the_camera_noted_is_left_behind() {
        let mut jpeg = portrait(&png(600, 600)).unwrap();
        let note = b"\xff\xe1\x00\x16Exif\0\0GPS 44.93 4.89";
        jpeg.splice(2..2, note.iter().copied());
        let again = portrait(&jpeg).unwrap();
        assert!(!again.windows(3).any(|w| w == b"GPS"));
    }

    #[test]
    fn a_picture_is_kept_in_three_widths_and_its_proportions() {
        let drawn = responsive(&png(2400, 1200)).unwrap();
        assert_eq!((drawn.width, drawn.height), (1600, 800));
        let names: Vec<&str> = drawn.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["1600.webp", "960.webp", "960.jpg", "480.webp"]);
        for (name, bytes) in &drawn.files {
            let read = image::load_from_memory(bytes).unwrap();
            assert!(name.starts_with(&read.width().to_string()) && read.height() == read.width() / 2);
        }
        let small = responsive(&png(300, 200)).unwrap();
        assert_eq!(small.files.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["300.webp", "300.jpg"]);
        let middle = responsive(&png(700, 70)).unwrap();
        assert_eq!((middle.width, middle.height, middle.files.len()), (700, 70, 3));
        assert!(responsive(&png(300, 20_000)).unwrap().height <= MOST_HEIGHT);
    }

    /// A JPEG as a telephone makes it: EXIF with a place, and « turn me a quarter to the right ».
    fn from_a_telephone() -> Vec<u8> {
        let picture =
            RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 95).encode_image(&picture).unwrap();
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // Orientation 6.
        tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0"); // GPS, at 38.
        tiff.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0"); // North…
        tiff.extend(b"\0\x02\0\x05\0\0\0\x03\0\0\0\x44\0\0\0\0"); // … at 68:
        tiff.extend(b"\0\0\0\x2c\0\0\0\x01\0\0\0\x38\0\0\0\x01\0\0\0\x1e\0\0\0\x01GPSDRO");
        let mut block = b"\xff\xe1".to_vec();
        block.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        block.extend(b"Exif\0\0");
        block.extend(tiff);
        jpeg.splice(2..2, block);
        jpeg
    }

    #[test]
    fn a_picture_of_a_telephone_stands_upright_and_no_longer_says_where_it_was_taken() {
        let sent = from_a_telephone();
        assert!(sent.windows(6).any(|w| w == b"GPSDRO"));
        let drawn = responsive(&sent).unwrap();
        assert_eq!((drawn.width, drawn.height), (32, 64), "turned as the camera said");
        for (name, bytes) in &drawn.files {
            for left in [b"Exif".as_slice(), b"EXIF", b"GPS"] {
                assert!(!bytes.windows(left.len()).any(|w| w == left), "{name}");
            }
            let read = image::load_from_memory(bytes).unwrap().into_rgb8();
            assert!(
                read.get_pixel(16, 8).0[0] > 150 && read.get_pixel(16, 56).0[2] > 150,
                "red above, blue below"
            );
        }
    }

    #[test]
    fn a_picture_of_thirty_million_pixels_is_made_smaller_and_one_of_fifty_is_refused() {
        let drawn = responsive(&png(6500, 4650)).unwrap();
        assert_eq!(drawn.width, 1600);
        assert!(matches!(responsive(&png(10_000, 5_000)), Err(Refused::TooLarge)));
    }

    #[test]
    fn what_lets_through_shows_white_where_it_cannot() {
        let clear = image::RgbaImage::from_pixel(40, 40, image::Rgba([10, 10, 10, 0]));
        let mut png = Vec::new();
        clear.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let drawn = responsive(&png).unwrap();
        let (_, jpeg) = drawn.files.iter().find(|(name, _)| name.ends_with("jpg")).unwrap();
        assert!(image::load_from_memory(jpeg).unwrap().into_rgb8().get_pixel(20, 20).0[0] > 245);
    }

    #[test]
    fn a_drawing_with_a_script_and_a_broken_picture_are_refused() {
        assert_eq!(
            portrait(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
            Err(Refused::Unknown)
        );
        assert_eq!(portrait(&png(600, 600)[..200]), Err(Refused::Broken));
        assert_eq!(portrait(b""), Err(Refused::Unknown));
    }

    #[test]
    fn a_picture_too_large_is_refused_before_it_is_unpacked() {
        // The header of a PNG of 60,000 by 60,000, and nothing behind it.
        let mut huge = png(8, 8);
        huge[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        huge[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        assert!(matches!(portrait(&huge), Err(Refused::TooLarge | Refused::Broken)));
    }
}
