//! What every verb that reads a roster takes (名册的读法).

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;

use super::io::{Io, sign_on};
use super::values::{day, number};
use crate::domain::ledger::BatchId;
use crate::failure::Failure;
use crate::office::{Input, Keep, Loaded, Office, Reading, RosterRefused, Session, StoredBatch};

/// How the rows are read.
#[derive(Debug, Clone, Args)]
pub struct ReadingArgs {
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
}

impl ReadingArgs {
    pub fn reading(&self) -> Reading {
        Reading { profile: self.profile.clone(), sheet: self.sheet.clone(), today: self.today }
    }
}

/// Reads and checks a roster; `-` is stdin.
pub fn load(file: &Path, reading: &Reading, keep: Keep, io: &mut Io, office: &Office) -> Result<Loaded, RosterRefused> {
    let (input, mut tell) = io.input_and_telling();
    office.load(Input::named(file, input), reading, keep, &mut tell)
}

/// A roster to look at: a file, or a batch of the store.
#[derive(Debug, Args)]
pub struct RosterArgs {
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, value_name = "N", conflicts_with = "file", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(required_unless_present = "batch")]
    file: Option<PathBuf>,
}

impl RosterArgs {
    /// Finds the roster that is named; the rows are not read yet.
    pub fn find(&self, io: &mut Io, office: &Office) -> Result<Roster, Failure> {
        let reading = self.reading.reading();
        Ok(match self.batch {
            Some(id) => {
                let session = sign_on(io, office, "batch")?;
                let stored = session.batch(id)?;
                Roster { file: stored.source.path.clone(), stored: Some((session, stored)), reading }
            }
            None => Roster { file: self.file.clone().unwrap_or_default(), stored: None, reading },
        })
    }
}

/// A roster that was found.
#[derive(Debug)]
pub struct Roster {
    /// The file it is, or the batch was made of.
    pub file: PathBuf,
    /// The batch, and the session that it can be changed in.
    pub stored: Option<(Session, StoredBatch)>,
    reading: Reading,
}

impl Roster {
    /// Reads and checks the rows; of a batch all of them are kept.
    pub fn load(&self, keep: Keep, io: &mut Io, office: &Office) -> Result<Loaded, RosterRefused> {
        match &self.stored {
            Some((session, stored)) => {
                let batch = session.reopen(stored, &self.reading, &mut |words| io.message(&words))?;
                Ok(Loaded { batch, profile_from_codes: false, not_compared: Vec::new() })
            }
            None => load(&self.file, &self.reading, keep, io, office),
        }
    }
}
