//! Privacy on screen (屏幕隐私): what was unmasked is masked again after a while, and a screen nobody sits at goes blank.
//!
//! Time is a message like all others: the state knows no clock, only how long the workbench has been running.

use std::borrow::Cow;
use std::time::Duration;

use super::msg::{Msg, StoreJob};
use super::prompt::Prompt;
use super::{App, Edit, Overlay, Screen};
use crate::domain::code::CertCode;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;

/// What of personal data is shown, since when, and when the last key came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// How long what was unmasked is shown.
    pub unmask_for: Duration,
    /// How long no key may come until the screen goes blank; `None` for ever.
    pub idle_for: Option<Duration>,
    /// How long the workbench has been running.
    now: Duration,
    /// When the last key came.
    used: Duration,
    /// What is shown unmasked, and since when.
    shown: Option<(Shown, Duration)>,
    /// A cell that is being typed into shows personal data.
    is_typed: bool,
    is_blank: bool,
}

/// Something that is shown unmasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Row(RowId),
    Certificate(CertCode),
}

impl Default for Privacy {
    fn default() -> Privacy {
        Privacy {
            unmask_for: Duration::from_secs(30),
            idle_for: Some(Duration::from_mins(10)),
            now: Duration::ZERO,
            used: Duration::ZERO,
            shown: None,
            is_typed: false,
            is_blank: false,
        }
    }
}

impl Privacy {
    /// Tells whether nothing is shown until a key comes.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Tells whether somebody's data is shown unmasked.
    pub fn is_unmasked(&self) -> bool {
        self.shown.is_some() || self.is_typed
    }
}

/// Masks a text of a column where it is personal data.
fn masked(field: Field, text: &str) -> Cow<'_, str> {
    if field.is_personal() || text::looks_like_id(text) { field.masked(text).into() } else { text.into() }
}

impl Edit {
    /// Tells whether what stands in the line would be masked in the grid.
    fn hides_something(&self) -> bool {
        masked(self.field, self.prompt.text()) != self.prompt.text()
    }
}

impl App {
    /// Gives how long the workbench will have been running when the screen changes by itself: [`Msg::Time`] is due then.
    pub fn wakes_at(&self) -> Option<Duration> {
        let Privacy { unmask_for, idle_for, used, shown, is_typed, is_blank, .. } = self.privacy;
        let masks = shown.map(|(_, since)| since + unmask_for);
        let masks_typed = is_typed.then_some(used + unmask_for);
        let blanks = idle_for.filter(|_| !is_blank).map(|idle| used + idle);
        masks.into_iter().chain(masks_typed).chain(blanks).min()
    }

    /// Takes the time; masks and blanks what is due.
    pub(super) fn pass(&mut self, now: Duration) {
        let Privacy { unmask_for, idle_for, used, shown, is_typed, is_blank, .. } = self.privacy;
        self.privacy.now = now;
        // Whoever types is there; what is typed stays in sight as long as the keys go on.
        if is_typed && used + unmask_for <= now {
            self.mask_typed();
        }
        if shown.is_some_and(|(_, since)| since + unmask_for <= now) {
            self.mask();
        }
        if !is_blank && idle_for.is_some_and(|idle| used + idle <= now) {
            self.blank();
        }
    }

    /// Blanks the screen; what goes on below goes on, and what was half typed stays.
    pub(super) fn blank(&mut self) {
        self.mask();
        self.mask_typed();
        self.privacy.is_blank = true;
    }

    /// Gives a cell as it is shown: personal data masked unless the row was unmasked.
    pub fn shown_cell(&self, row: RowId, field: Field) -> Cow<'_, str> {
        let cell = self.batch.as_ref().map_or("", |b| b.roster().cell(row, field));
        self.shown(row, field, cell)
    }

    /// Gives a text of a column as it is shown: personal data masked unless the row was unmasked.
    pub fn shown<'a>(&self, row: RowId, field: Field, text: &'a str) -> Cow<'a, str> {
        if self.grid.unmasked == Some(row) { text.into() } else { masked(field, text) }
    }

    /// Gives the line of the cell that is being typed into as it is shown.
    pub fn typed(&self) -> Option<Cow<'_, Prompt>> {
        let edit = self.edit.as_ref()?;
        if !edit.is_masked {
            return Some(Cow::Borrowed(&edit.prompt));
        }
        Some(Cow::Owned(edit.prompt.masked(&masked(edit.field, edit.prompt.text()))))
    }

    fn mask_typed(&mut self) {
        if let Some(edit) = &mut self.edit {
            edit.is_masked = true;
        }
    }

    /// Shows the cell that is being typed into again, now that somebody types; that is an unmasking of its own.
    pub(super) fn show_typed(&mut self) {
        let Some(edit) = self.edit.as_mut().filter(|edit| edit.is_masked) else { return };
        edit.is_masked = false;
        let row = edit.row;
        if edit.hides_something() {
            self.store(StoreJob::NoteUnmask { row });
        }
    }

    /// Notes that somebody is there. Tells whether that only brings the screen back.
    pub(super) fn wakes(&mut self, msg: &Msg) -> bool {
        if !matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_)) {
            return false;
        }
        self.privacy.used = self.privacy.now;
        std::mem::take(&mut self.privacy.is_blank)
    }

    /// Masks whatever is unmasked, the number that the decoder was lent from an unmasked row among it.
    fn mask(&mut self) {
        self.hide_copied();
        self.grid.unmasked = None;
        self.ledger.mask();
        self.privacy.shown = None;
        if let Some(Overlay::Decoder(pane)) = &mut self.overlay
            && std::mem::take(&mut pane.is_lent)
        {
            pane.prompt.set("");
            self.look_again();
        }
    }

    /// Masks what is not in hand any more, and starts the time of what has just been unmasked.
    pub(super) fn settle_privacy(&mut self) {
        if self.grid.unmasked.is_some() && (self.screen != Screen::Roster || self.grid.unmasked != self.row()) {
            self.grid.unmasked = None;
            self.hide_copied();
        }
        self.privacy.is_typed = self.edit.as_ref().is_some_and(|edit| !edit.is_masked && edit.hides_something());
        let row = self.grid.unmasked.map(Shown::Row);
        let shown = row.or(self.ledger.unmasked().map(Shown::Certificate));
        if self.privacy.shown.map(|(shown, _)| shown) != shown {
            self.privacy.shown = shown.map(|shown| (shown, self.privacy.now));
        }
    }

    /// Shows the personal data of the current row in full, or masks it again.
    pub(super) fn unmask(&mut self) {
        let row = self.row().filter(|row| self.grid.unmasked != Some(*row));
        self.grid.unmasked = row;
        if let Some(row) = row {
            self.store(StoreJob::NoteUnmask { row });
        }
    }
}
