//! What reaches the screen state ([`Msg`]) and what it asks of the outside ([`Effect`]): both closed lists.

mod beside;
mod column;
mod export;
mod reading;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use beside::{BesideAnswer, BesideAsk, EarlierVersion, SameTold};
pub use column::{ColumnAnswer, ColumnAsk, RecipeAsk, RecipesPlanned};
pub use export::{ExportEncoding, ExportFormat, ExportWhat, LackLine};
pub use reading::{Progress, ReadEnd, ReadJob, RosterHead, Stored, WorkDone};

use super::import::{BatchLine, FirstRows, TodayFacts};
use super::key::Chord;
use super::ledger::request::{LedgerAnswer, LedgerRequest};
use super::mouse::Pointed;
use crate::domain::answers::Answers;
use crate::domain::batch::versions::VersionDifference;
use crate::domain::batch::{Batch, Made, Making};
use crate::domain::ledger::plan::Plan;
use crate::domain::ledger::{BatchId, KnownCertificates, UploadChanges};
use crate::domain::lookup::Index;
use crate::domain::profile_choice::OpenedFile;
use crate::domain::roster::{Block, Change, Roster, RowId, StepMade};
use crate::domain::rules::{BlockReport, Tables};
use crate::domain::sheet::{SheetLine, SheetSpec, SkipReason, SkippedRun};
use crate::domain::upload::UploadPart;
use crate::failure::Failure;

/// The number of a job; a report of any but the latest and that of the batch on screen is out of date.
pub type JobId = u64;

/// A line of a folder listing (文件列表).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderEntry {
    /// The name without its folder.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The size in bytes; 0 for a folder.
    pub size: u64,
    /// The day on which it was changed last, `YYYY-MM-DD`; nothing where that is not known.
    pub changed: String,
    /// Whether it looks like a file that this program wrote: it is rarely what comes in next.
    pub is_ours: bool,
}

/// A file that has been written and read back.
#[derive(Debug)]
pub struct WrittenFile {
    pub path: PathBuf,
    /// How many rows it holds.
    pub rows: usize,
    /// How many rows have errors and were left out.
    pub left_out: u32,
    /// What the file changed in the ledger, or why that could not take note of it.
    pub noted: Result<UploadChanges, Failure>,
    /// What is missing or disagrees and did not keep it from being written, in words.
    pub warnings: Vec<String>,
}

