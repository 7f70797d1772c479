//! What the beginning of a picture says: its kind, its size in pixels, and when it was taken. Nothing is decoded, and no more than a
//! few hundred kilobytes are read, whatever the file claims of itself.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use chrono::NaiveDate;

use super::plain_file;
use crate::domain::print::ImageKind;

/// So much of a file is looked at: the head of a camera's picture holds a small one of itself.
const HEAD: u64 = 512 * 1024;

/// What is known of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImageHead {
    /// What it is; nothing where it is no picture of a kind that is known.
    pub kind: Option<ImageKind>,
    /// Width and height; nothing where they lie behind what was looked at.
    pub pixels: Option<(u32, u32)>,
    /// The day it was taken, as the camera noted it; that of the file proves nothing.
    pub taken: Option<NaiveDate>,
}

/// Reads the head of a file; one that cannot be opened is no picture.
pub fn image_head(path: &Path) -> ImageHead {
    let mut bytes = Vec::new();
    let read = plain_file::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes));
    let is_cut = bytes.len() as u64 == HEAD;
    if read.is_ok() { head_of(&bytes, is_cut) } else { ImageHead::default() }
}

/// Lists the names of the files in a folder, in no order.
///
/// # Errors
/// It is no folder, or cannot be read.
pub fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let named = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let is_file = entry.path().metadata().is_ok_and(|found| found.is_file());
        Ok(entry.file_name().into_string().ok().filter(|_| is_file))
    };
    fs::read_dir(folder)?.filter_map(|entry| named(entry).transpose()).collect()
}

/// Looks at the first bytes of a picture, all of them unless `is_cut`. What only begins like a picture and says nothing of its
/// size is none: a text that begins with `BM`, a download that broke off.
pub fn head_of(bytes: &[u8], is_cut: bool) -> ImageHead {
    let head = if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)
    } else if bytes.starts_with(b"BM") {
        bmp(bytes)
    } else {
        ImageHead::default()
    };
    if head.pixels.is_some() || is_cut { head } else { ImageHead::default() }
}

/// The sizes that the head inside a BMP file may have; it stands first in it.
const BMP_HEADS: [u32; 7] = [40, 52, 56, 64, 108, 124, 128];

