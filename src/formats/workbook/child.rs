//! The child: reads one workbook from its standard input and writes frames to its standard output.

use super::frames::OtherTab;
use super::hidden::Hidden;
use super::looks::Looks;
use super::merges::Merges;
use super::meter::{self, Metered};
use super::ods;
use super::rich::{self, Places};
use super::rows::{By, RowCollector, Stop, WorkbookReading, gone, too_large};
use super::{biff, others, whole, xlsx};
use super::{frames, value};
use crate::domain::roster::Beside;
use crate::formats::limits::Limits;
use crate::formats::sniff::FileKind;
use crate::formats::{FileRefusal, RefusalKind};
use calamine::{Data, DataRef, Dimensions, Range, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsb};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::BorrowedFd;
use std::process::ExitCode;

/// Memory every child may use, and what each byte of the file adds to it.
const FREE_MEMORY: u64 = 256 << 20;
/// What the allocator sets aside for each thread without using it; only the system's count of all addresses has it.
const SET_ASIDE: u64 = 6 * (128 << 20);
const MEMORY_PER_BYTE: u64 = 12;
/// The parser reads some megabytes a second even where nothing is optimised; one second more for each of these.
const BYTES_PER_SECOND: u64 = 512 << 10;

/// The pipe holds half of it; fewer, larger writes.
const OUT_BUFFER: usize = 128 << 10;
/// Parser messages are for us, not for clerks; they are cut here.
const MAX_DETAIL: usize = 200;

pub type Out = BufWriter<File>;

