//! Texts of an xlsx of which a part is struck out (删除线): their cells are read whole, so that somebody has to look.
//!
//! Shared texts are inflated once more beside their parser, which passes over how they look. Only where one of them is struck
//! out, or a text in a cell of the sheet, the sheet is gone through for the cells.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use memchr::memmem;

use super::looks::MAX_PLACES;
use super::merges::{Zip, attribute, place, sheet_part};
use super::meter::Metered;

/// The part with the shared texts.
pub const TEXTS: &str = "xl/sharedStrings.xml";

/// Text before a tag is looked at in pieces of this size.
const MAX_PIECE: u64 = 1 << 20;
/// Texts of more bytes, inflated, are no ordinary roster's.
const LONG: u64 = 64 << 20;
/// No text that is counted is shorter: `<si></si>`.
const SHORTEST: u64 = 9;
/// More such texts are a pattern.
const MAX_TEXTS: usize = 100_000;

/// Cells, row and column from 1.
pub type Places = Vec<(u32, u32)>;

/// The numbers of the shared texts that are struck out in part, and of those that are wholly.
#[derive(Debug, Default)]
pub struct StruckTexts {
    partly: HashSet<u32>,
    wholly: HashSet<u32>,
}

impl StruckTexts {
    pub fn is_empty(&self) -> bool {
        self.partly.is_empty() && self.wholly.is_empty()
    }
}

/// Tells whether the shared texts are said to be so long that looking through them is not done at once.
pub fn has_many_texts(bytes: &[u8]) -> bool {
    let Ok(mut zip) = Zip::new(Metered::new(bytes)) else { return false };
    zip.by_name(TEXTS).is_ok_and(|part| LONG < part.size())
}

/// Finds the shared texts with something struck out; nothing where there are more texts than `most`. Their part is read to its
/// end, so that the sum kept of it is known to be right.
pub fn struck_texts(bytes: &[u8], most: u32) -> io::Result<Option<StruckTexts>> {
    let mut found = StruckTexts::default();
    let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
    let has_any = match zip.by_name(TEXTS) {
        Ok(part) => {
            let size = part.size();
            holds_strike(part, size, most)?
        }
        Err(_) => Some(false),
    };
    match has_any {
        None => return Ok(None),
        Some(false) => return Ok(Some(found)),
        Some(true) => {}
    }
    let part = zip.by_name(TEXTS).map_err(io::Error::other)?;
    let (mut text, mut at) = (TextLook::default(), 0_u32);
    tags(BufReader::with_capacity(64 * 1024, part), |before, tag| {
        match local(tag) {
            b"si" if tag.ends_with(b"/>") => at += 1,
            b"si" => text = TextLook::default(),
            b"/si" => {
                let set = if text.is_partly_struck() { &mut found.partly } else { &mut found.wholly };
                if text.is_struck && set.len() < MAX_TEXTS {
                    set.insert(at);
                }
                at += 1;
            }
            name => text.take(before, name, tag),
        }
        ControlFlow::Continue(())
    })?;
    Ok(Some(found))
}

/// Finds the cells of the `nth` sheet with such texts: those that are struck out in part, and those that are wholly.
pub fn places(bytes: &[u8], nth: usize, texts: &StruckTexts) -> io::Result<(Places, Places)> {
    let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
    let (mut partly, mut wholly) = (Vec::new(), Vec::new());
    let Some(part) = sheet_part(&mut zip, nth)? else { return Ok((partly, wholly)) };
    let Ok(sheet) = zip.by_name(&part) else { return Ok((partly, wholly)) };
    let (mut cell, mut is_shared, mut text) = (None, false, TextLook::default());
    tags(BufReader::with_capacity(64 * 1024, sheet), |before, tag| {
        let mut put = |is_partly: bool| {
            let list = if is_partly { &mut partly } else { &mut wholly };
            if let Some((row, column)) = cell.filter(|_| list.len() < MAX_PLACES) {
                list.push((row + 1, column + 1));
            }
        };
        match local(tag) {
            b"c" => {
                cell = attribute(tag, b"r").and_then(place);
                (is_shared, text) = (attribute(tag, b"t") == Some(b"s"), TextLook::default());
            }
            b"/v" if is_shared => {
                let number = std::str::from_utf8(before).ok().and_then(|number| number.trim().parse().ok());
                let number = number.filter(|at| texts.partly.contains(at) || texts.wholly.contains(at));
                if let Some(number) = number {
                    put(texts.partly.contains(&number));
                }
            }
            b"/c" if text.is_struck => put(text.is_partly_struck()),
            name => text.take(before, name, tag),
        }
        ControlFlow::Continue(())
    })?;
    Ok((partly, wholly))
}

/// What is seen of a text while its runs go by.
#[derive(Debug, Default)]
struct TextLook {
    is_struck: bool,
    is_plain: bool,
    /// Of the run that goes by.
    run: bool,
    /// How a text is spoken is none of it.
    is_spoken: bool,
}

impl TextLook {
    fn is_partly_struck(&self) -> bool {
        self.is_struck && self.is_plain
    }

    fn take(&mut self, before: &[u8], name: &[u8], tag: &[u8]) {
        match name {
            b"r" => self.run = false,
            b"rPh" => self.is_spoken = true,
            b"/rPh" => self.is_spoken = false,
            b"strike" => self.run = !matches!(attribute(tag, b"val"), Some(b"0" | b"false")),
            b"/t" if !self.is_spoken && !before.trim_ascii().is_empty() => {
                self.is_struck |= self.run;
                self.is_plain |= !self.run;
            }
            _ => {}
        }
    }
}

