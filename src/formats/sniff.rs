//! What kind of file the first bytes say it is, whatever its name says.

mod ole;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::{FileRefusal, RefusalKind};
use std::io::{self, Read, Seek, SeekFrom};

/// The kinds of file we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Text with separators, in an encoding still to be found.
    Text,
    /// The zip workbook of Excel 2007 and later, and of WPS.
    Xlsx,
    /// The OLE workbook of Excel 97 to 2003, and of older WPS.
    Xls,
    /// The binary zip workbook of Excel.
    Xlsb,
    /// The workbook of `LibreOffice`.
    Ods,
}

impl FileKind {
    /// Gives the usual file extension of the kind.
    pub fn key(self) -> &'static str {
        match self {
            FileKind::Text => "text",
            FileKind::Xlsx => "xlsx",
            FileKind::Xls => "xls",
            FileKind::Xlsb => "xlsb",
            FileKind::Ods => "ods",
        }
    }

    /// Finds a kind by its key.
    pub fn from_key(key: &str) -> Option<FileKind> {
        [FileKind::Text, FileKind::Xlsx, FileKind::Xls, FileKind::Xlsb, FileKind::Ods]
            .into_iter()
            .find(|kind| kind.key() == key)
    }
}

/// How many bytes of a text are looked at; a zip or OLE directory is found by seeking.
const HEAD: usize = 8192;

/// A zip directory larger than this is no workbook's: even one part per row would not fill it.
const MAX_ZIP_PARTS: u16 = 20_000;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";
const UTF16_BOMS: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

/// Openings of web pages, XML and mail archives, in lower case.
const WEB_OPENINGS: [&[u8]; 13] = [
    b"<html",
    b"<table",
    b"<?xml",
    b"<!doctype",
    b"<!--",
    b"<head",
    b"<meta",
    b"<body",
    b"<style",
    b"<script",
    b"<div",
    b"<workbook",
    b"mime-version",
];

/// Files that are neither text nor workbook, by their first bytes.
const FOREIGN: [(&[u8], &str); 19] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"Rar!\x1A\x07", "RAR"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"\x1F\x8B", "gzip"),
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"\x7FELF", "ELF"),
    (b"SQLite format 3\0", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"PK\x05\x06", "zip"),
    (b"\x09\x08\x10\x00", "Excel 5"),
    (b"\x09\x04\x06\x00", "Excel 4"),
];

/// Tells what kind of file this is by its bytes and leaves it at its start, or refuses it.
pub fn sniff(file: &mut (impl Read + Seek)) -> Result<FileKind, FileRefusal> {
    let kind = decide(file)?;
    file.seek(SeekFrom::Start(0)).map_err(|error| FileRefusal::from_io(&error))?;
    Ok(kind)
}

fn decide(file: &mut (impl Read + Seek)) -> Result<FileKind, FileRefusal> {
    let head = read_head(file).map_err(|error| FileRefusal::from_io(&error))?;
    if head.starts_with(b"PK\x03\x04") {
        return zip_kind(file);
    }
    if head.starts_with(&ole::MAGIC) {
        return ole::kind(file);
    }
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FileRefusal::new(RefusalKind::Foreign, *name));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err(FileRefusal::new(RefusalKind::Foreign, "tar"));
    }
    let (body, wide) = without_bom(&head);
    let wide = wide || wide_without_mark(body).is_some();
    // In UTF-16 the openings below are the same bytes with zeros between them.
    let letters: Vec<u8> = body.iter().copied().filter(|b| !wide || *b != 0).collect();
    let start = letters.iter().position(|b| !is_blank(*b));
    let Some(start) = start else {
        let rest_is_blank = rest_is_blank(file, wide).map_err(|error| FileRefusal::from_io(&error))?;
        return if rest_is_blank { Err(FileRefusal::new(RefusalKind::Empty, "")) } else { Ok(FileKind::Text) };
    };
    let opening = letters[start..].iter().take(16).map(u8::to_ascii_lowercase).collect::<Vec<u8>>();
    if WEB_OPENINGS.iter().any(|web| opening.starts_with(web)) {
        return Err(FileRefusal::new(RefusalKind::WebPage, ""));
    }
    if !wide && is_binary(body) {
        return Err(FileRefusal::new(RefusalKind::Foreign, "binary"));
    }
    Ok(FileKind::Text)
}

