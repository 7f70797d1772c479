//! The share register told line by line.

use crate::domain::ledger::share::{Share, ShareField, ShareState};
use crate::domain::text;
use crate::words::Locale;

impl Locale {
    /// Tells an entry: what it says, who made it when, what was handed out under it, what is still to be said.
    pub fn share_told(&self, share: &Share, state: ShareState) -> Vec<String> {
        let said = ShareField::ALL.into_iter().map(|field| (self.share_field(field), share.terms.text(field)));
        let (time, user) = &share.made;
        let made = format!("{}  {}", self.moment(time), text::signed_by(user));
        let ended = share.ended_on.map(|day| (self.text("share.ended-on"), day.to_string()));
        let line = |(label, value): (&str, String)| format!("{label}  {}", text::visible(&value));
        let said = said.filter(|(_, value)| !value.is_empty());
        let mut told = vec![format!("{}  {}", share.id, self.share_state(state))];
        told.extend(said.chain([(self.text("share.made"), made)]).chain(ended).map(line));
        for (file, time) in &share.files {
            let holds = if file.holds.is_empty() { String::new() } else { format!("  {}", text::visible(&file.holds)) };
            let name = text::visible(&file.file);
            told.push(format!("{}  {}  {name}{holds}", self.text("share.file"), self.moment(time)));
            told.push(format!("  SHA-256 {}", file.sha256));
        }
        told.extend(self.share_lacks(share).filter(|_| state != ShareState::Ended));
        told
    }
}
