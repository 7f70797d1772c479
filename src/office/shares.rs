//! The share register (共享登记): what was given to whom outside the upload, and every file with personal data in it that goes out.

use std::path::Path;

use chrono::{DateTime, Local, NaiveDate};

use super::{Office, Session};
use crate::domain::ledger::share::{Share, ShareField, ShareId, ShareRefusal, ShareState, ShareTerms, SharedFile};
use crate::failure::Failure;
use crate::formats::read_back::digest;
use crate::store::{Store, StoreReader};

/// A file with personal data in it that goes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct HandOut<'a> {
    /// The entry under which it goes out; one is made where none is named.
    pub share: Option<ShareId>,
    pub path: &'a Path,
    /// What is in it.
    pub holds: &'a str,
    /// Why, as far as it was said.
    pub purpose: &'a str,
    /// Whom it goes to, where that is known.
    pub receiver: &'a str,
}

/// Gives the day on the user's clock of a time of the store.
fn local_day(time: &str) -> Option<NaiveDate> {
    DateTime::parse_from_rfc3339(time).ok().map(|time| time.with_timezone(&Local).date_naive())
}

/// Which entries are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct WantedShares {
    /// Only those whose time has passed.
    pub expired: bool,
    /// Only those of which something is not said yet.
    pub incomplete: bool,
    /// Those that have ended, too.
    pub all: bool,
}

impl WantedShares {
    fn wants(self, state: ShareState) -> bool {
        match state {
            ShareState::Expired if self.expired => true,
            ShareState::Incomplete if self.incomplete => true,
            _ if self.expired || self.incomplete => false,
            ShareState::Ended => self.all,
            _ => true,
        }
    }
}

impl Office {
    /// Lists the register, the newest first, each with how it stands today.
    pub fn shares(&self, wanted: WantedShares) -> Result<Vec<(Share, ShareState)>, Failure> {
        let today = self.today()?;
        let all = self.ledger()?.map_or_else(|| Ok(Vec::new()), |ledger| ledger.with(StoreReader::shares))?;
        let told = all.into_iter().map(|share| {
            let state = share.state(today);
            (share, state)
        });
        Ok(told.filter(|(_, state)| wanted.wants(*state)).collect())
    }

    /// Counts the entries that have expired or lack something; none where that cannot be told.
    pub(super) fn shares_waiting(&self, store: &Store) -> usize {
        let (Ok(today), Ok(all)) = (self.today(), store.shares()) else { return 0 };
        let waits = |share: &&Share| matches!(share.state(today), ShareState::Expired | ShareState::Incomplete);
        all.iter().filter(waits).count()
    }

    /// Digests a file that was handed out already.
    fn shared_file(&self, path: &Path, holds: &str) -> Result<SharedFile, Failure> {
        let (sha256, _) = digest(path).map_err(|e| self.locale().unread(path, &e))?;
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(SharedFile { file, sha256, holds: holds.to_string() })
    }
}

impl Session {
    /// Finds an entry, with how it stands today.
    ///
    /// # Errors
    /// There is none of the number.
    pub fn share(&self, id: ShareId) -> Result<(Share, ShareState), Failure> {
        let share = self.with(|store| store.share(id))?;
        let state = share.state(self.office.today()?);
        Ok((share, state))
    }

    /// Makes an entry, with a file that was handed out under it; gives its number and its place in the audit chain.
    ///
    /// # Errors
    /// The time has passed already, or the file cannot be read.
    pub fn add_share(&self, terms: &ShareTerms, file: Option<&Path>, reason: &str) -> Result<(ShareId, u64), Failure> {
        self.must_last(terms)?;
        self.must_be_plain(terms)?;
        let file = file.map(|path| self.office.shared_file(path, "")).transpose()?;
        self.with(|store| store.add_share(terms, file.as_ref(), reason))
    }

