//! What somebody may have meant who typed a name that nothing has.

use crate::data::Catalogue;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::words::Locale;

/// How many names are offered in place of one that is not known.
const MOST: usize = 5;

impl Locale {
    /// Tells which names come nearest to the one that was typed, and how to list all of them: `list` is the key of that
    /// sentence.
    pub fn near<'a>(&self, typed: &str, names: impl Iterator<Item = &'a str>, list: &str) -> String {
        let mut near = text::nearest(typed, names);
        near.truncate(MOST);
        let list = self.text(list);
        if near.is_empty() {
            return list.to_string();
        }
        let near = text::visible(&near.join(self.text("finding.comma"))).into_owned();
        format!("{}\n{list}", self.fill("name.near", &[("near", &near)]))
    }

    /// Tells that no profile has an id, and which come near.
    pub fn unknown_profile(&self, id: &str, catalogue: &Catalogue) -> Failure {
        let told = self.fill("cli.unknown-profile", &[("id", &text::visible(id))]);
        let hint = self.near(id, catalogue.profiles.iter().map(|p| p.id.as_str()), "name.profiles");
        Failure::new(FailureKind::Usage, told, hint)
    }
}
