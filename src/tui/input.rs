//! Bytes from the terminal, read as keys, pasted text and answers.
//!
//! What a terminal sends as input is no output to be interpreted: `Esc` followed by `]` is two keys, not the beginning of a
//! string that swallows everything after it. Hence a reader of its own, which knows what keyboards send and drops the rest.

use crate::app::key::{Chord, Key};

/// What a few bytes of input mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalInput {
    Key(Chord),
    Paste(String),
    Mouse(MouseReport),
    /// The terminal has come as far as the question `ESC [ 5 n`.
    Ready,
    /// The answer to `ESC [ 6 n`: where the cursor stands, column and row from 0.
    At(u16, u16),
}

/// What the mouse did where, column and row from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseReport {
    /// The left button was pressed.
    Press(u16, u16),
    /// The wheel was turned by a notch, towards the beginning or not.
    Wheel(bool),
}

/// Reads input as it arrives, in whatever pieces.
#[derive(Debug, Default)]
pub struct InputReader {
    /// Bytes that do not mean anything yet.
    rest: Vec<u8>,
    /// What was pasted so far, while a paste goes on.
    pasted: Option<Vec<u8>>,
}

/// A sequence longer than this is none.
const LONGEST: usize = 32;

const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// What the bytes at the beginning of a piece are.
enum Read {
    /// So many bytes, and what they mean; nothing for what is dropped.
    Done(usize, Vec<TerminalInput>),
    /// A paste begins behind so many bytes.
    PasteBegins(usize),
    More,
}

impl InputReader {
    /// Takes bytes; returns what they mean together with those before.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<TerminalInput> {
        self.rest.extend_from_slice(bytes);
        let mut out = Vec::new();
        loop {
            if let Some(pasted) = &mut self.pasted {
                let Some(end) = memchr::memmem::find(&self.rest, PASTE_ENDS) else {
                    // The end may have come in part.
                    let sure = self.rest.len().saturating_sub(PASTE_ENDS.len() - 1);
                    pasted.extend(self.rest.drain(..sure));
                    return out;
                };
                pasted.extend(self.rest.drain(..end));
                self.rest.drain(..PASTE_ENDS.len());
                let mut text = self.pasted.take().unwrap_or_default();
                out.extend(answers_within(&mut text));
                out.push(TerminalInput::Paste(String::from_utf8_lossy(&text).into_owned()));
            }
            if self.rest.is_empty() {
                return out;
            }
            let (at, read) = answer_within(&self.rest).unwrap_or_else(|| (0, first(&self.rest)));
            match read {
                Read::Done(count, inputs) => {
                    self.rest.drain(at..at + count);
                    out.extend(inputs);
                }
                Read::PasteBegins(count) => {
                    self.rest.drain(..count);
                    self.pasted = Some(Vec::new());
                }
                Read::More => return out,
            }
        }
    }

    /// Tells whether bytes wait that mean something else where nothing follows: soon [`InputReader::settle`] should be asked.
    /// The beginning of a character waits for as long as its line takes: on a slow one its bytes come far apart.
    pub fn is_waiting(&self) -> bool {
        self.rest.get(begun(&self.rest)) == Some(&0x1b) && self.pasted.is_none()
    }

    /// Takes what waits as it is, because nothing follows: a lone `Esc` is the key.
    pub fn settle(&mut self) -> Vec<TerminalInput> {
        if !self.is_waiting() {
            return Vec::new();
        }
        let rest = std::mem::take(&mut self.rest);
        let mut out = vec![key(Key::Esc)];
        out.extend(self.take(&rest[begun(&rest) + 1..]));
        out
    }
}

fn key(key: Key) -> TerminalInput {
    TerminalInput::Key(Chord::of(key))
}

fn control(letter: char) -> TerminalInput {
    TerminalInput::Key(Chord { key: Key::Char(letter), ctrl: true })
}

/// Reads what stands at the beginning of some bytes, which are not empty.
fn first(bytes: &[u8]) -> Read {
    match bytes[0] {
        0x1b => escape(bytes),
        // Some terminals send a line feed for Enter and Ctrl-H for Backspace.
        b'\r' | b'\n' => Read::Done(1, vec![key(Key::Enter)]),
        b'\t' => Read::Done(1, vec![key(Key::Tab)]),
        0x7f | 0x08 => Read::Done(1, vec![key(Key::Backspace)]),
        byte @ 0x01..=0x1a => Read::Done(1, vec![control(char::from(byte - 1 + b'a'))]),
        0x00 | 0x1c..=0x1f => Read::Done(1, Vec::new()),
        _ => character(bytes),
    }
}

