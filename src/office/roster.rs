//! Rosters (名册): opening a file, choosing its profile, and reading its rows with what is found in them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use super::{HeaderRows, MergedPart, Office, RosterReading, bug};
use crate::domain::batch::Batch;
use crate::domain::profile::Profile;
use crate::domain::profile_choice::{ChosenBy, ProfileChoice, ProfileChoices, ProfileEvidence, ProfileVotes};
use crate::domain::registry::Registry;
use crate::domain::roster::{Block, KeyIndex, Origin};
use crate::domain::rules::{BlockReport, CheckContext, Checker, RULES, Severity};
use crate::domain::sheet::{ColumnMap, Field, MatchedHeader, SheetLine, SheetSpec};
use crate::failure::{Failure, FailureKind};
use crate::formats::csv_text::{BlockScratch, TextFile};
use crate::formats::read;
use crate::formats::{FileRefusal, Piece, RefusalKind};

/// Why a roster is not read.
#[derive(Debug)]
pub enum RosterRefused {
    /// The file is none that can be read; `kind` is the stable name of the reason.
    File {
        kind: &'static str,
        failure: Failure,
    },
    Failed(Failure),
}

impl From<Failure> for RosterRefused {
    fn from(failure: Failure) -> RosterRefused {
        RosterRefused::Failed(failure)
    }
}

impl RosterRefused {
    pub fn failure(self) -> Failure {
        match self {
            RosterRefused::File { failure, .. } | RosterRefused::Failed(failure) => failure,
        }
    }
}

/// Which rows keep their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptRows {
    All,
    /// Those with errors, and the first so many findings of every rule. Memory that nobody looks at would cost a third of
    /// the time.
    Findings(usize),
}

/// A checked roster, and how its profile was chosen.
#[derive(Debug)]
pub struct LoadedRoster {
    pub batch: Batch,
    /// Nothing for a batch of which that is not known.
    pub profile_by: Option<ChosenBy>,
    /// Under which profiles the codes of the first rows were given; nothing for a batch.
    pub votes: ProfileVotes,
    /// What the rows were not compared with because it could not be read: `ledger`, `registry`.
    pub not_compared: Vec<&'static str>,
    /// The sheets whose rows were taken together, each as it was read; none where the roster is of one, or a batch.
    pub sheets: Vec<MergedPart>,
}

/// What opening a file gives.
pub enum Opening {
    /// A workbook with so many sheets that one must be chosen first.
    Sheets(Vec<SheetLine>),
    /// Nothing in the file tells its profile: one must be picked first. The sheet is that of a workbook.
    Profiles {
        sheet: String,
    },
    /// It has no header that is known: somebody must point at it.
    Header(HeaderRows),
    Roster(Box<RosterFile>),
}

/// A roster file whose table was found and whose profile was chosen; its rows are still to be read.
#[derive(Debug)]
pub struct RosterFile {
    opened: read::OpenedTable,
    /// How the file is called where it is refused.
    name: String,
    context: CheckContext,
    chosen_by: ChosenBy,
    votes: ProfileVotes,
    /// What a choice of its profile is remembered under.
    fingerprint: String,
    is_registry_unread: bool,
}

impl RosterFile {
    pub fn origin(&self) -> &Origin {
        &self.opened.origin
    }

    /// Gives the columns as they were matched.
    pub fn columns(&self) -> &ColumnMap {
        &self.opened.columns
    }

    /// Has the rows read as the user has matched the columns.
    pub fn match_columns(&mut self, columns: ColumnMap) {
        self.opened.match_columns(columns);
    }

    /// Gives how the columns of the header are to be matched from now on, where the user has said so of this file.
    pub fn matched(&self) -> Option<MatchedHeader> {
        self.opened.matched().filter(|_| !self.context().sheet().puts_out(self.columns()))
    }

    /// Tells what its profile was chosen by.
    pub fn chosen_by(&self) -> ChosenBy {
        self.chosen_by
    }

    /// Counts its codes by the profiles they are of.
    pub(super) fn votes(&self) -> &ProfileVotes {
        &self.votes
    }

    /// Gives what a choice of its profile is remembered under.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Gives what the rows are checked with.
    pub fn context(&self) -> &CheckContext {
        &self.context
    }

    /// Gives the row at which the data begins, from 1.
    pub fn first_line(&self) -> u32 {
        self.opened.first_line
    }

