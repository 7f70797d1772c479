//! Where the table starts: which of the first rows is its header.

use super::{ColumnMap, Field, SheetSpec, column_letters, group_titles};
use crate::domain::text;

/// Where the table starts: the header row found among the first rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMatch {
    /// Place among the rows that were looked at, from 0.
    pub index: usize,
    /// How many rows the header takes: 2 when group labels stand over the columns.
    pub height: usize,
    pub columns: ColumnMap,
}

/// Finds the header among the first rows: the row that names most columns of the form, at least three, and has no people
/// between itself and another that names as many.
pub fn find_header(rows: &[Vec<String>], spec: &SheetSpec) -> Option<HeaderMatch> {
    // The number of fields, the place and the height.
    let mut best = (FEWEST - 1, 0, 0);
    let mut here = rows.first().map_or(0, |row| count(row, spec));
    for (index, row) in rows.iter().enumerate() {
        // Whoever stands under a header belongs to it; a fuller one further down would lose them.
        if FEWEST <= best.0 && holds_data(row) {
            break;
        }
        let below = rows.get(index + 1);
        let next = below.map_or(0, |below| count(below, spec));
        let mut candidate = (here, index, 1);
        // A second header row is taken only when it names columns that the first leaves open and holds no data.
        let holds_none = |below: &&Vec<String>| !holds_data(row) && !holds_data(below);
        if let Some(below) =
            below.filter(|below| !row.is_empty() && FEWEST <= row.len().max(below.len())).filter(holds_none)
        {
            let joined = count(&joined_labels(row, below, spec), spec);
            if here < joined && next < joined {
                candidate = (joined, index, 2);
            }
        }
        if best.0 < candidate.0 {
            best = candidate;
        }
        if spec.columns.len() <= best.0 {
            break;
        }
        here = next;
    }
    let (_, index, height) = best;
    let labels = match height {
        0 => return None,
        1 => rows[index].clone(),
        _ => joined_labels(&rows[index], &rows[index + 1], spec),
    };
    Some(HeaderMatch { index, height, columns: ColumnMap::matched(&labels, spec) })
}

/// Tells whether a row is a person's: taken for the header it would be left out.
pub fn is_persons(row: &[String], spec: &SheetSpec) -> bool {
    holds_data(row) && !begins_with_a_label(row, spec)
}

/// Takes a row for the header because somebody says so; of two header rows it is the lower one. Nothing where it is blank.
pub fn header_at(rows: &[Vec<String>], index: usize, spec: &SheetSpec) -> Option<HeaderMatch> {
    let row = rows.get(index).filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))?;
    let above = index.checked_sub(1).map(|i| &rows[i]);
    let above = above.filter(|above| !above.is_empty() && !holds_data(above) && !holds_data(row));
    let joined = above.map(|above| joined_labels(above, row, spec));
    let joined =
        joined.filter(|joined| count(row, spec).max(above.map_or(0, |a| count(a, spec))) < count(joined, spec));
    Some(match joined {
        Some(labels) => HeaderMatch { index: index - 1, height: 2, columns: ColumnMap::matched(&labels, spec) },
        None => HeaderMatch { index, height: 1, columns: ColumnMap::matched(row, spec) },
    })
}

/// Names the columns of rows without a header by their letters.
pub fn no_header(rows: &[Vec<String>], spec: &SheetSpec) -> HeaderMatch {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let labels: Vec<String> = (0..width).map(column_letters).collect();
    HeaderMatch { index: 0, height: 0, columns: ColumnMap::matched(&labels, spec) }
}

/// The fewest fields a header names.
pub(super) const FEWEST: usize = 3;

impl HeaderMatch {
    /// Gives the place of the first person above the header, as where it was sorted in among them.
    pub fn person_above(&self, rows: &[Vec<String>]) -> Option<usize> {
        let column = self.columns.of(Field::IdNumber)?;
        let is_person = |row: &Vec<String>| row.get(column).is_some_and(|cell| text::looks_like_id(cell.trim()));
        rows.iter().take(self.index).position(is_person)
    }
}

/// Counts the fields that a row names; a person's row names none.
fn count(row: &[String], spec: &SheetSpec) -> usize {
    if row.len() < FEWEST || is_persons(row, spec) {
        return 0;
    }
    let mut fields = 0u32;
    row.iter().filter_map(|cell| spec.field_of(cell)).for_each(|field| fields |= 1 << field.index());
    fields.count_ones() as usize
}

/// An ID number may stand among the labels, as where a row was glued to them.
fn begins_with_a_label(row: &[String], spec: &SheetSpec) -> bool {
    row.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| spec.field_of(cell).is_some())
}

fn holds_data(row: &[String]) -> bool {
    row.iter().any(|cell| text::looks_like_id(cell.trim()))
}

/// Joins a group label with the label below it. The lower one names the column where both are there, unless it is the half of
/// one: 号码 below 证件, or 评价 below 机构.
fn joined_labels(above: &[String], below: &[String], spec: &SheetSpec) -> Vec<String> {
    let width = above.len().max(below.len());
    let groups = group_titles(above, width);
    let joined = |i: usize| {
        let [upper, lower] = [above, below].map(|row| row.get(i).map_or("", |cell| cell.trim()));
        let whole = |upper: &str| format!("{upper}{lower}");
        let turned = |upper: &str| format!("{lower}{upper}");
        if lower.is_empty() {
            upper.to_string()
        } else if !upper.is_empty() && spec.knows(&whole(upper)) {
            whole(upper)
        } else if spec.field_of(lower).is_none() && spec.knows(&whole(&groups[i])) {
            whole(&groups[i])
        } else if spec.field_of(lower).is_none() && spec.field_of(&turned(&groups[i])).is_some() {
            turned(&groups[i])
        } else {
            lower.to_string()
        }
    };
    (0..width).map(joined).collect()
}
