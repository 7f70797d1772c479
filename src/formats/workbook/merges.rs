//! Merged ranges (合并单元格).
//!
//! In an xlsx they stand behind the last row. The rows are sent as they are read, so the ranges are picked from the
//! inflated sheet beforehand, without parsing it.

use super::MAX_ROWS;
use super::hidden::Hidden;
use super::looks::MAX_PLACES;
use super::meter::Metered;
use calamine::Dimensions;
use memchr::memmem;
use regex::bytes::Regex;
use std::io::{self, Read};

/// More ranges than this are not kept: a roster has at most one for every two rows.
pub const MAX_RANGES: usize = MAX_ROWS as usize;
/// A range's element is shorter than this.
const MAX_ELEMENT: usize = 256;
/// What is looked for in a sheet, all of it in one pass.
const SIGNS: &str = r#"mergeCell |hidden=| ht="0| width="0|filterColumn |strike"#;

pub type Zip<'a> = zip::ZipArchive<Metered<'a>>;

/// The ranges of one sheet, asked row by row from the top.
#[derive(Debug, Default)]
pub struct Merges {
    ranges: Vec<Dimensions>,
    next: usize,
    open: Vec<Dimensions>,
    covered: Vec<bool>,
    /// Columns whose cell lies straight below the first cell of its range: only there the first cell's text is its own.
    below: Vec<bool>,
    /// Columns whose cell is the first of a range, and which they are.
    first: Vec<bool>,
    begun: Vec<usize>,
    width: usize,
}

impl Merges {
    /// Makes the list from ranges in any order, of the first so many columns.
    pub fn new(mut ranges: Vec<Dimensions>, columns: u32) -> Merges {
        ranges.retain(|range| range.start != range.end && range.start.1 <= range.end.1);
        ranges.sort_unstable_by_key(|range| range.start);
        let covered = if ranges.is_empty() { Vec::new() } else { vec![false; columns as usize] };
        Merges { ranges, below: covered.clone(), first: covered.clone(), covered, ..Merges::default() }
    }

    /// Goes to a row, which must lie below the one before.
    pub fn enter(&mut self, row: u32) {
        if self.ranges.is_empty() {
            return;
        }
        while let Some(range) = self.ranges.get(self.next).filter(|range| range.start.0 <= row) {
            self.open.push(*range);
            self.next += 1;
        }
        self.open.retain(|range| row <= range.end.0);
        self.covered[..self.width].fill(false);
        self.below[..self.width].fill(false);
        self.width = 0;
        self.begun.drain(..).for_each(|column| self.first[column] = false);
        for range in &self.open {
            let own_cell = usize::from(row == range.start.0);
            if let (1, Some(first)) = (own_cell, self.first.get_mut(range.start.1 as usize)) {
                *first = true;
                self.begun.push(range.start.1 as usize);
            }
            let from = (range.start.1 as usize).saturating_add(own_cell);
            let to = (range.end.1 as usize).saturating_add(1).min(self.covered.len());
            if from < to {
                self.covered[from..to].fill(true);
                self.below[range.start.1 as usize] = own_cell == 0;
                self.width = self.width.max(to);
            }
        }
    }

    /// Tells whether a cell of the row lies in a range whose first cell is another.
    pub fn covers(&self, column: usize) -> bool {
        column < self.width && self.covered[column]
    }

    /// Tells whether a cell lies straight below the first cell of its range. A cell beside it belongs to another column,
    /// and filling it from above would write another row's value.
    pub fn is_below_first(&self, column: usize) -> bool {
        column < self.width && self.below[column]
    }

    /// Tells whether a cell of the row that was entered is the first of a range.
    pub fn begins(&self, column: usize) -> bool {
        self.first.get(column).is_some_and(|is_first| *is_first)
    }

    /// Gives the column behind the row's last covered cell.
    pub fn width(&self) -> usize {
        self.width
    }
}

/// What is known of an xlsx sheet before its rows are read.
#[derive(Debug, Default)]
pub struct SheetGlance {
    pub ranges: Vec<Dimensions>,
    /// Whether it may hold formulas; text that looks like one counts.
    pub has_formulas: bool,
    pub hidden: Hidden,
    /// The cells that have remarks, row and column from 1.
    pub remarks: Vec<(u32, u32)>,
    /// Whether texts in its cells may be struck out in part.
    pub has_strikes: bool,
}

/// Looks through the `nth` sheet of an xlsx; `None` when the sheet's part is not found.
pub fn of_xlsx(bytes: &[u8], nth: usize) -> io::Result<Option<SheetGlance>> {
    let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
    let Some(part) = sheet_part(&mut zip, nth)? else { return Ok(None) };
    let Ok(sheet) = zip.by_name(&part) else { return Ok(None) };
    let glance = ranges(sheet)?;
    let remarks = remarks(&mut zip, &part).unwrap_or_default();
    Ok(Some(SheetGlance { remarks, ..glance }))
}

