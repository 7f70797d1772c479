//! The rules (校验规则): what can be wrong with a row, and what can be done about it.
//!
//! [`RULES`] is the one list; [`Checker`] runs it over rows, [`fix_of`] proposes a repair for a finding.
//! A finding carries arguments, never sentences; its words are in the locales.

mod catalogue;
mod checker;
mod clean;
mod codes;
mod documents;
mod fixes;
mod institutions;
mod ledger;
mod memo;
mod plain;
mod record;
mod scope;

use std::sync::Arc;

use chrono::NaiveDate;

pub use catalogue::{RULES, RuleId, RuleSpec};
pub use checker::{BlockReport, Checker, Keys, RowCells, key_of_text};
pub use clean::{code as cleaned_code, id_number as cleaned_id_number};
pub use fixes::fix_of;
pub use institutions::{difference, filed_under};
pub use memo::Memo;
pub use record::fault_of_change;
pub use scope::ScopeRow;

use super::code::{Segment, SegmentReader};
use super::identity::{Divisions, IdTypes};
use super::ledger::Known;
use super::profile::{Profile, Regions};
use super::registry::Registry;
use super::roster::RowId;
use super::sheet::{Field, SheetSpec};

/// How bad a finding is (严重程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Severity {
    /// The upload would be refused or wrong: blocks the export.
    Error,
    /// Probably wrong; a person decides.
    Warning,
    Notice,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Notice];

    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        }
    }
}

/// Whether a fix may be applied without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    /// Cannot change what the cell means.
    Safe,
    Unsafe,
}

impl Safety {
    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
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
    pub divisions: Divisions,
    /// Region tables as printed.
    pub regions: Regions,
    /// The user's occupation names; without any the rule that needs them is silent.
    pub occupations: std::collections::HashSet<String>,
    /// The user's occupation codes, such as `4-12-01-01`, by occupation name.
    pub occupation_codes: std::collections::HashMap<String, String>,
    /// The user's list of occupations that need a licence to work in (准入类).
    pub controlled: std::collections::HashSet<String>,
    /// What the user's institutions are on record for; without any the rule that needs it is silent.
    pub scope: Vec<ScopeRow>,
    /// The institution registry; an empty one says nothing.
    pub registry: Registry,
}

/// What a check depends on besides the rows. Outside of the domain only the office makes one, so that none goes without the
/// registry.
#[derive(Debug, Clone)]
pub struct CheckContext {
    pub(in crate::domain) profile: Arc<Profile>,
    pub(in crate::domain) sheet: Arc<SheetSpec>,
    pub(in crate::domain) tables: Arc<Tables>,
    pub(in crate::domain) today: NaiveDate,
    pub(in crate::domain) known: Arc<Known>,
}

impl CheckContext {
    /// Makes one that knows nothing of the ledger yet: rows are compared with it once all are there, see
    /// [`Batch::set_known`](super::batch::Batch::set_known). The registry stands in the tables.
    pub fn new(profile: Arc<Profile>, sheet: Arc<SheetSpec>, tables: Arc<Tables>, today: NaiveDate) -> CheckContext {
        CheckContext { profile, sheet, tables, today, known: Arc::default() }
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

    /// Gives what the ledger knows of the rows.
    pub fn known(&self) -> &Arc<Known> {
        &self.known
    }

    /// Names the clause a finding breaks: the segment's, the column's, or the one the profile or the rule sets.
    pub fn clause(&self, rule: RuleId, field: Field, detail: Detail) -> &str {
        let column = || self.sheet.column(field).map_or("", |c| c.clause.as_str());
        let segment = |wanted: &dyn Fn(&SegmentReader) -> bool| {
            self.profile.layout.find(wanted).map_or("", |(_, segment)| segment.clause.as_str())
        };
        let chosen = match (rule, detail) {
            (_, Detail::Segment(i)) => match self.profile.layout.segments().get(usize::from(i)) {
                Some(Segment { reader: SegmentReader::Ranges { category_clause, .. }, .. })
                    if rule == RuleId::CodeCategory && !category_clause.is_empty() =>
                {
                    category_clause
                }
                segment => segment.map_or("", |s| s.clause.as_str()),
            },
            (RuleId::WorkTypeEmpty | RuleId::WorkTypeDash, _) => &self.profile.empty_work_type.clause,
            (RuleId::WorkTypeDitto, _) if field == Field::WorkType => &self.profile.empty_work_type.clause,
            (RuleId::CodeYearRange | RuleId::CodeYearEarly, _) => &self.profile.year.clause,
            (RuleId::InstitutionForm | RuleId::IssuingBodyForm, _) => &self.profile.organisations.clause,
            (RuleId::CodeShortForm, _) => self.profile.short_forms.first().map_or("", |form| form.clause.as_str()),
            (RuleId::IssuerNumber, _) => {
                self.profile.organisations.issuer_number.as_ref().map_or("", |number| number.clause.as_str())
            }
            (RuleId::EmployerElsewhere, _) => {
                self.profile.organisations.own_staff.as_ref().map_or("", |staff| staff.clause.as_str())
            }
            (RuleId::ForbiddenWord | RuleId::ForbiddenWordInName, _) => {
                self.profile.words.forbidden.as_ref().map_or("", |list| list.clause.as_str())
            }
            (RuleId::OccupationClass, _) => {
                self.profile.words.major_classes.as_ref().map_or("", |list| list.clause.as_str())
            }
            (RuleId::OccupationControlled, _) => &self.profile.words.controlled_clause,
            (RuleId::OutsideScope, _) => &self.profile.words.scope_clause,
            (RuleId::OccupationUnlisted, _) => &self.profile.words.occupation_clause,
            (RuleId::EmployerShort, _) => &self.profile.words.employer_clause,
            (RuleId::DateNotStamped, _) => &self.profile.numbering.issue_date_clause,
            _ if self.profile.knows(rule.spec().clause) => rule.spec().clause,
            (RuleId::InstitutionName, _) => &self.profile.words.scope_clause,
            // The rule's own clause is of another notice: this one says the same where it sets the segment or the column.
            (RuleId::CodeYear, _) => segment(&|reader| matches!(reader, SegmentReader::Year)),
            (RuleId::CodeLevel, _) => segment(&|reader| matches!(reader, SegmentReader::Level)),
            _ => "",
        };
        if chosen.is_empty() { column() } else { chosen }
    }
}
