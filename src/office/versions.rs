//! Two versions of a roster compared (两版比对): what the organiser's new file says otherwise than the one before.

use std::borrow::Cow;
use std::convert::Infallible;
use std::path::Path;

use super::export::now;
use super::merge::{form, is_profile_told, profile_id, told_profile};
use super::{ExportTarget, LoadedRoster, Office};
use crate::domain::batch::Batch;
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
    /// Compares two versions of a roster as they stand now, in the columns of their form and in those beside it.
    ///
    /// # Errors
    /// They are of different profiles or forms, or it is not settled which columns one of them is made of.
    pub fn difference_of(
        &self,
        (first, before): (&Path, LoadedRoster),
        (second, now): (&Path, LoadedRoster),
    ) -> Result<ComparedVersions, Failure> {
        if form(&before.batch) != form(&now.batch) {
            return Err(self.other_form("versions", (first, &before.batch), (second, &now.batch)));
        }
        let difference = self.difference(&before.batch, &now.batch)?;
        Ok(ComparedVersions { before, now, difference })
    }

    /// The same of two rosters that are in hand.
    pub fn difference(&self, before: &Batch, now: &Batch) -> Result<RosterDifference, Failure> {
        self.are_of_one_form(before, now)?;
        let lost = [before, now].map(Batch::lost_numbers);
        let [was, is] = [(before, &lost[0]), (now, &lost[1])].map(|(batch, lost)| MatchedTable {
            roster: batch.roster(),
            as_imported: false,
            lost,
        });
        Ok(difference(was, is, now.context().sheet()))
    }

    /// Tells which of two versions is to be read again, and under which profile: one of which nothing tells it under that of the
    /// other.
    pub fn profile_of_both(&self, versions: [&LoadedRoster; 2]) -> Option<(usize, String)> {
        let told = told_profile(versions.into_iter())?;
        let other = versions.iter().position(|loaded| !is_profile_told(loaded) && profile_id(loaded) != told)?;
        Some((other, told.to_string()))
    }

    /// Writes what differs as a table, a line for each row or cell; gives the number of lines.
    pub fn export_differences(
        &self,
        compared: &ComparedVersions,
        masked: bool,
        target: &ExportTarget<'_>,
    ) -> Result<usize, Failure> {
        let locale = self.report_locale();
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
            is_filtered: true,
        };
        let rows = lines.iter().map(|line| {
            let cells = line.cells(&locale).map(|cell| TableCell::from(neutral(&cell, format).into_owned()));
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.to_vec())
        });
        let written = self.spare_state(target.path).and_then(|()| {
            atomic::write(target.path, target.overwrite, target.source, |out| {
                write_table(out, target.path, &head, rows)
            })
        });
        written.map(|()| lines.len()).map_err(|e| self.locale().write_failure(&e))
    }
}
