//! Reading and checking a whole roster, as every headless verb does first.

use std::collections::BTreeSet;
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
use crate::domain::rules::{CheckContext, RULES, Severity, Tables};
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
    /// What the rows were not compared with because it could not be read: `ledger`, `registry`.
    pub not_compared: Vec<&'static str>,
}

/// Why a roster could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The file is refused.
    Refused(Refusal),
    Failed(Failure),
}

/// Whether the text of rows in which nothing was found is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    All,
    /// Rows with findings, and of those that only a comparison of rows found the ones that will be shown. Memory that
    /// nobody looks at would cost a third of the time.
    Findings,
}

/// Reads and checks a roster on all cores.
pub fn load(args: &SourceArgs, keep: Keep, locale: &Locale) -> Result<Loaded, LoadError> {
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
    let (ledger, mut not_compared) = match open_ledger(args) {
        Ok(ledger) => (ledger, Vec::new()),
        Err(e) => {
            super::complain(&locale.store_failure(&e));
            (None, vec!["ledger"])
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
    if registry.is_err() {
        not_compared.push("registry");
    }
    let tables = Arc::new(Tables { registry: told(registry, locale), ..tables });
    let context = CheckContext::new(profile, own, tables, today);
    let mut batch = Batch::new(opened.origin.clone(), opened.columns.clone(), opened.first_line, context);
    let checker = batch.checker().clone();
    let columns = opened.columns.clone();
    // Only a text file can be read again in places, and every row is compared with the ledger.
    let keep = if opened.sheets.is_empty() && ledger.is_none() { keep } else { Keep::All };
    let check = |block: Block, desk: &mut Desk| {
        let mut report = checker.check_next(&block, &mut desk.memo);
        if keep == Keep::All {
            return (block, report);
        }
        report.names = checker.names(&block);
        let mut found = vec![false; block.len()];
        report.findings.iter().filter(|f| f.severity() == Severity::Error).for_each(|f| found[f.row as usize] = true);
        let (block, text) = block.thinned(|row| found[row]);
        desk.spare = text;
        (block, report)
    };
    let mut places = Vec::new();
    let text = opened
        .read(&columns, &check, &mut |piece, report| {
            batch.skip(&piece.skipped);
            places.push(piece.bytes);
            batch.append(Arc::new(piece.block), report);
            ControlFlow::Continue(())
        })
        .map_err(LoadError::Refused)?;
    batch.finish(sorted_keys);
    if let Some(reader) = ledger
        && !compare(&mut batch, &reader, None, locale)
    {
        not_compared.push("ledger");
    }
    if let (Some(text), Keep::Findings) = (text, keep) {
        for number in thinned_but_shown(&batch) {
            let block = text.again(&columns, places[number].clone()).map_err(LoadError::Refused)?;
            batch.restore_block(number, Arc::new(block));
        }
    }
    Ok(Loaded { batch, profile_from_codes, not_compared })
}

/// Compares the rows with what the ledger knows of them; `number` is that of the batch in the store, if it is one. What
/// cannot be read is told and stops nothing; `false` then.
pub fn compare(batch: &mut Batch, ledger: &Reader, number: Option<i64>, locale: &Locale) -> bool {
    let (codes, id_numbers) = all_asked(batch.roster());
    let known = ledger.known(number, codes, id_numbers);
    if let Err(e) = &known {
        super::complain(&locale.store_failure(e));
    }
    known.map(|known| batch.set_known(Arc::new(known))).is_ok()
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

/// Lists the blocks that hold a row which will be shown and whose text is gone.
fn thinned_but_shown(batch: &Batch) -> BTreeSet<usize> {
    let mut shown = vec![0; RULES.len()];
    let mut blocks = BTreeSet::new();
    for finding in batch.findings().iter() {
        let count = &mut shown[finding.rule.index()];
        *count += 1;
        if *count <= SHOWN && batch.roster().source_width(finding.row) == 0 {
            blocks.insert(batch.roster().locate(finding.row).0);
        }
    }
    blocks
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
