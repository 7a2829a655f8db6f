//! Makes a picture fit for mail: read within bounds, turned upright, scaled down, written anew so that
//! nothing of the old file remains: no place where a photo was taken, no second meaning.

use std::io::Cursor;

use image::{
    AnimationDecoder as _, DynamicImage, Frame, ImageDecoder as _, ImageError, ImageFormat,
    ImageReader, Limits,
    codecs::{
        gif::{GifDecoder, GifEncoder, Repeat},
        jpeg::JpegEncoder,
    },
    imageops::FilterType,
};

use crate::domain::{
    media::{MediaKind, OCTETS_MAX},
    words::words,
};

/// Pixels of width: twice what a letter shows, for sharp screens.
const WIDTH_PX_MAX: u32 = 1_280;
/// Pixels of either side before anything is decoded.
const SIDE_PX_MAX: u32 = 12_000;
/// Pixels in all, over all frames.
const PIXELS_MAX: u64 = 40_000_000;
/// Octets that decoding may take.
const MEMORY_OCTETS_MAX: u64 = 256 * 1024 * 1024;
/// Frames of a moving picture.
const FRAMES_MAX: usize = 120;
/// JPEG's quality: nobody sees a difference above.
const JPEG_QUALITY: u8 = 85;

words! {
    /// Why a picture is not taken.
    Refusal ("refusal") {
        /// There is nothing in it.
        Empty = "empty",
        /// More octets than a file may have.
        TooLarge = "too_large",
        /// More pixels or frames than a picture may have.
        TooManyPixels = "too_many_pixels",
        /// SVG can carry scripts, and mail programs do not show it.
        Svg = "svg",
        /// Not JPEG, PNG, GIF or WebP.
        NotAPicture = "not_a_picture",
        /// It looks like a picture and cannot be read.
        Broken = "broken",
    }
}

/// A picture as it is kept.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) kind: MediaKind,
    pub(super) pixels: (u32, u32),
    pub(super) content: Vec<u8>,
}

/// Reads a picture by what it holds, whatever it is called, and writes it anew.
pub(super) fn prepare(octets: &[u8]) -> Result<Ready, Refusal> {
    if octets.is_empty() {
        return Err(Refusal::Empty);
    }
    if octets.len() > OCTETS_MAX {
        return Err(Refusal::TooLarge);
    }
    let ready = match format(octets)? {
        ImageFormat::Gif => moving(octets)?,
        format => still(octets, format)?,
    };
    if ready.content.len() > OCTETS_MAX { Err(Refusal::TooLarge) } else { Ok(ready) }
}

fn format(octets: &[u8]) -> Result<ImageFormat, Refusal> {
    const KNOWN: [ImageFormat; 4] =
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];
    match image::guess_format(octets) {
        Ok(format) if KNOWN.contains(&format) => Ok(format),
        _ if looks_like_svg(octets) => Err(Refusal::Svg),
        _ => Err(Refusal::NotAPicture),
    }
}

fn looks_like_svg(octets: &[u8]) -> bool {
    const LOOKED_AT: usize = 1_024;
    let start = String::from_utf8_lossy(&octets[..octets.len().min(LOOKED_AT)]);
    start.to_ascii_lowercase().contains("<svg")
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PX_MAX);
    limits.max_image_height = Some(SIDE_PX_MAX);
    limits.max_alloc = Some(MEMORY_OCTETS_MAX);
    limits
}

fn still(octets: &[u8], format: ImageFormat) -> Result<Ready, Refusal> {
    let mut reader = ImageReader::with_format(Cursor::new(octets), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    bounded(decoder.dimensions(), 1)?;
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    let picture = narrowed(picture);
    // Outlook shows no WebP.
    let photo = format == ImageFormat::Jpeg
        || (format == ImageFormat::WebP && !picture.color().has_alpha());
    let mut content = Vec::new();
    let written = if photo {
        let encoder = JpegEncoder::new_with_quality(&mut content, JPEG_QUALITY);
        picture.to_rgb8().write_with_encoder(encoder)
    } else {
        as_octets(picture.clone()).write_to(&mut Cursor::new(&mut content), ImageFormat::Png)
    };
    written.map_err(|error| refusal(&error))?;
    let kind = if photo { MediaKind::Jpeg } else { MediaKind::Png };
    Ok(Ready { kind, pixels: (picture.width(), picture.height()), content })
}

/// Eight bits a colour: mail needs no more.
fn as_octets(picture: DynamicImage) -> DynamicImage {
    if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    }
}

fn moving(octets: &[u8]) -> Result<Ready, Refusal> {
    let mut decoder = GifDecoder::new(Cursor::new(octets)).map_err(|error| refusal(&error))?;
    decoder.set_limits(limits()).map_err(|error| refusal(&error))?;
    let size = decoder.dimensions();
    bounded(size, 1)?;
    let mut frames = Vec::new();
    for frame in decoder.into_frames() {
        let frame = frame.map_err(|error| refusal(&error))?;
        frames.push(frame);
        if frames.len() > FRAMES_MAX {
            return Err(Refusal::TooManyPixels);
        }
        bounded(size, frames.len() as u64)?;
    }
    let mut content = Vec::new();
    let mut pixels = size;
    {
        let mut encoder = GifEncoder::new_with_speed(&mut content, 10);
        if frames.len() > 1 {
            encoder.set_repeat(Repeat::Infinite).map_err(|error| refusal(&error))?;
        }
        for frame in frames {
            let delay = frame.delay();
            let picture = narrowed(DynamicImage::ImageRgba8(frame.into_buffer())).into_rgba8();
            pixels = picture.dimensions();
            let frame = Frame::from_parts(picture, 0, 0, delay);
            encoder.encode_frame(frame).map_err(|error| refusal(&error))?;
        }
    }
    if content.is_empty() {
        Err(Refusal::Broken)
    } else {
        Ok(Ready { kind: MediaKind::Gif, pixels, content })
    }
}

