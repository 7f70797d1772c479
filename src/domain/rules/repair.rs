//! Repairs: what a cell should become, and whether that may be done without a look.
//!
//! A rule calls its repair safe for a reason; whether it is so for this cell is proven here ([`Checker::fix`]).

use super::{CheckContext, Checker, Detail, Finding, Fix, Safety, Severity, clean};
use crate::domain::date;
use crate::domain::identity::IdTypeReading;
use crate::domain::level;
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;
use crate::domain::text;

/// A safe repair may need so many others after it until nothing is wrong with the cell.
const ROUNDS: usize = 6;

/// How a rule repairs a cell, and why that is as safe as it says. A repair that knows no answer gives none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Repair {
    Safe {
        because: &'static str,
        to: fn(&Broken<'_>) -> Option<String>,
    },
    Unsafe {
        because: &'static str,
        to: fn(&Broken<'_>) -> Option<String>,
    },
    /// Safe or not as the cell is.
    Either {
        because: &'static str,
        to: fn(&Broken<'_>) -> Option<(String, Safety)>,
    },
}

/// A cell to be repaired, as it stands now.
#[derive(Debug)]
pub(super) struct Broken<'a> {
    pub context: &'a CheckContext,
    pub roster: &'a Roster,
    pub row: RowId,
    pub field: Field,
    /// What the finding names.
    pub detail: Detail,
    pub raw: &'a str,
}

impl Repair {
    pub fn safeties(self) -> &'static [Safety] {
        match self {
            Repair::Safe { .. } => &[Safety::Safe],
            Repair::Unsafe { .. } => &[Safety::Unsafe],
            Repair::Either { .. } => &[Safety::Safe, Safety::Unsafe],
        }
    }

    pub fn because(self) -> &'static str {
        let (Repair::Safe { because, .. } | Repair::Unsafe { because, .. } | Repair::Either { because, .. }) = self;
        because
    }
}

/// Proposes a repair for a finding as its cell stands now; `None` where only a person can know. It is as safe as its rule
/// says, which is not proven for this cell.
pub fn fix_of(context: &CheckContext, roster: &Roster, finding: &Finding) -> Option<Fix> {
    proposed(context, roster, finding, roster.cell(finding.row, finding.field))
}

fn proposed(context: &CheckContext, roster: &Roster, finding: &Finding, raw: &str) -> Option<Fix> {
    let Finding { row, field, detail, .. } = *finding;
    let broken = Broken { context, roster, row, field, detail, raw };
    let (to, safety) = match finding.rule.spec().repair? {
        Repair::Safe { to, .. } => (to(&broken)?, Safety::Safe),
        Repair::Unsafe { to, .. } => (to(&broken)?, Safety::Unsafe),
        Repair::Either { to, .. } => to(&broken)?,
    };
    (to != raw).then_some(Fix { field, to, safety })
}

impl Checker {
    /// Proposes a repair for a finding, with what it is for this cell: safe only if the rule is quiet after it and nothing
    /// is wrong any more with what the cell says, no text goes, and no code or ID number becomes that of another row, which
    /// `is_taken` tells. Whatever falls short of that is for somebody to look at.
    pub fn fix(&self, roster: &Roster, finding: &Finding, is_taken: impl Fn(&str) -> bool) -> Option<Fix> {
        let mut fix = fix_of(self.context(), roster, finding)?;
        let raw = roster.cell(finding.row, finding.field);
        // What is shared with another row is not to be shared with a third one.
        if finding.rule.key_kind().is_some() && is_taken(&fix.to) {
            return None;
        }
        if fix.safety == Safety::Safe
            && (is_taken(&fix.to)
                || !keeps_text(self.context(), fix.field, raw, &fix.to)
                || !self.leads_to_right(roster, finding, fix.to.clone()))
        {
            fix.safety = Safety::Unsafe;
        }
        Some(fix)
    }

    /// Tells whether a text is right in the place of the finding's cell, or will be after other safe repairs.
    fn leads_to_right(&self, roster: &Roster, finding: &Finding, mut text: String) -> bool {
        for round in 0..ROUNDS {
            let mut left = self.check_cell(roster, finding.row, finding.field, &text);
            left.retain(|f| f.field == finding.field);
            if round == 0 && left.iter().any(|f| f.rule == finding.rule) {
                return false;
            }
            let error = |f: &&Finding| f.severity() == Severity::Error && f.rule.is_about_the_cell_alone();
            let Some(next) = left.iter().find(error) else { return true };
            match proposed(self.context(), roster, next, &text) {
                Some(fix) if fix.safety == Safety::Safe && keeps_text(self.context(), fix.field, &text, &fix.to) => {
                    text = fix.to;
                }
                _ => return false,
            }
        }
        false
    }
}

/// Tells whether a text says all that the one before it said: the same type, level, day or number, the same letters.
fn keeps_text(context: &CheckContext, field: Field, before: &str, after: &str) -> bool {
    let tidy = clean::words(field, before);
    match field {
        _ if tidy.is_empty() => true,
        Field::IdType => {
            let meant = |text: &str| match context.tables.id_types.read(text) {
                IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => Some(i),
                IdTypeReading::Unknown(_) => None,
            };
            meant(before) == meant(after)
        }
        Field::Level => level::read(before).level() == level::read(after).level(),
        Field::IssueDate => date::read(before).day() == date::read(after).day(),
        Field::IdNumber | Field::OldIdNumber => clean::id_number(before) == clean::id_number(after),
        Field::Code | Field::OldCode => clean::code(before) == clean::code(after),
        Field::WorkType if clean::is_no_work_type(&tidy) => true,
        _ => {
            let decoded = context.tables.leftovers.decoded(before);
            letters(&decoded).eq(letters(after))
        }
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !text::is_control(*c)).map(text::half_width).filter(|c| c.is_alphanumeric())
}
