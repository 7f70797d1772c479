//! Rules that compare a row with others (U): with rows of the roster, and with what the ledger has.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::Check;
use super::ledger::{CodeOwner, ComparedWith};
use super::repair::{Broken, Repair};
use super::{Detail, Severity, clean};
use crate::domain::code::{CODE_LENGTH, SegmentReader};
use crate::domain::ledger::{KnownCertificates, Status};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The same certificate code on another row.
    RuleSpec {
        code: "U01",
        name: "code-twice",
        severity: Severity::Error,
        clause: "GS-40",
        reads: &[Field::Code],
        checks: &[Check::Shared(0, |_| true)],
        repair: Some(Repair::Unsafe {
            because: "The rows may not stand in the order of their numbers, and a code that is printed stays as it is.",
            to: between_neighbours,
        }),
        looks_at: (1, 1),
        ..BLANK
    },
    // The same person, occupation and level on another row.
    RuleSpec {
        code: "U02",
        name: "award-twice",
        severity: Severity::Warning,
        clause: "GS-40",
        reads: &[Field::IdNumber, Field::Occupation, Field::Level],
        checks: &[Check::Shared(2, |_| true)],
        ..BLANK
    },
    // The same ID number with another name.
    RuleSpec {
        code: "U03",
        name: "id-two-names",
        severity: Severity::Warning,
        clause: "GS-33",
        reads: &[Field::IdNumber, Field::Name],
        checks: &[Check::Shared(1, |names_differ| names_differ())],
        ..BLANK
    },
    // The ledger has the code under another person.
    RuleSpec {
        code: "U04",
        name: "code-of-another",
        severity: Severity::Error,
        clause: "X-22",
        reads: &[Field::Code, Field::IdNumber, Field::Name],
        checks: &[Check::Ledger(|record| record.what == ComparedWith::Code(CodeOwner::Anothers))],
        ..BLANK
    },
    // The code is void, revoked or only reserved in the ledger.
    RuleSpec {
        code: "U05",
        name: "code-not-in-force",
        severity: Severity::Error,
        clause: "X-22",
        reads: &[Field::Code],
        checks: &[Check::Ledger(|record| record.what == ComparedWith::Code(CodeOwner::NotInForce))],
        ..BLANK
    },
    // The ledger has another certificate of the same person, occupation and level.
    RuleSpec {
        code: "U06",
        name: "award-on-record",
        severity: Severity::Warning,
        clause: "SC-34",
        reads: &[Field::IdNumber, Field::Occupation, Field::Level],
        checks: &[Check::Ledger(|record| record.what == ComparedWith::Person)],
        ..BLANK
    },
    // The row says something else than the record, which is the authority's by now, or has another code.
    RuleSpec {
        code: "U07",
        name: "record-differs",
        severity: Severity::Error,
        clause: "BJ-27",
        reads: &Field::ALL,
        checks: &[Check::Ledger(|record| match record.what {
            // A day that was stamped has a rule of its own.
            ComparedWith::Column(Field::IssueDate) if record.is_stamped() => false,
            ComparedWith::Column(field) => record.certificate.status.is_handed_in() && record.differs(field),
            ComparedWith::LeftCode => record.certificate.status.is_handed_in(),
            _ => false,
        })],
        repair: Some(Repair::Unsafe {
            because: "The row may be right and the record in want of a correction.",
            to: recorded,
        }),
        ..BLANK
    },
    // The issue date is not the day on which the number was given.
    RuleSpec {
        code: "U08",
        name: "date-not-stamped",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.numbering.issue_date_clause,
        reads: &[Field::Code, Field::IssueDate],
        checks: &[Check::Ledger(|record| {
            record.what == ComparedWith::Column(Field::IssueDate)
                && record.is_stamped()
                && record.has_day()
                && record.differs(Field::IssueDate)
        })],
        repair: Some(Repair::Unsafe {
            because: "The certificate may have been printed with the other day.",
            to: recorded,
        }),
        ..BLANK
    },
    // The certificate came back and has not been handed in again.
    RuleSpec {
        code: "U09",
        name: "certificate-returned",
        severity: Severity::Warning,
        clause: "BJ-20",
        reads: &[Field::Code],
        checks: &[Check::Ledger(|record| {
            record.what == ComparedWith::Code(CodeOwner::Own) && record.certificate.status == Status::Returned
        })],
        ..BLANK
    },
    // The ledger gives the numbers of this series, and never gave this one.
    RuleSpec {
        code: "U10",
        name: "code-not-given",
        severity: Severity::Warning,
        clause: "X-22",
        reads: &[Field::Code],
        checks: &[Check::NotInLedger(KnownCertificates::is_not_given)],
        ..BLANK
    },
];

/// Gives the code that is missing between those of the rows above and below: the row's own with the serial that follows the one above
/// and comes before the one below. A person's own certificate twice is no number too few.
fn between_neighbours(cell: &Broken<'_>) -> Option<String> {
    let (_, segment) = cell.context.profile.layout.find(|reader| matches!(reader, SegmentReader::Serial { .. }))?;
    let (_, year) = cell.context.profile.layout.find(|reader| matches!(reader, SegmentReader::Year))?;
    let Detail::Row(other) = cell.detail else { return None };
    let of_person = |row| clean::id_number(cell.roster.cell(row, Field::IdNumber));
    if of_person(other) == of_person(cell.row) {
        return None;
    }
    let parts = |row: RowId| {
        let code = clean::code(cell.roster.cell(row, Field::Code)).into_owned();
        if code.len() != CODE_LENGTH || !code.is_ascii() || cell.roster.is_aside(row) {
            return None;
        }
        let serial: u32 = code[segment.range()].parse().ok()?;
        Some((code[..year.range().end].to_string(), serial, code))
    };
    let (series, _, own) = parts(cell.row)?;
    let (above, below) = (parts(cell.row.checked_sub(1)?)?, parts(cell.row + 1)?);
    let is_one_missing = above.0 == series && below.0 == series && above.1 + 2 == below.1;
    let missing = format!("{:0width$}", above.1 + 1, width = segment.range().len());
    let code = format!("{}{missing}{}", &own[..segment.range().start], &own[segment.range().end..]);
    (is_one_missing && code != own).then_some(code)
}

/// Gives what the record of the finding's certificate has in the column.
fn recorded(cell: &Broken<'_>) -> Option<String> {
    match cell.detail {
        Detail::Certificate(place) => {
            let certificate = cell.context.known.at(place)?;
            match cell.field {
                Field::Code => Some(certificate.code.to_string()),
                field => certificate.holder.cell(field).map(String::from),
            }
        }
        _ => None,
    }
}
