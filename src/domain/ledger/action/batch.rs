//! What is said of the work on batches.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::wire;
use crate::domain::ledger::{BatchId, TextsDigest};
use crate::domain::profile_choice::ChosenBy;
use crate::domain::roster::{self, Beside, RowId};
use crate::domain::sheet::{ColumnMap, Field, FoundBy, Looks, LostClaim, SourceColumn};

/// How many cells of a change stand in its entry; of a larger change only a digest does, its cells are in the change log.
const CELLS: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchCreated {
    /// The file's name without its folder.
    pub file: String,
    pub sheet: String,
    /// The profile's id.
    pub profile: String,
    /// Nothing in entries of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::chosen_by")]
    pub profile_by: Option<ChosenBy>,
    /// What the workbook had besides; nothing where it had nothing, and in entries of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    /// How rows were told from people ([`READING`](crate::domain::sheet::READING)); nothing in entries of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<u32>,
}

/// Every row is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRead {
    pub rows: u32,
    /// `None` for a file that could not be read a second time.
    pub sha256: Option<String>,
}

/// The rows of a further file or sheet are there, behind those that were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAdded {
    /// Its number among the files of the batch, of which the first has none.
    pub part: u32,
    /// The file's name without its folder.
    pub file: String,
    pub sheet: String,
    /// The place of its first row in the roster.
    pub first_row: RowId,
    pub rows: u32,
    /// `None` for a file that was written over while it was read.
    pub sha256: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    pub sha256: String,
}

/// Which column holds which field (栏目对应).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatches {
    pub columns: Vec<ColumnMatch>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// As the file has it.
    pub label: String,
    pub field: Option<Field>,
    /// The title over it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The field it names and does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<LostClaim>,
    /// By what it came to its field, where that was not its label; so in entries of earlier versions.
    #[serde(default, skip_serializing_if = "FoundBy::is_label")]
    pub by: FoundBy,
    /// What its cells look like, where that is the reason or speaks against it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::looks")]
    pub looks: Option<Looks>,
    /// Whether it is called as a person is; not so in entries of earlier versions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_person: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchProfile {
    /// The profile's id.
    pub profile: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::chosen_by")]
    pub profile_by: Option<ChosenBy>,
}

/// A change of cells that is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellsChanged {
    pub title: String,
    pub cells: u64,
    /// The cells, where they are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<Vec<EditedCell>>,
    /// The SHA-256 over them, where they are many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// How many rows were put aside, brought back, and noted upon; nothing in entries of earlier versions.
    #[serde(default, skip_serializing_if = "is_none")]
    pub rows_aside: u64,
    #[serde(default, skip_serializing_if = "is_none")]
    pub rows_back: u64,
    #[serde(default, skip_serializing_if = "is_none")]
    pub rows_noted: u64,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditedCell {
    pub row: RowId,
    pub field: Field,
    pub before: String,
    pub after: String,
}

/// A change that was taken back or made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepMoved {
    pub title: String,
    /// Its number in the change log.
    pub step: i64,
}

/// A batch as it was when it was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BatchDeleted {
    ByUser {
        file: String,
        rows: i64,
        sha256: Option<String>,
        /// How many changes were in force.
        changes: i64,
    },
    /// What an import that was cut off had left.
    Leftover { file: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReplacedBy {
    pub replaced_by: BatchId,
}

/// Who held a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFrom {
    pub user: String,
    pub host: String,
    pub since: String,
}

/// Who holds it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBy {
    pub user: String,
    pub host: String,
}

impl fmt::Debug for EditedCell {
    // Personal data: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ..", self.row, self.field.key())
    }
}

impl ColumnMatches {
    pub fn of(map: &ColumnMap) -> ColumnMatches {
        let columns = map.source.iter().map(|c| ColumnMatch {
            // Where a row of people was taken for the header, it is theirs and no label.
            label: c.shown_label().into_owned(),
            field: c.field,
            group: if c.lost.is_some() { c.group.clone() } else { String::new() },
            lost: c.lost,
            by: c.by,
            looks: c.looks.filter(|_| c.by == FoundBy::Contents || c.contradicted().is_some()),
            is_person: c.is_person,
        });
        ColumnMatches { columns: columns.collect() }
    }
}

impl ColumnMatch {
    pub fn into_column(self) -> SourceColumn {
        let ColumnMatch { label, field, group, lost, by, looks, is_person } = self;
        SourceColumn { label, field, group, lost, by, looks, is_person }
    }
}

impl CellsChanged {
    /// Tells a change: its cells where they are few, else their digest.
    pub fn of(change: &roster::Change) -> CellsChanged {
        let roster::RowCounts { aside, back, noted } = change.row_counts();
        let is_small = change.edits.len() <= CELLS;
        let edit = |e: &roster::CellEdit| EditedCell {
            row: e.row,
            field: e.field,
            before: e.before.to_string(),
            after: e.after.to_string(),
        };
        CellsChanged {
            title: change.title.clone(),
            cells: change.edits.len() as u64,
            edits: is_small.then(|| change.edits.iter().map(edit).collect()),
            digest: (!is_small).then(|| digest(change)),
            rows_aside: aside,
            rows_back: back,
            rows_noted: noted,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Computes the SHA-256 over all cells of a change: of each the row, the field and both texts with their lengths.
fn digest(change: &roster::Change) -> String {
    let mut digest = TextsDigest::default();
    for edit in &change.edits {
        digest.add_number(edit.row);
        [edit.field.key(), &*edit.before, &*edit.after].into_iter().for_each(|text| digest.add(text));
    }
    digest.finish()
}
