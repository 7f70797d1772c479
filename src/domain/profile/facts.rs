//! What a notice says beyond the code and the columns: numbering, print, deadlines, corrections.

use serde::Deserialize;

use crate::domain::fact::Route;
use crate::domain::sheet::Field;

/// A value of some positions that stands if and only if 发证机构 contains a word; a mismatch is a warning.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerNumber {
    /// First position, counted from 1.
    pub from: usize,
    pub value: String,
    /// The words, one of which goes with it.
    pub words: Vec<String>,
    /// The clause by which the committee issues under the value, and the one by which a filed body does so under its own number;
    /// that of the value where they are left out.
    #[serde(default)]
    committee_clause: String,
    #[serde(default)]
    filed_clause: String,
    pub clause: String,
}

impl IssuerNumber {
    /// Tells whether a code or a prefix has the value; a bare number is compared with it.
    pub fn is_in(&self, code: &str) -> bool {
        code == self.value || code.get(self.from - 1..).is_some_and(|rest| rest.starts_with(&self.value))
    }

    /// Gives the clause of the way that was taken.
    pub fn clause_of(&self, route: Option<Route>) -> &str {
        let own = match route {
            Some(Route::Committee) => &self.committee_clause,
            Some(Route::Filed) => &self.filed_clause,
            None => &self.clause,
        };
        if own.is_empty() { &self.clause } else { own }
    }
}

/// Institutions of a category assess their own staff: another 所在单位 is a warning.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnStaff {
    /// What stands at position 1.
    pub category: String,
    pub clause: String,
}

/// What the seal of an institution says: its name and these words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealWords {
    pub words: String,
    pub clause: String,
}

/// Words and the clause that lists them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordList {
    pub words: Vec<String>,
    pub clause: String,
}

/// What is counted separately (序列): each combination of these has its own serials.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// The parts of the code, and the competition where one institution runs several.
    pub scope: Vec<ScopePart>,
    pub clause: String,
    /// The clause by which 发证日期 is the day the number is given (BJ-17); empty where the date is the user's.
    #[serde(default)]
    pub issue_date_clause: String,
}

impl Default for Numbering {
    fn default() -> Numbering {
        let scope = vec![ScopePart::Prefix, ScopePart::Year, ScopePart::Level];
        Numbering { scope, clause: String::new(), issue_date_clause: String::new() }
    }
}

/// A part by which serials are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopePart {
    /// Positions 1 to 13.
    Prefix,
    Year,
    Level,
}

/// A fact about the printed certificate (印制).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrintItem {
    Title,
    /// Size and orientation of the paper.
    Paper,
    Items,
    /// How the level is written.
    Level,
    /// How the date is written.
    Date,
    /// Size, background and age of the photo.
    Photo,
    /// The font of what is filled in.
    Font,
    /// Text and size of the seals.
    Seal,
    /// Which style goes with which institution.
    Styles,
    /// Whether two languages may stand side by side.
    Bilingual,
    /// Paper, electronic, or both.
    Medium,
    /// Measures of the layout.
    Sizes,
    /// Emblems that must not be shown.
    Emblems,
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Address {
    /// Where certificates are looked up.
    Certificates,
    /// Where institutions are looked up.
    Institutions,
    /// Where data is handed in.
    Upload,
    /// Where corrections are sent.
    Mail,
}

/// What a notice says of blank certificates (空白证书).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Blanks {
    /// How many of a hundred that are printed may be spoiled, where the notice names a number.
    pub most_spoiled: Option<u16>,
    /// The clause by which few are.
    pub spoilage_clause: String,
    /// The clause by which it is noted what becomes of spoiled ones.
    pub spoiled_clause: String,
}

/// A deadline (期限): so long before or after an event, or a fixed day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// What must have happened, Chinese.
    pub name: String,
    /// What must have happened, English.
    pub name_en: String,
    /// The event it counts from; `year` for a day of every year, `once` for one day.
    pub from: String,
    /// How long; negative before the event.
    #[serde(default)]
    pub length: i32,
    /// What the length counts.
    #[serde(default)]
    pub unit: LengthUnit,
    /// The day, `MM-DD` of every year or `YYYY-MM-DD` once.
    #[serde(default)]
    pub on: String,
    /// Whether what comes later is refused.
    #[serde(default)]
    pub hard: bool,
    /// The event that meets it; empty where the event it counts from comes again, or nothing ends it.
    #[serde(default)]
    pub until: String,
    /// Whose duty it is.
    #[serde(default)]
    pub duty: Duty,
    /// Whether what ends goes on by itself: the day is a reminder.
    #[serde(default)]
    pub renews: bool,
    /// The clause of another deadline from whose end it may also be read as counting.
    #[serde(default)]
    pub or_after: String,
    /// The kind of cases it is of, by its name; empty for every kind.
    #[serde(default)]
    pub of_case: String,
    /// The clause by which whoever misses it explains why in writing.
    #[serde(default)]
    pub late_clause: String,
    pub clause: String,
}

/// Whose duty a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// The institution's or the committee's.
    #[default]
    Own,
    /// The authority's: its end is expected, and asked about when it has passed.
    Authority,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LengthUnit {
    #[default]
    WorkingDays,
    Months,
    Years,
}

