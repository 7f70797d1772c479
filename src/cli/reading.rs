//! What every verb that reads a roster takes (名册的读法).

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;

use super::io::{Io, look};
use super::many;
use super::typed::{Encoding, RefusedValue, day, number, text_encoding};
use super::usage::usage;
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::sheet::{GivenReading, TextEncoding};
use crate::failure::Failure;
use crate::office::{
    BatchTaken, EVERY_SHEET, KeptRows, LoadedRoster, NamedFiles, Office, Purpose, RosterReading, RosterRefused,
    SAMPLE_ROWS, Session, StoredBatch,
};
use crate::words::Locale;

/// How the rows are read.
#[derive(Debug, Clone, Args)]
pub struct ReadingArgs {
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    // Several only where the rows are looked at or handed in, and of one file.
    #[arg(long, value_name = "NAME")]
    sheet: Vec<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_name = "N", value_parser = number(1_u32, None))]
    keep_row: Vec<u32>,
    #[arg(long, value_name = "N", value_parser = number(0_u32, Some(SAMPLE_ROWS as u32)))]
    header_row: Option<u32>,
    #[arg(long, value_name = "SOURCE=COLUMN", value_parser = map)]
    map: Vec<(String, String)>,
    #[arg(long, value_name = "NAME", ignore_case = true, value_parser = text_encoding(), help = "reading-encoding")]
    encoding: Option<TextEncoding>,
}

impl ReadingArgs {
    /// Tells whether something is said of single rows, or of several sheets, which are those of one file.
    pub fn is_of_one_file(&self) -> bool {
        !self.keep_row.is_empty() || self.has_several_sheets()
    }

    /// Lists the sheets that are named, where they are several; nothing where it is one.
    pub fn several_sheets(&self) -> &[String] {
        if self.has_several_sheets() { &self.sheet } else { &[] }
    }

    fn has_several_sheets(&self) -> bool {
        1 < self.sheet.len() || self.sheet.iter().any(|sheet| sheet == EVERY_SHEET)
    }

    /// Refuses several sheets where what is done concerns the one that is read.
    pub fn must_be_of_one_sheet(&self, office: &Office) -> Result<(), Failure> {
        if self.has_several_sheets() { Err(usage(office.locale(), "many.sheets-of-one", &[])) } else { Ok(()) }
    }

    pub fn reading(&self) -> RosterReading {
        RosterReading {
            profile: self.profile.clone(),
            sheet: self.sheet.first().cloned(),
            today: self.today,
            given: GivenReading {
                header_row: self.header_row,
                map: self.map.clone(),
                encoding: self.encoding,
                keep_rows: self.keep_row.iter().copied().collect(),
            },
            ..RosterReading::default()
        }
    }

    /// Refuses what is said of a file where a batch is meant, whose rows were read before.
    pub fn is_of_file(&self, locale: &Locale) -> Result<(), Failure> {
        match self.said_of_file() {
            Some(option) => Err(usage(locale, "cli.batch-is-read", &[("option", option)])),
            None => Ok(()),
        }
    }

    /// Refuses the same where no file is read.
    pub fn is_of_no_file(&self, locale: &Locale) -> Result<(), Failure> {
        match self.said_of_file() {
            Some(option) => Err(usage(locale, "cli.no-file-is-read", &[("option", option)])),
            None => Ok(()),
        }
    }

    /// Names the first option that says how the table is read.
    fn said_of_file(&self) -> Option<&'static str> {
        let said = [
            ("--header-row", self.header_row.is_some()),
            ("--map", !self.map.is_empty()),
            ("--encoding", self.encoding.is_some()),
            ("--keep-row", !self.keep_row.is_empty()),
        ];
        said.into_iter().find(|(_, is_said)| *is_said).map(|(option, _)| option)
    }

    /// Tells the encoding that is written from the one that is read, for a verb that does both. `--encoding` alone was that of
    /// the file written before there was one to read in: where such a file is written and it can be meant, it still is.
    pub fn output_encoding(
        &mut self,
        (given, writes_text): (Option<Encoding>, bool),
        is_batch: bool,
        io: &mut Io,
        locale: &Locale,
    ) -> Encoding {
        let meant = match self.encoding {
            Some(TextEncoding::Utf8) => Some(Encoding::Utf8),
            Some(TextEncoding::Gb18030) => Some(Encoding::Gb18030),
            _ => None,
        };
        let meant = meant.filter(|_| given.is_none() && (writes_text || is_batch));
        if let (Some(_), Some(name)) = (meant, self.encoding.take_if(|_| meant.is_some()))
            && writes_text
        {
            io.note(&locale.fill("cli.encoding-of-output", &[("encoding", name.key())]));
        }
        given.or(meant).unwrap_or_default()
    }
}

