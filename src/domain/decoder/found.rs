//! What the decoder finds: plain values, without words and without places on a screen.

use chrono::NaiveDate;

use crate::domain::code::{Doubt, Meaning, ReadingState, SegmentFault};
use crate::domain::identity::Division;
use crate::domain::vocabulary::vocabulary;

/// What a text was found to be (解读).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The characters that were read: compact, at most [`super::LONGEST`], in the case they were typed in.
    pub text: String,
    /// What had to be set aside to read them.
    pub spelling: SpellingOddities,
    /// What the text may be, best first; never empty.
    pub candidates: Vec<Candidate>,
}

/// What is unusual in the way a text is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SpellingOddities {
    /// Blanks inside the text.
    pub blanks: usize,
    /// Hyphens inside a certificate code.
    pub hyphens: usize,
    /// Characters that show nothing, control characters included.
    pub invisible: usize,
    pub full_width: usize,
    pub small: usize,
    /// Whether the text is longer than what was read.
    pub is_cut: bool,
}

/// One thing that a text may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it may be.
    pub kind: NumberKind,
    /// How sure that is.
    pub verdict: Certainty,
    /// For a certificate code: the profile it is read under, by its place in [`super::Decoder::profiles`].
    pub profile: Option<usize>,
    /// For a certificate code: the profiles under which nothing is wrong so far.
    pub possible: Vec<usize>,
    /// The ID types it may be a number of, by their place in the table.
    pub id_types: Vec<usize>,
    /// Its parts in order.
    pub parts: Vec<NumberPart>,
    /// What is wrong or doubtful.
    pub problems: Vec<NumberProblem>,
    /// The nearest valid readings, best first.
    pub nearest: Vec<Proposal>,
}

vocabulary! {
    /// The kinds of numbers; of two that are as likely the first is named first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum NumberKind {
        /// 证书编号
        Certificate = "certificate",
        /// 特级技师、首席技师 certificates: two letters and 20 digits; their rule is not known.
        SpecialTechnician = "special-technician",
        /// 评价机构 prefix: positions 1 to 13 of a code.
        InstitutionPrefix = "institution-prefix",
        /// 居民身份证
        ResidentId = "resident-id",
        /// 15-digit number of the first card generation.
        OldResidentId = "old-resident-id",
        /// 外国人永久居留身份证
        PermanentResidence = "permanent-residence",
        /// 港澳居民居住证
        HkMacauResidence = "hk-macau-residence",
        /// 台湾居民居住证
        TaiwanResidence = "taiwan-residence",
        /// 统一社会信用代码, GB 32100.
        CreditCode = "credit-code",
        /// 职业资格证书, 16 digits.
        Qualification = "qualification",
        /// 空白证书 number.
        BlankNumber = "blank-number",
        /// 职业编码
        OccupationCode = "occupation-code",
        /// A number of another ID type.
        OtherId = "other-id",
        /// Nothing that is known here.
        Unknown = "unknown",
    }
}

/// How sure a reading is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Every part is right.
    Right,
    /// Every part can stand, some only with a warning.
    Doubtful,
    /// It has the form; there is nothing else to check.
    Form,
    /// Right so far, but not complete.
    Incomplete,
    Wrong,
    /// Recognised by its form only, nothing of it checked.
    Unchecked,
}

/// A part of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPart {
    /// First position, counted from 1.
    pub from: usize,
    pub to: usize,
    /// What the part is called.
    pub name: PartName,
    pub text: String,
    /// Whether they can stand there.
    pub state: PartState,
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
    Empty,
    Partial,
    Good,
    /// Possible, with a warning.
    Doubtful,
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
pub enum NumberProblem {
    /// The way it is written.
    Spelling(SpellingOddities),
    /// It has so many characters, not 22.
    Length(usize),
    /// A segment of a profile's layout is wrong; with its characters.
    Segment(usize, usize, SegmentFault, String),
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
    /// The character at this position cannot stand there; the check character asks for the second one.
    Character(usize, char, char),
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
    pub repair: NumberRepair,
    /// The profile under which it reads.
    pub profile: Option<usize>,
}

/// The kinds of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberRepair {
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

impl SpellingOddities {
    /// Tells whether there is nothing unusual.
    pub fn is_plain(&self) -> bool {
        *self == SpellingOddities::default()
    }
}

impl NumberProblem {
    /// Tells whether the text may be right all the same.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            NumberProblem::Doubt(..)
                | NumberProblem::Elsewhere(..)
                | NumberProblem::UnknownArea
                | NumberProblem::Key("not-checked" | "mobile")
        )
    }
}

impl Candidate {
    pub(super) fn new(kind: NumberKind) -> Candidate {
        Candidate {
            kind,
            verdict: Certainty::Wrong,
            profile: None,
            possible: Vec::new(),
            id_types: Vec::new(),
            parts: Vec::new(),
            problems: Vec::new(),
            nearest: Vec::new(),
        }
    }

    /// Gives what its problems make of it, when everything else is right.
    pub(super) fn judged(mut self, best: Certainty) -> Candidate {
        self.verdict = match &self.problems {
            all if all.iter().any(|p| !p.is_warning()) => Certainty::Wrong,
            all if !all.is_empty() => Certainty::Doubtful,
            _ => best,
        };
        self
    }

    /// Tells whether the text reads: nothing is wrong with it and nothing was guessed.
    pub fn is_ok(&self) -> bool {
        matches!(self.verdict, Certainty::Right | Certainty::Doubtful | Certainty::Form)
    }

    /// Tells whether nothing but the way it is written is wrong with it.
    pub fn is_only_misspelt(&self) -> bool {
        let mut wrong = self.problems.iter().filter(|problem| !problem.is_warning()).peekable();
        let is_complete = !matches!(self.verdict, Certainty::Incomplete | Certainty::Unchecked);
        is_complete && wrong.peek().is_some() && wrong.all(|problem| matches!(problem, NumberProblem::Spelling(_)))
    }

    /// Tells whether it is a number of a person, which is masked.
    pub fn is_personal(&self) -> bool {
        self.kind.is_personal()
    }
}

impl NumberKind {
    /// Tells whether it is a number of a person.
    pub fn is_personal(self) -> bool {
        matches!(
            self,
            NumberKind::ResidentId
                | NumberKind::OldResidentId
                | NumberKind::PermanentResidence
                | NumberKind::HkMacauResidence
                | NumberKind::TaiwanResidence
                | NumberKind::OtherId
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

impl Certainty {
    /// Gives the order in which candidates are listed: what is being typed stands beside what is wrong.
    pub(super) fn rank(self) -> u8 {
        match self {
            Certainty::Right => 0,
            Certainty::Doubtful => 1,
            Certainty::Form => 2,
            Certainty::Incomplete | Certainty::Wrong => 3,
            Certainty::Unchecked => 4,
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
