//! The terminal and the language: what characters come through, how wide, with which colours.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetwinsize, tcsetattr};

use super::Verdict::{Attention, Bad, Ok};
use super::{Line, Words};
use crate::data::{Settings, Signs};
use crate::words::{self, Charset, Locale};

/// How long the terminal's answer is waited for; one over a slow line may take as long.
const ANSWER: Duration = Duration::from_secs(1);

/// What names of terminals begin with that know what the workbench sends.
const KNOWN: [&str; 22] = [
    "xterm",
    "screen",
    "tmux",
    "linux",
    "rxvt",
    "vt1",
    "vt2",
    "vt3",
    "vt4",
    "vt5",
    "alacritty",
    "foot",
    "kitty",
    "wezterm",
    "ghostty",
    "st-",
    "putty",
    "konsole",
    "gnome",
    "vte",
    "ansi",
    "cygwin",
];

/// The text for the clipboard, `skillcert`, in base64.
const CLIP: &str = "c2tpbGxjZXJ0";

fn named(name: &str) -> String {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Looks at the language and the terminal.
pub fn lines(words: Words<'_>, settings: &Settings) -> Vec<Line> {
    let mut lines = vec![charset(words)];
    if !io::stdout().is_terminal() {
        lines.push(words.line("terminal", Ok, "none", &[]));
        return lines;
    }
    lines.push(kind(words));
    lines.push(size(words));
    lines.push(width(words, settings));
    lines.push(colours(words, settings));
    lines.push(words.line("clipboard", Ok, "untried", &[]));
    lines
}

/// Tells which characters the surroundings say come through: the program always writes UTF-8.
fn charset(words: Words<'_>) -> Line {
    let (name, value, said) = words::charset(named);
    let places = [("name", name), ("value", value.as_str())];
    match said {
        Charset::Unset => words.line("charset", Attention, "unset", &[]),
        Charset::Utf8 => words.line("charset", Ok, "utf8", &places),
        Charset::Other => words.line("charset", Bad, "other", &places),
        Charset::Unnamed => words.line("charset", Attention, "unnamed", &places),
    }
}

fn kind(words: Words<'_>) -> Line {
    let term = named("TERM");
    let through = match (named("TMUX").is_empty(), named("STY").is_empty()) {
        (false, _) => " (tmux)",
        (true, false) => " (screen)",
        _ => "",
    };
    let places = [("term", term.as_str()), ("through", through)];
    match term.as_str() {
        "" => words.line("terminal", Attention, "unset", &places),
        "dumb" => words.line("terminal", Attention, "dumb", &places),
        name if KNOWN.iter().any(|known| name.starts_with(known)) || name == "st" => {
            words.line("terminal", Ok, "known", &places)
        }
        _ => words.line("terminal", Attention, "unknown", &places),
    }
}

fn size(words: Words<'_>) -> Line {
    let (columns, rows) = tcgetwinsize(io::stdout()).map_or((0, 0), |size| (size.ws_col, size.ws_row));
    let (wide, high) = (columns.to_string(), rows.to_string());
    let places = [("columns", &*wide), ("rows", &*high)];
    match (columns, rows) {
        (0, _) | (_, 0) => words.line("size", Attention, "unknown", &places),
        (80.., 24..) => words.line("size", Ok, "enough", &places),
        (40.., 10..) => words.line("size", Attention, "small", &places),
        _ => words.line("size", Bad, "tiny", &places),
    }
}

/// Asks the terminal how wide it draws `·`, unless the settings say so.
fn width(words: Words<'_>, settings: &Settings) -> Line {
    match settings.signs {
        Signs::Narrow => return words.line("width", Ok, "set-narrow", &[]),
        Signs::Wide => return words.line("width", Ok, "set-wide", &[]),
        Signs::Ask => {}
    }
    match probe() {
        Some(2) => words.line("width", Ok, "narrow", &[]),
        Some(3) => words.line("width", Ok, "wide", &[]),
        _ => words.line("width", Attention, "silent", &[]),
    }
}

/// Draws a `·` at the left edge and asks where the cursor stands behind it, in columns from 1; nothing without an answer.
fn probe() -> Option<u16> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    let before = tcgetattr(&terminal).ok()?;
    let mut quiet = before.clone();
    quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON);
    tcsetattr(&terminal, OptionalActions::Now, &quiet).ok()?;
    let column = answer(&mut terminal);
    let _ = terminal.write_all(b"\r\x1b[K");
    let _ = tcsetattr(&terminal, OptionalActions::Flush, &before);
    column
}

fn answer(terminal: &mut File) -> Option<u16> {
    terminal.write_all("\r·\x1b[6n".as_bytes()).ok()?;
    let (start, mut answer) = (Instant::now(), Vec::new());
    while answer.len() < 64 && answer.last() != Some(&b'R') {
        let left = ANSWER.checked_sub(start.elapsed())?;
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        if poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&left)).ok()? == 0 {
            return None;
        }
        let mut bytes = [0; 16];
        let count = terminal.read(&mut bytes).ok().filter(|count| *count != 0)?;
        answer.extend_from_slice(&bytes[..count]);
    }
    let text = String::from_utf8(answer).ok()?;
    text.rsplit_once("\x1b[")?.1.strip_suffix('R')?.split_once(';')?.1.parse().ok()
}

fn colours(words: Words<'_>, settings: &Settings) -> Line {
    let has = |name: &str| !named(name).is_empty();
    let key = if has("NO_COLOR") || settings.theme == crate::data::Background::None {
        "off"
    } else if has("COLORTERM") || named("TERM").contains("256color") {
        "many"
    } else {
        "few"
    };
    words.line("colours", Ok, key, &[])
}

/// Puts a word into the clipboard of the user's terminal, and says how to see whether it came.
pub fn clip(w: &mut impl Write, locale: &Locale) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return writeln!(w, "{}", locale.text("doctor.clipboard.no-terminal"));
    }
    if named("TMUX").is_empty() {
        write!(w, "\x1b]52;c;{CLIP}\x07")?;
    } else {
        write!(w, "\x1bPtmux;\x1b\x1b]52;c;{CLIP}\x07\x1b\\")?;
    }
    writeln!(w, "{}", locale.text("doctor.clipboard.tried"))
}
