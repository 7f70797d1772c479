//! Signed on to the store (登录): the acts that write need one.

use std::cell::OnceCell;

use super::{LedgerReader, Office};
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;
use crate::store::{Store, StoreError};

/// How often the store is tried while another process keeps it busy; each try has waited by itself.
const TRIES: usize = 3;

/// An open store, and the office it belongs to.
#[derive(Debug)]
pub struct Session {
    pub(super) office: Office,
    // While verbs and workers still name the store.
    pub(crate) store: Store,
    tries: usize,
    pub(super) ledger: OnceCell<LedgerReader>,
}

impl Session {
    pub(super) fn open(office: Office, what: &str) -> Result<Session, Failure> {
        let places = office.places().map_err(|e| office.told(&e))?;
        let store = Store::open(&places, office.user(), what).map_err(|e| office.told(&e))?;
        Ok(Session { office, store, tries: 1, ledger: OnceCell::new() })
    }

    /// Tries again while the store is busy, for whoever has a person before the screen.
    pub fn patient(self) -> Session {
        Session { tries: TRIES, ..self }
    }

    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Has the store do something, again while another process keeps it busy.
    pub(super) fn with<T>(&self, work: impl Fn(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
        self.try_with(work).map_err(|e| self.office.told(&e))
    }

    /// The same, for whoever tells one refusal of the store from another.
    pub(super) fn try_with<T>(&self, work: impl Fn(&Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut result = work(&self.store);
        for _ in 1..self.tries {
            match &result {
                Err(StoreError::Busy { .. }) => result = work(&self.store),
                _ => break,
            }
        }
        result
    }

    /// Gives where the audit chain stands.
    pub fn audit_head(&self) -> Result<Head, Failure> {
        self.with(Store::audit_head)
    }

    /// Notes that personal data of an object is about to be shown whole, and why.
    pub fn unmask(&self, object: &str, reason: &str) -> Result<(), Failure> {
        self.with(|store| store.note_unmask(object, reason).map(drop))
    }
}