/// Counts the bytes at the beginning that are a character of which the rest is missing or stands behind something else.
fn begun(bytes: &[u8]) -> usize {
    let there = &bytes[..length(bytes).min(bytes.len())];
    std::str::from_utf8(there)
        .err()
        .filter(|error| error.valid_up_to() == 0)
        .map_or(0, |error| error.error_len().unwrap_or(there.len()))
}

/// Reads an answer of the terminal that came between the bytes of a character, as it may where these come one by one; tells
/// where it begins.
fn answer_within(bytes: &[u8]) -> Option<(usize, Read)> {
    let at = begun(bytes);
    let rest = bytes.get(at..).filter(|rest| at != 0 && rest.first() == Some(&0x1b))?;
    match escape(rest) {
        Read::Done(_, inputs) if !is_answer(&inputs) => None,
        Read::PasteBegins(_) => None,
        read => Some((at, read)),
    }
}

fn is_answer(inputs: &[TerminalInput]) -> bool {
    matches!(inputs, [TerminalInput::Ready | TerminalInput::At(..)])
}

/// Takes the answers out that came between the bytes of a paste: over a slow line it is long under way.
fn answers_within(pasted: &mut Vec<u8>) -> Vec<TerminalInput> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr(0x1b, &pasted[at..]) {
        at += next;
        match escape(&pasted[at..]) {
            Read::Done(count, inputs) if is_answer(&inputs) => {
                pasted.drain(at..at + count);
                all.extend(inputs);
            }
            _ => at += 1,
        }
    }
    all
}

/// Gives how many bytes the character has of which the first byte is given; 0 where it is none's first.
fn length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(0..=0x7f) => 1,
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf7) => 4,
        _ => 0,
    }
}

/// Reads a character of UTF-8; bytes that are none are dropped one by one.
fn character(bytes: &[u8]) -> Read {
    let wanted = length(bytes);
    if wanted == 0 {
        return Read::Done(1, Vec::new());
    }
    let there = &bytes[..wanted.min(bytes.len())];
    match std::str::from_utf8(there) {
        Ok(text) => Read::Done(wanted, text.chars().map(|c| key(Key::Char(c))).collect()),
        Err(error) if error.error_len().is_none() => Read::More,
        Err(_) => Read::Done(1, Vec::new()),
    }
}

fn escape(bytes: &[u8]) -> Read {
    match bytes.get(1) {
        None => Read::More,
        Some(b'[') => sequence(bytes),
        Some(b'O') => match bytes.get(2) {
            None => Read::More,
            Some(sign) => match cursor_key(*sign).or(application_key(*sign)) {
                Some(name) => Read::Done(3, vec![key(name)]),
                None => Read::Done(1, vec![key(Key::Esc)]),
            },
        },
        // On a slow line Escape and the key after it arrive as one: they are two keys. So is a key held with Alt.
        Some(_) => Read::Done(1, vec![key(Key::Esc)]),
    }
}

/// Reads `ESC [` parameters and a last sign.
fn sequence(bytes: &[u8]) -> Read {
    // The Linux console's function keys have a second bracket.
    if let Some(b'[') = bytes.get(2) {
        return match bytes.get(3) {
            None => Read::More,
            Some(sign @ b'A'..=b'E') => Read::Done(4, vec![key(Key::F(sign - b'A' + 1))]),
            Some(_) => Read::Done(3, Vec::new()),
        };
    }
    let Some(length) = bytes[2..].iter().position(|b| (0x40..=0x7e).contains(b)) else {
        let is_one = bytes[2..].iter().all(|b| (0x20..=0x3f).contains(b)) && bytes.len() < LONGEST;
        return if is_one { Read::More } else { Read::Done(2, vec![key(Key::Esc)]) };
    };
    let (parameters, sign) = (&bytes[2..2 + length], bytes[2 + length]);
    if !parameters.iter().all(|b| (0x20..=0x3f).contains(b)) {
        return Read::Done(2, vec![key(Key::Esc)]);
    }
    if let (Some(b'<'), b'M' | b'm') = (parameters.first(), sign) {
        return Read::Done(3 + length, mouse(&parameters[1..], sign).map(TerminalInput::Mouse).into_iter().collect());
    }
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u16>().ok();
    let mut numbers = parameters.split(|b| *b == b';').map(number);
    let (one, two) = (numbers.next().flatten(), numbers.next().flatten());
    let done = |inputs| Read::Done(3 + length, inputs);
    match (sign, one, two) {
        (b'~', Some(200), _) => Read::PasteBegins(3 + length),
        (b'~', Some(code), _) => done(tilde_key(code).map(key).into_iter().collect()),
        (b'Z', ..) => done(vec![key(Key::BackTab)]),
        (b'n', Some(0), None) => done(vec![TerminalInput::Ready]),
        (b'R', Some(row), Some(column)) => {
            done(vec![TerminalInput::At(column.saturating_sub(1), row.saturating_sub(1))])
        }
        (b'P'..=b'S', ..) => done(application_key(sign).map(key).into_iter().collect()),
        _ => done(cursor_key(sign).map(key).into_iter().collect()),
    }
}

