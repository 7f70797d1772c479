//! `skillcert man` and `skillcert completions`: what a package carries beside the program.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use clap_complete::Shell;

use super::shape::Shape;
use super::{args, out, usage};
use crate::failure::Failure;
use crate::words::Locale;

/// What is handed over.
#[derive(Debug)]
pub enum Handover {
    /// Manual pages: into a folder, one for every verb; the program's own to stdout when there is none.
    Man(Option<PathBuf>),
    /// Completions of a shell, to stdout.
    Completions(Shell),
}

/// Gives the verbs' shapes.
pub fn shapes(shape: Shape<'_>) -> [Command; 2] {
    let folder = shape.argument("folder", "DIR", "man-folder").value_parser(clap::value_parser!(PathBuf));
    let shell = shape.argument("shell", "SHELL", "shell").required(true).value_parser(clap::value_parser!(Shell));
    [shape.verb("man").arg(folder), shape.verb("completions").arg(shell)]
}

/// Reads one of the verbs.
pub fn read(name: &str, mut matches: ArgMatches) -> Handover {
    match (name, matches.try_remove_one::<Shell>("shell")) {
        ("completions", Ok(Some(shell))) => Handover::Completions(shell),
        _ => Handover::Man(matches.try_remove_one("folder").unwrap_or_default()),
    }
}

/// Writes what was asked for.
///
/// # Errors
/// A folder or stdout that cannot be written.
pub fn run(what: Handover, locale: &Locale) -> Result<u8, Failure> {
    let command = args::command(locale);
    match what {
        Handover::Completions(shell) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command.clone(), "skillcert", &mut script);
            to_stdout(&script, locale)?;
        }
        Handover::Man(None) => to_stdout(&page(&command, "skillcert", locale)?, locale)?,
        Handover::Man(Some(folder)) => {
            for (name, command) in pages("skillcert", &command) {
                let path = folder.join(format!("{name}.1"));
                let bytes = page(&command, &name, locale)?;
                std::fs::write(&path, bytes).map_err(|error| locale.unwritten(&path, &error))?;
            }
        }
    }
    Ok(0)
}

/// Lists the program and all its verbs with the names of their pages.
fn pages(name: &str, command: &Command) -> Vec<(String, Command)> {
    let below = command.get_subcommands().flat_map(|verb| pages(&format!("{name}-{}", verb.get_name()), verb));
    std::iter::once((name.to_string(), command.clone())).chain(below).collect()
}

/// The words of manual pages that are not ours, with the keys of those in the user's language.
const HEADINGS: [(&str, &str); 7] = [
    (".SH NAME", "cli.man-name"),
    (".SH SYNOPSIS", "cli.man-synopsis"),
    (".SH DESCRIPTION", "cli.man-description"),
    (".SH SUBCOMMANDS", "cli.man-commands"),
    (".SH EXTRA", "cli.man-more"),
    (".SH VERSION", "cli.man-version"),
    ("\\fIsubcommands\\fR", "cli.man-command"),
];

fn page(command: &Command, name: &str, locale: &Locale) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let man = clap_mangen::Man::new(command.clone().name(name.to_string()));
    man.render(&mut bytes).map_err(|error| locale.unwritten(Path::new(name), &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = HEADINGS.iter().fold(text.into_owned(), |text, (words, key)| text.replace(words, locale.text(key)));
    Ok(usage::spoken(&text, locale).into_bytes())
}

fn to_stdout(bytes: &[u8], locale: &Locale) -> Result<(), Failure> {
    out::whole(bytes).map_err(|error| locale.untold(&error))
}
