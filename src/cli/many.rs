//! Several files in one call (多个文件): which are meant, how far it is, where what is written of each goes, and the total.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::io::Io;
use super::reading::ReadingArgs;
use super::usage::usage;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{LeftOut, NamedFiles, Office};
use crate::words::Locale;

/// Finds the files that are meant where several, or folders, are named, and tells what is left out; nothing where it is one.
pub fn named(
    files: &[PathBuf],
    reading: &ReadingArgs,
    io: &mut Io,
    office: &Office,
) -> Result<Option<NamedFiles>, Failure> {
    let named = found((files, false), io, office)?;
    if named.is_some() && reading.is_of_one_file() {
        return Err(usage(office.locale(), "many.rows-of-one", &[]));
    }
    Ok(named)
}

/// The same, where nothing is said of single rows; the pipe may be one of several where each is not done by itself.
pub fn found(
    (files, may_pipe): (&[PathBuf], bool),
    io: &mut Io,
    office: &Office,
) -> Result<Option<NamedFiles>, Failure> {
    let Some(named) = office.named_files(files, may_pipe)? else { return Ok(None) };
    let locale = office.locale();
    if !named.left_out.is_empty() {
        let one = |(path, why): &(PathBuf, LeftOut)| {
            locale.fill("many.left-out-one", &[("file", &shown(path)), ("why", left_out(*why, locale))])
        };
        let all: Vec<String> = named.left_out.iter().map(one).collect();
        let places = [("n", &*all.len().to_string()), ("files", &locale.listed(&all))];
        io.note(&locale.fill("many.left-out", &places));
    }
    Ok(Some(named))
}

/// Says why a file is left out.
pub fn left_out(why: LeftOut, locale: &Locale) -> &str {
    locale.text(match why {
        LeftOut::Lock => "many.why.lock",
        LeftOut::Hidden => "many.why.hidden",
        LeftOut::Own => "many.why.own",
        LeftOut::OtherKind => "many.why.other-kind",
        LeftOut::Folder => "many.why.folder",
        LeftOut::Again => "many.why.again",
    })
}

/// Begins with the next file: tells how far it is, and of which file messages are from now on.
pub fn begin(io: &mut Io, locale: &Locale, (at, all): (usize, usize), file: &Path) {
    io.about(Some(file));
    let places = [("at", &*(at + 1).to_string()), ("all", &all.to_string()), ("file", &shown(file))];
    io.progress(&locale.fill("many.progress", &places));
}

pub fn shown(path: &Path) -> String {
    text::visible(&path.to_string_lossy()).into_owned()
}

/// Gives where what is written of each file goes: into the folder that is named, else beside the file. `name` gives the name.
///
/// # Errors
/// What is named is no folder; one of the files would be written over, or two results would go into one file.
pub fn targets(
    files: &[PathBuf],
    output: Option<&Path>,
    office: &Office,
    name: impl Fn(&Path) -> String,
) -> Result<Vec<PathBuf>, Failure> {
    if let Some(output) = output.filter(|output| !output.is_dir()) {
        return Err(usage(office.locale(), "many.output-no-folder", &[("file", &shown(output))]));
    }
    let target = |file: &PathBuf| match output {
        Some(folder) => folder.join(name(file)),
        None => file.with_file_name(name(file)),
    };
    let targets: Vec<PathBuf> = files.iter().map(target).collect();
    office.spare_sources(files, &targets)?;
    Ok(targets)
}

/// What came of all files.
#[derive(Debug, Default)]
pub struct Total {
    /// The worst exit code: the highest is.
    pub code: u8,
    pub files: usize,
    pub rows: u64,
    pub errors: usize,
    pub warnings: usize,
    /// How many of them are between files.
    across: (usize, usize),
    /// The files that are not as they should be, and those of which nothing came.
    wrong: Vec<String>,
    failed: Vec<String>,
}

impl Total {
    /// Counts a file that was read; its exit code tells whether it is as it should be.
    pub fn add(&mut self, file: &Path, rows: u32, (errors, warnings): (usize, usize), code: u8) {
        self.files += 1;
        self.rows += u64::from(rows);
        self.errors += errors;
        self.warnings += warnings;
        self.worse(code);
        if code != 0 {
            self.wrong.push(shown(file));
        }
    }

    /// Counts what is found between files: each row as within one. Those that make them `wrong` are named, in the order of all.
    pub fn add_across(&mut self, files: &[PathBuf], (errors, warnings): (usize, usize), wrong: &BTreeSet<usize>) {
        self.errors += errors;
        self.warnings += warnings;
        self.across = (errors, warnings);
        if wrong.is_empty() {
            return;
        }
        self.worse(1);
        let known = std::mem::take(&mut self.wrong);
        let is_wrong = |(at, file): (usize, &PathBuf)| {
            Some(shown(file)).filter(|name| wrong.contains(&at) || known.contains(name))
        };
        self.wrong = files.iter().enumerate().filter_map(is_wrong).collect();
    }

    /// Counts a file of which nothing came.
    pub fn fail(&mut self, file: &Path, code: u8) {
        self.files += 1;
        self.failed.push(shown(file));
        self.worse(code);
    }

    pub fn worse(&mut self, code: u8) {
        self.code = self.code.max(code);
    }

    /// Tells the total in a line: what was found between the files, those with errors and those that failed by their names.
    pub fn line(&self, locale: &Locale) -> String {
        let number = |n: usize| n.to_string();
        let places = [
            ("files", number(self.files)),
            ("rows", self.rows.to_string()),
            ("errors", number(self.errors)),
            ("warnings", number(self.warnings)),
        ];
        let mut line = locale.fill("many.total", &places.each_ref().map(|(k, v)| (*k, v.as_str())));
        if self.across != (0, 0) {
            let (errors, warnings) = (number(self.across.0), number(self.across.1));
            line += &locale.fill("many.total-across", &[("errors", &errors), ("warnings", &warnings)]);
        }
        for (key, files) in [("many.wrong", &self.wrong), ("many.failed", &self.failed)] {
            if !files.is_empty() {
                let all = files.join(locale.text("finding.comma"));
                line += &locale.fill(key, &[("n", &number(files.len())), ("files", &all)]);
            }
        }
        line
    }

    /// Tells the same as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "files": self.files, "rows": self.rows, "errors": self.errors, "warnings": self.warnings,
            "across": { "errors": self.across.0, "warnings": self.across.1 },
            "failed": self.failed.len(), "failed_files": self.failed, "wrong_files": self.wrong,
        })
    }
}

/// Tells a failure in one line: its message, of several lines the first.
pub fn in_a_line(failure: &Failure) -> String {
    failure.message.lines().next().unwrap_or_default().to_string()
}
