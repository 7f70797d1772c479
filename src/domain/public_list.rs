//! The list that is put up for everybody to see (公示名单): who is to get what, without what nobody else may know.
//!
//! It is made before certificates are handed in as well, so that errors in a roster do not stop it.

use std::borrow::Cow;

use super::batch::Batch;
use super::code::CODE_LENGTH;
use super::profile::Profile;
use super::roster::RowId;
use super::sheet::Field;
use super::text;
use super::upload::{self, Upload};

/// A batch seen as its public list: the form's columns, those of people masked. What the form does not know is left out.
#[derive(Debug, Clone, Copy)]
pub struct PublicList<'a> {
    upload: Upload<'a>,
}

/// The digits at the end of a code by which one certificate differs from its neighbours.
const SERIAL: usize = 5;

/// A code has so many digits at least.
const DIGITS: usize = 18;

/// What stands behind the label of a masked column, so that no program takes the list for an upload table.
const MASKED: &str = "（已打码）";

/// Looks at a batch as its public list.
pub fn of(batch: &Batch) -> PublicList<'_> {
    PublicList { upload: upload::of(batch) }
}

/// Tells whether a column is masked: the samples of GS-46 mask names and ID numbers, and with a whole code anybody could
/// look the certificate up, which is its holder's own business (BJ-23).
fn is_masked(field: Field) -> bool {
    !clauses(field).is_empty()
}

fn clauses(field: Field) -> &'static [&'static str] {
    match field {
        Field::Name | Field::IdNumber | Field::OldName | Field::OldIdNumber => &["GS-46", "BJ-30"],
        Field::Code | Field::OldCode => &["BJ-23"],
        _ => &[],
    }
}

/// Gives the clause of the profile's notice that has a column masked, empty where the notice is silent; nothing for a column
/// that anybody may see.
pub fn clause(profile: &Profile, field: Field) -> Option<&'static str> {
    is_masked(field).then(|| profile.known_of(clauses(field)))
}

/// Gives the clause of the profile's notice by which columns that the form does not know are left out: they may hold
/// anything about a person.
pub fn left_out(profile: &Profile) -> &'static str {
    profile.known_of(&["BJ-30"])
}

impl<'a> PublicList<'a> {
    /// Lists the fields in the order of the form.
    pub fn fields(self) -> impl Iterator<Item = Field> + use<'a> {
        self.upload.columns().iter().map(|c| c.field)
    }

    /// Lists the labels; those of masked columns say so.
    pub fn header(self) -> impl Iterator<Item = Cow<'a, str>> {
        let label = |c: &'a super::sheet::Column| {
            if is_masked(c.field) {
                Cow::Owned(format!("{}{MASKED}", c.label))
            } else {
                Cow::Borrowed(c.label.as_str())
            }
        };
        let number = self.upload.number_label().map(Cow::Borrowed);
        number.into_iter().chain(self.upload.columns().iter().map(label))
    }

    /// Lists the cells of a row, which is the so manieth of the list.
    pub fn row(self, row: RowId, number: u32) -> impl Iterator<Item = Cow<'a, str>> {
        let number = self.upload.number_label().map(|_| Cow::Owned(number.to_string()));
        number.into_iter().chain(self.fields().map(move |field| self.shown(row, field)))
    }
}

impl<'a> PublicList<'a> {
    /// Masks a cell: anything may stand in any column, a code too.
    fn shown(self, row: RowId, field: Field) -> Cow<'a, str> {
        let (batch, cell) = (self.upload.batch(), self.upload.cell(row, field));
        if let Some(code) = code_in(&cell) {
            return code.into();
        }
        let is_name = || batch.is_stray_name(row, field, &cell) || batch.holds_name(row, field, &cell);
        if !batch.has_moved(row) && !is_name() {
            return shown(batch.roster().columns.masked_as(field), cell);
        }
        batch.masked(row, field, &cell).into_owned().into()
    }
}

/// Masks a code, whatever column it stands in.
fn code_in(cell: &str) -> Option<String> {
    if cell.len() < CODE_LENGTH {
        return None;
    }
    let compact = text::compact(cell);
    let is_code = compact.len() == CODE_LENGTH
        && compact.starts_with(|c: char| c.is_ascii_alphabetic())
        && compact.bytes().all(|b| b.is_ascii_alphanumeric())
        && DIGITS <= compact.bytes().filter(u8::is_ascii_digit).count();
    is_code.then(|| masked_code(&compact))
}

/// Masks a cell where its column or its look wants it.
fn shown(field: Field, cell: Cow<'_, str>) -> Cow<'_, str> {
    match field {
        Field::Code | Field::OldCode => masked_code(&cell).into(),
        _ if field.masks(&cell) => field.masked(&cell).into(),
        _ => cell,
    }
}

/// Masks the serial of a code (`S000062010001242J*****`); of what is no code all but a third at each end.
fn masked_code(code: &str) -> String {
    if code.is_ascii() && code.len() == CODE_LENGTH {
        return format!("{}{}", &code[..CODE_LENGTH - SERIAL], "*".repeat(SERIAL));
    }
    text::masked_number(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_what_is_somebodys_own_wherever_it_stands() {
        let shown = |field, cell: &'static str| shown(field, Cow::Borrowed(cell)).into_owned();
        assert_eq!(shown(Field::Name, "李小刚"), "李*刚");
        assert_eq!(shown(Field::IdNumber, "11010519491231002X"), "110105********002X");
        assert_eq!(shown(Field::Employer, "11010519491231002X"), "110105********002X", "a column that slipped by one");
        assert_eq!(shown(Field::Code, "S000062010001242J00001"), "S000062010001242J*****");
        assert_eq!(shown(Field::Code, "62010219900101"), "620102****0101");
        assert_eq!(shown(Field::Employer, "兰州陇原机械有限公司"), "兰州陇原机械有限公司");
    }
}