/// A key, or a report from the outside.
#[derive(Debug)]
pub enum Msg {
    /// What is worked out by steps is to go on; answers [`Effect::GoOn`].
    GoOn,
    /// A key was pressed.
    Key(Chord),
    /// A key that came with the one before, or so soon after it that nobody has seen what that one did.
    HastyKey(Chord),
    Paste(String),
    /// Keys that came at once, as from a terminal that does not mark what is pasted: characters, and what stood between them.
    Burst(Vec<Chord>),
    /// How long the workbench has been running; whoever waits for [`Privacy::wakes_at`](super::privacy::Privacy::wakes_at) sends it.
    Time(Duration),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal is gone or the program was told to end: store the view and leave.
    HangUp,
    /// Something that is wrong outside the roster, such as the user's own profiles; nothing stops for it.
    Trouble(String),
    Folder {
        path: PathBuf,
        /// What it holds, in order.
        entries: Vec<FolderEntry>,
    },
    /// A folder could not be listed.
    FolderFailed(Failure),
    /// The batches of the store, newest first.
    Batches(Result<Vec<BatchLine>, Failure>),
    /// How many deadlines press.
    Pressing(usize),
    /// What the front page tells; nothing where there is nothing to go on with.
    Today(Result<Option<Box<TodayFacts>>, Failure>),
    /// The workbook has several sheets: one must be chosen before reading, or several.
    Sheets {
        job: JobId,
        sheets: Vec<SheetLine>,
        /// The batches that hold rows of them already, by their names.
        held: BTreeMap<String, Vec<BatchId>>,
    },
    /// The header of the file is to be pointed at before reading.
    HeaderRows {
        job: JobId,
        rows: FirstRows,
    },
    /// Nothing in the file tells its profile: one must be picked before reading.
    Profiles {
        job: JobId,
    },
    /// The path held something else when a batch was made of it, and that was worked on: the user says what is opened.
    OtherContent {
        job: JobId,
        older: Box<BatchLine>,
        difference: VersionDifference,
    },
    /// The file is in these batches, in each the part of this number from 0: the user says what is opened.
    InBatches {
        job: JobId,
        batches: Vec<(BatchLine, u32)>,
    },
    /// The header has been found.
    Opened(Box<RosterHead>),
    /// Rows have arrived, checked.
    Rows {
        job: JobId,
        block: Arc<Block>,
        /// What their check gave.
        report: Box<BlockReport>,
        /// Rows not taken as data: row counted from the block's first, and reason.
        skipped: Vec<(u32, SkipReason)>,
    },
    /// How far the reading has come.
    Reading {
        job: JobId,
        progress: Progress,
    },
    /// Every row has arrived.
    ReadDone(ReadEnd),
    /// The source could not be read.
    ReadFailed {
        job: JobId,
        failure: Failure,
    },
    /// Whoever holds the batch on screen has added files to it: it is to be loaded again.
    Grown {
        /// The store job that brought the batch on screen.
        switched: u64,
        batch: BatchId,
    },
    /// The number of the batch on screen, which is new.
    Created {
        switched: u64,
        batch: BatchId,
    },
    /// There is no stored batch.
    NothingStored,
    /// The batch that is being read takes over the steps of an import that was cut off.
    Recovered {
        /// The steps, oldest first.
        steps: Vec<Arc<Change>>,
        /// How many of them are in force.
        applied: usize,
    },
    /// Who made the steps of the batch on screen, undone ones among them, and when, in the user's words.
    StepsMade(Vec<StepMade>),
    /// Everything up to this store job is on disk.
    Saved(u64),
    /// A store job failed; later ones were not tried.
    StoreFailed {
        seq: u64,
        failure: Failure,
    },
    /// A store job failed because somebody else has the batch or has changed it: what the screen shows is what is stored again.
    TakenBack {
        seq: u64,
        /// What was not stored, for a change of cells.
        change: Option<Arc<Change>>,
        failure: Failure,
    },
    /// Another process has changed the store; what is shown of it should be asked for again.
    StoreChanged,
    /// Another process has changed certificates; what is known of the batch on screen should be asked for again.
    LedgerChanged,
    /// The institution registry is another than before.
    RegistryChanged(Arc<Tables>),
    /// Who else holds the batch on screen, in the user's words; nobody when it is this workbench's again.
    Held {
        /// The store job that brought the batch on screen.
        switched: u64,
        holder: Option<String>,
    },
    /// Whoever holds the batch on screen has changed it.
    Followed {
        /// The store job that brought the batch on screen.
        switched: u64,
        /// The steps, oldest first.
        steps: Vec<Arc<Change>>,
        /// How many of them are in force.
        applied: usize,
    },
    /// A file has been written and read back.
    Exported(WrittenFile),
    /// How far the export has come.
    Exporting(Progress),
    /// The export was stopped as asked; nothing was written.
    ExportStopped,
    /// The target of an export exists already; nothing was written.
    ExportExists,
    /// A file could not be written.
    ExportFailed(Failure),
    /// What the ledger knows of what [`Effect::Compare`] asked for.
    Compared {
        /// The job that read the batch.
        job: JobId,
        /// Whether it is about every row.
        is_all: bool,
        /// What it knows; `None` where the ledger could not be read.
        known: Option<Arc<KnownCertificates>>,
    },
    /// What the notice demands to be known of a batch and is missing or disagrees, the gravest first; nothing where that could not
    /// be found out.
    Lacks {
        batch: BatchId,
        lacks: Option<Vec<LackLine>>,
        /// Whether it answers [`Effect::Lacks`].
        is_asked: bool,
    },
    /// What came of [`Effect::Work`]; nothing where it was stopped or broke off.
    Worked {
        seq: JobId,
        answer: Option<ColumnAnswer>,
    },
    /// How far a very large change has come.
    Making {
        seq: JobId,
        progress: Progress,
    },
    /// What came of [`Effect::Make`], on its copy of the batch; nothing where it was stopped or broke off.
    Made {
        seq: JobId,
        made: Option<Box<(Batch, Made)>>,
    },
    /// What recipes would do to the batch on screen.
    Recipes(Box<RecipesPlanned>),
    /// A recipe is kept, in the user's words; or why not.
    RecipeKept(Result<String, Failure>),
    /// What an organiser has answered was read.
    Answers(Box<AnswersRead>),
    /// The look-up's entries are prepared.
    LookupReady(Arc<Index>),
    /// What the ledger was asked is answered.
    Ledger {
        /// The ask; an answer to any but the latest of its kind is out of date.
        seq: u64,
        answer: LedgerAnswer,
    },
    /// The numbers of a plan are taken and stand in the stored rows.
    Allocated {
        seq: u64,
        /// The audit entry's place.
        entry: u64,
    },
    /// No number was taken and no row changed.
    NotAllocated {
        seq: u64,
        /// Whether the ledger has moved since the plan was made: a new plan may do.
        moved: bool,
        failure: Failure,
    },
    /// It is forgotten how the columns of a header were matched, in the user's words; or why not.
    Forgotten(Result<String, Failure>),
    /// Something was done that only has to be told.
    Told(String),
    /// The mouse was used on what is drawn.
    Mouse(Pointed),
    /// The text to be copied is longer than a terminal takes; nothing was copied.
    NotCopied,
    /// The state folder is backed up: where, in the user's words; or why not.
    BackedUp(Result<String, Failure>),
    /// What was copied stands in a file, or why not.
    CopyKept(Result<PathBuf, Failure>),
}

