//! Print data (打印数据): what an office's printing program needs of each certificate, as a table; that it was written is an event of
//! the certificates, and of what is printed again it is said why.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::export::now;
use super::photos::photo_of;
use super::printer::Printer;
use super::{Office, Session};
use crate::domain::batch::Batch;
use crate::domain::code::{CertCode, PREFIX_LENGTH};
use crate::domain::date;
use crate::domain::ledger::action::BlanksMoved;
use crate::domain::ledger::printed::{LastPrint, Medium};
use crate::domain::ledger::share::{Share, ShareId};
use crate::domain::ledger::stock::BlankKind;
use crate::domain::ledger::{BatchId, Holder, Status};
use crate::domain::numbering;
use crate::domain::print::{Laid, PhotoFolder, PhotoState, PrintColumn, PrintFault, PrintLine, unknown_place};
use crate::domain::profile::Profile;
use crate::domain::roster::RowId;
use crate::domain::rules::Severity;
use crate::domain::text;
use crate::domain::upload::{self, TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::image_head::names_in;
use crate::formats::read_back::{digest, verify};
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::store::{PrintOrder, PrintState, StoreReader};

/// So many of what is wrong are named; the rest is counted.
pub(super) const NAMED: usize = 5;

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub enum PrintOf<'a> {
    /// The rows of a roster that are left in it, and the batch of the store that it is.
    Rows(Option<BatchId>, &'a Batch),
    /// Certificates of the ledger.
    Codes(&'a [CertCode]),
}

impl PrintOf<'_> {
    /// Gives the day that the rows of a roster were checked on.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        let PrintOf::Rows(_, batch) = self else { return None };
        Some(batch.context().today())
    }
}

/// Print data that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct PrintDataOrder<'a> {
    pub of: PrintOf<'a>,
    pub path: &'a Path,
    pub format: TableFormat,
    pub overwrite: bool,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    pub medium: Medium,
    /// The folder with the photos.
    pub photos: Option<&'a Path>,
    /// The size of the photo as it was typed; it is kept.
    pub photo_size: Option<&'a str>,
    /// Why; personal data goes out whole.
    pub reason: &'a str,
    /// Whether what was printed before is printed again.
    pub again: bool,
    /// The entry of the share register under which it goes out; one is made where none is named.
    pub share: Option<ShareId>,
}

/// A certificate of which no data were written, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPrinted {
    /// The row, or the code.
    pub place: String,
    /// Nothing where it has no number.
    pub status: Option<Status>,
}

/// What was written.
#[derive(Debug)]
pub struct PrintDataWritten {
    pub rows: u32,
    /// Those that the ledger does not know.
    pub unknown: u32,
    pub left_out: Vec<NotPrinted>,
    /// How many were printed before.
    pub again: u32,
    /// What was spoiled for them.
    pub spoiled: Vec<(BlankKind, BlanksMoved)>,
    /// How many have no blank although there are blanks in the stock.
    pub without_blank: u32,
    /// What deserves a look, each in words.
    pub notices: Vec<String>,
    /// What of the photos is missing or doubtful, each in words; nothing where no folder was named.
    pub photos: Option<Vec<String>>,
    pub sha256: String,
    pub entry: u64,
    /// The entry of the share register under which it went out.
    pub share: Share,
}

/// A certificate that is wanted.
pub(super) struct Wanted {
    pub(super) place: String,
    pub(super) code: CertCode,
    pub(super) holder: Holder,
    pub(super) profile: Arc<Profile>,
    pub(super) state: Option<PrintState>,
}

