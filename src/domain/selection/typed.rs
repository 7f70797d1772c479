//! What is typed into the filter's line (筛选的写法): `栏目=值`, `栏目~文字`, `栏目!=值`, or a text anywhere.

use std::sync::Arc;

use super::{Condition, ValueTest};
use crate::domain::roster::CellSource;
use crate::domain::sheet::{ColumnMap, Field, SheetSpec};
use crate::domain::{sound, text};

/// The signs between a column and what it is tested for, the longer ones first, each with whether the test is negated and
/// whether it is for a part of the cell.
const SIGNS: [(&str, bool, bool); 5] =
    [("!=", true, false), ("≠", true, false), ("!~", true, true), ("=", false, false), ("~", false, true)];

/// Several columns begin as was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveralColumns(pub Vec<Field>);

/// Reads what was typed; what names no column is a text that may stand in any.
pub fn read_condition(typed: &str, form: &SheetSpec, columns: &ColumnMap) -> Result<Condition, SeveralColumns> {
    let half: String = typed.chars().map(text::half_width).collect();
    let signs = SIGNS.iter().filter_map(|sign| Some((half.find(sign.0)?, sign)));
    let anywhere = || Condition::Text { text: typed.to_string(), field: None };
    let Some((at, (sign, negated, is_part))) = signs.min_by_key(|(at, sign)| (*at, usize::MAX - sign.0.len())) else {
        return Ok(anywhere());
    };
    let Some(column) = read_source(&half[..at], form, columns)? else { return Ok(anywhere()) };
    // Only the column is read in half width: what a cell holds is what it is.
    let value: String = typed.chars().skip(half[..at + sign.len()].chars().count()).collect();
    let value = value.trim();
    let test = match value {
        "" => ValueTest::Empty,
        text if *is_part => ValueTest::Contains(text.to_string()),
        text => ValueTest::Is(vec![Arc::from(text)]),
    };
    Ok(Condition::Value { column, test, negated: *negated })
}

/// Gives what stands where a column would, in a condition that was taken for a text since no column is called so.
pub fn unknown_column(condition: &Condition) -> Option<&str> {
    let Condition::Text { text, field: None } = condition else { return None };
    let is_sign = |c: char| ['=', '~', '!', '≠'].contains(&text::half_width(c));
    text.find(is_sign).map(|at| text[..at].trim()).filter(|column| !column.is_empty())
}

/// Finds a column of the form, else one of the file that the form does not have, by its header or its letters.
pub fn read_source(typed: &str, form: &SheetSpec, columns: &ColumnMap) -> Result<Option<CellSource>, SeveralColumns> {
    // Initials and beginnings are guessed at only where no column of the file is called just so.
    match columns.aside_named(typed.trim()) {
        Some(column) if form.field_of(typed.trim()).is_none() => Ok(Some(CellSource::Aside(column))),
        _ => Ok(read_column(typed, form)?.map(CellSource::Field)),
    }
}

/// Finds the column that is called so, or that alone begins so, or whose first letters these are; nothing where none does.
pub fn read_column(typed: &str, form: &SheetSpec) -> Result<Option<Field>, SeveralColumns> {
    let typed = text::compact(typed).to_lowercase();
    if typed.is_empty() {
        return Ok(None);
    }
    let labelled = form.fields.iter().copied().find(|field| form.label(*field).to_lowercase() == typed);
    if let Some(field) = labelled.or_else(|| form.field_of(&typed).filter(|field| form.fields.contains(field))) {
        return Ok(Some(field));
    }
    match begun(&typed, form).as_slice() {
        [] => Ok(None),
        [field] => Ok(Some(*field)),
        several => Err(SeveralColumns(several.to_vec())),
    }
}

/// Completes the column that is being typed, with the sign behind it where it is the only one; nothing where none begins so.
pub fn completed(typed: &str, form: &SheetSpec) -> Option<String> {
    let begun = begun(&text::compact(typed).to_lowercase(), form);
    let (first, others) = begun.split_first()?;
    let label = form.label(*first);
    if others.is_empty() {
        return Some(format!("{label}="));
    }
    let shared = |(at, c): &(usize, char)| {
        others.iter().all(|field| form.label(*field)[..].get(*at..).is_some_and(|rest| rest.starts_with(*c)))
    };
    let common: String = label.char_indices().take_while(shared).map(|(_, c)| c).collect();
    (typed.chars().count() < common.chars().count()).then_some(common)
}

fn begun(typed: &str, form: &SheetSpec) -> Vec<Field> {
    let is_so = |field: &Field| {
        let label = form.label(*field);
        label.to_lowercase().starts_with(typed) || sound::initials_begin(label, typed)
    };
    if typed.is_empty() { Vec::new() } else { form.fields.iter().copied().filter(is_so).collect() }
}
