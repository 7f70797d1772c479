//! The verbs of `skillcert institution` and their shape.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::cli::shape::Shape;

/// `skillcert institution`
#[derive(Debug)]
pub enum InstitutionVerb {
    /// File a new one.
    Add {
        prefix: String,
        /// The profile it stands under.
        profile: String,
        /// What is known of it.
        new: New,
        /// How to answer, and why.
        answered: Answered,
    },
    List {
        /// Whether retired prefixes are listed too.
        all: bool,
        /// text or json.
        format: String,
    },
    /// Show one with its history.
    Show {
        prefix: String,
        /// text or json.
        format: String,
    },
    Change {
        prefix: String,
        name: Option<String>,
        /// The first day of the new name; today when not given.
        from: Option<String>,
        facts: Facts,
        /// How to answer, and why.
        answered: Answered,
    },
    /// Make a new one of several.
    Merge {
        prefix: String,
        /// The profile; that of the old ones when not given.
        profile: Option<String>,
        /// What is known of the new one.
        new: New,
        of: Vec<String>,
        /// The last day of the old ones; today when not given.
        on: Option<String>,
        /// How to answer, and why.
        answered: Answered,
    },
    /// Let one take others over.
    Absorb {
        /// The prefix that stays.
        prefix: String,
        /// The prefixes that end.
        of: Vec<String>,
        /// Their last day; today when not given.
        on: Option<String>,
        /// How to answer, and why.
        answered: Answered,
    },
    Cancel {
        prefix: String,
        on: String,
        /// How to answer, and why.
        answered: Answered,
    },
    /// Take its filed scope from a table.
    Scope {
        prefix: String,
        file: PathBuf,
        /// The sheet of it.
        sheet: Option<String>,
        /// How to answer, and why.
        answered: Answered,
    },
    Seal {
        prefix: String,
        /// The seal's text.
        name: String,
        /// Since when it is used.
        from: Option<String>,
        /// Since when the electronic one is used.
        electronic_from: Option<String>,
        /// How to answer, and why.
        answered: Answered,
    },
}

/// How a change is answered, and why it is made.
#[derive(Debug)]
pub struct Answered {
    /// text or json.
    pub format: String,
    pub reason: Option<String>,
}

/// What is typed about a new institution.
#[derive(Debug)]
pub struct New {
    pub name: String,
    /// The first day of the name.
    pub from: Option<String>,
    /// What else is known.
    pub facts: Facts,
}

/// What may be known of an institution besides its name.
#[derive(Debug)]
pub struct Facts {
    /// What kind of body it is.
    pub kind: Option<String>,
    /// When it was filed.
    pub filed_on: Option<String>,
    /// Persons and telephone numbers.
    pub contact: Option<String>,
}

/// Builds the family's shape.
pub fn shape(shape: Shape) -> Command {
    let told = |arg: Arg, key: &str| arg.help(shape.text(&format!("institution-{key}")));
    let prefix = || shape.argument("prefix", "PREFIX", "institution-prefix").required(true);
    let option = |name: &'static str, value: &'static str| told(Arg::new(name).long(name).value_name(value), name);
    let option = |name, value| option(name, value).help_heading(shape.text("options"));
    let of = || option("of", "PREFIX").action(ArgAction::Append).required(true);
    let facts = || [option("kind", "TEXT"), option("filed-on", "DATE"), option("contact", "TEXT")];
    let format = || shape.choice("format", &["text", "json"]).default_value("text");
    let answered = || [option("reason", "TEXT"), format()];
    let verb = |name| shape.verb_of("institution", name);
    let name = || option("name", "NAME");
    let verbs = [
        verb("add")
            .args([prefix(), name().required(true), option("profile", "ID").required(true), option("from", "DATE")])
            .args(facts())
            .args(answered()),
        verb("list").args([told(shape.flag("all"), "all"), format()]),
        verb("show").args([prefix(), format()]),
        verb("change").args([prefix(), name(), option("from", "DATE")]).args(facts()).args(answered()),
        verb("merge")
            .args([prefix(), name().required(true), of(), option("on", "DATE"), option("from", "DATE")])
            .arg(option("profile", "ID"))
            .args(facts())
            .args(answered()),
        verb("absorb").args([prefix(), of(), option("on", "DATE")]).args(answered()),
        verb("cancel").args([prefix(), option("on", "DATE").required(true)]).args(answered()),
        verb("scope")
            .args([prefix(), told(shape.file().required(true), "file"), shape.option("sheet", "NAME")])
            .args(answered()),
        verb("seal")
            .args([prefix(), told(name().required(true), "seal"), told(option("from", "DATE"), "seal-from")])
            .arg(option("electronic-from", "DATE"))
            .args(answered()),
    ];
    shape.family("institution", verbs)
}

/// Reads the family's verb; the list when none is given.
pub fn read(mut m: ArgMatches) -> InstitutionVerb {
    let Some((verb, mut m)) = m.remove_subcommand() else {
        return InstitutionVerb::List { all: false, format: "text".into() };
    };
    let format = m.remove_one::<String>("format").unwrap_or_default();
    match verb.as_str() {
        "list" => return InstitutionVerb::List { all: m.get_flag("all"), format },
        "show" => return InstitutionVerb::Show { prefix: m.remove_one("prefix").unwrap_or_default(), format },
        _ => {}
    }
    let mut text = |name: &str| m.remove_one::<String>(name);
    let answered = Answered { format, reason: text("reason") };
    let prefix = text("prefix").unwrap_or_default();
    match verb.as_str() {
        "add" => {
            let profile = text("profile").unwrap_or_default();
            InstitutionVerb::Add { prefix, profile, new: new(&mut m), answered }
        }
        "change" => {
            let (name, from) = (text("name"), text("from"));
            InstitutionVerb::Change { prefix, name, from, facts: facts(&mut m), answered }
        }
        "merge" => {
            let (profile, on) = (text("profile"), text("on"));
            InstitutionVerb::Merge { prefix, profile, on, new: new(&mut m), of: of(&mut m), answered }
        }
        "absorb" => InstitutionVerb::Absorb { prefix, on: text("on"), of: of(&mut m), answered },
        "cancel" => InstitutionVerb::Cancel { prefix, on: text("on").unwrap_or_default(), answered },
        "scope" => {
            let sheet = text("sheet");
            InstitutionVerb::Scope { prefix, sheet, file: m.remove_one("file").unwrap_or_default(), answered }
        }
        _ => InstitutionVerb::Seal {
            prefix,
            name: text("name").unwrap_or_default(),
            from: text("from"),
            electronic_from: text("electronic-from"),
            answered,
        },
    }
}

fn new(m: &mut ArgMatches) -> New {
    New { name: m.remove_one("name").unwrap_or_default(), from: m.remove_one("from"), facts: facts(m) }
}

fn facts(m: &mut ArgMatches) -> Facts {
    Facts { kind: m.remove_one("kind"), filed_on: m.remove_one("filed-on"), contact: m.remove_one("contact") }
}

fn of(m: &mut ArgMatches) -> Vec<String> {
    m.remove_many("of").map(Iterator::collect).unwrap_or_default()
}
