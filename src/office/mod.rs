//! The office (办公室): what is done with rosters, numbers and cases, each act written once for both fronts.
//!
//! It alone holds the store, the catalogue of profiles and forms, the settings, the clock and the user; it alone makes what a
//! check depends on (`Office::context`), so that no front can check a record without the registry. A front asks, shows and
//! formats. An act takes values of the domain and gives such values, or a [`Failure`] that is already worded.
//!
//! One clock is not the office's: the store has the time of what it writes (audit entries, changes, batches, sessions, claims),
//! the age of work without a backup and whether the chain is ahead of the clock by that of `SQLite`.

mod adopt;
mod allocate;
mod answered;
mod answers;
mod archive;
mod archive_files;
mod audit;
mod backup;
mod batch_list;
mod batches;
mod carry;
mod cases;
mod change;
mod checklist;
mod compare;
mod decode;
mod doctor;
mod due;
mod export;
mod fact_gate;
mod facts;
mod fill;
mod fix;
mod form_template;
mod form_values;
mod forms;
mod front_page;
mod import;
mod in_hand;
mod institutions;
mod known_file;
mod lateness;
mod ledger;
mod many;
mod marks;
mod merge;
mod numbers;
mod parts;
mod photos;
mod piped_file;
mod print_data;
mod printer;
mod profiles;
mod proof;
mod reach;
mod reading;
mod recipes;
mod rectification;
mod reply;
mod roster;
mod screening;
mod session;
mod shares;
mod state_folder;
mod statistics;
mod stock;
mod stock_demand;
mod stock_keepers;
mod stock_left;
mod stock_list;
mod summary;
mod surroundings;
mod template;
mod two_people;
mod values;
mod versions;
mod year_export;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{Local, NaiveDate};
use piped_file::PipedFile;

pub use crate::formats::read::SAMPLE_ROWS;
pub use adopt::{AdoptOrder, AdoptedFile};
pub use allocate::{AllocateOrder, Allocated, RosterAt};
pub use answers::{AnswerOrder, TakenAnswers};
pub use archive::{ArchiveFault, ArchiveList, ArchiveOrder, ArchivedPart, CheckedArchive};
pub use audit::{AuditFile, AuditWritten, Followed, WantedEntries};
pub use batch_list::{BatchWaits, WorkedBatch};
pub use batches::{Imported, ListedBatch, OpenedRoster, Purpose, StoredEnd};
pub use cases::{BarsToOpen, CaseRefused, CasesWritten, CorrectionsFile};
pub use change::{ChangedBatch, PlannedChange};
pub use checklist::{CheckedForm, CheckedItem, CheckedList, FileState};
pub use decode::FileColumn;
pub use doctor::{Inspection, InspectionWords, Verdict};
pub use due::{CountedDeadline, DueFile, DueList, WantedDue};
pub use export::{ExportTarget, Exported, NotWritten, NotedUpload, UnnotedUpload, WhyNotWritten};
pub use facts::{FactSheet, ListedFact};
pub use fix::{FixedCopy, FixedLack, FixedWritten, Loss};
pub use form_template::{FilledTemplate, TemplateColumns, TemplateOrder};
pub use forms::{FilledForm, FormOrder, FormThing};
pub use front_page::FrontPage;
pub use in_hand::{BatchNews, Discarded, InHand};
pub use institutions::InstitutionFile;
pub use known_file::{KnownFile, KnownPart};
pub use ledger::{LedgerCheck, LedgerReader};
pub use many::{LeftOut, NamedFiles};
pub use merge::{EVERY_SHEET, MergeOrder, Merged, MergedPart};
pub use numbers::{NotTaken, NumberOrder, NumberSeries};
pub use parts::{BatchTaken, PartOpening, PartOrder, ReadPart};
pub use photos::{ListedPhoto, PhotoList};
pub use piped_file::PIPE;
pub use print_data::{NotPrinted, PrintDataOrder, PrintDataWritten, PrintOf};
pub use proof::{FilledProof, ProofOf};
pub use reading::{HeaderRows, RosterReading};
pub use recipes::KeptRecipe;
pub use reply::{ListedCodes, ReplyReading, SiteReply};
pub use roster::{KeptRows, LoadedRoster, Opening, RosterFile, RosterRefused};
pub use screening::Screening;
pub use session::Session;
pub use shares::WantedShares;
pub use state_folder::StateFolder;
pub use statistics::{StatisticsOrder, is_month};
pub use stock::{ComparedState, StockPage, WhichBlanks};
pub use stock_demand::{CalculatedDemand, DemandOrder, DemandPage, demand_of};
pub use stock_left::BlankLeft;
pub use stock_list::BlankList;
pub use surroundings::{Surroundings, serve_as_child};
pub use values::{UnifyFault, Unifying};
pub use versions::ComparedVersions;
pub use year_export::{YearLedgerFile, YearOrder};

