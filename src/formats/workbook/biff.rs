//! What the sheet of an xls does not show. Its parser passes over these records, so they are picked from the file's stream
//! once more, with every number doubted: a chain may be a circle, a length may lie.

mod rich;

use super::hidden::Hidden;
use super::looks::{Looker, Looks, MAX_PLACES, is_grey_ground, is_grey_text};
use super::rich::Places;
use rich::{Struck, Texts};

const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const COLUMN_INFO: u16 = 0x007D;
const FILTER_MODE: u16 = 0x009B;
const END: u16 = 0x000A;
const FONT: u16 = 0x0031;
const FORMAT_OF_CELLS: u16 = 0x00E0;
const PALETTE: u16 = 0x0092;
/// A remark: row, column.
const REMARK: u16 = 0x001C;
/// A cell with a text of the table of texts.
const SHARED_TEXT: u16 = 0x00FD;
/// A cell each: row, column, format. The last holds numbers side by side.
const CELLS: [u16; 7] = [SHARED_TEXT, 0x0204, 0x00D6, 0x0203, 0x027E, 0x0006, 0x0205];
const NUMBERS: u16 = 0x00BD;
/// The bit of a font that strikes out, and the number that no font has.
const STRUCK: u16 = 0x0008;
const NO_FONT: usize = 4;

/// The number of the first colour of the palette, and the greys that it has where the file has none of its own.
const FIRST_COLOR: u16 = 8;
const GREYS: [(u16, u8); 4] = [(22, 0xC0), (23, 0x80), (55, 0x96), (63, 0x33)];
/// Of the ways to fill a cell the one that covers it whole.
const SOLID: u32 = 1;

/// A sector's number from here on ends a chain or stands for none.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// Bytes of an entry of the directory, and of the name in it.
const ENTRY: usize = 128;
const ENTRY_NAME: usize = 64;

/// What an xls sheet has besides its values.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SheetAside {
    pub hidden: Hidden,
    pub looks: Looks,
    /// The cells of which a part is struck out, and those that have remarks; row and column from 1.
    pub partly_struck: Places,
    pub remarks: Places,
}

/// Picks it for the `nth` sheet; nothing where the file is not as it should be.
pub fn aside(bytes: &[u8], nth: usize) -> SheetAside {
    workbook(bytes).and_then(|stream| of_sheet(&stream, nth)).unwrap_or_default()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk::<2>().map(|b| u16::from_le_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|b| u32::from_le_bytes(*b))
}

/// Takes the workbook's stream out of the compound file (MS-CFB). One below 4096 bytes lies elsewhere, and has no people.
fn workbook(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
    let size = 1_usize << shift;
    let sector = |n: u32| bytes.get((n as usize + 1) << shift..).map(|rest| &rest[..rest.len().min(size)]);
    let count = bytes.len() >> shift;
    let mut table_sectors: Vec<u32> = (0..109).filter_map(|i| u32_at(bytes, 76 + 4 * i)).collect();
    let mut more = u32_at(bytes, 68)?;
    let mut left = count;
    while more < NO_SECTOR && 0 < left {
        let listed = sector(more)?;
        table_sectors.extend((0..size / 4 - 1).filter_map(|i| u32_at(listed, 4 * i)));
        more = u32_at(listed, size - 4)?;
        left -= 1;
    }
    let table: Vec<u32> = table_sectors
        .iter()
        .filter(|n| **n < NO_SECTOR)
        .take(count)
        .filter_map(|n| sector(*n))
        .flat_map(|s| s.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])))
        .collect();
    let chain = |first: u32| {
        let mut all = Vec::new();
        let (mut next, mut left) = (first, count);
        while next < NO_SECTOR && 0 < left {
            all.extend_from_slice(sector(next)?);
            next = *table.get(next as usize)?;
            left -= 1;
        }
        Some(all)
    };
    let directory = chain(u32_at(bytes, 48)?)?;
    let is_workbook = |entry: &&[u8]| {
        let length = usize::from(u16_at(entry, ENTRY_NAME).unwrap_or(0)).min(ENTRY_NAME).saturating_sub(2);
        let name: Vec<u8> = entry[..length].iter().copied().filter(|b| *b != 0).collect();
        name.eq_ignore_ascii_case(b"Workbook") || name.eq_ignore_ascii_case(b"Book")
    };
    let entry = directory.chunks_exact(ENTRY).find(is_workbook)?;
    chain(u32_at(entry, 116)?)
}

/// Gives the records from a place on: where each begins, what it is, and its bytes.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = from;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let body = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, body))
    })
}