impl Session {
    /// Writes print data, and notes in the ledger what is in it. Nothing is written of certificates that are void or revoked, and
    /// nothing at all while a text cannot be printed.
    ///
    /// # Errors
    /// There is nothing to print, a text is missing or must not be printed, something was printed before and that is not said, or
    /// the notice names several sizes of the photo and none was chosen.
    pub fn write_print_data(&self, order: &PrintDataOrder<'_>) -> Result<PrintDataWritten, Failure> {
        let office = &self.office;
        let failed = |e: &WriteError| office.locale().write_failure(e);
        if order.reason.trim().is_empty() {
            return Err(office.usage("cli.blank-reason", &[]));
        }
        office.must_know_places()?;
        self.may_hand_out(order.share)?;
        office.spare_state(order.path).map_err(|e| failed(&e))?;
        let mut staged = StagedFile::new(order.path, order.overwrite, order.source).map_err(|e| failed(&e))?;
        let (wanted, left_out) = self.wanted(&order.of, order.medium)?;
        if wanted.is_empty() {
            return Err(self.nothing_to_print(&left_out));
        }
        if let PrintOf::Rows(_, batch) = order.of {
            self.must_be_without_errors(batch, &wanted)?;
        }
        self.must_say_again(&wanted, order.again)?;
        let batch = if let PrintOf::Rows(batch, _) = order.of { batch } else { None };
        let (printers, keepers) = self.printers(&wanted, batch, order.photo_size)?;
        let laid = self.laid(&wanted, &printers, order.medium)?;
        let notices = self.notices(&laid, &printers, &wanted);
        let today = office.today()?;
        let folder = order.photos.map(|path| office.photo_folder(path)).transpose()?;
        let photos = folder.as_ref().zip(order.photos).map(|(folder, path)| {
            wanted.iter().map(|one| photo_of((path, folder), one, order.of.day().unwrap_or(today))).collect()
        });
        let photos: Option<Vec<PhotoState>> = photos;
        photos.iter().try_for_each(|photos| office.must_have_good_photos(&wanted, photos))?;
        let lines = laid.into_iter().zip(0..).map(|(laid, at)| {
            let mut line = laid.line;
            if let Some(PhotoState::Found(found)) = photos.as_ref().and_then(|all| all.get(at)) {
                line.put(PrintColumn::Photo, found.file.as_str());
            }
            line
        });
        let mut lines: Vec<PrintLine> = lines.collect();
        let codes: Vec<CertCode> = wanted.iter().filter(|one| one.state.is_some()).map(|one| one.code).collect();
        let name = order.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let rows = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let (medium, reason, on) = (order.medium, order.reason, today);
        let print = PrintOrder { codes: &codes, batch, medium, on, reason, rows, file: &name };
        let mut without_blank = 0;
        let mut sha256 = String::new();
        let noted = self.with(|store| {
            store.print(&print, |states| {
                without_blank = 0;
                for (one, line) in wanted.iter().zip(&mut lines) {
                    let blank = states.get(&one.code).and_then(|state| state.blank);
                    without_blank += u32::from(blank.is_none());
                    line.put(PrintColumn::Blank, blank.map(|number| number.to_string()).unwrap_or_default());
                }
                sha256 = office.put_lines(&mut staged, order, &lines)?;
                Ok(sha256.clone())
            })
        })?;
        let noted = noted.map_err(|e: WriteError| failed(&e))?;
        staged.commit().map_err(|e| failed(&e))?;
        self.keep_photo_sizes(&keepers, order.photo_size, order.reason)?;
        let holds = office.report_locale().fill("print.holds", &[("n", &rows.to_string())]);
        let share = self.note_handed_out(order.path, (&holds, order.reason), order.share)?;
        let keeps_blanks = medium == Medium::Paper && !self.ledger()?.with(StoreReader::balances)?.is_empty();
        let told = photos.map(|all| office.photos_told(wanted.iter().zip(&all)));
        Ok(PrintDataWritten {
            rows,
            unknown: rows - u32::try_from(codes.len()).unwrap_or(rows),
            left_out,
            again: count(wanted.iter().filter(|one| one.printed().is_some())),
            spoiled: noted.spoiled.into_iter().map(|(kind, done)| (kind, done.moved)).collect(),
            without_blank: if keeps_blanks { without_blank } else { 0 },
            notices,
            photos: told,
            sha256,
            entry: noted.entry,
            share,
        })
    }

