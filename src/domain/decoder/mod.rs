//! The decoder (解码): what a typed or pasted text is, what each part of it says, and what is wrong where.
//!
//! It knows certificate codes under every profile and the numbers that stand beside them on a desk. It never fails, never
//! panics, and never accepts what it only guesses: a repaired text is a proposal.

mod certificate;
mod found;
mod numbers;
mod persons;
mod plan;

use std::sync::Arc;

use chrono::NaiveDate;

pub use found::{
    Candidate, Certainty, Examination, NumberKind, NumberPart, NumberProblem, NumberRepair, PartName, PartState,
    Proposal, Says, SpellingOddities,
};
pub use plan::{CodeGlance, Marks, Scratch, is_plain};

use super::code::CODE_LENGTH;
use super::profile::Profile;
use super::registry::Institution;
use super::rules::Tables;
use super::text;
use plan::ReadingPlan;

/// How many characters of a text are looked at.
pub const LONGEST: usize = 64;

/// Everything a text is read with.
#[derive(Debug)]
pub struct Decoder {
    profiles: Vec<Arc<Profile>>,
    tables: Arc<Tables>,
    today: NaiveDate,
    plans: Vec<ReadingPlan>,
}

impl Decoder {
    /// Prepares the profiles. More than 64 cannot be told apart; those beyond are left out.
    pub fn new(mut profiles: Vec<Arc<Profile>>, tables: Arc<Tables>, today: NaiveDate) -> Decoder {
        profiles.truncate(64);
        let plans = profiles.iter().map(|p| ReadingPlan::new(p, &tables, today)).collect();
        Decoder { profiles, tables, today, plans }
    }

    pub fn profiles(&self) -> &[Arc<Profile>] {
        &self.profiles
    }

    /// Tells whether a prefix is an institution's own; several bodies share one that is not.
    pub fn is_own(&self, institution: &Institution) -> bool {
        let profile = self.profiles.iter().find(|profile| profile.id == institution.profile);
        profile.is_none_or(|profile| !profile.layout.is_shared(&institution.prefix))
    }

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
            candidates.extend(self.person_numbers(&upper));
            candidates.extend(self.numbers(&upper));
            candidates.extend(self.id_types_without_form(&upper, candidates.is_empty()));
        }
        if candidates.is_empty() {
            candidates.push(unknown(&typed, spelling));
        }
        for candidate in candidates.iter_mut().filter(|_| !spelling.is_plain()) {
            if candidate.is_ok() {
                let proposal =
                    Proposal { text: upper.clone(), repair: NumberRepair::Spelling, profile: candidate.profile };
                candidate.nearest.insert(0, proposal);
            }
            if candidate.kind != NumberKind::Unknown && !matches!(candidate.verdict, Certainty::Incomplete) {
                candidate.verdict = candidate.verdict.max(Certainty::Wrong);
            }
            candidate.problems.insert(0, NumberProblem::Spelling(spelling));
        }
        // A number with a year of birth where persons have it is no credit code that is merely doubtful.
        let looks_born = upper.get(6..8).is_some_and(|century| ["19", "20"].contains(&century));
        let is_person = looks_born && candidates.iter().any(|c| c.kind == NumberKind::ResidentId);
        let doubtful = |c: &&mut Candidate| c.kind == NumberKind::CreditCode && c.verdict == Certainty::Doubtful;
        for credit in candidates.iter_mut().filter(|_| is_person).filter(doubtful) {
            credit.verdict = Certainty::Wrong;
        }
        candidates.sort_by_key(|c| (c.verdict.rank(), c.kind));
        Examination { text: typed, spelling, candidates }
    }
}

/// Says why a text is nothing that is known here.
fn unknown(typed: &str, spelling: SpellingOddities) -> Candidate {
    let mut candidate = Candidate::new(NumberKind::Unknown);
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
    candidate.problems.push(NumberProblem::Key(key));
    candidate
}

/// Takes off what stands around a number in a sentence: a label before it (`证书编号：`, `ID:`) and a full stop behind it.
fn without_surroundings(raw: &str) -> &str {
    let head = raw.char_indices().nth(LONGEST).map_or(raw, |(end, _)| &raw[..end]);
    let label = head.find([':', '：']).filter(|end| !head[..*end].contains(|c: char| c.is_ascii_digit()));
    let behind = match label {
        Some(end) => raw[end..].trim_start_matches([':', '：']),
        // A name or a sentence is no label: the number begins where the 汉字 end.
        None => raw.trim_start_matches(|c: char| text::is_han(c) || text::is_blank(c)),
    };
    // Blank certificates have it printed before their number.
    let printed = behind.trim_start().trim_start_matches('№');
    let printed =
        ["NO.", "No.", "no.", "NO．", "No．"].iter().find_map(|no| printed.strip_prefix(no)).unwrap_or(printed);
    let is_number = printed.trim().chars().all(|c| text::half_width(c).is_ascii_digit());
    let behind = if is_number && !printed.trim().is_empty() { printed } else { behind };
    let behind = behind.trim_end_matches(|c: char| text::is_blank(c) || matches!(c, '。' | '，' | '；' | ';' | ','));
    if behind.contains(|c: char| text::half_width(c).is_ascii_alphanumeric()) { behind } else { raw }
}

/// Gives the characters that count, and what had to be set aside for them. Outer blanks are nothing unusual.
fn cleaned(raw: &str) -> (String, SpellingOddities) {
    let raw = without_surroundings(raw);
    let mut spelling = SpellingOddities::default();
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
    // An occupation code has its hyphens; a certificate code is sometimes written with them between its parts.
    let hyphens = out.matches(['-', '–', '—', '_']).count();
    if hyphens != 0 && out.chars().count() - hyphens == CODE_LENGTH {
        out = out.replace(['-', '–', '—', '_'], "");
        spelling.hyphens = hyphens;
    }
    (out, spelling)
}

/// Makes a part of an ASCII text.
fn part(text: &str, from: usize, to: usize, name: &'static str, state: PartState, says: Says) -> NumberPart {
    let text = text.get(from - 1..to).unwrap_or_default().to_string();
    NumberPart { from, to, name: PartName::Key(name), text, state, says }
}
