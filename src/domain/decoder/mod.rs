//! The decoder (解码): what a typed or pasted text is, what each part of it says, and what is wrong where.
//!
//! It knows certificate codes under every profile and the numbers that stand beside them on a desk. It never fails, never
//! panics, and never accepts what it only guesses: a repaired text is a proposal.

mod certificate;
mod numbers;
mod persons;
mod plan;

use std::sync::Arc;

use chrono::NaiveDate;

pub use plan::{Glance, Marks, Scratch, is_plain};

use super::code::{Doubt, Fault, Meaning, ReadingState, ShortForm};
use super::identity::Division;
use super::profile::Profile;
use super::rules::Tables;
use super::text;
use plan::Plan;

/// How many characters of a text are looked at.
pub const LONGEST: usize = 64;

/// Everything a text is read with.
#[derive(Debug)]
pub struct Decoder {
    profiles: Vec<Arc<Profile>>,
    short_forms: Vec<Vec<ShortForm>>,
    tables: Arc<Tables>,
    today: NaiveDate,
    plans: Vec<Plan>,
}

/// What a text was found to be (解读).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The characters that were read: compact, at most [`LONGEST`], in the case they were typed in.
    pub text: String,
    /// What had to be set aside to read them.
    pub spelling: Spelling,
    /// What the text may be, best first; never empty.
    pub candidates: Vec<Candidate>,
}

/// What is unusual in the way a text is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Spelling {
    /// Blanks inside the text.
    pub blanks: usize,
    /// Characters that show nothing, control characters included.
    pub invisible: usize,
    /// Full-width characters.
    pub full_width: usize,
    /// Small letters.
    pub small: usize,
    /// Whether the text is longer than what was read.
    pub is_cut: bool,
}

/// One thing that a text may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it may be.
    pub kind: Kind,
    /// How sure that is.
    pub verdict: Verdict,
    /// For a certificate code: the profile it is read under, by its place in [`Decoder::profiles`].
    pub profile: Option<usize>,
    /// For a certificate code: the profiles under which nothing is wrong so far.
    pub possible: Vec<usize>,
    /// The ID types it may be a number of, by their place in the table.
    pub id_types: Vec<usize>,
    /// Its parts in order.
    pub parts: Vec<Part>,
    /// What is wrong or doubtful.
    pub problems: Vec<Problem>,
    /// The nearest valid readings, best first.
    pub nearest: Vec<Proposal>,
}

/// The kinds of numbers; of two that are as likely the first is named first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 证书编号
    Certificate,
    /// 特级技师、首席技师 certificates: two letters and 20 digits; their rule is not known.
    SpecialTechnician,
    /// 评价机构 prefix: positions 1 to 13 of a code.
    InstitutionPrefix,
    /// 居民身份证
    ResidentId,
    /// 15-digit number of the first card generation.
    OldResidentId,
    /// 外国人永久居留身份证
    PermanentResidence,
    /// 港澳居民居住证
    HkMacauResidence,
    /// 台湾居民居住证
    TaiwanResidence,
    /// 统一社会信用代码, GB 32100.
    CreditCode,
    /// 职业资格证书, 16 digits.
    Qualification,
    /// 空白证书 number.
    BlankNumber,
    /// 职业编码
    OccupationCode,
    /// A number of another ID type.
    OtherId,
    /// Nothing that is known here.
    Unknown,
}

/// How sure a reading is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every part is right.
    Right,
    /// Every part can stand, some only with a warning.
    Doubtful,
    /// It has the form; there is nothing else to check.
    Form,
    /// Right so far, but not complete.
    Incomplete,
    /// Something is wrong.
    Wrong,
    /// Recognised by its form only, nothing of it checked.
    Unchecked,
}

/// A part of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// First position, counted from 1.
    pub from: usize,
    /// Last position, included.
    pub to: usize,
    /// What the part is called.
    pub name: PartName,
    /// Its characters.
    pub text: String,
    /// Whether they can stand there.
    pub state: PartState,
    /// What they say.
    pub says: Says,
}

/// What a part is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartName {
    /// A segment of a layout: profile and segment.
    Segment(usize, usize),
    /// A part that the locales name under this key.
    Key(&'static str),
}

/// Whether a part is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartState {
    /// Nothing typed yet.
    Empty,
    /// Right so far.
    Partial,
    /// Right.
    Good,
    /// Possible, with a warning.
    Doubtful,
    /// Cannot be right.
    Wrong,
}

/// What a part says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// What a segment means.
    Segment(Meaning),
    /// A division, with what it has stood for: province, city, county; and until when.
    Area(Vec<Division>),
    /// A birth date and the age in whole years.
    Born(NaiveDate, i32),
    /// A sentence that the locales hold under this key.
    Key(&'static str),
    /// The check character that should stand there.
    Expected(char),
}