    /// Finds what is to be printed: of rows those that have a number, each as the ledger has it once it was handed in.
    pub(super) fn wanted(&self, of: &PrintOf<'_>, medium: Medium) -> Result<(Vec<Wanted>, Vec<NotPrinted>), Failure> {
        let office = &self.office;
        let mut left_out = Vec::new();
        let mut wanted = Vec::new();
        match *of {
            PrintOf::Codes(codes) => {
                for code in codes {
                    let (certificate, profile) = self.with(|store| store.certificate_with_profile(*code))?;
                    let (place, holder, profile) = (code.to_string(), certificate.holder, office.profile(&profile)?);
                    if wanted.iter().all(|one: &Wanted| one.code != *code) {
                        wanted.push(Wanted { place, code: *code, holder, profile, state: None });
                    }
                }
            }
            PrintOf::Rows(_, batch) => {
                office.is_settled(batch)?;
                let locale = office.locale();
                let roster = batch.roster();
                for row in upload::of(batch).row_ids() {
                    let place = locale.row_named(roster, row);
                    let code = CertCode::new(roster.cell(row, crate::domain::sheet::Field::Code).trim());
                    let Some(code) = code else {
                        left_out.push(NotPrinted { place, status: None });
                        continue;
                    };
                    let (holder, profile) = (numbering::holder(batch, row), Arc::clone(batch.context().profile()));
                    wanted.push(Wanted { place, code, holder, profile, state: None });
                }
            }
        }
        let codes: Vec<CertCode> = wanted.iter().map(|one| one.code).collect();
        let mut states: HashMap<CertCode, PrintState> = self.with(|store| store.print_states(&codes, medium))?;
        for one in &mut wanted {
            one.state = states.remove(&one.code);
            // What was handed in is on record, and a case alone changes it.
            if let Some(state) = &one.state
                && !state.certificate.status.is_open()
            {
                one.holder = state.certificate.holder.clone();
            }
        }
        wanted.retain(|one| {
            let status = one.state.as_ref().map(|state| state.certificate.status);
            let is_ended = matches!(status, Some(Status::Void | Status::Revoked | Status::Reserved));
            if is_ended {
                left_out.push(NotPrinted { place: one.place.clone(), status });
            }
            !is_ended
        });
        Ok((wanted, left_out))
    }

    /// Refuses rows with errors: what is wrong is not printed.
    fn must_be_without_errors(&self, batch: &Batch, wanted: &[Wanted]) -> Result<(), Failure> {
        let codes: std::collections::HashSet<CertCode> = wanted.iter().map(|one| one.code).collect();
        let roster = batch.roster();
        let is_wanted = |row: RowId| {
            let code = CertCode::new(roster.cell(row, crate::domain::sheet::Field::Code).trim());
            code.is_some_and(|code| codes.contains(&code))
        };
        let mut errors = upload::of(batch)
            .row_ids()
            .filter(|row| is_wanted(*row))
            .flat_map(|row| batch.findings().of_row(row).iter().filter(|f| f.severity() == Severity::Error));
        let Some(first) = errors.next() else { return Ok(()) };
        let locale = self.office.locale();
        let places = [
            ("n", &*(errors.count() + 1).to_string()),
            ("row", &locale.row_named(roster, first.row)),
            ("column", batch.context().sheet().label(first.field)),
            ("message", &locale.finding(batch, first, true)),
        ];
        Err(Failure::new(FailureKind::Rule, locale.fill("print.errors", &places), locale.text("print.errors-hint")))
    }

    fn nothing_to_print(&self, left_out: &[NotPrinted]) -> Failure {
        let locale = self.office.locale();
        let told: Vec<String> =
            left_out.iter().take(NAMED).map(|one| locale.not_printed(&one.place, one.status)).collect();
        let why = told.join(locale.text("finding.comma"));
        Failure::new(FailureKind::Rule, locale.fill("print.nothing", &[("why", &why)]), "")
    }

