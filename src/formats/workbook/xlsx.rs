//! Xlsx workbooks. One thread inflates the large parts, this one parses them, a third makes rows of the cells and sends them: the
//! parser takes the most time, and waits for nobody.

use super::ahead::Package;
use super::child::{Out, Wanted, choose, refuse, send_header, unread};
use super::looks::{self, Looks};
use super::merges::{self, Merges, SheetGlance};
use super::meter;
use super::others;
use super::rich::{self, StruckTexts};
use super::rows::{By, RowCollector, Stop, WorkbookReading, too_large};
use crate::domain::roster::Beside;
use crate::formats::limits::Limits;
use crate::formats::sniff::FileKind;
use crate::formats::{FileRefusal, RefusalKind};
use calamine::{Cell, DataRef, Reader, Xlsx, XlsxCellReader, XlsxFormulaMetadata};
use std::collections::HashSet;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::mpsc::{SyncSender, sync_channel};

/// So many cells, or so much of text that is theirs alone, are handed on at once; so many times that may lie ready.
const BUNCH: usize = 1024;
const BUNCH_TEXT: usize = 64 << 10;
const BUNCHES: usize = 2;

type Book = Xlsx<Package>;
type Placed<'a> = (Cell<DataRef<'a>>, By);

/// Opens the workbook, which reads all shared texts. Meanwhile another thread counts these and looks whether they are struck out,
/// and then picks the merged ranges of the first sheet: it is nearly always the one that is read. A third one would only take
/// from the two cores that there are.
fn open(bytes: &'static [u8], limits: Limits) -> Result<(Book, Option<SheetGlance>, StruckTexts), Stop> {
    let look = || {
        let found = rich::struck_texts(bytes, limits.texts);
        if matches!(found, Ok(None)) {
            meter::end();
        }
        found
    };
    // Very many are counted before anything else takes time.
    let counted = rich::has_many_texts(bytes).then(look);
    let is_counted = counted.is_some();
    let glance = || ((!is_counted).then(look), merges::of_xlsx(bytes, 0));
    let (book, (looked, merges)) = std::thread::scope(|scope| {
        let beside = std::thread::Builder::new().spawn_scoped(scope, glance);
        let book = Xlsx::new(Package::new(bytes)).map_err(refuse);
        let panicked = |_| (Some(Err(io::Error::other("panic"))), Ok(None));
        (book, beside.map_or_else(|_| glance(), |thread| thread.join().unwrap_or_else(panicked)))
    });
    let Some(struck_texts) = counted.or(looked).unwrap_or(Ok(None)).transpose() else {
        return Err(too_large(format!("> {} texts", limits.texts)));
    };
    Ok((book?, merges.ok().flatten(), struck_texts.map_err(unread)?))
}

