//! XML passed on as it stands: cut into tags and what lies between them, nothing decoded and nothing tidied, so that what is
//! written back is the same to the byte.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// No tag, comment or declaration of a workbook is longer.
const MAX_PIECE: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// `<c r="A1">`
    Start,
    /// `<c r="A1"/>`
    Empty,
    /// `</c>`
    End,
    /// Text and CDATA.
    Text,
    /// Comments, declarations, processing instructions.
    Other,
}

/// A piece with its bytes as they stand.
#[derive(Debug, Clone, Copy)]
pub struct XmlPiece<'a> {
    pub kind: PieceKind,
    pub bytes: &'a [u8],
}

/// Cuts what is read into pieces. A long text comes in several.
#[derive(Debug)]
pub struct XmlPieces<R> {
    input: R,
    piece: Vec<u8>,
}

impl<R: BufRead> XmlPieces<R> {
    pub fn new(input: R) -> XmlPieces<R> {
        XmlPieces { input, piece: Vec::new() }
    }

    /// Gives the next piece, or nothing at the end.
    pub fn next_piece(&mut self) -> io::Result<Option<XmlPiece<'_>>> {
        self.piece.clear();
        let held = self.input.fill_buf()?;
        let kind = match held.first() {
            None => return Ok(None),
            Some(b'<') => self.read_tag()?,
            Some(_) => {
                let end = memchr::memchr(b'<', held).unwrap_or(held.len());
                self.piece.extend_from_slice(&held[..end]);
                self.input.consume(end);
                PieceKind::Text
            }
        };
        Ok(Some(XmlPiece { kind, bytes: &self.piece }))
    }

    /// Reads from a `<` to the `>` that belongs to it: one in an attribute's value or in a comment does not.
    fn read_tag(&mut self) -> io::Result<PieceKind> {
        let mut quote = None;
        let mut seen = 0;
        loop {
            let left = MAX_PIECE.saturating_sub(self.piece.len() as u64);
            let read = self.input.by_ref().take(left).read_until(b'>', &mut self.piece)?;
            if read == 0 {
                return Err(damaged("a tag does not end"));
            }
            let piece = &self.piece[..];
            let done = |end: &[u8], least: usize, kind| (least <= piece.len() && piece.ends_with(end)).then_some(kind);
            let found = if piece.starts_with(b"<!--") {
                done(b"-->", 7, PieceKind::Other)
            } else if piece.starts_with(b"<![CDATA[") {
                done(b"]]>", 12, PieceKind::Text)
            } else if piece.starts_with(b"<?") {
                done(b"?>", 4, PieceKind::Other)
            } else if piece.starts_with(b"<!") {
                return Err(damaged("a document type"));
            } else {
                for byte in &piece[seen..] {
                    match quote {
                        None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
                        Some(open) if open == *byte => quote = None,
                        _ => {}
                    }
                }
                seen = piece.len();
                match piece {
                    _ if quote.is_some() => None,
                    [b'<', b'/', ..] => done(b">", 3, PieceKind::End),
                    _ => done(b"/>", 3, PieceKind::Empty).or_else(|| done(b">", 2, PieceKind::Start)),
                }
            };
            if let Some(kind) = found {
                return Ok(kind);
            }
        }
    }
}

/// Says that a part is not what it should be.
pub fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_string())
}

impl<'a> XmlPiece<'a> {
    /// Gives the tag's name with its prefix; nothing for what is no tag.
    pub fn name(self) -> &'a [u8] {
        let inner = match self.kind {
            PieceKind::Start | PieceKind::Empty => &self.bytes[1..],
            PieceKind::End => &self.bytes[2..],
            PieceKind::Text | PieceKind::Other => return &[],
        };
        let end = inner.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        &inner[..end.unwrap_or(inner.len())]
    }

    /// Gives the tag's name without its prefix.
    pub fn local(self) -> &'a [u8] {
        local(self.name())
    }

    /// Gives the tag's prefix with its colon, to put before further names.
    pub fn prefix(self) -> &'a [u8] {
        let name = self.name();
        &name[..name.len() - local(name).len()]
    }

    /// Whether a tag opens an element of a name, whatever its prefix.
    pub fn opens(self, name: &str) -> bool {
        matches!(self.kind, PieceKind::Start | PieceKind::Empty) && self.local() == name.as_bytes()
    }

    /// Whether a tag closes an element of a name, whatever its prefix.
    pub fn closes(self, name: &str) -> bool {
        self.kind == PieceKind::End && self.local() == name.as_bytes()
    }

    /// Lists the attributes: each with its name, its value as it stands, and all of it.
    pub fn attributes(self) -> impl Iterator<Item = (&'a [u8], &'a [u8], &'a [u8])> {
        let mut rest = self.bytes.get(1 + self.name().len()..).unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_ascii_start();
            let equals = memchr::memchr(b'=', rest)?;
            let name = rest[..equals].trim_ascii_end();
            let behind = rest[equals + 1..].trim_ascii_start();
            let (quote, value) = behind.split_first()?;
            let end = memchr::memchr(*quote, value).filter(|_| matches!(quote, b'"' | b'\''))?;
            let whole = &rest[..rest.len() - (value.len() - end - 1)];
            rest = &value[end + 1..];
            Some((name, &value[..end], whole))
        })
    }

    /// Gives an attribute without a prefix, decoded.
    pub fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(n, ..)| *n == name.as_bytes()).and_then(|(_, value, _)| decoded(value))
    }

    /// Gives an attribute that has a prefix, as `r:id`, whatever the prefix is.
    pub fn prefixed(self, name: &str) -> Option<Cow<'a, str>> {
        let is_it = |n: &[u8]| n.len() != local(n).len() && local(n) == name.as_bytes();
        self.attributes().find(|(n, ..)| is_it(n)).and_then(|(_, value, _)| decoded(value))
    }

    /// Gives the tag with some attributes left out and others put behind, opened for content or closed in itself.
    pub fn changed(self, dropped: &[&str], added: &str, kind: PieceKind) -> Vec<u8> {
        let mut tag = [b"<", self.name()].concat();
        for (_, _, whole) in self.attributes().filter(|(n, ..)| !dropped.iter().any(|d| d.as_bytes() == *n)) {
            tag.push(b' ');
            tag.extend_from_slice(whole);
        }
        tag.extend_from_slice(added.as_bytes());
        tag.extend_from_slice(if kind == PieceKind::Empty { b"/>" } else { b">" });
        tag
    }
}

