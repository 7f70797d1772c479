//! Where the header stands, in which encoding a file is read, and what an import did.

use super::Talk;
use crate::app::command::Command;
use crate::app::overlay::Overlay;

impl Talk {
    pub(super) fn tell_header(&mut self) {
        self.say_key("plain.header");
        if let Some(encoding) = self.app.import.text_encoding().map(String::from) {
            self.say_filled("plain.header-encoding", &[("encoding", &encoding)]);
        }
    }

    /// Lists the encodings that a file may be read in.
    pub(super) fn encodings(&self) -> Vec<String> {
        match self.app.overlays.open() {
            Some(Overlay::Choose(pane)) => pane.options().iter().map(|(_, words)| words.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Tells what the import did, line by line.
    pub(super) fn import_lines(&self) -> Vec<String> {
        match self.app.overlays.open() {
            Some(Overlay::Import(page)) => {
                page.lines(&self.app.locale).into_iter().map(|(text, _)| text.trim().to_string()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Has the file read in an encoding.
    pub(super) fn take_encoding(&mut self, at: usize) {
        self.app.overlays.choose_line(at);
        self.order(Command::TakeChoice);
    }
}