/// Runs the child: `args` are the kind's key; `sheet` is the sheet's name, if one was asked for; `limits` what the file may have.
pub fn serve(args: impl IntoIterator<Item = OsString>, sheet: Option<OsString>, limits: Option<OsString>) -> ExitCode {
    // A panic of the parser is told by the exit code; its message must not reach the user's screen.
    std::panic::set_hook(Box::new(|_| {}));
    let kind = args.into_iter().next().and_then(|arg| FileKind::from_key(arg.to_str()?));
    let sheet = sheet.map(|sheet| sheet.to_string_lossy().into_owned());
    let limits = Limits::of_text(&limits.unwrap_or_default().to_string_lossy());
    if let Ok(signs) = owned(rustix::stdio::stderr()) {
        meter::begin(signs);
    }
    let (Some(kind), Ok(input), Ok(output)) = (kind, owned(rustix::stdio::stdin()), owned(rustix::stdio::stdout()))
    else {
        return ExitCode::FAILURE;
    };
    match converse(kind, (sheet.as_deref(), limits), input, BufWriter::with_capacity(OUT_BUFFER, output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn owned(fd: BorrowedFd<'_>) -> io::Result<File> {
    fd.try_clone_to_owned().map(File::from)
}

/// Which sheet is read, and what it may have.
pub type Wanted<'a> = (Option<&'a str>, Limits);

fn converse(kind: FileKind, wanted: Wanted<'_>, input: File, mut out: Out) -> Result<(), Stop> {
    out.write_all(&[frames::STARTED]).and_then(|()| out.flush()).map_err(gone)?;
    match send(kind, wanted, input, &mut out) {
        Ok(()) => out.write_all(&[frames::DONE]).map_err(gone)?,
        Err(Stop::Refused(refusal)) => send_json(&mut out, frames::REFUSED, &frames::RefusalFrame::from(&refusal))?,
        Err(Stop::Gone) => return Err(Stop::Gone),
    }
    out.flush().map_err(gone)
}

fn send(kind: FileKind, wanted: Wanted<'_>, mut input: File, out: &mut Out) -> Result<(), Stop> {
    let size = input.metadata().map_err(|error| FileRefusal::from_io(&error))?.len();
    limit(size, wanted.1);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size as usize + 1).map_err(|_| too_large("memory"))?;
    input.read_to_end(&mut bytes).map_err(|error| FileRefusal::from_io(&error))?;
    // This process ends with the file, and other threads may read it until then.
    let bytes: &'static [u8] = bytes.leak();
    match kind {
        FileKind::Xlsx => checked(bytes, &[rich::TEXTS], || xlsx::read(bytes, wanted, out)),
        FileKind::Xlsb => checked(bytes, &[], || xlsb(bytes, wanted, out)),
        FileKind::Xls => xls(bytes, wanted, out),
        FileKind::Ods => ods(bytes, wanted, out),
        FileKind::Text => Err(FileRefusal::new(RefusalKind::Foreign, "text").into()),
    }
}

/// Takes from this process what a parser of rosters never needs. A limit the system does not know is left out: the
/// parent's clock still ends the child.
fn limit(size: u64, limits: Limits) {
    let memory = MEMORY_PER_BYTE.saturating_mul(size).saturating_add(FREE_MEMORY);
    let memory = memory.min(u64::from(limits.reader_mb) << 20);
    let seconds = 1 + size / BYTES_PER_SECOND;
    for (resource, soft, hard) in [
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
        // What is written to. Kernels before 4.7 do not count it, so that all addresses are bounded besides.
        (Resource::Data, memory, memory),
        (Resource::As, memory.saturating_add(SET_ASIDE), memory.saturating_add(SET_ASIDE)),
        (Resource::Cpu, seconds, seconds + 1),
    ] {
        let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Rlimit { current: Some(soft.min(allowed)), maximum: Some(hard.min(allowed)) };
        let _ = setrlimit(resource, limit);
    }
}

fn send_json(out: &mut Out, tag: u8, message: &impl serde::Serialize) -> Result<(), Stop> {
    let json =
        serde_json::to_vec(message).map_err(|error| FileRefusal::new(RefusalKind::Damaged, error.to_string()))?;
    if json.len() > frames::MAX_JSON {
        return Err(too_large("sheets"));
    }
    out.write_all(&[tag])
        .and_then(|()| out.write_all(&(json.len() as u32).to_le_bytes()))
        .and_then(|()| out.write_all(&json))
        .map_err(gone)
}

pub fn refuse(error: impl Into<calamine::Error>) -> Stop {
    use calamine::{Error, OdsError, XlsError, XlsbError, XlsxError};
    let error = error.into();
    let kind = match &error {
        Error::Xlsx(XlsxError::Password)
        | Error::Xlsb(XlsbError::Password)
        | Error::Xls(XlsError::Password)
        | Error::Ods(OdsError::Password) => RefusalKind::Encrypted,
        Error::Ods(OdsError::CellLimitExceeded { .. }) => RefusalKind::TooLarge,
        Error::Io(io)
        | Error::Xlsx(XlsxError::Io(io))
        | Error::Xlsb(XlsbError::Io(io))
        | Error::Xls(XlsError::Io(io))
        | Error::Ods(OdsError::Io(io))
            if io.kind() == io::ErrorKind::OutOfMemory =>
        {
            RefusalKind::TooLarge
        }
        Error::Xls(XlsError::Io(io)) if io.kind() == io::ErrorKind::UnexpectedEof => RefusalKind::CutOff,
        _ => RefusalKind::Damaged,
    };
    let detail = error.to_string().chars().filter(|c| !c.is_control()).take(MAX_DETAIL).collect::<String>();
    FileRefusal::new(kind, detail).into()
}

pub fn unread(error: io::Error) -> Stop {
    refuse(calamine::Error::Io(error))
}

/// Chooses the sheet: the one asked for, else the first visible one with cells, else the first visible one. Where none is
/// visible, which no spreadsheet program leaves behind, the hidden ones are what there is.
pub fn choose(
    sheets: &[Sheet],
    wanted: Option<&str>,
    mut has_cells: impl FnMut(&str) -> Result<bool, Stop>,
) -> Result<usize, Stop> {
    let tables = || sheets.iter().enumerate().filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    let none = || {
        let names: Vec<&str> = tables().map(|(_, sheet)| sheet.name.as_str()).collect();
        Stop::Refused(FileRefusal::new(RefusalKind::NoSheet, names.join(", ")))
    };
    if let Some(wanted) = wanted {
        return tables().find(|(_, sheet)| sheet.name == wanted).map(|(at, _)| at).ok_or_else(none);
    }
    let mut there: Vec<usize> =
        tables().filter(|(_, sheet)| sheet.visible == SheetVisible::Visible).map(|(at, _)| at).collect();
    if there.is_empty() {
        there = tables().map(|(at, _)| at).collect();
    }
    match there[..] {
        [] => Err(Stop::Refused(FileRefusal::new(RefusalKind::Damaged, "no sheet"))),
        [only] => Ok(only),
        [first, ..] => {
            for at in there {
                if has_cells(&sheets[at].name)? {
                    return Ok(at);
                }
            }
            Ok(first)
        }
    }
}

pub fn send_header(
    out: &mut Out,
    kind: FileKind,
    (sheets, chosen): (&[Sheet], usize),
    date_1904: bool,
    (beside, others): (Beside, Vec<OtherTab>),
) -> Result<(), Stop> {
    let tab = |sheet: &Sheet| frames::SheetTab {
        name: sheet.name.clone(),
        visible: match sheet.visible {
            SheetVisible::Visible => "visible",
            SheetVisible::Hidden => "hidden",
            SheetVisible::VeryHidden => "very-hidden",
        }
        .to_owned(),
    };
    let header = frames::Header {
        kind: kind.key().to_owned(),
        sheets: sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(tab).collect(),
        sheet: sheets[chosen].name.clone(),
        date_1904,
        beside,
        others,
    };
    send_json(out, frames::HEADER, &header)
}

/// Sends what `send` sends, and meanwhile looks whether its parts are whole, but for those `read` to their ends. The rows
/// need not wait for it: what was sent of a file that is refused counts for nothing.
fn checked(bytes: &[u8], read: &[&str], send: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    std::thread::scope(|scope| {
        let whole = std::thread::Builder::new().spawn_scoped(scope, || whole::check(bytes, read));
        send()?;
        match whole.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(Err(error))) => Err(unread(error)),
            _ => Ok(()),
        }
    })
}

