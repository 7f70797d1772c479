//! Which of the first rows is the header (表头), and which column holds which field.

use std::collections::HashMap;

use super::SAMPLE_ROWS;
use crate::domain::sheet::{
    ColumnEvidence, ColumnMap, GroupTitles, HeaderMatch, RememberedColumns, SheetSpec, find_header, group_titles,
    header_at, header_fingerprint, is_persons, no_header,
};
use crate::formats::csv_text::TextFile;
use crate::formats::{FileRefusal, RefusalKind};

/// Which row is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeaderSought<'a> {
    pub spec: &'a SheetSpec,
    /// The row that is given, from 1; 0 for none.
    pub given: Option<u32>,
    /// The headers that somebody has matched before, by their fingerprints.
    pub remembered: &'a HashMap<String, RememberedColumns>,
}

/// A header with the delimiter and the rows it was found in.
pub(super) type Found = (HeaderMatch, u8, Vec<Vec<String>>);

impl HeaderSought<'_> {
    pub(super) fn in_rows(self, rows: &[Vec<String>]) -> Option<HeaderMatch> {
        match self.given {
            None => self.pointed_at(rows).or_else(|| find_header(rows, self.spec)),
            Some(0) => rows.iter().any(|row| !row.is_empty()).then(|| no_header(rows, self.spec)),
            Some(row) => header_at(rows, row as usize - 1, self.spec),
        }
    }

    /// Finds a header that somebody has pointed at before.
    fn pointed_at(self, rows: &[Vec<String>]) -> Option<HeaderMatch> {
        if !self.remembered.values().any(|known| known.is_pointed_at) {
            return None;
        }
        // A person may have been pointed at before that was refused.
        let may_be = |index: &usize| !is_persons(&rows[*index], self.spec);
        let found = (0..rows.len()).filter(may_be).filter_map(|index| header_at(rows, index, self.spec));
        found.into_iter().find(|header| self.is_pointed_at(header))
    }

    /// Tells whether somebody has pointed at a header before.
    pub(super) fn is_pointed_at(self, header: &HeaderMatch) -> bool {
        let known = self.remembered.get(&header_fingerprint(&header.columns.labels()));
        known.is_some_and(|known| known.is_pointed_at)
    }

    /// Says how well a header speaks for the way the rows were cut: by how many columns of the form it has, and where the row was
    /// given by how many there are.
    fn score(self, (header, _, rows): &Found) -> (usize, usize) {
        let width = match self.given {
            None if self.is_pointed_at(header) => return (usize::MAX, 0),
            None => 0,
            Some(0) => usual_width(rows),
            Some(_) => header.columns.source.len(),
        };
        (header.columns.matched_count(), width)
    }

    /// Finds the header in a text file, by whichever delimiter it has the most columns of the form with.
    pub(super) fn in_text(self, text: &mut TextFile) -> Result<(HeaderMatch, Vec<Vec<String>>), FileRefusal> {
        let mut best = self.best(|delimiter| text.first_rows(delimiter, SAMPLE_ROWS).map(Some))?;
        // Rows of which some end with a single CR stand together on lines, the header perhaps among them.
        let apart = self.best(|delimiter| text.first_rows_at_every_end(delimiter, SAMPLE_ROWS))?;
        if let Some(apart) = apart
            && best.as_ref().is_none_or(|best| self.score(best) <= self.score(&apart))
            && text.set_apart(apart.1, apart.0.columns.source.len())?
        {
            best = self.best(|delimiter| text.first_rows(delimiter, SAMPLE_ROWS).map(Some))?;
        }
        // A header is strong evidence; one that somebody points at only where its labels are known.
        let is_open = best.as_ref().is_none_or(|best| self.given.is_some() && best.0.columns.matched_count() == 0);
        if is_open && let Some(big5) = text.in_big5()? {
            let found = self.best(|delimiter| big5.first_rows(delimiter, SAMPLE_ROWS).map(Some))?;
            if found.as_ref().is_some_and(|found| self.given.is_none() || found.0.columns.matched_count() != 0) {
                (best, *text) = (found, big5);
            }
        }
        let is_one_cell = |(header, _, rows): &Found| {
            let wide = |row: &Vec<String>| row.len() == 1 && row[0].contains('，');
            header.columns.source.len() < 2 && rows.iter().any(wide)
        };
        if best.as_ref().is_none_or(is_one_cell) {
            text.use_wide_commas()?;
            let rows = text.first_rows(b',', SAMPLE_ROWS)?;
            best = self.in_rows(&rows).map(|found| (found, b',', rows));
        }
        let Some((header, delimiter, rows)) = best else {
            return Err(self.refusal(&text.first_rows(b',', SAMPLE_ROWS)?, ""));
        };
        text.set_delimiter(delimiter);
        Ok((header, rows))
    }

    fn best(
        self,
        rows: impl Fn(u8) -> Result<Option<Vec<Vec<String>>>, FileRefusal>,
    ) -> Result<Option<Found>, FileRefusal> {
        let mut best: Option<Found> = None;
        for delimiter in [b',', b'\t', b';', b'|'] {
            let Some(rows) = rows(delimiter)? else { continue };
            if let Some(header) = self.in_rows(&rows) {
                let found = (header, delimiter, rows);
                if best.as_ref().is_none_or(|best| self.score(best) < self.score(&found)) {
                    best = Some(found);
                }
            }
        }
        Ok(best)
    }

    /// Gives the row that is given where it is a person's.
    pub(super) fn given_person(self, rows: &[Vec<String>]) -> Option<u32> {
        self.given.filter(|row| *row != 0 && rows.get(*row as usize - 1).is_some_and(|row| is_persons(row, self.spec)))
    }

    /// Says why there is none.
    pub(super) fn refusal(self, rows: &[Vec<String>], sheet: &str) -> FileRefusal {
        let is_blank = rows.iter().flatten().all(|cell| cell.trim().is_empty());
        match self.given {
            _ if is_blank => FileRefusal::new(RefusalKind::Empty, sheet),
            Some(row) if row != 0 => FileRefusal::new(RefusalKind::BlankHeader, row.to_string()),
            _ => FileRefusal::new(RefusalKind::NoHeader, sheet),
        }
    }
}

