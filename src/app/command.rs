//! The commands (命令): one table for key look-up, footer, help, palette and tests.

mod keymap;
mod when;
mod within;

pub use super::place::Place;
pub use keymap::{KeyChange, KeyFault, KeyMatch, Keymap, Row, shown_row, written};
pub use when::When;

use within::{
    ASKED, AUDIT, BATCHES, BROWSER, CASE_LIST, CASES, CELLS, CERTIFICATES, CHECKLIST, CHOOSE, COLUMNS, DEADLINES,
    DECODER, EVENTS, EXPORT, FACTS, FIND, FINDINGS, FORM_PAGE, FORMS, FOUND, GRID, GROUPS, HAND_INS, HEADER, HISTORY,
    INSTITUTIONS, LATE, LEAVABLE, LEDGER, LISTS, LOOKUP, OPENING, OVERLAYS, PALETTE, PAPER_LINE, PAPERS, PLAIN, PLAN,
    PREVIEW, PROMPT, RECORD, REPLACE, ROSTER, SCREENED, SERIES, SHARES, SHEETS, STATISTICS, STEPS, STOCK, SUMMARY,
    TEXT, TODAY, TOUR, TYPED, TYPED_LISTS, VALUE_LINE, VALUE_LISTS, VALUES, VERSIONS, WRITTEN,
};

/// Tells whether a command is in a place.
pub type Within = fn(Place) -> bool;

/// A command's facts; its words are in the locales under `command.<name>`.
#[derive(Debug)]
pub struct CommandSpec {
    pub id: Command,
    /// The stable name, as typed in the palette.
    pub name: &'static str,
    /// When it can be used.
    pub when: When,
    /// How far in front it stands in the footer; 0 for not at all.
    pub footer: u8,
    /// Where it can be used, with which keys; a key may be a row of chords such as `g g`.
    pub keys: &'static [(Within, &'static [&'static str])],
}

impl CommandSpec {
    /// Lists the keys in a place.
    pub fn keys_in(&self, place: Place) -> Vec<&'static str> {
        self.keys.iter().filter(|(places, _)| places(place)).flat_map(|(_, keys)| *keys).copied().collect()
    }

    /// Tells whether the command exists in a place.
    pub fn is_in(&self, place: Place) -> bool {
        self.keys.iter().any(|(places, _)| places(place))
    }
}

macro_rules! commands {
    ($($id:ident $name:literal $when:ident $footer:literal { $($places:ident: $($key:literal)*;)* })*) => {
        /// A command, by its place in [`COMMANDS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Command {
            $(#[doc = concat!("`", $name, "`")] $id,)*
        }

        pub static COMMANDS: &[CommandSpec] = &[
            $(CommandSpec {
                id: Command::$id,
                name: $name,
                when: When::$when,
                footer: $footer,
                keys: &[$(($places, &[$($key),*])),*],
            },)*
        ];
    };
}

