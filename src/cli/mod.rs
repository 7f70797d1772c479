//! Headless verbs: data on stdout, messages on stderr, no screen.
//!
//! Exit codes: 0 no errors, 1 the data has errors, 2 usage, 3 the file cannot be read, 4 the store is busy, damaged or not
//! writable, 5 a bug.

mod args;
mod audit;
mod backup;
mod batch;
mod case;
mod check;
mod command_line;
pub mod crash;
mod decode;
mod doctor;
mod explain;
mod export;
mod fix;
mod handover;
mod init;
mod institution;
mod io;
mod json;
mod keys;
mod ledger;
mod load;
mod lookup;
mod note;
mod out;
mod passphrase;
mod piped;
mod profile;
mod reading;
mod restore;
mod shape;
mod stored;
mod table;
mod usage;
mod values;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

pub use io::Io;
pub use load::{Loaded, find_profile, today};

use clap::{Args, Subcommand};
use command_line::{Colour, CommandLine, OpenArgs, Verb};
use values::filled;

use crate::app::command::Keymap;
use crate::data;
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;
use crate::formats::atomic::is_same_file;
use crate::office::{Background, Office, Session, Settings, Surroundings};
use crate::store::{Places, Store, user};
use crate::words::Locale;

/// What the command line asks for, when it is not something that is done here.
#[derive(Debug)]
pub enum Outcome {
    /// Done; the exit code.
    Done(u8),
    /// The workbench should open.
    Workbench(Office, Box<Start>),
}

/// What the workbench begins with.
#[derive(Debug, Default)]
pub struct Start {
    /// The state folder from `--home`.
    pub home: Option<PathBuf>,
    /// The file to open; the last batch when not given.
    pub file: Option<PathBuf>,
    /// The sheet to open.
    pub sheet: Option<String>,
    /// The profile to check with.
    pub profile: Option<String>,
    /// How the program behaves for the person.
    pub settings: Settings,
    /// Whether it is told line by line, without a screen.
    pub plain: bool,
    /// The keys in force.
    pub keymap: Keymap,
}

/// A verb; each has a file of its own.
#[derive(Debug, Subcommand)]
pub enum OfficeVerb {
    Explain(explain::ExplainArgs),
    Decode(decode::DecodeArgs),
    Lookup(lookup::LookupArgs),
    Profile(profile::ProfileArgs),
    #[command(subcommand)]
    Ledger(ledger::LedgerVerb),
    Institution(institution::InstitutionArgs),
    #[command(subcommand)]
    Case(case::CaseVerb),
    Audit(audit::AuditArgs),
    Init(init::InitArgs),
    Keys(keys::KeysArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Man(handover::ManArgs),
    Completions(handover::CompletionsArgs),
}

impl OfficeVerb {
    fn run(self, io: &mut Io, office: &Office) -> Result<u8, Failure> {
        match self {
            OfficeVerb::Explain(args) => explain::run(&args, io, office),
            OfficeVerb::Decode(args) => decode::run(&args, io, office),
            OfficeVerb::Lookup(args) => lookup::run(&args, io, office),
            OfficeVerb::Profile(args) => profile::run(args, io, office),
            OfficeVerb::Ledger(verb) => ledger::run(verb, io, office),
            OfficeVerb::Institution(args) => institution::run(args, io, office),
            OfficeVerb::Case(verb) => case::run(verb, io, office),
            OfficeVerb::Audit(args) => audit::run(args, io, office),
            OfficeVerb::Init(args) => init::run(&args, io, office),
            OfficeVerb::Keys(args) => keys::run(&args, io, office),
            OfficeVerb::Backup(args) => backup::run(args, io, office),
            OfficeVerb::Restore(args) => restore::run(&args, io, office),
            OfficeVerb::Doctor(args) => doctor::run(&args, io, office),
            OfficeVerb::Man(args) => handover::write(&args, io, office),
            OfficeVerb::Completions(args) => handover::complete(&args, io, office),
        }
    }
}

/// Shows personal data of the store whole: only with a reason, which the audit chain keeps.
#[derive(Debug, Default, Args)]
pub struct UnmaskArgs {
    #[arg(long, requires = "reason")]
    unmask: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

impl UnmaskArgs {
    /// Gives why personal data is shown whole; nothing where it stays masked.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.unmask)
    }
}

/// Runs a command line. `watch` is told of the office before anything is done, so that a process can report its end there.
pub fn run(arguments: Vec<OsString>, io: &mut Io, surroundings: &Surroundings, watch: impl FnOnce(&Office)) -> Outcome {
    let home = command_line::given(&arguments, "home").map(PathBuf::from);
    let mut settings = surroundings.settings(home.as_deref());
    let locale = Locale::load(command_line::language(&arguments, &settings, surroundings));
    let mut line = match command_line::parse(arguments, io, &locale) {
        Ok(line) => line,
        Err(code) => return Outcome::Done(code),
    };
    let verb = line.take_verb();
    let keymap = keys::keymap(&mut settings);
    if !colours(line.color, surroundings.var("NO_COLOR").as_deref(), surroundings.var("TERM").as_deref()) {
        settings.theme = Background::None;
    }
    let office = Office::new(locale.clone(), settings.clone(), surroundings.clone(), line.home.clone());
    watch(&office);
    if line.quiet {
        note::be_quiet();
        io.be_quiet();
    }
    if line.no_input {
        io.ask_nothing();
        if let Some(key) = asking(&verb) {
            let failure = usage(&locale, key, &[]);
            io.complain(&failure);
            return Outcome::Done(failure.exit_code());
        }
    }
    take_user_data(&line, &verb, io, &office);
    let home = line.home.as_deref();
    let result = match verb {
        Verb::Open(OpenArgs { file, sheet, profile, plain }) => {
            let start = Start { home: line.home, file, sheet, profile, settings, keymap, plain };
            return Outcome::Workbench(office, Box::new(start));
        }
        Verb::Headless(verb) => verb.run(io, &office),
        Verb::Other(verb) => match verb {
            args::Verb::Check(args) => check::run(args, home, &locale),
            args::Verb::Fix(args) => fix::run(&args, &locale),
            args::Verb::Export(args) => export::run(args, home, &locale),
            args::Verb::Batch(verb) => batch::run(&verb, home, &locale),
        },
    };
    Outcome::Done(result.unwrap_or_else(|failure| {
        io.complain(&failure);
        failure.exit_code()
    }))
}

/// Names the refusal of what would ask, with the option that answers. `restore` sees for itself.
fn asking(verb: &Verb) -> Option<&'static str> {
    match verb {
        Verb::Open(_) => Some("cli.no-input-open"),
        Verb::Headless(OfficeVerb::Backup(args)) if args.encrypt => Some("cli.no-input-passphrase"),
        _ => None,
    }
}

