//! Profiles (地方规则): one notice as data. No profile inherits from another.

mod certificate;
mod facts;
mod kinds;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::code::{CODE_LENGTH, CodeLayout, LayoutError, Segment, SegmentReader, ShortForm};
use super::fact::{Checklist, FactDef, FactDemand, FactType, ThingKind, USUAL_MOST};
use super::level::LevelForm;
use super::sheet::{Field, SheetSpec};

pub use certificate::{
    CertificateSpec, CertificateStyle, CodeRange, LookAt, PhotoSize, PhotoSpec, SealOwner, SealPlace,
};
pub use facts::{
    Address, Attachment, Blanks, Correction, Deadline, Duty, IssuerNumber, LengthUnit, Numbering, OwnStaff, PrintItem,
    Reissue, ReissueDocument, Revocation, ScopePart, SealWords, WordList,
};
pub use kinds::{CertificateKinds, KindTerms};

/// One notice: its layout, words, tokens and citations.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Stable identifier, such as `gansu-competition`.
    pub id: String,
    pub name: String,
    pub name_en: String,
    /// What it is called where there is little room; the name where that is short.
    pub short: String,
    pub short_en: String,
    /// Document number of the notice.
    pub document: String,
    /// Date of the notice.
    pub date: NaiveDate,
    /// Identifiers of the forms; the first is the upload form.
    pub sheets: Vec<String>,
    /// What stands in 工种/职业方向 when there is none.
    pub empty_work_type: Token,
    /// The clause by which its certificates are printed on competition blanks; empty for ordinary ones.
    pub competition_blanks: String,
    /// What the notice says of blank certificates.
    pub blanks: Blanks,
    /// How the upload file writes ID types and levels.
    pub output: Output,
    /// Years a code may carry.
    pub year: Years,
    /// Names of its province and cities, as they stand in the names of organisations.
    pub places: Vec<String>,
    /// What the two organisations look like.
    pub organisations: Organisations,
    /// Word checks of other columns.
    pub words: Words,
    /// The kinds of certificates that the notice tells apart.
    pub certificate_kinds: CertificateKinds,
    /// Where the notice itself speaks of a column, for forms that are another notice's.
    pub columns: BTreeMap<Field, String>,
    pub layout: CodeLayout,
    /// Shorter forms the notice uses by mistake.
    pub short_forms: Vec<ShortForm>,
    /// What is counted separately when numbers are given.
    pub numbering: Numbering,
    /// What the printed certificate shows and how.
    pub print: BTreeMap<PrintItem, Token>,
    /// What the printed certificate says, as data for whoever prints it.
    pub certificate: CertificateSpec,
    /// Where things are looked up or sent.
    pub addresses: BTreeMap<Address, Token>,
    pub deadlines: Vec<Deadline>,
    /// What the notice demands to be known of institutions, batches and cases.
    pub facts: Vec<FactDemand>,
    /// What is handed in of institutions and batches.
    pub checklists: Vec<Checklist>,
    /// How a record that was handed in is corrected.
    pub correction: Correction,
    /// How a lost certificate is issued again.
    pub reissue: Reissue,
    /// When and how a certificate is revoked.
    pub revocation: Revocation,
    /// Recorded contradictions of the notice.
    pub notes: Vec<Note>,
    /// The notice's worked examples.
    pub examples: Vec<Example>,
}

/// A fixed text and the clause that sets it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    pub text: String,
    pub clause: String,
}

/// The forms of the upload file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Code or full name of the ID type.
    pub id_type: IdTypeForm,
    /// Form of the level.
    pub level: LevelForm,
}

/// How an ID type is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdTypeForm {
    /// `201`
    Code,
    /// `居民身份证`
    Name,
}

/// Years of issue, four digits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// An earlier year is an error.
    pub first: i32,
    /// An earlier year is a warning.
    pub usual: i32,
    pub clause: String,
}

/// Patterns of the institution and the issuing body; a mismatch is a warning.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisations {
    /// 评价机构 should end with one of these; empty for no check.
    #[serde(default)]
    pub institution_endings: Vec<String>,
    /// 发证机构 should contain one of these; empty for no check.
    #[serde(default)]
    pub issuing_body_words: Vec<String>,
    #[serde(default)]
    pub clause: String,
    /// A number that only goes with such an issuing body.
    pub issuer_number: Option<IssuerNumber>,
    /// Which category of institution assesses its own staff.
    pub own_staff: Option<OwnStaff>,
    /// What follows the name of the institution on its seal.
    pub seal: Option<SealWords>,
}

