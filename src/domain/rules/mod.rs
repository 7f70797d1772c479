//! The rules (校验规则): what can be wrong with a row, and what can be done about it.
//!
//! A rule is one block in the file of its family: its facts, how it judges, and what it proposes. [`RULES`] collects the
//! blocks; [`Checker`] runs them over rows, [`fix_of`] proposes a repair for a finding. A finding carries arguments, never
//! sentences; its words are in the locales.
//!
//! To add a rule: a block in its family's list, its page in each locale's `rules.toml`, its cases in `tests/cases/rules`.
//! What can only be right is not shown to the rules: names of common 汉字 and resident numbers that add up (`checker`,
//! `cells`), parts of a code (`code_parts`). A rule that would find something there has to be let in.

// The machinery: readers of cells make the views in `checks` and hand them to the rules.
mod catalogue;
mod cells;
mod checker;
mod checks;
mod clean;
mod code_parts;
mod company;
mod ledger;
mod memo;
mod numbered;
mod record;
mod repair;
mod scope;
mod several;
mod sex;
mod table;
mod ways;

// The families of rules, by their letters.
mod characters; // T
mod codes; // C
mod dates; // A
mod forbidden; // P
mod id_numbers; // D
mod institutions; // I
mod kinds; // K
mod levels; // L
mod limits; // R
mod listed; // G
mod names; // N
mod organisations; // O
mod persons; // B
mod source; // S
mod twice; // U
mod usual; // V
mod work; // W

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

pub use catalogue::{RULES, RuleId, RuleSpec};
pub use checker::{BlockReport, Checker, Keys, RowCells, key_of_text};
pub use clean::{
    OtherNumber, code as cleaned_code, id_number as cleaned_id_number, is_eaten_number, is_scientific, typed_code,
};
pub use company::{Company, company_of};
pub use id_numbers::types_meant;
pub use institutions::{difference, filed_under};
pub use ledger::means_as;
pub use memo::{MOST_TEXTS, Memo, MetText, NOTED_ROWS, text_key};
pub use numbered::RowNumbers;
pub use persons::{DoubtCounts, DoubtLimits, award};
pub use record::fault_of_change;
pub use repair::fix_of;
pub use scope::ScopeRow;
pub use several::several;
pub use sex::{Sex, SexWords};
pub use table::{TableFault, TableFinding};
pub use usual::{Unusual, UsualText, UsualTexts, WATCHED, usual_texts};
pub use ways::{ColumnWays, WAY_FIELDS, WayCounts};
pub use work::{crosswise, entries_within};

use super::calendar::Calendar;
use super::date::{self, DateReading};
use super::fact::Route;
use super::identity::{Divisions, IdTypes};
use super::ledger::KnownCertificates;
use super::leftovers::Leftovers;
use super::level::LevelForm;
use super::level::{self, Level};
use super::name_list::NameList;
use super::profile::{IdTypeForm, Profile, Regions};
use super::registry::{Institution, Registry};
use super::roster::RowId;
use super::sheet::{Field, RowWords, SheetSpec};
use super::spelling::Spellings;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How bad a finding is (严重程度), worst first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[repr(u8)]
    pub enum Severity {
        /// The upload would be refused or wrong: blocks the export.
        Error = "error",
        /// Probably wrong; a person decides.
        Warning = "warning",
        Notice = "notice",
    }
}

vocabulary! {
    /// Whether a fix may be applied without a look.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Safety {
        /// Cannot change what the cell means.
        Safe = "safe",
        Unsafe = "unsafe",
    }
}

/// A fact that a finding's message names besides the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Detail {
    None,
    /// Another row of the roster.
    Row(RowId),
    /// A number: a length, an age, a year.
    Number(u32),
    /// A position in the cell, from 1.
    Position(u8),
    /// The character that should stand there.
    Expected(char),
    /// A segment of the code layout, by its place in the list.
    Segment(u8),
    /// A certificate of the ledger, by its place in [`CheckContext::known`].
    Certificate(u32),
    /// What a column usually says, by its place in [`CheckContext::usual`].
    Usual(u32),
    /// A row of another roster, by its place in [`CheckContext::elsewhere`].
    Elsewhere(u32),
    /// Who issues, as it is noted of the batch.
    Route(Route),
    /// By how many columns the cells of a row stand too far to the right, or to the left where it is less than 0, from a
    /// source column on.
    Moved {
        by: i8,
        column: u16,
    },
}

/// A row of another roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    pub file: String,
    /// Empty for a text file.
    pub sheet: String,
    /// The row as the spreadsheet numbers it.
    pub line: u32,
}

