//! What is told on stderr: messages, of which file they are where there are several, and how far it is on a terminal.

use std::collections::BTreeSet;
use std::io::Write;

use crate::domain::text;

/// So wide at most is the line that tells how far it is, so that it never breaks.
const WIDEST: usize = 76;

pub struct Telling<'a> {
    err: Box<dyn Write + 'a>,
    /// Whether it is told on a terminal how far something is.
    tells_progress: bool,
    /// How wide the line is that tells it; 0 where there is none.
    shown: usize,
    /// The file that messages are about, where there are several, and what was told of any of them: what holds for all is told
    /// once.
    about: Option<String>,
    told: BTreeSet<String>,
}

impl<'a> Telling<'a> {
    pub fn new(err: impl Write + 'a) -> Telling<'a> {
        Telling { err: Box::new(err), tells_progress: false, shown: 0, about: None, told: BTreeSet::new() }
    }

    pub fn with_progress(self, tells_progress: bool) -> Telling<'a> {
        Telling { tells_progress, ..self }
    }

    pub fn tell_no_progress(&mut self) {
        self.tells_progress = false;
    }

    /// Says which file the messages are about from now on; they are about none in particular where none is named.
    pub fn about(&mut self, file: Option<String>) {
        if file.is_none() {
            self.told.clear();
        }
        self.about = file;
    }

    /// Tells something; control characters become visible. A closed stderr is ignored.
    pub fn tell(&mut self, words: &str) {
        self.clear();
        if self.about.is_some() && !self.told.insert(words.to_string()) {
            return;
        }
        // Many messages name their file themselves.
        let first = words.lines().next().unwrap_or_default();
        let about = self.about.as_ref().filter(|file| !first.contains(file.as_str()));
        let about = about.map(|file| format!("{file}: ")).unwrap_or_default();
        for (nth, line) in words.lines().enumerate() {
            let about = if nth == 0 { text::visible(&about) } else { "".into() };
            let _ = writeln!(self.err, "{about}{}", text::visible(line));
        }
    }

    /// Tells on a terminal how far it is, in the place of what was told before.
    pub fn progress(&mut self, words: &str) {
        if !self.tells_progress {
            return;
        }
        self.clear();
        let mut line = String::new();
        for c in text::visible(words).chars() {
            let width = if c.is_ascii() { 1 } else { 2 };
            if WIDEST < self.shown + width {
                break;
            }
            self.shown += width;
            line.push(c);
        }
        let _ = write!(self.err, "{line}").and_then(|()| self.err.flush());
    }

    /// Takes away what tells how far it is, before anything else is written.
    pub fn clear(&mut self) {
        if self.shown != 0 {
            let _ = write!(self.err, "\r{:width$}\r", "", width = self.shown).and_then(|()| self.err.flush());
            self.shown = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_gives_way_to_what_is_told_and_is_no_wider_than_a_line() {
        let mut out = Vec::new();
        let mut telling = Telling::new(&mut out).with_progress(true);
        telling.progress("1/2 名册");
        telling.about(Some("a.csv".into()));
        telling.tell("one\ntwo");
        telling.about(Some("b.csv".into()));
        telling.tell("one\ntwo");
        telling.tell("three");
        telling.progress(&"长".repeat(99));
        telling.clear();
        drop(telling);
        let out = String::from_utf8(out).expect("text");
        assert_eq!(out.split('\r').next(), Some("1/2 名册"));
        assert!(out.contains("a.csv: one\ntwo\nb.csv: three\n"), "{out:?}");
        assert_eq!(out.matches('长').count(), WIDEST / 2);
    }

    #[test]
    fn in_a_pipe_nobody_is_told_how_far_it_is() {
        let mut out = Vec::new();
        Telling::new(&mut out).progress("1/2");
        assert!(out.is_empty());
    }
}
