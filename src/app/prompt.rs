//! One line of text that is being typed (输入框): moves by what a reader takes for one character.

use unicode_segmentation::UnicodeSegmentation;

use super::key::{Chord, Key};

/// A line of text with a caret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    text: String,
    caret: usize,
    /// Whether the text is chosen as a whole: what is typed takes its place; a move of the caret or Backspace keeps it to be edited.
    is_chosen: bool,
}

impl Prompt {
    /// Makes a prompt with the caret at the end.
    pub fn new(text: impl Into<String>) -> Prompt {
        let text = text.into();
        Prompt { caret: text.len(), text, is_chosen: false }
    }

    /// Makes a prompt whose text gives way to the first that is typed.
    pub fn chosen(text: impl Into<String>) -> Prompt {
        let text = text.into();
        Prompt { is_chosen: !text.is_empty(), ..Prompt::new(text) }
    }

    /// Tells whether what is typed takes the place of the text.
    pub fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives the text before the caret.
    pub fn before(&self) -> &str {
        &self.text[..self.caret]
    }

    /// Gives the caret's place in bytes.
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// Puts the caret at a place in bytes, or at the end when there is no character boundary.
    pub fn set_caret(&mut self, caret: usize) {
        self.is_chosen = false;
        self.caret = if self.text.is_char_boundary(caret) { caret } else { self.text.len() };
    }

    /// Makes a prompt that shows a mask of the text, the caret behind as many characters.
    pub fn masked(&self, mask: &str) -> Prompt {
        let caret = mask.char_indices().nth(self.before().chars().count()).map_or(mask.len(), |(i, _)| i);
        Prompt { text: mask.to_string(), caret, is_chosen: self.is_chosen }
    }

    /// Replaces the whole text.
    pub fn set(&mut self, text: impl Into<String>) {
        *self = Prompt::new(text);
    }

    /// Inserts text at the caret; line breaks and tabs become spaces, other control characters are dropped.
    pub fn insert(&mut self, text: &str) {
        let one_line = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
        let clean: String = one_line.chars().filter(|c| !c.is_control()).collect();
        if std::mem::take(&mut self.is_chosen) {
            self.set("");
        }
        self.text.insert_str(self.caret, &clean);
        self.caret += clean.len();
    }

    /// Takes a key that edits the line; tells whether it was one.
    pub fn key(&mut self, chord: Chord) -> bool {
        let was_chosen = self.is_chosen;
        match (chord.ctrl, chord.key) {
            (false, Key::Delete) if was_chosen => self.set(""),
            (false, Key::Char(c)) => self.insert(c.encode_utf8(&mut [0; 4])),
            (false, Key::Backspace) => self.cut(self.previous(), self.caret),
            (false, Key::Delete) => self.cut(self.caret, self.next()),
            (false, Key::Left) => self.caret = self.previous(),
            (false, Key::Right) => self.caret = self.next(),
            (false, Key::Home) | (true, Key::Char('a')) => self.caret = 0,
            (false, Key::End) | (true, Key::Char('e')) => self.caret = self.text.len(),
            (true, Key::Char('u')) => self.set(""),
            (true, Key::Char('w')) => self.cut(self.word_start(), self.caret),
            (true, Key::Char('k')) => self.cut(self.caret, self.text.len()),
            _ => return false,
        }
        self.is_chosen = false;
        true
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.caret = from;
    }

    fn previous(&self) -> usize {
        self.before().grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn next(&self) -> usize {
        self.caret + self.text[self.caret..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let trimmed = self.before().trim_end();
        trimmed.split_word_bound_indices().next_back().map_or(0, |(i, _)| i)
    }
}

/// Tells whether a chord types or edits text.
pub fn edits(chord: Chord) -> bool {
    Prompt::default().key(chord)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str, prompt: &mut Prompt) -> String {
        for chord in Chord::read_all(keys) {
            assert!(prompt.key(chord), "{chord}");
        }
        format!("{}|{}", prompt.before(), &prompt.text()[prompt.caret()..])
    }

    #[test]
    fn moves_and_deletes_by_whole_characters() {
        let mut p = Prompt::new("买买提e\u{301}");
        assert_eq!(typed("backspace", &mut p), "买买提|");
        assert_eq!(typed("left left delete 艾", &mut p), "买艾|提");
        assert_eq!(typed("home x end ctrl-w", &mut p), "x买艾|");
        assert_eq!(typed("ctrl-u", &mut p), "|");
    }

    #[test]
    fn a_chosen_text_gives_way_to_what_is_typed_and_is_kept_by_a_move() {
        let typed_over = |keys| typed(keys, &mut Prompt::chosen("S0000"));
        assert_eq!(typed_over("Y 1"), "Y1|");
        assert_eq!(typed_over("left Y"), "S000Y|0");
        assert_eq!(typed_over("end Y"), "S0000Y|");
        assert_eq!(typed_over("backspace Y"), "S000Y|");
        assert_eq!(typed_over("delete"), "|");
        let mut pasted = Prompt::chosen("S0000");
        pasted.insert("123");
        assert_eq!((pasted.text(), pasted.is_chosen()), ("123", false));
        assert!(!Prompt::chosen("").is_chosen());
    }

    #[test]
    fn a_pasted_text_stays_on_one_line() {
        let mut p = Prompt::default();
        p.insert("甲\r\n乙\x1b[2J\n");
        assert_eq!(p.text(), "甲 乙[2J");
    }
}