/// Word checks of other columns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Clause that asks for occupation names of the national standard.
    #[serde(default)]
    pub occupation_clause: String,
    /// A full employer name ends with one of these; empty for no check.
    #[serde(default)]
    pub employer_endings: Vec<String>,
    /// Clause that asks for the full employer name.
    #[serde(default)]
    pub employer_clause: String,
    /// Words a certificate must not carry.
    pub forbidden: Option<WordList>,
    /// First digits of the occupation codes that can be assessed.
    pub major_classes: Option<WordList>,
    /// Clause that keeps occupations with access control out.
    #[serde(default)]
    pub controlled_clause: String,
    /// Clause by which a row must lie in the institution's filed scope.
    #[serde(default)]
    pub scope_clause: String,
}

/// A recorded contradiction or gap of the notice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub clause: String,
    pub text: String,
    pub text_en: String,
}

/// A worked example of the notice; the tests run it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub code: String,
    /// Whether it reads completely under this profile.
    pub reads: bool,
    /// Whether something in it is doubtful.
    #[serde(default)]
    pub warns: bool,
    /// The complete code that a shorter one stands for.
    pub proposal: Option<String>,
    pub clause: String,
}

/// Why a profile file is refused.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The file is no valid TOML, or has an unknown or missing key; the text names line and column.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// The date is no `YYYY-MM-DD`.
    #[error("date: {0} is not a day in the form YYYY-MM-DD")]
    Date(String),
    /// A year no code can carry.
    #[error("year: first and usual are years of this century, four digits")]
    Year,
    /// The issuer's number lies outside the code.
    #[error("organisations.issuer_number: from and value must lie within positions 1 to 22")]
    IssuerNumber,
    /// No form is named.
    #[error("sheets: name at least one form, the upload form first")]
    NoSheet,
    /// The segments are no layout.
    #[error("segment: {error}")]
    Layout {
        /// The place of the wrong segment in the file, from 0.
        nth: usize,
        /// What is wrong with it.
        error: LayoutError,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    id: String,
    name: String,
    name_en: String,
    short: Option<String>,
    short_en: Option<String>,
    document: String,
    date: String,
    sheets: Vec<String>,
    empty_work_type: Token,
    #[serde(default)]
    competition_blanks: String,
    #[serde(default)]
    blanks: Blanks,
    output: Output,
    year: Years,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    organisations: Organisations,
    #[serde(default)]
    words: Words,
    #[serde(default)]
    certificate_kinds: CertificateKinds,
    #[serde(default)]
    columns: BTreeMap<Field, String>,
    segment: Vec<Segment>,
    #[serde(default)]
    short_form: Vec<ShortForm>,
    #[serde(default)]
    numbering: Numbering,
    #[serde(default)]
    print: BTreeMap<PrintItem, Token>,
    #[serde(default)]
    certificate: CertificateSpec,
    #[serde(default)]
    addresses: BTreeMap<Address, Token>,
    #[serde(default)]
    deadline: Vec<Deadline>,
    #[serde(default)]
    fact: Vec<FactDemand>,
    #[serde(default)]
    checklist: Vec<Checklist>,
    #[serde(default)]
    correction: Correction,
    #[serde(default)]
    reissue: Reissue,
    #[serde(default)]
    revocation: Revocation,
    #[serde(default)]
    note: Vec<Note>,
    #[serde(default)]
    example: Vec<Example>,
}

impl Profile {
    /// Gives the identifier of the form that is uploaded.
    pub fn upload_sheet(&self) -> &str {
        self.sheets.first().map_or("", String::as_str)
    }

    /// Tells whether a clause is of the profile's own notice or of none in particular.
    pub fn knows(&self, clause: &str) -> bool {
        let notice = |clause: &str| clause.split_once('-').map(|(notice, _)| notice.to_string());
        notice(clause).is_some_and(|of| of == "X" || Some(of) == notice(&self.empty_work_type.clause))
    }