    /// Names the sheets of a workbook; none of a text file.
    pub fn sheets(&self) -> Vec<String> {
        self.opened.sheets.iter().map(|s| s.name.clone()).collect()
    }

    /// Gives the size of a text file in bytes; pieces say up to where they go. Of a workbook nobody knows before its end.
    pub fn size(&self) -> Option<u64> {
        self.opened.size()
    }

    /// Reads the rows and checks them on all cores; `deliver` gets the pieces in order on this thread, until it says to stop.
    pub fn read(
        self,
        office: &Office,
        deliver: &mut dyn FnMut(Piece, BlockReport) -> ControlFlow<()>,
    ) -> Result<(), RosterRefused> {
        let checker = self.checker();
        let check = |block: Block, scratch: &mut BlockScratch| {
            let report = checker.check_next(&block, &mut scratch.memo);
            (block, report)
        };
        self.opened.read(&check, deliver).map_err(|refusal| office.refused(&refusal, &self.name))?;
        Ok(())
    }

    fn checker(&self) -> Checker {
        Checker::new(self.context.clone(), self.opened.columns.clone())
    }

    /// The same, but rows without errors lose their text; a text file is given back, in which it can be read again.
    fn read_thinned(
        self,
        deliver: &mut dyn FnMut(Piece, BlockReport) -> ControlFlow<()>,
    ) -> Result<Option<TextFile>, FileRefusal> {
        let checker = self.checker().hashing_rows();
        let check = |block: Block, scratch: &mut BlockScratch| {
            let report = checker.check_next(&block, &mut scratch.memo);
            let mut found = vec![false; block.len()];
            let errors = report.findings.iter().filter(|f| f.severity() == Severity::Error);
            errors.for_each(|f| found[f.row as usize] = true);
            let (block, text) = block.keep_text_of(|row| found[row]);
            scratch.spare = text;
            (block, report)
        };
        self.opened.read(&check, deliver)
    }
}

impl Office {
    /// Opens a roster file: finds its table, chooses its profile by what is given, by its codes or by its columns, and makes
    /// what its rows are checked with. `name` is how the file is called where it is refused. With `asks` nothing is read of a
    /// workbook whose sheet must be chosen. A registry that cannot be read is told and stops nothing.
    pub fn open_roster(
        &self,
        path: &Path,
        name: &str,
        reading: &RosterReading,
        asks: bool,
        tell: &mut dyn FnMut(String),
    ) -> Result<Opening, RosterRefused> {
        let today = reading.day(self)?;
        let given = reading.profile.as_deref().map(|id| self.profile(id)).transpose()?;
        // Reading the tables takes as long as finding the roster's.
        let office = self.clone();
        let tables = thread::spawn(move || office.tables_in_use());
        let first = given.clone().map_or_else(|| self.first_profile(), Ok)?;
        let first = self.upload_form(&first)?;
        let refused = |refusal: FileRefusal| self.refused(&refusal, name);
        let remembered = self.remembered_columns();
        let mut opened = match self.open_table(path, reading.sheet.as_deref(), (&reading.given, &remembered), &first)? {
            Err(refusal) if asks && refusal.kind == RefusalKind::NoHeader => {
                return self.header_rows(path, name, reading);
            }
            opened => opened.map_err(refused)?,
        };
        if asks && reading.sheet.is_none() && 1 < opened.sheets.iter().filter(|s| s.is_visible()).count() {
            return opened.list_sheets(&first).map(Opening::Sheets).map_err(refused);
        }
        reading.assign(&mut opened, &first);
        let (tables, unread) = tables.join().map_err(|_| bug("tables"))?;
        let evidence = self.evidence(&opened.columns, |column| opened.sample(column))?;
        let ProfileChoice { profile, form, by, votes } = self.choose(given.as_ref(), &evidence, &tables.registry)?;
        if asks && by == ChosenBy::Nothing {
            return Ok(Opening::Profiles { sheet: opened.origin.sheet });
        }
        let by = if reading.is_answered { ChosenBy::Answered } else { by };
        if form.id != first.id {
            opened.find(&form).map_err(refused)?;
            reading.assign(&mut opened, &form);
        }
        if let Some(fault) = opened.map_fault() {
            return Err(self.map_fault(fault, &opened.columns, &form).into());
        }
        if 1 < votes.len() {
            tell(self.locale().mixed_codes(&votes, &profile));
        }
        let is_registry_unread = unread.is_some();
        if let Some(error) = unread {
            tell(self.locale().registry_not_read(&error));
        }
        let context = Office::context((profile, form), tables, today).counting_from_1904(opened.origin.date_1904);
        let name = name.to_string();
        Ok(Opening::Roster(Box::new(RosterFile {
            opened,
            name,
            context,
            chosen_by: by,
            votes,
            fingerprint: evidence.fingerprint(),
            is_registry_unread,
        })))
    }

