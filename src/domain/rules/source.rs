//! Rules about what the importer noted (S): cells beyond the table, formulas, errors, bytes that are no text.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, ImportNote, when};
use super::repair::{Broken, Repair};
use super::{Detail, Safety, Severity};
use crate::domain::roster::{MarkKind, RowId};
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The row has cells beyond the last column.
    RuleSpec {
        code: "S01",
        name: "row-too-wide",
        severity: Severity::Error,
        clause: "GS-12",
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| match noted {
            ImportNote::Surplus(width) => Some(Detail::Number(width as u32)),
            ImportNote::Mark(_) | ImportNote::Moved(_) => None,
        })],
        ..BLANK
    },
    // A formula whose result was never stored.
    RuleSpec {
        code: "S02",
        name: "formula-without-value",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| when(is_mark(noted, MarkKind::FormulaWithoutValue)))],
        ..BLANK
    },
    // A spreadsheet error such as #N/A.
    RuleSpec {
        code: "S03",
        name: "spreadsheet-error",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| when(is_mark(noted, MarkKind::Error)))],
        ..BLANK
    },
    // Bytes that are no text.
    RuleSpec {
        code: "S04",
        name: "bad-bytes",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| when(is_mark(noted, MarkKind::BadBytes)))],
        ..BLANK
    },
    // An empty cell inside a merged range.
    RuleSpec {
        code: "S05",
        name: "merged-cell",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| {
            when(is_mark(noted, MarkKind::Merged) || is_mark(noted, MarkKind::MergedAside))
        })],
        repair: Some(Repair::Either {
            because: "A merged range shows one text for all, but people differ, and what it covers may be meant.",
            to: |cell| {
                // A certificate has a code of its own: that of the row above is never the one that is missing.
                let text = head_of_merged(cell).filter(|_| !matches!(cell.field, Field::Code | Field::OldCode))?;
                let is_plain = cell.raw.trim().is_empty() && !cell.field.is_personal();
                Some((text, if is_plain { Safety::Safe } else { Safety::Unsafe }))
            },
        }),
        looks_at: (RowId::MAX, 0),
        ..BLANK
    },
    // A quotation mark that opens the cell and that nothing closes.
    RuleSpec {
        code: "S06",
        name: "open-quote",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| when(is_mark(noted, MarkKind::OpenQuote)))],
        repair: Some(Repair::Unsafe {
            because: "What stands behind an open quotation mark may belong to the cell or not.",
            to: |cell| Some(cell.raw.replace('"', "").trim().to_string()).filter(|text| !text.is_empty()),
        }),
        ..BLANK
    },
    // The row's cells stand a column or two beside where they belong.
    RuleSpec {
        code: "S07",
        name: "row-moved",
        severity: Severity::Error,
        clause: "GS-12",
        reads: &Field::ALL,
        checks: &[Check::Noted(|noted| match noted {
            ImportNote::Moved(moved) => Some(Detail::Moved { by: moved.by, column: moved.column as u16 }),
            ImportNote::Surplus(_) | ImportNote::Mark(_) => None,
        })],
        ..BLANK
    },
];

fn is_mark(noted: ImportNote, kind: MarkKind) -> bool {
    matches!(noted, ImportNote::Mark(mark) if mark == kind)
}

/// Gives the text of the merged range's first cell: the nearest cell above that the importer did not mark as merged.
fn head_of_merged(cell: &Broken<'_>) -> Option<String> {
    let column = cell.roster.columns.of(cell.field)?;
    // What stands in another column is that column's.
    if cell.roster.mark(cell.row, column) == Some(MarkKind::MergedAside) {
        return None;
    }
    let head = (0..cell.row).rev().find(|r| cell.roster.mark(*r, column) != Some(MarkKind::Merged))?;
    let text = cell.roster.cell(head, cell.field);
    (!text.trim().is_empty()).then(|| text.to_string())
}
