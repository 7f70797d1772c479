//! The front page (今天): how the open batches stand, which numbers are left, what waits, and how old the last backup is.

use chrono::Datelike;

use super::{BatchHolder, DueList, Office, Unsaved, WantedDue, WorkedBatch, batch_list};
use crate::domain::ledger::case::CaseFilter;
use crate::domain::ledger::{BatchId, SeriesState};
use crate::failure::Failure;
use crate::store::{Store, StoreError};

/// No screen has room for more batches; what became of one is looked for in all that was done to it.
const MOST: usize = 50;

/// What is to be known before the work begins.
#[derive(Debug, Default)]
pub struct FrontPage {
    /// What is due, the worst first.
    pub due: Option<DueList>,
    /// The batches that are not archived, with who else holds each; the one that was worked on last stands first.
    pub batches: Vec<(WorkedBatch, Option<BatchHolder>)>,
    /// How many more there are that were worked on before these.
    pub others: usize,
    /// The one that this user had in hand last.
    pub latest: Option<BatchId>,
    /// The series of this year, and those that run over several, each with its institution's name.
    pub series: Vec<(SeriesState, String)>,
    /// How many cases are neither closed nor refused.
    pub cases: usize,
    /// How many entries of the share register have expired or lack something.
    pub shares: usize,
    /// Since when nothing has been backed up, and whether that is too long.
    pub unsaved: Option<(Unsaved, bool)>,
}

impl Office {
    /// Gives the front page over a connection of its own; nothing where there is no store, or nothing in it to go on with.
    pub fn front_page(&self) -> Result<Option<FrontPage>, Failure> {
        let found = self.places().and_then(|places| Store::look(&places, self.signature()));
        let Some(store) = found.map_err(|e| self.told(&e))? else { return Ok(None) };
        // Every certificate is counted for it: that takes as long as all the rest. A store of before there were events has none.
        let (page, due) = std::thread::scope(|scope| {
            let due = scope.spawn(|| self.due(&WantedDue::default()).ok());
            (self.page_of(&store), due.join().ok().flatten())
        });
        let page = page.map(|page| FrontPage { due, ..page }).map_err(|e| self.told(&e))?;
        Ok(Some(page).filter(|page| !page.batches.is_empty() || !page.series.is_empty() || page.cases != 0))
    }

    fn page_of(&self, store: &Store) -> Result<FrontPage, StoreError> {
        let held = |one: WorkedBatch| store.holder(one.0.id).map(|by| (one, by.filter(|by| !by.is_own())));
        let (batches, others) = batch_list::worked_last(self, store, MOST)?;
        let batches = batches.into_iter().map(held).collect::<Result<Vec<_>, _>>()?;
        let year = self.today().ok().map(|day| day.year() % 100);
        // A store of before there was a ledger has none of it, and what is damaged is told where it is opened.
        let registry = store.registry().unwrap_or_default();
        let is_of_today = |state: &SeriesState| {
            let profile = self.catalogue().profile(&state.profile);
            profile
                .and_then(|profile| state.key.year(profile))
                .is_none_or(|of| year.is_none_or(|year| i32::from(of) == year))
        };
        let series = store.series("").unwrap_or_default().into_iter().filter(is_of_today);
        let named = |state: SeriesState| {
            let name = self.institution_of(&registry, &state);
            (state, name)
        };
        let days = self.settings().backup_days;
        let is_old = |unsaved: &Unsaved| days != 0 && i64::from(days) <= unsaved.days;
        Ok(FrontPage {
            due: None,
            latest: store.latest_batch()?.map(|batch| batch.id),
            cases: store.cases(&CaseFilter { live: true, ..CaseFilter::default() }).unwrap_or_default().len(),
            shares: self.shares_waiting(store),
            unsaved: store.unsaved().ok().flatten().map(|unsaved| (unsaved.clone(), is_old(&unsaved))),
            series: series.map(named).collect(),
            batches,
            others,
        })
    }
}
