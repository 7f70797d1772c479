//! The institution registry (评价机构登记): who may issue under which prefix, under which name, and within which scope.

use chrono::NaiveDate;

/// An evaluation institution (评价机构).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Institution {
    /// The prefix (机构备案号): the first 13 characters of its codes (BJ-54).
    pub prefix: String,
    /// The profile's id.
    pub profile: String,
    /// What kind of body it is, in the authority's words; may be empty.
    pub kind: String,
    /// When it was filed.
    pub filed_on: Option<NaiveDate>,
    /// Persons and telephone numbers; may be empty.
    pub contact: String,
    /// Its names, oldest first; the last one is in force.
    pub names: Vec<DatedName>,
    /// Its seals (BJ-55).
    pub seals: Vec<Seal>,
    /// What it is on record for (备案范围); empty when that is not known.
    pub scope: Vec<ScopeItem>,
    /// When and why its prefix went to the retired codes (废置库); `None` while it may issue.
    pub retired: Option<Retired>,
}

/// A name with the days it is valid (GD-21).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatedName {
    /// The name as filed, branch included.
    pub name: String,
    /// From this day on; `None` for ever since.
    pub from: Option<NaiveDate>,
    /// Up to and including this day; `None` while it is in force.
    pub to: Option<NaiveDate>,
}

/// A seal (印章) and since when it is used (BJ-55).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seal {
    /// Its text.
    pub name: String,
    /// The seal itself since.
    pub from: Option<NaiveDate>,
    /// The electronic one since.
    pub electronic_from: Option<NaiveDate>,
}

/// One occupation an institution is on record for (GZ-30).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeItem {
    /// 职业名称
    pub occupation: String,
    /// 职业编码, such as `6-31-01-03`; may be empty.
    pub occupation_code: String,
    /// 工种名称; empty for every one of the occupation.
    pub work_type: String,
    /// 认定等级, each level's digit once, such as `345`; empty for every one.
    pub levels: String,
    /// 标准; may be empty.
    pub standard: String,
}

/// Why a prefix can never issue again (BJ-50).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// The day; certificates dated later are wrong.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
    /// The prefix of the institution it went into, where it was merged or absorbed (BJ-51).
    pub successor: Option<String>,
}