fn bounded((width, height): (u32, u32), frames: u64) -> Result<(), Refusal> {
    let fits = width <= SIDE_PX_MAX
        && height <= SIDE_PX_MAX
        && u64::from(width) * u64::from(height) * frames <= PIXELS_MAX;
    if fits { Ok(()) } else { Err(Refusal::TooManyPixels) }
}

fn narrowed(picture: DynamicImage) -> DynamicImage {
    if picture.width() <= WIDTH_PX_MAX {
        return picture;
    }
    let height = u64::from(picture.height()) * u64::from(WIDTH_PX_MAX) / u64::from(picture.width());
    let height = u32::try_from(height).unwrap_or(SIDE_PX_MAX).max(1);
    picture.resize_exact(WIDTH_PX_MAX, height, FilterType::CatmullRom)
}

fn refusal(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Broken,
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut octets = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut octets), format).unwrap();
        octets
    }

    fn photo(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 80]))
    }

    #[test]
    fn a_wide_photo_is_scaled_down_and_stays_a_photo() {
        let ready = prepare(&written(photo(2_560, 100), ImageFormat::Jpeg)).unwrap();
        assert_eq!((ready.kind, ready.pixels), (MediaKind::Jpeg, (1_280, 50)));
        let again = image::load_from_memory(&ready.content).unwrap();
        assert_eq!((again.width(), again.height()), (1_280, 50));
    }

    #[test]
    fn what_the_old_file_told_of_itself_is_gone() {
        let mut octets = written(photo(8, 8), ImageFormat::Jpeg);
        // An application segment right behind the beginning, as a camera writes its place.
        let told = b"Exif\0\0GPS 51.1282,71.4306";
        let length = u16::try_from(told.len() + 2).unwrap().to_be_bytes();
        octets.splice(2..2, [&[0xff, 0xe1], &length[..], told].concat());
        let ready = prepare(&octets).unwrap();
        assert!(!ready.content.windows(4).any(|four| four == b"Exif"));
    }

    #[test]
    fn what_one_sees_through_stays_png_and_webp_becomes_what_outlook_shows() {
        let clear = RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 100]));
        let ready = prepare(&written(clear.clone(), ImageFormat::Png)).unwrap();
        assert_eq!(ready.kind, MediaKind::Png);
        assert_eq!(prepare(&written(clear, ImageFormat::WebP)).unwrap().kind, MediaKind::Png);
        assert_eq!(
            prepare(&written(photo(4, 4), ImageFormat::WebP)).unwrap().kind,
            MediaKind::Jpeg
        );
    }

    #[test]
    fn a_moving_picture_still_moves() {
        let mut octets = Vec::new();
        {
            let mut encoder = GifEncoder::new(&mut octets);
            for shade in [0, 200] {
                let frame = RgbaImage::from_pixel(6, 4, Rgba([shade, 0, 0, 255]));
                encoder.encode_frame(Frame::new(frame)).unwrap();
            }
        }
        let ready = prepare(&octets).unwrap();
        assert_eq!((ready.kind, ready.pixels), (MediaKind::Gif, (6, 4)));
        let frames = GifDecoder::new(Cursor::new(&ready.content)).unwrap().into_frames();
        assert_eq!(frames.count(), 2);
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        // A PNG of a few octets that says it is 30,000 by 30,000.
        let mut octets = written(photo(1, 1), ImageFormat::Png);
        octets[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let checksum = crc(&octets[12..29]).to_be_bytes();
        octets[29..33].copy_from_slice(&checksum);
        assert_eq!(prepare(&octets).unwrap_err(), Refusal::TooManyPixels);
        assert_eq!(prepare(&vec![0; OCTETS_MAX + 1]).unwrap_err(), Refusal::TooLarge);
    }

    #[test]
    fn what_is_no_picture_is_refused_with_its_reason() {
        assert_eq!(prepare(b"").unwrap_err(), Refusal::Empty);
        assert_eq!(prepare(b"<?xml version=\"1.0\"?><SVG onload=x>").unwrap_err(), Refusal::Svg);
        assert_eq!(prepare(b"GIF89a").unwrap_err(), Refusal::Broken);
        assert_eq!(prepare(b"<html>").unwrap_err(), Refusal::NotAPicture);
        assert_eq!(prepare(b"BM\0\0\0\0").unwrap_err(), Refusal::NotAPicture);
    }

    /// CRC-32 as PNG has it.
    fn crc(octets: &[u8]) -> u32 {
        !octets.iter().fold(u32::MAX, |crc, octet| {
            (0..8).fold(crc ^ u32::from(*octet), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }
}