    /// Reads and checks a whole roster on all cores, and compares it with the ledger. What cannot be compared with is told
    /// and stops nothing.
    pub fn load(
        &self,
        path: &Path,
        reading: &RosterReading,
        keep: KeptRows,
        tell: &mut dyn FnMut(String),
    ) -> Result<LoadedRoster, RosterRefused> {
        reading.day(self)?;
        reading.profile.as_deref().map(|id| self.profile(id)).transpose()?;
        let mut not_compared = Vec::new();
        let ledger = self.ledger_to_compare().unwrap_or_else(|error| {
            tell(self.told(&error).to_string());
            not_compared.push("ledger");
            None
        });
        let typed = path.to_string_lossy().into_owned();
        let refused = |refusal: &FileRefusal| self.refused(refusal, &typed);
        let Opening::Roster(file) = self.open_roster(path, &typed, reading, false, tell)? else {
            return Err(bug("sheets").into());
        };
        if file.chosen_by == ChosenBy::Nothing {
            tell(self.locale().text("status.profile-by-nothing").to_string());
        }
        if file.is_registry_unread {
            not_compared.push("registry");
        }
        let mut batch =
            Batch::new(file.origin().clone(), file.columns().clone(), file.first_line(), file.context().clone());
        let kinds = file.opened.row_kinds();
        let (profile_by, votes) = (Some(file.chosen_by), file.votes.clone());
        let mut places = Vec::new();
        let mut take = |piece: Piece, report: BlockReport| {
            batch.skip(&piece.skipped, piece.block.skipped_texts());
            places.push(piece.bytes);
            batch.append(Arc::new(piece.block), report);
            ControlFlow::Continue(())
        };
        // Only a text file can be read again in places, and every row is compared with the ledger.
        let text = if keep == KeptRows::All || !file.opened.sheets.is_empty() || ledger.is_some() {
            file.read(self, &mut take)?;
            None
        } else {
            file.read_thinned(&mut take).map_err(|refusal| refused(&refusal))?
        };
        batch.finish(sorted_keys);
        if let Some(reader) = ledger
            && let Err(failure) = self.compare(&mut batch, &reader, None)
        {
            tell(failure.to_string());
            not_compared.push("ledger");
        }
        if let (Some(text), KeptRows::Findings(shown)) = (text, keep) {
            let thinned: Vec<(usize, OnceLock<_>)> =
                thinned_but_shown(&batch, shown).into_iter().map(|number| (number, OnceLock::new())).collect();
            side_by_side(thinned.len(), &|part| {
                let (number, block) = &thinned[part];
                block.get_or_init(|| text.again(&kinds, places[*number].clone()));
            });
            for (number, block) in thinned {
                if let Some(block) = block.into_inner() {
                    batch.restore_block(number, Arc::new(block.map_err(|refusal| refused(&refusal))?));
                }
            }
        }
        Ok(LoadedRoster { batch, profile_by, votes, not_compared, sheets: Vec::new() })
    }

    /// Refuses a roster of whose columns nobody knows whose data they hold: nothing of it goes out.
    ///
    /// # Errors
    /// What is in dispute, and how it is settled.
    pub fn is_settled(&self, batch: &Batch) -> Result<(), Failure> {
        let refused = |(message, hint)| Err(Failure::new(FailureKind::Rule, message, hint));
        self.locale().table_disputes(batch).map_or(Ok(()), refused)
    }

    /// Gives the profile that is taken where none is known.
    pub(super) fn first_profile(&self) -> Result<Arc<Profile>, Failure> {
        self.catalogue().profiles.first().cloned().ok_or_else(|| bug("no profile"))
    }

