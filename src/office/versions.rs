//! Two versions of a roster compared (两版比对): what the organiser's new file says otherwise than the one before.

use std::borrow::Cow;
use std::convert::Infallible;
use std::path::Path;

use super::export::now;
use super::merge::form;
use super::{ExportTarget, LoadedRoster, Office};
use crate::domain::matching::{MatchedTable, RosterDifference, difference};
use crate::domain::upload::neutral;
use crate::failure::Failure;
use crate::formats::atomic;
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::words::DifferenceLine;

/// Two versions of a roster, and how they differ.
#[derive(Debug)]
pub struct ComparedVersions {
    pub before: LoadedRoster,
    pub now: LoadedRoster,
    pub difference: RosterDifference,
}

impl Office {
    /// Compares two versions of a roster as they stand now, in the columns of their form.
    ///
    /// # Errors
    /// They are of different profiles or forms, or it is not settled which columns one of them is made of.
    pub fn difference_of(
        &self,
        (first, before): (&Path, LoadedRoster),
        (second, now): (&Path, LoadedRoster),
    ) -> Result<ComparedVersions, Failure> {
        for loaded in [&before, &now] {
            self.is_settled(&loaded.batch)?;
        }
        if form(&before.batch) != form(&now.batch) {
            return Err(self.other_form("versions", (first, &before.batch), (second, &now.batch)));
        }
        let lost = [&before, &now].map(|loaded| loaded.batch.lost_numbers());
        let [was, is] = [(&before, &lost[0]), (&now, &lost[1])].map(|(loaded, lost)| MatchedTable {
            roster: loaded.batch.roster(),
            as_imported: false,
            lost,
        });
        let difference = difference(was, is, &now.batch.context().sheet().fields);
        Ok(ComparedVersions { before, now, difference })
    }

    /// Writes what differs as a table, a line for each row or cell; gives the number of lines.
    pub fn export_differences(
        &self,
        compared: &ComparedVersions,
        masked: bool,
        target: &ExportTarget<'_>,
    ) -> Result<usize, Failure> {
        let locale = self.locale();
        let lines = locale.difference_lines(&compared.before.batch, &compared.now.batch, &compared.difference, masked);
        let labels =
            DifferenceLine::COLUMNS.map(|key| Cow::Owned(locale.text(&format!("versions.column.{key}")).to_string()));
        let format = target.format;
        let head = TableHead {
            format,
            sheet: locale.text("versions.sheet"),
            labels: labels.to_vec(),
            widths: vec![8.0, 10.0, 10.0, 14.0, 26.0, 18.0, 36.0, 36.0],
            rows: lines.len() as u32,
            created: now(),
        };
        let rows = lines.iter().map(|line| {
            let cells = line.cells(locale).map(|cell| TableCell::from(neutral(&cell, format).into_owned()));
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.to_vec())
        });
        let written = self.spare_state(target.path).and_then(|()| {
            atomic::write(target.path, target.overwrite, target.source, |out| {
                write_table(out, target.path, &head, rows)
            })
        });
        written.map(|()| lines.len()).map_err(|e| locale.write_failure(&e))
    }
}
