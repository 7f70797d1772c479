//! What the store could not do, in the user's words.

use chrono::{DateTime, Local};

use super::Locale;
use crate::domain::ledger::TakeError;
use crate::failure::{Failure, FailureKind};
use crate::store::{HeldBy, StoreError};

impl Locale {
    /// Gives a moment as the store writes it, UTC, in the time of the clock on the wall.
    pub fn moment(&self, utc: &str) -> String {
        DateTime::parse_from_rfc3339(utc)
            .map_or_else(|_| utc.to_string(), |t| t.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string())
    }

    /// Tells what the store could not do.
    pub fn store_failure(&self, error: &StoreError) -> Failure {
        if let StoreError::Registry(refusal) = error {
            return self.registry_refusal(refusal);
        }
        let key = error.key();
        let message = self.fill(&format!("store.{key}.message"), &[("detail", &detail(self, error))]);
        let kind = match error {
            StoreError::Lasting
            | StoreError::HasNumbers(_)
            | StoreError::SameFile(_)
            | StoreError::LedgerMoved(_)
            | StoreError::Refused(_) => FailureKind::Rule,
            _ => FailureKind::Store,
        };
        Failure::new(kind, message, self.text(&format!("store.{key}.hint")))
    }
}

/// Gives what differs from case to case: who, which file, and why in the system's words.
fn detail(locale: &Locale, error: &StoreError) -> String {
    match error {
        StoreError::Busy { holder } => holder.clone().unwrap_or_else(|| locale.text("store.somebody").to_string()),
        StoreError::Held(holder) => held_by(locale, holder),
        StoreError::Newer { path, .. } | StoreError::Full { path } => path.display().to_string(),
        StoreError::Damaged { path, detail: cause }
        | StoreError::ReadOnly { path, cause }
        | StoreError::Io { path, cause } => format!("{} ({cause})", path.display()),
        StoreError::NoHome | StoreError::Lasting | StoreError::Registry(_) => String::new(),
        StoreError::NoBatch(batch)
        | StoreError::HasNumbers(batch)
        | StoreError::SameFile(batch)
        | StoreError::Unfinished(batch) => batch.to_string(),
        StoreError::LedgerMoved(key) => key.to_string(),
        StoreError::Refused(refusal) => match refusal {
            TakeError::Retired(prefix) => prefix.clone(),
            TakeError::Full(number) | TakeError::Taken(number) => number.to_string(),
            TakeError::Outside(first, last) => format!("{first}-{last}"),
            TakeError::NotComposed(_) | TakeError::Unreadable => String::new(),
        },
        StoreError::NoCertificate(code) => code.to_string(),
        StoreError::NoCase(case) => case.to_string(),
        StoreError::Case(refusal) => locale.case_refusal(refusal),
    }
}

fn held_by(locale: &Locale, holder: &HeldBy) -> String {
    let since = locale.moment(&holder.since);
    let user = if holder.user.is_empty() { locale.text("store.somebody") } else { &holder.user };
    let places = [("user", user), ("host", &holder.host), ("pid", &holder.pid.to_string()), ("since", &since)];
    locale.fill("store.holder", &places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    #[test]
    fn names_the_holder_in_the_users_language() {
        let holder = HeldBy { user: "zhang".into(), host: "s1".into(), pid: 7, since: "2026-11-21T12:12:43Z".into() };
        for lang in [Lang::Zh, Lang::En] {
            let locale = Locale::load(lang);
            let message = locale.store_failure(&StoreError::Held(holder.clone())).message;
            assert!(["zhang", "s1", "7", "2026-11-2"].iter().all(|part| message.contains(part)), "{message}");
            assert!(!message.contains("43Z") && !message.contains('{'), "{message}");
            let nobody = locale.store_failure(&StoreError::Busy { holder: None }).message;
            assert!(!nobody.contains('{') && nobody.contains(locale.text("store.somebody")), "{nobody}");
        }
        let zh = Locale::load(Lang::Zh).store_failure(&StoreError::Held(holder)).message;
        assert!(!zh.contains("edited"), "{zh}");
    }
}
