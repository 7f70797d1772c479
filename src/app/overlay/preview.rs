//! A change before it is made (预览).

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::intent::Preview;

#[derive(Debug)]
pub struct PreviewPane {
    preview: Preview,
    /// The first line shown.
    at: usize,
}

impl PreviewPane {
    pub(super) fn new(preview: Preview) -> PreviewPane {
        PreviewPane { preview, at: 0 }
    }

    pub fn preview(&self) -> &Preview {
        &self.preview
    }

    /// Counts what is listed: the values, or the edits and rows where they are not told by these.
    pub fn count(&self) -> usize {
        let Preview { change, values, .. } = &self.preview;
        if values.is_empty() { change.edits.len() + change.rows.len() } else { values.len() }
    }

    /// Counts what is scrolled through: what is left as it is, then what is listed.
    pub fn length(&self) -> usize {
        self.preview.open.len() + self.count()
    }

    /// Gives the first line shown.
    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if command == Command::TurnFill {
            match self.preview.other.take() {
                Some(mut other) => {
                    std::mem::swap(&mut self.preview, &mut other);
                    (self.preview.other, self.at) = (Some(other), 0);
                }
                None => to.warn("status.no-other-reach"),
            }
            return Some(Intent::Nothing);
        }
        (command == Command::Apply).then(|| Intent::Apply(std::mem::take(&mut self.preview.change)))
    }
}
