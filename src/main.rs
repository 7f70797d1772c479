//! The one binary: the workbook-reading child, the headless verbs, or the workbench.

use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use skillcert::cli::{self, Outcome, Start};
use skillcert::failure::{Failure, FailureKind};
use skillcert::office::{Office, PIPE, Surroundings, serve_as_child};
use skillcert::tui;

fn main() -> ExitCode {
    keep_memory_to_oneself();
    let served = serve_as_child(std::env::args_os()).or_else(|| tui::serve_as_guard(std::env::args_os()));
    if let Some(code) = served {
        return code;
    }
    // A file that may not grow further is then an error like a full disk, and not the end of the program.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    let code = catch_unwind(AssertUnwindSafe(|| match command_line() {
        Outcome::Done(code) => code,
        Outcome::Workbench(office, start) => workbench(&office, *start).map_or_else(
            |failure| {
                cli::Io::of_process().complain(&failure);
                failure.exit_code()
            },
            |()| 0,
        ),
    }));
    // The process ends here: giving back the memory of a large roster piece by piece would only take time.
    std::process::exit(i32::from(code.unwrap_or(5)));
}

/// Has the system write no core file and let nobody else read the memory: it holds people's data. Where the system refuses,
/// that is no reason not to work.
fn keep_memory_to_oneself() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // A system that hands core files to a program heeds no limit.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

fn command_line() -> Outcome {
    cli::run(std::env::args_os().collect(), &mut cli::Io::of_process(), &Surroundings::of_process(), cli::crash::watch)
}

fn workbench(office: &Office, start: Start) -> Result<(), Failure> {
    let locale = office.locale();
    if start.file.as_deref().is_some_and(|file| file == Path::new(PIPE)) {
        // What came through stdin is the file.
        let refused = |_| Failure::new(FailureKind::Usage, locale.text("cli.no-keys"), locale.text("cli.no-keys-hint"));
        tui::take_keys().map_err(refused)?;
    }
    let is_screen = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    // A terminal that cannot move its cursor takes no screens.
    let is_dumb = is_screen && std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let is_plain = start.plain || is_dumb;
    if !is_plain && !std::io::stdout().is_terminal() {
        return Err(Failure::new(
            FailureKind::Usage,
            locale.text("cli.no-terminal"),
            locale.text("cli.no-terminal-hint"),
        ));
    }
    // A batch that is not there is told where it was asked for.
    start.batch.map(|batch| office.look()?.batch(batch)).transpose()?;
    let setup = tui::Setup {
        office: office.clone(),
        profile: start.profile.as_deref().map(|id| office.profile(id)).transpose()?,
        today: office.today()?,
    };
    let folder = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let Start { file, sheet, batch, keymap, .. } = start;
    let options = tui::Options { folder, file, sheet, batch, keymap, setup };
    if !is_plain {
        cli::abort::leave_to_the_guard();
        return tui::run(locale, options);
    }
    tui::talk(locale, options, (!start.plain).then(|| locale.text("plain.dumb")))
}