pub use crate::backup::{BackupManifest, MONTHS, MadeBackup, PreparedRestore, RestoreConsent, Restored};
pub use crate::data::{
    AmbiguousWidth, Background, Catalogue, Clause, CurrentRow, DataProblem, KeysFault, ProfileSource, Settings,
};
pub use crate::formats::Piece;
pub use crate::formats::scope_table::ScopeTable;
pub use crate::formats::watch::Watch;
pub use crate::formats::write_report::ReportSummary;
pub use crate::formats::write_upload::{UploadSummary, manifest_path};
pub use crate::store::{
    BatchHolder, BatchWork, Claim, Cursor, HandIn, Lacking, SCHEMA, StoredBatch, TriedFiles, Unsaved,
};
pub use crate::store::{BlankAct, BlankFilter, BlankLife, BlankStep, BlanksDone, CountEnd};
pub use crate::store::{KeeperSpoilage, NotedDemand, Printed, Stocktake};

use crate::domain::lookup::Index;
use crate::domain::profile::Profile;
use crate::domain::registry::Registry;
use crate::domain::rules::{CheckContext, DoubtLimits, Tables};
use crate::domain::sheet::SheetSpec;
use crate::failure::{Failure, FailureKind};
use crate::locale::lookup_entries;
use crate::store::{self, StatePaths, StoreError, StoreReader};
use crate::words::{Lang, Locale};

/// The office. Cheap to clone; every clone is the same office.
#[derive(Debug, Clone)]
pub struct Office(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    locale: Arc<Locale>,
    settings: Settings,
    surroundings: Surroundings,
    /// The state folder that was asked for.
    home: Option<PathBuf>,
    catalogue: OnceLock<Catalogue>,
    /// What `-` names, where that was taken.
    piped: OnceLock<PipedFile>,
    /// The tables that rosters are checked with; others changing the registry does not change them by itself.
    tables: Mutex<Option<Arc<Tables>>>,
}

impl Office {
    /// Opens the office; nothing is read or made yet. `home` is the state folder that was asked for, else the surroundings
    /// name it.
    pub fn new(locale: Locale, settings: Settings, surroundings: Surroundings, home: Option<PathBuf>) -> Office {
        let locale = Arc::new(locale);
        let (catalogue, piped, tables) = Default::default();
        Office(Arc::new(Inner { locale, settings, surroundings, home, catalogue, piped, tables }))
    }

    pub fn locale(&self) -> &Arc<Locale> {
        &self.0.locale
    }

