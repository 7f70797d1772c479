//! A line as far as it goes: which verb it calls, and what stands next.

use clap::{Arg, ArgAction, Command, ValueHint};

use super::known::Known;
use crate::words::Locale;

/// What an option or argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Files,
    Folders,
    /// What only whoever types it knows.
    Typed,
    Known(Known),
}

/// What options and arguments take, by the keys of their words; a path that is not here is one of a file.
const WANTED: &[(Wanted, &[&str])] = &[
    // The ledger keeps its name as it is typed.
    (Wanted::Files, &["photo"]),
    (Wanted::Folders, &["home", "man-folder", "print-photos", "restore-to", "shared"]),
    (
        Wanted::Known(Known::Profiles),
        &["form-profile", "from", "institution-profile", "profile", "profile-id", "template-profile"],
    ),
    (
        Wanted::Known(Known::Batches { all: false }),
        &[
            "answers-batch",
            "batch",
            "batches",
            "carry-batch",
            "changing-batch",
            "find-batch",
            "form-batch",
            "history-batch",
            "print-batch",
            "reply-batch",
            "screen-batch",
            "stock-batch",
            "submit-batch",
        ],
    ),
    (Wanted::Known(Known::Cases), &["case-id", "form-case", "stock-case"]),
    (
        Wanted::Known(Known::Prefixes),
        &[
            "form-institution",
            "institution-of",
            "institution-prefix",
            "lateness-institution",
            "ledger-prefix",
            "prefix",
            "stock-institution",
        ],
    ),
    (Wanted::Known(Known::Recipes), &["recipe-name"]),
    (Wanted::Known(Known::Topics), &["topic"]),
];

/// Verbs that give a new name to what they take first.
const NEW: [&str; 3] = ["-institution-add", "-institution-merge", "-profile-new"];

/// Tells what an option or argument of a verb takes. What `decode` reads is numbers, or files where a column is named.
pub fn place_of(arg: &Arg, path: &str, has_column: bool) -> Wanted {
    let key = key_of(arg);
    let wanted = WANTED.iter().find(|(_, keys)| keys.contains(&&*key)).map_or(Wanted::Typed, |(wanted, _)| *wanted);
    match wanted {
        Wanted::Known(_) if arg.is_positional() && NEW.contains(&path) => Wanted::Typed,
        Wanted::Known(Known::Batches { .. }) if path == "-batch-restore" => Wanted::Known(Known::Batches { all: true }),
        Wanted::Typed if key == "codes" && has_column => Wanted::Files,
        Wanted::Typed if arg.get_value_hint() == ValueHint::AnyPath => Wanted::Files,
        wanted => wanted,
    }
}

/// Gives the key of an option's words.
fn key_of(arg: &Arg) -> String {
    arg.get_help().map_or_else(|| arg.get_id().as_str().replace('_', "-"), ToString::to_string)
}

/// The words before the one that is asked for.
pub struct Line<'a> {
    program: &'a Command,
    verb: &'a Command,
    /// The verb's words, each behind a `-`, as the keys of its help have them.
    pub path: String,
    /// The options that stand there.
    options: Vec<&'a str>,
    /// How many values stand there.
    values: usize,
    /// The option whose value comes next.
    open: Option<&'a Arg>,
    /// Whether `--` has ended the options.
    ended: bool,
}

