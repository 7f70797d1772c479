//! Headless verbs: data on stdout, messages on stderr, no screen.
//!
//! Exit codes: 0 no errors, 1 the data has errors, 2 usage, 3 the file cannot be read, 4 the store is busy, damaged or not
//! writable, 5 a bug.

pub mod abort;
mod answers;
mod archive;
mod audit;
mod backup;
mod batch;
mod carry_over;
mod case;
mod changing;
mod check;
mod checklist;
mod command_line;
mod compare;
mod complete;
mod consent;
mod copy;
pub mod crash;
mod decode;
mod doctor;
mod due;
mod escape;
mod event;
mod explain;
mod export;
mod fact;
mod fill;
mod filtered;
mod fix;
mod form;
mod handover;
mod history;
mod init;
mod institution;
mod io;
mod json;
mod keys;
mod lateness;
mod ledger;
mod lookup;
mod many;
mod merge;
mod passphrase;
mod print;
mod profile;
mod reading;
mod recipe;
mod replace;
mod reshape;
mod restore;
mod rows;
mod screen;
mod shape;
mod share;
mod statistics;
mod stock;
mod summary;
mod table;
mod telling;
mod template;
mod two_people;
mod typed;
mod unify;
mod usage;
mod values;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

pub use command_line::{CommandLine, OpenArgs, command};
pub use io::Io;

use clap::Subcommand;
use command_line::Colour;

use crate::app::command::Keymap;
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{Background, CurrentRow, Office, Surroundings};
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
    /// The batch of the store to open.
    pub batch: Option<BatchId>,
    /// Whether it is told line by line, without a screen.
    pub plain: bool,
    /// The keys in force.
    pub keymap: Keymap,
}

/// A verb; each has a file of its own. They stand in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Verb {
    Open(OpenArgs),
    Check(check::CheckArgs),
    Fix(fix::FixArgs),
    Export(export::ExportArgs),
    Merge(merge::MergeArgs),
    Compare(compare::CompareArgs),
    Fill(fill::FillArgs),
    CarryOver(carry_over::CarryOverArgs),
    Answers(answers::AnswersArgs),
    Summary(summary::SummaryArgs),
    Statistics(statistics::StatisticsArgs),
    Screen(screen::ScreenArgs),
    Values(values::ValuesArgs),
    Replace(replace::ReplaceArgs),
    Rows(rows::RowsArgs),
    Unify(unify::UnifyArgs),
    Reshape(reshape::ReshapeArgs),
    Template(template::TemplateArgs),
    Recipe(recipe::RecipeArgs),
    Explain(explain::ExplainArgs),
    Decode(decode::DecodeArgs),
    Lookup(lookup::LookupArgs),
    Profile(profile::ProfileArgs),
    #[command(subcommand)]
    Ledger(ledger::LedgerVerb),
    Batch(batch::BatchArgs),
    History(history::HistoryArgs),
    Institution(institution::InstitutionArgs),
    #[command(subcommand)]
    Case(case::CaseVerb),
    Stock(stock::StockArgs),
    Due(due::DueArgs),
    Event(event::EventArgs),
    Fact(fact::FactArgs),
    Checklist(checklist::ChecklistArgs),
    Lateness(lateness::LatenessArgs),
    Archive(archive::ArchiveArgs),
    Share(share::ShareArgs),
    Form(form::FormArgs),
    Print(print::PrintArgs),
    Audit(audit::AuditArgs),
    Init(init::InitArgs),
    TwoPeople(two_people::TwoPeopleArgs),
    Keys(keys::KeysArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Man(handover::ManArgs),
    Completions(handover::CompletionsArgs),
    /// For the scripts of shells alone.
    #[command(hide = true)]
    CompleteLine(complete::CompleteLineArgs),
}

