//! Reserving numbers for a paper list, or a run received from outside.

use chrono::Datelike;

use super::super::error::Result;
use super::super::{Store, StoreError};
use super::certificates::{Inserter, NamedHolder, NewCertificate};
use super::{Runs, id_of, series, touch};
use crate::domain::code::compose;
use crate::domain::ledger::action::{Act, Action, ActionName, High, NumbersReserved, SeriesTerms};
use crate::domain::ledger::{Holder, Reservation, Run, SeriesKey, Status, TakeError, run_to_take};

impl Store {
    /// Reserves numbers, a certificate without a holder for each. Returns the run and the entry's place in the chain.
    ///
    /// A run that begins above the next number leaves a gap whose reason is the reservation's; one within a known gap fills
    /// it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the numbers are taken, too many, outside the series or of a year to come, or
    /// the prefix is retired.
    pub fn reserve(&self, wanted: &Reservation<'_>) -> Result<(Run, u64)> {
        let refused = |e: TakeError| StoreError::Refused(e);
        let profile = wanted.profile;
        let code = |serial| {
            compose(&profile.layout, wanted.prefix, wanted.year, wanted.level, serial)
                .map_err(|e| refused(TakeError::NotComposed(e)))
        };
        let key = SeriesKey::new(profile, wanted.prefix, wanted.year, wanted.level)
            .map_err(|e| refused(TakeError::NotComposed(e)))?;
        let year = wanted.on.year() / 100 * 100 + i32::from(wanted.year);
        if wanted.on.year() < year {
            return Err(refused(TakeError::YearAhead(year)));
        }
        self.take_numbers(
            |_| true,
            |tx| {
                let sql = |e: rusqlite::Error| self.error(&e);
                self.must_not_be_retired(tx, wanted.prefix)?;
                let (id, state) = self.series_to_take(tx, key, &profile.id, SeriesKey::range(profile))?;
                let gaps = series::gaps(tx, id).map_err(sql)?;
                let run @ (first, last) = run_to_take(&state, &gaps, wanted.wanted).map_err(refused)?;
                let after = NumbersReserved {
                    first,
                    last,
                    count: u64::from(last - first) + 1,
                    on: Some(wanted.on),
                    terms: vec![SeriesTerms::new(key, &profile.id, SeriesKey::range(profile))],
                };
                let action = Action::LedgerReserve(Act { object: key, before: High { high: state.high }, after });
                let entry = self.append(tx, &action, wanted.reason).map_err(sql)?;
                let serials: Vec<u32> = (first..=last).collect();
                // Every gap has its reason: without one the entry that made it is all there is to say.
                let reason = if wanted.reason.is_empty() { ActionName::LedgerReserve.key() } else { wanted.reason };
                series::take(tx, (id, &state), &serials, entry, reason).map_err(sql)?;
                let nobody = NamedHolder::new(Holder::default());
                let mut inserter = Inserter::new(tx).map_err(sql)?;
                for serial in serials {
                    let new = NewCertificate {
                        id: id_of(id, serial),
                        code: code(serial)?,
                        status: Status::Reserved,
                        on: wanted.on,
                        row: None,
                        taken: entry,
                        named: &nobody,
                    };
                    inserter.insert(&new).map_err(sql)?;
                }
                touch(tx, &Runs::from([(id, vec![run])]), entry, None, true).map_err(sql)?;
                Ok((run, entry))
            },
        )
    }
}