fn read_head(file: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn without_bom(head: &[u8]) -> (&[u8], bool) {
    if let Some(body) = head.strip_prefix(UTF8_BOM) {
        return (body, false);
    }
    UTF16_BOMS.iter().find_map(|bom| head.strip_prefix(*bom)).map_or((head, false), |body| (body, true))
}

/// Tells whether bytes are no text. NULs alone do not say it: programs fill cells and lines up with them.
fn is_binary(body: &[u8]) -> bool {
    let zeros = memchr::memchr_iter(0, body).count();
    let is_other = |byte: &&u8| matches!(**byte, 0x01..=0x08 | 0x0E..=0x19 | 0x1C..=0x1F);
    let others = body.iter().filter(is_other).count();
    let is_much = |count: usize| count > 1 && count * 100 > body.len();
    let has_lines = memchr::memchr2(b'\n', b'\r', body).is_some();
    is_much(others) || (is_much(zeros) && (!has_lines || body.len() < zeros * 10 / 9))
}

/// Knows UTF-16 that has no mark: nearly all zeros are one half of the ASCII characters in it, it has line ends, and it is
/// well-formed. Looks at the first bytes alone.
pub fn wide_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(HEAD) & !1];
    let (pairs, _) = head.as_chunks::<2>();
    let [even, odd] = [0, 1].map(|half: usize| pairs.iter().filter(|pair| pair[half] == 0).count());
    let zeros = even + odd;
    if zeros * 20 < head.len() || even.max(odd) * 20 < zeros * 19 {
        return None;
    }
    let is_little = even < odd;
    let unit = |pair: &[u8; 2]| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let has_lines = pairs.iter().any(|pair| matches!(unit(pair), 0x0A | 0x0D));
    // The head may end between the two halves of a character.
    let upto = pairs.len() - usize::from(pairs.last().is_some_and(|pair| (0xD800..0xDC00).contains(&unit(pair))));
    let is_sound = char::decode_utf16(pairs[..upto].iter().map(unit)).all(|unit| unit.is_ok());
    (has_lines && is_sound).then_some(if is_little { UTF_16LE } else { UTF_16BE })
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// Reads on, a piece at a time, after a head that was all blanks.
fn rest_is_blank(file: &mut impl Read, wide: bool) -> io::Result<bool> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(true),
            n if piece[..n].iter().all(|b| is_blank(*b) || (wide && *b == 0)) => {}
            _ => return Ok(false),
        }
    }
}