/// The fonts that strike out, and how cells of each format look; nothing where none does anything.
#[derive(Default)]
struct Fonts {
    fonts: Vec<bool>,
    formats: Vec<Look>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Look {
    is_struck: bool,
    is_greyed: bool,
}

impl Fonts {
    fn of(stream: &[u8]) -> Fonts {
        let (mut fonts, mut colors): (Vec<bool>, Vec<u16>) = (Vec::new(), Vec::new());
        let mut formats: Vec<(usize, Option<u16>)> = Vec::new();
        let mut palette: &[u8] = &[];
        for (kind, body) in records(stream, 0).take_while(|(kind, _)| *kind != END) {
            match kind {
                FONT => {
                    fonts.push(u16_at(body, 2).is_some_and(|flags| flags & STRUCK != 0));
                    colors.push(u16_at(body, 4).unwrap_or(0));
                }
                FORMAT_OF_CELLS => {
                    let is_filled = u32_at(body, 14).is_some_and(|border| border >> 26 == SOLID);
                    let ground = u16_at(body, 18).filter(|_| is_filled).map(|colors| colors & 0x7F);
                    formats.push((u16_at(body, 0).map_or(NO_FONT, usize::from), ground));
                }
                PALETTE => palette = body.get(2..).unwrap_or_default(),
                _ => {}
            }
        }
        let color = |number: u16| {
            let own = palette
                .get(usize::from(number.checked_sub(FIRST_COLOR)?) * 4..)
                .and_then(|rest| rest.first_chunk::<3>());
            own.copied().or_else(|| GREYS.iter().find(|(grey, _)| *grey == number).map(|(_, part)| [*part; 3]))
        };
        let mut all = Fonts { fonts, formats: Vec::new() };
        let look = |(font, ground): (usize, Option<u16>)| Look {
            is_struck: all.strikes(font),
            is_greyed: colors
                .get(font - usize::from(NO_FONT < font))
                .is_some_and(|n| color(*n).is_some_and(is_grey_text))
                || ground.and_then(color).is_some_and(is_grey_ground),
        };
        all.formats = formats.into_iter().map(look).collect();
        let does_nothing = !all.fonts.contains(&true) && all.formats.iter().all(|look| *look == Look::default());
        if does_nothing { Fonts::default() } else { all }
    }

    fn is_empty(&self) -> bool {
        self.fonts.is_empty()
    }