/// Runs a command line. `watch` is told of the office before anything is done, so that a process can report its end there.
pub fn run(arguments: Vec<OsString>, io: &mut Io, surroundings: &Surroundings, watch: impl FnOnce(&Office)) -> Outcome {
    let home = command_line::given(&arguments, "home").map(PathBuf::from);
    let mut settings = surroundings.settings(home.as_deref());
    let report_lang = command_line::given(&arguments, "report-lang").and_then(|lang| lang.into_string().ok());
    settings.report_lang = report_lang.or(settings.report_lang);
    let locale = Locale::load(command_line::language(&arguments, &settings, surroundings));
    let line = match command_line::parse(arguments, io, &locale) {
        Ok(line) => line,
        Err(code) => return Outcome::Done(code),
    };
    let keymap = keys::changed(&mut settings);
    if !colours(line.color, surroundings.var("NO_COLOR").as_deref(), surroundings.var("TERM").as_deref()) {
        settings.theme = Background::None;
    }
    let term = surroundings.var("TERM").unwrap_or_default();
    // Whoever has so many colours sits at a terminal of today; the others stay with what costs few bytes.
    let has_many = surroundings.var("COLORTERM").is_some() || term.to_string_lossy().contains("256color");
    if settings.current_row == CurrentRow::Auto && has_many {
        settings.current_row = CurrentRow::Whole;
    }
    let office = Office::new(locale, settings, surroundings.clone(), line.home.clone());
    watch(&office);
    if line.quiet {
        io.be_quiet();
    }
    if line.no_input {
        io.ask_nothing();
    }
    match headless(line, io, &office) {
        Ok(Done::Code(code)) => Outcome::Done(code),
        Ok(Done::Workbench(OpenArgs { file, sheet, profile, batch, plain })) => {
            let keymap = keymap.unwrap_or_default();
            Outcome::Workbench(office, Box::new(Start { file, sheet, profile, batch, plain, keymap }))
        }
        Err(failure) => {
            io.complain(&failure);
            Outcome::Done(failure.exit_code())
        }
    }
}

/// What came of a verb: its exit code, or that the workbench is wanted.
enum Done {
    Code(u8),
    Workbench(OpenArgs),
}