/// What is wrong or doubtful. Positions count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The way it is written.
    Spelling(Spelling),
    /// It has so many characters, not 22.
    Length(usize),
    /// A segment of a profile's layout is wrong; with its characters.
    Segment(usize, usize, Fault, String),
    /// A segment of a profile's layout is doubtful; with its characters.
    Doubt(usize, usize, Doubt, String),
    /// Another profile of the same province refuses this segment.
    Elsewhere(usize, usize),
    /// A letter that looks like a digit stands where no digit that it looks like is right.
    AmbiguousLookAlike(usize),
    /// Position 17 is J, the mark of a competition; the profile is for other codes.
    CompetitionCode,
    /// Position 17 is a digit; the profile is for competitions.
    OrdinaryCode,
    /// The check character should be this one.
    CheckCharacter(char),
    /// No such day, or in the future.
    BirthDate,
    /// No division has or had these six digits: a warning.
    UnknownArea,
    /// A 15-digit number is no longer valid.
    OldCard,
    /// What cannot be so, by its key in the locales.
    Key(&'static str),
}

/// A valid reading near what was typed; compare it with the certificate before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The text; `?` stands for what is not known.
    pub text: String,
    /// What was repaired.
    pub repair: Repair,
    /// The profile under which it reads.
    pub profile: Option<usize>,
}

/// The kinds of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repair {
    /// Blanks, width and case.
    Spelling,
    /// Letters that look like digits.
    LookAlike,
    /// The year that the notice's short form leaves out, taken from the notice's own table.
    AssumedYear,
    /// A year is missing and not known.
    UnknownYear,
    /// A zero was lost.
    LostZero,
    /// The competition mark J at position 17.
    CompetitionMark,
    /// A digit in the place of the competition mark.
    OrdinaryMark,
    /// The 18-digit form.
    Eighteen,
}

impl Spelling {
    /// Tells whether there is nothing unusual.
    pub fn is_plain(&self) -> bool {
        *self == Spelling::default()
    }
}

impl Problem {
    /// Tells whether the text may be right all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Problem::Doubt(..) | Problem::Elsewhere(..) | Problem::UnknownArea)
    }
}

impl Candidate {
    fn new(kind: Kind) -> Candidate {
        Candidate {
            kind,
            verdict: Verdict::Wrong,
            profile: None,
            possible: Vec::new(),
            id_types: Vec::new(),
            parts: Vec::new(),
            problems: Vec::new(),
            nearest: Vec::new(),
        }
    }

    /// Gives what its problems make of it, when everything else is right.
    fn judged(mut self, best: Verdict) -> Candidate {
        self.verdict = match &self.problems {
            all if all.iter().any(|p| !p.is_warning()) => Verdict::Wrong,
            all if !all.is_empty() => Verdict::Doubtful,
            _ => best,
        };
        self
    }

    /// Tells whether the text reads: nothing is wrong with it and nothing was guessed.
    pub fn is_ok(&self) -> bool {
        matches!(self.verdict, Verdict::Right | Verdict::Doubtful | Verdict::Form)
    }

    /// Tells whether it is a number of a person, which is masked.
    pub fn is_personal(&self) -> bool {
        self.kind.is_personal()
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 14] = [
        Kind::Certificate,
        Kind::SpecialTechnician,
        Kind::InstitutionPrefix,
        Kind::ResidentId,
        Kind::OldResidentId,
        Kind::PermanentResidence,
        Kind::HkMacauResidence,
        Kind::TaiwanResidence,
        Kind::CreditCode,
        Kind::Qualification,
        Kind::BlankNumber,
        Kind::OccupationCode,
        Kind::OtherId,
        Kind::Unknown,
    ];

    /// Gives the stable name, as JSON and csv write it.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Certificate => "certificate",
            Kind::SpecialTechnician => "special-technician",
            Kind::InstitutionPrefix => "institution-prefix",
            Kind::ResidentId => "resident-id",
            Kind::OldResidentId => "old-resident-id",
            Kind::PermanentResidence => "permanent-residence",
            Kind::HkMacauResidence => "hk-macau-residence",
            Kind::TaiwanResidence => "taiwan-residence",
            Kind::OtherId => "other-id",
            Kind::CreditCode => "credit-code",
            Kind::Qualification => "qualification",
            Kind::BlankNumber => "blank-number",
            Kind::OccupationCode => "occupation-code",
            Kind::Unknown => "unknown",
        }
    }

    /// Tells whether it is a number of a person.
    pub fn is_personal(self) -> bool {
        matches!(
            self,
            Kind::ResidentId
                | Kind::OldResidentId
                | Kind::PermanentResidence
                | Kind::HkMacauResidence
                | Kind::TaiwanResidence
                | Kind::OtherId
        )
    }
}

impl Examination {
    /// Gives what the text most likely is.
    pub fn best(&self) -> &Candidate {
        // `examine` never leaves the list empty.
        &self.candidates[0]
    }

    /// Tells whether any reading is a number of a person, so that the text is masked where it is echoed.
    pub fn is_personal(&self) -> bool {
        self.candidates.iter().any(Candidate::is_personal)
    }
}

