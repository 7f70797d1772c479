//! Whether a row of the list is of the person that its anchor is of (核对): a sort may have moved one without the other.

use std::collections::HashMap;

use super::UnknownRow;
use super::list::{AnswerCell, AnswerRow, WHO};
use crate::domain::batch::Batch;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;

/// The row of the batch that a row of the list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub row: RowId,
    /// Whether the anchor beside it is another's.
    pub is_moved: bool,
}

/// The people of a batch, with what they were called at any time: the list may have gone out between two changes.
#[derive(Debug)]
pub struct People<'a> {
    batch: &'a Batch,
    earlier: HashMap<(RowId, Field), Vec<&'a str>>,
}

impl People<'_> {
    pub fn of(batch: &Batch) -> People<'_> {
        let mut earlier: HashMap<(RowId, Field), Vec<&str>> = HashMap::new();
        let steps = batch.history().applied().iter().chain(batch.history().undone_steps());
        for edit in steps.flat_map(|step| &step.edits).filter(|edit| WHO.contains(&edit.field)) {
            earlier.entry((edit.row, edit.field)).or_default().extend([&*edit.before, &*edit.after]);
        }
        People { batch, earlier }
    }

    /// Holds an anchor against what its row tells of the person. Where they are of two people, the row is looked for where the
    /// list says that it stands; it is the one if everything told is of it.
    pub fn row_of(
        &self,
        row: &AnswerRow,
        anchored: Result<RowId, (UnknownRow, Option<i64>)>,
    ) -> Result<Found, (UnknownRow, Option<i64>)> {
        let anchored = anchored?;
        if self.is_of(row, anchored) {
            return Ok(Found { row: anchored, is_moved: false });
        }
        let is_it = |other: &RowId| *other != anchored && self.tells_all_of(row, *other);
        let found = self.stands_at(&row.place).filter(is_it);
        found.map(|row| Found { row, is_moved: true }).ok_or((UnknownRow::OtherPerson, None))
    }

    fn is_of(&self, row: &AnswerRow, id: RowId) -> bool {
        let place = self.is_placed(&row.place, id);
        let who = || row.cells().iter().filter(|cell| WHO.contains(&cell.field) && !cell.now.is_empty());
        let is_named = who().any(|cell| self.is_told(cell, id));
        let mut others = who().filter(|cell| !self.is_told(cell, id));
        match (others.next(), others.next()) {
            _ if place == Some(false) => false,
            (None, _) => is_named || place == Some(true),
            // Somebody has put a name or a number right where it is told; all else says who it is.
            (Some(written), None) => place == Some(true) && is_named && !written.now.contains(['*', '＊']),
            (Some(_), Some(_)) => false,
        }
    }

    fn is_told(&self, cell: &AnswerCell, row: RowId) -> bool {
        let roster = self.batch.roster();
        let earlier = self.earlier.get(&(row, cell.field)).map_or(&[][..], Vec::as_slice);
        [roster.cell(row, cell.field), roster.imported(row, cell.field)]
            .iter()
            .chain(earlier)
            .any(|value| cell.tells(row, self.batch, value))
    }

    /// Tells whether a row stands where the list says; nothing where it does not say.
    fn is_placed(&self, place: &[String], row: RowId) -> Option<bool> {
        let roster = self.batch.roster();
        match place {
            [line] if !line.is_empty() => Some(*line == roster.line(row).to_string()),
            [.., line] if !line.is_empty() => {
                let Some(origin) = roster.origin_of(row) else { return Some(false) };
                let own = [origin.file, origin.sheet, origin.line.to_string()];
                Some(own.iter().zip(place).all(|(own, told)| {
                    let own = text::visible(own);
                    text::trimmed(&own) == told.trim_start_matches('\'')
                }))
            }
            _ => None,
        }
    }

    fn stands_at(&self, place: &[String]) -> Option<RowId> {
        let roster = self.batch.roster();
        let line = place.last()?.parse().ok()?;
        let [file, sheet, _] = place else { return roster.row_at_line(line) };
        let part = roster.parts().iter().position(|part| {
            [(&part.origin.file, file), (&part.origin.sheet, sheet)]
                .iter()
                .all(|(own, told)| text::visible(own) == **told)
        })?;
        roster.row_at_line_in(part, line)
    }

    /// Tells whether everything that a row of the list tells is of a row of the batch, and who it is.
    fn tells_all_of(&self, row: &AnswerRow, id: RowId) -> bool {
        let mut told = row.cells().iter().filter(|cell| !cell.now.is_empty()).peekable();
        let is_number = |cell: &AnswerCell| cell.field == Field::IdNumber && !cell.now.is_empty();
        row.cells().iter().any(is_number)
            && self.is_placed(&row.place, id) == Some(true)
            && told.all(|cell| self.is_told(cell, id))
    }
}
