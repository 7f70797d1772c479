//! The reply of a site (回执): read, compared with what was handed in, and taken into the ledger whole or not at all; and lists of
//! codes out of files.

use std::collections::HashSet;
use std::path::Path;

use super::{Office, Session};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::ReplyFile;
use crate::domain::ledger::reply::{
    HeaderFault, ReplyColumn, ReplyFault, ReplyHeader, ReplyOrder, ReplyPlaces, ReplyRow, TakenReply, code_in,
};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::small_table::{self, Table, TableRow};

/// Where the columns of a header were matched, by its fingerprint.
const REPLY_OF: &str = "reply-of:";

/// So many wrong rows are named.
const NAMED: usize = 3;

/// A reply that was read.
#[derive(Debug)]
pub struct SiteReply {
    /// The file's name without its folder, and its digest.
    pub file: ReplyFile,
    /// The sheet it stands on; empty for a text file.
    pub sheet: String,
    /// The workbook's other sheets that are shown.
    pub others: Vec<String>,
    pub rows: Vec<ReplyRow>,
    header: ReplyHeader,
    is_mapped: bool,
}

/// How a reply is read.
#[derive(Debug, Clone, Default)]
pub struct ReplyReading {
    pub sheet: Option<String>,
    /// Which column of the file holds what, as it was said.
    pub map: Vec<(String, String)>,
}

/// Codes out of a list, each with its row.
pub type ListedCodes = Vec<(u32, CertCode)>;

