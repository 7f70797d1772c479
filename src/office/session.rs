//! Signed on to the store (登录): the acts that write need one.

use std::cell::OnceCell;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use super::{LedgerReader, Office};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::Head;
use crate::domain::rules::Tables;
use crate::failure::Failure;
use crate::store::{StatePaths, Store, StoreError};

/// How often the store is tried while another process keeps it busy; each try has waited by itself.
const TRIES: usize = 3;

/// An open store, and the office it belongs to.
#[derive(Debug)]
pub struct Session {
    pub(super) office: Office,
    pub(super) store: Store,
    tries: usize,
    pub(super) ledger: OnceCell<LedgerReader>,
}

/// Tells that there is no store in a state folder, or that the folder is none.
pub(super) fn no_store(places: &StatePaths) -> StoreError {
    let home = places.home();
    match home.metadata() {
        Ok(found) if !found.is_dir() => StoreError::from_io(home, &ErrorKind::NotADirectory.into()),
        _ => StoreError::NoStore { home: home.to_path_buf() },
    }
}

impl Office {
    /// Gives the state folder that was named, by the argument or the variable.
    fn named_home(&self) -> Option<StatePaths> {
        let is_named =
            self.0.home.is_some() || self.0.surroundings.var("SKILLCERT_HOME").is_some_and(|home| !home.is_empty());
        self.places().ok().filter(|_| is_named)
    }

    /// Gives the state folder that was named, where it is not there: somebody may have mistyped it.
    pub fn missing_home(&self) -> Option<PathBuf> {
        self.named_home().map(|places| places.home().to_path_buf()).filter(|home| !home.exists())
    }

    /// Gives the state folder that was asked for, where there is no store in it: the one that is begun there may be meant
    /// elsewhere. The one of the surroundings is always the same; that it is there says that it is meant.
    pub fn home_without_store(&self) -> Option<PathBuf> {
        let home = self.0.home.as_ref()?;
        matches!(Store::is_there(&self.places().ok()?), Ok(false)).then(|| home.clone())
    }

    /// Signs on for an act with which the work may begin: the store is made where there is none, and is not there afterwards
    /// where nothing came of the act.
    pub fn begin(&self, what: &str) -> Result<Session, Failure> {
        Session::opened(self.clone(), |places, user| Store::begin(places, user, what))
    }

    /// The same for an act that takes numbers.
    ///
    /// # Errors
    /// The folder that was named is not there: in a new one the numbers of another would be given again.
    pub fn begin_numbers(&self, what: &str) -> Result<Session, Failure> {
        if self.missing_home().is_some() { self.enter(what) } else { self.begin(what) }
    }
}

impl Session {
    pub(super) fn open(office: Office, what: &str) -> Result<Session, Failure> {
        Session::opened(office, |places, user| Store::open(places, user, what))
    }

    fn opened(
        office: Office,
        open: impl FnOnce(&StatePaths, &str) -> Result<Store, StoreError>,
    ) -> Result<Session, Failure> {
        let places = office.places().map_err(|e| office.told(&e))?;
        let store = open(&places, office.signature()).map_err(|e| office.told(&e))?;
        // What the settings ask for holds from now on, whatever they say later.
        if office.settings().two_people {
            store.require_two_people("config.toml: two_people = true").map_err(|e| office.told(&e))?;
        }
        Ok(Session { office, store, tries: 1, ledger: OnceCell::new() })
    }

    /// Signs on to a store that is there.
    pub(super) fn enter(office: Office, what: &str) -> Result<Session, Failure> {
        let places = office.places().map_err(|e| office.told(&e))?;
        match Store::is_there(&places) {
            Ok(true) => Session::open(office, what),
            Ok(false) => Err(office.told(&no_store(&places))),
            Err(error) => Err(office.told(&error)),
        }
    }

    /// Opens the store for looking into it: whoever looks makes nothing, and signs on nowhere.
    pub(super) fn look(office: Office) -> Result<Session, Failure> {
        let places = office.places().map_err(|e| office.told(&e))?;
        let store = Store::look(&places, office.signature()).and_then(|found| found.ok_or_else(|| no_store(&places)));
        let store = store.map_err(|e| office.told(&e))?;
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
    pub(super) fn with<T>(&self, work: impl FnMut(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
        self.try_with(work).map_err(|e| self.office.told(&e))
    }

    /// The same, for whoever tells one refusal of the store from another.
    pub(super) fn try_with<T>(&self, mut work: impl FnMut(&Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut result = work(&self.store);
        for _ in 1..self.tries {
            match &result {
                Err(StoreError::Busy { .. }) => result = work(&self.store),
                _ => break,
            }
        }
        result
    }

    /// Has the store do something, for whom it is no harm when it is busy.
    pub(super) fn once<T>(&self, work: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
        work(&self.store).map_err(|e| self.office.told(&e))
    }

    /// Refuses an old copy of the store that was put back, in which what was done since would be lost.
    pub fn must_be_latest(&self) -> Result<(), Failure> {
        self.once(Store::must_be_latest)
    }

    /// Tells whether the store is not the one that was signed on to any more: what is done would go into another, or nowhere.
    pub fn is_replaced(&self) -> Option<Failure> {
        match self.store.must_be_the_same() {
            Err(error @ StoreError::Replaced { .. }) => Some(self.office.told(&error)),
            _ => None,
        }
    }

    /// Takes the registry anew after a change of our own; gives the tables with it where those in use had another one. The
    /// change is made: whoever cannot read it now has what was in force before, and is told nothing wrong by it.
    pub fn renew_registry(&self) -> Option<Arc<Tables>> {
        self.office.renew_tables(self.with(Store::registry).ok()?)
    }

    /// Gives where the audit chain stands.
    pub fn audit_head(&self) -> Result<Head, Failure> {
        self.with(Store::audit_head)
    }

    /// Notes that personal data of an object is about to be shown whole, and why.
    pub fn unmask(&self, object: &UnmaskedObject, reason: &str) -> Result<(), Failure> {
        self.with(|store| store.note_unmask(object, reason).map(drop))
    }
}
