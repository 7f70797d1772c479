//! The second pass: a sheet written as it is read, with the texts in their cells.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Write};

use super::CellTexts;
use super::facts::{Cells, SheetFacts};
use super::place::{self, CellRange, Place};
use crate::formats::formula;
use crate::formats::xml_pieces::{PieceKind, XmlPiece, XmlPieces, damaged, decoded, encoded, encoded_cell};

/// No formula is longer.
const MAX_FORMULA: usize = 1 << 20;

/// Copies a sheet with the texts in their cells. `recalculates` tells the spreadsheet program to work out its formulas when it
/// opens the workbook: their stored results are of the old texts.
pub fn copy(
    sheet: impl BufRead,
    out: &mut impl Write,
    facts: &SheetFacts,
    texts: &CellTexts,
    recalculates: bool,
) -> io::Result<()> {
    let texts = texts.placed(facts.first_new);
    let is_new = |(place, text): &(&Place, &&str)| !facts.present.contains(place) && !text.is_empty();
    let missing = texts.iter().filter(is_new).map(|(place, text)| (*place, *text)).collect();
    let copying = Copying { out, facts, texts, missing, cells: Cells::default(), orphans: HashMap::new(), style: None };
    copying.go(XmlPieces::new(sheet), recalculates && !facts.has_calculation)
}

struct Copying<'a, W> {
    out: &'a mut W,
    facts: &'a SheetFacts,
    texts: BTreeMap<Place, &'a str>,
    /// Those for which the sheet has no cell yet.
    missing: BTreeMap<Place, &'a str>,
    cells: Cells,
    /// Formulas that cells share with one that has a text now, by their number: where that one was, and its formula.
    orphans: HashMap<String, (Place, String)>,
    /// The style of the row's cells where it has one, and of the last cell.
    style: Option<RowStyle>,
}

#[derive(Debug, Clone, Default)]
struct RowStyle {
    own: Option<String>,
    left: Option<String>,
}

/// The prefix of a tag, kept beyond the piece.
fn prefix(piece: XmlPiece<'_>) -> String {
    String::from_utf8_lossy(piece.prefix()).into_owned()
}

