//! The list of all rules, collected from the families. Codes are never reused; names read well after "allow".

use std::fmt;

use super::checks::Check;
use super::repair::Repair;
use super::{
    Detail, Safety, Severity, characters, codes, dates, forbidden, id_numbers, institutions, kinds, levels, limits,
    listed, names, organisations, persons, source, twice, usual, work,
};
use crate::domain::profile::Profile;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// The families in the order of their letters, each with its rules in the order of their numbers.
const FAMILIES: [&[RuleSpec]; 17] = [
    dates::RULES,
    persons::RULES,
    codes::RULES,
    id_numbers::RULES,
    listed::RULES,
    institutions::RULES,
    kinds::RULES,
    levels::RULES,
    names::RULES,
    organisations::RULES,
    forbidden::RULES,
    limits::RULES,
    source::RULES,
    characters::RULES,
    twice::RULES,
    usual::RULES,
    work::RULES,
];

const COUNT: usize = {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
};

const COLLECTED: [RuleSpec; COUNT] = {
    let mut all = [BLANK; COUNT];
    let (mut place, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut n = 0;
        while n < FAMILIES[family].len() {
            all[place] = FAMILIES[family][n];
            all[place].id = RuleId(place as u8);
            place += 1;
            n += 1;
        }
        family += 1;
    }
    all
};

/// Every rule, in the order of its code.
pub static RULES: &[RuleSpec] = &COLLECTED;

/// A rule: its facts, how it judges, and what it proposes. Its words are in the locales under its code.
#[derive(Debug, Clone, Copy)]
pub struct RuleSpec {
    /// Given when the families are collected.
    pub id: RuleId,
    /// Stable code, such as `D05`.
    pub code: &'static str,
    /// Stable name in kebab case.
    pub name: &'static str,
    pub severity: Severity,
    /// The rule's own clause; empty when the profile, the segment or the column names it.
    pub clause: &'static str,
    /// Finds the clause in the profile, where the rule has none of its own or the profile's notice does not know that one;
    /// an empty answer leaves it to the column.
    pub cites: fn(&Profile, Field, Detail) -> &str,
    /// The columns it looks at; its findings stand in one of them.
    pub reads: &'static [Field],
    /// What it looks at and how it judges: most rules at one kind of cell.
    pub(super) checks: &'static [Check],
    pub(super) repair: Option<Repair>,
    /// How many rows above and below its own the repair looks at.
    pub looks_at: (RowId, RowId),
}

/// What a block need not say: no clause beyond that of the column, and no repair.
pub(super) const BLANK: RuleSpec = RuleSpec {
    id: RuleId(0),
    code: "",
    name: "",
    severity: Severity::Error,
    clause: "",
    cites: |_, _, _| "",
    reads: &[],
    checks: &[],
    repair: None,
    looks_at: (0, 0),
};

/// A rule, by its place in [`RULES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(u8);

/// The rules that code outside their own block has to tell apart.
#[allow(non_upper_case_globals, reason = "they stand in patterns as the variants of an enum do")]
impl RuleId {
    pub const CodeCharacter: RuleId = RuleId::of("C02");
    pub const CodeSegment: RuleId = RuleId::of("C03");
    pub const CodeRegion: RuleId = RuleId::of("C04");
    pub const CodeYear: RuleId = RuleId::of("C05");
    pub const CodeLevel: RuleId = RuleId::of("C06");
    pub const CodeYearRange: RuleId = RuleId::of("C07");
    pub const CodeYearEarly: RuleId = RuleId::of("C08");
    pub const CodeSerialUnusual: RuleId = RuleId::of("C10");
    pub const CodeRangeUnassigned: RuleId = RuleId::of("C11");
    pub const CodeCategory: RuleId = RuleId::of("C12");
    pub const IdCheckDigit: RuleId = RuleId::of("D05");
    pub const IdArea: RuleId = RuleId::of("D07");
    pub const IdDigitsLost: RuleId = RuleId::of("D08");
    pub const IdSex: RuleId = RuleId::of("D13");
    pub const ValueUnlisted: RuleId = RuleId::of("G02");
    pub const InstitutionForm: RuleId = RuleId::of("O01");
    pub const IssuingBodyForm: RuleId = RuleId::of("O02");
    pub const IssuerNumber: RuleId = RuleId::of("O03");
    pub const MergedCell: RuleId = RuleId::of("S05");
    pub const ForbiddenWord: RuleId = RuleId::of("P01");
    pub const ForbiddenWordInName: RuleId = RuleId::of("P02");
    pub const Required: RuleId = RuleId::of("R01");
    pub const RowTooWide: RuleId = RuleId::of("S01");
    pub const RowMoved: RuleId = RuleId::of("S07");
    pub const StrayCharacters: RuleId = RuleId::of("T01");
    pub const FullWidth: RuleId = RuleId::of("T02");
    pub const LostCharacter: RuleId = RuleId::of("T05");
    pub const ManyCertificates: RuleId = RuleId::of("B03");
    pub const CodeTwice: RuleId = RuleId::of("U01");
    pub const AwardTwice: RuleId = RuleId::of("U02");
    pub const IdTwoNames: RuleId = RuleId::of("U03");
    pub const CodeOfAnother: RuleId = RuleId::of("U04");
    pub const CodeNotInForce: RuleId = RuleId::of("U05");
    pub const AwardOnRecord: RuleId = RuleId::of("U06");
    pub const RecordDiffers: RuleId = RuleId::of("U07");
    pub const WorkTypeEmpty: RuleId = RuleId::of("W01");
    pub const WorkTypeDash: RuleId = RuleId::of("W02");
    pub const OccupationUnlisted: RuleId = RuleId::of("W05");
    pub const SeveralValues: RuleId = RuleId::of("W06");
    pub const EmployerShort: RuleId = RuleId::of("W07");
    pub const OccupationClass: RuleId = RuleId::of("W08");
    pub const WorkTypeUnlisted: RuleId = RuleId::of("W11");
    pub const SeveralEntries: RuleId = RuleId::of("W12");
    pub const OccupationIsBody: RuleId = RuleId::of("W14");
    pub const CellsCrosswise: RuleId = RuleId::of("W15");
}