    /// Refuses what was printed before, unless it is said that it is printed again.
    fn must_say_again(&self, wanted: &[Wanted], again: bool) -> Result<(), Failure> {
        let printed: Vec<(&Wanted, LastPrint)> = wanted.iter().filter_map(|one| Some((one, one.printed()?))).collect();
        let Some((first, print)) = printed.first().filter(|_| !again) else { return Ok(()) };
        let locale = self.office.locale();
        let places = [
            ("n", &*printed.len().to_string()),
            ("place", &*first.place),
            ("on", &print.on.to_string()),
            ("entry", &print.entry.to_string()),
        ];
        let hint = locale.text("print.before-hint");
        let failure = Failure::new(FailureKind::Rule, locale.fill("print.before", &places), hint);
        Err(Failure { here: locale.text("print.before-here").to_string(), ..failure })
    }

    /// Lays out all that is wanted.
    ///
    /// # Errors
    /// Something cannot be printed.
    fn laid(
        &self,
        wanted: &[Wanted],
        printers: &BTreeMap<String, Printer>,
        medium: Medium,
    ) -> Result<Vec<Laid>, Failure> {
        let office = &self.office;
        let tables = office.tables(self.registry()?);
        let all: Vec<Laid> =
            wanted.iter().map(|one| office.lay_one(one, (printers, &tables.id_types), medium)).collect();
        let faults: Vec<(&Wanted, &PrintFault)> =
            wanted.iter().zip(&all).flat_map(|(one, laid)| laid.faults.iter().map(move |fault| (one, fault))).collect();
        if faults.is_empty() {
            return Ok(all);
        }
        let locale = office.locale();
        let told = |(one, fault): &(&Wanted, &PrintFault)| locale.print_fault(Some(&one.place), fault);
        let named: Vec<String> = faults.iter().take(NAMED).map(told).collect();
        let places = [("n", &*faults.len().to_string()), ("faults", &named.join(locale.text("print.between")))];
        Err(Failure::new(FailureKind::Rule, locale.fill("print.faults", &places), locale.text("print.faults-hint")))
    }

    /// Tells what deserves a look: each kind once, with the first of them and how many there are; and what is left to be noted.
    fn notices(&self, laid: &[Laid], printers: &BTreeMap<String, Printer>, wanted: &[Wanted]) -> Vec<String> {
        let locale = self.office.locale();
        let mut counted: Vec<(&PrintFault, &str, u32)> = Vec::new();
        for (one, notice) in wanted.iter().zip(laid).flat_map(|(one, l)| l.notices.iter().map(move |n| (one, n))) {
            match counted.iter_mut().find(|(known, ..)| *known == notice) {
                Some((.., n)) => *n += 1,
                None => counted.push((notice, &one.place, 1)),
            }
        }
        let told = |(notice, place, n): &(&PrintFault, &str, u32)| {
            let places = [("n", &*n.to_string()), ("told", &locale.print_fault(Some(place), notice))];
            locale.fill("print.notice", &places)
        };
        let mut all: Vec<String> = counted.iter().map(told).collect();
        let mut named: Vec<&str> = Vec::new();
        for one in wanted.iter().filter(|one| !one.profile.certificate.body_en.is_empty()) {
            let prefix = one.prefix();
            if !named.contains(&prefix) && printers.get(prefix).is_some_and(|printer| printer.name_en.is_empty()) {
                named.push(prefix);
                all.push(locale.fill("print.no-name-en", &[("prefix", prefix)]));
            }
        }
        let mut profiles: Vec<&str> = Vec::new();
        for one in wanted.iter().filter(|one| one.profile.certificate.body.is_empty()) {
            if !profiles.contains(&one.profile.id.as_str()) {
                profiles.push(&one.profile.id);
                all.push(locale.fill("print.no-body", &[("profile", locale.profile_name(&one.profile))]));
            }
        }
        all
    }
}