fn headless(line: CommandLine, io: &mut Io, office: &Office) -> Result<Done, Failure> {
    let (is_asked_nothing, pipes) = (line.no_input, line.pipes);
    let verb = line.verb();
    // What would ask is refused with the option that answers. `restore` sees for itself.
    let asks = match &verb {
        Verb::Open(_) => Some("cli.no-input-open"),
        Verb::Backup(args) if args.encrypt => Some("cli.no-input-passphrase"),
        _ => None,
    };
    if let Some(key) = asks.filter(|_| is_asked_nothing) {
        return Err(usage::usage(office.locale(), key, &[]));
    }
    tell_data_problems(&verb, io, office);
    match pipes {
        0 => {}
        1 => office.take_pipe(io.input())?,
        _ => return Err(usage::usage(office.locale(), "many.pipe", &[])),
    }
    let looks = matches!(
        &verb,
        Verb::Check(_) | Verb::Fix(_) | Verb::Export(_) | Verb::Merge(_) | Verb::Compare(_) | Verb::Summary(_)
    );
    let code = match verb {
        Verb::Open(args) => return Ok(Done::Workbench(args)),
        Verb::Check(args) => check::run(args, io, office),
        Verb::Fix(args) => fix::run(&args, io, office),
        Verb::Export(args) => export::run(args, io, office),
        Verb::Merge(args) => merge::run(&args, io, office),
        Verb::Compare(args) => compare::run(&args, io, office),
        Verb::CarryOver(args) => carry_over::run(&args, io, office),
        Verb::Fill(args) => fill::run(&args, io, office),
        Verb::Answers(args) => answers::run(&args, io, office),
        Verb::Summary(args) => summary::run(&args, io, office),
        Verb::Statistics(args) => statistics::run(&args, io, office),
        Verb::Values(args) => values::run(&args, io, office),
        Verb::Replace(args) => replace::run(&args, io, office),
        Verb::History(args) => history::run(&args, io, office),
        Verb::Rows(args) => rows::run(&args, io, office),
        Verb::Unify(args) => unify::run(&args, io, office),
        Verb::Reshape(args) => reshape::run(&args, io, office),
        Verb::Template(args) => template::run(&args, io, office),
        Verb::Recipe(args) => recipe::run(args, io, office),
        Verb::Explain(args) => explain::run(&args, io, office),
        Verb::Decode(args) => decode::run(&args, io, office),
        Verb::Lookup(args) => lookup::run(&args, io, office),
        Verb::Profile(args) => profile::run(args, io, office),
        Verb::Ledger(verb) => ledger::run(verb, io, office),
        Verb::Batch(args) => batch::run(&args, io, office),
        Verb::Institution(args) => institution::run(args, io, office),
        Verb::Case(verb) => case::run(verb, io, office),
        Verb::Stock(args) => stock::run(args, io, office),
        Verb::Due(args) => due::run(&args, io, office),
        Verb::Event(args) => event::run(&args, io, office),
        Verb::Fact(args) => fact::run(&args, io, office),
        Verb::Checklist(args) => checklist::run(&args, io, office),
        Verb::Lateness(args) => lateness::run(&args, io, office),
        Verb::Archive(args) => archive::run(&args, io, office),
        Verb::Share(args) => share::run(args, io, office),
        Verb::Screen(args) => screen::run(&args, io, office),
        Verb::Form(args) => form::run(args, io, office),
        Verb::Print(args) => print::run(&args, io, office),
        Verb::Audit(args) => audit::run(args, io, office),
        Verb::Init(args) => init::run(&args, io, office),
        Verb::TwoPeople(args) => two_people::run(&args, io, office),
        Verb::Keys(args) => keys::run(&args, io, office),
        Verb::Backup(args) => backup::run(args, io, office),
        Verb::Restore(args) => restore::run(&args, io, office),
        Verb::Doctor(args) => doctor::run(&args, io, office),
        Verb::Man(args) => handover::write(&args, io, office),
        Verb::Completions(args) => handover::complete(&args, io, office),
        Verb::CompleteLine(args) => complete::run(args, io, office),
    };
    // Whoever names a folder means one that is there; what needs a store says so itself.
    if let Some(home) = office.missing_home().filter(|_| looks && code.is_ok()) {
        io.message(&office.locale().fill("cli.no-home", &[("path", &text::visible(&home.to_string_lossy()))]));
    }
    code.map(Done::Code)
}

/// Tells whether colours are wanted: `--color` before `NO_COLOR`, and that before what the terminal says of itself.
fn colours(option: Option<Colour>, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    match option {
        Some(Colour::Always) => true,
        Some(Colour::Never) => false,
        _ => no_color.is_none_or(OsStr::is_empty) && !term.is_some_and(has_none),
    }
}

/// Tells whether a terminal of such a name has no colours: one of these kinds, or its one-coloured sister.
fn has_none(term: &OsStr) -> bool {
    let term = term.to_string_lossy();
    let is_kind = |kind: &str| term.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    term.is_empty()
        || ["dumb", "vt52", "vt100", "vt102", "vt220", "vt320", "ansi-m", "linux-m"].into_iter().any(is_kind)
        || term.ends_with("-mono")
}

/// Tells what is wrong with the user's profiles, forms, tables and settings, which stops nothing; the workbench tells it on its
/// own screen.
fn tell_data_problems(verb: &Verb, io: &mut Io, office: &Office) {
    let checked = match verb {
        Verb::Open(_) | Verb::CompleteLine(_) => return,
        Verb::Profile(args) => args.checked(),
        _ => None,
    };
    for problem in office.data_problems(checked) {
        io.message(&office.locale().data_problem(problem));
    }
}