    fn strikes(&self, font: usize) -> bool {
        font != NO_FONT && self.fonts.get(font - usize::from(NO_FONT < font)) == Some(&true)
    }
}

fn of_sheet(stream: &[u8], nth: usize) -> Option<SheetAside> {
    let globals = records(stream, 0).take_while(|(kind, _)| *kind != END);
    let (_, sheet) = globals.filter(|(kind, _)| *kind == BOUND_SHEET).nth(nth)?;
    let from = u32_at(sheet, 0)? as usize;
    let mut hidden = Hidden::default();
    let (fonts, mut looker, mut partly) = (Fonts::of(stream), Looker::default(), Places::new());
    let mut remarks = Places::new();
    let texts = if fonts.is_empty() { Texts::default() } else { Texts::of(stream, &fonts) };
    let mut filled = |row: u16, column: u16, format: u16, text: Option<Struck>| {
        let Look { is_struck: by_format, is_greyed } =
            fonts.formats.get(usize::from(format)).copied().unwrap_or_default();
        let (has_struck, has_plain) = text.map_or((by_format, !by_format), |text| text.in_cell(by_format));
        if has_struck && has_plain && partly.len() < MAX_PLACES {
            partly.push((u32::from(row) + 1, u32::from(column) + 1));
        }
        looker.filled((row.into(), column.into()), !has_plain, is_greyed);
    };
    for (kind, body) in records(stream, from).take_while(|(kind, _)| *kind != END) {
        match kind {
            ROW => {
                let (Some(row), Some(flags)) = (u16_at(body, 0), u16_at(body, 12)) else { continue };
                if flags & 0x20 != 0 {
                    hidden.hide_rows(row.into(), 1, flags & 7 != 0);
                }
            }
            COLUMN_INFO => {
                let (Some(first), Some(last)) = (u16_at(body, 0), u16_at(body, 2)) else { continue };
                let width = u16_at(body, 4);
                if first <= last && (u16_at(body, 8).is_some_and(|flags| flags & 1 != 0) || width == Some(0)) {
                    hidden.hide_columns(first.into(), u32::from(last - first) + 1);
                }
            }
            FILTER_MODE => hidden.is_filtered = true,
            REMARK if remarks.len() < MAX_PLACES => {
                // A long one goes on in a record without a place.
                let place = u16_at(body, 0).filter(|row| *row != u16::MAX).zip(u16_at(body, 2));
                remarks.extend(place.map(|(row, column)| (u32::from(row) + 1, u32::from(column) + 1)));
            }
            kind if !fonts.is_empty() && CELLS.contains(&kind) => {
                if let (Some(row), Some(column), Some(format)) = (u16_at(body, 0), u16_at(body, 2), u16_at(body, 4)) {
                    let text = u32_at(body, 6).filter(|_| kind == SHARED_TEXT).and_then(|at| texts.get(at));
                    filled(row, column, format, text);
                }
            }
            NUMBERS if !fonts.is_empty() => {
                let (Some(row), Some(first)) = (u16_at(body, 0), u16_at(body, 2)) else { continue };
                let formats = body.get(4..).unwrap_or_default().chunks_exact(6).filter_map(|number| u16_at(number, 0));
                for (format, column) in formats.zip(first..) {
                    filled(row, column, format, None);
                }
            }
            _ => {}
        }
    }
    remarks.sort_unstable();
    Some(SheetAside { hidden, looks: looker.done(), partly_struck: partly, remarks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_every_number() {
        let mut stream = Vec::new();
        let mut put = |kind: u16, body: &[u8]| {
            stream.extend(kind.to_le_bytes());
            stream.extend((body.len() as u16).to_le_bytes());
            stream.extend_from_slice(body);
        };
        put(BOUND_SHEET, &[16, 0, 0, 0, 0, 0, 1, 0]);
        put(END, &[]);
        put(ROW, &[3, 0, 0, 0, 11, 0, 255, 0, 0, 0, 0, 0, 0x21, 0, 0, 0]);
        put(COLUMN_INFO, &[2, 0, 4, 0, 0, 1, 0, 0, 1, 0]);
        put(FILTER_MODE, &[]);
        put(REMARK, &[5, 0, 2, 0, 0, 0, 1, 0]);
        put(REMARK, &[255, 255, 0, 0, 8, 0]);
        put(ROW, &[9, 0]);
        put(END, &[]);
        let expected = Hidden { rows: vec![(4, 4)], columns: vec![(3, 5)], folded: vec![(4, 4)], is_filtered: true };
        let expected = SheetAside { hidden: expected, remarks: vec![(6, 3)], ..SheetAside::default() };
        assert_eq!(of_sheet(&stream, 0), Some(expected));
        assert_eq!(of_sheet(&stream, 1), None);
        for cut in 0..stream.len() {
            let _ = of_sheet(&stream[..cut], 0);
        }
        // A directory and a table that lead to themselves.
        let mut circle = vec![0; 2048];
        circle[30] = 9;
        circle[44..80].fill(0);
        assert_eq!(aside(&circle, 0), SheetAside::default());
        assert_eq!(aside(&[0xFF; 2048], 0), SheetAside::default());
    }

    #[test]
    fn follows_cells_to_the_fonts_of_their_formats() {
        let mut stream = Vec::new();
        let mut put = |kind: u16, body: &[u8]| {
            stream.extend(kind.to_le_bytes());
            stream.extend((body.len() as u16).to_le_bytes());
            stream.extend_from_slice(body);
        };
        let font = |flags: u8| [0xC8, 0, flags, 0, 0, 0];
        // The font behind the fourth has the number five.
        [0, 0, 0, 0, 8].iter().for_each(|flags| put(FONT, &font(*flags)));
        [0, 4, 5].iter().for_each(|font| put(FORMAT_OF_CELLS, &[*font, 0, 0, 0]));
        put(BOUND_SHEET, &[90, 0, 0, 0, 0, 0, 1, 0]);
        put(END, &[]);
        for column in 0..3 {
            put(CELLS[0], &[2, 0, column, 0, if column < 2 { 2 } else { 1 }, 0, 0, 0, 0, 0]);
        }
        put(NUMBERS, &[4, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 0, 1, 1, 1, 1, 0, 0, 2, 2, 2, 2, 2, 0]);
        put(END, &[]);
        let expected = Looks { struck: vec![(3, 3)], struck_cells: vec![(5, 2)], ..Looks::default() };
        assert_eq!(of_sheet(&stream, 0).map(|aside| aside.looks), Some(expected));
        for cut in 0..stream.len() {
            let _ = of_sheet(&stream[..cut], 0);
        }
    }
}