pub fn read(bytes: &'static [u8], (wanted, limits): Wanted<'_>, out: &mut Out) -> Result<(), Stop> {
    let (book, first_merges, struck_texts) = open(bytes, limits)?;
    // This process ends with the last row: nobody needs the room that hundreds of thousands of texts would give back one by one.
    let mut book = ManuallyDrop::new(book);
    let sheets = book.sheets_metadata().to_vec();
    let chosen = choose(&sheets, wanted, |name| {
        let mut cells = book.worksheet_cells_reader(name).map_err(refuse)?;
        while let Some(cell) = cells.next_cell().map_err(refuse)? {
            if *cell.get_value() != DataRef::Empty {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let name = &sheets[chosen].name;
    let reading = WorkbookReading { date_1904: book.has_1904_epoch(), errors_are_strings: false };
    let others = others::count((&sheets, chosen), reading.date_1904, |name, tally| {
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { return };
        while let Ok(Some(cell)) = cells.next_cell() {
            if !tally.take(cell.get_position(), cell.get_value()) {
                return;
            }
        }
    });
    let glance = match first_merges.filter(|_| chosen == 0) {
        Some(glance) => Some(glance),
        None => merges::of_xlsx(bytes, chosen).map_err(unread)?,
    };
    let SheetGlance { ranges, has_formulas, hidden, remarks, has_strikes } = match glance {
        Some(glance) => glance,
        // Parts in unusual places: slower, by a whole pass over the sheet.
        None => {
            let ranges = book.merge_cells_by_sheet_name(name).map_err(refuse)?;
            SheetGlance { ranges, has_formulas: true, ..SheetGlance::default() }
        }
    };
    // Hardly a roster has such a style; only then its cells are gone through twice.
    let (kinds, looks) = {
        let mut cells = book.worksheet_cells_reader(name).map_err(refuse)?;
        match looks::kinds(cells.styles()) {
            Some(kinds) => looks::look(&mut cells, &kinds).map(|looks| (kinds, looks)).map_err(refuse)?,
            None => (Vec::new(), Looks::default()),
        }
    };
    let Looks { struck, greyed, mut struck_cells, shaped, formatted, blanked } = looks;
    let (partly_struck, wholly) = if has_strikes || !struck_texts.is_empty() {
        rich::places(bytes, chosen, &struck_texts).unwrap_or_default()
    } else {
        Default::default()
    };
    struck_cells.extend(wholly);
    struck_cells.sort_unstable();
    struck_cells.dedup();
    let beside = Beside {
        struck_rows: struck,
        greyed_rows: greyed,
        struck_cells,
        partly_struck,
        remarks,
        formatted: formatted.into_iter().collect(),
        blanked: blanked.into_iter().collect(),
        ..hidden.beside()
    };
    let mut shaped = shaped.into_iter().peekable();
    let mut shown = move |(row, column), value: &DataRef<'_>| {
        while shaped.next_if(|at| at.0 < row).is_some() {}
        let (.., style) = shaped.next_if(|at| (at.0, at.1) == (row, column))?;
        kinds.get(style)?.shown(value, reading.date_1904)
    };
    send_header(out, FileKind::Xlsx, (&sheets, chosen), reading.date_1904, (beside, others))?;
    let mut rows = RowCollector::new(out, (bytes.len() as u64, limits), reading, Merges::new(ranges, limits.columns));
    let cells = book.worksheet_cells_reader(name).map_err(refuse)?;
    std::thread::scope(|scope| {
        let (out, handed) = sync_channel::<Vec<Placed<'_>>>(BUNCHES);
        let collect = move || -> Result<_, Stop> {
            for (cell, by) in handed.into_iter().flatten() {
                let (at, value) = (cell.get_position(), cell.get_value());
                rows.cell(at.0, at.1, shown(at, value).as_ref().unwrap_or(value), by)?;
            }
            Ok(rows)
        };
        let unstarted = |error: io::Error| FileRefusal::new(RefusalKind::Program, error.kind().to_string());
        let collecting = std::thread::Builder::new().spawn_scoped(scope, collect).map_err(unstarted)?;
        let mut bunches = Bunches { bunch: Vec::with_capacity(BUNCH), text: 0, out };
        let parsed = parse(cells, has_formulas, &mut bunches);
        bunches.hand_on();
        drop(bunches);
        // What is wrong with a cell comes before what is wrong behind it.
        let rows = collecting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        parsed.and_then(|()| rows.finish().map(drop))
    })
}

/// Cells on their way to the thread that makes rows of them.
struct Bunches<'a> {
    bunch: Vec<Placed<'a>>,
    text: usize,
    out: SyncSender<Vec<Placed<'a>>>,
}

impl<'a> Bunches<'a> {
    /// Takes a cell; tells whether more are wanted.
    fn put(&mut self, cell: Cell<DataRef<'a>>, by: By) -> bool {
        if let DataRef::String(text) = cell.get_value() {
            self.text += text.len();
        }
        self.bunch.push((cell, by));
        (self.bunch.len() < BUNCH && self.text < BUNCH_TEXT) || self.hand_on()
    }

    fn hand_on(&mut self) -> bool {
        self.text = 0;
        self.out.send(std::mem::replace(&mut self.bunch, Vec::with_capacity(BUNCH))).is_ok()
    }
}

/// Parses the sheet until its end, or until no more cells are wanted.
fn parse<'a>(
    mut cells: XlsxCellReader<'a, Package>,
    has_formulas: bool,
    bunches: &mut Bunches<'a>,
) -> Result<(), Stop> {
    if !has_formulas {
        while let Some(cell) = cells.next_cell().map_err(refuse)? {
            if !bunches.put(cell, By::Typing) {
                break;
            }
        }
        return Ok(());
    }
    let mut counting = HashSet::new();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(refuse)? {
        let by = match &cell.formula {
            None => By::Typing,
            Some(XlsxFormulaMetadata::Shared { shared_index, formula, .. }) => {
                let by = By::formula(formula);
                if by == By::Counting {
                    counting.insert(*shared_index);
                }
                by
            }
            Some(XlsxFormulaMetadata::SharedDerived { shared_index }) if counting.contains(shared_index) => {
                By::Counting
            }
            Some(XlsxFormulaMetadata::Normal { formula }) => By::formula(formula),
            Some(_) => By::Formula,
        };
        if !bunches.put(Cell::new(cell.pos, cell.value), by) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::frames;
    use super::*;
    use std::io::{BufWriter, Cursor, Read, Seek, Write};

    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    fn number(bytes: &[u8]) -> usize {
        bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    /// Lists the lines of the rows that were sent behind the header.
    fn lines(sent: &[u8]) -> Vec<usize> {
        let (mut lines, mut rest) = (Vec::new(), &sent[5 + number(&sent[1..5])..]);
        while let Some((&frames::ROW, frame)) = rest.split_first() {
            lines.push(number(&frame[..4]));
            rest = &frame[frames::ROW_HEAD + number(&frame[4..6]) * frames::CELL_HEAD + number(&frame[6..10])..];
        }
        lines
    }

    /// Reads a workbook with one sheet of such rows; gives the lines that were sent, or why it was refused.
    fn told(rows: &str) -> Result<Vec<usize>, FileRefusal> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let sheet = format!("<worksheet><sheetData>{rows}");
        let book =
            format!(r#"<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#);
        let relation = |target: &str, kind: &str| {
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        for (name, text) in [
            ("_rels/.rels", relation("xl/workbook.xml", "officeDocument")),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relation("worksheets/sheet1.xml", "worksheet")),
            ("xl/worksheets/sheet1.xml", sheet),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner().leak();
        let mut out = BufWriter::new(tempfile::tempfile().unwrap());
        match read(bytes, (None, Limits::default()), &mut out) {
            Ok(()) => {
                let (mut file, mut sent) = (out.into_inner().unwrap(), Vec::new());
                file.rewind().unwrap();
                file.read_to_end(&mut sent).unwrap();
                Ok(lines(&sent))
            }
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Gone) => panic!("gone"),
        }
    }

    fn row(line: usize, text: &str) -> String {
        format!(r#"<row r="{line}"><c r="A{line}" t="inlineStr"><is><t>{text}</t></is></c></row>"#)
    }

    #[test]
    fn all_cells_come_through_in_order() {
        // Fewer than go at once, very many, and long ones that go by few.
        for (last, length) in [(1, 1), (3 * BUNCH + 7, 3), (BUNCH, 3), (40, BUNCH_TEXT / 3)] {
            let text = "x".repeat(length);
            let rows: String = (1..=last).map(|line| row(line, &text)).collect();
            assert_eq!(told(&(rows + "</sheetData></worksheet>")), Ok((1..=last).collect()));
        }
    }

    #[test]
    fn the_first_fault_in_the_sheet_is_told() {
        let rows = (1..=5 * BUNCH).map(|line| row(line, "x")).collect::<String>() + &row(7, "x");
        let unordered = "row 7 is out of order";
        let detail = |rows: &str| told(rows).unwrap_err().detail;
        assert_eq!(detail(&rows), unordered);
        assert_eq!(detail(&(rows.clone() + "<row r=\"9\"><c r=\"A9\"><x>")), unordered);
        assert_ne!(detail(&(row(1, "x") + "<row r=\"2\"><c r=\"A2\"><x>" + &rows)), unordered);
    }
}
