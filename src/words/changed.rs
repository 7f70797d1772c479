//! What a cell was and what it becomes, beside each other.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::ledger::life::Fact;
use crate::domain::masked_change::{ShownChange, masked_change};
use crate::domain::replace::BadPattern;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::values::groups::Standing;

impl Locale {
    /// Shows both texts of a change. Of personal data what changes is marked, and who it is stays masked.
    pub fn change_shown(&self, field: Field, [before, after]: [&str; 2], masked: bool) -> ShownChange {
        if masked {
            masked_change(field, before, after)
        } else {
            [before, after].map(|t| text::visible(t).into_owned()).into()
        }
    }

    /// Shows both texts of a change of a row's cell, as it is masked there.
    pub fn edit_shown(
        &self,
        (batch, row): (&Batch, RowId),
        field: Field,
        texts: [&str; 2],
        masked: bool,
    ) -> ShownChange {
        if masked { batch.masked_change(row, field, texts) } else { self.change_shown(field, texts, false) }
    }

    /// Masks what an event changed so that it is seen what was corrected; of what is only told there is nothing to mark.
    pub fn masked_fact(&self, fact: &Fact) -> Fact {
        // The number of a blank is a sheet of paper's.
        if fact.before.is_empty() || fact.after.is_empty() || fact.key == "blank" {
            return fact.masked();
        }
        let change = self.change_shown(fact.field(), [&fact.before, &fact.after], true);
        let unseen = self.changed_unseen(&change);
        let [before, after] = change.texts;
        Fact { key: fact.key.clone(), before, after: after + &unseen }
    }

    /// Puts both texts of a change between brackets, and says behind the later one what of it changes unseen.
    pub fn becomes(&self, change: &ShownChange) -> [String; 2] {
        let [before, after] = change.texts.each_ref().map(|text| self.bracketed(text));
        [before, after + &self.changed_unseen(change)]
    }

    /// Says which hidden characters of the later text are others than before; nothing where there are none.
    pub fn changed_unseen(&self, change: &ShownChange) -> String {
        let run = |(first, last): &(usize, usize)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        let places: Vec<String> = change.hidden.iter().map(run).collect();
        if places.is_empty() {
            return String::new();
        }
        let is_number = change.texts[1].is_ascii();
        let key = if is_number { "ui.preview.digits-changed" } else { "ui.preview.letters-changed" };
        self.fill(key, &[("places", &places.join(self.text("finding.comma")))])
    }

    /// Puts a text between brackets, so that blanks at its ends are seen, or says that there is none.
    pub fn bracketed(&self, shown: &str) -> String {
        if shown.is_empty() { self.text("ui.preview.blank").to_string() } else { format!("[{shown}]") }
    }

    /// Says why nothing can be replaced so, and where that stands.
    pub fn pattern_fault(&self, bad: &BadPattern) -> String {
        let key = format!("replace.fault.{}", bad.fault.key());
        let why = self.text(&key);
        match bad.behind {
            0 => why.to_string(),
            n => self.fill("replace.fault-behind", &[("n", &n.to_string()), ("why", why)]),
        }
    }

    /// Says by whom a form is known to be right.
    pub fn standing(&self, by: Standing) -> String {
        self.text(&format!("values.standing.{}", by.key())).to_string()
    }
}
