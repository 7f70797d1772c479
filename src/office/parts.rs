//! Files added to a batch (并入批次): read under its profile and its form, and put behind the rows that are there.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::{InHand, Office, Opening, RosterFile, RosterReading, RosterRefused, Session, StoredBatch, bug};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::{Block, Part, PartLayout};
use crate::domain::sheet::{ColumnMap, MatchedHeader, SheetSpec};
use crate::failure::{Failure, FailureKind};
use crate::formats::Piece;
use crate::store::{NewPart, Skipped, SourceFile, StoreError, StoredPart};

/// A file that is to be added to a batch.
#[derive(Debug, Clone, Default)]
pub struct PartOrder {
    pub path: PathBuf,
    /// Its sheet, and what was said of how it is read; the profile is that of the batch.
    pub reading: RosterReading,
    /// The columns, once confirmed; without them they are matched by their labels.
    pub columns: Option<ColumnMap>,
    /// Whether these are for this file alone and not remembered.
    pub is_unremembered: bool,
    /// Whether only its first rows are wanted, to point at the header.
    pub points_at_header: bool,
    /// Whether it is one of the files of a batch that is read again as this one.
    pub is_again: bool,
}

/// What reading a file for a batch gives.
pub enum PartOpening {
    /// Something is to be settled first: the sheet, the header, or what its columns hold.
    Asks(Opening),
    Read(Box<ReadPart>),
}

/// A file that was read and is not in the batch yet.
#[derive(Debug)]
pub struct ReadPart {
    batch: Batch,
    source: SourceFile,
    sha256: String,
    matched: Option<MatchedHeader>,
}

/// Whether the batch that was made of a file is taken in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchTaken {
    No,
    Yes,
    /// It is, unless the file is wanted as it is (`--as-is`).
    UnlessAsIs,
}

impl BatchTaken {
    /// Gives the texts that tell of one that was worked on, and of one whose reading alone was settled.
    pub(super) fn keys(self) -> (&'static str, &'static str) {
        match self {
            BatchTaken::No => ("ledger.not-the-batch", "ledger.not-the-settled"),
            BatchTaken::Yes => ("ledger.batch-taken", "ledger.settled-taken"),
            BatchTaken::UnlessAsIs => ("ledger.export-of-batch", "ledger.export-of-settled"),
        }
    }
}