/// Something a rule found in a row (问题).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Finding {
    pub row: RowId,
    pub field: Field,
    pub rule: RuleId,
    /// What the message names.
    pub detail: Detail,
}

impl Finding {
    /// Gives the severity of the finding's rule.
    pub fn severity(&self) -> Severity {
        self.rule.spec().severity
    }

    /// Tells whether what is missing is a number, which is given and not typed.
    pub fn wants_number(&self) -> bool {
        self.rule == RuleId::Required && self.field == Field::Code
    }
}

/// A repair of one cell (修正).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The column it changes, always that of the finding.
    pub field: Field,
    /// The text after the repair.
    pub to: String,
    /// Whether it may be applied without a look.
    pub safety: Safety,
}

impl Fix {
    /// Gives the text that the fix of a finding of a rule leads to, as it is told. What comes from the ledger stays masked:
    /// only its own verbs show that whole, with a reason.
    pub fn told(&self, rule: RuleId, masked: bool) -> String {
        let is_ledgers = rule == RuleId::RecordDiffers;
        if masked || is_ledgers { self.field.masked(&self.to) } else { self.to.clone() }
    }
}

/// Everything the rules look things up in.
#[derive(Debug, Default)]
pub struct Tables {
    /// ID types and their wrong neighbours.
    pub id_types: IdTypes,
    /// Read when the first number is looked up.
    pub divisions: Arc<LazyLock<Divisions>>,
    /// Region tables as printed.
    pub regions: Regions,
    /// The user's occupation names; without any the rule that needs them is silent.
    pub occupations: NameList,
    /// The work types that the user's catalogue names; likewise.
    pub work_types: NameList,
    /// The same by occupation.
    pub work_types_of: std::collections::HashMap<String, NameList>,
    /// The user's occupation codes, such as `4-12-01-01`, by occupation name.
    pub occupation_codes: std::collections::HashMap<String, String>,
    /// The user's list of occupations that need a licence to work in (准入类).
    pub controlled: std::collections::HashSet<String>,
    /// The user's list of occupations for which there is a qualification (资格目录).
    pub qualifications: std::collections::HashSet<String>,
    /// The user's list of special skills that are on record (备案的专项职业).
    pub special_skills: std::collections::HashSet<String>,
    /// What the user's institutions are on record for; without any the rule that needs it is silent.
    pub scope: Vec<ScopeRow>,
    /// The days on which the working week is broken.
    pub calendar: Calendar,
    /// Words that stand for nothing, and signs of web pages.
    pub leftovers: Leftovers,
    /// Words for a sex besides 男 and 女.
    pub sexes: SexWords,
    /// Words of rows that are no people; read when the first row is looked at.
    pub row_words: Arc<LazyLock<RowWords>>,
    /// How differently names are written; read when the first is compared.
    pub spellings: Arc<LazyLock<Spellings>>,
    /// From how many on what one person or one day has is doubtful.
    pub doubt: DoubtLimits,
    /// The institution registry; an empty one says nothing.
    pub registry: Registry,
}

impl Tables {
    /// Gives the work types that may be meant beside an occupation: its own where the catalogue has any, else all.
    pub fn work_types_beside(&self, occupation: &str) -> &NameList {
        self.work_types_of.get(occupation).unwrap_or(&self.work_types)
    }

    /// Reads a level in letters that are written otherwise today: 三級.
    pub fn level_of_today(&self, raw: &str) -> Option<Level> {
        level::read(&self.of_today(raw)?).level()
    }

    /// Gives a text in the letters of today, where it has others.
    fn of_today(&self, raw: &str) -> Option<String> {
        let may_differ = !raw.is_ascii();
        let today = may_differ.then(|| raw.chars().map(|c| self.spellings.of_today(c)).collect::<String>());
        today.filter(|today| today != raw)
    }
}

/// What a check depends on besides the rows. Outside of the domain only the office makes one, so that none goes without the
/// registry.
#[derive(Debug, Clone)]
pub struct CheckContext {
    pub(in crate::domain) profile: Arc<Profile>,
    pub(in crate::domain) sheet: Arc<SheetSpec>,
    pub(in crate::domain) tables: Arc<Tables>,
    pub(in crate::domain) today: NaiveDate,
    pub(in crate::domain) known: Arc<KnownCertificates>,
    pub(in crate::domain) usual: Arc<UsualTexts>,
    pub(in crate::domain) ways: ColumnWays,
    pub(in crate::domain) elsewhere: Arc<Vec<Elsewhere>>,
    /// Whether the workbook counts its days from 1904.
    pub(in crate::domain) date_1904: bool,
    /// The rows, each run as the first and the one behind the last, of whose file most ID numbers end in 000, as a spreadsheet
    /// leaves them.
    pub(in crate::domain) ids_eaten: Arc<[(RowId, RowId)]>,
    pub(in crate::domain) side_by_side: SideBySide,
}