    /// Gives the first of some clauses that the profile knows; an empty text where all are other notices'.
    pub fn known_of<'a>(&self, clauses: &[&'a str]) -> &'a str {
        clauses.iter().find(|clause| self.knows(clause)).copied().unwrap_or_default()
    }

    /// Names the clause that sets a column of a form: the form's own where it is of the same notice, else what the profile
    /// says of the column, else what the notices have in common.
    pub fn column_clause<'a>(&'a self, sheet: &'a SheetSpec, field: Field) -> &'a str {
        let Some(column) = sheet.column(field) else { return "" };
        if self.knows(&column.clause) {
            return &column.clause;
        }
        let of_profile = self.columns.get(&field).map_or("", String::as_str);
        [of_profile, &column.elsewhere].into_iter().find(|clause| !clause.is_empty()).unwrap_or(&column.clause)
    }

    /// Names the clause that sets the columns of a form.
    pub fn form_clause<'a>(&self, sheet: &'a SheetSpec) -> &'a str {
        let is_own = self.knows(&sheet.clause) || sheet.elsewhere.is_empty();
        if is_own { &sheet.clause } else { &sheet.elsewhere }
    }

    /// Lists the facts that are not built in: those of which the profile says what they are, and the
    /// ticks of its checklists.
    pub fn own_facts(&self) -> impl Iterator<Item = FactDef> + '_ {
        let own = |demand: &FactDemand| {
            let kind = demand.kind.unwrap_or_default();
            let label_en = if demand.label_en.is_empty() { &demand.label } else { &demand.label_en };
            (!demand.label.is_empty()).then(|| FactDef {
                id: demand.id.clone(),
                of: demand.of.unwrap_or(ThingKind::Batch),
                kind,
                most: demand.most.unwrap_or(if kind == FactType::Text { USUAL_MOST } else { usize::MAX }),
                choices: demand.choices.clone(),
                personal: (kind == FactType::Telephone).then_some(Field::IdNumber),
                label: Some([demand.label.clone(), label_en.clone()]),
            })
        };
        self.facts.iter().filter_map(own).chain(self.checklists.iter().flat_map(Checklist::facts))
    }

    /// Reads a profile from TOML text; refuses unknown keys, gaps and overlaps.
    pub fn parse(toml_text: &str) -> Result<Profile, ProfileError> {
        let file: ProfileFile = toml::from_str(toml_text)?;
        if [file.year.first, file.year.usual].iter().any(|year| !(2000..=2099).contains(year)) {
            return Err(ProfileError::Year);
        }
        let is_in_code = |n: &IssuerNumber| {
            1 <= n.from && n.value.is_ascii() && n.from.saturating_add(n.value.len()) <= CODE_LENGTH + 1
        };
        if file.organisations.issuer_number.as_ref().is_some_and(|n| !is_in_code(n)) {
            return Err(ProfileError::IssuerNumber);
        }
        if file.sheets.is_empty() {
            return Err(ProfileError::NoSheet);
        }
        let date =
            NaiveDate::parse_from_str(&file.date, "%Y-%m-%d").map_err(|_| ProfileError::Date(file.date.clone()))?;
        Ok(Profile {
            layout: CodeLayout::new(file.segment).map_err(|(nth, error)| ProfileError::Layout { nth, error })?,
            id: file.id,
            short: file.short.unwrap_or_else(|| file.name.clone()),
            short_en: file.short_en.unwrap_or_else(|| file.name_en.clone()),
            name: file.name,
            name_en: file.name_en,
            document: file.document,
            date,
            sheets: file.sheets,
            empty_work_type: file.empty_work_type,
            competition_blanks: file.competition_blanks,
            blanks: file.blanks,
            output: file.output,
            year: file.year,
            places: file.places,
            organisations: file.organisations,
            words: file.words,
            certificate_kinds: file.certificate_kinds,
            columns: file.columns,
            short_forms: file.short_form,
            numbering: file.numbering,
            print: file.print,
            certificate: file.certificate,
            addresses: file.addresses,
            deadlines: file.deadline,
            facts: file.fact,
            checklists: file.checklist,
            correction: file.correction,
            reissue: file.reissue,
            revocation: file.revocation,
            notes: file.note,
            examples: file.example,
        })
    }

    /// Counts how many fixed segments of the layout a code satisfies; `None` unless all do.
    pub fn claims(&self, code: &str) -> Option<usize> {
        if code.len() != 22 || !code.is_ascii() {
            return None;
        }
        let mut fixed = 0;
        for segment in self.layout.segments() {
            if let SegmentReader::Fixed { values, .. } = &segment.reader {
                let part = &code[segment.range()];
                if !values.iter().any(|v| v == part) {
                    return None;
                }
                fixed += part.len();
            }
        }
        Some(fixed)
    }
}

/// Region tables as the notices print them, by table name.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    names: HashMap<String, HashMap<String, [String; 2]>>,
}

impl Regions {
    /// Builds the tables from rows of table, code and name, that in Chinese and in English where it is known.
    pub fn new(rows: impl IntoIterator<Item = (String, String, [String; 2])>) -> Regions {
        let mut names: HashMap<String, HashMap<String, [String; 2]>> = HashMap::new();
        for (table, code, name) in rows {
            names.entry(table).or_default().insert(code, name);
        }
        Regions { names }
    }

    /// Tells whether there is a table of a name.
    pub fn has(&self, table: &str) -> bool {
        self.names.contains_key(table)
    }

    /// Names a code of a table, in Chinese and in English; the latter is empty where it is not known.
    pub fn name(&self, table: &str, code: &str) -> Option<[String; 2]> {
        self.names.get(table)?.get(code).cloned()
    }
}
