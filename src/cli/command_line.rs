//! The command line (命令行): what holds for every verb, which verbs there are, and how it is parsed in the user's words.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, ValueEnum};

use super::io::Io;
use super::shape::with_words;
use super::typed::number;
use super::{Verb, usage};
use crate::domain::ledger::BatchId;
use crate::office::{PIPE, SCHEMA, Settings, Surroundings};
use crate::words::{Lang, Locale};

/// A command line; without a verb the workbench opens.
#[derive(Debug, Parser)]
#[command(name = "skillcert", after_help = "after-help", disable_version_flag = true)]
pub struct CommandLine {
    #[arg(id = "version", short = 'V', long, action = ArgAction::Version)]
    _version: Option<bool>,
    #[arg(long, value_name = "DIR", global = true)]
    pub home: Option<PathBuf>,
    // It is found before anything is parsed, for the words of the parser.
    #[arg(id = "lang", long, value_name = "LANG", global = true, value_parser = ["zh", "zh-CN", "en"])]
    _lang: Option<String>,
    #[arg(long)]
    plain: bool,
    #[arg(long, short, global = true)]
    pub quiet: bool,
    #[arg(long, global = true)]
    pub no_input: bool,
    #[arg(long, value_name = "WHEN", global = true, value_enum)]
    pub color: Option<Colour>,
    /// How often stdin is named as a file.
    #[arg(skip)]
    pub pipes: usize,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// Opens the workbench; the last batch where there is no file.
#[derive(Debug, Default, Args)]
pub struct OpenArgs {
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[arg(long, value_name = "N", conflicts_with_all = ["file", "profile", "sheet"], value_parser = number(1_i64, None).map(BatchId))]
    pub batch: Option<BatchId>,
    #[arg(long)]
    pub plain: bool,
}

impl CommandLine {
    /// Gives the verb; to open the workbench where there is none.
    pub fn verb(self) -> Verb {
        match self.verb.unwrap_or_else(|| Verb::Open(OpenArgs::default())) {
            Verb::Open(args) => Verb::Open(OpenArgs { plain: args.plain || self.plain, ..args }),
            verb => verb,
        }
    }
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
pub fn parse(arguments: Vec<OsString>, io: &mut Io, locale: &Locale) -> Result<CommandLine, u8> {
    // A verb is nowhere but where it is named; to give words to all of them would take longer than most verbs do.
    let program = spoken_of(locale, &|verb| arguments.iter().any(|argument| argument == verb));
    let may_pipe = arguments.iter().any(|argument| argument.as_bytes().ends_with(PIPE.as_bytes()));
    let parsed = program.try_get_matches_from(arguments).and_then(|mut matches| {
        let pipes = if may_pipe { pipes_of(&matches, &CommandLine::command()) } else { 0 };
        Ok(CommandLine { pipes, ..CommandLine::from_arg_matches_mut(&mut matches)? })
    });
    parsed.map_err(|error| {
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            let words = usage::spoken(&error.render().to_string(), locale);
            let words = io.columns().map_or_else(|| words.clone(), |columns| usage::wrapped(&words, columns));
            return io.text(locale, &words).map_or_else(
                |failure| {
                    io.complain(&failure);
                    failure.exit_code()
                },
                |()| 0,
            );
        }
        io.message(&format!("{}\n{}", locale.text("cli.usage-error"), usage::usage_error(&error, locale)));
        2
    })
}

/// What says in its help that `-` is stdin, by the key of that.
const PIPED: [&str; 16] = [
    "answers-file",
    "carry-new",
    "compare-new",
    "compare-old",
    "file",
    "files",
    "fill-file",
    "fill-from",
    "ledger-files",
    "mark-file",
    "merge-files",
    "recipe-file",
    "replace-file",
    "reply-file",
    "reshape-file",
    "stock-file",
];

/// Counts where a file is named, in the verb that is called, and stdin is meant. `shape` has the keys of the words.
fn pipes_of(matches: &ArgMatches, shape: &Command) -> usize {
    if let Some((name, matches)) = matches.subcommand() {
        return shape.find_subcommand(name).map_or(0, |verb| pipes_of(matches, verb));
    }
    let takes_pipe = |arg: &&Arg| {
        let (id, key) = (arg.get_id().as_str(), arg.get_help().map(ToString::to_string));
        match key.as_deref().unwrap_or(id) {
            // Else they are numbers.
            "codes" => matches!(matches.try_contains_id("column"), Ok(true)),
            key => PIPED.contains(&key),
        }
    };
    let named = shape.get_arguments().filter(takes_pipe).map(|arg| {
        let values = matches.try_get_raw(arg.get_id().as_str()).ok().flatten();
        values.map_or(0, |values| values.filter(|value| *value == PIPE).count())
    });
    named.sum()
}

/// Builds the command line's shape with the words of a language.
pub fn command(locale: &Locale) -> Command {
    spoken_of(locale, &|_| true)
}

/// The same, where only some verbs are spoken of.
fn spoken_of(locale: &Locale, is_asked: &dyn Fn(&str) -> bool) -> Command {
    let version = format!("{} ({}, schema {SCHEMA})", env!("CARGO_PKG_VERSION"), env!("SKILLCERT_COMMIT"));
    with_words(CommandLine::command(), locale, is_asked).version(version)
}
