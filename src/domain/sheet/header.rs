//! Where the table starts: which of the first rows is its header.

use super::{ColumnMap, SheetSpec, group_titles};
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

/// Finds the header among the first rows: the row that names most columns of the form, at least three.
pub fn find_header(rows: &[Vec<String>], spec: &SheetSpec) -> Option<HeaderMatch> {
    // The number of fields, the place and the height.
    let mut best = (FEWEST - 1, 0, 0);
    let mut here = rows.first().map_or(0, |row| count(row, spec));
    for (index, row) in rows.iter().enumerate() {
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

/// The fewest fields a header names.
const FEWEST: usize = 3;

/// Counts the fields that a row names; a person's row names none.
fn count(row: &[String], spec: &SheetSpec) -> usize {
    // A number among the labels makes nobody of them.
    let is_person = || holds_data(row) && row.first().is_none_or(|cell| spec.field_of(cell).is_none());
    if row.len() < FEWEST || is_person() {
        return 0;
    }
    let mut fields = 0u32;
    row.iter().filter_map(|cell| spec.field_of(cell)).for_each(|field| fields |= 1 << field.index());
    fields.count_ones() as usize
}

fn holds_data(row: &[String]) -> bool {
    row.iter().any(|cell| text::looks_like_id(cell.trim()))
}

/// Joins a group label with the label below it. The lower one names the column where both are there, unless it is the half of
/// one: 号码 below 证件.
fn joined_labels(above: &[String], below: &[String], spec: &SheetSpec) -> Vec<String> {
    let width = above.len().max(below.len());
    let groups = group_titles(above, width);
    let joined = |i: usize| {
        let [upper, lower] = [above, below].map(|row| row.get(i).map_or("", |cell| cell.trim()));
        let whole = |upper: &str| format!("{upper}{lower}");
        if lower.is_empty() {
            upper.to_string()
        } else if !upper.is_empty() && spec.knows(&whole(upper)) {
            whole(upper)
        } else if spec.field_of(lower).is_none() && spec.knows(&whole(&groups[i])) {
            whole(&groups[i])
        } else {
            lower.to_string()
        }
    };
    (0..width).map(joined).collect()
}