/// Reads which column holds what: `源列=栏目`.
pub fn map(typed: &str) -> Result<(String, String), RefusedValue> {
    let parts = typed.rsplit_once(['=', '＝']).map(|(source, field)| (source.trim(), field.trim()));
    match parts {
        Some((source, field)) if !source.is_empty() && !field.is_empty() => Ok((source.into(), field.into())),
        _ => Err(RefusedValue { key: "cli.needs-map".into(), places: Vec::new() }),
    }
}

/// Reads and checks a roster.
pub fn load(
    file: &Path,
    reading: &RosterReading,
    keep: KeptRows,
    io: &mut Io,
    office: &Office,
) -> Result<LoadedRoster, RosterRefused> {
    office.load(file, reading, keep, &mut |words| io.message(&words))
}

/// Tells of the batch that somebody made of a file and has worked on, where the file is taken as it is. What cannot be looked at
/// is told where it is asked for.
pub fn tell_worked_on(file: &Path, reading: &RosterReading, io: &mut Io, office: &Office) {
    if let Ok(looking) = office.look() {
        let _ = looking.worked_on(file, reading, BatchTaken::No, &mut |words| io.message(&words));
    }
}

/// A roster to look at: a file, or a batch of the store.
#[derive(Debug, Args)]
#[command(mut_arg("sheet", |arg| arg.help("check-sheet")))]
pub struct RosterArgs {
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[arg(long, value_name = "N", conflicts_with = "file", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(id = "file", value_name = "FILE", help = "files", required_unless_present = "batch", num_args = 1..)]
    files: Vec<PathBuf>,
}

impl RosterArgs {
    /// Tells whether a batch is meant.
    pub fn is_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// Finds the roster that is named; the rows are not read yet. Of a batch it is signed on to the store where something
    /// `is_noted`.
    pub fn find(&self, is_noted: bool, io: &mut Io, office: &Office) -> Result<FoundRoster, Failure> {
        if self.batch.is_some() {
            self.reading.is_of_file(office.locale())?;
        }
        let reading = self.reading.reading();
        Ok(match self.batch {
            Some(id) => {
                let session = look(io, office, is_noted, "batch")?;
                let stored = session.batch(id)?;
                let (file, sheets) = (stored.source.path.clone(), Vec::new());
                FoundRoster { file, stored: Some((session, stored)), reading, sheets, tells_sheets: true }
            }
            None => self.of(self.files.first().map_or(Path::new(""), PathBuf::as_path)),
        })
    }

    /// Finds the files that are meant, where they are several.
    pub fn several(&self, io: &mut Io, office: &Office) -> Result<Option<NamedFiles>, Failure> {
        if self.batch.is_some() { Ok(None) } else { many::named(&self.files, &self.reading, io, office) }
    }

    /// Gives one of the files, as if it had been named alone.
    pub fn of(&self, file: &Path) -> FoundRoster {
        let sheets = self.reading.several_sheets().to_vec();
        FoundRoster {
            file: file.to_path_buf(),
            stored: None,
            reading: self.reading.reading(),
            sheets,
            tells_sheets: true,
        }
    }
}

/// A roster that was found.
#[derive(Debug)]
pub struct FoundRoster {
    /// The file it is, or the batch was made of.
    pub file: PathBuf,
    /// The batch, and the session that it can be changed in.
    pub stored: Option<(Session, StoredBatch)>,
    reading: RosterReading,
    /// The sheets whose rows are taken together, where they are several.
    sheets: Vec<String>,
    /// Whether what is to be known of each of them is told when they are read; else it stands in the answer.
    pub tells_sheets: bool,
}

impl FoundRoster {
    pub fn reading(&self) -> &RosterReading {
        &self.reading
    }

