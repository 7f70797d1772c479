//! Adopting numbers that were issued before (旧号入账): all rows of a file, or none.

use std::collections::{BTreeMap, HashMap};

use super::{Holder, SeriesKey, Status};
use crate::domain::code::CertCode;
use crate::domain::profile::Profile;

/// A row of a file with a certificate that was issued before.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The row as the spreadsheet numbers it.
    pub line: u32,
    /// 证书编号 as it stands.
    pub code: String,
    /// Whether the check found an error in the code.
    pub is_wrong: bool,
    /// What the row says of the holder.
    pub holder: Holder,
}

/// What the ledger knows of a code in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What became of the number.
    pub status: Status,
    /// 姓名
    pub name: String,
    /// 证件号码
    pub id_number: String,
}

/// Why a row cannot be adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// It has no code.
    NoCode,
    /// Its code is wrong under the profile.
    WrongCode,
    /// A row above it has the same code; its line.
    Twice(u32),
    /// The number belongs to another person (SC-34).
    OtherPerson,
    /// The number is void.
    Void,
    /// The serial is none of those the notice foresees: taking it would make a gap of all that are left.
    Outside,
}

impl Conflict {
    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Conflict::NoCode => "no-code",
            Conflict::WrongCode => "wrong-code",
            Conflict::Twice(_) => "twice",
            Conflict::OtherPerson => "other-person",
            Conflict::Void => "void",
            Conflict::Outside => "outside",
        }
    }
}

/// What comes of a file.
#[derive(Debug, Clone, Default)]
pub struct Adoption {
    /// The numbers that are new to the ledger, or that were only reserved.
    pub new: Vec<Adopted>,
    /// How many rows the ledger has already, for the same person.
    pub same: u32,
    /// Lines that cannot be adopted; while there is one, nothing is.
    pub conflicts: Vec<(u32, Conflict)>,
}

/// A number to adopt.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The code.
    pub code: CertCode,
    /// Its series.
    pub series: SeriesKey,
    /// The serial in it.
    pub serial: u32,
    /// Whether the number is in the ledger as a reserved one.
    pub was_reserved: bool,
    /// What it says.
    pub holder: Holder,
}

/// Compares the rows of a file with each other and with what the ledger knows.
pub fn adopt(profile: &Profile, rows: Vec<Issued>, known: &BTreeMap<CertCode, Known>) -> Adoption {
    let mut adoption = Adoption::default();
    let mut lines: HashMap<CertCode, u32> = HashMap::new();
    for row in rows {
        let line = row.line;
        match one(profile, row, known, &mut lines) {
            Ok(Some(adopted)) => adoption.new.push(adopted),
            Ok(None) => adoption.same += 1,
            Err(conflict) => adoption.conflicts.push((line, conflict)),
        }
    }
    adoption
}

fn one(
    profile: &Profile,
    row: Issued,
    known: &BTreeMap<CertCode, Known>,
    lines: &mut HashMap<CertCode, u32>,
) -> Result<Option<Adopted>, Conflict> {
    if row.code.is_empty() {
        return Err(Conflict::NoCode);
    }
    let code = CertCode::new(&row.code).filter(|_| !row.is_wrong).ok_or(Conflict::WrongCode)?;
    let (series, serial) = SeriesKey::of(profile, code).ok_or(Conflict::WrongCode)?;
    let (first, last) = SeriesKey::range(profile);
    if !(first..=last).contains(&serial) {
        return Err(Conflict::Outside);
    }
    if let Some(first) = lines.insert(code, row.line) {
        lines.insert(code, first);
        return Err(Conflict::Twice(first));
    }
    let was_reserved = match known.get(&code) {
        None => false,
        Some(Known { status: Status::Reserved, .. }) => true,
        Some(Known { status: Status::Void, .. }) => return Err(Conflict::Void),
        Some(other) if other.name == row.holder.name && other.id_number == row.holder.id_number => return Ok(None),
        Some(_) => return Err(Conflict::OtherPerson),
    };
    Ok(Some(Adopted { code, series, serial, was_reserved, holder: row.holder }))
}

#[cfg(test)]
mod tests {
    use super::Conflict::{NoCode, OtherPerson, Outside, Twice, Void, WrongCode};
    use super::*;

    #[test]
    fn tells_new_known_and_conflicting_rows_apart() {
        let profile = Profile::parse(include_str!("../../../data/profiles/gansu-competition.toml")).unwrap();
        let code = |serial: u32| format!("S000062010001243J{serial:05}");
        let row = |line: u32, code: String, name: &str| Issued {
            line,
            code,
            is_wrong: false,
            holder: Holder { name: name.into(), id_number: format!("id {name}"), ..Holder::default() },
        };
        let known = |status, name: &str| Known { status, name: name.into(), id_number: format!("id {name}") };
        let ledger: BTreeMap<CertCode, Known> = [
            (3, known(Status::Published, "张伟")),
            (4, known(Status::Published, "李娜")),
            (5, known(Status::Reserved, "")),
            (6, known(Status::Void, "")),
            (7, known(Status::Revoked, "王芳")),
        ]
        .map(|(serial, known)| (CertCode::new(&code(serial)).unwrap(), known))
        .into();
        let rows = vec![
            row(2, code(1), "张伟"),
            row(3, code(1), "张伟"),
            row(4, code(3), "张伟"),
            row(5, code(4), "张伟"),
            row(6, code(5), "赵静"),
            row(7, code(6), "赵静"),
            row(8, code(7), "王芳"),
            row(9, String::new(), "孙丽"),
            row(10, "S00006201".into(), "孙丽"),
            Issued { is_wrong: true, ..row(11, code(9), "孙丽") },
            row(12, code(0), "孙丽"),
        ];
        let adoption = adopt(&profile, rows, &ledger);
        let new: Vec<(u32, bool)> = adoption.new.iter().map(|a| (a.serial, a.was_reserved)).collect();
        assert_eq!((new, adoption.same), (vec![(1, false), (5, true)], 2));
        let conflicts =
            [(3, Twice(2)), (5, OtherPerson), (7, Void), (9, NoCode), (10, WrongCode), (11, WrongCode), (12, Outside)];
        assert_eq!(adoption.conflicts, conflicts);
    }
}