impl RuleId {
    /// Finds a rule by its code while the program is compiled; a code that no rule has does not compile.
    const fn of(code: &str) -> RuleId {
        let mut place = 0;
        while !is_same(COLLECTED[place].code.as_bytes(), code.as_bytes()) {
            place += 1;
        }
        RuleId(place as u8)
    }

    /// Gives the place in [`RULES`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Gives the rule's facts.
    pub fn spec(self) -> &'static RuleSpec {
        &RULES[self.index()]
    }

    pub fn all() -> impl Iterator<Item = RuleId> {
        RULES.iter().map(|r| r.id)
    }

    /// Finds a rule by its code or name.
    pub fn find(text: &str) -> Option<RuleId> {
        RULES.iter().find(|r| r.code.eq_ignore_ascii_case(text) || r.name.eq_ignore_ascii_case(text)).map(|r| r.id)
    }

    /// Tells whether what the rule finds is wrong with the cell by itself, whatever stands beside it, in other rows and in
    /// the ledger.
    pub fn is_about_the_cell_alone(self) -> bool {
        let compares = 1 < self.spec().reads.len() && self.spec().reads.len() < Field::COUNT;
        self.spec().checks.iter().all(|check| match check {
            Check::Noted(_)
            | Check::Row(..)
            | Check::Registry(..)
            | Check::Shared(..)
            | Check::Doubt(_)
            | Check::Day(_)
            | Check::Usual(_)
            | Check::Ledger(_)
            | Check::NotInLedger(_) => false,
            Check::IdNumber(_) | Check::CodePart(_) => !compares,
            Check::Gap(_)
            | Check::Spelling(_)
            | Check::Words(_)
            | Check::IdType(_)
            | Check::Level(_)
            | Check::Date(_)
            | Check::Code(_) => true,
        })
    }

    /// Tells whether it may offer a fix that is safe.
    pub fn may_be_safely_fixed(self) -> bool {
        self.fix_safeties().contains(&Safety::Safe)
    }

    /// Tells which kinds of fix the rule may offer; nothing where only a person can know. A safe one may still be one to look
    /// at for a cell that it does not make right.
    pub fn fix_safeties(self) -> &'static [Safety] {
        self.spec().repair.map_or(&[], Repair::safeties)
    }

    /// Tells why its fix is as safe as [`RuleId::fix_safeties`] says, for whoever changes the rule.
    pub fn fix_reason(self) -> Option<&'static str> {
        self.spec().repair.map(Repair::because)
    }

    /// Gives the kind of key by which the rule compares rows with each other; `None` for a rule about one row.
    pub fn key_kind(self) -> Option<usize> {
        self.spec().checks.iter().find_map(|check| match check {
            Check::Shared(kind, _) => Some(*kind),
            // Of one person: the same ID number.
            Check::Doubt(_) => Some(1),
            _ => None,
        })
    }

    /// Tells whether the rule holds the rows against the ledger.
    pub fn asks_ledger(self) -> bool {
        self.spec().checks.iter().any(|check| matches!(check, Check::Ledger(_) | Check::NotInLedger(_)))
    }

    /// Tells whether the rule holds the rows against the institutions on record.
    pub fn asks_registry(self) -> bool {
        self.spec().checks.iter().any(|check| matches!(check, Check::Registry(..)))
    }

    /// Tells whether the rule is about the roster as a whole.
    pub fn is_about_the_whole(self) -> bool {
        self.spec().checks.iter().any(|check| matches!(check, Check::Usual(_) | Check::Day(_)))
    }

    /// Tells whether what the rule finds in a row depends on other rows.
    pub fn compares_rows(self) -> bool {
        self.key_kind().is_some() || self.is_about_the_whole()
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec().code)
    }
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_at_its_place_under_its_own_name() {
        for (i, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.id.index(), i);
            assert_eq!(RuleId::find(rule.code), Some(rule.id));
            assert_eq!(RuleId::find(rule.name), Some(rule.id), "{} stands twice", rule.name);
            assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
            assert!(rule.id.fix_reason().is_none_or(|reason| reason.ends_with('.')), "{}", rule.code);
            assert!(!rule.reads.is_empty() && !rule.checks.is_empty(), "{} looks at nothing", rule.code);
        }
        assert!(RULES.windows(2).all(|w| w[0].code < w[1].code));
        for family in FAMILIES {
            assert!(family.iter().all(|rule| rule.code[..1] == family[0].code[..1]), "{}", family[0].code);
        }
    }
}