    /// Takes the batch that somebody made of the very same file and has worked on, in the place of the file; what was done in
    /// it is not left out unless that is asked for.
    pub fn or_worked_on(self, taken: BatchTaken, io: &mut Io, office: &Office) -> Result<FoundRoster, Failure> {
        if self.stored.is_some() || !self.sheets.is_empty() {
            return Ok(self);
        }
        // Where there is no store, nobody has worked on it; one that cannot be read is told where the ledger is asked.
        let Ok(looking) = office.look() else { return Ok(self) };
        let Some(id) = looking.worked_on(&self.file, &self.reading, taken, &mut |words| io.message(&words))? else {
            return Ok(self);
        };
        let session = look(io, office, true, "batch")?;
        let stored = session.batch(id)?;
        Ok(FoundRoster { stored: Some((session, stored)), ..self })
    }

    /// Takes the one batch that somebody has changed and that holds rows of the very same file, of whichever sheet, also where
    /// other rows are in it: nothing of them goes anywhere.
    ///
    /// # Errors
    /// There are several such batches.
    pub fn or_batch_of_it(self, io: &mut Io, office: &Office) -> Result<FoundRoster, Failure> {
        if self.stored.is_some() {
            return Ok(self);
        }
        let Ok(looking) = office.look() else { return Ok(self) };
        let sheet = self.reading.sheet.as_deref().filter(|sheet| self.sheets.is_empty() && *sheet != EVERY_SHEET);
        let mut worked = looking.worked_batches(&self.file, sheet)?;
        // Numbers that were given are nothing to learn from.
        worked.retain(|(_, work)| work.edits != 0);
        let locale = office.locale();
        if 1 < worked.len() {
            let all: Vec<String> = worked.iter().map(|(batch, _)| batch.id.to_string()).collect();
            let all = all.join(locale.text("finding.comma"));
            return Err(usage(locale, "recipe.several-batches", &[("batches", &all)]));
        }
        let Some((batch, work)) = worked.pop() else { return self.or_worked_on(BatchTaken::Yes, io, office) };
        let places = [("batch", &*batch.id.to_string()), ("n", &work.edits.to_string())];
        io.message(&locale.fill("recipe.of-batch", &places));
        let session = look(io, office, false, "batch")?;
        let stored = session.batch(batch.id)?;
        Ok(FoundRoster { stored: Some((session, stored)), ..self })
    }

    /// Tells of the batch that somebody made of the very same file and has worked on, where the file is taken as it is.
    pub fn tell_worked_on(&self, io: &mut Io, office: &Office) {
        if self.stored.is_none() && self.sheets.is_empty() {
            tell_worked_on(&self.file, &self.reading, io, office);
        }
    }

    /// Reads and checks the rows; of a batch all of them are kept.
    pub fn load(
        &self,
        (keep, purpose): (KeptRows, Purpose),
        io: &mut Io,
        office: &Office,
    ) -> Result<LoadedRoster, RosterRefused> {
        match &self.stored {
            Some((session, stored)) => {
                let batch = session.reopen(stored, &self.reading, purpose, &mut |words| io.message(&words))?;
                let by =
                    if self.reading.profile.is_some() { Some(ChosenBy::Given) } else { session.provenance(stored)?.1 };
                let (votes, not_compared, sheets) = (Vec::new(), Vec::new(), Vec::new());
                Ok(LoadedRoster { batch, profile_by: by, votes, not_compared, sheets })
            }
            None if !self.sheets.is_empty() => {
                let loaded =
                    office.load_sheets(&self.file, &self.sheets, &self.reading, &mut |words| io.message(&words))?;
                for sheet in loaded.sheets.iter().filter(|_| self.tells_sheets) {
                    let notes = office.locale().notes_of_sheet(&sheet.batch, true, true);
                    notes.iter().for_each(|note| io.message(note));
                }
                Ok(loaded)
            }
            None => load(&self.file, &self.reading, keep, io, office),
        }
    }
}