    /// Changes parts of an entry, each by its name and as it was typed, and notes a file that was handed out under it. Gives the
    /// places in the audit chain.
    ///
    /// # Errors
    /// There is no such entry, it has ended, its time has passed for a further file, or nothing would change.
    pub fn change_share(
        &self,
        id: ShareId,
        parts: &[(ShareField, String)],
        file: Option<&Path>,
        reason: &str,
    ) -> Result<Vec<u64>, Failure> {
        let (office, today) = (&self.office, self.office.today()?);
        let mut terms = self.with(|store| store.share(id))?.terms;
        parts.iter().for_each(|(field, typed)| terms.put(*field, typed));
        self.must_be_plain(&terms)?;
        if parts.iter().any(|(field, _)| *field == ShareField::Expires) {
            self.must_last(&terms)?;
        }
        let file = file.map(|path| office.shared_file(path, "")).transpose()?;
        let mut entries = Vec::new();
        if !parts.is_empty() || file.is_none() {
            entries.push(self.with(|store| store.change_share(id, &terms, reason))?);
        }
        if let Some(file) = file {
            entries.push(self.with(|store| store.hand_out(id, &file, today, reason))?);
        }
        Ok(entries)
    }

    /// Ends an entry: the data were given back or destroyed. Gives the place in the audit chain.
    ///
    /// # Errors
    /// There is no such entry, it has ended, or the day is still to come.
    pub fn end_share(&self, id: ShareId, on: NaiveDate, reason: &str) -> Result<u64, Failure> {
        if self.office.today()? < on {
            return Err(self.office.locale().share_refusal(&ShareRefusal::Ahead(on)));
        }
        // The entry's day is the one that the store gave it; whoever says which day it is today ends it today.
        let made = local_day(&self.with(|store| store.share(id))?.made.0);
        if let Some(made) = made.filter(|made| on < *made && on < self.office.today().unwrap_or(*made)) {
            return Err(self.office.locale().share_refusal(&ShareRefusal::BeforeMade(on, made)));
        }
        self.with(|store| store.end_share(id, on, reason))
    }

    /// Refuses to hand out under an entry that is not there, has ended, or whose time has passed, before anything is written.
    pub(super) fn may_hand_out(&self, share: Option<ShareId>) -> Result<(), Failure> {
        let (Some(id), today) = (share, self.office.today()?) else { return Ok(()) };
        let share = self.with(|store| store.share(id))?;
        share.may_be_used(today).map_err(|refusal| self.office.locale().share_refusal(&refusal))
    }

    /// Notes a file that went out: under the entry that was named, or under one that is made and may be completed later.
    pub(super) fn hand_out(&self, out: HandOut<'_>) -> Result<ShareId, Failure> {
        let file = self.office.shared_file(out.path, out.holds)?;
        let today = self.office.today()?;
        if let Some(id) = out.share {
            self.with(|store| store.hand_out(id, &file, today, out.purpose))?;
            return Ok(id);
        }
        let mut terms = ShareTerms::default();
        terms.put(ShareField::Purpose, out.purpose);
        terms.put(ShareField::Receiver, out.receiver);
        terms.put(ShareField::Scope, out.holds);
        self.with(|store| store.add_share(&terms, Some(&file), out.purpose)).map(|(id, _)| id)
    }

    /// Notes a file that holds personal data whole, and gives the entry under which it went out.
    pub fn note_handed_out(
        &self,
        path: &Path,
        (holds, purpose): (&str, &str),
        share: Option<ShareId>,
    ) -> Result<Share, Failure> {
        let id = self.hand_out(HandOut { share, path, holds, purpose, receiver: "" })?;
        Ok(self.share(id)?.0)
    }

    fn must_be_plain(&self, terms: &ShareTerms) -> Result<(), Failure> {
        terms.must_be_plain().map_err(|refusal| self.office.locale().share_refusal(&refusal))
    }

    fn must_last(&self, terms: &ShareTerms) -> Result<(), Failure> {
        let today = self.office.today()?;
        match terms.expires {
            Some(last) if last < today => Err(self.office.locale().share_refusal(&ShareRefusal::Passed(last))),
            _ => Ok(()),
        }
    }
}
