//! The parts of a roster (来源): the files and sheets whose rows one batch holds, and how the columns of one are laid out in those
//! of the batch.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Block, BlockBuilder, Origin, Roster, RowId, RowOrigin};
use crate::domain::sheet::{ColumnMap, GaveWay, SheetSpec, SkippedRun, SourceColumn};
use crate::domain::text;

/// What a label of the form becomes that is none: the column gave way to another.
pub const ASIDE: &str = "（原有）";

/// A file, or a sheet of one, whose rows are in a batch with those of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// How it was read. Its file is called as it is told from those of the same name.
    pub origin: Origin,
    /// Where the file lay.
    pub path: PathBuf,
    /// The columns as the file has them.
    pub columns: ColumnMap,
    /// The file's SHA-256 in hexadecimal, where it is known.
    pub sha256: Option<String>,
    /// Its first row in the roster.
    pub first: RowId,
    /// The rows that were not taken as data.
    pub skipped: Vec<SkippedRun>,
}

impl Part {
    /// Gives the row at which its data begins, as the spreadsheet numbers it.
    pub fn first_line(&self) -> u32 {
        self.origin.header_row + 1
    }

    /// Tells whether it is of a file that is called as this one.
    pub fn is_of(&self, path: &Path) -> bool {
        let own = self.path.file_name().unwrap_or(self.origin.file.as_ref());
        path.file_name().is_some_and(|name| own == name)
    }

    /// Names the files of a batch so that none is taken for another.
    pub fn told_apart(mut parts: Vec<Part>) -> Vec<Part> {
        let files: Vec<(&str, &Path)> = parts.iter().map(|part| (&*part.origin.file, &*part.path)).collect();
        let names = names_apart(&files, |a, b| files[a].0 == files[b].0 && parts[a].is_of_file(&parts[b]));
        parts.iter_mut().zip(names).for_each(|(part, name)| part.origin.file = name);
        parts
    }

    /// Tells whether it is a sheet of the same file as another.
    pub fn is_of_file(&self, other: &Part) -> bool {
        match (&self.sha256, &other.sha256) {
            (Some(own), Some(others)) => own == others,
            _ => self.path == other.path && self.origin.file == other.origin.file,
        }
    }
}

/// Names files so that none is taken for another: by as many of the folders that they lie in as tell those of one name apart, and by
/// a number where one was written over by another. `is_same` tells which are the same file; such have one name.
pub fn names_apart(files: &[(&str, &Path)], is_same: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(files.len());
    for (at, (name, path)) in files.iter().enumerate() {
        if let Some(known) = (0..at).find(|other| is_same(*other, at)) {
            names.push(names[known].clone());
            continue;
        }
        let rivals = (0..files.len()).filter(|other| files[*other].0 == *name && !is_same(*other, at));
        let (here, elsewhere): (Vec<usize>, Vec<usize>) = rivals.partition(|other| files[*other].1 == *path);
        let own = folders(path);
        let theirs: Vec<Vec<String>> = elsewhere.into_iter().map(|other| folders(files[other].1)).collect();
        let is_apart = |deep: &usize| theirs.iter().all(|other| other.iter().take(*deep).ne(own.iter().take(*deep)));
        let deep = (0..own.len()).find(is_apart).unwrap_or(own.len());
        let mut told: Vec<&str> = own[..deep].iter().rev().map(String::as_str).collect();
        told.push(name);
        let mut told = told.join("/");
        let before: BTreeSet<&String> = here.iter().filter_map(|other| names.get(*other)).collect();
        if !before.is_empty() {
            told += &format!(" ({})", before.len() + 1);
        }
        names.push(told);
    }
    names
}

/// Lists the folders that a file lies in, the nearest first.
fn folders(path: &Path) -> Vec<String> {
    let normal = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    let parts = path.parent().map(Path::components).into_iter().flatten();
    let mut folders: Vec<String> = parts.filter_map(normal).collect();
    folders.reverse();
    folders
}

/// Where each column of a part stands in the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLayout {
    /// The columns of the batch, with those that the part brings behind the ones that were there.
    pub columns: ColumnMap,
    /// The place of each column of the part.
    places: Vec<usize>,
}

impl PartLayout {
    /// Lays the columns of a part out in those of a batch: fields by what they hold, the others by their labels; what the batch
    /// has no column for comes behind all cells that are there, of which the widest row has `width`.
    pub fn new(part: &ColumnMap, batch: &ColumnMap, (width, wanted): (usize, usize), form: &SheetSpec) -> PartLayout {
        let mut source = batch.source.clone();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut places = Vec::with_capacity(wanted);
        let put = |source: &mut Vec<SourceColumn>, column: SourceColumn| {
            // What rows have behind the last column must not slip under a label.
            source.resize_with(source.len().max(width), SourceColumn::beyond);
            source.push(column);
            source.len() - 1
        };
        for column in &part.source {
            let label = settled_label(column, form);
            let is_it = |at: &usize| match (column.field, &batch_column(&source, *at)) {
                (Some(field), known) => known.field == Some(field),
                (None, known) => {
                    known.field.is_none()
                        && known.lost.is_none()
                        && column.lost.is_none()
                        && known.label.trim() == label
                }
            };
            let known = (0..source.len()).find(|at| !taken.contains(at) && is_it(at));
            let at = known.unwrap_or_else(|| {
                let lost = column.lost.filter(|lost| lost.to == GaveWay::LeftOut);
                put(&mut source, SourceColumn { label, lost, ..column.clone() })
            });
            taken.insert(at);
            places.push(at);
        }
        while places.len() < wanted {
            let is_free = |at: &usize| batch_column(&source, *at).is_beyond() && !taken.contains(at);
            let known = (0..source.len()).find(is_free);
            let at = known.unwrap_or_else(|| put(&mut source, SourceColumn::beyond()));
            taken.insert(at);
            places.push(at);
        }
        PartLayout { columns: ColumnMap::new(source), places }
    }

