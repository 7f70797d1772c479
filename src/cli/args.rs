//! The command line: its shape, and its words from the locale.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, Subcommand, value_parser};

use super::batch::{self, BatchVerb};
use super::io::Io;
use super::shape::{Shape, worded};
use super::{OfficeVerb, usage};
use crate::office::{SCHEMA, Settings, Surroundings};
use crate::words::{Lang, Locale};

/// A parsed command line.
#[derive(Debug)]
pub struct Call {
    pub home: Option<PathBuf>,
    /// auto, always or never.
    pub color: Option<String>,
    /// Whether only faults are told on stderr.
    pub quiet: bool,
    /// Whether nothing may be asked.
    pub no_input: bool,
    pub verb: Verb,
}

#[derive(Debug)]
pub enum Verb {
    Open(OpenArgs),
    Check(CheckArgs),
    Fix(FixArgs),
    /// Write the upload file.
    Export(ExportArgs),
    /// The batches of the store.
    Batch(BatchVerb),
    Office(OfficeVerb),
}

/// `skillcert open`
#[derive(Debug, Default)]
pub struct OpenArgs {
    /// The file; the last batch when not given.
    pub file: Option<PathBuf>,
    pub sheet: Option<String>,
    pub profile: Option<String>,
    /// Line by line, without a screen.
    pub plain: bool,
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

/// Finds an option's value before anything is parsed.
pub fn given(arguments: &[OsString], option: &str) -> Option<OsString> {
    let flag = format!("--{option}");
    let apart = arguments.iter().zip(arguments.iter().skip(1)).find(|(a, _)| **a == *flag).map(|(_, b)| b.clone());
    let joined = |a: &OsString| a.as_bytes().strip_prefix(flag.as_bytes())?.strip_prefix(b"=").map(<[u8]>::to_vec);
    apart.or_else(|| arguments.iter().find_map(joined).map(OsString::from_vec))
}

/// Finds the language before anything is parsed: `--lang`, then the settings, then the environment.
pub fn language(arguments: &[OsString], settings: &Settings, surroundings: &Surroundings) -> Lang {
    let set = settings.lang.clone().map(OsString::from);
    let environment =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| surroundings.var(name)).find(|v| !v.is_empty());
    [given(arguments, "lang"), set, environment]
        .into_iter()
        .flatten()
        .find_map(|v| Lang::read(v.to_str()?))
        .unwrap_or_default()
}

/// Parses a command line. `Err` is the exit code after help, version or a usage error were shown.
pub fn parse(arguments: Vec<OsString>, io: &mut Io, locale: &Locale) -> Result<Call, u8> {
    let mut matches = command(locale).try_get_matches_from(arguments).map_err(|error| {
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            let words = usage::spoken(&error.render().to_string(), locale);
            return io.answer(locale, |w| w.write_all(words.as_bytes())).map_or_else(
                |failure| {
                    io.complain(&failure);
                    failure.exit_code()
                },
                |()| 0,
            );
        }
        io.message(&format!("{}\n{}", locale.text("cli.usage-error"), usage::told(&error, locale)));
        2
    })?;
    let home = matches.remove_one::<PathBuf>("home");
    let plain = matches.get_flag("plain");
    let color = matches.remove_one::<String>("color");
    let (quiet, no_input) = (matches.get_flag("quiet"), matches.get_flag("no-input"));
    let mut whole = matches.clone();
    let verb = match matches.remove_subcommand() {
        None => Verb::Open(OpenArgs { plain, ..OpenArgs::default() }),
        Some((name, _)) if OfficeVerb::has_subcommand(&name) => {
            let verb = OfficeVerb::from_arg_matches_mut(&mut whole).map_err(|_| 2)?;
            Verb::Office(verb)
        }
        Some((name, mut m)) => match name.as_str() {
            "open" => Verb::Open(OpenArgs {
                file: m.remove_one("file"),
                sheet: m.remove_one("sheet"),
                profile: m.remove_one("profile"),
                plain: plain || m.get_flag("plain"),
            }),
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
        },
    };
    Ok(Call { home, color, quiet, no_input, verb })
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

/// The verbs in the order of the help.
const ORDER: &str = "open check fix export explain decode lookup profile ledger batch institution case audit init keys \
     backup restore doctor man completions";

/// Builds the command line's shape with the words of a language.
pub fn command(locale: &Locale) -> Command {
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
        shape.verb("open").arg(shape.file()).args([
            shape.option("profile", "ID"),
            shape.option("sheet", "NAME"),
            shape.flag("plain"),
        ]),
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
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let program = Command::new("skillcert")
        .about(shape.text("about"))
        .after_help(format!("\n{}", shape.text("after-help")))
        .version(format!("{} ({}, schema {SCHEMA})", env!("CARGO_PKG_VERSION"), env!("SKILLCERT_COMMIT")))
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(version.help(shape.text("version")).help_heading(shape.text("options")))
        .arg(shape.option("home", "DIR").global(true).value_parser(value_parser!(PathBuf)))
        .arg(shape.option("lang", "LANG").global(true).value_parser(PossibleValuesParser::new(["zh", "zh-CN", "en"])))
        .arg(shape.flag("plain"))
        .arg(shape.flag("quiet").short('q').global(true))
        .arg(shape.flag("no-input").global(true))
        .arg(
            shape
                .option("color", "WHEN")
                .global(true)
                .value_parser(PossibleValuesParser::new(["auto", "always", "never"])),
        )
        .subcommands(verbs.into_iter().map(|verb| shape.dressed(verb)));
    let of_office = OfficeVerb::augment_subcommands(Command::new("office"));
    let of_office = of_office.get_subcommands().map(|verb| worded(verb.clone(), locale));
    let program = program.subcommands(of_office.collect::<Vec<_>>());
    let order = |name: &str| ORDER.split_whitespace().position(|known| known == name).unwrap_or(usize::MAX);
    let program = program.mut_subcommands(|verb| {
        let at = order(verb.get_name());
        verb.display_order(at)
    });
    shape.dressed(program)
}
