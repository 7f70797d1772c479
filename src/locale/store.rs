//! What the store could not do, in the user's words.

use chrono::{DateTime, Local};

use crate::domain::ledger::TakeError;
use crate::domain::ledger::audit::{ChainFault, Head};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::store::{BatchHolder, ExposedPath, StoreError};
use crate::words::{Locale, NameOfProfile, filled};

impl Locale {
    /// Tells that the registry could not be read and rows are checked without it.
    pub fn registry_not_read(&self, error: &StoreError) -> String {
        self.fill("institution.not-read", &[("detail", &self.store_failure(error, &|_| None).message)])
    }

    /// Gives a moment as the store writes it, UTC, in the time of the clock on the wall.
    pub fn moment(&self, utc: &str) -> String {
        DateTime::parse_from_rfc3339(utc)
            .map_or_else(|_| utc.to_string(), |t| t.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string())
    }

    /// Tells what the store could not do.
    pub fn store_failure(&self, error: &StoreError, profile: NameOfProfile<'_>) -> Failure {
        match error {
            StoreError::Registry(refusal) => return self.registry_refusal(refusal, None),
            StoreError::Stock(refusal) => return self.stock_refusal(refusal),
            StoreError::Share(refusal) => return self.share_refusal(refusal),
            _ => {}
        }
        let key = error.key();
        let detail = detail(self, error, profile);
        let message = self.fill(&format!("store.{key}.message"), &[("detail", &detail)]);
        let kind = match error {
            StoreError::Lasting
            | StoreError::HasNumbers(_)
            | StoreError::SameFile(_)
            | StoreError::SamePerson(_)
            | StoreError::OtherChecker(_)
            | StoreError::LedgerMoved(_)
            | StoreError::Refused(_) => FailureKind::Rule,
            // Whoever names what is not there has typed a wrong name.
            StoreError::NoStore { .. }
            | StoreError::NoBatch(_)
            | StoreError::NoCase(_)
            | StoreError::NoCertificate(_) => FailureKind::Usage,
            _ => FailureKind::Store,
        };
        let hint = self.fill(&format!("store.{key}.hint"), &[("detail", &detail)]);
        let here = self.find(&format!("store.{key}.here")).unwrap_or_default();
        Failure { here: filled(here, &[("detail", &detail)]), ..Failure::new(kind, message, hint) }
    }

    /// Tells that others can see what is the state folder's, where they can.
    pub fn exposed_warning(&self, loose: &[ExposedPath]) -> Option<String> {
        let ExposedPath { path, mode } = loose.first()?;
        let (path, mode, n) = (path.display().to_string(), format!("{mode:o}"), loose.len().to_string());
        Some(self.fill("store.loose", &[("path", &text::visible(&path)), ("mode", &mode), ("n", &n)]))
    }

    /// Names whoever holds a batch, and since when.
    pub fn holder(&self, holder: &BatchHolder) -> String {
        let user = if holder.user.is_empty() { self.text("store.somebody") } else { text::signed_by(&holder.user) };
        let (pid, since) = (holder.pid.to_string(), local_time(&holder.since));
        let since = since.rsplit_once(':').map_or(&*since, |(to_the_minute, _)| to_the_minute);
        self.fill("store.holder", &[("user", user), ("host", &holder.host), ("pid", &pid), ("since", since)])
    }

    /// Tells what is wrong with the audit chain.
    pub fn audit_fault(&self, fault: &ChainFault) -> String {
        let at = |key: &str, seq: u64| self.fill(&format!("audit.fault.{key}"), &[("seq", &seq.to_string())]);
        match fault {
            ChainFault::Place { expected, found } => {
                let (expected, found) = (expected.to_string(), found.to_string());
                self.fill("audit.fault.place", &[("expected", &expected), ("found", &found)])
            }
            ChainFault::Link(seq) => at("link", *seq),
            ChainFault::Content(seq) => at("content", *seq),
            ChainFault::Time(seq) => at("time", *seq),
            ChainFault::Missing { noted, found } => {
                let (noted, found) = (noted.count.to_string(), found.count.to_string());
                self.fill("audit.fault.missing", &[("noted", &noted), ("found", &found)])
            }
            ChainFault::Other { noted, hash } => {
                let count = noted.count.to_string();
                let places = [("seq", &*count), ("noted", short(&noted.hash)), ("found", short(hash))];
                self.fill("audit.fault.other", &places)
            }
            ChainFault::Unnoted(head) => at("unnoted", head.count),
            ChainFault::Ahead { last, now } => {
                self.fill("audit.fault.ahead", &[("last", &local_time(last)), ("now", &local_time(now))])
            }
            ChainFault::Doubted { told, now } => {
                self.fill("audit.fault.doubted", &[("told", &local_time(told)), ("now", &local_time(now))])
            }
            ChainFault::Restored(since) => self.fill("audit.fault.restored", &[("since", &self.moment(since))]),
        }
    }

    /// Tells where the audit chain stands, as exports print it.
    pub fn audit_head(&self, head: &Head) -> String {
        self.fill("audit.head", &[("count", &head.count.to_string()), ("hash", &head.hash)])
    }
}