/// What the store is asked to do, all about the batch that [`StoreJob::Create`] or [`StoreJob::Continue`] named last.
#[derive(Debug)]
pub enum StoreJob {
    Create {
        path: PathBuf,
        opened: Box<OpenedFile>,
    },
    /// Goes on with a stored batch that is on screen now.
    Continue {
        batch: BatchId,
    },
    AddBlock {
        block: Arc<Block>,
        /// Rows not taken as data: spreadsheet row and reason.
        skipped: Vec<SkippedRun>,
    },
    /// Marks the batch as complete.
    Complete {
        /// How many rows it has.
        rows: u32,
    },
    /// Records a change that was applied.
    Record {
        change: Arc<Change>,
    },
    /// Moves the mark of what is in force back by one step.
    Undo,
    /// Moves the mark forward by one step.
    Redo,
    /// Tells who made the steps, and when; answered by [`Msg::StepsMade`].
    TellSteps,
    /// Takes the batch over from whoever holds it.
    TakeOver,
    /// Lets go of the batch, whose reading was stopped or broke off: deleted, unless somebody has changed something in it. What
    /// became of it is told by [`Msg::Told`], if `is_told`.
    Discard {
        is_told: bool,
    },
    /// Notes that the personal data of a row is shown in full.
    NoteUnmask {
        row: RowId,
    },
    /// Takes the numbers of a plan and records them in the rows, both or neither; answered by [`Msg::Allocated`] or
    /// [`Msg::NotAllocated`] besides [`Msg::Saved`].
    Allocate {
        /// The batch as the plan found it.
        batch: Box<Batch>,
        plan: Arc<Plan>,
        /// What it changes in the rows.
        change: Arc<Change>,
        /// Why, for the audit chain; may be empty.
        reason: String,
    },
}

/// An order to write a file.
#[derive(Debug)]
pub struct ExportJob {
    pub path: PathBuf,
    pub what: ExportWhat,
    /// Which rows an upload table holds.
    pub part: UploadPart,
    /// As which kind of file.
    pub format: ExportFormat,
    /// In which encoding, for text.
    pub encoding: ExportEncoding,
    /// Whether an existing file may be replaced.
    pub replace: bool,
    /// Where the roster was read from, if that is known: it is never written over.
    pub source: Option<PathBuf>,
    /// The batch as it stands now.
    pub batch: Batch,
}

/// An order to read a list that an organiser has filled in.
#[derive(Debug)]
pub struct AnswersJob {
    pub path: PathBuf,
    /// The store job that brought the batch on screen.
    pub switched: u64,
    pub id: Option<BatchId>,
    /// The batch as it stands now.
    pub batch: Batch,
}

/// What came of it.
#[derive(Debug)]
pub struct AnswersRead {
    pub path: PathBuf,
    pub switched: u64,
    pub answers: Result<Answers, Failure>,
}

/// What of a roster is compared with the ledger.
#[derive(Debug, Clone)]
pub enum ToCompare {
    /// All codes and persons of a roster.
    All(Box<Roster>),
    /// Codes and ID numbers in the clean form of [`asked`](crate::domain::batch::asked).
    Some { codes: Vec<String>, id_numbers: Vec<String> },
}

