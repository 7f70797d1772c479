//! What a verb changes (改文件或批次): a file, of which a corrected copy is written, or a batch of the store, which gets one step
//! more.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;

use clap::Args;
use clap::builder::TypedValueParser;

use super::copy::{CopyArgs, CorrectedCopy};
use super::io::{Io, look, sign_on};
use super::reading::{ReadingArgs, load, tell_worked_on};
use super::typed::number;
use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::recipe::RecipeColumn;
use crate::domain::rules::Severity;
use crate::failure::Failure;
use crate::office::{ChangedBatch, KeptRows, Office, PlannedChange, RosterReading, RosterRefused};
use crate::words::Locale;

/// Where what is changed goes.
#[derive(Debug, Args)]
pub struct ChangingArgs {
    #[command(flatten)]
    copy: CopyArgs,
    #[arg(long, value_name = "N", help = "changing-batch", conflicts_with = "output", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
}

/// What is changed, and how it is read.
pub struct Changing<'a> {
    /// What the work is called where others find the batch held.
    pub verb: &'static str,
    /// Empty where a batch is meant.
    pub file: &'a Path,
    pub reading: &'a ReadingArgs,
    /// What a recipe says of the columns of the file.
    pub assigned: &'a [RecipeColumn],
    pub to: &'a ChangingArgs,
    /// Whether what became of it is told in another way than as text.
    pub is_quiet: bool,
}

impl ChangingArgs {
    pub fn is_batch(&self) -> bool {
        self.batch.is_some()
    }

    pub fn batch(&self) -> Option<BatchId> {
        self.batch
    }

    /// Gives where the copy goes.
    pub fn output(&self) -> Option<&Path> {
        self.copy.output()
    }

    pub fn is_only_tried(&self) -> bool {
        self.copy.is_only_tried()
    }

    /// Refuses to show whole what the store keeps: that takes a reason, and another verb.
    pub fn must_stay_masked(&self, unmask: bool, locale: &Locale) -> Result<(), Failure> {
        if unmask && self.is_batch() { Err(usage(locale, "cli.changing-unmask", &[])) } else { Ok(()) }
    }
}

impl Changing<'_> {
    /// Refuses what cannot be meant, before anything is read.
    pub fn check(&self, office: &Office) -> Result<(), Failure> {
        if self.to.is_batch() {
            self.reading.must_be_of_one_sheet(office)?;
            return self.reading.is_of_file(office.locale());
        }
        self.to.copy.must_be_named(office.locale())
    }

    /// Changes it and tells what became of it; gives what was found of each table as it is then.
    pub fn run<T>(
        &self,
        io: &mut Io,
        office: &Office,
        plan: impl Fn(&Batch, &mut Io) -> PlannedChange<T>,
        tell: impl Fn(&mut Vec<u8>, &Batch, &T) -> io::Result<()>,
    ) -> Result<Vec<(Batch, T)>, Failure> {
        let locale = office.locale();
        let mut told = Vec::new();
        let reading = RosterReading { assigned: self.assigned.to_vec(), ..self.reading.reading() };
        if let Some(id) = self.to.batch {
            let is_tried = self.to.is_only_tried();
            let session = if is_tried { look(io, office, false, self.verb)? } else { sign_on(io, office, self.verb)? };
            let shared = RefCell::new(io);
            let mut say = |words: String| shared.borrow_mut().message(&words);
            let planned = |batch: &Batch| plan(batch, &mut shared.borrow_mut());
            let changed = session.change_batch(id, is_tried, &reading, &mut say, planned)?;
            let io = shared.into_inner();
            let ChangedBatch { after, cells, found, .. } = changed;
            tell(&mut told, &after, &found).map_err(|e| locale.stdout_refused(&e))?;
            if !self.is_quiet {
                io.answer(locale, |w| w.write_all(&told))?;
            }
            if cells != 0 && !is_tried {
                io.note(&locale.fill("cli.changing-done", &[("batch", &id.to_string())]));
            }
            return Ok(vec![(after, found)]);
        }
        office.spare_source(self.file, self.to.copy.output())?;
        let copy = CorrectedCopy { is_quiet: self.is_quiet, ..self.to.copy.of(self.file) };
        let sheets = self.reading.several_sheets();
        if !sheets.is_empty() {
            let loaded = office.load_sheets(self.file, sheets, &reading, &mut |words| io.message(&words));
            let loaded = loaded.map_err(RosterRefused::failure)?;
            // The other sheets are those beside all that are changed.
            io.tell_beside(&loaded.batch, locale);
            let parts = loaded.sheets;
            let (mut batches, mut all) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
            for part in parts {
                let mut batch = part.batch;
                locale.notes_of_sheet(&batch, false, true).iter().for_each(|note| io.message(note));
                let (change, found) = plan(&batch, io)?;
                batch.apply(change);
                let place = locale.file_place(&batch.origin.file, &batch.origin.sheet);
                let told_of = writeln!(told, "{place}").and_then(|()| tell(&mut told, &batch, &found));
                told_of.map_err(|e| locale.stdout_refused(&e))?;
                batches.push(batch);
                all.push(found);
            }
            copy.write_sheets(&batches, &told, io, office)?;
            return Ok(batches.into_iter().zip(all).collect());
        }
        tell_worked_on(self.file, &reading, io, office);
        let loaded = load(self.file, &reading, KeptRows::All, io, office).map_err(RosterRefused::failure)?;
        let mut batch = loaded.batch;
        io.tell_left_out(&batch, locale);
        let (change, found) = plan(&batch, io)?;
        batch.apply(change);
        tell(&mut told, &batch, &found).map_err(|e| locale.stdout_refused(&e))?;
        copy.write(&batch, told, io, office)?;
        Ok(vec![(batch, found)])
    }

    /// The same, for a verb of which only the exit code is left to give: 1 when errors remain.
    pub fn run_to_code<T>(
        &self,
        io: &mut Io,
        office: &Office,
        plan: impl Fn(&Batch) -> PlannedChange<T>,
        tell: impl Fn(&mut Vec<u8>, &Batch, &T) -> io::Result<()>,
    ) -> Result<u8, Failure> {
        let all = self.run(io, office, |batch, _| plan(batch), tell)?;
        Ok(u8::from(all.iter().any(|(batch, _)| 0 < batch.findings().count(Severity::Error))))
    }
}
