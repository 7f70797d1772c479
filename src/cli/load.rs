//! Reading and checking a whole roster, as every headless verb does first.

use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::NaiveDate;

use super::args::SourceArgs;
use super::piped::{PIPE, Piped};
use super::{out, usage};
use crate::data;
use crate::domain::batch::{Batch, all_asked};
use crate::domain::profile::{Choice, Profile};
use crate::domain::registry::Registry;
use crate::domain::roster::{Block, KeyIndex};
use crate::domain::rules::{CheckContext, Tables};
use crate::failure::{Failure, FailureKind};
use crate::formats::Refusal;
use crate::formats::csv_text::Desk;
use crate::formats::read::{self, ReadOptions};
use crate::store::{Places, Reader, StoreError};
use crate::words::Locale;

/// How many findings of a rule are shown as text.
pub const SHOWN: usize = 5;

/// A checked roster, and how its profile was chosen.
#[derive(Debug)]
pub struct Loaded {
    /// The roster with its findings.
    pub batch: Batch,
    /// Whether the profile was guessed from the codes (true) or given or defaulted (false).
    pub profile_from_codes: bool,
}

/// Why a roster could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The file is refused.
    Refused(Refusal),
    Failed(Failure),
}

/// Reads and checks a roster on all cores.
pub fn load(args: &SourceArgs, locale: &Locale) -> Result<Loaded, LoadError> {
    let today = today(args.today.as_deref(), locale).map_err(LoadError::Failed)?;
    let given = args.profile.as_deref().map(|id| find_profile(id, locale)).transpose().map_err(LoadError::Failed)?;
    let first = given
        .clone()
        .or_else(|| data::profiles().first().cloned())
        .ok_or_else(|| LoadError::Failed(bug("no profile")))?;
    let sheet = data::sheet(first.upload_sheet()).ok_or_else(|| LoadError::Failed(bug("no form")))?;
    let program = std::env::current_exe().map_err(|e| LoadError::Failed(locale.bug(&e)))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = ReadOptions { sheet: args.sheet.as_deref(), spec: &sheet, program: &program, threads };
    let home = args.home.clone();
    let tables = std::thread::spawn(move || (data::tables([]), Reader::registry_of(home.as_deref())));
    let ledger = match open_ledger(args) {
        Ok(ledger) => ledger,
        Err(e) => {
            super::complain(&locale.store_failure(&e));
            None
        }
    };
    let piped = Piped::take(&args.file).map_err(LoadError::Refused)?;
    let file = piped.as_ref().map_or_else(|| args.file.clone(), Piped::path);
    let mut opened = read::open(&file, &options).map_err(LoadError::Refused)?;
    let labels = opened.columns.labels();
    let choice = Choice::of(data::profiles(), &data::sheet, given.as_ref(), &labels, &opened.sample_codes);
    let Choice { profile, form: own, from_codes: profile_from_codes } =
        choice.ok_or_else(|| LoadError::Failed(bug("no form")))?;
    if own.id != sheet.id {
        opened = read::open(&file, &ReadOptions { spec: &own, ..options }).map_err(LoadError::Refused)?;
    }
    if piped.is_some() {
        opened.origin.file = PIPE.into();
    }
    let (tables, registry) = tables.join().map_err(|_| LoadError::Failed(bug("tables")))?;
    let tables = Arc::new(Tables { registry: told(registry, locale), ..tables });
    let context = CheckContext::new(profile, own, tables, today);
    let mut batch = Batch::new(opened.origin.clone(), opened.columns.clone(), opened.first_line, context);
    let checker = batch.checker().clone();
    let columns = opened.columns.clone();
    let check = |block: Block, desk: &mut Desk| {
        let report = checker.check_next(&block, &mut desk.memo);
        (block, report)
    };
    opened
        .read(&columns, &check, &mut |piece, report| {
            batch.skip(&piece.skipped);
            batch.append(Arc::new(piece.block), report);
            ControlFlow::Continue(())
        })
        .map_err(LoadError::Refused)?;
    batch.finish(sorted_keys);
    if let Some(reader) = ledger {
        compare(&mut batch, &reader, None, locale);
    }
    Ok(Loaded { batch, profile_from_codes })
}

/// Compares the rows with what the ledger knows of them; `number` is that of the batch in the store, if it is one. What
/// cannot be read is told and stops nothing; `false` then.
pub fn compare(batch: &mut Batch, ledger: &Reader, number: Option<i64>, locale: &Locale) {
    let (codes, id_numbers) = all_asked(batch.roster());
    match ledger.known(number, codes, id_numbers) {
        Ok(known) => batch.set_known(Arc::new(known)),
        Err(e) => super::complain(&locale.store_failure(&e)),
    }
}

/// Gives the registry, or tells that it could not be read and gives an empty one: a check goes on without it.
pub fn told(registry: Result<Registry, StoreError>, locale: &Locale) -> Registry {
    registry.unwrap_or_else(|error| {
        out::message(&locale.registry_not_read(&error));
        Registry::default()
    })
}

/// Opens the ledger where there is one to compare with.
fn open_ledger(args: &SourceArgs) -> Result<Option<Reader>, StoreError> {
    let Ok(places) = Places::from_environment(args.home.as_deref()) else { return Ok(None) };
    match Reader::open(&places)? {
        Some(reader) => Ok(reader.has_certificates()?.then_some(reader)),
        None => Ok(None),
    }
}

/// Opens the ledger where there is one to compare with. One that cannot be read is told and stops nothing.
pub fn ledger_of(args: &SourceArgs, locale: &Locale) -> Option<Reader> {
    open_ledger(args).unwrap_or_else(|e| {
        super::complain(&locale.store_failure(&e));
        None
    })
}

/// Sorts the two lists of keys on two threads.
pub fn sorted_keys([codes, ids]: [Vec<u64>; 2]) -> [KeyIndex; 2] {
    std::thread::scope(|scope| {
        let beside = scope.spawn(move || KeyIndex::build(codes));
        let ids = KeyIndex::build(ids);
        match beside.join() {
            Ok(codes) => [codes, ids],
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Finds a profile by id, or says which there are.
pub fn find_profile(id: &str, locale: &Locale) -> Result<Arc<Profile>, Failure> {
    data::profile(id).ok_or_else(|| locale.unknown_profile(id, data::catalogue()))
}

/// Gives the day that counts as today: the option, then `SKILLCERT_TODAY`, then the clock.
pub fn today(given: Option<&str>, locale: &Locale) -> Result<NaiveDate, Failure> {
    let environment = std::env::var("SKILLCERT_TODAY").ok().filter(|v| !v.is_empty());
    match given.or(environment.as_deref()) {
        None => Ok(chrono::Local::now().date_naive()),
        Some(text) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| usage(locale, "cli.bad-date", &[("value", text)]))
        }
    }
}

fn bug(what: &str) -> Failure {
    Failure::new(FailureKind::Bug, what, "")
}