impl Decoder {
    /// Prepares the profiles. More than 64 cannot be told apart; those beyond are left out.
    pub fn new(mut profiles: Vec<Arc<Profile>>, tables: Arc<Tables>, today: NaiveDate) -> Decoder {
        profiles.truncate(64);
        let plans = profiles.iter().map(|p| Plan::new(p, &tables, today)).collect();
        let short_forms = profiles.iter().map(|_| Vec::new()).collect();
        Decoder { profiles, short_forms, tables, today, plans }
    }

    /// Gives a profile the short forms that its notice shows.
    #[must_use]
    pub fn with_short_forms(mut self, profile: &str, forms: Vec<ShortForm>) -> Decoder {
        if let Some(at) = self.profiles.iter().position(|p| p.id == profile) {
            self.short_forms[at] = forms;
        }
        self
    }

    /// Lists the profiles.
    pub fn profiles(&self) -> &[Arc<Profile>] {
        &self.profiles
    }

    /// Gives the tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Finds out what a text is. Never fails; takes no longer for a long text than for one of [`LONGEST`] characters.
    pub fn examine(&self, raw: &str) -> Examination {
        let (typed, spelling) = cleaned(raw);
        let upper = typed.to_ascii_uppercase();
        let mut candidates = Vec::new();
        if !spelling.is_cut {
            candidates.extend(self.certificate(&upper, &typed));
            candidates.extend(self.persons(&upper));
            candidates.extend(self.numbers(&upper));
            candidates.extend(self.lax_ids(&upper, candidates.is_empty()));
        }
        if candidates.is_empty() {
            candidates.push(self.unknown(&typed, spelling));
        }
        for candidate in candidates.iter_mut().filter(|_| !spelling.is_plain()) {
            if candidate.is_ok() {
                let proposal = Proposal { text: upper.clone(), repair: Repair::Spelling, profile: candidate.profile };
                candidate.nearest.insert(0, proposal);
            }
            if candidate.kind != Kind::Unknown && !matches!(candidate.verdict, Verdict::Incomplete) {
                candidate.verdict = candidate.verdict.max(Verdict::Wrong);
            }
            candidate.problems.insert(0, Problem::Spelling(spelling));
        }
        candidates.sort_by_key(|c| (c.verdict.rank(), c.kind));
        Examination { text: typed, spelling, candidates }
    }

    fn unknown(&self, typed: &str, spelling: Spelling) -> Candidate {
        let mut candidate = Candidate::new(Kind::Unknown);
        let key = if typed.is_empty() {
            "empty"
        } else if spelling.is_cut {
            "too-long"
        } else if typed.contains('\u{FFFD}') {
            "damaged"
        } else if text::looks_like_id(typed) || typed.chars().all(|c| c.is_ascii_graphic()) {
            "no-number"
        } else {
            "no-characters"
        };
        candidate.problems.push(Problem::Key(key));
        candidate
    }
}

impl Verdict {
    /// Gives the order in which candidates are listed: what is being typed stands beside what is wrong.
    fn rank(self) -> u8 {
        match self {
            Verdict::Right => 0,
            Verdict::Doubtful => 1,
            Verdict::Form => 2,
            Verdict::Incomplete | Verdict::Wrong => 3,
            Verdict::Unchecked => 4,
        }
    }
}

impl From<ReadingState> for PartState {
    fn from(state: ReadingState) -> PartState {
        match state {
            ReadingState::Empty => PartState::Empty,
            ReadingState::Partial => PartState::Partial,
            ReadingState::Good => PartState::Good,
            ReadingState::Doubtful(_) => PartState::Doubtful,
            ReadingState::Wrong(_) => PartState::Wrong,
        }
    }
}

/// Gives the characters that count, and what had to be set aside for them. Outer blanks are nothing unusual.
fn cleaned(raw: &str) -> (String, Spelling) {
    let mut spelling = Spelling::default();
    let mut out = String::new();
    let mut kept = 0;
    let mut blanks = 0;
    // Far more blanks than characters are no number; a megabyte of them is not counted to its end.
    for c in raw.trim_start_matches(text::is_blank).chars().take(LONGEST * 16) {
        if text::is_control(c) && !text::is_blank(c) {
            spelling.invisible += 1;
            continue;
        }
        if text::is_blank(c) {
            blanks += 1;
            continue;
        }
        if kept == LONGEST {
            spelling.is_cut = true;
            break;
        }
        spelling.blanks += std::mem::take(&mut blanks);
        let half = text::half_width(c);
        spelling.full_width += usize::from(half != c);
        spelling.small += usize::from(half.is_ascii_lowercase());
        out.push(half);
        kept += 1;
    }
    (out, spelling)
}

/// Makes a part of an ASCII text.
fn part(text: &str, from: usize, to: usize, name: &'static str, state: PartState, says: Says) -> Part {
    let text = text.get(from - 1..to).unwrap_or_default().to_string();
    Part { from, to, name: PartName::Key(name), text, state, says }
}
