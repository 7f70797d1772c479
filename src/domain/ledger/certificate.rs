//! A number that was taken, and what it stands for.

use super::SeriesKey;
use crate::domain::code::CertCode;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What became of a number (证书状态), in the order of a certificate's life.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Status {
        /// Reserved for a paper list; no holder yet.
        Reserved = "reserved",
        /// Given to a row of a batch.
        Allocated = "allocated",
        /// In an upload file that was written.
        Exported = "exported",
        Submitted = "submitted",
        /// Sent back for mending.
        Returned = "returned",
        /// Accepted by the authority.
        Accepted = "accepted",
        /// Can be looked up by the public.
        Published = "published",
        /// Never to be used: spoilt or given by mistake.
        Void = "void",
        /// Revoked; the number stays occupied (GD-17, BJ-29).
        Revoked = "revoked",
    }
}

impl Status {
    /// Tells whether a certificate with this status may take another next.
    ///
    /// What was returned is exported again; what the public can see only ends by a revocation.
    pub fn may_become(self, next: Status) -> bool {
        use Status::{Accepted, Allocated, Exported, Published, Reserved, Returned, Revoked, Submitted, Void};
        match self {
            Reserved => matches!(next, Allocated | Void),
            Allocated => matches!(next, Exported | Void),
            Exported => matches!(next, Exported | Submitted | Returned | Void),
            Submitted => matches!(next, Returned | Accepted | Published),
            Returned => matches!(next, Exported | Void),
            Accepted => matches!(next, Returned | Published | Revoked),
            Published => matches!(next, Revoked),
            Void | Revoked => false,
        }
    }

    /// Tells whether the record is the authority's by now: only a case (更正、撤销) changes it (BJ-27).
    pub fn is_on_record(self) -> bool {
        matches!(self, Status::Accepted | Status::Published | Status::Revoked)
    }
}

/// What a certificate says of its holder: the columns of the upload form but the code, each as it was last written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// 姓名
    pub name: String,
    /// 证件类型
    pub id_type: String,
    /// 证件号码
    pub id_number: String,
    /// 所在单位
    pub employer: String,
    /// 职业名称
    pub occupation: String,
    /// 工种/职业方向
    pub work_type: String,
    /// 职业技能等级, its digit; empty for a number without a holder
    pub level: String,
    /// 发证日期, `YYYY-MM-DD`
    pub issue_date: String,
    /// 评价机构
    pub institution: String,
    /// 发证机构
    pub issuing_body: String,
}

impl Holder {
    /// Gives what stands in a column; `None` for one that is no part of the record, the code above all.
    pub fn cell(&self, field: Field) -> Option<&str> {
        Some(match field {
            Field::Name => &self.name,
            Field::IdType => &self.id_type,
            Field::IdNumber => &self.id_number,
            Field::Employer => &self.employer,
            Field::Occupation => &self.occupation,
            Field::WorkType => &self.work_type,
            Field::Level => &self.level,
            Field::IssueDate => &self.issue_date,
            Field::Institution => &self.institution,
            Field::IssuingBody => &self.issuing_body,
            _ => return None,
        })
    }

    /// Gives the place of a column's text, as [`Holder::cell`] does.
    pub fn cell_mut(&mut self, field: Field) -> Option<&mut String> {
        Some(match field {
            Field::Name => &mut self.name,
            Field::IdType => &mut self.id_type,
            Field::IdNumber => &mut self.id_number,
            Field::Employer => &mut self.employer,
            Field::Occupation => &mut self.occupation,
            Field::WorkType => &mut self.work_type,
            Field::Level => &mut self.level,
            Field::IssueDate => &mut self.issue_date,
            Field::Institution => &mut self.institution,
            Field::IssuingBody => &mut self.issuing_body,
            _ => return None,
        })
    }

    /// Gives the record with personal data masked, as lists show it.
    pub fn masked(&self) -> Holder {
        let mut masked = self.clone();
        for field in Holder::fields() {
            if let Some(cell) = masked.cell_mut(field) {
                *cell = field.masked(cell);
            }
        }
        masked
    }

    /// Lists the columns of a record, in the order of the upload form.
    pub fn fields() -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(|field| Holder::default().cell(*field).is_some())
    }
}

/// A number that was taken (证书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub code: CertCode,
    /// The series it is counted in.
    pub series: SeriesKey,
    /// The serial in that series.
    pub serial: u32,
    /// What became of it.
    pub status: Status,
    /// The day it came to that, `YYYY-MM-DD`.
    pub status_on: String,
    /// What it says; empty texts while it is only reserved.
    pub holder: Holder,
    /// The batch and row it was given to; `None` for one that was adopted from an earlier file or reserved.
    pub row: Option<(i64, RowId)>,
    /// The audit entry that took the number.
    pub taken: u64,
    /// The day of the last reissue (补换发), `YYYY-MM-DD`; empty when there was none.
    pub reissued_on: String,
}

impl Holder {
    /// Lists the columns by the names used in JSON, in the order of the upload form.
    pub fn columns(&self) -> [(&'static str, &str); 10] {
        [
            ("name", &self.name),
            ("id-type", &self.id_type),
            ("id-number", &self.id_number),
            ("employer", &self.employer),
            ("occupation", &self.occupation),
            ("work-type", &self.work_type),
            ("level", &self.level),
            ("issue-date", &self.issue_date),
            ("institution", &self.institution),
            ("issuing-body", &self.issuing_body),
        ]
    }
}

impl std::fmt::Debug for Holder {
    // Personal data: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Holder { .. }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_known_by_its_name_and_never_leads_back_to_the_beginning() {
        for status in Status::ALL {
            assert_eq!(Status::read(status.key()), Some(status));
            assert!(!status.may_become(Status::Reserved), "{status:?}");
        }
        assert!(Status::ALL.iter().all(|next| !Status::Void.may_become(*next) && !Status::Revoked.may_become(*next)));
        assert!(Status::ALL.iter().filter(|s| s.may_become(Status::Allocated)).eq([&Status::Reserved]));
    }
}
