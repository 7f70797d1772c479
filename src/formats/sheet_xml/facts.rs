//! What must be known of a sheet before it is copied with other texts in it.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead};

use super::CellTexts;
use super::place::{self, CellRange, Place};
use crate::formats::xml_pieces::{PieceKind, XmlPiece, XmlPieces, damaged};

/// Behind so many columns no roster goes on.
const MAX_SHOWN: u32 = 400;
/// More styled runs of columns than a sheet has columns are not kept.
const MAX_RUNS: usize = 1 << 14;

/// What a sheet says of itself, as far as the texts ask for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetFacts {
    /// The first column that is shown, in which no cell has anything and over which no range is merged.
    pub first_new: u32,
    /// The places of the texts at which the sheet has a cell.
    pub present: HashSet<Place>,
    /// Whether a cell that gets a text has a formula.
    pub replaces_formula: bool,
    /// Whether the sheet has formulas.
    pub has_formulas: bool,
    /// The cells whose formula fills a range of which another cell gets a text: the range keeps its values and loses it.
    pub arrays: HashSet<Place>,
    /// How many ranges are merged.
    pub merged: usize,
    /// Those that are taken apart, each with what is left of it.
    pub apart: Vec<(CellRange, Vec<CellRange>)>,
    /// The styles of whole columns, by the first and the last, from 1.
    pub column_styles: Vec<(u32, u32, String)>,
    /// Whether the sheet already says when it is to be calculated.
    pub has_calculation: bool,
}

impl SheetFacts {
    /// Goes through a sheet.
    pub fn gather(sheet: impl BufRead, texts: &CellTexts) -> io::Result<SheetFacts> {
        let mut reading = Reading {
            facts: SheetFacts::default(),
            arrays: Vec::new(),
            ranges: Vec::new(),
            widest: 0,
            hidden: Vec::new(),
        };
        reading.read(sheet, &texts.at)?;
        let Reading { mut facts, arrays, ranges, widest, hidden } = reading;
        facts.first_new = shown_from(widest, hidden);
        let placed = texts.placed(facts.first_new);
        facts.arrays =
            arrays.into_iter().filter(|(_, r)| r.places(&placed).next().is_some()).map(|(at, _)| at).collect();
        facts.merged = ranges.len();
        facts.apart = ranges.into_iter().filter_map(|range| Some((range, range.apart(&placed)?))).collect();
        Ok(facts)
    }

    /// Gives the style that an empty cell of a column has.
    pub fn style_of(&self, column: u32) -> Option<&str> {
        let run = self.column_styles.iter().find(|(from, to, _)| (*from..=*to).contains(&(column + 1)));
        run.map(|(.., style)| style.as_str())
    }
}

struct Reading {
    facts: SheetFacts,
    arrays: Vec<(Place, CellRange)>,
    ranges: Vec<CellRange>,
    widest: u32,
    /// The columns that are not shown, from 1.
    hidden: Vec<(u32, u32)>,
}

/// Gives the next column that is shown; the column itself where nobody would look for another.
fn shown_from(column: u32, mut hidden: Vec<(u32, u32)>) -> u32 {
    hidden.sort_unstable();
    let skip = |at: u32, (from, to): &(u32, u32)| if (*from..=*to).contains(&(at + 1)) { *to } else { at };
    let shown = hidden.iter().fold(column, skip);
    if shown < MAX_SHOWN { shown } else { column }
}

impl Reading {
    fn read(&mut self, sheet: impl BufRead, at: &BTreeMap<Place, String>) -> io::Result<()> {
        let mut pieces = XmlPieces::new(sheet);
        let mut cells = Cells::default();
        let mut is_inside = false;
        let mut was_there = false;
        while let Some(piece) = pieces.next_piece()? {
            if piece.kind == PieceKind::Text {
                continue;
            }
            if !is_inside {
                is_inside = piece.kind == PieceKind::Start && piece.opens("sheetData");
                was_there |= piece.opens("sheetData");
                self.outside(piece);
                continue;
            }
            match piece.local() {
                b"sheetData" => is_inside = false,
                b"row" => cells.row(piece),
                b"c" => {
                    let here = cells.cell(piece);
                    if piece.kind != PieceKind::End && at.contains_key(&here) {
                        self.facts.present.insert(here);
                    }
                }
                b"f" if piece.kind != PieceKind::End => {
                    self.facts.has_formulas = true;
                    self.facts.replaces_formula |= at.contains_key(&cells.at);
                    self.widest = self.widest.max(cells.at.1 + 1);
                    let fills = matches!(piece.attribute("t").as_deref(), Some("array" | "dataTable"));
                    let range = piece.attribute("ref").and_then(|r| CellRange::read(&r));
                    if let Some(range) = range.filter(|range| fills && range.from != range.to) {
                        self.arrays.push((cells.at, range));
                    }
                }
                b"v" | b"is" if piece.kind == PieceKind::Start => self.widest = self.widest.max(cells.at.1 + 1),
                _ => {}
            }
        }
        if was_there && !is_inside { Ok(()) } else { Err(damaged("no sheetData")) }
    }

    fn outside(&mut self, piece: XmlPiece<'_>) {
        let number = |name: &str| piece.attribute(name)?.parse::<u32>().ok();
        if piece.opens("mergeCell")
            && let Some(range) = piece.attribute("ref").and_then(|r| CellRange::read(&r))
        {
            self.widest = self.widest.max(range.to.1 + 1);
            self.ranges.push(range);
        } else if piece.opens("col")
            && self.facts.column_styles.len().max(self.hidden.len()) < MAX_RUNS
            && let (Some(from), Some(to)) = (number("min"), number("max"))
        {
            if matches!(piece.attribute("hidden").as_deref(), Some("1" | "true")) {
                self.hidden.push((from, to));
            }
            if let Some(style) = piece.attribute("style") {
                self.facts.column_styles.push((from, to, style.into_owned()));
            }
        } else if piece.opens("sheetCalcPr") {
            self.facts.has_calculation = true;
        }
    }
}

/// Where the cells are that go by: what does not say where it is comes behind the one before.
#[derive(Debug, Default)]
pub struct Cells {
    pub row: u32,
    column: u32,
    /// Where the last cell is.
    pub at: Place,
}

impl Cells {
    /// Takes the beginning or the end of a row.
    pub fn row(&mut self, piece: XmlPiece<'_>) {
        if piece.kind != PieceKind::End
            && let Some(row) = piece.attribute("r").and_then(|r| r.parse::<u32>().ok()).filter(|row| 0 < *row)
        {
            self.row = row - 1;
        }
        if piece.kind != PieceKind::Start {
            self.row += 1;
            self.column = 0;
        }
    }

    /// Takes the beginning or the end of a cell; gives where it is.
    pub fn cell(&mut self, piece: XmlPiece<'_>) -> Place {
        if piece.kind != PieceKind::End {
            self.at = piece.attribute("r").and_then(|r| place::place(&r)).unwrap_or((self.row, self.column));
            self.column = self.at.1 + 1;
        }
        self.at
    }
}