fn xlsb(bytes: &[u8], (wanted, limits): Wanted<'_>, out: &mut Out) -> Result<(), Stop> {
    let mut book = Xlsb::new(Metered::new(bytes)).map_err(refuse)?;
    let sheets = book.sheets_metadata().to_vec();
    let chosen = choose(&sheets, wanted, |name| {
        let mut cells = book.worksheet_cells_reader(name).map_err(refuse)?;
        Ok(cells.next_cell().map_err(refuse)?.is_some())
    })?;
    let reading = WorkbookReading { date_1904: book.has_1904_epoch(), errors_are_strings: false };
    let others = others::count((&sheets, chosen), reading.date_1904, |name, tally| {
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { return };
        while let Ok(Some(cell)) = cells.next_cell() {
            if !tally.take(cell.get_position(), cell.get_value()) {
                return;
            }
        }
    });
    send_header(out, FileKind::Xlsb, (&sheets, chosen), reading.date_1904, (Beside::default(), others))?;
    let mut rows = RowCollector::new(out, (bytes.len() as u64, limits), reading, Merges::default());
    let mut cells = book.worksheet_cells_reader(&sheets[chosen].name).map_err(refuse)?;
    while let Some(cell) = cells.next_cell().map_err(refuse)? {
        let (row, column) = cell.get_position();
        rows.cell(row, column, cell.get_value(), By::Typing)?;
    }
    rows.finish().map(|_| ())
}

fn xls(bytes: &[u8], (wanted, limits): Wanted<'_>, out: &mut Out) -> Result<(), Stop> {
    let mut book = Xls::new(Metered::new(bytes)).map_err(refuse)?;
    let reading = WorkbookReading { date_1904: book.has_1904_epoch(), errors_are_strings: false };
    let sheets = book.sheets_metadata().to_vec();
    let has_cells = |name: &str| book.worksheet_range(name).map(|range| !range.is_empty()).map_err(refuse);
    let chosen = choose(&sheets, wanted, has_cells)?;
    let name = &sheets[chosen].name;
    let merges = book.merge_cells_by_sheet_name(name).map_err(refuse)?;
    let others = others::count((&sheets, chosen), reading.date_1904, |name, tally| {
        if let Ok(range) = book.worksheet_range(name) {
            count_range(&range, tally);
        }
    });
    let biff::SheetAside { hidden, looks, partly_struck, remarks } = biff::aside(bytes, chosen);
    let beside = beside(hidden, looks, (partly_struck, remarks));
    send_header(out, FileKind::Xls, (&sheets, chosen), reading.date_1904, (beside, others))?;
    let values = book.worksheet_range(name).map_err(refuse)?;
    let formulas = book.worksheet_formula(name).map_err(refuse)?;
    drop(book);
    send_range((bytes.len() as u64, limits), reading, merges, &values, &formulas, out)
}

