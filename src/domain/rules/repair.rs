//! Repairs: what a cell should become, and whether that may be done without a look.

use super::{CheckContext, Detail, Finding, Fix, Safety};
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;

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

/// Proposes a repair for a finding as its cell stands now; `None` where only a person can know.
pub fn fix_of(context: &CheckContext, roster: &Roster, finding: &Finding) -> Option<Fix> {
    let Finding { row, field, detail, .. } = *finding;
    let raw = roster.cell(row, field);
    let broken = Broken { context, roster, row, field, detail, raw };
    let (to, safety) = match finding.rule.spec().repair? {
        Repair::Safe { to, .. } => (to(&broken)?, Safety::Safe),
        Repair::Unsafe { to, .. } => (to(&broken)?, Safety::Unsafe),
        Repair::Either { to, .. } => to(&broken)?,
    };
    (to != raw).then_some(Fix { field, to, safety })
}