impl<'a> Line<'a> {
    /// Follows a line word by word; the first is the program.
    pub fn of(program: &'a Command, words: &'a [String]) -> Line<'a> {
        let (options, path) = Default::default();
        let mut line = Line { program, verb: program, path, options, values: 0, open: None, ended: false };
        words.iter().skip(1).for_each(|word| line.take(word));
        line
    }

    fn take(&mut self, word: &'a str) {
        if self.open.take().is_some() {
            return;
        }
        match word {
            "--" if !self.ended => self.ended = true,
            _ if word.starts_with("--") && !self.ended => {
                let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
                self.options.push(name);
                self.open = self.option(name).filter(|arg| value.is_none() && takes_value(arg));
            }
            _ if word.starts_with('-') && word.len() > 1 && !self.ended => {
                let letters = word.char_indices().skip(1);
                let with_value =
                    letters.filter_map(|(at, c)| Some((at, c, self.short(c)?))).find(|(_, _, a)| takes_value(a));
                // What stands behind the letter is its value.
                self.open = with_value.filter(|(at, c, _)| at + c.len_utf8() == word.len()).map(|(_, _, arg)| arg);
            }
            _ => match self.verb.find_subcommand(word).filter(|_| self.values == 0 && !self.ended) {
                Some(verb) => {
                    self.verb = verb;
                    self.path += "-";
                    self.path += verb.get_name();
                }
                None => self.values += 1,
            },
        }
    }

    /// Divides the word that is asked for into an option, where it has one, and what was typed of the value.
    pub fn divided<'w>(&self, word: &'w str) -> (Option<&'w str>, &'w str)
    where
        'a: 'w,
    {
        if let Some(open) = self.open {
            return (Some(open.get_id().as_str()), word);
        }
        match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") && !self.ended => (Some(name), value),
            _ => (None, word),
        }
    }

    /// Finds an option of the verb, or of every verb; the open one by its id.
    pub fn option(&self, name: &str) -> Option<&'a Arg> {
        let is_meant = |arg: &&Arg| name.strip_prefix("--").is_some_and(|name| arg.get_long() == Some(name));
        self.open.or_else(|| self.all_options().find(is_meant))
    }

    fn short(&self, letter: char) -> Option<&'a Arg> {
        self.all_options().find(|arg| arg.get_short() == Some(letter))
    }

    fn all_options(&self) -> impl Iterator<Item = &'a Arg> {
        let above = self.program.get_arguments().filter(|arg| arg.is_global_set());
        let above = above.filter(|_| !self.path.is_empty());
        self.verb.get_arguments().chain(above).filter(|arg| !arg.is_positional() && !arg.is_hide_set())
    }

    pub fn has(&self, option: &str) -> bool {
        self.options.contains(&option)
    }

    /// Tells whether the word that is asked for begins the name of an option.
    pub fn takes_names(&self, word: &str) -> bool {
        word.starts_with('-') && !self.ended
    }

    /// Lists the options that may follow, with what they do.
    pub fn names(&self, locale: &Locale) -> Vec<(String, String)> {
        let is_free = |arg: &&Arg| {
            let name = arg.get_long().map(|long| format!("--{long}"));
            name.is_some_and(|name| !self.has(&name) || matches!(arg.get_action(), ArgAction::Append))
        };
        let said = |arg: &Arg| {
            let long = arg.get_long().unwrap_or_default();
            (format!("--{long}"), locale.text(&format!("cli.{}", key_of(arg))).to_string())
        };
        let help = ("--help".to_string(), locale.text("cli.help").to_string());
        self.all_options().filter(is_free).map(said).chain([help]).collect()
    }

    /// Gives the argument whose value comes next; nothing where a verb does.
    pub fn value(&self) -> Option<&'a Arg> {
        let all: Vec<&Arg> = self.verb.get_positionals().collect();
        // Where several are taken, the last of them takes the rest.
        let rest = all.last().copied().filter(|arg| matches!(arg.get_action(), ArgAction::Append));
        all.get(self.values).copied().or(rest)
    }

    /// Lists the verbs that may follow, with what they do.
    pub fn verbs(&self, locale: &Locale) -> Vec<(String, String)> {
        if self.values != 0 {
            return Vec::new();
        }
        let shown = self.verb.get_subcommands().filter(|verb| !verb.is_hide_set());
        let said = |verb: &Command| {
            let name = verb.get_name();
            (name.to_string(), locale.text(&format!("cli.about{}-{name}", self.path)).to_string())
        };
        shown.map(said).collect()
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}
