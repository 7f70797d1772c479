//! The workbench (工作台) on a terminal: loop, workers, drawing. What it does is decided in [`crate::app`].

mod backend;
mod bars;
mod burst;
mod cells;
mod draw;
mod events;
mod guard;
mod input;
mod osc52;
mod outlet;
mod painter;
mod plain;
mod terminal;
mod theme;
mod workers;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

pub use draw::draw;
pub use plain::talk;
pub use theme::{SignWidth, Theme};

use crate::app::App;
use crate::app::command::Keymap;
use crate::app::input::Mouse;
use crate::app::mouse::Pointed;
use crate::app::msg::{Effect, Msg};
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::office::{CurrentRow, Office};
use crate::words::{Charset, Locale, charset};
pub use events::LoopEvent;
use guard::TerminalGuard;
pub use guard::serve_as_guard;
use outlet::Outlet;
use terminal::Terminal;
pub use terminal::take_keys;
pub use workers::{Setup, Workers};

/// What the workbench starts with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder whose files are listed.
    pub folder: PathBuf,
    /// A file to open instead of the batch that was open last.
    pub file: Option<PathBuf>,
    /// The sheet of the file.
    pub sheet: Option<String>,
    /// A batch of the store to open instead.
    pub batch: Option<BatchId>,
    /// The keys in force.
    pub keymap: Keymap,
    /// What the workers need to know.
    pub setup: Setup,
}

/// Columns and rows of a terminal that does not tell.
const SIZE: (u16, u16) = (80, 24);

/// Progress is painted at most this often: over a slow line every frame costs.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// After so long the screen is painted even though more has arrived.
const DRAIN: Duration = Duration::from_millis(20);

/// Runs the workbench until the user leaves or the terminal is gone.
pub fn run(locale: &Locale, options: Options) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let message = locale.fill("status.no-terminal", &[("error", &locale.io(&error))]);
        Failure::new(FailureKind::File, message, locale.text("status.no-terminal-hint"))
    };
    let (to_loop, events) = channel();
    let died = locale.text("status.died");
    let guard = options.setup.office.program().map(|program| TerminalGuard::start(program, died)).unwrap_or_default();
    let outlet = Outlet::open(to_loop.clone(), guard).map_err(failed)?;
    let settings = options.setup.office.settings();
    let mut terminal = Terminal::take(settings.signs, outlet.clone()).map_err(failed)?;
    let home = new_home(locale, &options.setup.office);
    let workers = Workers::start(locale, options.setup.clone(), to_loop.clone()).map_err(failed)?;
    events::listen(&to_loop, outlet, workers.shutdown()).map_err(failed)?;
    let (mut app, trouble) = opened(locale, &options);
    app.size = terminal.size();
    app.is_new = !settings.tour;
    app.mouse = Mouse::new(settings.mouse);
    if settings.mouse {
        terminal.set_mouse(true).map_err(failed)?;
    }
    app.privacy.idle_for =
        Some(settings.idle_seconds).filter(|seconds| *seconds != 0).map(|seconds| Duration::from_secs(seconds.into()));
    let is_today = options.batch.is_none() && options.file.is_none();
    let begun = match options.batch {
        Some(batch) => app.start_with(batch),
        None if is_today => app.start_today(),
        None => app.start(options.file, options.sheet),
    };
    begun.into_iter().for_each(|effect| workers.take(effect));
    if !is_today {
        workers.count_pressing();
    }
    // What it asks for is nothing: it only tells.
    let home = home.map(Msg::Trouble);
    trouble.into_iter().chain(home).for_each(|trouble| drop(app.update(trouble)));
    let mut theme = Theme {
        background: settings.theme,
        signs: SignWidth::of(settings.signs),
        lines: settings.lines,
        whole_row: settings.current_row == CurrentRow::Whole,
    };
    // Whatever breaks the screen, the store is brought to its end.
    let end = catch_unwind(AssertUnwindSafe(|| turn(&mut app, &mut terminal, &mut theme, &workers, &events)));
    if matches!(end, Ok(Err(_))) {
        // A terminal that fails has gone; the loop may learn of it by a frame before it is told.
        app.update(Msg::HangUp).into_iter().for_each(|effect| workers.take(effect));
    }
    drop(terminal);
    workers.finish();
    end.unwrap_or_else(|panic| resume_unwind(panic)).map_err(failed)
}