fn zip_kind(file: &mut (impl Read + Seek)) -> Result<FileKind, FileRefusal> {
    if zip_parts(file).map_err(|error| FileRefusal::from_io(&error))? > MAX_ZIP_PARTS {
        return Err(FileRefusal::new(RefusalKind::Foreign, "zip"));
    }
    let cut_off = |_| FileRefusal::new(RefusalKind::CutOff, "");
    let mut zip = zip::ZipArchive::new(io::BufReader::new(file)).map_err(cut_off)?;
    let has = |name: &str| zip.file_names().any(|n| n.is_ok_and(|n| n.eq_ignore_ascii_case(name)));
    if has("xl/workbook.xml") {
        return Ok(FileKind::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Ok(FileKind::Xlsb);
    }
    if has("word/document.xml") {
        return Err(FileRefusal::new(RefusalKind::Foreign, "Word"));
    }
    if has("ppt/presentation.xml") {
        return Err(FileRefusal::new(RefusalKind::Foreign, "PowerPoint"));
    }
    if has("META-INF/MANIFEST.MF") {
        return Err(FileRefusal::new(RefusalKind::Foreign, "jar"));
    }
    // The main part of an xlsx may have any name, which its content types tell; only then is it worth reading them.
    let mut mime = String::new();
    if let Ok(part) = zip.by_name("mimetype") {
        let _ = part.take(256).read_to_string(&mut mime);
    }
    match mime.trim() {
        m if m.starts_with("application/vnd.oasis.opendocument.spreadsheet") => return Ok(FileKind::Ods),
        m if m.starts_with("application/vnd.oasis.opendocument.text") => {
            return Err(FileRefusal::new(RefusalKind::Foreign, "OpenDocument text"));
        }
        m if m.starts_with("application/vnd.oasis.opendocument") => {
            return Err(FileRefusal::new(RefusalKind::Foreign, "OpenDocument"));
        }
        m if m.starts_with("application/epub") => return Err(FileRefusal::new(RefusalKind::Foreign, "EPUB")),
        _ => {}
    }
    let mut types = Vec::new();
    if let Ok(part) = zip.by_name("[Content_Types].xml") {
        let _ = part.take(64 * 1024).read_to_end(&mut types);
    }
    if memchr::memmem::find(&types, b"spreadsheetml.sheet.main+xml").is_some() {
        return Ok(FileKind::Xlsx);
    }
    Err(FileRefusal::new(RefusalKind::Foreign, "zip"))
}

/// Reads from the zip's last record how many parts it says it has; 0 when there is no such record.
fn zip_parts(file: &mut (impl Read + Seek)) -> io::Result<u16> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(66_000)))?;
    let mut tail = Vec::new();
    file.take(66_000).read_to_end(&mut tail)?;
    let parts = memchr::memmem::rfind(&tail, b"PK\x05\x06").and_then(|at| tail.get(at + 10..at + 12));
    file.seek(SeekFrom::Start(0))?;
    Ok(match parts.map_or(0, |p| u16::from_le_bytes([p[0], p[1]])) {
        // Means "see the zip64 record"; the zip crate bounds that one by the file's size.
        u16::MAX => 0,
        parts => parts,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn of(bytes: &[u8]) -> Result<FileKind, FileRefusal> {
        sniff(&mut Cursor::new(bytes))
    }

    fn refused(bytes: &[u8]) -> (RefusalKind, String) {
        let refusal = of(bytes).unwrap_err();
        (refusal.kind, refusal.detail)
    }

    fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn knows_text() {
        for text in ["姓名,证件号码\n", "\u{feff}姓名\n", "a", " \n\n 1\t2", "PK is a name", "%P,1", "<3,4"] {
            assert_eq!(of(text.as_bytes()), Ok(FileKind::Text), "{text:?}");
        }
        assert_eq!(of(b"\xFF\xFEa\0b\0,\0c\0"), Ok(FileKind::Text));
        assert_eq!(of(b"\xD0\xD5\xC3\xFB,\xD6\xA4"), Ok(FileKind::Text));
        let one_stray_nul = [b"a,b,c\n".repeat(50), vec![0]].concat();
        assert_eq!(of(&one_stray_nul), Ok(FileKind::Text));
        let filled_up = [&b"a,b,c"[..], &[0; 40], b"\r\n"].concat().repeat(20);
        assert_eq!((of(&filled_up), wide_without_mark(&filled_up)), (Ok(FileKind::Text), None));
        for (encoding, unit) in [(UTF_16LE, u16::to_le_bytes as fn(u16) -> [u8; 2]), (UTF_16BE, u16::to_be_bytes)] {
            let wide: Vec<u8> = "姓名,a1\r\n𠮷,22\r\n".encode_utf16().flat_map(unit).collect();
            assert_eq!((of(&wide), wide_without_mark(&wide)), (Ok(FileKind::Text), Some(encoding)));
            let page: Vec<u8> = "\n<html>\n".encode_utf16().flat_map(unit).collect();
            assert_eq!(refused(&page).0, RefusalKind::WebPage);
        }
        let late = [b"\n".repeat(HEAD * 20), b"a".to_vec()].concat();
        assert_eq!(of(&late), Ok(FileKind::Text));
    }

    #[test]
    fn refuses_empty_files() {
        let blank = b" \r\n\t".repeat(HEAD);
        let wide = [b"\xFF\xFE".to_vec(), b" \0\n\0".repeat(HEAD)].concat();
        for bytes in [&b""[..], b"  \r\n", b"\xEF\xBB\xBF", b"\xEF\xBB\xBF\n", b"\xFF\xFE", &blank, &wide] {
            assert_eq!(refused(bytes).0, RefusalKind::Empty, "{:?}", &bytes[..bytes.len().min(8)]);
        }
    }

    #[test]
    fn refuses_web_pages() {
        let wide: Vec<u8> = [&b"\xFF\xFE"[..], b"<\0h\0t\0m\0l\0>\0"].concat();
        for bytes in [
            &b"<html>"[..],
            b"\n <HTML xmlns:x=\"\">",
            b"\xEF\xBB\xBF<table>",
            b"<?xml version=\"1.0\"?><Workbook>",
            b"MIME-Version: 1.0\r\n",
            &wide,
        ] {
            assert_eq!(refused(bytes).0, RefusalKind::WebPage);
        }
    }

    #[test]
    fn refuses_other_kinds_by_name() {
        for (bytes, name) in [
            (&b"%PDF-1.7"[..], "PDF"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"\xFF\xD8\xFF\xE0", "JPEG"),
            (b"Rar!\x1A\x07\x01\0", "RAR"),
            (b"7z\xBC\xAF\x27\x1C", "7z"),
            (b"\x1F\x8B\x08", "gzip"),
            (b"\x7FELF\x02", "ELF"),
            (b"SQLite format 3\0", "SQLite"),
            (b"a\0b\0c\0d\0", "binary"),
        ] {
            assert_eq!(refused(bytes), (RefusalKind::Foreign, name.to_owned()));
        }
    }

    #[test]
    fn looks_into_zips() {
        assert_eq!(of(&zip_of(&[("xl/workbook.xml", "")])), Ok(FileKind::Xlsx));
        assert_eq!(of(&zip_of(&[("xl/workbook.bin", "")])), Ok(FileKind::Xlsb));
        let main = "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"";
        assert_eq!(of(&zip_of(&[("[Content_Types].xml", main), ("book/main.xml", "")])), Ok(FileKind::Xlsx));
        let ods = "application/vnd.oasis.opendocument.spreadsheet";
        assert_eq!(of(&zip_of(&[("mimetype", ods), ("content.xml", "")])), Ok(FileKind::Ods));
        for (part, text, name) in [
            ("word/document.xml", "", "Word"),
            ("mimetype", "application/vnd.oasis.opendocument.text", "OpenDocument text"),
            ("META-INF/MANIFEST.MF", "", "jar"),
            ("a.txt", "", "zip"),
        ] {
            assert_eq!(refused(&zip_of(&[(part, text)])), (RefusalKind::Foreign, name.to_owned()));
        }
        let whole = zip_of(&[("xl/workbook.xml", "<workbook/>")]);
        assert_eq!(refused(&whole[..whole.len() * 6 / 10]).0, RefusalKind::CutOff);
    }

    #[test]
    fn survives_bent_bytes() {
        let zip = zip_of(&[("xl/workbook.xml", "<workbook/>"), ("mimetype", "x")]);
        let ole = [&ole::MAGIC[..], &[0xFF; 600]].concat();
        for bytes in [zip, ole] {
            for i in 0..bytes.len() {
                let mut bent = bytes.clone();
                bent[i] = bent[i].wrapping_add(0x81);
                let _ = of(&bent);
                let _ = of(&bytes[..i]);
            }
        }
    }
}
