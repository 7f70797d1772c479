//! What was done, by the actions of the audit chain.

use super::Locale;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::life::Happening;

impl Locale {
    /// Names an action of the audit chain.
    pub fn action(&self, name: ActionName) -> &str {
        self.find(&format!("audit.action.{}", name.key())).unwrap_or(name.key())
    }

    /// Names an entry's action; one that this release does not know has no name but its own in the chain.
    pub fn audit_action(&self, action: &str) -> String {
        ActionName::read(action).map_or_else(|| action.to_string(), |name| self.action(name).to_string())
    }

    /// Names an entry's action with its name in the chain, by which its digest can be made anew.
    pub fn audit_action_in_full(&self, action: &str) -> String {
        ActionName::read(action).map_or_else(|| action.to_string(), |name| format!("{} {action}", self.action(name)))
    }

    /// Names what was done to a certificate.
    pub fn life_action(&self, action: &Happening) -> String {
        match action {
            Happening::Entry(name) => self.action(*name),
            Happening::Unknown(name) => name,
            Happening::RowChange => self.text("life.action.row-change"),
            Happening::RowUndone => self.text("life.action.row-undone"),
        }
        .to_string()
    }

    /// Names an event of the registry by its action in the audit chain, such as `institution.add`.
    pub fn institution_action<'a>(&'a self, action: &'a str) -> &'a str {
        let text = |event| self.find(&format!("institution.action.{event}"));
        action.strip_prefix("institution.").and_then(text).unwrap_or(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_action_has_its_words() {
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for name in ActionName::ALL {
                let words = locale.action(name);
                assert!(!words.contains('.') && !words.contains('{'), "{words}");
                assert_eq!(locale.audit_action(name.key()), words);
            }
            for name in ActionName::ALL.into_iter().filter(|name| name.event().is_some()) {
                assert!(!locale.institution_action(name.key()).contains('.'));
            }
            assert_eq!(
                (locale.audit_action("ledger.lend").as_str(), locale.institution_action("x")),
                ("ledger.lend", "x")
            );
        }
    }
}