/// Gives the name of a tag without its prefix, `/` before that of an end.
fn local(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'>')).unwrap_or(tag.len());
    let name = tag[..end].strip_suffix(b"/").unwrap_or(&tag[..end]);
    match memchr::memrchr(b':', name) {
        // Prefixes are rare, and so is what they would hide: an end keeps its sign.
        Some(colon) if name.starts_with(b"/") => match &name[colon + 1..] {
            b"si" => b"/si",
            b"t" => b"/t",
            b"v" => b"/v",
            b"c" => b"/c",
            b"rPh" => b"/rPh",
            other => other,
        },
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// Hands over each tag, without its `<`, with the text before it, until no more are wanted.
pub fn tags(mut xml: impl BufRead, mut take: impl FnMut(&[u8], &[u8]) -> ControlFlow<()>) -> io::Result<()> {
    let mut piece = Vec::new();
    loop {
        piece.clear();
        if xml.by_ref().take(MAX_PIECE).read_until(b'>', &mut piece)? == 0 {
            return Ok(());
        }
        let Some(at) = memchr::memrchr(b'<', &piece) else { continue };
        if take(&piece[..at], &piece[at + 1..]).is_break() {
            return Ok(());
        }
    }
}

/// Tells whether one of the texts may be struck out; nothing where there are more than `most`, which is told as soon as it is seen.
/// A part of such a size that they cannot be so many is not counted through.
fn holds_strike(mut part: impl Read, size: u64, most: u32) -> io::Result<Option<bool>> {
    const SIGN: &[u8] = b"strike";
    const TEXT: &[u8] = b"si>";
    let may_be_many = u64::from(most) < size / SHORTEST;
    let (strike, text) = (memmem::Finder::new(SIGN), memmem::Finder::new(TEXT));
    let mut window = vec![0; 256 * 1024];
    let (mut held, mut has_any, mut texts) = (0, false, 0_u64);
    loop {
        let read = part.read(&mut window[held..])?;
        let end = held + read;
        has_any = has_any || strike.find(&window[..end]).is_some();
        if may_be_many {
            // A text ends with </si>; what was looked at before is not counted again.
            let ends = text.find_iter(&window[..end]).filter(|at| held < at + TEXT.len() && is_end(&window[..*at]));
            texts += ends.count() as u64;
            if u64::from(most) < texts {
                return Ok(None);
            }
        }
        if read == 0 {
            return Ok(Some(has_any));
        }
        held = end.min(SIGN.len() - 1);
        window.copy_within(end - held..end, 0);
    }
}

/// Tells whether what stands before the name of a tag begins a closing one: `</` or `</x:`.
fn is_end(before: &[u8]) -> bool {
    let prefix = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b':').count();
    before[..before.len() - prefix].ends_with(b"/")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn counts_texts_across_windows_and_stops_at_the_limit() {
        let many = "<si><t>张</t></si>".repeat(60_000) + "<x:si><t>李</t></x:si><si><r><rPr><strike/></rPr></r></si>";
        let told = |xml: &str, most| holds_strike(xml.as_bytes(), xml.len() as u64, most).unwrap();
        assert_eq!((told(&many, 60_002), told(&many, 60_001)), (Some(true), None));
        assert_eq!((told("<si><t>si></t></si>", 1), told(&"<si></si>".repeat(3), 2)), (Some(false), None));
    }

    fn looks(xml: &str) -> Vec<(bool, bool)> {
        let mut all = Vec::new();
        let mut text = TextLook::default();
        tags(xml.as_bytes(), |before, tag| {
            match local(tag) {
                b"si" => text = TextLook::default(),
                b"/si" => all.push((text.is_struck, text.is_plain)),
                name => text.take(before, name, tag),
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        all
    }

    #[test]
    fn tells_a_part_that_is_struck_out_from_the_whole() {
        let run = |strike: &str, text: &str| format!("<r><rPr>{strike}<sz val=\"11\"/></rPr><t>{text}</t></r>");
        let part = format!("<si>{}{}</si>", run("<strike/>", "王大明"), run("", "王小明"));
        let whole = format!("<si>{}{}</si>", run("<strike/>", "王大明"), run("", " "));
        let none = format!("<si>{}<rPh sb=\"0\"><t>wang</t></rPh></si>", run("<strike val=\"0\"/>", "王"));
        let prefixed =
            "<x:si><x:r><x:rPr><x:strike val=\"1\"/></x:rPr><x:t>王</x:t></x:r><x:r><x:t>张</x:t></x:r></x:si>";
        let all = looks(&[&part, &whole, &none, "<si><t>strike</t></si>", prefixed].map(String::from).concat());
        assert_eq!(all, [(true, true), (true, false), (false, true), (false, true), (true, true)]);
    }

    #[test]
    fn looks_for_the_sign_across_pieces() {
        let padded = |before: usize| [vec![b' '; before], b"<strike/>".to_vec()].concat();
        for before in (256 * 1024 - 12)..(256 * 1024 + 2) {
            assert_eq!(holds_strike(&padded(before)[..], 0, 9).unwrap(), Some(true), "{before}");
        }
        assert_eq!(holds_strike(&b"<strik"[..], 6, 9).unwrap(), Some(false));
    }
}
