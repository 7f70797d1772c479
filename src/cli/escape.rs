//! What answers go through on their way out: whatever a file held that nobody should see raw is escaped here, once for all verbs.

use std::borrow::Cow;
use std::io::{self, Write};

use super::typed::TextOrJson;
use crate::domain::text;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Lines for a reader: hidden characters become visible ASCII.
    Text,
    /// JSON, whose strings mean the same afterwards.
    Json,
    /// A file as it is to be; whoever made it has made its cells safe.
    File,
}

impl From<TextOrJson> for Written {
    fn from(format: TextOrJson) -> Written {
        match format {
            TextOrJson::Text => Written::Text,
            TextOrJson::Json => Written::Json,
        }
    }
}

/// Writes on, hidden characters escaped.
pub struct Escaping<W: Write> {
    to: W,
    written: Written,
    /// The beginning of a character whose rest has not come.
    rest: Vec<u8>,
}

impl<W: Write> Escaping<W> {
    pub fn new(to: W, written: Written) -> Escaping<W> {
        Escaping { to, written, rest: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (sure, begun) = bytes.split_at(whole(bytes));
        self.rest = begun.to_vec();
        let shown = String::from_utf8_lossy(sure);
        let shown = match self.written {
            Written::Json => text::escaped_json(&shown),
            _ => text::harmless(&shown),
        };
        self.to.write_all(shown.as_bytes())
    }
}

/// Counts the bytes before a character that is cut off at the end.
fn whole(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // What is no text at all is told as such, and ends in a character or in nothing that will be one.
        _ => bytes.len(),
    }
}

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written == Written::File {
            return self.to.write(bytes);
        }
        let all = if self.rest.is_empty() { Cow::Borrowed(bytes) } else { Cow::Owned([&self.rest, bytes].concat()) };
        self.put(&all)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_gets_through_wherever_it_is_cut() {
        let text = "张\u{9b}2J\u{202E}\u{2066}a\u{2028}\u{200B}\u{E0001}\r\n\u{FEFF}\t";
        for (written, expected) in [
            (Written::Text, "张<U+009B>2J<U+202E><U+2066>a<U+2028><U+200B><U+E0001>\r\n<U+FEFF>\t"),
            (Written::Json, "张\\u009b2J\\u202e\\u2066a\\u2028\\u200b\\udb40\\udc01\r\n\\ufeff\t"),
            (Written::File, text),
        ] {
            for size in 1..=text.len() {
                let mut out = Vec::new();
                let mut way = Escaping::new(&mut out, written);
                text.as_bytes().chunks(size).for_each(|piece| way.write_all(piece).expect("written"));
                assert_eq!(String::from_utf8(out).expect("text"), expected, "{written:?} {size}");
            }
        }
    }
}
