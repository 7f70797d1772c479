//! Keys that come at once (连键): a terminal that does not mark what is pasted sends it as keys, and nobody types like that.

use std::time::{Duration, Instant};

use crate::app::key::{Chord, Key};
use crate::app::msg::Msg;

/// Keys of a hand come further apart than this; those of a paste do not, at 2,400 baud and more.
const APART: Duration = Duration::from_millis(5);

/// So soon after the key before nobody has read what that key brought to the screen. What is pasted may come in pieces that are
/// no further apart.
const HASTE: Duration = Duration::from_millis(50);

/// A paste goes on its way in parts of so many keys.
const MOST: usize = 1 << 16;

/// Keys that may be parts of a paste, held until it is certain what they are.
#[derive(Debug, Default)]
pub struct KeyBurst {
    /// Each with whether it came in haste.
    keys: Vec<(Chord, bool)>,
    /// The first character among them.
    first: Option<char>,
    is_paste: bool,
    /// When the last key came.
    last: Option<Instant>,
}

impl KeyBurst {
    /// Takes a key that came just now; gives what is certain already.
    pub fn take(&mut self, chord: Chord, now: Instant) -> Vec<Msg> {
        let is_hasty = self.last.is_some_and(|last| now.saturating_duration_since(last) < HASTE);
        self.last = Some(now);
        if self.keys.is_empty() && !self.is_paste && !chord.is_text() {
            return vec![key(chord, is_hasty)];
        }
        if let Chord { key: Key::Char(c), ctrl: false } = chord {
            // A key that is held sends the same character again and again, and over a slow line many of them at once.
            self.is_paste |= *self.first.get_or_insert(c) != c;
        }
        self.keys.push((chord, is_hasty));
        let is_more = self.is_paste && MOST <= self.keys.len();
        if is_more { vec![Msg::Burst(self.keys.drain(..).map(|(chord, _)| chord).collect())] } else { Vec::new() }
    }

    /// Gives how soon the next key has to come to belong to those held; `None` where none is held.
    pub fn patience(&self) -> Option<Duration> {
        match (self.is_paste, self.keys.is_empty()) {
            (true, _) => Some(HASTE),
            (false, false) => Some(APART),
            (false, true) => None,
        }
    }

    /// Gives what is held, because nothing followed soon enough.
    pub fn settle(&mut self) -> Vec<Msg> {
        self.first = None;
        let keys = self.keys.drain(..);
        if !std::mem::take(&mut self.is_paste) {
            keys.map(|(chord, is_hasty)| key(chord, is_hasty)).collect()
        } else if keys.len() == 0 {
            Vec::new()
        } else {
            vec![Msg::Burst(keys.map(|(chord, _)| chord).collect())]
        }
    }
}

fn key(chord: Chord, is_hasty: bool) -> Msg {
    if is_hasty { Msg::HastyKey(chord) } else { Msg::Key(chord) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends keys, each so many milliseconds after the one before; gives what came of them: keys, keys in haste with `!`, and
    /// pastes in brackets.
    fn sent(keys: &[(&str, u64)]) -> String {
        let (mut burst, mut now) = (KeyBurst::default(), Instant::now());
        let mut all = Vec::new();
        for (name, after) in keys {
            let pause = Duration::from_millis(*after);
            if burst.patience().is_some_and(|patience| patience <= pause) {
                all.extend(burst.settle());
            }
            now += pause;
            all.extend(burst.take(Chord::read(name).expect("a key"), now));
        }
        all.extend(burst.settle());
        let told = |msg: Msg| match msg {
            Msg::Key(chord) => chord.written(),
            Msg::HastyKey(chord) => format!("{}!", chord.written()),
            Msg::Burst(keys) => format!("[{}]", keys.iter().map(|key| key.written()).collect::<Vec<_>>().join(" ")),
            other => panic!("{other:?}"),
        };
        all.into_iter().map(told).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn several_characters_at_once_are_a_paste_and_what_a_hand_sends_is_keys() {
        for (keys, wanted) in [
            (&[("d", 0), ("a", 0), ("y", 0), ("enter", 0)][..], "[d a y enter]"),
            // At 9,600 baud, and in pieces over a network.
            (&[("d", 0), ("a", 1), ("enter", 40), ("q", 40), ("enter", 1)], "[d a enter q enter]"),
            (&[("d", 0), ("a", 0), ("q", 60)], "[d a] q"),
            // A fast hand, two keys that roll over, and a key that is held.
            (&[("d", 0), ("a", 60), ("y", 60)], "d a y"),
            (&[("d", 0), ("a", 8)], "d a!"),
            (&[("j", 0), ("j", 0), ("j", 0), ("k", 60)], "j j! j! k"),
            (&[("a", 0), ("enter", 0)], "a enter!"),
            (&[("A", 900), ("y", 49)], "A y!"),
            (&[("A", 900), ("y", 50)], "A y"),
            (&[("down", 0), ("down", 0), ("enter", 0)], "down down! enter!"),
            (&[("down", 0), ("a", 0), ("esc", 0), ("b", 0)], "down [a esc b]"),
        ] {
            assert_eq!(sent(keys), wanted, "{keys:?}");
        }
    }

    #[test]
    fn a_paste_that_never_ends_is_passed_on() {
        let (mut burst, now) = (KeyBurst::default(), Instant::now());
        let all: Vec<Msg> =
            (0..200_000).flat_map(|i| burst.take(Chord::char(if i % 2 == 0 { 'a' } else { 'y' }), now)).collect();
        assert!(all.len() == 3 && all.iter().all(|msg| matches!(msg, Msg::Burst(keys) if keys.len() == MOST)));
        assert!(matches!(&burst.settle()[..], [Msg::Burst(_)]));
    }
}
