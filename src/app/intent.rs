//! What a pane or an overlay wants done that is not its own.

use std::path::PathBuf;

use super::command::Command;
use super::ledger::form::FormSubject;
use super::ledger::form_question::FormKind;
use super::ledger::request::LedgerRequest;
use super::msg::{BesideAsk, ColumnAsk, EarlierVersion, ExportWhat};
use super::overlay::ChoosePane;
use super::place::Screen;
use super::typed_line::LinePurpose;
use crate::domain::code::CertCode;
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::matching::FillKind;
use crate::domain::replace::MaskedValue;
use crate::domain::roster::{Change, RowId};
use crate::domain::selection::Condition;
use crate::domain::sheet::{Field, TextEncoding};

/// What is wanted; an overlay ends with whatever it wants but [`Intent::Nothing`], [`Intent::Ask`] and [`Intent::Work`].
#[derive(Debug)]
pub enum Intent {
    Nothing,
    /// The ledger is to be asked; the answer comes back to the overlay.
    Ask(Box<LedgerRequest>),
    /// Work on columns is to be done; what came of it comes back to the overlay.
    Work(ColumnAsk),
    /// The overlay is left.
    Leave,
    Run(Command),
    Show(Screen),
    /// Show the ledger at the tab that a command shows.
    ShowTab(Command),
    /// A line of text is to be typed: what for, and what is proposed.
    AskLine(LinePurpose, String),
    /// The questions of a form are to be asked.
    AskForm(FormKind, FormSubject),
    Preview(Preview),
    /// What is asked is worked out beside the roster, and waited for under a title.
    Await(String, Box<BesideAsk>),
    /// A list is to be chosen from.
    Choose(Box<ChoosePane>),
    /// Rows are to be filtered by a condition more.
    FilterBy(Condition),
    /// A filter is to be taken away, by its place.
    DropFilter(usize),
    Apply(Change),
    /// So many steps are to be in force.
    ToStep(usize),
    /// A step is to be taken back though others came after it; or only the cell at the cursor.
    Revert {
        step: usize,
        only_here: bool,
    },
    /// The cell of a roster that stands in the way is to be shown.
    ShowCell(RowId, Field),
    /// A question was answered with yes.
    Confirmed(Confirm),
    /// Numbers are to be taken as planned.
    TakeNumbers {
        plan: Box<Plan>,
        wish: PlanWish,
        reason: String,
    },
    /// The line of a list that answers a question, by its name.
    Answer(String),
    /// The file that is being opened is to be read under a profile.
    ReadUnder(String),
    /// The file in hand is to be read in an encoding; with none in the one it is taken for.
    ReadIn(Option<TextEncoding>),
    /// The export pane is to be shown with this choice.
    Write(ExportWhat),
    /// What an organiser has answered in a file is to be read, then taken with what is accepted besides.
    ReadAnswers(PathBuf),
    TakeAnswers(String),
    /// What a recipe would change is to be shown.
    TakeRecipe(String),
    /// Where cells are filled from was chosen, by its name; then the source itself; then a line of what is filled.
    ChooseSource(String),
    FillFrom(FillKind, PathBuf),
    FillStep(String),
    /// A line of what is done to columns, or what was chosen for one.
    ReshapeStep(String),
    /// The same of what the roster is compared with; then a difference is shown.
    ChooseVersion(String),
    CompareWith(EarlierVersion),
    ShowDifference(usize),
    /// What is done with a column that the form does not have.
    TakeKeptColumn(String),
    /// A line of what both versions changed.
    CarryStep(String),
    /// The file in hand is to be read in the way that was said.
    ReadOtherwise,
    /// Ask whether the file that was chosen is to be added to the batch on screen.
    AskToAdd(PathBuf),
    /// A row that was skipped is to be read as data.
    TakeBack(usize, u32),
    /// The batch on screen is to be checked under a profile; with no name under the one that its rows tell.
    CheckUnder(String),
    /// A text goes into the line that is typed below, or else is copied.
    Insert(String),
    Copy(String),
    EndTour,
}

impl Intent {
    /// Has the ledger asked what it holds under a code, if there is one.
    pub(super) fn decode(code: Option<CertCode>) -> Intent {
        code.map_or(Intent::Nothing, |code| Intent::Ask(Box::new(LedgerRequest::Decode(code))))
    }

    /// Has a change shown before it is made, if there is one.
    pub(super) fn preview(preview: Option<Preview>) -> Intent {
        preview.map_or(Intent::Nothing, Intent::Preview)
    }
}

/// What `y` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Leaving although not everything is stored.
    Quit,
    /// Replacing an existing file.
    Replace,
    /// Taking a batch over from somebody else.
    TakeOver,
    /// Stopping a reading and throwing away what has come of it.
    Discard,
    /// Doing to the ledger what was asked about.
    Ledger,
    /// Changing something although that drops the steps that were taken back.
    DropUndone,
    /// Having so many steps in force.
    ToStep(usize),
    /// Reading the file again with a skipped row as data, although the batch has changes.
    TakeBack(usize, u32),
    /// Reading it otherwise, although the batch has changes.
    ReadOtherwise,
    /// Adding a file to the batch on screen, which it never leaves again.
    AddFile,
}

/// A change that is shown before it is made.
#[derive(Debug, Default)]
pub struct Preview {
    pub change: Change,
    /// How many cells of which kind; without a number what is only told.
    pub kinds: Vec<(String, usize)>,
    /// What is left as it is although it was asked for, each with the reason; listed before the change.
    pub open: Vec<String>,
    /// A remark, such as whether the fix is safe; may be empty.
    pub note: String,
    /// What becomes of which value, where the edits are told by these; else none.
    pub values: Vec<MaskedValue>,
    /// The same with another reach, which can be turned to.
    pub other: Option<Box<Preview>>,
}