fn local(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// Decodes the entities of a value or text; nothing where it is no UTF-8 or has entities of its own.
pub fn decoded(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    let Some(first) = text.find('&') else { return Some(Cow::Borrowed(text)) };
    let mut out = text[..first].to_string();
    let mut rest = &text[first..];
    while let Some(entity) = rest.strip_prefix('&') {
        let (name, behind) = entity.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        let next = behind.find('&').unwrap_or(behind.len());
        out.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    Some(Cow::Owned(out))
}

/// Encodes a text so that it stands in an element or in a value between double quotation marks.
pub fn encoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
}

/// Encodes the text of a cell: what XML cannot hold is written as spreadsheet programs do, `_x000D_`, and a text that looks like
/// that is guarded.
pub fn encoded_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push_str(&format!("_x{:04X}_", u32::from(c))),
            '_' if looks_escaped(&text.as_bytes()[at..]) => out.push_str("_x005F_"),
            _ => out.push(c),
        }
    }
    out
}

fn looks_escaped(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|h| h.is_ascii_hexdigit()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const XML: &str = "\u{FEFF}<?xml version=\"1.0\"?><!-- a > b --><x:row r = '3' note=\"a>b\" ht=\"1.5\" ><c r=\"A1\"/>\
        <![CDATA[ ]] > <c> ]]>text &amp; more</x:row>";

    #[test]
    fn what_is_cut_is_the_same_put_together() {
        for size in [1, 2, 7, 4096] {
            let mut pieces = XmlPieces::new(io::BufReader::with_capacity(size, XML.as_bytes()));
            let (mut all, mut tags) = (Vec::new(), Vec::new());
            while let Some(piece) = pieces.next_piece().unwrap() {
                all.extend_from_slice(piece.bytes);
                if !piece.local().is_empty() {
                    tags.push((piece.kind, String::from_utf8_lossy(piece.local()).into_owned()));
                }
            }
            assert_eq!(all, XML.as_bytes());
            let expected = [(PieceKind::Start, "row"), (PieceKind::Empty, "c"), (PieceKind::End, "row")];
            assert_eq!(tags, expected.map(|(kind, name)| (kind, name.to_string())));
        }
    }

    #[test]
    fn attributes_are_found_and_left_out() {
        let tag = XmlPiece { kind: PieceKind::Start, bytes: b"<x:c r=\"A&lt;1\" s = '4' r:id=\"rId1\" t=\"s\" >" };
        assert_eq!((tag.prefix(), tag.local()), (&b"x:"[..], &b"c"[..]));
        assert_eq!((tag.attribute("r").as_deref(), tag.attribute("s").as_deref()), (Some("A<1"), Some("4")));
        assert_eq!((tag.prefixed("id").as_deref(), tag.attribute("id")), (Some("rId1"), None));
        let changed = tag.changed(&["t", "r:id"], " t=\"inlineStr\"", PieceKind::Empty);
        assert_eq!(changed, b"<x:c r=\"A&lt;1\" s = '4' t=\"inlineStr\"/>");
    }

    #[test]
    fn what_does_not_end_is_refused() {
        for xml in ["<c r=\"1>", "<!-- x >", "<c", "<!DOCTYPE x [<!ENTITY a \"b\">]>"] {
            assert!(XmlPieces::new(xml.as_bytes()).next_piece().is_err(), "{xml}");
        }
        let endless = io::repeat(b'<').take(MAX_PIECE * 2);
        assert!(XmlPieces::new(io::BufReader::new(endless)).next_piece().is_err());
    }

    #[test]
    fn texts_go_in_and_come_out() {
        assert_eq!(decoded(b"a&#x4E2D;&#65;&lt;&amp;b").as_deref(), Some("a中A<&b"));
        assert_eq!((decoded(b"&foo;"), decoded(b"&#xD800;"), decoded(b"\xFF")), (None, None, None));
        assert_eq!(encoded_cell("a<b>&\r_x000D_ _x12_"), "a&lt;b&gt;&amp;_x000D__x005F_x000D_ _x12_");
        assert_eq!(encoded("'a' & \"b\""), "'a' &amp; &quot;b&quot;");
    }
}