/// Gives so much of a hash as is enough to tell it from another.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Gives a time of the store on the user's own clock; what is no time is given as it is.
pub fn local_time(utc: &str) -> String {
    DateTime::parse_from_rfc3339(utc)
        .map_or_else(|_| utc.to_string(), |t| t.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S").to_string())
}

/// Gives what differs from case to case: who, which file, and why in the system's words.
fn detail(locale: &Locale, error: &StoreError, profile: NameOfProfile<'_>) -> String {
    match error {
        StoreError::Busy { holder } => holder.clone().unwrap_or_else(|| locale.text("store.somebody").to_string()),
        StoreError::Held(holder) => locale.holder(holder),
        StoreError::Newer { path, .. } | StoreError::Full { path } | StoreError::Replaced { path } => {
            path.display().to_string()
        }
        StoreError::Damaged { path, cause }
        | StoreError::ReadOnly { path, cause }
        | StoreError::NoteUnread { path, cause }
        | StoreError::Io { path, cause } => {
            let (path, why) = (path.display().to_string(), locale.cause(cause));
            locale.fill("cause.of", &[("path", &path), ("why", &why)])
        }
        StoreError::NoStore { home } => text::visible(&home.to_string_lossy()).into_owned(),
        StoreError::NoHome
        | StoreError::Lasting
        | StoreError::Registry(_)
        | StoreError::Stock(_)
        | StoreError::Share(_) => String::new(),
        StoreError::NoBatch(batch)
        | StoreError::BatchMoved(batch)
        | StoreError::HasNumbers(batch)
        | StoreError::SameFile(batch)
        | StoreError::Unfinished(batch) => batch.to_string(),
        StoreError::LedgerMoved(key) => key.to_string(),
        StoreError::OtherChecker(user) => text::visible(user).into_owned(),
        StoreError::SamePerson(same) => locale.same_person(same, &locale.moment(&same.at)),
        StoreError::Refused(refusal) => match refusal {
            TakeError::Retired(prefix) => prefix.clone(),
            TakeError::Full(number) | TakeError::Taken(number) => number.to_string(),
            TakeError::OtherProfile(id, first, last) => {
                format!("{} {first}-{last}", profile(id).unwrap_or_else(|| id.clone()))
            }
            TakeError::YearAhead(year) => year.to_string(),
            TakeError::Outside(first, last) => format!("{first}-{last}"),
            TakeError::NotComposed(_) | TakeError::Unreadable => String::new(),
        },
        StoreError::NoCertificate(code) => code.to_string(),
        StoreError::NoCase(case) => case.to_string(),
        StoreError::Case(refusal) => locale.case_refusal(refusal),
        StoreError::NoNote { path, found } => {
            let path = path.display().to_string();
            locale.fill("store.only-count", &[("path", &*path), ("found", &*found.count.to_string())])
        }
        StoreError::OldCopy { path, noted, found } => {
            let (path, noted) = (path.display().to_string(), noted.count.to_string());
            let places = [("path", &*path), ("noted", &noted), ("found", &found.count.to_string())];
            locale.fill("store.both-counts", &places)
        }
        StoreError::Unsure { since } => local_time(since),
        StoreError::InUse { holders } => {
            let names: Vec<String> = holders.iter().map(|by| locale.holder(by)).collect();
            names.join(locale.text("store.and"))
        }
        StoreError::ClockBack { last, now } => {
            locale.fill("store.both-times", &[("last", &local_time(last)), ("now", &local_time(now))])
        }
        StoreError::NoLocks { path } | StoreError::NotOurs { path } => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn names_the_holder_in_the_users_language() {
        let holder =
            BatchHolder { user: "zhang".into(), host: "s1".into(), pid: 7, since: "2026-11-21T12:12:43Z".into() };
        for lang in [Lang::Zh, Lang::En] {
            let locale = Locale::load(lang);
            let message = locale.store_failure(&StoreError::Held(holder.clone()), &|_| None).message;
            assert!(["zhang", "s1", "7", "2026-11-2"].iter().all(|part| message.contains(part)), "{message}");
            assert!(!message.contains("43Z") && !message.contains('{'), "{message}");
            let nobody = locale.store_failure(&StoreError::Busy { holder: None }, &|_| None).message;
            assert!(!nobody.contains('{') && nobody.contains(locale.text("store.somebody")), "{nobody}");
        }
        let zh = Locale::load(Lang::Zh).store_failure(&StoreError::Held(holder), &|_| None).message;
        assert!(!zh.contains("edited"), "{zh}");
    }

    #[test]
    fn whoever_is_at_the_workbench_is_not_sent_to_the_shell() {
        // Where there is no store, or it cannot be opened, there is no workbench either that could help.
        let before =
            ["no-home", "no-store", "damaged", "read-only", "no-note", "old-copy", "unsure", "in-use", "clock-back"];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            let hint = |key: &'_ str| key.strip_prefix("store.")?.strip_suffix(".hint").map(String::from);
            for (key, error) in locale.keys().iter().filter_map(|key| Some((key, hint(key)?))) {
                let here = locale.find(&format!("store.{error}.here"));
                let told = here.unwrap_or_else(|| locale.text(key));
                let is_of_the_shell = told.contains("skillcert ") || told.contains(" --");
                assert!(!is_of_the_shell || before.contains(&error.as_str()), "{key}: {told}");
            }
        }
    }

    #[test]
    fn every_refusal_to_take_numbers_has_its_words() {
        use crate::domain::code::ComposeError;
        let takes = [
            TakeError::Retired("S000062010001".into()),
            TakeError::Full(3),
            TakeError::Taken(4),
            TakeError::Outside(1, 9),
            TakeError::NotComposed(ComposeError::Prefix),
            TakeError::OtherProfile("national".into(), 1, 99_999),
            TakeError::YearAhead(2077),
            TakeError::Unreadable,
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for take in &takes {
                let name = |id: &str| (id == "national").then(|| "全国".to_string());
                let failure = locale.store_failure(&StoreError::Refused(take.clone()), &name);
                let words = failure.to_string();
                assert!(!words.contains("store.") && !words.contains('{'), "{words}");
                assert!(!words.contains("national"), "a profile goes by its name: {words}");
            }
        }
    }
}
