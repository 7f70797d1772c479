//! How far an act would reach (不能收回的事), of which day it would be, and acts that are only tried.

use std::collections::BTreeMap;

use chrono::{DateTime, Local, NaiveDate};

use super::{NumberSeries, Session};
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::reach::{DayJump, Reach, RetiredPrefix};
use crate::domain::ledger::{Selection, Status, WantedNumbers, run_to_take};
use crate::domain::registry::InstitutionEvent;
use crate::failure::Failure;
use crate::store::{Store, StoreError};

impl Session {
    /// Tells which numbers [`Session::reserve`] would take, and how many it would pass over.
    pub fn reach_of_reserve(&self, series: &NumberSeries, wanted: WantedNumbers) -> Result<Reach, Failure> {
        let state = &series.state;
        let gaps = self.gaps(state.key)?;
        let run = run_to_take(state, &gaps, wanted).map_err(|e| self.office.told(&StoreError::Refused(e)))?;
        let passed_over = run.0.saturating_sub(state.high.max(state.first.saturating_sub(1)) + 1);
        Ok(Reach::Reserved { series: state.key, run, passed_over })
    }

    /// Tells which certificates [`Session::mark`] would give a status: of a batch those that may take it, else all or none.
    pub fn reach_of_mark(&self, selection: &Selection, status: Status) -> Result<Reach, Failure> {
        let mut numbers: BTreeMap<Status, u32> = BTreeMap::new();
        for now in self.with(|store| store.statuses_of(selection))? {
            *numbers.entry(now).or_default() += 1;
        }
        let all = numbers.len();
        numbers.retain(|now, _| now.may_become(status));
        if numbers.len() < all && !matches!(selection, Selection::Batch(_)) {
            numbers.clear();
        }
        Ok(Reach::Marked { status, numbers })
    }

    /// Tells which prefixes an event would retire.
    pub fn reach_of_event(&self, event: &InstitutionEvent) -> Result<Reach, Failure> {
        let retired: Vec<&str> = match event {
            InstitutionEvent::Merge { of, .. } | InstitutionEvent::Absorb { of, .. } => {
                of.iter().map(String::as_str).collect()
            }
            InstitutionEvent::Cancel { prefix, .. } => vec![prefix],
            InstitutionEvent::Add(_) | InstitutionEvent::Change { .. } | InstitutionEvent::Scope { .. } => Vec::new(),
        };
        let registry = self.registry()?;
        let mut prefixes = Vec::new();
        for institution in retired.into_iter().filter_map(|prefix| registry.get(prefix)) {
            let prefix = institution.prefix.clone();
            let used = self.series(&prefix)?.iter().map(|series| series.used).sum();
            prefixes.push(RetiredPrefix { prefix, name: institution.name().to_string(), used });
        }
        Ok(Reach::Retired(prefixes))
    }

    /// Tells on what a case would take effect.
    pub fn reach_of_close(&self, id: CaseId) -> Result<Reach, Failure> {
        let case = self.case(id)?.case;
        Ok(Reach::Closed { id, kind: case.kind(), code: case.code })
    }

    /// Tells whether a day that numbers are to be of may be wrong: one that was named and is to come, or the clock's where it
    /// is another than what else tells the time, or has gone far on since the last entry.
    pub fn day_jump(&self, on: NaiveDate) -> Result<Option<DayJump>, Failure> {
        let today = self.office.today()?;
        if today.succ_opt().is_some_and(|tomorrow| tomorrow < on) {
            return Ok(Some(DayJump::Named { on, today }));
        }
        let day = |time: &str| DateTime::parse_from_rfc3339(time).ok().map(|t| t.with_timezone(&Local).date_naive());
        let local = |at: i64| DateTime::from_timestamp(at, 0).map(|t| t.with_timezone(&Local).date_naive());
        if let Some((told, now)) = self.with(Store::clock_doubt)?
            && let (Some(told), Some(today)) = (local(told), local(now))
        {
            return Ok(Some(DayJump::Doubted { today, told }));
        }
        let jump = self.with(Store::clock_jump)?;
        let days = jump.and_then(|(last, now)| day(&last).zip(day(&now)));
        Ok(days.map(|(last, today)| DayJump::Clock { today, last }))
    }

    /// Has an act done that is only tried: it is refused as it would be, and nothing of it is kept.
    pub fn tried<T>(&self, act: impl FnOnce(&Session) -> T) -> T {
        self.store.tried(|_| act(self))
    }
}
