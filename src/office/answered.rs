//! Answers that only the disk or the tables can judge (先行核对): judged where they are given, before the act that they are for.

use std::path::Path;

use super::photos::photo_of;
use super::{Office, PrintOf, Session};
use crate::domain::fact::FactDef;
use crate::domain::ledger::printed::Medium;
use crate::domain::print::PhotoState;
use crate::failure::Failure;
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::plain_file;

impl Office {
    /// Refuses a file that is to be read and cannot be.
    pub fn can_read(&self, file: &Path) -> Result<(), Failure> {
        plain_file::open(file).map(drop).map_err(|e| self.locale().unread(file, &e))
    }

    /// Refuses a file that is to be written and is there, is of the state folder, or lies where nothing can be written.
    pub fn can_write(&self, file: &Path) -> Result<(), Failure> {
        let probed = self.spare_state(file).and_then(|()| StagedFile::new(file, false, None).map(drop));
        probed.map_err(|e: WriteError| self.locale().write_failure(&e))
    }

    /// Refuses what is no value of a fact.
    pub fn can_be_noted(&self, def: &FactDef, typed: &str) -> Result<(), Failure> {
        self.fact_value(def, typed).map(drop)
    }
}

impl Session {
    /// Refuses what is no size of photos, and nothing at all where the notice names several and none was chosen before.
    pub fn can_print_in_size(&self, of: &PrintOf<'_>, size: &str) -> Result<(), Failure> {
        let (wanted, _) = self.wanted(of, Medium::Paper)?;
        let batch = if let PrintOf::Rows(batch, _) = of { *batch } else { None };
        self.printers(&wanted, batch, Some(size).filter(|size| !size.is_empty())).map(drop)
    }

    /// Refuses a folder of photos with which print data would not be written.
    pub fn can_print_with(&self, of: &PrintOf<'_>, photos: &Path) -> Result<(), Failure> {
        let office = self.office();
        let (folder, today) = (office.photo_folder(photos)?, of.day().map_or_else(|| office.today(), Ok)?);
        let (wanted, _) = self.wanted(of, Medium::Paper)?;
        let states: Vec<PhotoState> = wanted.iter().map(|one| photo_of((photos, &folder), one, today)).collect();
        office.must_have_good_photos(&wanted, &states)
    }
}
