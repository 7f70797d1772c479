//! `skillcert man` and `skillcert completions`: what a package carries beside the program.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use super::io::Io;
use super::{command_line, complete, usage};
use crate::failure::Failure;
use crate::office::Office;
use crate::words::{Locale, PROGRAM_EXAMPLES};

/// Manual pages: into a folder, one for every verb; the program's own to stdout when there is none.
#[derive(Debug, Args)]
pub struct ManArgs {
    #[arg(value_name = "DIR", help = "man-folder")]
    folder: Option<PathBuf>,
}

/// Completions of a shell, to stdout.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub fn complete(args: &CompletionsArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let mut script = Vec::new();
    match complete::script(args.shell) {
        Some(text) => script.extend(text.as_bytes()),
        // These know verbs and options alone.
        None => clap_complete::generate(args.shell, &mut command_line::command(locale), "skillcert", &mut script),
    }
    io.answer(locale, |w| w.write_all(&script)).map(|()| 0)
}

/// Writes manual pages.
///
/// # Errors
/// A folder or stdout that cannot be written.
pub fn write(args: &ManArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let command = command_line::command(locale);
    let Some(folder) = &args.folder else {
        let page = page(&command, "skillcert", locale)?;
        return io.answer(locale, |w| w.write_all(&page)).map(|()| 0);
    };
    for (name, command) in pages("skillcert", &command) {
        let path = folder.join(format!("{name}.1"));
        let bytes = page(&command, &name, locale)?;
        std::fs::write(&path, bytes).map_err(|error| locale.unwritten(&path, &error))?;
    }
    Ok(0)
}

/// Lists the program and all its verbs with the names of their pages.
fn pages(name: &str, command: &Command) -> Vec<(String, Command)> {
    let shown = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    let below = shown.flat_map(|verb| pages(&format!("{name}-{}", verb.get_name()), verb));
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
    Ok(with_examples(usage::spoken(&text, locale), name, locale).into_bytes())
}

/// Puts the examples of a verb behind its description.
fn with_examples(page: String, name: &str, locale: &Locale) -> String {
    let escaped =
        |text: &str| text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('~', "\\(ti");
    let verb = name.strip_prefix("skillcert-").unwrap_or(PROGRAM_EXAMPLES);
    let shown = |(line, remark): (&str, &str)| format!(".TP\n\\fB{}\\fR\n{}\n", escaped(line), escaped(remark));
    let lines = locale.examples(verb).into_iter().map(shown).collect::<Vec<_>>().concat();
    let description = page.find(locale.text("cli.man-description"));
    let behind = description.and_then(|at| page[at..].find("\n.SH ").map(|next| at + next + 1));
    match behind.filter(|_| !lines.is_empty()) {
        Some(at) => format!("{}{}\n{lines}{}", &page[..at], locale.text("cli.man-examples"), &page[at..]),
        None => page,
    }
}