/// How a record that was handed in is corrected (更正).
///
/// The default is what holds under a notice that is silent: every column of the upload form but the code, and the photo,
/// each with a reason and without an approval.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// What the notice says of corrections as such; may be empty.
    #[serde(default)]
    pub text: String,
    /// The columns that may change; empty for every one of the upload form but the code.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Columns of which only one may change over the life of a certificate (BJ-25).
    #[serde(default)]
    pub only_one_of: Vec<Field>,
    /// The clause that sets `only_one_of`; empty where it is that of the correction.
    #[serde(default)]
    pub only_one_clause: String,
    /// Whether the photo may change.
    #[serde(default)]
    pub photo: bool,
    /// Whether it takes an approval to change the record.
    #[serde(default)]
    pub approval: bool,
    /// The clause that asks for approval and reason; empty where it is that of the correction.
    #[serde(default)]
    pub approval_clause: String,
    /// Whether a reason is needed.
    #[serde(default = "yes")]
    pub reason: bool,
    /// The form of the correction row; empty where the row of the upload form is handed in once more.
    #[serde(default)]
    pub sheet: String,
    /// The clause by which the row is handed in once more (GD-53).
    #[serde(default)]
    pub resubmit_clause: String,
    /// What goes with the request.
    #[serde(default)]
    pub attach: Vec<Attachment>,
    /// The clause; empty where the notice is silent.
    pub clause: String,
}

impl Default for Correction {
    fn default() -> Correction {
        Correction {
            text: String::new(),
            fields: Vec::new(),
            only_one_of: Vec::new(),
            only_one_clause: String::new(),
            photo: true,
            approval: false,
            approval_clause: String::new(),
            reason: true,
            sheet: String::new(),
            resubmit_clause: String::new(),
            attach: Vec::new(),
            clause: String::new(),
        }
    }
}

impl Correction {
    /// Gives the clause that asks for approval and reason.
    pub fn approval_clause(&self) -> &str {
        if self.approval_clause.is_empty() { &self.clause } else { &self.approval_clause }
    }

    /// Gives the clause by which only one of a few columns may ever change.
    pub fn only_one_clause(&self) -> &str {
        if self.only_one_clause.is_empty() { &self.clause } else { &self.only_one_clause }
    }
}

/// What goes with a request for a correction (附件).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The columns with whose correction it goes; with `photo = false` empty for every correction.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Whether it goes with a new photo.
    #[serde(default)]
    pub photo: bool,
    pub text: String,
    pub clause: String,
}

/// How a lost or damaged certificate is issued again (补发).
///
/// The default is what holds under a notice that is silent: the same code; the cause says why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reissue {
    /// What is handed out.
    pub document: ReissueDocument,
    /// What the holder must show (GD-49).
    #[serde(default)]
    pub papers: Vec<String>,
    /// The clause that asks for the papers; empty where it is that of the reissue.
    #[serde(default)]
    pub papers_clause: String,
    /// Whether it takes an approval.
    #[serde(default)]
    pub approval: bool,
    /// Whether a reason is needed besides the cause, lost or damaged.
    #[serde(default)]
    pub reason: bool,
    /// The clause; empty where the notice is silent.
    pub clause: String,
}

impl Default for Reissue {
    fn default() -> Reissue {
        Reissue {
            document: ReissueDocument::SameCode,
            papers: Vec::new(),
            papers_clause: String::new(),
            approval: false,
            reason: false,
            clause: String::new(),
        }
    }
}

impl Reissue {
    /// Gives the clause that asks for the papers.
    pub fn papers_clause(&self) -> &str {
        if self.papers_clause.is_empty() { &self.clause } else { &self.papers_clause }
    }
}

/// What is handed out for a lost certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReissueDocument {
    /// A certificate with the same code and the day of the reissue.
    SameCode,
    /// A proof that refers to the code.
    Proof,
}

/// When and how a certificate is revoked (撤销). The record stays and its code stays occupied, whatever the notice.
///
/// The default is what holds under a notice that is silent: with a reason, without an approval.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    pub text: String,
    /// Whether what the holder was granted for the certificate is cancelled before the request (BJ-28).
    #[serde(default)]
    pub benefits_first: bool,
    /// Whether the authority that declares the certificate void is named (GD-17).
    #[serde(default)]
    pub authority: bool,
    /// Whether it takes an approval.
    #[serde(default)]
    pub approval: bool,
    /// Whether a reason is needed.
    #[serde(default = "yes")]
    pub reason: bool,
    /// The clause by which the certificate itself is taken back (BJ-38); empty where none asks for that.
    #[serde(default)]
    pub withdraw_clause: String,
    /// The clause; empty where the notice is silent.
    pub clause: String,
}

impl Default for Revocation {
    fn default() -> Revocation {
        Revocation {
            text: String::new(),
            benefits_first: false,
            authority: false,
            approval: false,
            reason: true,
            withdraw_clause: String::new(),
            clause: String::new(),
        }
    }
}

fn yes() -> bool {
    true
}
