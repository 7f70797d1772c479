//! The terminal and the language: what characters come through, how wide, with which colours.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetwinsize, tcsetattr};

use crate::office::Verdict::{Attention, Bad, Good};
use crate::office::{AmbiguousWidth, Background, Inspection, InspectionWords, Office};
use crate::words::{self, Charset};

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

/// Gives a variable as text; empty where there is none.
fn named(office: &Office, name: &str) -> String {
    office.surroundings().text(name).unwrap_or_default()
}

/// Looks at the language and the terminal.
pub fn looks(is_terminal: bool, office: &Office) -> Vec<Inspection> {
    let words = InspectionWords(office.locale());
    let mut looks = vec![charset(words, office)];
    if !is_terminal {
        looks.push(words.look("terminal", Good, "none", &[]));
        return looks;
    }
    looks.push(kind(words, office));
    looks.push(size(words));
    looks.push(width(words, office.settings().signs));
    looks.push(colours(words, office));
    looks.push(words.look("clipboard", Good, "untried", &[]));
    looks
}

/// Tells which characters the surroundings say come through: the program always writes UTF-8.
fn charset(words: InspectionWords<'_>, office: &Office) -> Inspection {
    let (name, value, said) = words::charset(|name| named(office, name));
    let places = [("name", name), ("value", value.as_str())];
    match said {
        Charset::Unset => words.look("charset", Attention, "unset", &[]),
        Charset::Utf8 => words.look("charset", Good, "utf8", &places),
        Charset::Other => words.look("charset", Bad, "other", &places),
        Charset::Unnamed => words.look("charset", Attention, "unnamed", &places),
    }
}

fn kind(words: InspectionWords<'_>, office: &Office) -> Inspection {
    let term = named(office, "TERM");
    let through = match (named(office, "TMUX").is_empty(), named(office, "STY").is_empty()) {
        (false, _) => " (tmux)",
        (true, false) => " (screen)",
        _ => "",
    };
    let places = [("term", term.as_str()), ("through", through)];
    match term.as_str() {
        "" => words.look("terminal", Attention, "unset", &places),
        "dumb" => words.look("terminal", Attention, "dumb", &places),
        name if KNOWN.iter().any(|known| name.starts_with(known)) || name == "st" => {
            words.look("terminal", Good, "known", &places)
        }
        _ => words.look("terminal", Attention, "unknown", &places),
    }
}

fn size(words: InspectionWords<'_>) -> Inspection {
    let (columns, rows) = tcgetwinsize(io::stdout()).map_or((0, 0), |size| (size.ws_col, size.ws_row));
    let (wide, high) = (columns.to_string(), rows.to_string());
    let places = [("columns", &*wide), ("rows", &*high)];
    match (columns, rows) {
        (0, _) | (_, 0) => words.look("size", Attention, "unknown", &places),
        (80.., 24..) => words.look("size", Good, "enough", &places),
        (40.., 10..) => words.look("size", Attention, "small", &places),
        _ => words.look("size", Bad, "tiny", &places),
    }
}

/// Asks the terminal how wide it draws `·`, unless the settings say so.
fn width(words: InspectionWords<'_>, signs: AmbiguousWidth) -> Inspection {
    match signs {
        AmbiguousWidth::Narrow => return words.look("width", Good, "set-narrow", &[]),
        AmbiguousWidth::Wide => return words.look("width", Good, "set-wide", &[]),
        AmbiguousWidth::Ask => {}
    }
    match probe() {
        Some(2) => words.look("width", Good, "narrow", &[]),
        Some(3) => words.look("width", Good, "wide", &[]),
        _ => words.look("width", Attention, "silent", &[]),
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

fn colours(words: InspectionWords<'_>, office: &Office) -> Inspection {
    let has = |name: &str| !named(office, name).is_empty();
    let key = if has("NO_COLOR") || office.settings().theme == Background::None {
        "off"
    } else if has("COLORTERM") || named(office, "TERM").contains("256color") {
        "many"
    } else {
        "few"
    };
    words.look("colours", Good, key, &[])
}

/// Writes what puts a word into the clipboard of the user's terminal, and says how to see whether it came.
pub fn clip(is_terminal: bool, office: &Office) -> String {
    let locale = office.locale();
    if !is_terminal {
        return locale.text("doctor.clipboard.no-terminal").to_string() + "\n";
    }
    let put = if named(office, "TMUX").is_empty() {
        format!("\x1b]52;c;{CLIP}\x07")
    } else {
        format!("\x1bPtmux;\x1b\x1b]52;c;{CLIP}\x07\x1b\\")
    };
    format!("{put}{}\n", locale.text("doctor.clipboard.tried"))
}
