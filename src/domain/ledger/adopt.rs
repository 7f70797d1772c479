//! Adopting numbers that were issued before (旧号入账): all rows of a file, or none.

use super::reach::Reach;
use super::{Holder, SeriesKey, Status};
use crate::domain::code::CertCode;
use crate::domain::profile::Profile;
use crate::domain::vocabulary::vocabulary;

/// A row of a file with a certificate that was issued before. What it says of the holder is asked for when it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// The row as the spreadsheet numbers it.
    pub line: u32,
    /// 证书编号 as it stands.
    pub code: &'a str,
    /// Whether the check found an error in the code.
    pub is_wrong: bool,
}

/// What the ledger knows of a code in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNumber {
    /// What became of the number.
    pub status: Status,
    /// 姓名
    pub name: String,
    /// 证件号码
    pub id_number: String,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// The entry's place in the chain; `None` when nothing new was in the file, or nothing was taken.
    pub entry: Option<u64>,
    /// How many numbers are new to the ledger, or were only reserved.
    pub new: u32,
    /// How many rows the ledger had already, for the same person.
    pub same: u32,
    /// Lines that cannot be taken; while there is one, nothing is.
    pub conflicts: Vec<(u32, Conflict)>,
    /// Per series the first and last serial, how many, and how many numbers became explained gaps.
    pub series: Vec<(SeriesKey, u32, u32, u32, u32)>,
}

/// How far a file may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptLeave {
    /// So many numbers that nobody has may be passed over: none, or as many as somebody has agreed to.
    AtMost(u32),
    Any,
}

impl AdoptLeave {
    pub fn allows(self, adopted: &Adopted) -> bool {
        match self {
            AdoptLeave::AtMost(most) => adopted.passed_over() <= most,
            AdoptLeave::Any => true,
        }
    }
}

impl Adopted {
    /// Counts the numbers that are passed over: they become gaps, and no row gets them any more.
    pub fn passed_over(&self) -> u32 {
        self.series.iter().map(|(.., gaps)| gaps).sum()
    }

    /// Tells how far it reaches that the numbers of a file are adopted.
    pub fn reach(&self, file: &str) -> Reach {
        Reach::Adopted { file: file.to_string(), numbers: self.new, passed_over: self.passed_over() }
    }

    /// Tells whether nothing was taken although nothing stands against it but how far it reaches.
    pub fn is_held_back(&self) -> bool {
        self.entry.is_none() && self.conflicts.is_empty() && self.passed_over() != 0
    }
}

vocabulary! {
    /// Why a row cannot be adopted.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Conflict {
        /// It has no code.
        NoCode = "no-code",
        /// Its code is wrong under the profile.
        WrongCode = "wrong-code",
        /// A row above it has the same code; its line.
        Twice(u32) = "twice",
        /// The number belongs to another person (SC-34).
        OtherPerson = "other-person",
        /// The number is void.
        Void = "void",
        /// The serial is none of those the notice foresees: taking it would make a gap of all that are left.
        Outside = "outside",
    }
}

/// What comes of a file.
#[derive(Debug, Clone, Default)]
pub struct Adoption {
    /// The numbers that are new to the ledger, or that were only reserved, in the order of series and serial.
    pub new: Vec<AdoptedNumber>,
    /// How many rows the ledger has already, for the same person.
    pub same: u32,
    /// Lines that cannot be adopted, in their order; while there is one, nothing is.
    pub conflicts: Vec<(u32, Conflict)>,
}

/// A number to adopt.
#[derive(Debug, Clone, Copy)]
pub struct AdoptedNumber {
    pub series: SeriesKey,
    /// The serial in it.
    pub serial: u32,
    pub code: CertCode,
    /// Which of the rows it stands in, counted from 0.
    pub row: u32,
    /// That row as the spreadsheet numbers it.
    pub line: u32,
    /// Whether the number is in the ledger as a reserved one.
    pub was_reserved: bool,
}