/// Lists the cells of a sheet's part that have remarks (批注).
fn remarks(zip: &mut Zip<'_>, part: &str) -> io::Result<Vec<(u32, u32)>> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(relations) = read_small_part(zip, &format!("{folder}/_rels/{name}.rels"))? else { return Ok(Vec::new()) };
    let is_remarks = |relation: &&[u8]| attribute(relation, b"Type").is_some_and(|kind| kind.ends_with(b"/comments"));
    let target = elements(&relations, b"Relationship").find(is_remarks).and_then(|r| attribute(r, b"Target"));
    let Some(target) = target.and_then(|target| std::str::from_utf8(target).ok()) else { return Ok(Vec::new()) };
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    let path = match (target.strip_prefix('/'), target.strip_prefix("../")) {
        (Some(absolute), _) => absolute.to_owned(),
        (_, Some(beside)) => format!("{above}/{beside}"),
        _ => format!("{folder}/{target}"),
    };
    let Some(text) = read_small_part(zip, &path)? else { return Ok(Vec::new()) };
    let places = elements(&text, b"comment").filter_map(|tag| place(attribute(tag, b"ref")?));
    let mut places: Vec<(u32, u32)> = places.map(|(row, column)| (row + 1, column + 1)).take(MAX_PLACES).collect();
    places.sort_unstable();
    Ok(places)
}

/// Follows the `nth` sheet's relation to the name of its part.
pub fn sheet_part(zip: &mut Zip<'_>, nth: usize) -> io::Result<Option<String>> {
    let (Some(book), Some(relations)) =
        (read_small_part(zip, "xl/workbook.xml")?, read_small_part(zip, "xl/_rels/workbook.xml.rels")?)
    else {
        return Ok(None);
    };
    let id = elements(&book, b"sheet").nth(nth).and_then(|sheet| attribute(sheet, b"id"));
    let target = id.and_then(|id| {
        let relation = elements(&relations, b"Relationship").find(|r| attribute(r, b"Id") == Some(id))?;
        std::str::from_utf8(attribute(relation, b"Target")?).ok()
    });
    Ok(target.map(|target| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    }))
}

fn read_small_part(zip: &mut Zip<'_>, name: &str) -> io::Result<Option<Vec<u8>>> {
    let Ok(part) = zip.by_name(name) else { return Ok(None) };
    let mut text = Vec::new();
    part.take(4 << 20).read_to_end(&mut text)?;
    Ok(Some(text))
}

/// Lists the opening tags of a name, whatever their prefix: `<sheet …` and `<x:sheet …`.
fn elements<'a>(xml: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memchr::memchr_iter(b'<', xml).filter_map(move |at| {
        let tag = &xml[at + 1..];
        let tag = &tag[..memchr::memchr(b'>', tag)?];
        let end = tag.iter().position(u8::is_ascii_whitespace)?;
        let local = tag[..end].rsplit(|b| *b == b':').next()?;
        (local == name).then_some(&tag[end..])
    })
}

/// Finds an attribute's value in an opening tag, whatever its prefix.
pub fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    memmem::find_iter(tag, name).find_map(|at| {
        let before = *tag.get(at.checked_sub(1)?)?;
        let value = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let (quote, value) = value.split_first()?;
        let is_name = before == b':' || before.is_ascii_whitespace();
        (is_name && matches!(quote, b'"' | b'\'')).then_some(())?;
        Some(&value[..memchr::memchr(*quote, value)?])
    })
}

/// Reads through a sheet and keeps its ranges and what it hides.
fn ranges(mut sheet: impl Read) -> io::Result<SheetGlance> {
    let signs = Regex::new(SIGNS).map_err(io::Error::other)?;
    let mut glance = SheetGlance::default();
    let mut window = vec![0; 256 * 1024];
    // So much at the beginning of the window has been looked at, and stays for an element that begins there.
    let (mut held, mut seen) = (0, 0);
    loop {
        let read = sheet.read(&mut window[held..])?;
        let end = held + read;
        let is_last = read == 0;
        // An element that may go on in the next piece is looked at then.
        let safe = if is_last { end } else { end.saturating_sub(MAX_ELEMENT) };
        let piece = &window[..end];
        glance.has_formulas = glance.has_formulas || holds_formula(piece);
        let found = signs.find_iter(&piece[seen..]).map(|sign| (seen + sign.start(), seen + sign.end()));
        for (at, behind) in found.take_while(|(at, _)| *at < safe) {
            match &piece[at..behind] {
                b"mergeCell " => {
                    let tag = &piece[behind - 1..end.min(at + MAX_ELEMENT)];
                    if let Some(range) = attribute(tag, b"ref").and_then(range)
                        && glance.ranges.len() < MAX_RANGES
                    {
                        glance.ranges.push(range);
                    }
                }
                b"filterColumn " => glance.hidden.is_filtered = true,
                b"strike" => glance.has_strikes = true,
                _ => {
                    let from = at.saturating_sub(MAX_ELEMENT);
                    if let Some(start) = memchr::memrchr(b'<', &piece[from..at]) {
                        glance.hidden.note(&piece[from + start + 1..]);
                    }
                }
            }
        }
        if is_last {
            return Ok(glance);
        }
        let kept = safe.saturating_sub(MAX_ELEMENT);
        window.copy_within(kept..end, 0);
        (held, seen) = (end - kept, safe - kept);
    }
}