/// What the outside is asked to do.
#[derive(Debug)]
pub enum Effect {
    /// List a folder: answered by [`Msg::Folder`] or [`Msg::FolderFailed`].
    ListFolder(PathBuf),
    /// Load a batch, or the one that was open last: answered as a file that is read, or by [`Msg::NothingStored`]. With `file` it
    /// was chosen for a file that is its first.
    Resume { job: JobId, batch: Option<BatchId>, file: Option<PathBuf> },
    /// Have the batch on screen checked under another profile, or under what its rows tell; answered as [`Effect::Resume`].
    ChangeProfile { job: JobId, profile: Option<String> },
    /// Read what the front page tells; answered by [`Msg::Today`].
    Today,
    /// List the batches, after the store's jobs so far; answered by [`Msg::Batches`].
    ListBatches,
    /// Archive a batch or bring it back; told by [`Msg::Told`], and answered by [`Msg::Batches`].
    PutAway { batch: BatchId, archives: bool },
    /// Read a file; answered by [`Msg::Sheets`], [`Msg::Profiles`], [`Msg::OtherContent`], [`Msg::InBatches`], or [`Msg::Opened`], [`Msg::Rows`] and
    /// [`Msg::ReadDone`].
    Read(ReadJob),
    /// Forget how the columns of a header were matched; answered by [`Msg::Forgotten`].
    ForgetColumns { fingerprint: String },
    /// Stop the latest reading, unless it is that of the batch on screen.
    StopReading,
    /// Ask the store; answered by [`Msg::Saved`], [`Msg::StoreFailed`] or [`Msg::TakenBack`].
    Store {
        /// The job's number, counting up.
        seq: u64,
        job: StoreJob,
    },
    /// Come back with [`Msg::GoOn`] after what has come meanwhile: something is worked out by steps.
    GoOn,
    /// Store the view beside the batch, soon; no answer.
    SaveView(String),
    /// Ask the ledger about rows, after the store's jobs so far; answered by [`Msg::Compared`].
    Compare {
        /// The job that read the batch.
        job: JobId,
        what: ToCompare,
    },
    /// Tell what the notice demands to be known of the batch on screen, whose rows stand so; answered by [`Msg::Lacks`].
    Lacks { batch: BatchId, roster: Box<Roster> },
    /// Write a file, after the store's jobs so far, and note in the ledger which certificates are in it.
    Export(Box<ExportJob>),
    /// Read what an organiser has answered; answered by [`Msg::Answers`].
    ReadAnswers(Box<AnswersJob>),
    /// Stop the export that is under way; answered by [`Msg::ExportStopped`] unless it was done before.
    StopExport,
    /// Ask the ledger; answered by [`Msg::Ledger`] with the same number.
    Ledger {
        /// The request's number, counting up.
        seq: u64,
        request: LedgerRequest,
    },
    /// Do work on columns, in place of what is under way of the kind; answered by [`Msg::Worked`].
    Work { seq: JobId, ask: ColumnAsk },
    /// Make a very large change on a copy of the batch, in place of what is under way of the kind; answered by [`Msg::Made`].
    Make { seq: JobId, batch: Box<Batch>, making: Making },
    /// Stop that.
    StopMaking,
    /// Work out what recipes would do; answered by [`Msg::Recipes`].
    PlanRecipes(Box<RecipeAsk>),
    /// Keep what was done to a batch as a recipe; answered by [`Msg::RecipeKept`].
    KeepRecipe { name: String, roster: Box<Roster>, form: Arc<SheetSpec> },
    /// Stop the work on columns.
    StopWork,
    /// Prepare the look-up's entries; answered by [`Msg::LookupReady`].
    PrepareLookup,
    /// Put a text into the clipboard of the user's terminal; answered by [`Msg::NotCopied`] when it is too long.
    Copy(String),
    /// Keep a choice of the person for the next start: the name and value of a setting.
    Remember {
        name: &'static str,
        /// Its value, as settings are written.
        value: &'static str,
    },
    /// Show the next colours, and keep them for the next start; answered by [`Msg::Told`].
    TurnTheme,
    /// Let the terminal send what the mouse does, or no longer.
    Mouse(bool),
    /// Back the state folder up, beside everything else; answered by [`Msg::BackedUp`].
    BackUp,
    /// Write a text to a new file, readable by the user alone; answered by [`Msg::CopyKept`].
    KeepCopy { folder: PathBuf, text: String },
    /// Paint the whole screen anew.
    Repaint,
    /// Stop the program until the shell continues it.
    Suspend,
    /// End the program once the store has done what was asked.
    Quit,
}