fn bmp(bytes: &[u8]) -> ImageHead {
    let long = |at: usize| four(bytes, at).map(u32::from_le_bytes);
    if !long(14).is_some_and(|size| BMP_HEADS.contains(&size)) {
        return ImageHead::default();
    }
    let side = |at: usize| long(at).filter(|side| *side != 0);
    // The height is below zero where the rows begin at the top.
    let high = four(bytes, 22).map(|sides| i32::from_le_bytes(sides).unsigned_abs()).filter(|side| *side != 0);
    ImageHead { kind: Some(ImageKind::Bmp), pixels: side(18).zip(high), taken: None }
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

/// Walks the segments up to the picture itself.
fn jpeg(bytes: &[u8]) -> ImageHead {
    let mut head = ImageHead { kind: Some(ImageKind::Jpeg), ..ImageHead::default() };
    let mut at = 2;
    while let Some(&[mark, kind]) = bytes.get(at..at + 2) {
        if mark != 0xFF {
            break;
        }
        // What only fills up, and what has no length.
        if kind == 0xFF {
            at += 1;
            continue;
        }
        if matches!(kind, 0x01 | 0xD0..=0xD7) {
            at += 2;
            continue;
        }
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { break };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 || kind == 0xDA || kind == 0xD9 {
            break;
        }
        let end = (at + 2 + length).min(bytes.len());
        let inside = bytes.get(at + 4..end).unwrap_or_default();
        let is_frame = matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
        if let (true, &[_, h1, h2, w1, w2, ..]) = (is_frame, inside) {
            let (high, wide) = (u16::from_be_bytes([h1, h2]), u16::from_be_bytes([w1, w2]));
            head.pixels = (high != 0 && wide != 0).then_some((wide.into(), high.into()));
        }
        if let (0xE1, Some(exif)) = (kind, inside.strip_prefix(b"Exif\0\0")) {
            head.taken = head.taken.or_else(|| exif_day(exif));
        }
        at += 2 + length;
    }
    head
}

/// Walks the chunks up to the picture itself.
fn png(bytes: &[u8]) -> ImageHead {
    let mut head = ImageHead { kind: Some(ImageKind::Png), ..ImageHead::default() };
    let mut at = 8_usize;
    while let (Some(length), Some(kind)) = (four(bytes, at), at.checked_add(4).and_then(|at| four(bytes, at))) {
        let length = u32::from_be_bytes(length) as usize;
        let begin = at + 8;
        let inside = bytes.get(begin..begin.saturating_add(length).min(bytes.len())).unwrap_or_default();
        match &kind {
            b"IHDR" => {
                let side = |at: usize| Some(u32::from_be_bytes(four(inside, at)?)).filter(|side| *side != 0);
                head.pixels = side(0).zip(side(4));
            }
            b"eXIf" => head.taken = head.taken.or_else(|| exif_day(inside)),
            b"IEND" => break,
            _ => {}
        }
        let Some(next) = begin.checked_add(length).and_then(|end| end.checked_add(4)) else { break };
        at = next;
    }
    head
}

/// The tags that lead to a day: the inner table, when it was taken, when it was made digital.
const INNER: u16 = 0x8769;
const TAKEN: u16 = 0x9003;
const DIGITAL: u16 = 0x9004;

/// Reads of EXIF data on which day a picture was taken. When the file was last changed is not asked: a copy is as old as its copying.
fn exif_day(bytes: &[u8]) -> Option<NaiveDate> {
    let is_little = match bytes.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| {
        let pair = four(bytes, at)?;
        Some(if is_little { u32::from_le_bytes(pair) } else { u32::from_be_bytes(pair) } as usize)
    };
    // Gives where the value of a tag stands in the table at a place.
    let value_of = |table: usize, wanted: u16| {
        let count = usize::from(short(table)?);
        let entry = |nth: usize| table.checked_add(2)?.checked_add(12 * nth);
        let found = (0..count).map_while(entry).find(|at| short(*at) == Some(wanted))?;
        found.checked_add(8)
    };
    let inner = long(value_of(long(4)?, INNER)?)?;
    let told = value_of(inner, TAKEN).or_else(|| value_of(inner, DIGITAL))?;
    let text = long(told)?;
    let text = std::str::from_utf8(bytes.get(text..text.checked_add(10)?)?).ok()?;
    NaiveDate::parse_from_str(text, "%Y:%m:%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes EXIF data that say when a picture was taken.
    fn exif(day: &str, is_little: bool) -> Vec<u8> {
        let short = |n: u16| if is_little { n.to_le_bytes() } else { n.to_be_bytes() };
        let long = |n: u32| if is_little { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut all = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        all.extend(long(8));
        for (tag, kind, count, value) in [(INNER, 4_u16, 1_u32, 26_u32), (TAKEN, 2, 20, 44)] {
            all.extend(short(1));
            all.extend(short(tag));
            all.extend(short(kind));
            all.extend(long(count));
            all.extend(long(value));
            all.extend(long(0));
        }
        all.extend(format!("{day} 10:20:30\0").as_bytes());
        all
    }

    fn segment(kind: u8, inside: &[u8]) -> Vec<u8> {
        let mut all = vec![0xFF, kind];
        all.extend((inside.len() as u16 + 2).to_be_bytes());
        all.extend(inside);
        all
    }

    fn photo(day: &str, is_little: bool) -> Vec<u8> {
        let mut all = vec![0xFF, 0xD8];
        all.extend(segment(0xE0, b"JFIF\0\x01\x01"));
        all.extend(segment(0xE1, &[b"Exif\0\0".to_vec(), exif(day, is_little)].concat()));
        all.extend(segment(0xC0, &[8, 1, 0x9D, 1, 0x27, 3]));
        all.extend([0xFF, 0xDA]);
        all
    }

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn a_picture_tells_its_size_and_its_day() {
        for is_little in [true, false] {
            let head = head_of(&photo("2026:05:28", is_little), false);
            let kind = Some(ImageKind::Jpeg);
            assert_eq!(head, ImageHead { kind, pixels: Some((295, 413)), taken: day("2026-05-28") });
        }
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend([0, 0, 0, 13]);
        png.extend(b"IHDR");
        png.extend([0, 0, 1, 0x27, 0, 0, 1, 0x9D, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
        let inside = exif("2026:05:27", false);
        png.extend((inside.len() as u32).to_be_bytes());
        png.extend(b"eXIf");
        png.extend(&inside);
        png.extend([0; 4]);
        let kind = Some(ImageKind::Png);
        assert_eq!(head_of(&png, false), ImageHead { kind, pixels: Some((295, 413)), taken: day("2026-05-27") });
        let mut bmp = b"BM".to_vec();
        bmp.extend([0; 12]);
        bmp.extend(40_u32.to_le_bytes());
        bmp.extend(100_u32.to_le_bytes());
        bmp.extend((-150_i32).to_le_bytes());
        assert_eq!(head_of(&bmp, false).pixels, Some((100, 150)));
        assert_eq!(head_of(b"GIF89a", false), ImageHead::default());
    }

    /// Whatever is cut off and whatever a byte is turned into, nothing panics, and a day is one that was there.
    #[test]
    fn cut_and_hostile_pictures_tell_nothing_and_break_nothing() {
        let whole = photo("2026:05:28", true);
        for cut in 0..whole.len() {
            let _ = head_of(&whole[..cut], cut < 20);
            for with in [0x00, 0x7F, 0xFF] {
                let mut bent = whole.clone();
                bent[cut] = with;
                let _ = head_of(&bent, false);
            }
        }
        for lies in [
            &b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFIHDR"[..],
            b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\0\0\0\0\0",
            b"BM",
            b"BMW, VW and Audi: what this list is about, and more of it than a head has",
            b"\xFF\xD8\xFF\xDA",
            b"\xFF\xD8\xFF\xE1\xFF\xFFExif\0\0II*\0\xFF\xFF\xFF\xFF",
        ] {
            assert_eq!(head_of(lies, false), ImageHead::default(), "{lies:?}");
        }
        // Where only the first of a long file was looked at, its size may lie behind.
        assert_eq!(head_of(b"\xFF\xD8\xFF\xE1\xFF\xFF", true).kind, Some(ImageKind::Jpeg));
        assert_eq!(exif_day(b"II*\0\xFF\xFF\xFF\x7F"), None);
        assert_eq!(head_of(&photo("2026:02:30", true), false).taken, None, "no such day");
    }
}
