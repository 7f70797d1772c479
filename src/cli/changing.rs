//! What a verb changes (改文件或批次): a file, of which a corrected copy is written, or a batch of the store, which gets one step
//! more.

use std::io;
use std::path::Path;

use clap::Args;
use clap::builder::TypedValueParser;

use super::copy::CopyArgs;
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
}

impl ChangingArgs {
    pub fn is_batch(&self) -> bool {
        self.batch.is_some()
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
        self.reading.must_be_of_one_sheet(office)?;
        if self.to.is_batch() {
            return self.reading.is_of_file(office.locale());
        }
        self.to.copy.must_be_named(office.locale())
    }

    /// Changes it and tells what became of it. Exit code 1 when errors remain.
    pub fn run<T>(
        &self,
        io: &mut Io,
        office: &Office,
        plan: impl FnOnce(&Batch) -> PlannedChange<T>,
        tell: impl FnOnce(&mut Vec<u8>, &Batch, &T) -> io::Result<()>,
    ) -> Result<u8, Failure> {
        let locale = office.locale();
        let mut told = Vec::new();
        let reading = RosterReading { assigned: self.assigned.to_vec(), ..self.reading.reading() };
        if let Some(id) = self.to.batch {
            let is_tried = self.to.is_only_tried();
            let session = if is_tried { look(io, office, false, self.verb)? } else { sign_on(io, office, self.verb)? };
            let changed = session.change_batch(id, is_tried, &reading, &mut |words| io.message(&words), plan)?;
            let ChangedBatch { after, cells, dropped, found, .. } = changed;
            tell(&mut told, &after, &found).map_err(|e| locale.stdout_refused(&e))?;
            io.answer(locale, |w| w.write_all(&told))?;
            if dropped != 0 {
                let key = if is_tried { "cli.changing-would-drop" } else { "cli.changing-dropped" };
                io.message(&locale.fill(key, &[("batch", &*id.to_string()), ("n", &dropped.to_string())]));
            }
            if cells != 0 && !is_tried {
                io.note(&locale.fill("cli.changing-done", &[("batch", &id.to_string())]));
            }
            return Ok(code(&after));
        }
        office.spare_source(self.file, self.to.copy.output())?;
        tell_worked_on(self.file, &reading, io, office);
        let loaded = load(self.file, &reading, KeptRows::All, io, office).map_err(RosterRefused::failure)?;
        let mut batch = loaded.batch;
        io.tell_left_out(&batch, locale);
        let (change, found) = plan(&batch)?;
        batch.apply(change);
        tell(&mut told, &batch, &found).map_err(|e| locale.stdout_refused(&e))?;
        self.to.copy.of(self.file).write(&batch, told, io, office)?;
        Ok(code(&batch))
    }
}

fn code(batch: &Batch) -> u8 {
    u8::from(0 < batch.findings().count(Severity::Error))
}
