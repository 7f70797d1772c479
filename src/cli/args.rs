//! The verbs whose shape is still built by hand.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::batch::{self, BatchVerb};
use super::shape::Shape;
use crate::words::Locale;

#[derive(Debug)]
pub enum Verb {
    Check(CheckArgs),
    Fix(FixArgs),
    /// Write the upload file.
    Export(ExportArgs),
    /// The batches of the store.
    Batch(BatchVerb),
}

/// What every verb that reads a roster takes.
#[derive(Debug, Clone)]
pub struct SourceArgs {
    /// The state folder, whose registry and ledger the rows are checked against.
    pub home: Option<PathBuf>,
    /// The file; that of the batch where one is named.
    pub file: PathBuf,
    /// A batch of the store, in place of a file.
    pub batch: Option<i64>,
    pub profile: Option<String>,
    pub sheet: Option<String>,
    /// The day that counts as today, `YYYY-MM-DD`.
    pub today: Option<String>,
}

/// `skillcert check`
#[derive(Debug)]
pub struct CheckArgs {
    pub source: SourceArgs,
    /// text, json, csv or xlsx.
    pub format: String,
    /// Where to write; stdout when not given.
    pub output: Option<PathBuf>,
    /// Whether JSON holds the rows too.
    pub with_rows: bool,
    /// Whether personal data is shown whole.
    pub unmask: bool,
    /// Why personal data of a batch is shown whole; may be empty for a file.
    pub reason: String,
    pub strict: bool,
    /// Whether an existing file is replaced.
    pub force: bool,
}

/// `skillcert fix`
#[derive(Debug)]
pub struct FixArgs {
    pub source: SourceArgs,
    /// Where to write; may be missing with `dry_run`.
    pub output: Option<PathBuf>,
    /// Whether fixes that need a look are applied too.
    pub also_unsafe: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Whether an existing file is replaced.
    pub force: bool,
    /// Whether personal data is shown whole.
    pub unmask: bool,
}

/// `skillcert export`
#[derive(Debug)]
pub struct ExportArgs {
    pub source: SourceArgs,
    pub output: PathBuf,
    /// xlsx or csv; by the file's ending when not given.
    pub format: Option<String>,
    /// utf-8 or gb18030.
    pub encoding: String,
    /// Whether an existing file is replaced.
    pub force: bool,
    /// Whether the public list is written instead of the upload file.
    pub masked: bool,
    /// Whether rows with errors are left out.
    pub without_errors: bool,
    /// Why, for the ledger; may be empty.
    pub reason: String,
}

/// Reads a verb.
pub fn read(name: &str, mut m: ArgMatches) -> Verb {
    match name {
        "check" => Verb::Check(CheckArgs {
            format: m.remove_one("format").unwrap_or_default(),
            output: m.remove_one("output"),
            with_rows: m.get_flag("with-rows"),
            unmask: m.get_flag("unmask"),
            reason: m.remove_one("reason").unwrap_or_default(),
            strict: m.get_flag("strict"),
            force: m.get_flag("force"),
            source: source(&mut m),
        }),
        "fix" => Verb::Fix(FixArgs {
            output: m.remove_one("output"),
            also_unsafe: m.get_flag("unsafe"),
            dry_run: m.get_flag("dry-run"),
            force: m.get_flag("force"),
            unmask: m.get_flag("unmask"),
            source: source(&mut m),
        }),
        "export" => Verb::Export(ExportArgs {
            output: m.remove_one("output").unwrap_or_default(),
            format: m.remove_one("format"),
            encoding: m.remove_one("encoding").unwrap_or_default(),
            force: m.get_flag("force"),
            masked: m.get_flag("masked"),
            without_errors: m.get_flag("without-errors"),
            reason: m.remove_one("reason").unwrap_or_default(),
            source: source(&mut m),
        }),
        _ => Verb::Batch(batch::read(m.remove_subcommand())),
    }
}

/// Reads what a verb works on; one without `--batch` has a file.
pub fn source(m: &mut ArgMatches) -> SourceArgs {
    SourceArgs {
        home: m.get_one("home").cloned(),
        file: m.remove_one("file").unwrap_or_default(),
        batch: m.try_remove_one("batch").ok().flatten(),
        profile: m.remove_one("profile"),
        sheet: m.remove_one("sheet"),
        today: m.remove_one("today"),
    }
}

/// Builds the verbs' shapes.
pub fn shapes(locale: &Locale) -> Vec<Command> {
    let shape = Shape(locale);
    let reads = |name: &'static str| {
        let options = [shape.option("profile", "ID"), shape.option("sheet", "NAME"), shape.option("today", "DATE")];
        shape.verb(name).arg(shape.file().required(true)).args(options)
    };
    let reads_batch = |name: &'static str| {
        let of_batch = shape.option("batch", "N").value_parser(shape.number(1_i64, None)).conflicts_with("file");
        reads(name).mut_arg("file", |file| file.required(false).required_unless_present("batch")).arg(of_batch)
    };
    let verbs = [
        reads_batch("check")
            .args([shape.choice("format", &["text", "json", "csv", "xlsx"]).default_value("text"), shape.output()])
            .args(["with-rows", "unmask", "strict", "force"].map(|name| shape.flag(name)))
            .arg(shape.reason()),
        reads("fix").arg(shape.output()).args(["unsafe", "dry-run", "force", "unmask"].map(|name| shape.flag(name))),
        reads_batch("export").args([
            shape.output().required(true),
            shape.choice("format", &["xlsx", "csv"]),
            shape.choice("encoding", &["utf-8", "gb18030"]).default_value("utf-8").value_name("ENCODING"),
            shape.flag("force"),
            shape.flag("masked"),
            shape.flag("without-errors").conflicts_with("masked"),
            shape.reason(),
        ]),
        batch::shape(shape),
    ];
    verbs.into_iter().map(|verb| shape.dressed(verb)).collect()
}
