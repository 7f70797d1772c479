//! A store that a run has begun (新建的存储): where nothing came of the run, there is none afterwards, nor a folder for one. Whoever
//! comes later would take an empty ledger for theirs.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::error::Result;
use super::places::StatePaths;
use super::{Store, session};

impl Store {
    /// Opens the store; where none is there it is made, and taken back when it is dropped with nothing in it.
    pub fn begin(places: &StatePaths, user: &str, what: &str) -> Result<Store> {
        let is_new = !Store::is_there(places)?;
        let missing: Vec<PathBuf> =
            places.home().ancestors().take_while(|folder| !folder.exists()).map(PathBuf::from).collect();
        let mut store = Store::open(places, user, what)?;
        store.begun = is_new.then_some(missing);
        Ok(store)
    }

    /// Signs off, and takes back a store that was begun for nothing.
    pub(super) fn leave(&mut self) {
        // Whoever cannot sign off now is found dead by the next one who looks.
        let _ = self.db.busy_timeout(Duration::from_millis(200));
        session::leave(&self.db, self.session);
        let Some(folders) = self.begun.take() else { return };
        // Nobody begins anything in it while it is looked at. Who has opened it and not signed on yet finds it gone: what is
        // under its name then is another file.
        let Ok(()) = self.db.execute_batch("BEGIN EXCLUSIVE") else { return };
        if !self.is_elsewhere() && self.is_untouched().unwrap_or(false) {
            for file in [self.places.head(), self.places.lock_probe(), self.path.clone()] {
                let _ = fs::remove_file(file);
            }
            // One that somebody has put something into stays.
            folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        }
        let _ = self.db.execute_batch("ROLLBACK");
    }

    /// Tells whether nothing was done in it and nobody is about to.
    fn is_untouched(&self) -> Result<bool> {
        let untouched = "SELECT NOT EXISTS (SELECT 1 FROM audit) AND NOT EXISTS (SELECT 1 FROM batch)
                         AND NOT EXISTS (SELECT 1 FROM session) AND NOT EXISTS (SELECT 1 FROM setting WHERE key NOT GLOB 'clock:*')";
        self.read(|db| db.query_row(untouched, [], |row| row.get(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples;

    #[test]
    fn one_that_was_begun_for_nothing_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("above").join("home")).unwrap();
        let begin = || Store::begin(&places, "wang", "test").unwrap();
        drop(begin());
        assert!(!dir.path().join("above").exists());
        fs::create_dir_all(places.home()).unwrap();
        drop(begin());
        assert_eq!(fs::read_dir(places.home()).unwrap().count(), 0);
        // Somebody else is in it.
        let (first, second) = (begin(), Store::open(&places, "li", "test").unwrap());
        drop(first);
        second.set_setting("a", "b").unwrap();
        drop(second);
        drop(begin());
        assert!(places.database().exists());
    }

    #[test]
    fn one_in_which_something_was_done_stays() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("home")).unwrap();
        let store = Store::begin(&places, "wang", "test").unwrap();
        store.create_batch(&samples::new_batch("a.csv")).unwrap();
        drop(store);
        drop(Store::begin(&places, "wang", "test").unwrap());
        assert!(places.database().exists());
    }
}
