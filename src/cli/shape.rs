//! Pieces of the command line's shape, with their words from the locale: key `cli.NAME` for an option or argument,
//! `cli.about-VERB` or `cli.about-FAMILY-VERB` for a verb.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, Command, value_parser};

use crate::office::MONTHS;
use crate::words::Locale;

/// Builds verbs and options in one language.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a>(pub &'a Locale);

impl Shape<'_> {
    /// Gives a text of the command line.
    pub fn text(self, key: &str) -> String {
        self.0.text(&format!("cli.{key}")).to_string()
    }

    /// Makes an option with a value.
    pub fn option(self, name: &'static str, value: &'static str) -> Arg {
        Arg::new(name).long(name).value_name(value).help(self.text(name)).help_heading(self.text("options"))
    }

    /// Makes the option for a reason: blanks around it go, and blanks alone say nothing.
    pub fn reason(self) -> Arg {
        self.filled("reason", "TEXT", "blank-reason")
    }

    /// Makes the options that show personal data of the store whole: only with a reason, which the audit chain keeps.
    pub fn unmask_with_reason(self) -> [Arg; 2] {
        [self.flag("unmask").requires("reason"), self.reason()]
    }

    /// Makes an option whose value is no blank; `key` is that of the words that refuse one.
    pub fn filled(self, name: &'static str, value: &'static str, key: &str) -> Arg {
        let blank = self.text(key);
        let read = move |typed: &str| match typed.trim() {
            "" => Err(blank.clone()),
            text => Ok(text.to_string()),
        };
        self.option(name, value).value_parser(read)
    }

    /// Reads a whole number that is not below `least` nor above `most`.
    pub fn number<T>(self, least: T, most: Option<T>) -> impl TypedValueParser<Value = T>
    where
        T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
    {
        let words = match &most {
            Some(most) => {
                self.0.fill("cli.number-between", &[("least", &least.to_string()), ("most", &most.to_string())])
            }
            None => self.0.fill("cli.number-from", &[("least", &least.to_string())]),
        };
        let fits = move |number: &T| least <= *number && most.as_ref().is_none_or(|most| number <= most);
        move |typed: &str| typed.parse().ok().filter(&fits).ok_or_else(|| words.clone())
    }

    /// Makes an option without a value.
    pub fn flag(self, name: &'static str) -> Arg {
        let flag = Arg::new(name).long(name).action(ArgAction::SetTrue);
        flag.help(self.text(name)).help_heading(self.text("options"))
    }

    /// Makes an option whose value is one of a few.
    pub fn choice(self, name: &'static str, values: &'static [&'static str]) -> Arg {
        self.option(name, "FORMAT").value_parser(PossibleValuesParser::new(values))
    }

    /// Makes an argument that is told by its place; `key` is that of its help.
    pub fn argument(self, name: &'static str, value: &'static str, key: &str) -> Arg {
        Arg::new(name).value_name(value).help(self.text(key)).help_heading(self.text("arguments"))
    }

    /// Makes the argument for the file that is read.
    pub fn file(self) -> Arg {
        self.argument("file", "FILE", "file").value_parser(value_parser!(PathBuf))
    }

    /// Makes the option for the file that is written.
    pub fn output(self) -> Arg {
        self.option("output", "FILE").short('o').value_parser(value_parser!(PathBuf))
    }

    pub fn verb(self, name: &'static str) -> Command {
        Command::new(name).about(self.text(&format!("about-{name}")))
    }

    /// Makes a verb of a family, such as `profile list`.
    pub fn verb_of(self, family: &str, name: &'static str) -> Command {
        Command::new(name).about(self.text(&format!("about-{family}-{name}")))
    }

    /// Makes a family of verbs.
    pub fn family(self, name: &'static str, verbs: impl IntoIterator<Item = Command>) -> Command {
        let verbs = verbs.into_iter().map(|verb| self.dressed(verb));
        self.verb(name).disable_help_subcommand(true).subcommands(verbs)
    }

    /// Tells in an option's help which values there are and which is taken where none is given.
    fn with_values(self, arg: Arg) -> Arg {
        let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = arg.get_possible_values().iter().map(|v| v.get_name().to_string()).collect();
        let usual: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
        if arg.is_hide_possible_values_set() || !arg.get_action().takes_values() {
            return arg;
        }
        if !values.is_empty() {
            let listed = values.join(self.0.text("finding.comma"));
            help += &self.0.fill("cli.words-values", &[("values", &listed)]);
        }
        if !usual.is_empty() {
            help += &self.0.fill("cli.words-default", &[("value", &usual.join(" "))]);
        }
        arg.hide_possible_values(true).hide_default_value(true).help(help)
    }

    /// Gives a finished verb its help, in the words of the language.
    pub fn dressed(self, command: Command) -> Command {
        let command = command.mut_args(|arg| self.with_values(arg));
        let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
        let usage = self.text("usage");
        let template = if command.has_subcommands() {
            let commands = self.text("commands");
            format!("{{about}}\n\n{usage}: {{usage}}\n\n{commands}:\n{{subcommands}}\n\n{{options}}{{after-help}}")
        } else {
            format!("{{about}}\n\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}")
        };
        command
            .help_template(template)
            .disable_help_flag(true)
            .arg(help.help(self.text("help")).help_heading(self.text("options")))
    }
}

/// Sets the words of a language over a program and all its verbs, by id: a verb has those under `cli.about-PATH`, the program
/// those under `cli.about`, an option or argument those under `cli.ID`, or under `cli.KEY` where its `help` names a key; so do
/// words that stand below the help.
pub fn worded(program: Command, locale: &Locale) -> Command {
    set_words(program, "", Shape(locale))
}

fn set_words(command: Command, path: &str, shape: Shape<'_>) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_string()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let path = format!("{path}-{name}");
        command.mut_subcommand(name, |verb| set_words(verb, &path, shape))
    });
    let command = command.mut_args(|arg| {
        let key = arg.get_help().map_or_else(|| arg.get_id().as_str().replace('_', "-"), ToString::to_string);
        let heading = shape.text(if arg.is_positional() { "arguments" } else { "options" });
        arg.help(shape.text(&key)).help_heading(heading)
    });
    let about = shape.text(&format!("about{path}"));
    let more =
        command.get_after_help().map(|key| shape.0.fill(&format!("cli.{key}"), &[("months", &MONTHS.to_string())]));
    let command = match more {
        Some(more) => command.after_help(format!("\n{more}")),
        None => command,
    };
    // A family without its verb is told what is missing, as everybody else is.
    shape.dressed(command.about(about).disable_help_subcommand(true).arg_required_else_help(false))
}
