//! A running workbench on a pseudo-terminal, and the screen it has painted.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
use skillcert::words::{Lang, Locale};

use super::{Desk, PROGRAM, TODAY, note_demanded};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often is looked again, and how long is waited before each look.
const LOOK: Duration = Duration::from_millis(5);

/// Looks that are left before patience ends. Counted and not read off the clock: a machine that stands still for a while, and
/// the program with it, uses none of them up.
pub struct Looks(u128);

impl Looks {
    pub fn within(time: Duration) -> Looks {
        Looks(time.as_millis() / LOOK.as_millis())
    }

    /// Waits for the next look; tells whether there is one.
    pub fn wait(&mut self) -> bool {
        thread::sleep(LOOK);
        self.0 = self.0.saturating_sub(1);
        0 < self.0
    }
}

/// Where helpers of the tests are found.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// How long before an answer no key is pressed: long enough for it to count.
const HAND: Duration = Duration::from_millis(80);

/// How far a key is from the one before, once that was read: far enough for both to be keys and no paste.
const APART: Duration = Duration::from_millis(20);

/// How far a key is from the one before where nothing tells what was read: behind a shell or a multiplexer.
const UNSEEN: Duration = Duration::from_millis(150);

/// What a terminal puts before and behind a paste.
const PASTE: [&str; 2] = ["\x1b[200~", "\x1b[201~"];

/// Cuts a text into keys: a paste, sequences of a key, a character that repeats itself, single characters.
fn keys_of(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with(PASTE[0]) {
            // A terminal sends it in one piece.
            rest.find(PASTE[1]).map_or(rest.len(), |end| end + PASTE[1].len())
        } else if first == '\x1b' && rest[1..].starts_with(['[', 'O']) {
            let ends = |b: &u8| (0x40..=0x7e).contains(b);
            rest.bytes().skip(2).position(|b| ends(&b)).map_or(rest.len(), |i| i + 3)
        } else if first.is_alphanumeric() && first != 'y' {
            rest.find(|c| c != first).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (key, after) = rest.split_at(length);
        keys.push(key);
        rest = after;
    }
    keys
}

#[derive(Default)]
struct Seen {
    raw: Vec<u8>,
    parser: vt100::Parser,
}

