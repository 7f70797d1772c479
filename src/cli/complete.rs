//! `skillcert complete-line SHELL -- WORDS…`: what may stand at the end of a line. The scripts of `completions` ask at every
//! Tab. So it is quick, says nothing of what goes wrong, writes nothing, and shows nobody's name.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, CommandFactory, ValueEnum};

use super::command_line::{CommandLine, given};
use super::io::Io;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::Office;
use crate::words::{Lang, Locale};

mod known;
mod line;

use known::known;
use line::Line;

/// A line that a shell wants to go on with.
#[derive(Debug, Args)]
pub struct CompleteLineArgs {
    #[arg(value_enum, help = "shell")]
    shell: AskingShell,
    /// The words up to the cursor, the program's name first.
    #[arg(last = true, num_args = 0.., help = "line")]
    words: Vec<String>,
}

/// A shell that asks; what it hands over and takes differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AskingShell {
    Bash,
    Zsh,
    Fish,
}

/// What may stand in a place of the line.
#[derive(Debug)]
enum Fitting {
    /// A text that only whoever types it knows.
    Typed,
    Files,
    Folders,
    /// One of these, each with a remark.
    Among(Vec<(String, String)>),
}

/// Lists what fits: a word for the files of the shell, then a line for each, with its remark behind a tab.
pub fn run(args: CompleteLineArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let CompleteLineArgs { shell, words } = args;
    let raw_last = words.last().cloned().unwrap_or_default();
    let words = if shell == AskingShell::Bash { joined(words) } else { words };
    let Some((last, before)) = words.split_last() else { return Ok(0) };
    let office = at_home(before, office);
    let program = CommandLine::command();
    let line = Line::of(&program, before);
    let (option, typed) = line.divided(last);
    let fitting = match option {
        Some(option) => line.option(option).map_or(Fitting::Typed, |arg| fitting_of(&line, arg, typed, &office)),
        None if line.takes_names(last) => Fitting::Among(line.names(office.locale())),
        None => line
            .value()
            .map_or_else(|| Fitting::Among(line.verbs(office.locale())), |arg| fitting_of(&line, arg, typed, &office)),
    };
    // What the shell has already, before what it wants to be replaced.
    let kept = match shell {
        AskingShell::Fish => String::new(),
        AskingShell::Zsh => last[..last.len() - typed.len()].to_string(),
        AskingShell::Bash if is_break(&raw_last) => last.clone(),
        AskingShell::Bash => last[..last.len() - raw_last.len()].to_string(),
    };
    let ahead = &last[..last.len() - typed.len()];
    let (files, all) = match fitting {
        Fitting::Typed => ("none", Vec::new()),
        Fitting::Files => ("files", Vec::new()),
        Fitting::Folders => ("folders", Vec::new()),
        Fitting::Among(all) => ("none", all),
    };
    let mut told = format!("{files}\n");
    for (value, remark) in all.iter().filter(|(value, _)| value.starts_with(typed)) {
        let whole = format!("{ahead}{value}");
        // What cannot be typed is not offered.
        if let Some(rest) = whole.strip_prefix(&*kept).filter(|_| text::visible(value) == **value) {
            told += &format!("{rest}\t{}\n", text::visible(remark).replace(['\t', '\n'], " "));
        }
    }
    io.answer(office.locale(), |w| w.write_all(told.as_bytes())).map(|()| 0)
}

/// What may be the value of an option or an argument: in the words of the user's language where it has such, unless the beginning
/// that is `typed` is of its name.
fn fitting_of(line: &Line<'_>, arg: &clap::Arg, typed: &str, office: &Office) -> Fitting {
    let values: Vec<_> = arg.get_possible_values();
    if !values.is_empty() {
        let is_named = !typed.is_empty() && typed.is_ascii();
        let told = |value: &PossibleValue| {
            let words = value.get_name_and_aliases().find(|word| word.chars().any(text::is_han));
            match words.filter(|_| !is_named && office.locale().lang == Lang::Zh) {
                Some(words) => (words.to_string(), value.get_name().to_string()),
                None => (value.get_name().to_string(), String::new()),
            }
        };
        return Fitting::Among(values.iter().filter(|value| !value.is_hide_set()).map(told).collect());
    }
    match line::place_of(arg, &line.path, line.has("--column")) {
        line::Wanted::Files => Fitting::Files,
        line::Wanted::Folders => Fitting::Folders,
        line::Wanted::Typed => Fitting::Typed,
        line::Wanted::Known(kind) => Fitting::Among(known(kind, office).unwrap_or_default()),
    }
}

/// An office for the state folder that the line names, if it names one.
fn at_home(words: &[String], office: &Office) -> Office {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    let Some(home) = given(&words, "home") else { return office.clone() };
    let user = office.surroundings().var("HOME").map(PathBuf::from);
    let home = PathBuf::from(home);
    // The shell has not replaced it yet.
    let home = match (home.strip_prefix("~"), user) {
        (Ok(inside), Some(user)) => user.join(inside),
        _ => home,
    };
    let locale: Locale = (**office.locale()).clone();
    Office::new(locale, office.settings().clone(), office.surroundings().clone(), Some(home))
}

fn is_break(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, '=' | ':'))
}

/// Puts words together again that bash has cut at `=` and `:`.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut goes_on = false;
    for word in words {
        let is_break = is_break(&word);
        match all.last_mut().filter(|_| is_break || goes_on) {
            Some(last) => *last += &word,
            None => all.push(word),
        }
        goes_on = is_break;
    }
    all
}

/// Gives the script of a shell that asks; nothing of one that does not.
pub fn script(shell: clap_complete::Shell) -> Option<&'static str> {
    match shell {
        clap_complete::Shell::Bash => Some(include_str!("../../data/completions/skillcert.bash")),
        clap_complete::Shell::Zsh => Some(include_str!("../../data/completions/skillcert.zsh")),
        clap_complete::Shell::Fish => Some(include_str!("../../data/completions/skillcert.fish")),
        _ => None,
    }
}