/// Compares the rows of a file with each other and with what the ledger knows.
///
/// A file may have a million rows: of each only its number is kept, and `holder` tells what a row says of its holder where
/// the ledger has the code already.
///
/// # Errors
/// Those of looking a code up.
pub fn adopt<'a, E>(
    profile: &Profile,
    rows: impl Iterator<Item = Issued<'a>>,
    holder: &dyn Fn(u32) -> Holder,
    mut known: impl FnMut(CertCode) -> Result<Option<KnownNumber>, E>,
) -> Result<Adoption, E> {
    let mut adoption = Adoption::default();
    let mut numbers = Vec::new();
    for (row, issued) in (0..).zip(rows) {
        match number(profile, row, &issued) {
            Ok(number) => numbers.push(number),
            Err(conflict) => adoption.conflicts.push((issued.line, conflict)),
        }
    }
    // Equal codes come together, the one that stands first in the file before the others.
    numbers.sort_unstable_by_key(|a| (a.series, a.serial, a.code, a.row));
    let mut last = None;
    let mut judge = |mut number: AdoptedNumber| {
        let judged = match last {
            Some((code, line)) if code == number.code => Err(Conflict::Twice(line)),
            _ => known(number.code).map(|known| is_new(&mut number, known, holder))?,
        };
        if !matches!(judged, Err(Conflict::Twice(_))) {
            last = Some((number.code, number.line));
        }
        match judged {
            Ok(true) => return Ok(Some(number)),
            Ok(false) => adoption.same += 1,
            Err(conflict) => adoption.conflicts.push((number.line, conflict)),
        }
        Ok(None)
    };
    adoption.new = numbers.into_iter().filter_map(|number| judge(number).transpose()).collect::<Result<_, E>>()?;
    adoption.conflicts.sort_unstable_by_key(|(line, _)| *line);
    Ok(adoption)
}

/// Reads the number of a row.
fn number(profile: &Profile, row: u32, issued: &Issued) -> Result<AdoptedNumber, Conflict> {
    if issued.code.is_empty() {
        return Err(Conflict::NoCode);
    }
    let code = CertCode::new(issued.code).filter(|_| !issued.is_wrong).ok_or(Conflict::WrongCode)?;
    let (series, serial) = SeriesKey::of(profile, code).ok_or(Conflict::WrongCode)?;
    let (first, last) = SeriesKey::range(profile);
    if !(first..=last).contains(&serial) {
        return Err(Conflict::Outside);
    }
    Ok(AdoptedNumber { series, serial, code, row, line: issued.line, was_reserved: false })
}

/// Compares a number with what the ledger knows of it; tells whether it is new.
fn is_new(
    adopted: &mut AdoptedNumber,
    known: Option<KnownNumber>,
    holder: &dyn Fn(u32) -> Holder,
) -> Result<bool, Conflict> {
    let Some(known) = known else { return Ok(true) };
    match known.status {
        Status::Reserved => adopted.was_reserved = true,
        Status::Void => return Err(Conflict::Void),
        _ => {
            let now = holder(adopted.row);
            let is_same = known.name == now.name && known.id_number == now.id_number;
            return if is_same { Ok(false) } else { Err(Conflict::OtherPerson) };
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Conflict::{NoCode, OtherPerson, Outside, Twice, Void, WrongCode};
    use super::*;

    #[test]
    fn tells_new_known_and_conflicting_rows_apart() {
        let profile = Profile::parse(include_str!("../../../data/profiles/gansu-competition.toml")).unwrap();
        let code = |serial: u32| format!("S000062010001243J{serial:05}");
        let row = |line: u32, code: String, name: &'static str| (line, code, false, name);
        let known = |status, name: &str| KnownNumber { status, name: name.into(), id_number: format!("id {name}") };
        let ledger: BTreeMap<CertCode, KnownNumber> = [
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
            (11, code(9), true, "孙丽"),
            row(12, code(0), "孙丽"),
        ];
        let issued = rows.iter().map(|(line, code, is_wrong, _)| Issued { line: *line, code, is_wrong: *is_wrong });
        let holder = |row: u32| {
            let name = rows[row as usize].3;
            Holder { name: name.into(), id_number: format!("id {name}"), ..Holder::default() }
        };
        let look_up = |code| Ok::<_, ()>(ledger.get(&code).cloned());
        let adoption = adopt(&profile, issued, &holder, look_up).unwrap();
        let new: Vec<(u32, bool)> = adoption.new.iter().map(|a| (a.serial, a.was_reserved)).collect();
        assert_eq!((new, adoption.same), (vec![(1, false), (5, true)], 2));
        let conflicts =
            [(3, Twice(2)), (5, OtherPerson), (7, Void), (9, NoCode), (10, WrongCode), (11, WrongCode), (12, Outside)];
        assert_eq!(adoption.conflicts, conflicts);
    }
}