fn ods(bytes: &[u8], (wanted, limits): Wanted<'_>, out: &mut Out) -> Result<(), Stop> {
    let mut book = calamine::Ods::new(Metered::new(bytes)).map_err(refuse)?;
    let reading = WorkbookReading { date_1904: false, errors_are_strings: true };
    let sheets = book.sheets_metadata().to_vec();
    let has_cells = |name: &str| book.worksheet_range(name).map(|range| !range.is_empty()).map_err(refuse);
    let chosen = choose(&sheets, wanted, has_cells)?;
    let name = &sheets[chosen].name;
    let others = others::count((&sheets, chosen), reading.date_1904, |name, tally| {
        if let Ok(range) = book.worksheet_range(name) {
            count_range(&range, tally);
        }
    });
    let ods::SheetAside { ranges: merges, hidden, looks, partly_struck, remarks } =
        ods::aside(bytes, chosen).map_err(unread)?;
    let beside = beside(hidden, looks, (partly_struck, remarks));
    send_header(out, FileKind::Ods, (&sheets, chosen), false, (beside, others))?;
    let values = book.worksheet_range(name).map_err(refuse)?;
    let formulas = book.worksheet_formula(name).map_err(refuse)?;
    drop(book);
    send_range((bytes.len() as u64, limits), reading, merges, &values, &formulas, out)
}

/// Puts together what a sheet has besides its rows.
fn beside(hidden: Hidden, looks: Looks, (partly_struck, remarks): (Places, Places)) -> Beside {
    let Looks { struck, greyed, struck_cells, .. } = looks;
    let (struck_rows, greyed_rows) = (struck, greyed);
    Beside { struck_rows, greyed_rows, struck_cells, remarks, partly_struck, ..hidden.beside() }
}

fn count_range(range: &Range<Data>, tally: &mut others::Tally<'_>) {
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        if !tally.take((top + row as u32, left + column as u32), &value::lend(value)) {
            return;
        }
    }
}

fn send_range(
    (size, limits): (u64, Limits),
    reading: WorkbookReading,
    merges: Vec<Dimensions>,
    values: &Range<Data>,
    formulas: &Range<String>,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut rows = RowCollector::new(out, (size, limits), reading, Merges::new(merges, limits.columns));
    let place = |start: Option<(u32, u32)>, row: usize, column: usize| {
        let (top, left) = start.unwrap_or_default();
        (top + row as u32, left + column as u32)
    };
    // Formulas whose value was never stored, in order; only they are not among the values.
    let mut unvalued = formulas
        .used_cells()
        .map(|(row, column, _)| place(formulas.start(), row, column))
        .filter(|at| values.get_value(*at).is_none_or(|value| *value == Data::Empty))
        .peekable();
    let counted: HashSet<(u32, u32)> = formulas
        .used_cells()
        .filter(|(.., formula)| By::formula(formula) == By::Counting)
        .map(|(row, column, _)| place(formulas.start(), row, column))
        .collect();
    for (row, column, value) in values.used_cells() {
        let at = place(values.start(), row, column);
        while let Some((row, column)) = unvalued.next_if(|formula| *formula < at) {
            rows.cell(row, column, &DataRef::Empty, By::Formula)?;
        }
        let by = if counted.contains(&at) { By::Counting } else { By::Typing };
        rows.cell(at.0, at.1, &value::lend(value), by)?;
    }
    for (row, column) in unvalued {
        rows.cell(row, column, &DataRef::Empty, By::Formula)?;
    }
    rows.finish().map(|_| ())
}
