//! Rules that compare a row with what the ledger knows: codes of others, codes out of force, persons certified
//! before, certificates that came back.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::checker::{Keys, Sink, comparable_name};
use super::{CheckContext, Detail, RuleId, clean, plain};
use crate::domain::code::CertCode;
use crate::domain::date::{self, DateReading};
use crate::domain::identity::{IdTypeReading, IdTypes};
use crate::domain::ledger::{Holder, KnownCertificate, Status};
use crate::domain::level::{self, Level, LevelReading};
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
            code: Some(keys[0]).filter(|k| *k != 0).and_then(|_| CertCode::new(&clean::code(cell(Field::Code)))),
            person: Some(keys[1]).filter(|k| *k != 0).map(|_| clean::id_number(cell(Field::IdNumber))),
            level: level_of(cell(Field::Level)),
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

/// Compares a row with what the ledger knows of its code and its person.
pub fn check(context: &CheckContext, row: RowId, says: &RowSays<'_>, sink: &mut Sink<'_>) {
    let known = &context.known;
    if let Some((place, certificate)) = says.code.and_then(|code| known.of_code(code)) {
        let is_own = certificate.row.is_some() && certificate.row == known.batch.map(|batch| (batch, row));
        let detail = Detail::Certificate(place);
        if matches!(certificate.status, Status::Void | Status::Revoked | Status::Reserved) {
            sink.push(Field::Code, RuleId::CodeNotInForce, detail);
        } else if !is_own && says.is_another(certificate) {
            sink.push(Field::Code, RuleId::CodeOfAnother, detail);
        } else {
            own(context, says, place, certificate, sink);
        }
    }
    let (Some(person), Some(level)) = (&says.person, says.level) else { return };
    let occupation = plain::tidy(Field::Occupation, says.cell(Field::Occupation));
    let is_same = |certificate: &KnownCertificate| {
        !matches!(certificate.status, Status::Void | Status::Revoked | Status::Reserved)
            && Some(certificate.code) != says.code
            && level_of(&certificate.holder.level) == Some(level)
            && plain::tidy(Field::Occupation, &certificate.holder.occupation) == occupation
    };
    if let Some((place, _)) = known.of_person(person).find(|(_, certificate)| is_same(certificate)) {
        sink.push(Field::IdNumber, RuleId::AwardOnRecord, Detail::Certificate(place));
    }
}

/// Holds a row against its own certificate: whether it came back, and what its record says.
fn own(context: &CheckContext, says: &RowSays<'_>, place: u32, certificate: &KnownCertificate, sink: &mut Sink<'_>) {
    let types = &context.tables.id_types;
    let differs = |field: Field| {
        let (mine, recorded) = (says.cell(field), certificate.holder.cell(field).unwrap_or_default());
        says.has[field.index()]
            && !recorded.is_empty()
            && compared(types, field, mine) != compared(types, field, recorded)
    };
    if certificate.status == Status::Returned {
        sink.push(Field::Code, RuleId::CertificateReturned, Detail::Certificate(place));
    }
    // The number was given by this ledger, and with it the day (BJ-17).
    let is_stamped = certificate.row.is_some() && !context.profile.numbering.issue_date_clause.is_empty();
    if is_stamped && day_of(says.cell(Field::IssueDate)).is_some() && differs(Field::IssueDate) {
        sink.push(Field::IssueDate, RuleId::DateNotStamped, Detail::Certificate(place));
    }
    if certificate.status.is_on_record() {
        for field in Holder::fields().filter(|f| !(is_stamped && *f == Field::IssueDate) && differs(*f)) {
            sink.push(field, RuleId::RecordDiffers, Detail::Certificate(place));
        }
    }
}

/// Gives the form in which a cell is compared with the record: how it is written does not count.
fn compared<'a>(types: &IdTypes, field: Field, text: &'a str) -> Cow<'a, str> {
    match field {
        Field::Name => comparable_name(text).into(),
        Field::IdNumber => clean::id_number(text),
        Field::IdType => match types.read(text) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => types.all()[i].code.clone().into(),
            IdTypeReading::Unknown(_) => plain::tidy(field, text),
        },
        Field::Level => level_of(text).map_or_else(|| plain::tidy(field, text), |l| l.digit().to_string().into()),
        Field::IssueDate => day_of(text).map_or_else(|| plain::tidy(field, text), |day| day.to_string().into()),
        Field::WorkType if clean::is_dash(&plain::tidy(field, text)) => Cow::Borrowed("--"),
        _ => plain::tidy(field, text),
    }
}

fn level_of(text: &str) -> Option<Level> {
    match level::read(text) {
        LevelReading::Exact(l) | LevelReading::Short(l) | LevelReading::Other(l) | LevelReading::Qualification(l) => {
            Some(l)
        }
        LevelReading::Outside | LevelReading::Unknown => None,
    }
}

fn day_of(text: &str) -> Option<NaiveDate> {
    match date::read(text) {
        DateReading::Iso(day) | DateReading::Other(day) | DateReading::Serial(day) => Some(day),
        DateReading::Impossible | DateReading::Ambiguous | DateReading::Unknown => None,
    }
}