/// Makes the screen state, and what is to be told of the user's own data.
fn opened(locale: &Locale, options: &Options) -> (App, Option<Msg>) {
    let mut app = App::new(locale.clone(), SIZE, options.folder.clone());
    let office: &Office = &options.setup.office;
    app.profiles.clone_from(&office.catalogue().profiles);
    app.user = office.user().to_string();
    app.export.name_in(office.report_locale().lang);
    app.today = Some(options.setup.today);
    app.keymap = options.keymap.clone();
    app.privacy.unmask_for = Duration::from_secs(office.settings().unmask_seconds.into());
    let problems: Vec<_> = office.data_problems(None).collect();
    let trouble = problems.first().map(|first| {
        let places = [("number", &*problems.len().to_string()), ("first", &locale.data_problem(first))];
        locale.fill("data.stay-out", &places)
    });
    (app, troubles(locale, garbled(locale), trouble).map(Msg::Trouble))
}

/// Says that the state folder that was named is not there, before it is made.
fn new_home(locale: &Locale, office: &Office) -> Option<String> {
    let home = office.missing_home()?;
    Some(locale.fill("status.no-home", &[("path", &text::visible(&home.to_string_lossy()))]))
}

/// Joins what is wrong with the terminal and with the user's data. The terminal comes first: its words have signs that every
/// character set has, and may be all that can be read.
fn troubles(locale: &Locale, garbled: Option<String>, data: Option<String>) -> Option<String> {
    match (garbled, data) {
        (Some(garbled), Some(data)) => Some(locale.fill("status.both", &[("one", &garbled), ("other", &data)])),
        (one, other) => one.or(other),
    }
}

/// Warns of a character set in which nothing here can be read; also in signs that every set has.
fn garbled(locale: &Locale) -> Option<String> {
    let named = |name: &str| std::env::var_os(name).unwrap_or_default().to_string_lossy().into_owned();
    let (name, value, said) = charset(named);
    let places = [("name", name), ("value", value.as_str())];
    (said == Charset::Other).then(|| locale.fill("status.charset", &places))
}