impl Office {
    /// Tells what came of print data: what was written, what was left out, and what deserves a look, a line each.
    pub fn print_data_told(&self, path: &Path, written: &PrintDataWritten) -> String {
        let locale = self.locale();
        let file = text::visible(&path.to_string_lossy()).into_owned();
        let places = [("file", &*file), ("n", &written.rows.to_string()), ("entry", &written.entry.to_string())];
        let mut lines = vec![locale.fill("print.written", &places)];
        for (key, n) in [
            ("print.written-again", written.again),
            ("print.written-unknown", written.unknown),
            ("print.without-blank", written.without_blank),
        ] {
            lines.extend((n != 0).then(|| locale.fill(key, &[("n", &n.to_string())])));
        }
        for (kind, moved) in &written.spoiled {
            lines.extend(locale.blanks_done("spoil", *kind, moved));
        }
        if !written.left_out.is_empty() {
            lines.push(locale.fill("print.left-out", &[("n", &written.left_out.len().to_string())]));
            lines
                .extend(written.left_out.iter().map(|one| format!("  {}", locale.not_printed(&one.place, one.status))));
        }
        lines.extend(written.notices.iter().cloned());
        lines.push(locale.share_noted(&written.share));
        if let Some(photos) = &written.photos {
            let key = if photos.is_empty() { "print.photos-whole" } else { "print.photos-wrong" };
            lines.push(locale.fill(key, &[("n", &photos.len().to_string())]));
            lines.extend(photos.iter().map(|told| format!("  {told}")));
        }
        lines.join("\n") + "\n"
    }

    /// Refuses a QR text with a place that nothing fills.
    pub(super) fn must_know_places(&self) -> Result<(), Failure> {
        match unknown_place(&self.settings().qr_text) {
            None => Ok(()),
            Some(place) => {
                let known = crate::domain::print::QR_PLACES.join(" ");
                Err(self.usage("print.qr-place", &[("place", place), ("known", &known)]))
            }
        }
    }

    /// Reads the names in a folder of photos.
    pub(super) fn photo_folder(&self, path: &Path) -> Result<PhotoFolder, Failure> {
        let names = names_in(path).map_err(|e| self.locale().unread(path, &e))?;
        Ok(PhotoFolder::new(names))
    }

    /// Writes the lines, reads them back, and gives the digest of the file.
    fn put_lines(
        &self,
        staged: &mut StagedFile,
        order: &PrintDataOrder<'_>,
        lines: &[PrintLine],
    ) -> Result<String, WriteError> {
        let locale = self.report_locale();
        let labels: Vec<String> = PrintColumn::ALL.iter().map(|one| locale.print_column(*one).to_string()).collect();
        let sheet = locale.text("print.sheet");
        let head = TableHead {
            format: order.format,
            sheet,
            labels: labels.iter().map(Into::into).collect(),
            widths: PrintColumn::ALL.iter().map(|one| width(*one)).collect(),
            rows: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            created: now(),
            is_filtered: false,
        };
        let cells = |line: &PrintLine| -> Vec<String> {
            line.texts().map(|(_, text)| neutral(text, order.format).into_owned()).collect()
        };
        let rows = lines
            .iter()
            .map(|line| Ok::<Vec<TableCell<'_>>, Infallible>(cells(line).into_iter().map(TableCell::from).collect()));
        staged.write(|out| write_table(out, order.path, &head, rows))?;
        let expected = lines.iter().map(|line| cells(line).into_iter().map(Into::into).collect());
        let header = labels.iter().map(|label| label.as_str().into()).collect();
        verify(staged.path(), order.format, std::iter::once(header).chain(expected))?;
        digest(staged.path()).map(|(sha256, _)| sha256).map_err(WriteError::io(order.path))
    }
}

impl Wanted {
    pub(super) fn prefix(&self) -> &str {
        self.code.as_str().get(..PREFIX_LENGTH).unwrap_or_default()
    }

    fn printed(&self) -> Option<LastPrint> {
        self.state.as_ref().and_then(|state| state.printed)
    }

    pub(super) fn issued(&self) -> Option<NaiveDate> {
        date::read(&self.holder.issue_date).day()
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

/// Gives about how wide a column is, in characters.
fn width(column: PrintColumn) -> f64 {
    match column {
        PrintColumn::Body | PrintColumn::BodyEn => 60.0,
        PrintColumn::Institution
        | PrintColumn::IssuingBody
        | PrintColumn::Seal
        | PrintColumn::SecondSeal
        | PrintColumn::CertificatesAddress
        | PrintColumn::InstitutionsAddress
        | PrintColumn::Paper => 32.0,
        PrintColumn::Code | PrintColumn::IdNumber => 26.0,
        _ => 16.0,
    }
}