impl Office {
    /// Reads a file that is to be added to a batch, which stays as it is. With `asks` what nothing tells is given back to be
    /// settled; else it is refused. Nothing is given where `goes_on` says that nobody waits any more.
    ///
    /// # Errors
    /// The batch is not whole, the file cannot be read, is in the batch already, or is of another form.
    pub fn read_part(
        &self,
        batch: BatchId,
        order: &PartOrder,
        asks: bool,
        tell: &mut dyn FnMut(String),
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<PartOpening>, Failure> {
        let session = self.look()?;
        let stored = session.batch(batch)?;
        if !stored.complete {
            return Err(self.told(&StoreError::Unfinished(batch)));
        }
        let reading =
            RosterReading { profile: Some(stored.profile.clone()), is_answered: false, ..order.reading.clone() };
        let name = order.path.file_name().unwrap_or(order.path.as_os_str()).to_string_lossy();
        let unread = |e: std::io::Error| self.locale().unread(&order.path, &e);
        let source = self.source_of(&order.path).map_err(unread)?;
        let opened = if order.points_at_header {
            self.header_rows(&order.path, &name, &reading)
        } else {
            self.open_roster(&order.path, &name, &reading, asks, tell)
        };
        let mut file = match opened.map_err(RosterRefused::failure)? {
            Opening::Roster(file) => file,
            other => return Ok(Some(PartOpening::Asks(other))),
        };
        let form = self.form_of_stored(&stored)?;
        self.must_fit(&stored, &form, &file)?;
        let sha256 = self.digest(&order.path)?;
        let sheet = file.origin().sheet.clone();
        session.must_be_new(&stored, &source, &sha256, &sheet)?;
        // Somebody's work on the same rows, in a batch of their own, is not in what is read here. Where the columns are settled that
        // was told before.
        let of_sheet = RosterReading { sheet: Some(sheet).filter(|sheet| !sheet.is_empty()), ..reading };
        if order.columns.is_none() && !order.is_again {
            session.worked_on(&order.path, &of_sheet, BatchTaken::No, tell)?;
        }
        match &order.columns {
            Some(columns) => file.match_columns(columns.clone()),
            None if asks && (is_open(&file, &form, &stored.columns) || self.other_place_in(&file).is_some()) => {
                return Ok(Some(PartOpening::Asks(Opening::Roster(file))));
            }
            None => self.other_place_in(&file).into_iter().for_each(tell),
        }
        let matched = file.matched().filter(|_| !order.is_unremembered);
        let mut batch =
            Batch::new(file.origin().clone(), file.columns().clone(), file.first_line(), file.context().clone());
        file.read(self, &mut |piece: Piece, report| {
            batch.skip(&piece.skipped, piece.block.skipped_texts());
            batch.append(Arc::new(piece.block), report);
            if goes_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(RosterRefused::failure)?;
        if !goes_on() {
            return Ok(None);
        }
        self.is_settled(&batch)?;
        if batch.roster().is_empty() {
            return Err(self.not_added("add.empty", FailureKind::File, &stored, &batch.origin.sheet, &source));
        }
        // What was put in its place meanwhile is another file.
        if self.source_of(&order.path).map_err(unread)? != source {
            return Err(self.not_added("add.changed", FailureKind::File, &stored, &batch.origin.sheet, &source));
        }
        Ok(Some(PartOpening::Read(Box::new(ReadPart { batch, source, sha256, matched }))))
    }

    /// Refuses a file of another form than the batch, or one whose days are counted otherwise.
    fn must_fit(&self, stored: &StoredBatch, form: &SheetSpec, file: &RosterFile) -> Result<(), Failure> {
        let (own, other) = (&form.name, &file.context().sheet().name);
        if form.id != file.context().sheet().id {
            let places = [("batch", &*stored.id.to_string()), ("form", own), ("other", other)];
            let message = self.locale().fill("add.other-form", &places);
            return Err(Failure::new(FailureKind::Rule, message, self.locale().text("add.other-form-hint")));
        }
        if file.origin().date_1904 != stored.origin.date_1904 {
            let message = self.locale().fill("add.other-days", &[("batch", &stored.id.to_string())]);
            return Err(Failure::new(FailureKind::Rule, message, self.locale().text("add.other-days-hint")));
        }
        Ok(())
    }

    /// Says that most codes of a file are of another place than its batch, where that is so: each would be an error.
    pub fn other_place_in(&self, file: &RosterFile) -> Option<String> {
        let (votes, profile) = (file.votes(), file.context().profile());
        let count = |is_own: bool| -> usize {
            votes.iter().filter(|(voted, _)| (voted.id == profile.id) == is_own).map(|(_, count)| count).sum()
        };
        (count(true) < count(false)).then(|| self.locale().codes_of_another_place(votes, profile))
    }

    fn not_added(
        &self,
        key: &str,
        kind: FailureKind,
        stored: &StoredBatch,
        sheet: &str,
        source: &SourceFile,
    ) -> Failure {
        let name = source.path.file_name().unwrap_or_default().to_string_lossy();
        let place = self.locale().file_place(&name, sheet);
        Failure::new(kind, self.locale().fill(key, &[("place", &place), ("batch", &stored.id.to_string())]), "")
    }

    /// Finds the form of a stored batch, which is known again by its columns.
    fn form_of_stored(&self, stored: &StoredBatch) -> Result<Arc<SheetSpec>, Failure> {
        self.form_of(&*self.profile(&stored.profile)?, &stored.columns.labels())
    }
}

/// Tells whether somebody should look at the columns of a file before its rows are taken: what the batch lacks as well is no
/// news.
fn is_open(file: &RosterFile, form: &SheetSpec, batch: &ColumnMap) -> bool {
    let columns = file.columns();
    let is_missing = form.missing(columns).into_iter().any(|field| batch.of(field).is_some());
    is_missing || !columns.disputes().is_empty() || columns.has_open_column()
}

impl Session {
    /// Lists the files that a batch holds the rows of, with the first one; none for a batch of one file.
    pub fn parts_of(&self, stored: &StoredBatch) -> Result<Vec<Part>, Failure> {
        if stored.parts == 0 {
            return Ok(Vec::new());
        }
        let further = self.once(|store| store.parts(stored.id))?;
        let Some(StoredPart { batch_columns, .. }) = further.first() else { return Ok(Vec::new()) };
        let runs = |skipped: Vec<Skipped>| skipped.into_iter().map(Skipped::run).collect();
        let own = stored.columns.source.iter().take(*batch_columns).cloned().collect();
        let mut parts = vec![Part {
            origin: self.provenance(stored)?.0,
            path: stored.source.path.clone(),
            columns: ColumnMap::new(own),
            sha256: stored.sha256.clone(),
            first: 0,
            skipped: runs(self.once(|store| store.skipped(stored.id))?),
        }];
        for part in further {
            let skipped = runs(self.once(|store| store.skipped_in_part(stored.id, part.number))?);
            let StoredPart { origin, source, columns, sha256, first_row, .. } = part;
            parts.push(Part { origin, path: source.path, columns, sha256, first: first_row, skipped });
        }
        Ok(Part::told_apart(parts))
    }

    /// Refuses a file and a sheet of it whose rows are in the batch.
    fn must_be_new(&self, stored: &StoredBatch, source: &SourceFile, sha256: &str, sheet: &str) -> Result<(), Failure> {
        let further = self.with(|store| store.parts(stored.id))?;
        let first = (&stored.source, &stored.sha256, &stored.origin.sheet);
        let all = further.iter().map(|part| (&part.source, &part.sha256, &part.origin.sheet));
        let is_it = |(known, digest, name): (&SourceFile, &Option<String>, &String)| {
            name == sheet && digest.as_deref().map_or(known == source, |digest| digest == sha256)
        };
        if std::iter::once(first).chain(all).any(is_it) {
            return Err(self.office.not_added("add.known", FailureKind::Usage, stored, sheet, source));
        }
        Ok(())
    }

    /// Puts the rows of a file behind those of a batch, all of them or none; gives the number of the part.
    fn put_part(&self, batch: BatchId, part: &ReadPart) -> Result<usize, Failure> {
        let stored = self.batch(batch)?;
        let (own, origin) = (part.batch.roster(), &part.batch.origin);
        self.must_be_new(&stored, &part.source, &part.sha256, &origin.sheet)?;
        let form = self.office.form_of_stored(&stored)?;
        let wanted = (0..own.len()).map(|row| own.source_width(row)).max().unwrap_or(0);
        let lay = |width: usize| PartLayout::new(&own.columns, &stored.columns, (width, wanted), &form);
        let mut layout = lay(0);
        if layout.columns != stored.columns {
            layout = lay(self.with(|store| store.width_of(batch))?);
        }
        let new = NewPart {
            source: part.source.clone(),
            origin: origin.clone(),
            sha256: Some(part.sha256.clone()),
            columns: own.columns.clone(),
            blocks: own.blocks().map(|(_, block)| layout.lay(block)).collect::<Vec<Block>>(),
            skipped: Skipped::of_runs(&part.batch.skipped_runs(0)),
            matched: part.matched.clone(),
        };
        let number = self.with(|store| store.add_part(batch, &new, &stored.columns, &layout.columns))?;
        Ok(number as usize)
    }

    /// Reads a file and adds its rows to a batch that nobody else has in hand; gives the number of the part.
    ///
    /// # Errors
    /// As [`Office::read_part`]; what nothing tells is refused.
    pub fn add_to_batch(
        &self,
        batch: BatchId,
        order: &PartOrder,
        tell: &mut dyn FnMut(String),
    ) -> Result<usize, Failure> {
        let _claim = self.with(|store| store.claim(batch))?;
        match self.office.read_part(batch, order, false, tell, &|| true)? {
            Some(PartOpening::Read(part)) => self.put_part(batch, &part),
            Some(PartOpening::Asks(_)) | None => Err(bug("part")),
        }
    }
}

impl InHand {
    /// Adds the rows of a file to the batch in hand; gives the batch and the number of the part.
    pub fn add_part(&mut self, session: &Session, part: &ReadPart) -> Result<(BatchId, usize), Failure> {
        let batch = self.for_change(session)?;
        let number = session.put_part(batch, part)?;
        self.note_steps(session);
        Ok((batch, number))
    }
}