/// The loop: block, drain, update, run effects, draw once.
fn turn(
    app: &mut App,
    terminal: &mut Terminal,
    theme: &mut Theme,
    workers: &Workers,
    events: &Receiver<LoopEvent>,
) -> io::Result<()> {
    let started = Instant::now();
    terminal.draw(app, *theme)?;
    let mut drawn = Instant::now();
    // Something has changed since; and it should be seen at once.
    let (mut is_stale, mut is_urgent) = (false, false);
    loop {
        let progress = || is_stale.then(|| PROGRESS_EVERY.saturating_sub(drawn.elapsed()));
        let due = app.privacy.wakes_at().map(|at| at.saturating_sub(started.elapsed()));
        let behind = || terminal.is_behind_for().or_else(progress);
        let pause = if terminal.is_sending() { None } else { behind() };
        let first = match pause.into_iter().chain(due).min() {
            Some(pause) => events.recv_timeout(pause),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let woken = Instant::now();
        let now = started.elapsed();
        if app.privacy.wakes_at().is_some_and(|at| at <= now) {
            (is_stale, is_urgent) = (true, true);
        }
        app.update(Msg::Time(now)).into_iter().for_each(|effect| workers.take(effect));
        let mut next = match first {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        while let Some(event) = next {
            let msg = match event {
                LoopEvent::Msg(msg) => msg,
                LoopEvent::Sent => {
                    next = events.try_recv().ok();
                    continue;
                }
                #[cfg(debug_assertions)]
                LoopEvent::Try(breaks) => break_down(app, breaks),
                LoopEvent::Ready => {
                    // Another look of whole rows costs too much there.
                    theme.whole_row &= !terminal.has_come();
                    next = events.try_recv().ok();
                    continue;
                }
                LoopEvent::Column(column) => {
                    if let Some(signs) = terminal.learns_width(column)? {
                        (theme.signs, is_stale, is_urgent) = (signs, true, true);
                    }
                    next = events.try_recv().ok();
                    continue;
                }
                LoopEvent::Press(x, y, is_double) => match terminal.target_at(x, y) {
                    Some(target) if is_double => Msg::Mouse(Pointed::Double(target)),
                    Some(target) => Msg::Mouse(Pointed::Click(target)),
                    None => {
                        next = events.try_recv().ok();
                        continue;
                    }
                },
                LoopEvent::Stop => {
                    stop(terminal)?;
                    next = events.try_recv().ok();
                    continue;
                }
                LoopEvent::Continue => {
                    terminal.take_again()?;
                    let (columns, rows) = terminal.size();
                    Msg::Resize(columns, rows)
                }
            };
            let was_empty = app.roster.batch().is_none_or(|b| b.roster().is_empty());
            // Rows that fill an empty screen are shown at once, later ones are progress.
            is_urgent |= was_empty || !matches!(msg, Msg::Rows { .. } | Msg::Saved(_));
            let has_gone = matches!(msg, Msg::HangUp);
            for effect in app.update(msg) {
                match effect {
                    Effect::Quit => return Ok(()),
                    Effect::Suspend => stop(terminal)?,
                    Effect::Repaint => terminal.forget()?,
                    Effect::Mouse(is_on) => terminal.set_mouse(is_on)?,
                    Effect::TurnTheme => {
                        let (background, name, value) = theme.turned();
                        theme.background = background;
                        workers.take(Effect::Remember { name: "theme", value });
                        app.update(Msg::Told(app.locale.text(name).to_string()));
                        terminal.forget()?;
                    }
                    Effect::Copy(text) => {
                        if !terminal.copy(&text) {
                            app.update(Msg::NotCopied).into_iter().for_each(|effect| workers.take(effect));
                        }
                    }
                    effect => workers.take(effect),
                }
            }
            if has_gone {
                return Ok(());
            }
            is_stale = true;
            // Rows that keep coming must not keep the screen waiting.
            next = if woken.elapsed() < DRAIN { events.try_recv().ok() } else { None };
        }
        if is_stale && (is_urgent || PROGRESS_EVERY <= drawn.elapsed()) && terminal.takes_more() {
            terminal.draw(app, *theme)?;
            drawn = Instant::now();
            (is_stale, is_urgent) = (false, false);
        }
    }
}

/// Gives the terminal back and stops the program; the signal that continues it takes the terminal again.
fn stop(terminal: &Terminal) -> io::Result<()> {
    terminal.give_back();
    signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)
}

/// Breaks, with somebody's data in the message, or stands still: so that tests see what becomes of either.
#[cfg(debug_assertions)]
fn break_down(app: &App, breaks: bool) -> Msg {
    let row = app.roster.row().unwrap_or(0);
    let cells = app
        .roster
        .batch()
        .into_iter()
        .flat_map(|b| app.roster.grid().fields.iter().map(move |field| b.roster().cell(row, *field)));
    let cells: Vec<&str> = cells.collect();
    assert!(!breaks, "{cells:?}");
    loop {
        std::thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn of_two_troubles_at_the_start_both_are_told() {
        for lang in [Lang::Zh, Lang::En] {
            let locale = Locale::load(lang);
            let told = |a: Option<&str>, b: Option<&str>| troubles(&locale, a.map(String::from), b.map(String::from));
            let both = told(Some("LANG=C"), Some("config.toml")).unwrap_or_default();
            assert!(both.starts_with("LANG=C") && both.contains("config.toml"), "{both}");
            assert_eq!(told(Some("LANG=C"), None).as_deref(), Some("LANG=C"));
            assert_eq!(told(None, Some("config.toml")).as_deref(), Some("config.toml"));
            assert_eq!(told(None, None), None);
        }
    }
}
