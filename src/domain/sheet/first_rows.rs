//! Cells before it is settled what their columns hold (表头未定): what looks like a name or a number of somebody is masked.

use std::borrow::Cow;

use super::row_words::{is_phone, is_plain_name};
use super::{CalledNames, Field, HeaderMatch, RowWords, SheetSpec};
use crate::domain::{level, text};

/// A number of so many digits may be somebody's; counts and amounts are shorter.
pub(super) const SHORTEST: usize = 7;
/// Numbers of residents had so many digits, and have more.
pub(super) const SHORTEST_ID: usize = 15;

/// Tells whether a cell is a number of somebody, as nothing else has so many digits in one: no date, no code with its signs.
pub(super) fn is_number(cell: &str) -> bool {
    let compact = text::compact(cell);
    let digits = compact.bytes().filter(u8::is_ascii_digit).count();
    let is_day = digits == 8 && compact.len() == 8 && (compact.starts_with("19") || compact.starts_with("20"));
    // No number of anybody is as long as a digest.
    SHORTEST <= digits
        && compact.len() < 32
        && !is_day
        && (compact.bytes().all(|b| b.is_ascii_alphanumeric()) || is_phone(&compact))
}

/// Masks the first rows of a sheet: in the columns of a roster by what they hold, elsewhere by what the cells look like. The rows
/// above the first person are labels and titles, which somebody has to read.
pub fn mask_first_rows(rows: &mut [Vec<String>], header: Option<&HeaderMatch>, (spec, words): (&SheetSpec, &RowWords)) {
    let first_of_people = || rows.iter().position(|row| row.iter().any(|cell| is_number(cell))).unwrap_or(1);
    let top = header.map_or_else(first_of_people, |header| header.index + header.height);
    let id =
        header.and_then(|header| header.columns.source.iter().position(|source| source.field == Some(Field::IdNumber)));
    for (at, row) in rows.iter_mut().enumerate() {
        // In the rows of nobody, signatures and totals, the columns do not say what stands in them.
        let is_person = id.is_none_or(|id| row.get(id).is_some_and(|cell| is_number(cell)));
        for (column, cell) in row.iter_mut().enumerate() {
            let is_signed = cell.contains([':', '：']);
            let source = header.filter(|_| top <= at).and_then(|header| header.columns.source.get(column));
            *cell = match (source, source.and_then(|source| source.field)) {
                (Some(_), _) if is_signed && !is_person => words.masked_aside(None, cell),
                (_, Some(field)) if !is_person && field.masked(cell) == *cell => {
                    spec.masked_sample("", cell).into_owned()
                }
                (_, Some(field)) if spec.is_name_for_type(field, cell) => text::masked_name(cell),
                (_, Some(field)) => field.masked(cell),
                (Some(source), None) => spec.masked_sample(&source.label, cell).into_owned(),
                (None, _) if at < top && is_signed => words.masked_words_about(cell, ["", ""], &CalledNames::default()),
                (None, _) if at < top => text::masked_sentence(cell),
                (None, _) if is_signed => words.masked_aside(None, cell),
                (None, _) => spec.masked_sample("", cell).into_owned(),
            };
        }
    }
}

impl SheetSpec {
    /// Masks a cell of a column of which nobody knows what it holds, or only that the form does not have it.
    pub fn masked_sample<'a>(&self, label: &str, cell: &'a str) -> Cow<'a, str> {
        let compact = text::compact(cell);
        // Under a label of the form stands what it says, even where another column, or none, was taken for it.
        match self.field_called(label) {
            Some(Field::Code) if !text::looks_like_id(&compact) => return cell.into(),
            Some(Field::Code) | None => {}
            Some(field) => {
                let masked = field.masked(cell);
                if masked != cell {
                    return masked.into();
                }
            }
        }
        if is_number(cell) {
            return text::masked_number(cell).into();
        }
        let is_known = |label: &str| !label.is_empty() && self.knows(label) && !self.names_another(label);
        let is_name = is_plain_name(&compact)
            && !is_known(label)
            && !is_known(&compact)
            && !self.words.is_some_and(|words| words.id_types.knows(&compact))
            && level::read(&compact).level().is_none();
        match self.words {
            _ if is_name => text::masked_name(cell).into(),
            // In a remark a name stands behind what says who somebody is.
            Some(words) if cell.chars().any(text::is_han) => {
                words.row_words.masked_words_about(cell, ["", ""], &CalledNames::default()).into()
            }
            _ => text::masked_sentence(cell).into(),
        }
    }
}
