//! Pictures that people send: read within limits, cut square, written anew as JPEG. Writing anew leaves behind
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
    #[error("Cette photo dépasse 40 millions de pixels : réduisez-la.")]
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
