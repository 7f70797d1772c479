//! The words of the command line, set over its shape by id: key `cli.NAME` for an option or argument, `cli.about-VERB` or
//! `cli.about-FAMILY-VERB` for a verb, `examples.FAMILY-VERB` for how it is called.

use clap::{Arg, ArgAction, Command};

use super::usage::heading;
use crate::office::MONTHS;
use crate::words::{Locale, PROGRAM_EXAMPLES};

/// The words of one language for verbs and options.
#[derive(Debug, Clone, Copy)]
struct ShapeWords<'a>(&'a Locale);

impl ShapeWords<'_> {
    /// Gives a text of the command line.
    fn text(self, key: &str) -> String {
        self.0.text(&format!("cli.{key}")).to_string()
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

    /// Gives the examples of a verb as its help shows them; nothing where it has none.
    fn examples(self, path: &str) -> Option<String> {
        let verb = path.strip_prefix('-').unwrap_or(PROGRAM_EXAMPLES);
        let lines = self.0.examples(verb).into_iter().map(|(line, remark)| format!("\n  {line}\n      {remark}"));
        let lines: String = lines.collect();
        (!lines.is_empty()).then(|| format!("{}{lines}", heading(self.0, "examples").trim_end()))
    }

    /// Gives a finished verb its help, in the words of the language.
    fn with_help(self, command: Command) -> Command {
        let command = command.mut_args(|arg| self.with_values(arg));
        let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
        let usage = heading(self.0, "usage");
        let template = if command.has_subcommands() {
            let commands = heading(self.0, "commands").trim_end().to_string();
            format!(
                "{{about}}\n\n{{before-help}}{usage}{{usage}}\n\n{commands}\n{{subcommands}}\n\n{{options}}{{after-help}}"
            )
        } else {
            format!("{{about}}\n\n{{before-help}}{usage}{{usage}}\n\n{{all-args}}{{after-help}}")
        };
        command
            .help_template(template)
            .disable_help_flag(true)
            .arg(help.help(self.text("help")).help_heading(self.text("options")))
    }
}

/// Sets the words of a language over a program and all its verbs, by id: a verb has those under `cli.about-PATH`, the program
/// those under `cli.about`, an option or argument those under `cli.ID`, or under `cli.KEY` where its `help` names a key; so do
/// words that stand below the help. A verb that is not asked for gets only what lists show.
pub fn with_words(program: Command, locale: &Locale, is_asked: &dyn Fn(&str) -> bool) -> Command {
    set_words(program, "", ShapeWords(locale), is_asked)
}

fn set_words(command: Command, path: &str, shape: ShapeWords<'_>, is_asked: &dyn Fn(&str) -> bool) -> Command {
    let about = |path: &str| shape.text(&format!("about{path}"));
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_string()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let path = format!("{path}-{name}");
        let is_asked_now = is_asked(&name);
        command.mut_subcommand(name, |verb| {
            if is_asked_now { set_words(verb, &path, shape, is_asked) } else { verb.about(about(&path)) }
        })
    });
    let command = command.mut_args(|arg| {
        let key = arg.get_help().map_or_else(|| arg.get_id().as_str().replace('_', "-"), ToString::to_string);
        let heading = shape.text(if arg.is_positional() { "arguments" } else { "options" });
        arg.help(shape.text(&key)).help_heading(heading)
    });
    let more =
        command.get_after_help().map(|key| shape.0.fill(&format!("cli.{key}"), &[("months", &MONTHS.to_string())]));
    let command = match more {
        Some(more) => command.after_help(format!("\n{more}")),
        None => command,
    };
    let command = match shape.examples(path) {
        Some(examples) => command.before_help(examples),
        None => command,
    };
    // A family without its verb is told what is missing, as everybody else is.
    shape.with_help(command.about(about(path)).disable_help_subcommand(true).arg_required_else_help(false))
}