    /// Gives the words of the lists that are written: those of the people who get them, whatever the screen speaks.
    pub fn report_locale(&self) -> Locale {
        Locale::load(self.settings().report_lang.as_deref().and_then(Lang::read).unwrap_or_default())
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn surroundings(&self) -> &Surroundings {
        &self.0.surroundings
    }

    /// Gives the user's name as the operating system has it.
    pub fn user(&self) -> &str {
        &self.0.surroundings.user
    }

    /// Gives the user's name as it signs entries of the audit chain.
    pub fn signature(&self) -> &str {
        &self.0.surroundings.signature
    }

    /// Gives the day that counts as today: what `SKILLCERT_TODAY` says, else the clock.
    ///
    /// # Errors
    /// A variable that is no day.
    pub fn today(&self) -> Result<NaiveDate, Failure> {
        match self.0.surroundings.text("SKILLCERT_TODAY") {
            None => Ok(Local::now().date_naive()),
            Some(text) => NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_err(|_| {
                Failure::new(FailureKind::Usage, self.0.locale.fill("cli.bad-date", &[("value", &text)]), "")
            }),
        }
    }

    /// Gives a day, or today where none was given.
    pub fn or_today(&self, day: Option<NaiveDate>) -> Result<NaiveDate, Failure> {
        day.map_or_else(|| self.today(), Ok)
    }

    /// Gives the profiles, forms and tables: built in, and the user's from the state folder, which are read once.
    pub fn catalogue(&self) -> &Catalogue {
        self.0.catalogue.get_or_init(|| match (self.places(), &self.0.surroundings.program) {
            (Ok(places), Some(program)) => Catalogue::of(places.home(), program),
            _ => Catalogue::built_in(),
        })
    }

    /// Finds a profile by its id.
    ///
    /// # Errors
    /// No such profile; the hint names those that come near.
    pub fn profile(&self, id: &str) -> Result<Arc<Profile>, Failure> {
        self.catalogue().profile(id).cloned().ok_or_else(|| self.0.locale.unknown_profile(id, self.catalogue()))
    }

    /// Finds a form by its id.
    pub fn sheet(&self, id: &str) -> Option<Arc<SheetSpec>> {
        self.catalogue().sheet(id).cloned()
    }

    /// Reads everything that can be looked up into one index.
    pub fn lookup_index(&self) -> Index {
        Index::build(lookup_entries(&self.0.locale, self.catalogue(), self.today().ok()))
    }

    /// Keeps a setting of the person for the next start, beside the store.
    pub fn remember(&self, name: &str, value: &str) -> Result<(), Failure> {
        let remembered = self.places().and_then(|places| store::remember(&places, name, value));
        remembered.map_err(|e| self.told(&e))
    }

    /// Gives the upload form of a profile.
    fn upload_form(&self, profile: &Profile) -> Result<Arc<SheetSpec>, Failure> {
        self.sheet(profile.upload_sheet()).ok_or_else(|| bug("no form"))
    }

    /// Makes what a check depends on; nothing else in the house does. It is whole with the registry, which stands in the
    /// tables, but for the ledger: what that knows of the rows can only be asked for once they are all read, and comes into it
    /// by [`Batch::set_known`](crate::domain::batch::Batch::set_known). The office calls that for a roster it reads to its
    /// end, and the screen with what the office has told it of the rows as they were read or changed; nobody else may.
    fn context((profile, form): (Arc<Profile>, Arc<SheetSpec>), tables: Arc<Tables>, today: NaiveDate) -> CheckContext {
        CheckContext::new(profile, form, tables, today).working(roster::side_by_side)
    }

    /// Makes what the rows of a roster are checked with. A registry that cannot be read is told and stops nothing.
    fn check_context(
        &self,
        (profile, form): (Arc<Profile>, Arc<SheetSpec>),
        today: NaiveDate,
        tell: &mut dyn FnMut(String),
    ) -> CheckContext {
        let (tables, unread) = self.tables_in_use();
        if let Some(error) = unread {
            tell(self.0.locale.registry_not_read(&error));
        }
        Office::context((profile, form), tables, today)
    }

    /// Makes the tables with a registry, and with the limits of the settings.
    fn tables_of(&self, registry: Registry) -> Tables {
        let settings = self.settings();
        let doubt = DoubtLimits {
            day_levels: settings.person_day_levels,
            day_occupations: settings.person_day_occupations,
            certificates: settings.person_certificates,
            day_certificates: settings.day_certificates,
        };
        Tables { doubt, registry, ..self.catalogue().tables() }
    }

    /// Gives the tables with a registry: those in use where it is theirs.
    pub(crate) fn tables(&self, registry: Registry) -> Arc<Tables> {
        match &*self.lock_tables() {
            Some(tables) if tables.registry == registry => Arc::clone(tables),
            _ => Arc::new(self.tables_of(registry)),
        }
    }

    /// Gives the tables that rosters are checked with, read by whoever needs them first; and why the registry among them
    /// could not be read, where that is so: a check goes on without it.
    fn tables_in_use(&self) -> (Arc<Tables>, Option<StoreError>) {
        let mut kept = self.lock_tables();
        if let Some(tables) = &*kept {
            return (Arc::clone(tables), None);
        }
        let read = self.reader().and_then(|reader| reader.map_or_else(|| Ok(Registry::default()), |r| r.registry()));
        let (registry, unread) = read.map_or_else(|error| (Registry::default(), Some(error)), |r| (r, None));
        (Arc::clone(kept.insert(Arc::new(self.tables_of(registry)))), unread)
    }

    /// Takes the registry as it is now; gives the tables with it where those in use had another one.
    fn renew_tables(&self, registry: Registry) -> Option<Arc<Tables>> {
        let mut kept = self.lock_tables();
        if kept.as_ref().is_none_or(|tables| tables.registry == registry) {
            return None;
        }
        Some(Arc::clone(kept.insert(Arc::new(self.tables_of(registry)))))
    }

    fn lock_tables(&self) -> MutexGuard<'_, Option<Arc<Tables>>> {
        self.0.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs on to the store, which is made where there is none; `what` names the work to others who find it busy.
    pub fn sign_on(&self, what: &str) -> Result<Session, Failure> {
        Session::open(self.clone(), what)
    }

    /// Signs on to a store that is there, for acts that need what stands in it.
    ///
    /// # Errors
    /// There is none: somebody has mistyped its folder.
    pub fn enter(&self, what: &str) -> Result<Session, Failure> {
        Session::enter(self.clone(), what)
    }

    /// Opens the store for acts that only look: nothing is written, and acts that would are refused.
    pub fn look(&self) -> Result<Session, Failure> {
        Session::look(self.clone())
    }

    /// Opens the store for looking into it; nothing where there is none.
    fn reader(&self) -> Result<Option<StoreReader>, StoreError> {
        match self.places() {
            Ok(places) => StoreReader::open(&places),
            Err(StoreError::NoHome) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn places(&self) -> Result<StatePaths, StoreError> {
        self.places_at(None)
    }

    /// Gives the places of another state folder than the one that was asked for.
    fn places_at(&self, home: Option<&Path>) -> Result<StatePaths, StoreError> {
        let Inner { home: asked, surroundings, .. } = &*self.0;
        let home = home.or(asked.as_deref());
        StatePaths::found(home, &|name| surroundings.var(name), surroundings.program.clone())
    }

    /// Gives our own program, which reads workbooks as a child process.
    pub fn program(&self) -> Result<&Path, Failure> {
        let program = self.0.surroundings.program.as_deref();
        program.ok_or_else(|| self.0.locale.bug(&std::io::ErrorKind::NotFound.into()))
    }

    fn told(&self, error: &StoreError) -> Failure {
        self.0.locale.store_failure(error, &|id| self.name_of_profile(id))
    }

    /// Names a profile in the user's language; nothing where there is none of that id.
    pub fn name_of_profile(&self, id: &str) -> Option<String> {
        self.catalogue().profile(id).map(|profile| self.0.locale.profile_name(profile).to_string())
    }

    fn usage(&self, key: &str, places: &[(&str, &str)]) -> Failure {
        Failure::new(FailureKind::Usage, self.0.locale.fill(key, places), "")
    }
}

fn bug(what: &str) -> Failure {
    Failure::new(FailureKind::Bug, what, "")
}