commands! {
    Edit "edit" Editable 90 { CELLS: "enter"; }
    OpenEntry "open-entry" Always 90 { BROWSER: "enter"; }
    GoThere "go-there" Always 90 { TODAY: "enter"; }
    OpenBatch "open-batch" Always 90 { BATCHES: "enter"; }
    ChooseSheet "choose-sheet" Always 90 { SHEETS: "enter"; }
    MarkSheet "mark-sheet" Always 85 { SHEETS: "space"; }
    MarkRosters "mark-rosters" Always 80 { SHEETS: "a"; }
    ChooseVersion "choose-version" Always 90 { VERSIONS: "enter"; }
    PutHeader "put-header" Always 90 { HEADER: "enter"; }
    NoHeader "no-header" Always 80 { HEADER: "0"; }
    ConfirmColumns "confirm-columns" Always 90 { COLUMNS: "enter"; }
    PointAtHeader "point-at-header" Always 12 { COLUMNS: "H"; }
    ForgetColumns "forget-columns" Always 0 { COLUMNS: "F"; }
    ChangeEncoding "change-encoding" Always 10 { HEADER: "e"; COLUMNS: "e"; BROWSER: "ctrl-e"; }
    FilterChosen "filter-chosen" Findings 90 { FINDINGS: "enter" "f"; }
    StartExport "start-export" Batch 90 { EXPORT: "enter"; }
    Accept "accept" Always 90 { PROMPT: "enter"; }
    TurnLine "turn-line" Always 0 { PROMPT: "tab"; }
    FieldBefore "field-before" Always 0 { PROMPT: "shift-tab"; CHOOSE: "shift-tab"; }
    RunChosen "run-chosen" Always 90 { PALETTE: "enter"; }
    TakeProposal "take-proposal" Always 90 { DECODER: "enter"; }
    OpenLine "open-line" Line 90 { OPENING: "enter"; }
    KeepSearch "keep-search" Always 90 { FIND: "enter"; }
    TakeBack "take-back" Always 90 { FACTS: "enter"; }
    TakeChoice "take-choice" Always 90 { CHOOSE: "enter"; }
    NextOption "next-option" Always 0 { CHOOSE: "tab"; }
    TickChoice "tick-choice" Always 0 { CHOOSE: "space"; }
    StartReplace "start-replace" Editable 90 { REPLACE: "enter"; }
    FilterByValues "filter-by-values" Always 90 { VALUES: "enter"; }
    SetValues "set-values" Always 88 { VALUES: "e" "right"; }
    GroupValues "group-values" Always 86 { VALUES: "g" "left"; }
    MarkValue "mark-value" Always 84 { VALUES: "space"; }
    NarrowValues "narrow-values" Always 82 { VALUES: "/"; }
    TurnValues "turn-values" Always 80 { VALUES: "s" "tab"; }
    FilterByLine "filter-by-line" Always 90 { SUMMARY: "enter"; }
    WriteSummary "write-summary" Batch 80 { SUMMARY: "e" "right"; }
    TakeLine "take-line" Always 90 { VALUE_LINE: "enter"; PAPER_LINE: "enter"; }
    OpenForm "open-form" Always 90 { FORMS: "enter"; }
    FillTemplate "fill-template" Always 80 { FORMS: "t" "space"; }
    WritePage "write-page" Always 90 { WRITTEN: "w" "enter"; }
    FillFields "fill-fields" Always 85 { FORM_PAGE: "f" "space"; }
    UnmaskForm "unmask-form" Always 70 { FORM_PAGE: "m"; }
    TickPaper "tick-paper" Always 90 { CHECKLIST: "space"; }
    AttachPaper "attach-paper" Always 80 { CHECKLIST: "a" "enter"; }
    HandIn "hand-in" Always 90 { HAND_INS: "a" "enter"; }
    AddCounted "add-counted" Always 85 { STATISTICS: "a" "space"; }
    PutMonths "put-months" Always 80 { STATISTICS: "m"; }
    PutPrefix "put-prefix" Always 75 { STATISTICS: "p"; }
    LeaveOwnOut "leave-own-out" Always 70 { STATISTICS: "o"; }
    ScrollLeft "scroll-left" Always 0 { PAPERS: "left" "h"; }
    ScrollRight "scroll-right" Always 0 { PAPERS: "right" "l"; }
    AcceptGroup "accept-group" Editable 90 { GROUPS: "enter"; }
    NextForm "next-form" Always 88 { GROUPS: "tab" "right" "l"; }
    PreviousForm "previous-form" Always 0 { GROUPS: "shift-tab" "left" "h"; }
    TypeForm "type-form" Editable 86 { GROUPS: "e"; }
    LeaveFormOut "leave-form-out" Editable 83 { GROUPS: "x"; }
    LeaveGroup "leave-group" Editable 84 { GROUPS: "-" "delete"; }
    PreviewGroups "preview-groups" Editable 82 { GROUPS: "p" "space"; }
    Apply "apply" Always 95 { ASKED: "y"; }
    TurnAnswer "turn-answer" Always 0 { ASKED: "right" "left"; }
    TakeAnswer "take-answer" Always 0 { ASKED: "enter"; }
    TurnFill "turn-fill" Always 0 { PREVIEW: "tab"; }
    NextOrder "next-order" Always 80 { PLAN: "s"; }
    SwitchNumbers "switch-numbers" Always 75 { PLAN: "r" "space"; }
    PlanBlanks "plan-blanks" Always 73 { PLAN: "b"; }
    AlsoHeld "also-held" Always 72 { PLAN: "h"; }
    AlsoErrors "also-errors" Always 71 { PLAN: "e"; }
    AddInstitution "add-institution" Unfiled 85 { INSTITUTIONS: "a"; PLAN: "i"; }
    ParentFolder "parent-folder" Always 60 { BROWSER: "backspace"; }
    AllBatches "all-batches" Always 70 { BATCHES: "ctrl-o"; }
    PutAway "put-away" Always 80 { BATCHES: "f8"; }
    NextField "next-field" Always 80 { COLUMNS: "tab" "right" "l"; }
    PreviousField "previous-field" Always 0 { COLUMNS: "shift-tab" "left" "h"; }
    NoField "no-field" Always 70 { COLUMNS: "-" "delete"; }
    NextLine "next-line" Always 80 { REPLACE: "tab"; }
    PreviousLine "previous-line" Always 0 { REPLACE: "shift-tab"; }
    NextChoice "next-choice" Always 80 { EXPORT: "tab"; }
    PreviousChoice "previous-choice" Always 0 { EXPORT: "shift-tab"; }
    NextFinding "next-finding" Next 85 { ROSTER: "n"; }
    PreviousFinding "previous-finding" Next 0 { ROSTER: "N"; }
    Fix "fix" Fix 80 { CELLS: "x"; }
    FixAll "fix-all" Fixes 75 { ROSTER: "X"; }
    NextPane "next-pane" Batch 70 { ROSTER: "tab"; }
    PreviousPane "previous-pane" Batch 0 { ROSTER: "shift-tab"; }
    Undo "undo" Undoable 65 { ROSTER: "u"; HISTORY: "u"; }
    Redo "redo" Redoable 0 { ROSTER: "ctrl-r"; HISTORY: "ctrl-r"; }
    Search "search" Batch 50 { CELLS: "/"; }
    Filter "filter" Batch 45 { ROSTER: "&"; }
    FilterFinding "filter-finding" Finding 0 { CELLS: "f"; }
    ClearFilter "clear-filter" Filtered 55 { ROSTER: "F"; }
    DropFilter "drop-filter" Filtered 0 { ROSTER: "backspace"; }
    Filters "filters" Filtered 0 { ROSTER: ; }
    FilterValue "filter-value" Batch 0 { CELLS: ","; }
    FilterErrors "filter-errors" Findings 0 { ROSTER: ; }
    FilterEdited "filter-edited" Batch 0 { ROSTER: ; }
    FilterMarked "filter-marked" Marked 0 { ROSTER: ; }
    FilterAside "filter-aside" Batch 0 { ROSTER: ; }
    FilterNoted "filter-noted" Batch 0 { ROSTER: ; }
    FilterPart "filter-part" Batch 0 { ROSTER: ; }
    FilterStatus "filter-status" Batch 0 { ROSTER: ; }
    Sort "sort" Batch 0 { CELLS: "s"; }
    KeptColumns "kept-columns" Batch 0 { ROSTER: ; }
    FileOrder "file-order" Sorted 0 { CELLS: "g f"; }
    MarkRow "mark-row" Batch 0 { CELLS: "space"; }
    MarkShown "mark-shown" Batch 0 { ROSTER: ; }
    UnmarkAll "unmark-all" Marked 0 { ROSTER: ; }
    WidenColumn "widen-column" Batch 0 { GRID: ">"; }
    NarrowColumn "narrow-column" Batch 0 { GRID: "<"; }
    ColumnLeft "column-left" Batch 0 { GRID: "["; }
    ColumnRight "column-right" Batch 0 { GRID: "]"; }
    FreezeColumns "freeze-columns" Batch 0 { GRID: "g l"; }
    HideColumn "hide-column" Batch 0 { GRID: "g h"; }
    ShowColumns "show-columns" Batch 0 { GRID: "g a"; }
    ResetColumns "reset-columns" Batch 0 { GRID: ; }
    GoTo "go-to-row" Batch 0 { ROSTER: "#"; }
    FillDown "fill-down" Editable 0 { CELLS: "d"; }
    CopyAbove "copy-above" Editable 0 { CELLS: "a"; }
    FillAll "fill-all" Editable 0 { CELLS: "D"; }
    SetColumn "set-column" Editable 0 { CELLS: "c"; }
    PutAside "put-aside" Editable 0 { CELLS: "-"; }
    PutAllAside "put-all-aside" Editable 0 { ROSTER: ; }
    Note "note" Editable 0 { CELLS: "i"; }
    Values "values" Batch 0 { CELLS: "v"; }
    Summary "summary" Batch 0 { ROSTER: "_"; }
    Recipes "recipes" Editable 0 { ROSTER: ; }
    SaveRecipe "save-recipe" Batch 0 { ROSTER: ; }
    Replace "replace" Editable 0 { CELLS: "*"; }
    Reshape "reshape" Editable 0 { CELLS: "%"; }
    RestoreCell "restore-cell" Edited 0 { CELLS: "r"; }
    Unmask "unmask" Batch 0 { CELLS: "m"; }
    CopyCell "copy-cell" Batch 0 { CELLS: "Y y"; }
    CopyRow "copy-row" Batch 0 { CELLS: "Y r"; }
    CopyRowCode "copy-row-code" Batch 0 { CELLS: "Y c"; }
    CopyFindings "copy-findings" Findings 0 { ROSTER: "Y e"; }
    KeepCopy "keep-copy" Batch 0 { ROSTER: "Y f"; }
    TextPage "text-page" Batch 0 { ROSTER: "V"; }
    NextText "next-text" Always 80 { TEXT: "tab" "right"; }
    PreviousText "previous-text" Always 0 { TEXT: "shift-tab" "left"; }
    History "history" Batch 0 { ROSTER: "H"; }
    GoToStep "go-to-step" Batch 90 { HISTORY: "enter"; }
    RevertStep "revert-step" Editable 80 { HISTORY: "x"; }
    RevertCell "revert-cell" Editable 70 { HISTORY: "c"; }
    Export "export" Batch 40 { ROSTER: "e"; }
    TakeOver "take-over" Held 88 { ROSTER: "T"; }
    Allocate "allocate" Editable 0 { ROSTER: "A"; }
    Ledger "ledger" Always 36 { ROSTER: "L"; TODAY: "L"; BROWSER: "ctrl-g"; }
    FindCertificate "find-certificate" Always 85 { FOUND: "/"; }
    UnmaskCertificate "unmask-certificate" Certificate 60 { CERTIFICATES: "m"; }
    CopyCertificate "copy-certificate" Certificate 0 { CERTIFICATES: "ctrl-y"; }
    MarkCertificate "mark-certificate" Certificate 70 { CERTIFICATES: "s"; }
    MarkFound "mark-found" Certificate 68 { FOUND: "S"; }
    TakeReply "take-reply" Always 0 { FOUND: "r"; HAND_INS: "r"; }
    OpenCase "open-case" Certificate 75 { CERTIFICATES: "c"; }
    VoidCertificate "void-certificate" Certificate 65 { CERTIFICATES: "v"; }
    Reserve "reserve" Series 55 { SERIES: "r"; }
    UnmaskCase "unmask-case" Case 12 { CASES: "m"; }
    ApproveCase "approve-case" Case 80 { CASES: "a"; }
    CloseCase "close-case" Case 75 { CASES: "c"; }
    RefuseCase "refuse-case" Case 70 { CASES: "x"; }
    MarkCase "mark-case" Case 68 { CASE_LIST: "space"; }
    OpenCasesOnly "open-cases-only" Always 60 { CASE_LIST: "f"; }
    NoteEvent "note-event" Thing 65 { EVENTS: "e"; }
    ShowProof "show-proof" Always 0 { CERTIFICATES: "p"; CELLS: "p"; }
    PrintData "print-data" Always 0 { CERTIFICATES: "P"; CELLS: "g p"; }
    NoteFact "note-fact" Always 0 { EVENTS: "Z"; ROSTER: "Z"; BATCHES: "f7"; EXPORT: "f7"; }
    Forms "forms" Always 0 { EVENTS: "b"; STOCK: "b"; ROSTER: "b"; BATCHES: "f9"; }
    Checklist "checklist" Always 0 { EVENTS: "t"; ROSTER: "t"; BATCHES: "f3"; }
    HandIns "hand-ins" Always 0 { LATE: "O"; ROSTER: "O"; BATCHES: "f4"; }
    TurnWaiting "turn-waiting" Always 18 { BATCHES: "f6"; }
    Statistics "statistics" Always 0 { LEDGER: "T"; TODAY: "T"; ROSTER: ; BATCHES: ; }
    DraftLateness "draft-lateness" Thing 58 { LATE: "w"; }
    BookBlanks "book-blanks" Always 80 { STOCK: "a"; }
    FindBlank "find-blank" Always 75 { STOCK: "/"; }
    CompareBlanks "compare-blanks" Always 70 { STOCK: "c"; }
    AddShare "add-share" Always 80 { SHARES: "a"; }
    ChangeShare "change-share" Always 78 { SHARES: "e"; }
    EndShare "end-share" Always 75 { SHARES: "x"; }
    ScreenBatch "screen-batch" Always 80 { SCREENED: "b"; ROSTER: ; }
    FindInList "find-in-list" Always 85 { CASE_LIST: "/"; AUDIT: "/"; DEADLINES: "/"; }
    VerifyChain "verify-chain" Always 80 { AUDIT: "v"; }
    NextTab "next-tab" Always 50 { LEDGER: "tab"; }
    PreviousTab "previous-tab" Always 0 { LEDGER: "shift-tab"; }
    ShowSeries "show-series" Always 0 { LEDGER: "1"; }
    ShowCertificates "show-certificates" Always 0 { LEDGER: "2"; }
    ShowCases "show-cases" Always 0 { LEDGER: "3"; }
    ShowAudit "show-audit" Always 0 { LEDGER: "4"; }
    ShowInstitutions "show-institutions" Always 0 { LEDGER: "5"; }
    ShowDeadlines "show-deadlines" Always 0 { LEDGER: "6"; }
    ShowStock "show-stock" Always 0 { LEDGER: "7"; }
    ShowShares "show-shares" Always 0 { LEDGER: "8"; }
    ShowScreening "show-screening" Always 0 { LEDGER: "9"; }
    Refresh "refresh" Always 0 { LEDGER: "R"; }
    ListAgain "list-again" Always 0 { BROWSER: "f5"; }
    LookUp "look-up" Always 37 { ROSTER: "K"; TODAY: "K"; PROMPT: "ctrl-t"; }
    TakeEntry "take-entry" Always 90 { LOOKUP: "enter"; }
    CopyCode "copy-code" Always 85 { LOOKUP: "ctrl-y"; }
    NextKind "next-kind" Always 80 { LOOKUP: "tab"; }
    PreviousKind "previous-kind" Always 0 { LOOKUP: "shift-tab"; }
    Decode "decode" Batch 0 { ROSTER: "="; }
    Backup "backup" Always 0 { ROSTER: ; TODAY: ; LEDGER: ; BROWSER: ; }
    Open "open" Always 35 { ROSTER: "o"; TODAY: "o"; }
    AddFile "add-file" Editable 0 { ROSTER: "+"; }
    Answers "answers" Editable 0 { ROSTER: ; }
    CompareWith "compare-with" Batch 0 { ROSTER: ; }
    FillFrom "fill-from" Editable 0 { CELLS: "J"; }
    Today "today" Always 0 { ROSTER: ; LEDGER: ; BROWSER: ; TODAY: "R"; }
    Batches "batches" Always 8 { ROSTER: "B"; TODAY: "B"; LEDGER: "B"; BROWSER: "ctrl-r"; }
    MatchColumns "match-columns" Batch 0 { ROSTER: "C"; }
    ListSheets "list-sheets" Always 0 { ROSTER: "S"; FACTS: "S"; HEADER: "S"; COLUMNS: "S"; }
    ImportPage "import-page" Batch 0 { ROSTER: "I"; }
    ChangeProfile "change-profile" Editable 0 { ROSTER: "P"; }
    Up "up" Always 0 { CELLS: "up" "k"; LISTS: "up" "k"; TYPED_LISTS: "up"; PROMPT: "up"; TOUR: "up" "k"; VALUE_LISTS: "up" "k"; }
    Down "down" Always 0 { CELLS: "down" "j"; LISTS: "down" "j"; TYPED_LISTS: "down"; PROMPT: "down"; TOUR: "down" "j"; VALUE_LISTS: "down" "j"; }
    Left "left" Batch 0 { GRID: "left" "h"; }
    Right "right" Batch 0 { GRID: "right" "l"; }
    PreviousRow "previous-row" Batch 0 { RECORD: "left" "h"; }
    NextRow "next-row" Batch 0 { RECORD: "right" "l"; }
    PageUp "page-up" Always 0 { CELLS: "pgup"; LISTS: "pgup"; TYPED_LISTS: "pgup"; VALUE_LISTS: "pgup"; }
    PageDown "page-down" Always 0 { CELLS: "pgdn"; LISTS: "pgdn"; TYPED_LISTS: "pgdn"; VALUE_LISTS: "pgdn"; }
    HalfUp "half-page-up" Always 0 { CELLS: "ctrl-u"; LISTS: "ctrl-u"; VALUE_LISTS: "ctrl-u"; }
    HalfDown "half-page-down" Always 0 { BATCHES: "ctrl-d"; CELLS: "ctrl-d"; LISTS: "ctrl-d"; VALUE_LISTS: "ctrl-d"; }
    FirstColumn "first-column" Batch 0 { CELLS: "home"; }
    LastColumn "last-column" Batch 0 { CELLS: "end"; }
    First "first" Always 0 { CELLS: "g g"; LISTS: "g g" "home"; VALUE_LISTS: "home"; }
    Last "last" Always 0 { CELLS: "G"; LISTS: "G" "end"; VALUE_LISTS: "G" "end"; }
    Help "help" Always 30 { PLAIN: "?" "f1"; BROWSER: "?" "f1"; EXPORT: "f1"; BATCHES: "f1"; }
    Palette "palette" Always 25 { PLAIN: ":"; BROWSER: ":"; LEDGER: "right"; HEADER: "right"; COLUMNS: "space"; SHEETS: "right"; }
    Theme "theme" Always 0 { PLAIN:; BROWSER:; }
    Mouse "mouse" Always 0 { PLAIN: "M"; BROWSER:; }
    Tour "tour" Always 0 { PLAIN:; BROWSER:; }
    NextPage "next-page" Always 90 { TOUR: "enter" "right" "l" "space" "pgdn"; }
    PreviousPage "previous-page" Always 70 { TOUR: "left" "h" "backspace" "pgup"; }
    EndTour "end-tour" Always 80 { TOUR: "esc" "q"; }
    Back "back" Always 20 { ROSTER: "esc"; OVERLAYS: "esc"; STEPS: "esc"; LEDGER: "esc"; FIND: "esc"; }
    Suspend "suspend" Always 0 { PLAIN: "ctrl-z"; TYPED: "ctrl-z"; TOUR: "ctrl-z"; }
    Repaint "repaint" Always 0 { PLAIN: "ctrl-l"; TYPED: "ctrl-l"; TOUR: "ctrl-l"; }
    Blank "blank" Always 0 { PLAIN: "ctrl-x"; TYPED: "ctrl-x"; TOUR: "ctrl-x"; }
    Quit "quit" Always 15 { LEAVABLE: "q" "ctrl-c"; CHOOSE: "ctrl-c"; PREVIEW: "ctrl-c"; PLAN: "ctrl-c"; TYPED: "ctrl-c"; TOUR: "ctrl-c"; }
}

