//! An institution and what is on record about it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::level::Level;

/// An evaluation institution (评价机构).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Institution {
    /// The prefix (机构备案号): the first 13 characters of its codes (BJ-54).
    pub prefix: String,
    pub profile: String,
    /// What kind of body it is, in the authority's words; may be empty.
    pub kind: String,
    /// When it was filed.
    pub filed_on: Option<NaiveDate>,
    /// Persons and telephone numbers; may be empty.
    pub contact: String,
    /// Its names, oldest first, their days following each other; the last one is in force.
    pub names: Vec<DatedName>,
    /// Its seals (BJ-55).
    pub seals: Vec<Seal>,
    /// What it is on record for (备案范围); empty when that is not known.
    pub scope: Vec<ScopeItem>,
    /// When and why its prefix went to the retired codes (废置库); `None` while it may issue.
    pub retired: Option<Retired>,
}

/// A name with the days it is valid (GD-21).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DatedName {
    /// The name as filed, branch included.
    pub name: String,
    /// From this day on; `None` for ever since.
    pub from: Option<NaiveDate>,
    /// Up to and including this day; `None` while it is in force.
    pub to: Option<NaiveDate>,
}

/// A seal (印章) and since when it is used (BJ-55).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Seal {
    /// Its text.
    pub name: String,
    /// The seal itself since.
    pub from: Option<NaiveDate>,
    /// The electronic one since.
    pub electronic_from: Option<NaiveDate>,
}

/// One occupation an institution is on record for (GZ-30).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScopeItem {
    /// 职业名称
    pub occupation: String,
    /// 职业编码, such as `6-31-01-03`; may be empty.
    pub occupation_code: String,
    /// 工种名称; empty for every one of the occupation.
    pub work_type: String,
    /// 认定等级, each once, the highest first; empty for every one.
    pub levels: Vec<Level>,
    /// 标准; may be empty.
    pub standard: String,
}

/// Why a prefix can never issue again (BJ-50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Retired {
    /// The last day of its certificates; those dated later are wrong.
    pub on: NaiveDate,
    /// Why; may be empty where a successor tells it.
    pub reason: String,
    /// The prefix of the institution it went into, where it was merged or absorbed (BJ-51).
    pub successor: Option<String>,
}

impl DatedName {
    /// Tells whether the name is valid on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Institution {
    /// Gives the name in force, or the last one that was.
    pub fn name(&self) -> &str {
        self.names.last().map_or("", |n| n.name.as_str())
    }

    /// Gives the name that was valid on a day; `None` where no filed name reaches that far back.
    pub fn name_on(&self, day: NaiveDate) -> Option<&str> {
        self.names.iter().find(|n| n.is_valid_on(day)).map(|n| n.name.as_str())
    }

    /// Tells whether a certificate of that day would carry a retired prefix (BJ-50).
    pub fn is_retired_before(&self, day: NaiveDate) -> bool {
        self.retired.as_ref().is_some_and(|retired| retired.on < day)
    }
}