    /// Gives what of a roster with these columns tells its profile, whatever form it was read by; `cells` gives the cells of a
    /// column.
    pub(super) fn evidence(
        &self,
        settled: &ColumnMap,
        cells: impl Fn(usize) -> Vec<String>,
    ) -> Result<ProfileEvidence, Failure> {
        let labels = settled.labels();
        let first = self.first_profile()?;
        let form = self.upload_form(&first)?;
        let columns = ColumnMap::matched(&labels, &form);
        let of = |field| settled.of(field).or(columns.of(field)).map_or_else(Vec::new, &cells);
        Ok(ProfileEvidence {
            codes: of(Field::Code),
            institutions: of(Field::Institution),
            issuing_bodies: of(Field::IssuingBody),
            employers: of(Field::Employer),
            labels,
        })
    }

    /// Chooses the profile and the form of a roster.
    pub(super) fn choose(
        &self,
        given: Option<&Arc<Profile>>,
        evidence: &ProfileEvidence,
        registry: &Registry,
    ) -> Result<ProfileChoice, Failure> {
        // A store that cannot be read is told where it is needed.
        let reader = || self.reader().ok().flatten();
        let remembered = || reader()?.remembered_profile(&evidence.fingerprint()).ok().flatten();
        self.choose_by(given, evidence, registry, &remembered)
    }

    /// Finds the form of a profile that a roster with these labels is read with.
    pub(super) fn form_of(&self, profile: &Profile, labels: &[String]) -> Result<Arc<SheetSpec>, Failure> {
        let (profiles, registry) = (&self.catalogue().profiles, &Registry::default());
        let choices = ProfileChoices { profiles, form: &|id| self.sheet(id), registry, remembered: &|| None };
        choices.form_of(profile, labels).ok_or_else(|| bug("no form"))
    }

    /// The same, whatever was picked before for such a roster.
    pub(super) fn choose_anew(
        &self,
        evidence: &ProfileEvidence,
        registry: &Registry,
    ) -> Result<ProfileChoice, Failure> {
        self.choose_by(None, evidence, registry, &|| None)
    }

    fn choose_by(
        &self,
        given: Option<&Arc<Profile>>,
        evidence: &ProfileEvidence,
        registry: &Registry,
        remembered: &dyn Fn() -> Option<String>,
    ) -> Result<ProfileChoice, Failure> {
        let profiles = &self.catalogue().profiles;
        let choices = ProfileChoices { profiles, form: &|id| self.sheet(id), registry, remembered };
        choices.choose(given, evidence).ok_or_else(|| bug("no form"))
    }

    pub(super) fn refused(&self, refusal: &FileRefusal, name: &str) -> RosterRefused {
        RosterRefused::File { kind: refusal.kind.key(), failure: self.locale().refusal(refusal, name) }
    }
}

/// Lists the blocks that hold a row whose text is gone and which will be shown, or from which a shown finding has its proposal.
fn thinned_but_shown(batch: &Batch, most: usize) -> BTreeSet<usize> {
    let mut shown = vec![0; RULES.len()];
    let mut blocks = BTreeSet::new();
    let folds = batch.folds();
    for finding in batch.findings().iter().filter(|finding| folds.told(finding).is_some()) {
        let count = &mut shown[finding.rule.index()];
        *count += 1;
        if most < *count {
            continue;
        }
        let (above, below) = finding.rule.spec().looks_at;
        let last = finding.row.saturating_add(below).min(batch.roster().len().saturating_sub(1));
        let block_of = |row| batch.roster().locate(row).0;
        if (above, below) != (0, 0) {
            blocks.extend(block_of(finding.row.saturating_sub(above))..=block_of(last));
        } else if batch.roster().source_width(finding.row) == 0 {
            blocks.insert(block_of(finding.row));
        }
    }
    blocks
}

/// Does the parts of a work on all cores.
pub(super) fn side_by_side(parts: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let go_on = || {
        while let Some(part) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|part| *part < parts) {
            work(part);
        }
    };
    thread::scope(|scope| {
        for _ in 1..thread::available_parallelism().map_or(1, usize::from).min(parts) {
            scope.spawn(go_on);
        }
        go_on();
    });
}

/// Sorts the two lists of keys on two threads.
pub(super) fn sorted_keys([codes, ids]: [Vec<u64>; 2]) -> [KeyIndex; 2] {
    thread::scope(|scope| {
        let beside = scope.spawn(move || KeyIndex::build(codes));
        let ids = KeyIndex::build(ids);
        match beside.join() {
            Ok(codes) => [codes, ids],
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