/// Does so many parts of a work, each told its number, and comes back when all are done.
pub type SideBySide = fn(usize, &(dyn Fn(usize) + Sync));

impl CheckContext {
    /// Makes one that knows nothing of the ledger yet: rows are compared with it once all are there, see
    /// [`Batch::set_known`](super::batch::Batch::set_known). The registry stands in the tables.
    pub fn new(profile: Arc<Profile>, sheet: Arc<SheetSpec>, tables: Arc<Tables>, today: NaiveDate) -> CheckContext {
        let (known, usual, ways, elsewhere) = Default::default();
        let (date_1904, ids_eaten) = (false, Arc::default());
        let side_by_side: SideBySide = |parts, work| (0..parts).for_each(work);
        CheckContext {
            profile,
            sheet,
            tables,
            today,
            known,
            usual,
            ways,
            elsewhere,
            date_1904,
            ids_eaten,
            side_by_side,
        }
    }

    /// Has the parts of a long work done otherwise than one after the other.
    #[must_use]
    pub fn working(self, side_by_side: SideBySide) -> CheckContext {
        CheckContext { side_by_side, ..self }
    }

    /// Tells from which day the file counts: workbooks of old Macintosh programs count from 1904.
    #[must_use]
    pub fn counting_from_1904(self, date_1904: bool) -> CheckContext {
        CheckContext { date_1904, ..self }
    }

    /// Reads a date as it is meant in this file.
    pub fn date(&self, raw: &str) -> DateReading {
        match date::read(raw) {
            DateReading::Serial(day) if self.date_1904 && date::counts_days(raw) => {
                DateReading::Serial(day + date::FROM_1904)
            }
            reading => reading,
        }
    }

    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    pub fn sheet(&self) -> &Arc<SheetSpec> {
        &self.sheet
    }

    pub fn tables(&self) -> &Arc<Tables> {
        &self.tables
    }

    /// Gives the day that counts as today.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Finds the institution whose prefix a code begins with; none for a prefix that several bodies share.
    pub(super) fn owner_of(&self, code: &str) -> Option<&Institution> {
        self.tables.registry.of_code(code).filter(|one| !self.profile.layout.is_shared(&one.prefix))
    }

    /// Gives what the ledger knows of the rows.
    pub fn known(&self) -> &Arc<KnownCertificates> {
        &self.known
    }

    /// Gives what the columns of the roster usually say.
    pub fn usual(&self) -> &UsualTexts {
        &self.usual
    }

    /// Gives the level form that a fix writes: the column's, else that of the form.
    pub(super) fn level_form(&self) -> LevelForm {
        let is_upload = self.sheet.id == self.profile.upload_sheet();
        self.ways.level.unwrap_or(if is_upload { self.profile.output.level } else { LevelForm::Grade })
    }

    /// Gives the form of an ID type that a fix writes, likewise.
    pub(super) fn id_type_form(&self) -> IdTypeForm {
        self.ways.id_type.unwrap_or(self.profile.output.id_type)
    }

    /// Gives a row of another roster that rows share something with.
    pub fn elsewhere(&self, place: u32) -> Option<&Elsewhere> {
        self.elsewhere.get(place as usize)
    }

    /// Names the clause a finding breaks, as [`clause_of`] does.
    pub fn clause(&self, rule: RuleId, field: Field, detail: Detail) -> &str {
        clause_of(&self.profile, &self.sheet, rule, field, detail)
    }
}

/// Names the clause a finding breaks under a profile and a form: the segment's, the rule's own, what the rule cites of the
/// profile, or the column's. Another notice is cited only where the profile itself names it.
pub fn clause_of<'a>(
    profile: &'a Profile,
    sheet: &'a SheetSpec,
    rule: RuleId,
    field: Field,
    detail: Detail,
) -> &'a str {
    let spec = rule.spec();
    let segment = match detail {
        Detail::Segment(i) => profile.layout.segments().get(usize::from(i)),
        _ => None,
    };
    let of_profile = (spec.cites)(profile, field, detail);
    let own = if segment.is_none() && profile.knows(spec.clause) { spec.clause } else { "" };
    let of_segment = segment.map_or("", |segment| segment.clause.as_str());
    let of_column = || profile.column_clause(sheet, field);
    [own, of_profile, of_segment].into_iter().find(|clause| !clause.is_empty()).unwrap_or_else(of_column)
}