/// Looks for `<f>`, `<f t="shared">` or `<f/>`, with any prefix. An f is rare in a sheet without formulas.
fn holds_formula(xml: &[u8]) -> bool {
    memchr::memchr_iter(b'f', xml).any(|at| {
        let before = at.checked_sub(1).map(|before| xml[before]);
        matches!(before, Some(b'<' | b':'))
            && xml.get(at + 1).is_none_or(|b| matches!(b, b'>' | b'/') || b.is_ascii_whitespace())
    })
}

/// Reads `B3:B12`.
fn range(text: &[u8]) -> Option<Dimensions> {
    let colon = memchr::memchr(b':', text)?;
    Some(Dimensions::new(place(&text[..colon])?, place(&text[colon + 1..])?))
}

pub fn place(text: &[u8]) -> Option<(u32, u32)> {
    let digits = text.iter().position(u8::is_ascii_digit)?;
    let (letters, digits) = text.split_at(digits);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.iter().try_fold(0, |column, letter| {
        letter.is_ascii_alphabetic().then(|| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    let row: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (1..=MAX_ROWS).contains(&row).then(|| (row - 1, column - 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_across_pieces() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let n = into.len().min(7).min(self.0.len());
                into[..n].copy_from_slice(&self.0[..n]);
                self.0 = &self.0[n..];
                Ok(n)
            }
        }
        let xml = br#"<sheetData/><mergeCells count="3"><mergeCell ref="A1:K1"/><x:mergeCell a="1" ref='D4:D6' />
            <mergeCell ref="ZZZZ1:A2"/></mergeCells>"#;
        let expected = vec![Dimensions::new((0, 0), (0, 10)), Dimensions::new((3, 3), (5, 3))];
        assert_eq!(ranges(&xml[..]).unwrap().ranges, expected);
        assert_eq!(ranges(Slow(xml)).unwrap().ranges, expected);
        let padded = [vec![b' '; 300_000], xml.to_vec(), vec![b' '; 300_000]].concat();
        assert_eq!(ranges(&padded[..]).unwrap().ranges, expected);
        assert!(!ranges(&xml[..]).unwrap().has_formulas);
        for formula in ["<f>A1</f>", "<x:f t=\"shared\"/>", "<f/>"] {
            assert!(
                ranges(formula.as_bytes()).unwrap().has_formulas
                    && ranges(Slow(formula.as_bytes())).unwrap().has_formulas
            );
        }
    }

    #[test]
    fn notes_what_is_hidden() {
        let xml = br#"<cols><col min="8" max="9" width="0" hidden="1" customWidth="1"/><col min="11" max="11" hidden="0"/>
            </cols><sheetData><row r="3" hidden="true"><c r="A3"/></row><x:row r="4" spans="1:2" hidden="1"/><row r="5"/>
            <row r="9" hidden='1'><c r="A9" t="str"><v>hidden=</v></c></row></sheetData>
            <autoFilter ref="A1:K9"><filterColumn colId="6"/></autoFilter>"#;
        let expected =
            Hidden { rows: vec![(3, 4), (9, 9)], columns: vec![(8, 9)], is_filtered: true, ..Hidden::default() };
        let expected = expected.beside();
        assert_eq!(ranges(&xml[..]).unwrap().hidden.beside(), expected);
        for blanks in (262_144 - 700..262_144 + 10).step_by(37) {
            let padded = [vec![b' '; blanks], xml.to_vec(), vec![b' '; 300_000]].concat();
            assert_eq!(ranges(&padded[..]).unwrap().hidden.beside(), expected, "{blanks}");
        }
    }

    #[test]
    fn covers_all_but_the_first_cell() {
        let mut merges = Merges::new(vec![Dimensions::new((3, 1), (5, 2)), Dimensions::new((0, 0), (0, 16_383))], 500);
        let row = |merges: &mut Merges, row| {
            merges.enter(row);
            (0..4).map(|c| u8::from(merges.covers(c))).collect::<Vec<u8>>()
        };
        assert_eq!(row(&mut merges, 0), [0, 1, 1, 1]);
        assert_eq!(merges.width(), 500);
        assert_eq!(row(&mut merges, 1), [0, 0, 0, 0]);
        assert_eq!(row(&mut merges, 3), [0, 0, 1, 0]);
        assert_eq!(row(&mut merges, 5), [0, 1, 1, 0]);
        assert_eq!(row(&mut merges, 6), [0, 0, 0, 0]);
    }

    #[test]
    fn finds_elements_and_attributes() {
        let xml = br#"<x:sheets><x:sheet name="a>" r:id="rId1"/><sheet state='hidden' sheetId="2" r:id = 'rId9'/></x:sheets>"#;
        let ids: Vec<_> = elements(xml, b"sheet").map(|tag| attribute(tag, b"id")).collect();
        assert_eq!(ids[1], Some(&b"rId9"[..]));
        assert_eq!(attribute(b" Id=\"1\" Target=\"x\"", b"Target"), Some(&b"x"[..]));
        assert_eq!(attribute(b" sheetId=\"1\"", b"Id"), None);
    }
}
