//! A number that was taken, and what it stands for.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{BatchId, SeriesKey};
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
    /// Tells whether a certificate with this status may take another next; never the one it has.
    ///
    /// What was returned is exported again; what the public can see only ends by a revocation.
    pub fn may_become(self, next: Status) -> bool {
        use Status::{Accepted, Allocated, Exported, Published, Reserved, Returned, Revoked, Submitted, Void};
        match self {
            Reserved => matches!(next, Allocated | Void),
            Allocated => matches!(next, Exported | Void),
            Exported => matches!(next, Submitted | Returned | Void),
            Submitted => matches!(next, Returned | Accepted | Published),
            Returned => matches!(next, Exported | Void),
            Accepted => matches!(next, Returned | Published | Revoked),
            Published => matches!(next, Revoked),
            Void | Revoked => false,
        }
    }

    /// Tells whether an upload file may renew its record: one that no authority has. A file that is written anew holds again
    /// what is exported already.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Allocated | Status::Exported | Status::Returned)
    }

    /// Tells whether nothing but a revocation leads on from it.
    pub fn is_for_good(self) -> bool {
        Status::ALL.into_iter().all(|next| next == Status::Revoked || !self.may_become(next))
    }

    /// Those that certificates are given by hand. Void and revoked have acts of their own, which ask why; only a plan gives
    /// numbers to holders.
    pub const BY_HAND: [Status; 5] =
        [Status::Exported, Status::Submitted, Status::Accepted, Status::Returned, Status::Published];

    /// Tells whether it is taken with a reason only: whoever fixes a row must know why it came back, whoever meets a void
    /// number why nobody has it.
    pub fn needs_reason(self) -> bool {
        matches!(self, Status::Returned | Status::Void)
    }

    /// Tells whether the record is the authority's by now, if only to be looked at: a case (更正、撤销) changes it, and nothing
    /// else (BJ-27). What came back is the roster's again.
    pub fn is_handed_in(self) -> bool {
        matches!(self, Status::Submitted | Status::Accepted | Status::Published)
    }
}

/// Where a column of the record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordPart {
    /// With the certificate: its holder's own.
    Person,
    /// With the assessment, which many certificates share.
    Assessment,
}

/// A column of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordColumn {
    pub field: Field,
    /// Its name in the tables of the store; in JSON it has the field's.
    pub name: &'static str,
    pub part: RecordPart,
}

macro_rules! record {
    ($($(#[$doc:meta])* $column:ident: $field:ident of $part:ident;)*) => {
        /// What a certificate says of its holder: the columns of the upload form but the code, each as it was last written.
        #[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub struct Holder {
            $($(#[$doc])* pub $column: String,)*
        }

        impl Holder {
            /// How many columns a record has.
            pub const COUNT: usize = [$(Field::$field),*].len();

            /// The columns of a record, in the order of the upload form.
            pub const COLUMNS: [RecordColumn; Holder::COUNT] = [
                $(RecordColumn { field: Field::$field, name: stringify!($column), part: RecordPart::$part }),*
            ];

            /// Gives what stands in a column; `None` for one that is no part of the record, the code above all.
            pub fn cell(&self, field: Field) -> Option<&str> {
                match field {
                    $(Field::$field => Some(&self.$column),)*
                    _ => None,
                }
            }

            /// Gives the place of a column's text, as [`Holder::cell`] does.
            pub fn cell_mut(&mut self, field: Field) -> Option<&mut String> {
                match field {
                    $(Field::$field => Some(&mut self.$column),)*
                    _ => None,
                }
            }

            /// Lists the texts by the names used in JSON, in the order of [`Holder::COLUMNS`].
            pub fn columns(&self) -> [(&'static str, &str); Holder::COUNT] {
                [$((Field::$field.key(), &self.$column)),*]
            }

            /// Takes the texts in the order of [`Holder::COLUMNS`].
            ///
            /// # Errors
            /// That of the first text that cannot be given.
            pub fn read<E>(mut text: impl FnMut() -> Result<String, E>) -> Result<Holder, E> {
                Ok(Holder { $($column: text()?),* })
            }
        }
    };
}

record! {
    /// 姓名
    name: Name of Person;
    /// 证件类型
    id_type: IdType of Person;
    /// 证件号码
    id_number: IdNumber of Person;
    /// 所在单位
    employer: Employer of Person;
    /// 职业名称
    occupation: Occupation of Assessment;
    /// 工种/职业方向
    work_type: WorkType of Assessment;
    /// 职业技能等级, its digit; empty for a number without a holder
    level: Level of Assessment;
    /// 发证日期, `YYYY-MM-DD`
    issue_date: IssueDate of Assessment;
    /// 评价机构
    institution: Institution of Assessment;
    /// 发证机构
    issuing_body: IssuingBody of Assessment;
}

impl Holder {
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
        Holder::COLUMNS.into_iter().map(|column| column.field)
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
    /// The day it came to that; `None` where the store has a text that is no day.
    pub status_on: Option<NaiveDate>,
    /// What it says; empty texts while it is only reserved.
    pub holder: Holder,
    /// The batch and row it was given to; `None` for one that was adopted from an earlier file or reserved.
    pub row: Option<(BatchId, RowId)>,
    /// The audit entry that took the number.
    pub taken: u64,
    /// The day of the last reissue (补换发).
    pub reissued_on: Option<NaiveDate>,
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
            assert!(!status.may_become(status), "{status:?}");
            assert!(!status.may_become(Status::Exported) || status.is_open(), "{status:?}");
        }
        assert!(Status::ALL.iter().all(|next| !Status::Void.may_become(*next) && !Status::Revoked.may_become(*next)));
        assert!(Status::ALL.iter().filter(|s| s.may_become(Status::Allocated)).eq([&Status::Reserved]));
        let ends: Vec<Status> = Status::ALL.into_iter().filter(|s| s.is_for_good()).collect();
        assert_eq!(ends, [Status::Published, Status::Void, Status::Revoked]);
    }
}