/// Reads `button;column;row` as terminals send it with mode 1006: only what the left button and the wheel do counts.
fn mouse(parameters: &[u8], sign: u8) -> Option<MouseReport> {
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';').map(|n| n.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    match (button, sign) {
        (0, b'M') => Some(MouseReport::Press(column.checked_sub(1)?, row.checked_sub(1)?)),
        (64 | 65, b'M') => Some(MouseReport::Wheel(button == 64)),
        _ => None,
    }
}

fn cursor_key(sign: u8) -> Option<Key> {
    Some(match sign {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        _ => return None,
    })
}

/// Reads the last sign of the keys that are sent as `ESC O`.
fn application_key(sign: u8) -> Option<Key> {
    match sign {
        b'P'..=b'S' => Some(Key::F(sign - b'P' + 1)),
        b'M' => Some(Key::Enter),
        _ => None,
    }
}

fn tilde_key(code: u16) -> Option<Key> {
    Some(match code {
        1 | 7 => Key::Home,
        4 | 8 => Key::End,
        3 => Key::Delete,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F(code as u8 - 10),
        17..=21 => Key::F(code as u8 - 11),
        23 | 24 => Key::F(code as u8 - 12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Vec<TerminalInput> {
        let mut reader = InputReader::default();
        let mut all = reader.take(bytes);
        while reader.is_waiting() {
            all.extend(reader.settle());
        }
        all
    }

    fn keys(keys: &[Key]) -> Vec<TerminalInput> {
        keys.iter().copied().map(key).collect()
    }

    /// As xterm, `PuTTY`, the Linux console, tmux and screen send them.
    #[test]
    fn knows_the_keys_terminals_send() {
        let table: &[(&str, Key)] = &[
            ("\x1b[A", Key::Up),
            ("\x1bOB", Key::Down),
            ("\x1b[1;5C", Key::Right),
            ("\x1b[D", Key::Left),
            ("\x1b[H", Key::Home),
            ("\x1b[1~", Key::Home),
            ("\x1b[7~", Key::Home),
            ("\x1bOF", Key::End),
            ("\x1b[4~", Key::End),
            ("\x1b[3~", Key::Delete),
            ("\x1b[5~", Key::PageUp),
            ("\x1b[6~", Key::PageDown),
            ("\x1bOP", Key::F(1)),
            ("\x1b[[A", Key::F(1)),
            ("\x1b[11~", Key::F(1)),
            ("\x1b[15~", Key::F(5)),
            ("\x1b[17~", Key::F(6)),
            ("\x1b[24~", Key::F(12)),
            ("\x1b[Z", Key::BackTab),
            ("\x1bOM", Key::Enter),
            ("\r", Key::Enter),
            ("\n", Key::Enter),
            ("\t", Key::Tab),
            ("\x7f", Key::Backspace),
            ("\x08", Key::Backspace),
            ("\x1b", Key::Esc),
            ("张", Key::Char('张')),
            ("𠮷", Key::Char('𠮷')),
        ];
        for (bytes, meant) in table {
            assert_eq!(read(bytes.as_bytes()), keys(&[*meant]), "{bytes:?}");
        }
        assert_eq!(read(b"\x12\x1a"), [control('r'), control('z')]);
        assert_eq!(read(b"\x1b[0n\x1b[2;41R"), [TerminalInput::Ready, TerminalInput::At(40, 1)]);
    }

    #[test]
    fn knows_the_left_button_and_the_wheel() {
        for (bytes, meant) in [
            ("\x1b[<0;1;1M", Some(MouseReport::Press(0, 0))),
            ("\x1b[<0;200;50M", Some(MouseReport::Press(199, 49))),
            ("\x1b[<64;3;4M", Some(MouseReport::Wheel(true))),
            ("\x1b[<65;3;4M", Some(MouseReport::Wheel(false))),
            ("\x1b[<0;1;1m", None),
            ("\x1b[<2;1;1M", None),
            ("\x1b[<32;1;1M", None),
            ("\x1b[<0;0;1M", None),
            ("\x1b[<0;1M", None),
            ("\x1b[<0;99999999;1M", None),
        ] {
            assert_eq!(read(bytes.as_bytes()), Vec::from_iter(meant.map(TerminalInput::Mouse)), "{bytes:?}");
        }
    }

    #[test]
    fn escape_and_the_key_after_it_are_two_keys() {
        for sign in ['u', ']', 'P', '_', '^', 'X', '张'] {
            assert_eq!(read(format!("\x1b{sign}").as_bytes()), keys(&[Key::Esc, Key::Char(sign)]), "{sign}");
        }
        assert_eq!(read(b"\x1b\x1b[A"), keys(&[Key::Esc, Key::Up]));
        assert_eq!(read(b"\x1b[\r"), keys(&[Key::Esc, Key::Enter]));
    }

    #[test]
    fn what_is_no_key_is_dropped() {
        for bytes in ["\x1b[I", "\x1b[?62;22c", "\x1b[999~", "\x1b[<35;1;1M", "\x1b[2~", "\0"] {
            assert_eq!(read(bytes.as_bytes()), [], "{bytes:?}");
        }
        assert_eq!(read(b"\xff\xe5\xbca"), keys(&[Key::Char('a')]));
        assert_eq!(read(b"\xe5\xbc"), []);
    }

    /// On a slow line the bytes of one character come so far apart that it is asked in between whether anything follows.
    #[test]
    fn a_character_in_pieces_is_never_lost() {
        let mut reader = InputReader::default();
        let mut all = Vec::new();
        for byte in "玉\x1b𠮷\x1b[A门".as_bytes() {
            all.extend(reader.take(&[*byte]));
            if !matches!(byte, 0x1b | b'[') {
                all.extend(reader.settle());
            }
        }
        assert_eq!(all, keys(&[Key::Char('玉'), Key::Esc, Key::Char('𠮷'), Key::Up, Key::Char('门')]));
        // Nor is one between whose bytes the terminal answers.
        let mut reader = InputReader::default();
        let all: Vec<_> =
            b"\xe7\x8e\x1b[0n\x89\xe9\x1b[2;41R\x97\xa8".iter().flat_map(|b| reader.take(&[*b])).collect();
        let answers = [TerminalInput::Ready, TerminalInput::At(40, 1)];
        assert_eq!(all, [&answers[..1], &keys(&[Key::Char('玉')]), &answers[1..], &keys(&[Key::Char('门')])].concat());
        // One whose rest never comes does not swallow the key after it.
        let mut reader = InputReader::default();
        assert_eq!([reader.take(b"\xe5\xbc"), reader.settle(), reader.take(b"a")].concat(), keys(&[Key::Char('a')]));
        assert_eq!(
            [reader.take(b"\xe5\x1b"), reader.settle(), reader.take(b"a")].concat(),
            keys(&[Key::Esc, Key::Char('a')])
        );
        assert_eq!(reader.take(b"\xe5\x1b[A"), keys(&[Key::Up]));
    }

    #[test]
    fn a_paste_is_one_text_whatever_is_in_it() {
        let mut reader = InputReader::default();
        let mut all = Vec::new();
        for byte in "a\x1b[200~张\x1b[A\x1b]0;x\x07\r\n\x1b[201~b".as_bytes() {
            all.extend(reader.take(&[*byte]));
            assert!(!(reader.pasted.is_some() && reader.is_waiting()));
        }
        let text = "张\x1b[A\x1b]0;x\x07\r\n".to_string();
        assert_eq!(all, [key(Key::Char('a')), TerminalInput::Paste(text), key(Key::Char('b'))]);
        // An answer of the terminal is no part of it, wherever it comes.
        let pasted = b"\x1b[200~\xe5\xbc\x1b[0n\xa0\x1b[2;41R\x1b[0m\x1b[201~";
        let answers = [TerminalInput::Ready, TerminalInput::At(40, 1)];
        assert_eq!(read(pasted), [&answers[..], &[TerminalInput::Paste("张\x1b[0m".into())]].concat());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        /// Where the line cuts the bytes makes no difference, and no byte makes the reader stop reading.
        #[test]
        fn pieces_mean_what_the_whole_means(
            parts in prop::collection::vec(prop_oneof![
                prop::sample::select(vec![
                    b"\x1b[A".to_vec(), b"\x1b".to_vec(), b"a".to_vec(), "张".as_bytes().to_vec(), b"\x1b[".to_vec(),
                    b"\x1b[200~".to_vec(), b"\x1b[201~".to_vec(), b"\x1b[0n".to_vec(), b"\x1bO".to_vec(), b";5~".to_vec(),
                ]),
                prop::collection::vec(any::<u8>(), 1..4),
            ], 0..12),
            cuts in prop::collection::vec(1..5_usize, 1..40),
        ) {
            let bytes = parts.concat();
            let mut whole = InputReader::default();
            let meant = whole.take(&bytes);
            let mut pieces = InputReader::default();
            let mut found = Vec::new();
            let mut rest = &bytes[..];
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                found.extend(pieces.take(piece));
                rest = after;
            }
            prop_assert_eq!(found, meant);
            let mut steps = 0;
            while whole.is_waiting() {
                whole.settle();
                steps += 1;
                prop_assert!(steps < 64);
            }
        }
    }
}