impl<W: Write> Copying<'_, W> {
    fn go<R: BufRead>(mut self, mut pieces: XmlPieces<R>, recalculates: bool) -> io::Result<()> {
        let mut is_inside = false;
        while let Some(piece) = pieces.next_piece()? {
            match (is_inside, piece.kind, piece.local()) {
                (_, PieceKind::Text | PieceKind::Other, _) => self.out.write_all(piece.bytes)?,
                (false, PieceKind::Start, b"sheetData") => {
                    is_inside = true;
                    self.out.write_all(piece.bytes)?;
                }
                (false, PieceKind::Empty, b"sheetData") => self.fill_empty(piece, recalculates)?,
                (false, PieceKind::Start | PieceKind::Empty, b"dimension") => self.dimension(piece)?,
                (false, PieceKind::Start, b"mergeCells") => {
                    let left = self.facts.apart.iter().map(|(_, left)| left.len()).sum::<usize>();
                    let count = self.facts.merged + left - self.facts.apart.len();
                    if self.facts.apart.is_empty() {
                        self.out.write_all(piece.bytes)?;
                    } else if count == 0 {
                        skip(&mut pieces, "mergeCells")?;
                    } else {
                        let count = format!(" count=\"{count}\"");
                        self.out.write_all(&piece.changed(&["count"], &count, PieceKind::Start))?;
                    }
                }
                (false, PieceKind::Start | PieceKind::Empty, b"mergeCell") => {
                    let is_open = piece.kind == PieceKind::Start;
                    if self.merged(piece)? && is_open {
                        skip(&mut pieces, "mergeCell")?;
                    }
                }
                (true, PieceKind::End, b"sheetData") => {
                    is_inside = false;
                    let prefix = prefix(piece);
                    let end = piece.bytes.to_vec();
                    self.rows_before(u32::MAX, &prefix)?;
                    self.out.write_all(&end)?;
                    self.calculation(&prefix, recalculates)?;
                }
                (true, PieceKind::Start | PieceKind::Empty, b"row") => self.row(piece)?,
                (true, PieceKind::End, b"row") => {
                    self.cells_before((self.cells.row, u32::MAX), &prefix(piece))?;
                    self.cells.row(piece);
                    self.out.write_all(piece.bytes)?;
                }
                (true, PieceKind::Start | PieceKind::Empty, b"c") => {
                    let at = self.cells.cell(piece);
                    if !self.missing.is_empty() {
                        self.cells_before(at, &prefix(piece))?;
                    }
                    if let Some(style) = self.style.as_mut().filter(|_| !self.missing.is_empty()) {
                        style.left = piece.attribute("s").map(std::borrow::Cow::into_owned);
                    }
                    match self.texts.get(&at).copied() {
                        Some(text) => {
                            self.missing.remove(&at);
                            let is_open = piece.kind == PieceKind::Start;
                            let (prefix, tag) = (prefix(piece), put_into(piece, text));
                            if is_open {
                                self.leave(&mut pieces, at)?;
                            }
                            self.out.write_all(&tag)?;
                            content(self.out, &prefix, text)?;
                        }
                        None => self.out.write_all(piece.bytes)?,
                    }
                }
                (true, PieceKind::Start | PieceKind::Empty, b"f") if self.is_concerned(piece) => {
                    let opening = (prefix(piece), piece.attribute("si").map(std::borrow::Cow::into_owned));
                    let whole = piece.bytes.to_vec();
                    let rest = if piece.kind == PieceKind::Start { gather(&mut pieces, "f")? } else { Vec::new() };
                    self.formula(opening, &whole, &rest)?;
                }
                _ => self.out.write_all(piece.bytes)?,
            }
        }
        Ok(())
    }

    /// Writes a row that begins, with what must come before it.
    fn row(&mut self, piece: XmlPiece<'_>) -> io::Result<()> {
        let prefix = prefix(piece);
        let end = if piece.kind == PieceKind::Empty { Some(PieceKind::Empty) } else { None };
        // Where the row is; of an empty one that is not yet over.
        self.cells.row(XmlPiece { kind: PieceKind::Start, ..piece });
        let row = self.cells.row;
        self.rows_before(row, &prefix)?;
        let is_formatted = matches!(piece.attribute("customFormat").as_deref(), Some("1" | "true"));
        let own = piece.attribute("s").filter(|_| is_formatted).map(std::borrow::Cow::into_owned);
        self.style = Some(RowStyle { own, left: None });
        let mut new = self.missing.range((row, 0)..=(row, u32::MAX)).map(|((_, column), _)| *column);
        let (first, last) = (new.next(), new.next_back());
        let Some(first) = first else {
            self.out.write_all(piece.bytes)?;
            if end.is_some() {
                self.cells.row(XmlPiece { kind: PieceKind::End, ..piece });
            }
            return Ok(());
        };
        // The columns that a row says it spans.
        let spans = piece.attribute("spans").and_then(|spans| {
            let (from, to) = spans.split_once(':')?;
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            let wider = (from.min(first + 1), to.max(last.unwrap_or(first) + 1));
            (wider != (from, to)).then(|| format!(" spans=\"{}:{}\"", wider.0, wider.1))
        });
        match (spans, end) {
            (None, None) => self.out.write_all(piece.bytes)?,
            (spans, _) => {
                let dropped: &[&str] = if spans.is_some() { &["spans"] } else { &[] };
                self.out.write_all(&piece.changed(dropped, &spans.unwrap_or_default(), PieceKind::Start))?;
            }
        }
        if end.is_some() {
            self.cells_before((row, u32::MAX), &prefix)?;
            self.cells.row(XmlPiece { kind: PieceKind::End, ..piece });
            write!(self.out, "</{prefix}row>")?;
        }
        Ok(())
    }

    /// Writes the rows that the sheet does not have, up to a row.
    fn rows_before(&mut self, row: u32, prefix: &str) -> io::Result<()> {
        while let Some((&(new, _), _)) = self.missing.first_key_value().filter(|((new, _), _)| *new < row) {
            self.style = None;
            write!(self.out, "<{prefix}row r=\"{}\">", new + 1)?;
            let before = std::mem::replace(&mut self.cells.row, new);
            self.cells_before((new, u32::MAX), prefix)?;
            self.cells.row = before;
            write!(self.out, "</{prefix}row>")?;
        }
        Ok(())
    }

    /// Writes the cells that the row does not have, up to a place.
    fn cells_before(&mut self, place: Place, prefix: &str) -> io::Result<()> {
        while let Some((&at, _)) =
            self.missing.first_key_value().filter(|(at, _)| at.0 == self.cells.row && **at < place)
        {
            let Some(text) = self.missing.remove(&at) else { break };
            let row = self.style.as_ref();
            // A new column looks as the one left of it.
            let left = row.and_then(|row| row.left.as_deref()).filter(|_| self.facts.first_new <= at.1);
            let style = row.and_then(|row| row.own.as_deref()).or_else(|| self.facts.style_of(at.1)).or(left);
            let style = style.map_or_else(String::new, |style| format!(" s=\"{}\"", encoded(style)));
            write!(self.out, "<{prefix}c r=\"{}\"{style} t=\"inlineStr\">", place::name(at))?;
            content(self.out, prefix, text)?;
        }
        Ok(())
    }

    fn fill_empty(&mut self, piece: XmlPiece<'_>, recalculates: bool) -> io::Result<()> {
        let prefix = prefix(piece);
        if self.missing.is_empty() {
            self.out.write_all(piece.bytes)?;
        } else {
            self.out.write_all(&piece.changed(&[], "", PieceKind::Start))?;
            self.rows_before(u32::MAX, &prefix)?;
            write!(self.out, "</{prefix}sheetData>")?;
        }
        self.calculation(&prefix, recalculates)
    }

    fn calculation(&mut self, prefix: &str, recalculates: bool) -> io::Result<()> {
        if recalculates { write!(self.out, "<{prefix}sheetCalcPr fullCalcOnLoad=\"1\"/>") } else { Ok(()) }
    }

    /// Writes how far the sheet goes: farther only for cells that it does not have.
    fn dimension(&mut self, piece: XmlPiece<'_>) -> io::Result<()> {
        let said = piece.attribute("ref").and_then(|r| CellRange::read(&r));
        let grown = said.map(|said| self.missing.keys().fold(said, |range, at| range.with(*at)));
        match grown.filter(|grown| said != Some(*grown)) {
            Some(grown) => {
                let range = format!(" ref=\"{}\"", grown.name());
                self.out.write_all(&piece.changed(&["ref"], &range, piece.kind))
            }
            None => self.out.write_all(piece.bytes),
        }
    }

    /// Writes a merged range, or what is left of one that is taken apart; tells whether it was.
    fn merged(&mut self, piece: XmlPiece<'_>) -> io::Result<bool> {
        let range = piece.attribute("ref").and_then(|r| CellRange::read(&r));
        let Some((_, left)) = self.facts.apart.iter().find(|(apart, _)| Some(*apart) == range) else {
            self.out.write_all(piece.bytes)?;
            return Ok(false);
        };
        let prefix = prefix(piece);
        left.iter().try_for_each(|range| write!(self.out, "<{prefix}mergeCell ref=\"{}\"/>", range.name()))?;
        Ok(true)
    }

    /// Whether the formula of a cell that stays must be looked at.
    fn is_concerned(&self, piece: XmlPiece<'_>) -> bool {
        self.facts.arrays.contains(&self.cells.at) || (!self.orphans.is_empty() && piece.attribute("si").is_some())
    }

    /// Writes the formula of a cell that stays, where another has lost what they shared.
    fn formula(&mut self, opening: (String, Option<String>), tag: &[u8], rest: &[u8]) -> io::Result<()> {
        let (prefix, number) = opening;
        if self.facts.arrays.contains(&self.cells.at) {
            return Ok(());
        }
        let number = number.unwrap_or_default();
        // One with a text of its own begins anew.
        if !rest.is_empty() && !rest.starts_with(b"</") {
            self.orphans.remove(&number);
        }
        match self.orphans.get(&number) {
            Some((from, formula)) => {
                let at = self.cells.at;
                let by = (i64::from(at.0) - i64::from(from.0), i64::from(at.1) - i64::from(from.1));
                write!(self.out, "<{prefix}f>{}</{prefix}f>", encoded(&formula::moved(formula, by)))
            }
            None => self.out.write_all(&[tag, rest].concat()),
        }
    }

    /// Goes to the end of a cell whose content is replaced; keeps a formula that others share.
    fn leave<R: BufRead>(&mut self, pieces: &mut XmlPieces<R>, at: Place) -> io::Result<()> {
        let mut shared: Option<(String, Vec<u8>)> = None;
        let mut is_open = false;
        while let Some(piece) = pieces.next_piece()? {
            if piece.closes("c") {
                if let Some((number, text)) = shared.filter(|(_, text)| !text.is_empty()) {
                    let text = decoded(&text).ok_or_else(|| damaged("f"))?;
                    self.orphans.insert(number, (at, text.into_owned()));
                }
                return Ok(());
            }
            if piece.opens("f") && piece.attribute("t").as_deref() == Some("shared") {
                is_open = piece.kind == PieceKind::Start;
                shared = Some((piece.attribute("si").unwrap_or_default().into_owned(), Vec::new()));
            } else if piece.closes("f") {
                is_open = false;
            } else if let Some((_, text)) = shared.as_mut().filter(|_| is_open && piece.kind == PieceKind::Text) {
                if MAX_FORMULA < text.len() || piece.bytes.starts_with(b"<") {
                    return Err(damaged("f"));
                }
                text.extend_from_slice(piece.bytes);
            }
        }
        Err(damaged("c"))
    }
}

/// Gives the opening tag of a cell that gets a text: what says what its value was is left out.
fn put_into(piece: XmlPiece<'_>, text: &str) -> Vec<u8> {
    let (added, kind) = if text.is_empty() { ("", PieceKind::Empty) } else { (" t=\"inlineStr\"", PieceKind::Start) };
    piece.changed(&["t", "cm", "vm"], added, kind)
}

/// Writes the text of a cell and closes it.
fn content(out: &mut impl Write, prefix: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let text = encoded_cell(text);
    write!(out, "<{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is></{prefix}c>")
}

/// Goes behind the end of an element.
fn skip<R: BufRead>(pieces: &mut XmlPieces<R>, name: &str) -> io::Result<()> {
    while let Some(piece) = pieces.next_piece()? {
        if piece.closes(name) {
            return Ok(());
        }
    }
    Err(damaged(name))
}

/// Gives what stands up to the end of an element, its end included.
fn gather<R: BufRead>(pieces: &mut XmlPieces<R>, name: &str) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(piece) = pieces.next_piece()? {
        all.extend_from_slice(piece.bytes);
        if piece.closes(name) {
            return Ok(all);
        }
        if MAX_FORMULA < all.len() {
            break;
        }
    }
    Err(damaged(name))
}
