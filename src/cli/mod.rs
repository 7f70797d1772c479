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
mod lookup;
mod passphrase;
mod profile;
mod reading;
mod restore;
mod shape;
mod table;
mod usage;
mod values;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

pub use args::{Call, Verb};
pub use io::Io;

use args::OpenArgs;
use clap::{Args, Subcommand};
use values::filled;

use crate::app::command::Keymap;
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;
use crate::office::{Background, Office, Session, Surroundings};
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
    /// The file to open; the last batch when not given.
    pub file: Option<PathBuf>,
    /// The sheet to open.
    pub sheet: Option<String>,
    /// The profile to check with.
    pub profile: Option<String>,
    /// Whether it is told line by line, without a screen.
    pub plain: bool,
    /// The keys in force.
    pub keymap: Keymap,
}

/// A verb; each has a file of its own.
#[derive(Debug, Subcommand)]
pub enum OfficeVerb {
    Check(check::CheckArgs),
    Fix(fix::FixArgs),
    Export(export::ExportArgs),
    Batch(batch::BatchArgs),
    Explain(explain::ExplainArgs),
    Decode(decode::DecodeArgs),
    Lookup(lookup::LookupArgs),
    Profile(profile::ProfileArgs),
    Institution(institution::InstitutionArgs),
    #[command(subcommand)]
    Case(case::CaseVerb),
    #[command(subcommand)]
    Ledger(ledger::LedgerVerb),
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
            OfficeVerb::Check(args) => check::run(args, io, office),
            OfficeVerb::Fix(args) => fix::run(&args, io, office),
            OfficeVerb::Export(args) => export::run(&args, io, office),
            OfficeVerb::Batch(args) => batch::run(&args, io, office),
            OfficeVerb::Explain(args) => explain::run(&args, io, office),
            OfficeVerb::Decode(args) => decode::run(&args, io, office),
            OfficeVerb::Lookup(args) => lookup::run(&args, io, office),
            OfficeVerb::Profile(args) => profile::run(args, io, office),
            OfficeVerb::Institution(args) => institution::run(args, io, office),
            OfficeVerb::Case(verb) => case::run(verb, io, office),
            OfficeVerb::Ledger(verb) => ledger::run(verb, io, office),
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
    let home = args::given(&arguments, "home").map(PathBuf::from);
    let mut settings = surroundings.settings(home.as_deref());
    let locale = Locale::load(args::language(&arguments, &settings, surroundings));
    let call = match args::parse(arguments, io, &locale) {
        Ok(call) => call,
        Err(code) => return Outcome::Done(code),
    };
    let keymap = keys::keymap(&mut settings);
    if !colours(call.color.as_deref(), surroundings.var("NO_COLOR").as_deref(), surroundings.var("TERM").as_deref()) {
        settings.theme = Background::None;
    }
    let office = Office::new(locale.clone(), settings.clone(), surroundings.clone(), call.home.clone());
    watch(&office);
    if call.quiet {
        io.be_quiet();
    }
    if call.no_input {
        io.ask_nothing();
    }
    if let Some(failure) = asking(&call, &locale) {
        io.complain(&failure);
        return Outcome::Done(failure.exit_code());
    }
    take_user_data(&call, io, &office);
    let result = match call.verb {
        Verb::Open(open) => {
            let OpenArgs { file, sheet, profile, plain } = open;
            let start = Start { file, sheet, profile, plain, keymap };
            return Outcome::Workbench(office, Box::new(start));
        }
        Verb::Office(verb) => verb.run(io, &office),
    };
    Outcome::Done(result.unwrap_or_else(|failure| {
        io.complain(&failure);
        failure.exit_code()
    }))
}

/// Refuses what would ask, where nothing may be asked, with the option that answers. `restore` sees for itself.
fn asking(call: &Call, locale: &Locale) -> Option<Failure> {
    let key = match &call.verb {
        _ if !call.no_input => return None,
        Verb::Open(_) => "cli.no-input-open",
        Verb::Office(OfficeVerb::Backup(args)) if args.encrypt => "cli.no-input-passphrase",
        Verb::Office(_) => return None,
    };
    Some(usage(locale, key, &[]))
}

/// Tells whether colours are wanted: `--color` before `NO_COLOR`, and that before what the terminal says of itself.
fn colours(option: Option<&str>, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    match option {
        Some("always") => true,
        Some("never") => false,
        _ => no_color.is_none_or(OsStr::is_empty) && !term.is_some_and(|term| term == "dumb" || term.is_empty()),
    }
}

/// Reads the user's profiles, forms and tables. What is wrong with them is told and stops nothing; the workbench tells it
/// on its own screen.
fn take_user_data(call: &Call, io: &mut Io, office: &Office) {
    let checked = match &call.verb {
        Verb::Open(_) => return,
        Verb::Office(OfficeVerb::Profile(args)) => args.checked(),
        Verb::Office(_) => None,
    };
    for problem in office.data_problems(checked) {
        io.message(&office.locale().data_problem(problem));
    }
}

/// Tells a failure on stderr.
pub fn complain(failure: &Failure) {
    Io::of_process().complain(failure);
}

/// Signs on to the store; tells if others can see what is in it.
fn sign_on(io: &mut Io, office: &Office, what: &str) -> Result<Session, Failure> {
    let session = office.sign_on(what)?;
    if let Some(words) = office.loose() {
        io.message(&words);
    }
    Ok(session)
}

/// Gives where the audit chain stands, for what is exported. A store that does not answer is told and stops nothing.
fn audit_head(io: &mut Io, office: &Office) -> Option<Head> {
    office.audit_head().unwrap_or_else(|failure| {
        io.complain(&failure);
        None
    })
}

/// Makes a usage failure from a locale key.
fn usage(locale: &Locale, key: &str, places: &[(&str, &str)]) -> Failure {
    Failure::new(crate::failure::FailureKind::Usage, locale.fill(key, places), "")
}