    /// Gives the place in the batch of a column of the part.
    pub fn place(&self, own: usize) -> Option<usize> {
        self.places.get(own).copied()
    }

    /// Gives the column of the part that stands at a place of the batch.
    pub fn own(&self, place: usize) -> Option<usize> {
        self.places.iter().position(|at| *at == place)
    }

    /// Lays the rows of a block out; lines and notes about cells stay.
    pub fn lay(&self, block: &Block) -> Block {
        let mut order: Vec<(usize, usize)> = self.places.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut laid = BlockBuilder::new();
        for row in 0..block.len() {
            let width = block.width(row);
            let last = order.iter().rposition(|(_, own)| *own < width);
            let mut next = 0;
            for (place, own) in order.iter().take(last.map_or(0, |last| last + 1)) {
                (next..*place).for_each(|_| laid.cell(""));
                laid.cell(block.cell(row, *own));
                if let Some(kind) = block.mark(row, *own) {
                    laid.mark(kind);
                }
                next = place + 1;
            }
            laid.end_row(block.line(row));
        }
        laid.finish(block.line_count())
    }
}

fn batch_column(source: &[SourceColumn], at: usize) -> &SourceColumn {
    &source[at]
}

/// Gives the label under which a column is kept: one of the form that holds no field of it must not be taken for that.
fn settled_label(column: &SourceColumn, form: &SheetSpec) -> String {
    let label = column.label.trim();
    if column.field.is_none() && form.field_of(label).is_some() { format!("{label}{ASIDE}") } else { label.to_string() }
}

impl Roster {
    /// Says of which parts the rows will be, the first one among them; nothing for a roster of one file.
    pub fn set_parts(&mut self, parts: Vec<Part>) {
        self.parts = parts;
    }

    /// Lists the parts; none for a roster of one file.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Gives the number of the part that a row is of; 0 in a roster of one file.
    pub fn part_of(&self, row: RowId) -> usize {
        self.parts.partition_point(|part| part.first <= row).saturating_sub(1)
    }

    /// Gives the rows of a part: the first and the one behind the last.
    pub fn rows_of(&self, part: usize) -> (RowId, RowId) {
        let first = self.parts.get(part).map_or(0, |part| part.first);
        (first, self.parts.get(part + 1).map_or(self.len, |next| next.first.min(self.len)))
    }

    /// Gives the largest row number of all files.
    pub fn last_line(&self) -> u32 {
        let ends = (0..self.parts.len().max(1)).map(|part| self.rows_of(part).1);
        ends.map(|end| self.line(end.saturating_sub(1))).max().unwrap_or(0)
    }

    /// Gives the blocks of a part as a roster under the columns of its file: for what is told of its rows by their lines.
    pub(in crate::domain) fn part_alone(&self, number: usize) -> Roster {
        let part = self.parts.get(number).cloned().unwrap_or_default();
        let mut alone = Roster::new(part.columns.clone(), part.first_line());
        let (first, end) = self.rows_of(number);
        for (_, block) in self.blocks().filter(|(at, _)| (first..end).contains(at)) {
            alone.append(Arc::clone(block));
        }
        alone
    }

    /// Gives where a row came from by its part.
    pub(super) fn part_origin(&self, row: RowId) -> Option<RowOrigin> {
        let part = self.parts.get(self.part_of(row))?;
        let [file, sheet] = [&part.origin.file, &part.origin.sheet].map(|name| text::visible(name).into_owned());
        Some(RowOrigin { file, sheet, line: self.line(row) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(paths: &[&str]) -> Vec<String> {
        let files: Vec<(&str, &Path)> =
            paths.iter().map(|path| (path.rsplit('/').next().unwrap_or_default(), Path::new(*path))).collect();
        names_apart(&files, |one, other| one == other)
    }

    #[test]
    fn files_of_one_name_are_told_apart_by_as_many_folders_as_they_need() {
        assert_eq!(told(&["/s/a/n.csv", "/s/b/m.csv"]), ["n.csv", "m.csv"]);
        assert_eq!(told(&["/s/a/n.csv", "/s/b/n.csv", "/s/b/m.csv"]), ["a/n.csv", "b/n.csv", "m.csv"]);
        assert_eq!(told(&["/x/a/n.csv", "/y/a/n.csv", "/y/b/n.csv"]), ["x/a/n.csv", "y/a/n.csv", "b/n.csv"]);
        assert_eq!(told(&["n.csv", "../a/n.csv", "./b/n.csv"]), ["n.csv", "a/n.csv", "b/n.csv"]);
        // One that was written over by another.
        assert_eq!(told(&["/a/n.csv", "/a/n.csv", "/a/n.csv"]), ["n.csv", "n.csv (2)", "n.csv (3)"]);
        let files = [("n.csv", Path::new("/a/n.csv")); 2];
        assert_eq!(names_apart(&files, |_, _| true), ["n.csv", "n.csv"], "two sheets of one file");
    }
}