/// Gives the width that most rows have, where that is more than one.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).filter(|width| 1 < *width).collect();
    widths.sort_unstable();
    widths.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map_or(0, |run| run[0])
}

/// Cuts the first rows of a text file as they are most likely meant, where nobody knows the header yet.
pub(super) fn rows_to_show(text: &TextFile) -> Result<Vec<Vec<String>>, FileRefusal> {
    let mut best: Vec<Vec<String>> = Vec::new();
    for delimiter in [b',', b'\t', b';', b'|'] {
        let rows = text.first_rows(delimiter, SAMPLE_ROWS)?;
        if best.is_empty() || usual_width(&best) < usual_width(&rows) {
            best = rows;
        }
    }
    if usual_width(&best) == 0 && best.iter().flatten().any(|cell| cell.contains('，')) {
        best = best.iter().map(|row| row.iter().flat_map(|c| c.split('，')).map(String::from).collect()).collect();
    }
    Ok(best)
}

/// Settles which column holds which field by what stands over, in and about the columns.
pub(super) fn settle(
    header: &mut HeaderMatch,
    rows: &[Vec<String>],
    (spec, known): (&SheetSpec, &GroupTitles),
    hides: impl Fn(usize) -> bool,
) {
    let labels = header.columns.labels();
    let above = if header.height == 2 { Some(header.index) } else { header.index.checked_sub(1) };
    let titles = above.and_then(|i| rows.get(i)).map_or_else(Vec::new, |row| group_titles(row, labels.len()));
    let below = rows.iter().skip(header.index + header.height);
    let is_filled = |i: usize| below.clone().any(|row| row.get(i).is_some_and(|cell| !cell.trim().is_empty()));
    let cells = |i: usize| below.clone().filter_map(move |row| row.get(i).map(String::as_str));
    let evidence = |i: usize| ColumnEvidence {
        group: titles.get(i).cloned().unwrap_or_default(),
        is_hidden: hides(i),
        is_filled: is_filled(i),
        looks: spec.looks(cells(i)),
    };
    let evidence: Vec<ColumnEvidence> = (0..labels.len()).map(evidence).collect();
    header.columns = ColumnMap::settled(&labels, spec, known, &evidence);
}
