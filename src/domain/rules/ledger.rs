//! A row compared with what the ledger knows of its code and its person.

use std::borrow::Cow;

use super::checker::across::comparable_name;
use super::checker::{Keys, Sink};
use super::checks::{AllChecks, when};
use super::{CheckContext, Detail, clean};
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::identity::{IdTypeReading, IdTypes};
use crate::domain::ledger::{Holder, KnownCertificate, Status};
use crate::domain::level::{self, Level};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// A row in the form in which it is compared.
#[derive(Debug)]
pub struct RowSays<'a> {
    cells: [&'a str; Field::COUNT],
    /// Whether the roster has the column.
    has: [bool; Field::COUNT],
    /// The code, where it is well formed.
    code: Option<CertCode>,
    /// The ID number, where it can be compared.
    person: Option<Cow<'a, str>>,
    level: Option<Level>,
}

impl<'a> RowSays<'a> {
    /// Reads a row's cells; `keys` tells which of code and ID number can be compared.
    pub fn read(cells: &[&'a str; Field::COUNT], keys: Keys, has: impl Fn(Field) -> bool) -> RowSays<'a> {
        let cell = |field: Field| cells[field.index()];
        RowSays {
            code: Some(keys[0]).filter(|k| *k != 0).and_then(|_| clean::typed_code(cell(Field::Code))),
            person: Some(keys[1]).filter(|k| *k != 0).map(|_| clean::id_number(cell(Field::IdNumber))),
            level: level::read(cell(Field::Level)).level(),
            has: Field::ALL.map(has),
            cells: *cells,
        }
    }

    fn cell(&self, field: Field) -> &'a str {
        self.cells[field.index()]
    }

    /// Tells whether a certificate is another person's: by the ID numbers where both can be compared, else by the names.
    fn is_another(&self, certificate: &KnownCertificate) -> bool {
        match &self.person {
            Some(person) if !certificate.person.is_empty() => **person != certificate.person,
            _ => {
                let (mine, theirs) = (self.cell(Field::Name), certificate.holder.name.as_str());
                !mine.is_empty() && !theirs.is_empty() && comparable_name(mine) != comparable_name(theirs)
            }
        }
    }
}

/// What the ledger has on a row: one certificate, and what of it is looked at.
#[derive(Debug)]
pub(super) struct LedgerComparison<'a> {
    pub context: &'a CheckContext,
    pub certificate: &'a KnownCertificate,
    pub what: ComparedWith,
    says: &'a RowSays<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ComparedWith {
    /// The certificate with the row's code.
    Code(CodeOwner),
    /// A column of the row's own certificate.
    Column(Field),
    /// The certificate that was given to the row, which has another code by now or none.
    LeftCode,
    /// Another certificate of the row's person, for the same occupation and level.
    Person,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeOwner {
    /// Nobody's: void, revoked or only reserved.
    NotInForce,
    Anothers,
    Own,
}

impl LedgerComparison<'_> {
    /// Tells whether the row says something else in a column than the record, where both say something.
    pub fn differs(&self, field: Field) -> bool {
        let types = &self.context.tables.id_types;
        let (mine, recorded) = (self.says.cell(field), self.certificate.holder.cell(field).unwrap_or_default());
        self.says.has[field.index()]
            && !recorded.is_empty()
            && compared(types, field, mine) != compared(types, field, recorded)
    }

    /// Tells whether the number was given by this ledger, and with it the day (BJ-17).
    pub fn is_stamped(&self) -> bool {
        self.certificate.row.is_some() && !self.context.profile.numbering.issue_date_clause.is_empty()
    }

    /// Tells whether the row's cell 发证日期 is a day.
    pub fn has_day(&self) -> bool {
        date::read(self.says.cell(Field::IssueDate)).day().is_some()
    }
}

/// Compares a row with what the ledger knows of its code and its person.
pub(super) fn check(context: &CheckContext, judges: &AllChecks, row: RowId, says: &RowSays<'_>, sink: &mut Sink<'_>) {
    let known = &context.known;
    if let Some(code) = says.code {
        sink.judge(&judges.not_in_ledger, Field::Code, |judge| when(judge(known, code)));
    }
    let mut judge = |place: u32, certificate: &KnownCertificate, what: ComparedWith, field: Field| {
        let record = LedgerComparison { context, certificate, what, says };
        sink.judge(&judges.ledger, field, |judge| judge(&record).then_some(Detail::Certificate(place)));
    };
    if let Some((place, certificate)) = says.code.and_then(|code| known.of_code(code)) {
        let is_own = certificate.row.is_some() && certificate.row == known.batch.map(|batch| (batch, row));
        let whose = if is_out_of_force(certificate) {
            CodeOwner::NotInForce
        } else if !is_own && says.is_another(certificate) {
            CodeOwner::Anothers
        } else {
            CodeOwner::Own
        };
        judge(place, certificate, ComparedWith::Code(whose), Field::Code);
        if whose == CodeOwner::Own {
            Holder::fields().for_each(|field| judge(place, certificate, ComparedWith::Column(field), field));
        }
    }
    let Some(person) = &says.person else { return };
    let own = known.batch.map(|batch| (batch, row));
    let is_left = |certificate: &KnownCertificate| {
        certificate.row.is_some() && certificate.row == own && Some(certificate.code) != says.code
    };
    if let Some((place, certificate)) = known.of_person(person).find(|(_, certificate)| is_left(certificate)) {
        judge(place, certificate, ComparedWith::LeftCode, Field::Code);
    }
    let Some(level) = says.level else { return };
    let occupation = clean::words(Field::Occupation, says.cell(Field::Occupation));
    let is_same = |certificate: &KnownCertificate| {
        !is_out_of_force(certificate)
            && !known.is_beside(certificate)
            && Some(certificate.code) != says.code
            && level::read(&certificate.holder.level).level() == Some(level)
            && clean::words(Field::Occupation, &certificate.holder.occupation) == occupation
    };
    if let Some((place, certificate)) = known.of_person(person).find(|(_, certificate)| is_same(certificate)) {
        judge(place, certificate, ComparedWith::Person, Field::IdNumber);
    }
}

fn is_out_of_force(certificate: &KnownCertificate) -> bool {
    matches!(certificate.status, Status::Void | Status::Revoked | Status::Reserved)
}

/// Tells whether two texts of a column mean the same type, level, day or code, however they are written; others have to be the same.
pub fn means_as(types: &IdTypes, field: Field, one: &str, other: &str) -> bool {
    let is_read = matches!(field, Field::IdType | Field::Level | Field::IssueDate | Field::Code | Field::OldCode);
    one == other || is_read && compared(types, field, one) == compared(types, field, other)
}

/// Gives the form in which a cell is compared with the record: how it is written does not count.
fn compared<'a>(types: &IdTypes, field: Field, text: &'a str) -> Cow<'a, str> {
    let written = || clean::words(field, text);
    match field {
        Field::Name => comparable_name(text).into(),
        Field::IdNumber => clean::id_number(text),
        Field::Code | Field::OldCode => clean::code(text),
        Field::IdType => match types.read(text) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => types.all()[i].code.clone().into(),
            IdTypeReading::Unknown(_) => written(),
        },
        Field::Level => level::read(text).level().map_or_else(written, |l| l.digit().to_string().into()),
        Field::IssueDate => date::read(text).day().map_or_else(written, |day| day.to_string().into()),
        Field::WorkType if clean::is_dash(&written()) => Cow::Borrowed("--"),
        _ => written(),
    }
}