/// Tells whether colours are wanted: `--color` before `NO_COLOR`, and that before what the terminal says of itself.
fn colours(option: Option<Colour>, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    match option {
        Some(Colour::Always) => true,
        Some(Colour::Never) => false,
        _ => no_color.is_none_or(OsStr::is_empty) && !term.is_some_and(|term| term == "dumb" || term.is_empty()),
    }
}

/// Reads the user's profiles, forms and tables. What is wrong with them is told and stops nothing; the workbench tells it
/// on its own screen.
fn take_user_data(line: &CommandLine, verb: &Verb, io: &mut Io, office: &Office) {
    // While something below these still asks the globals. Without a state folder or a name of our own there is what is built
    // in; whoever needs either says so later.
    if matches!(verb, Verb::Open(_) | Verb::Other(_) | Verb::Headless(OfficeVerb::Ledger(_)))
        && let (Ok(places), Ok(program)) = (Places::from_environment(line.home.as_deref()), std::env::current_exe())
    {
        data::start(places.home(), &program);
    }
    let checked = match verb {
        Verb::Open(_) => return,
        Verb::Headless(OfficeVerb::Profile(args)) => args.checked(),
        _ => None,
    };
    for problem in office.data_problems(checked) {
        io.message(&office.locale().data_problem(problem));
    }
}

/// Tells a failure on stderr.
pub fn complain(failure: &Failure) {
    out::message(&failure.to_string());
}

/// Refuses to write over the roster that is read: the organiser's file is the only proof of what was sent. Nor is a roster
/// written into a pipe: it is read back before it counts as written.
fn spare_source(source: &Path, target: Option<&Path>, locale: &Locale) -> Result<(), Failure> {
    match target {
        Some(target) if target == Path::new(piped::PIPE) => Err(usage(locale, "cli.output-is-pipe", &[])),
        Some(target) if is_same_file(source, target) => {
            Err(usage(locale, "cli.output-is-source", &[("file", &target.to_string_lossy())]))
        }
        _ => Ok(()),
    }
}

/// Signs on to the store; tells if others can see what is in it.
fn sign_on(io: &mut Io, office: &Office, what: &str) -> Result<Session, Failure> {
    let session = office.sign_on(what)?;
    if let Some(words) = office.loose() {
        io.message(&words);
    }
    Ok(session)
}

/// Opens the store for a headless verb.
fn open_store(home: Option<&Path>, what: &str, locale: &Locale) -> Result<Store, Failure> {
    let places = Places::from_environment(home).map_err(|e| locale.store_failure(&e))?;
    let store = Store::open(&places, &user(), what).map_err(|e| locale.store_failure(&e))?;
    locale.loose(&places.loose()).iter().for_each(|words| out::message(words));
    Ok(store)
}

/// Gives where the audit chain stands, for what is exported; nothing without a store. A store that does not answer is told
/// and stops no export, which needs nothing of it.
fn audit_head(home: Option<&Path>, locale: &Locale) -> Option<Head> {
    let places = Places::from_environment(home).ok()?;
    Store::head_of(&places).unwrap_or_else(|error| {
        complain(&locale.store_failure(&error));
        None
    })
}

/// Makes a usage failure from a locale key.
fn usage(locale: &Locale, key: &str, places: &[(&str, &str)]) -> Failure {
    Failure::new(crate::failure::FailureKind::Usage, locale.fill(key, places), "")
}