impl Command {
    /// Tells whether it answers a question, also one that a list asks, or writes a file as a pane shows it.
    pub fn is_answer(self) -> bool {
        matches!(
            self,
            Command::Apply
                | Command::TakeAnswer
                | Command::TakeChoice
                | Command::StartExport
                | Command::ConfirmColumns
                | Command::PutHeader
                | Command::NoHeader
                | Command::NoField
                | Command::ChooseVersion
                | Command::ChooseSheet
                | Command::OpenBatch
                | Command::GoThere
        )
    }

    /// Gives the command's facts.
    pub fn spec(self) -> &'static CommandSpec {
        &COMMANDS[self as usize]
    }

    /// Tells whether the command moves the cursor of the list in hand.
    pub fn is_movement(self) -> bool {
        use Command::{
            Down, First, FirstColumn, HalfDown, HalfUp, Last, LastColumn, Left, NextRow, PageDown, PageUp, PreviousRow,
            Right, Up,
        };
        matches!(
            self,
            Up | Down
                | Left
                | Right
                | PreviousRow
                | NextRow
                | PageUp
                | PageDown
                | HalfUp
                | HalfDown
                | FirstColumn
                | LastColumn
                | First
                | Last
        )
    }

    /// Gives where it moves the cursor of a list of so many lines, of which a page has some; as often as it was asked for.
    pub fn moved(self, at: usize, times: usize, page: usize, count: usize) -> usize {
        let to = match self {
            Command::Up => at.saturating_sub(times),
            Command::Down => at + times,
            Command::PageUp => at.saturating_sub(page),
            Command::PageDown => at + page,
            Command::HalfUp => at.saturating_sub((page / 2).max(1)),
            Command::HalfDown => at + (page / 2).max(1),
            Command::First => 0,
            Command::Last => usize::MAX,
            _ => at,
        };
        to.min(count.saturating_sub(1))
    }

    /// Finds a command by its name.
    pub fn find(name: &str) -> Option<Command> {
        COMMANDS.iter().find(|c| c.name == name).map(|c| c.id)
    }

    /// Gives the locale key of the few words that name the command.
    pub fn title_key(self) -> String {
        format!("command.{}.title", self.spec().name)
    }

    /// Gives the locale key of the sentence that says what the command does.
    pub fn help_key(self) -> String {
        format!("command.{}.help", self.spec().name)
    }
}