impl Office {
    /// Reads the reply of a site.
    ///
    /// # Errors
    /// It cannot be read, its columns are not found, or it has no rows.
    pub fn read_reply(&self, path: &Path, reading: &ReplyReading) -> Result<SiteReply, Failure> {
        let own = self.catalogue().reply_terms();
        let map = reading.map.iter().map(|(source, named)| {
            let column = own.column(named);
            column.map(|column| (source.clone(), column)).ok_or_else(|| self.no_reply_column(named))
        });
        let map = map.collect::<Result<Vec<_>, _>>()?;
        let terms = if map.is_empty() { own } else { own.mapped(&map) };
        let table = self.small_table(path, reading.sheet.as_deref())?;
        let remembered = |print: &str| self.remembered_reply(print).filter(|_| map.is_empty());
        let cells = table.rows.iter().map(|row| row.cells.as_slice());
        let header = terms.find_header(cells, &remembered).map_err(|fault| self.no_header(path, &fault))?;
        if let Some((source, _)) = map.iter().find(|(source, _)| !is_in(source, &table.rows[header.row])) {
            let known: Vec<String> =
                table.rows[header.row].cells.iter().map(|cell| text::visible(cell).into_owned()).collect();
            let places = [("column", &**source), ("known", &known.join(self.locale().text("finding.comma")))];
            return Err(self.usage("cli.unknown-column", &places));
        }
        let rows = &table.rows[header.row + 1..];
        let read = |row: &TableRow| ReplyRow::of(row.line, &without_lost(row), &header.places, &terms);
        let rows: Vec<ReplyRow> = rows.iter().filter_map(read).collect();
        if rows.is_empty() {
            return Err(self.of_reply(path, "reply.no-rows", &[], "reply.no-rows-hint"));
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let file = ReplyFile { file: name, sha256: self.digest(path)? };
        Ok(SiteReply { file, sheet: table.sheet, others: table.others, rows, header, is_mapped: !map.is_empty() })
    }

    /// Reads a list of codes: of a table the column that is called so or in which they stand, else one on each line. A code that
    /// stands there again counts once.
    ///
    /// # Errors
    /// There is none, or what stands among them is none.
    pub fn listed_codes(&self, path: &Path, sheet: Option<&str>) -> Result<ListedCodes, Failure> {
        let table = self.small_table(path, sheet)?;
        let cells = table.rows.iter().map(|row| row.cells.as_slice());
        let found = self.catalogue().reply_terms().find_codes(cells).map_err(|fault| self.no_header(path, &fault))?;
        let Some((first, at)) = found else {
            return Err(self.of_reply(path, "reply.no-codes", &[], "reply.no-codes-hint"));
        };
        let (mut codes, mut wrong) = (ListedCodes::new(), Vec::new());
        let mut seen = HashSet::new();
        for row in &table.rows[first..] {
            let cell = row.cells.get(at).map_or("", String::as_str);
            match code_in(cell) {
                _ if cell.trim().is_empty() => {}
                Some(code) if seen.insert(code) => codes.push((row.line, code)),
                Some(_) => {}
                None => wrong.push((row.line, cell)),
            }
        }
        if !wrong.is_empty() {
            let told = |(line, cell): &(u32, &str)| {
                let cell = Field::Code.masked(cell);
                let places = [("row", &*line.to_string()), ("value", &*text::visible(&cell))];
                self.locale().fill("reply.no-code", &places)
            };
            let rows: Vec<String> = wrong.iter().take(NAMED).map(told).collect();
            let places = [("n", &*wrong.len().to_string()), ("rows", &rows.join(self.locale().text("finding.comma")))];
            return Err(self.of_reply(path, "reply.not-codes", &places, "reply.not-codes-hint"));
        }
        if codes.is_empty() {
            return Err(self.of_reply(path, "reply.no-codes", &[], "reply.no-codes-hint"));
        }
        Ok(codes)
    }

    fn small_table(&self, path: &Path, sheet: Option<&str>) -> Result<Table, Failure> {
        let most = self.settings().limits.file_bytes();
        let place = self.place_of(path);
        small_table::read_sheet(&place, self.program()?, most, sheet)
            .map_err(|refusal| self.locale().refusal(&refusal, &path.to_string_lossy()))
    }

    fn remembered_reply(&self, fingerprint: &str) -> Option<ReplyPlaces> {
        let kept = self.reader().ok()??.setting(&format!("{REPLY_OF}{fingerprint}")).ok()??;
        serde_json::from_str(&kept).ok()
    }

    fn no_reply_column(&self, named: &str) -> Failure {
        let known = ReplyColumn::ALL.map(|column| self.locale().reply_column(column));
        let places = [("named", named), ("known", &known.join(self.locale().text("finding.comma")))];
        self.usage("reply.unknown-column", &places)
    }

    fn no_header(&self, path: &Path, fault: &HeaderFault) -> Failure {
        match fault {
            HeaderFault::None => self.of_reply(path, "reply.no-header", &[], "reply.no-header-hint"),
            HeaderFault::Several(column, [a, b]) => {
                let (a, b) = (text::visible(a), text::visible(b));
                let places = [("column", self.locale().reply_column(*column)), ("a", &a), ("b", &b)];
                self.of_reply(path, "reply.several-columns", &places, "reply.several-columns-hint")
            }
        }
    }

    fn of_reply(&self, path: &Path, key: &str, places: &[(&str, &str)], hint: &str) -> Failure {
        let file = path.to_string_lossy();
        let file = text::visible(&file);
        let places: Vec<(&str, &str)> = places.iter().copied().chain([("file", &*file)]).collect();
        Failure::new(FailureKind::File, self.locale().fill(key, &places), self.locale().text(hint))
    }
}

impl Session {
    /// Takes what a reply says into the ledger: all of it, or nothing where a row stands against it.
    ///
    /// # Errors
    /// The day is still to come, the batch is not there, or the reply is of other certificates altogether.
    pub fn take_reply(&self, reply: &SiteReply, order: ReplyOrder) -> Result<TakenReply, Failure> {
        let (office, locale) = (&self.office, self.office.locale());
        if office.today()? < order.on {
            return Err(office.usage("ledger.future", &[("day", &order.on.to_string())]));
        }
        if let Some(batch) = order.batch {
            self.with(|store| store.batch(batch).map(drop))?;
        }
        let taken = self.with(|store| store.take_reply(&reply.rows, order, &reply.file))?;
        if taken.is_elsewhere() {
            let file = text::visible(&reply.file.file);
            let first = taken.barred.iter().find(|row| row.fault != ReplyFault::Unknown).or(taken.barred.first());
            let why = first.map_or_else(String::new, |row| locale.barred_row(row));
            let batch = order.batch.map(|batch| batch.to_string()).unwrap_or_default();
            let key = if order.batch.is_some() { "reply.of-other-batch" } else { "reply.of-nobody" };
            let told = locale.fill(key, &[("file", &file), ("batch", &batch), ("why", &why)]);
            return Err(Failure::new(FailureKind::Rule, told, locale.text("reply.of-other-hint")));
        }
        // How the columns were said to be matched is known for the next reply of that site.
        if reply.is_mapped && taken.may_be_taken(order) {
            let kept = serde_json::to_string(&reply.header.places).unwrap_or_default();
            let _ = self.once(|store| store.set_setting(&format!("{REPLY_OF}{}", reply.header.fingerprint), &kept));
        }
        Ok(taken)
    }
}

/// Tells whether a label stands in a row.
fn is_in(label: &str, row: &TableRow) -> bool {
    let label = text::squeezed_label(label).to_lowercase();
    row.cells.iter().any(|cell| text::squeezed_label(cell).to_lowercase() == label)
}

/// Gives the cells of a row, those empty of which a spreadsheet has lost digits.
fn without_lost(row: &TableRow) -> Vec<String> {
    let mut cells = row.cells.clone();
    for at in &row.lost {
        if let Some(cell) = cells.get_mut(*at) {
            cell.clear();
        }
    }
    cells
}
