//! The parser's own words (用法): help and usage errors in the user's language.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Command, CommandFactory};
use unicode_width::UnicodeWidthStr;

use super::CommandLine;
use super::typed::RefusedValue;
use crate::domain::text;
use crate::domain::wrap::wrap;
use crate::failure::{Failure, FailureKind};
use crate::words::Locale;

/// What the parser writes into help and usage lines itself, with the keys of our words for it.
const PHRASES: [(&str, &str); 4] = [
    ("[OPTIONS]", "cli.words-options"),
    ("[COMMAND]", "cli.words-command-or-none"),
    ("<COMMAND>", "cli.words-command"),
    ("Usage: ", "cli.words-usage"),
];

/// Makes a usage failure from a locale key.
pub fn usage(locale: &Locale, key: &str, places: &[(&str, &str)]) -> Failure {
    Failure::new(FailureKind::Usage, locale.fill(key, places), "")
}

/// Says of a file that its name tells no format, where nothing else does.
pub fn unknown_ending(locale: &Locale, file: &Path) -> Failure {
    usage(locale, "cli.unknown-ending", &[("file", &text::visible(&file.to_string_lossy()))])
}

/// Gives a heading of help with what stands behind it.
pub fn heading(locale: &Locale, name: &str) -> String {
    locale.fill("cli.words-heading", &[("heading", locale.text(&format!("cli.{name}")))])
}

/// Gives a text of the parser in the user's words.
pub fn spoken(text: &str, locale: &Locale) -> String {
    let spoken = PHRASES.iter().fold(text.to_string(), |text, (phrase, key)| text.replace(phrase, locale.text(key)));
    // The parser sets a colon of its own behind the headings of options and arguments.
    ["options", "arguments"].iter().fold(spoken, |text, name| {
        let own = format!("\n{}:\n", locale.text(&format!("cli.{name}")));
        text.replace(&own, &format!("\n{}\n", heading(locale, name).trim_end()))
    })
}

/// So many columns are left for what an option does, or its lines stay as they are.
const ROOM: usize = 20;

/// Breaks the lines of a help that a terminal of so many columns would break anywhere: a sentence in Chinese has no blanks to break
/// it at. What an option does goes on below where it began.
pub fn wrapped(help: &str, columns: usize) -> String {
    let broken = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        let gap = line[indent..].find("  ").map_or(indent, |at| indent + at);
        let begins = line.len() - line[gap..].trim_start().len();
        let before = line[..begins].width();
        if line.width() <= columns || columns < before + ROOM {
            return format!("{line}\n");
        }
        let lines = wrap(&line[begins..], columns - before).into_iter().enumerate();
        let put = |(at, rest): (usize, String)| match at {
            0 => format!("{}{rest}\n", &line[..begins]),
            _ => format!("{}{rest}\n", " ".repeat(before)),
        };
        lines.map(put).collect()
    };
    help.lines().map(broken).collect()
}

/// Tells a usage error: what is wrong, what may have been meant, how the verb is called.
pub fn usage_error(error: &Error, locale: &Locale) -> String {
    let one = |kind| match error.get(kind) {
        Some(ContextValue::String(value)) => Some(value.clone()),
        Some(ContextValue::StyledStr(value)) => Some(value.to_string()),
        _ => None,
    };
    let many = |kind| match error.get(kind) {
        Some(ContextValue::String(value)) => vec![value.clone()],
        Some(ContextValue::Strings(values)) => values.clone(),
        _ => Vec::new(),
    };
    let listed = |values: &[String]| values.join(locale.text("finding.comma"));
    let argument = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue).unwrap_or_default();
    let others = many(ContextKind::PriorArg);
    let fill = |key: &str, more: &str| {
        let places = [("argument", &*argument), ("value", &*value), ("more", more)];
        locale.fill(&format!("cli.wrong-{key}"), &places)
    };
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => fill("no-value", ""),
        ErrorKind::InvalidValue => fill("value", ""),
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(why) => {
                let why = match why.downcast_ref::<RefusedValue>() {
                    Some(RefusedValue { key, places }) => locale
                        .fill(key, &places.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>()),
                    None => why.to_string(),
                };
                fill("value-because", &why)
            }
            None => fill("value", ""),
        },
        ErrorKind::UnknownArgument => fill("argument", ""),
        ErrorKind::InvalidSubcommand => fill("verb", &one(ContextKind::InvalidSubcommand).unwrap_or_default()),
        ErrorKind::MissingSubcommand => fill("no-verb", ""),
        ErrorKind::ArgumentConflict if others.first() == Some(&argument) => fill("twice", ""),
        ErrorKind::ArgumentConflict => fill("together", &listed(&others)),
        ErrorKind::MissingRequiredArgument => fill("missing", &listed(&many(ContextKind::InvalidArg))),
        ErrorKind::NoEquals => fill("no-value", ""),
        ErrorKind::TooManyValues => fill("too-many", ""),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => fill("too-few", ""),
        ErrorKind::InvalidUtf8 => fill("not-utf8", ""),
        _ => fill("other", ""),
    };
    let choices = [ContextKind::ValidValue, ContextKind::ValidSubcommand].map(many).concat();
    let meant = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedCommand,
    ];
    // What only scripts call is not what somebody meant.
    let verbs = CommandLine::command();
    let is_hidden = |name: &String| verbs.find_subcommand(name).is_some_and(Command::is_hide_set);
    let mut meant: Vec<String> = meant.map(many).concat().into_iter().filter(|name| !is_hidden(name)).collect();
    // What is as long as what was typed comes first.
    let typed = one(ContextKind::InvalidSubcommand).unwrap_or_default().chars().count();
    meant.sort_by_key(|name| name.chars().count().abs_diff(typed));
    let mut lines = vec![text::visible(&what).into_owned()];
    if !choices.is_empty() {
        lines.push(fill("choices", &listed(&choices)));
    }
    if !meant.is_empty() {
        lines.push(fill("meant", &listed(&meant)));
    }
    lines.extend(one(ContextKind::Usage).map(|usage| spoken(usage.trim(), locale)));
    lines.push(fill("see-help", ""));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_option_does_goes_on_below_where_it_began() {
        let help = "检查名册\n\n选项：\n  -q, --quiet      标准错误里只说出错的事，别的什么也不说\n";
        let narrow =
            "检查名册\n\n选项：\n  -q, --quiet      标准错误里只说出错的\n                   事，别的什么也不说\n";
        assert_eq!(wrapped(help, 80), help);
        assert_eq!(wrapped(help, 39), narrow);
        assert_eq!(wrapped(help, 20), help, "nothing is gained in so little room");
        assert_eq!(wrapped("  甲乙丙丁戊己庚辛壬癸子丑\n", 24), "  甲乙丙丁戊己庚辛壬癸子\n  丑\n");
    }
}
