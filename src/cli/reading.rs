//! What every verb that reads a roster takes (名册的读法).

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::io::Io;
use super::values::day;
use crate::office::{KeptRows, LoadedRoster, Office, RosterInput, RosterReading, RosterRefused};

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
    pub fn reading(&self) -> RosterReading {
        RosterReading { profile: self.profile.clone(), sheet: self.sheet.clone(), today: self.today }
    }
}

/// Reads and checks a roster; `-` is stdin.
pub fn load(
    file: &Path,
    reading: &RosterReading,
    keep: KeptRows,
    io: &mut Io,
    office: &Office,
) -> Result<LoadedRoster, RosterRefused> {
    let (input, mut tell) = io.input_and_telling();
    office.load(RosterInput::named(file, input), reading, keep, &mut tell)
}
