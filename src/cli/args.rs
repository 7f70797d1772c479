//! The command line: its shape, and its words from the locale.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, FromArgMatches, Subcommand, value_parser};

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
        Some((_, mut m)) => Verb::Open(OpenArgs {
            file: m.remove_one("file"),
            sheet: m.remove_one("sheet"),
            profile: m.remove_one("profile"),
            plain: plain || m.get_flag("plain"),
        }),
    };
    Ok(Call { home, color, quiet, no_input, verb })
}

/// The verbs in the order of the help.
const ORDER: &str = "open check fix export explain decode lookup profile ledger batch institution case audit init keys \
     backup restore doctor man completions";

/// Builds the command line's shape with the words of a language.
pub fn command(locale: &Locale) -> Command {
    let shape = Shape(locale);
    let open = shape.verb("open").arg(shape.file()).args([
        shape.option("profile", "ID"),
        shape.option("sheet", "NAME"),
        shape.flag("plain"),
    ]);
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
        .subcommand(shape.dressed(open));
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
