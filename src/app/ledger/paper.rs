//! What is handed in of a thing (材料), as pages that are asked for: forms, checklists, submissions, statistics.
//!
//! A page comes worded, and masked unless it was asked for whole with a reason.

use std::path::PathBuf;

use crate::domain::ledger::BatchId;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::Thing;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperAsk {
    /// The forms for a thing; without one those for every institution.
    Forms(Option<Thing>),
    /// The forms on which several cases stand together.
    CaseForms(Vec<CaseId>),
    /// A form as it is filled.
    Form(FormAsk),
    /// Which columns of a workbook of the user's own a batch fills.
    Template(BatchId, PathBuf),
    Checklists(Thing),
    /// When a batch was handed in, and what came back of it.
    HandIns(BatchId),
    Statistics(StatisticsAsk),
}

/// A form for a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormAsk {
    /// Its id.
    pub form: String,
    pub of: Thing,
    /// The cases that stand on it beside that one.
    pub also: Vec<CaseId>,
    /// In how many columns it is drawn.
    pub columns: usize,
    /// Why it is shown whole; masked without.
    pub why: Option<String>,
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatisticsAsk {
    /// What others have counted.
    pub files: Vec<PathBuf>,
    /// Whether our own ledger is left out.
    pub files_only: bool,
    /// The first and the last month, `YYYY-MM`.
    pub months: Option<(String, String)>,
    /// How the prefixes of the institutions begin; may be empty.
    pub prefix: String,
}

/// A page, in the user's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperPage {
    pub title: String,
    /// What is to be known before its lines.
    pub head: Vec<String>,
    pub lines: Vec<PaperLine>,
    /// The fields that nothing is known for.
    pub missing: Vec<PaperField>,
    /// Whether it stays masked when it is written, unless somebody says why not.
    pub is_masked: bool,
    /// What a file of it would be called; empty where there is nothing to write.
    pub file: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperLine {
    pub text: String,
    /// What is chosen by it: the id of a form, a tick; empty where there is nothing to choose.
    pub name: String,
    /// The thing that it is of, where that is not the page's.
    pub of: Option<Thing>,
    /// Whether a file can be attached to it.
    pub takes_file: bool,
    pub mark: PaperMark,
}

/// How a line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaperMark {
    #[default]
    Plain,
    /// A heading.
    Head,
    /// Nothing is left to do.
    Done,
    /// Something is missing.
    Lacking,
    /// Something is wrong.
    Wrong,
}

/// A field of a form that nothing is known for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperField {
    pub id: String,
    /// Its name with what may be typed, where only some words may be.
    pub label: String,
    /// Whether the form is not written without it.
    pub is_strict: bool,
}

/// What is done from a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperAct {
    WriteForm {
        ask: FormAsk,
        file: PathBuf,
        replaces: bool,
        /// Why it goes out whole where it would be masked.
        why: Option<String>,
    },
    /// Keeps what a form lacked with the thing that it belongs to.
    KeepField {
        ask: FormAsk,
        field: String,
        value: String,
    },
    FillTemplate {
        batch: BatchId,
        template: PathBuf,
        file: PathBuf,
        replaces: bool,
        /// Whether a header that differs from the remembered one is the one to remember.
        takes_new: bool,
    },
    /// Ticks what is ready, or takes a tick back.
    Tick {
        of: Thing,
        tick: String,
        ready: bool,
    },
    /// Attaches a file and ticks what it is.
    Attach {
        of: Thing,
        tick: String,
        file: PathBuf,
    },
    WriteStatistics {
        ask: StatisticsAsk,
        file: PathBuf,
        replaces: bool,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperDone {
    /// It is done: what there is to tell of it.
    Told(String),
    /// There is such a file, and nothing was written.
    Exists,
    /// The header of a template is another than the remembered one: what differs.
    OtherHeader(String),
}