/// A running workbench and the screen it has painted.
pub struct Harness {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Arc<Mutex<Option<Box<dyn Write + Send>>>>,
    /// Bytes that were typed and answered so far.
    typed: Arc<AtomicU64>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
    /// Microseconds the line takes for a byte; 0 for no limit.
    slowness: Arc<AtomicU64>,
    /// Whether nobody reads what is sent.
    is_deaf: Arc<AtomicBool>,
    /// Whether the terminal answers nothing.
    is_mute: Arc<AtomicBool>,
    /// When a key was pressed last.
    pressed: Option<Instant>,
    home: PathBuf,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Harness {
    pub fn start(desk: &Desk, arguments: &[&Path]) -> Harness {
        Harness::on_terminal(desk, arguments, b"\x1b[1;2R")
    }

    /// Starts on a terminal that gives an answer to the question where the cursor stands behind a `·`.
    pub fn on_terminal(desk: &Desk, arguments: &[&Path], behind_a_dot: &'static [u8]) -> Harness {
        let mut command = vec![Path::new(PROGRAM)];
        command.extend(arguments);
        Harness::running(desk, &command, behind_a_dot)
    }

    /// Starts with further variables.
    pub fn with(desk: &Desk, arguments: &[&Path], variables: &[(&str, &str)]) -> Harness {
        let mut command = vec![Path::new(PROGRAM)];
        command.extend(arguments);
        Harness::begin(desk, &command, variables, b"\x1b[1;2R")
    }

    /// Starts a command, the program or one that starts it.
    pub fn running(desk: &Desk, line: &[&Path], behind_a_dot: &'static [u8]) -> Harness {
        Harness::begin(desk, line, &[], behind_a_dot)
    }

    fn begin(desk: &Desk, line: &[&Path], variables: &[(&str, &str)], behind_a_dot: &'static [u8]) -> Harness {
        let pair = native_pty_system().openpty(size(80, 24)).expect("a pseudo-terminal");
        type_nothing_at_the_end(&*pair.master);
        let mut command = CommandBuilder::new(line[0]);
        command.args(&line[1..]);
        command.env_clear();
        command.cwd(desk.folder.path());
        for (name, value) in [("TERM", "xterm-256color"), ("SKILLCERT_TODAY", TODAY), ("USER", "wang"), ("PATH", PATH)]
        {
            command.env(name, value);
        }
        command.env("SKILLCERT_HOME", desk.folder("state"));
        variables.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("started");
        drop(pair.slave);
        let mut from = pair.master.try_clone_reader().expect("reader");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let keys = Arc::new(Mutex::new(Some(pair.master.take_writer().expect("writer"))));
        let answers = Arc::clone(&keys);
        let typed = Arc::new(AtomicU64::new(0));
        let answered = Arc::clone(&typed);
        let slowness = Arc::new(AtomicU64::new(0));
        let is_deaf = Arc::new(AtomicBool::new(false));
        let (to, end, pace) = (Arc::clone(&seen), Arc::clone(&stop), Arc::clone(&slowness));
        let is_mute = Arc::new(AtomicBool::new(false));
        let (deaf, mute) = (Arc::clone(&is_deaf), Arc::clone(&is_mute));
        let reader = thread::spawn(move || {
            let mut buffer = [0; 1 << 14];
            // The end of what was read last: a question may come in two pieces.
            let mut behind: Vec<u8> = Vec::new();
            loop {
                while deaf.load(Ordering::Relaxed) && !end.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(5));
                }
                let most = if pace.load(Ordering::Relaxed) == 0 { buffer.len() } else { 96 };
                let Ok(count) = from.read(&mut buffer[..most]) else { break };
                // The line may have become slow while nothing came.
                thread::sleep(Duration::from_micros(pace.load(Ordering::Relaxed) * count as u64));
                if count == 0 || end.load(Ordering::Relaxed) {
                    break;
                }
                behind.extend_from_slice(&buffer[..count]);
                // A terminal answers how far it has come, and where its cursor stands.
                for (question, answer) in [(&b"\x1b[5n"[..], &b"\x1b[0n"[..]), (b"\x1b[6n", behind_a_dot)] {
                    if !mute.load(Ordering::Relaxed)
                        && memchr::memmem::find(&behind, question).is_some()
                        && let Some(keys) = answers.lock().expect("keys").as_mut()
                    {
                        let _ = keys.write_all(answer);
                        answered.fetch_add(answer.len() as u64, Ordering::Relaxed);
                    }
                }
                behind.drain(..behind.len().saturating_sub(3));
                let mut seen = to.lock().expect("seen");
                seen.raw.extend_from_slice(&buffer[..count]);
                seen.parser.process(&buffer[..count]);
            }
        });
        Harness {
            master: Some(pair.master),
            keys,
            typed,
            child,
            seen,
            stop,
            reader: Some(reader),
            slowness,
            is_deaf,
            is_mute,
            pressed: None,
            home: desk.path("state"),
        }
    }

    pub fn open(desk: &Desk, file: &Path) -> Harness {
        Harness::start(desk, &[Path::new("open"), file])
    }

    /// Starts without a file, and goes on with the batch that was in hand last.
    pub fn resumed(desk: &Desk) -> Harness {
        let mut bench = Harness::start(desk, &[]);
        bench.go_on();
        bench
    }

    /// Goes on from the front page with the batch that was in hand last.
    pub fn go_on(&mut self) {
        self.sees(&["在办批次"]);
        self.press("\r");
    }

    pub fn screen(&self) -> String {
        self.seen.lock().expect("seen").parser.screen().contents()
    }

    pub fn raw(&self) -> Vec<u8> {
        self.seen.lock().expect("seen").raw.clone()
    }

    /// Waits until all texts stand on the screen at once. A line may break within one: where, depends on how long the names of
    /// folders are.
    #[track_caller]
    pub fn sees(&self, texts: &[&str]) -> String {
        self.until(&format!("{texts:?}"), |screen| {
            // The blank that a line is broken at stands on neither.
            let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
            let unbroken = [lines.concat(), lines.join(" ")];
            texts.iter().all(|text| screen.contains(text) || unbroken.iter().any(|screen| screen.contains(text)))
        })
    }

    /// Waits until a text has stood on the screen, be it gone by now; gives the screen of that moment.
    #[track_caller]
    pub fn has_shown(&self, text: &str) -> String {
        let mut looks = Looks::within(PATIENCE);
        loop {
            let mut terminal = vt100::Parser::default();
            for piece in self.raw().chunks(32) {
                terminal.process(piece);
                let screen = terminal.screen().contents();
                if screen.contains(text) {
                    return screen;
                }
            }
            assert!(looks.wait(), "{text} was never shown:\n{}", self.screen());
        }
    }

    #[track_caller]
    pub fn until(&self, what: &str, done: impl Fn(&str) -> bool) -> String {
        let mut looks = Looks::within(PATIENCE);
        loop {
            let screen = self.screen();
            if done(&screen) {
                return screen;
            }
            assert!(looks.wait(), "waited for {what}:\n{screen}");
        }
    }

    /// The process id, by which the others name it.
    pub fn id(&self) -> String {
        self.child.process_id().expect("id").to_string()
    }

    /// Presses keys as a hand does, one after another. What is sent at once is a paste, except for one key that is held.
    pub fn press(&mut self, text: &str) {
        for key in keys_of(text) {
            if let Some(last) = self.pressed {
                while !self.is_heard() {
                    assert!(
                        last.elapsed() < PATIENCE,
                        "what was typed before {key:?} was never read:\n{}",
                        self.screen()
                    );
                    thread::sleep(Duration::from_millis(1));
                }
                // Nobody answers what has just come into sight, however late a busy machine showed it.
                let is_answer = ["y", "\r"].contains(&key);
                thread::sleep(if self.key_thread().is_none() {
                    UNSEEN
                } else if is_answer {
                    HAND
                } else {
                    APART
                });
            }
            // An upload file leaves only with what its notice demands to be known; few tests are about that.
            if key == "\r" && self.shows_export() {
                note_demanded(&self.home);
            }
            self.send(key.as_bytes());
        }
    }

    /// Whether the export pane is on the screen.
    fn shows_export(&self) -> bool {
        let screen = self.screen();
        let is_there = |lang: Lang| {
            let locale = Locale::load(lang);
            ["ui.export.title", "ui.export.encoding", "ui.export.path"]
                .iter()
                .all(|key| screen.contains(locale.text(key)))
        };
        Lang::ALL.into_iter().any(is_there)
    }

    /// Whether the last key is known to the program as a key. On a busy machine it may still be on its way, or read and the clock
    /// not yet looked at: the next key would then make a paste of both.
    fn is_heard(&self) -> bool {
        self.key_thread().is_none_or(|thread| self.has_read_all(&thread) && waits_without_end(&thread))
    }

    /// Finds the thread that reads keys; what runs without a screen has none.
    fn key_thread(&self) -> Option<PathBuf> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.id())).ok()?;
        let name = |thread: &Path| std::fs::read_to_string(thread.join("comm"));
        threads.flatten().map(|t| t.path()).find(|t| name(t).is_ok_and(|name| name.trim_end() == "keys"))
    }

    /// Whether a thread that reads nothing but the terminal has read all that was typed. The terminal itself does not tell: what
    /// is on its way through the system stands in no queue.
    fn has_read_all(&self, thread: &Path) -> bool {
        let Ok(io) = std::fs::read_to_string(thread.join("io")) else { return true };
        let read = io.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok());
        read.is_none_or(|read: u64| self.typed.load(Ordering::Relaxed) <= read)
    }

    pub fn send(&mut self, bytes: &[u8]) {
        let mut keys = self.keys.lock().expect("keys");
        let keys = keys.as_mut().expect("keys");
        keys.write_all(bytes).and_then(|()| keys.flush()).expect("pressed");
        self.typed.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.pressed = Some(Instant::now());
    }

    /// Takes the terminal away: it goes when nobody holds its other end, and the reader lets go with the next bytes.
    pub fn cut(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.press("\x0c");
        self.reader.take().expect("reader").join().expect("reader");
        self.keys.lock().expect("keys").take();
        self.master = None;
    }

    /// Lets the line carry so many bits per second, ten to a byte.
    pub fn slow_down(&self, baud: u64) {
        self.slowness.store(10_000_000 / baud, Ordering::Relaxed);
    }

    /// Leaves what is sent where it is, as a terminal does that was stopped.
    pub fn stop_reading(&self) {
        self.is_deaf.store(true, Ordering::Relaxed);
        // The read that waits takes what comes next.
    }

    /// Answers no question any more, as many terminals do not.
    pub fn answer_nothing(&self) {
        self.is_mute.store(true, Ordering::Relaxed);
    }

    /// Gives how much of a processor the program has taken so far.
    pub fn cpu_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).expect("a process");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        // Of user and system, in hundredths of a second.
        let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().expect("ticks")).sum();
        Duration::from_millis(ticks * 10)
    }

    pub fn read_on(&self) {
        self.is_deaf.store(false, Ordering::Relaxed);
    }

    /// Waits until nothing more comes; gives how many bytes have come in all.
    pub fn count(&self) -> usize {
        let mut last = usize::MAX;
        loop {
            let now = self.raw().len();
            if now == last {
                return now;
            }
            last = now;
            thread::sleep(Duration::from_millis(150));
        }
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.master.as_ref().expect("master").resize(size(columns, rows)).expect("resized");
    }

    pub fn signal(&self, signal: Signal) {
        let id = self.child.process_id().expect("id") as i32;
        kill_process(Pid::from_raw(id).expect("id"), signal).expect("signal");
    }

    /// Waits for the end; gives the exit code.
    #[track_caller]
    pub fn ends_within(&mut self, time: Duration) -> u32 {
        let mut looks = Looks::within(time);
        loop {
            if let Some(status) = self.child.try_wait().expect("child") {
                // Nobody holds the line any more, and the reader ends behind the last byte; a deaf one hears none.
                let mut looks = Looks::within(Duration::from_secs(5));
                let is_reading = || self.reader.as_ref().is_some_and(|reader| !reader.is_finished());
                while !self.is_deaf.load(Ordering::Relaxed) && is_reading() && looks.wait() {}
                return status.exit_code();
            }
            assert!(looks.wait(), "still there after {time:?}:\n{}", self.screen());
        }
    }

    pub fn killed(mut self) {
        self.signal(Signal::KILL);
        self.ends_within(PATIENCE);
    }

    /// Leaves by key and looks at the terminal that is left behind.
    #[track_caller]
    pub fn leaves(mut self) -> Vec<u8> {
        self.press("q");
        assert_eq!(self.ends_within(PATIENCE), 0);
        self.left_as_found();
        std::mem::take(&mut self.seen.lock().expect("seen").raw)
    }

    /// Looks at the terminal that a program left behind has ended; gives what stands on it then.
    #[track_caller]
    pub fn left_as_found(&mut self) -> String {
        let modes = self.master.as_ref().and_then(|m| m.get_termios()).expect("modes");
        let modes = format!("{:?}", modes.local_flags);
        assert!(modes.contains("ICANON") && modes.contains("ECHO"), "raw mode is still on: {modes}");
        let reader = self.reader.take().expect("reader");
        self.keys.lock().expect("keys").take();
        self.master = None;
        reader.join().expect("reader");
        let seen = self.seen.lock().expect("seen");
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was not left");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert!(!String::from_utf8_lossy(&seen.raw).contains("panicked"));
        screen.contents()
    }
}

/// Whether a thread stands in a `poll` of one descriptor that no time ends; also where the system does not tell.
fn waits_without_end(thread: &Path) -> bool {
    let Ok(call) = std::fs::read_to_string(thread.join("syscall")) else { return true };
    // A thread that runs stands in no call at all.
    let mut arguments = call.split_whitespace().skip(2);
    arguments.next() == Some("0x1") && arguments.next() == Some("0x0")
}

impl Drop for Harness {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Ok(None) = self.child.try_wait() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// Takes the sign for the end of input away: the library types Enter and that sign when a line is dropped, which no line
/// that breaks does.
pub fn type_nothing_at_the_end(master: &dyn MasterPty) {
    let name = master.tty_name().expect("a name");
    let tty = open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the terminal");
    let mut modes = tcgetattr(&tty).expect("modes");
    modes.special_codes[SpecialCodeIndex::VEOF] = 0;
    tcsetattr(&tty, OptionalActions::Now, &modes).expect("modes");
}

/// Gives the place in the header, such as `3/120`.
pub fn place(screen: &str) -> String {
    screen.lines().next().and_then(|l| l.split_whitespace().last()).unwrap_or_default().to_string()
}
