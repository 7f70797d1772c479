//! Numbers (编号): how far the series are used; planning, taking and reserving numbers.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::{Office, Session};
use crate::domain::batch::{Batch, all_asked};
use crate::domain::code::{CertCode, compose, decode};
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::ledger::stock::{BlankKind, BlankRun, BlankStart, BlankState};
use crate::domain::ledger::{BatchId, Gap, Reservation, Run, SeriesKey, SeriesState, TakeError, WantedNumbers};
use crate::domain::level::Level;
use crate::domain::numbering;
use crate::domain::profile::Profile;
use crate::domain::roster::Change;
use crate::domain::rules::Tables;
use crate::failure::{Failure, FailureKind};
use crate::store::{Allocation, BlankAct, BlankFilter, Store, StoreError, StoreReader};

/// How often a new plan is made when others take numbers of the same series meanwhile and nobody has been asked yet.
const PLANS: usize = 50;

/// A series from which numbers can be taken, as it stands or would begin.
#[derive(Debug, Clone)]
pub struct NumberSeries {
    pub profile: Arc<Profile>,
    pub prefix: String,
    /// The last two digits of the year.
    pub year: u8,
    pub level: Level,
    pub state: SeriesState,
}

impl NumberSeries {
    /// Gives the next number; nothing when the series is full.
    pub fn next_code(&self) -> Option<CertCode> {
        compose(&self.profile.layout, &self.prefix, self.year, self.level, self.state.next()?).ok()
    }
}

/// Which numbers the rows of a batch are to have.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumberOrder<'a> {
    pub wish: PlanWish,
    /// The institution's prefix where it is given.
    pub prefix: Option<&'a str>,
}

/// Why the numbers of a plan were not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// Others took numbers of the series meanwhile: a new plan is due.
    Moved(Failure),
    Failed(Failure),
}

impl Session {
    /// Lists the series whose prefix begins in a way, by key.
    pub fn series(&self, prefix: &str) -> Result<Vec<SeriesState>, Failure> {
        self.with(|store| store.series(prefix))
    }

    /// Lists the numbers of a series of which nothing is known but why.
    pub fn gaps(&self, key: SeriesKey) -> Result<Vec<Gap>, Failure> {
        self.with(|store| store.gaps(key))
    }

    /// Finds the series of a prefix, year and level, under the profile that is given, else the one its series have, else the
    /// one under which its codes read best.
    ///
    /// # Errors
    /// A retired prefix (BJ-50), one that does not read under the profile, a series that was begun under other rules.
    pub fn find_series(
        &self,
        prefix: &str,
        year: u8,
        level: Level,
        profile: Option<&str>,
    ) -> Result<NumberSeries, Failure> {
        let office = &self.office;
        let refused = |refusal| office.told(&StoreError::Refused(refusal));

        let registry = self.registry()?;
        if registry.get(prefix).is_some_and(|institution| institution.retired.is_some()) {
            return Err(refused(TakeError::Retired(prefix.to_string())));
        }
        let tables = office.tables(registry);
        let profile = match profile {
            Some(id) => office.profile(id)?,
            None => {
                let catalogue = office.catalogue();
                let known = self.series(prefix)?.into_iter().find_map(|s| catalogue.profile(&s.profile).cloned());
                known
                    .or_else(|| office.guessed(prefix, year, level, &tables))
                    .ok_or_else(|| office.usage("ledger.no-profile", &[("prefix", prefix)]))?
            }
        };
        if !reads(&profile, prefix, year, level, &tables) {
            return Err(office.usage("ledger.prefix-unread", &[("prefix", prefix), ("id", &profile.id)]));
        }
        let key = SeriesKey::new(&profile, prefix, year, level).map_err(|e| refused(e.into()))?;
        let state = self.with(|store| store.series_state(key))?.unwrap_or_else(|| SeriesState::unused(&profile, key));
        if !state.is_counted_by(&profile) {
            return Err(refused(TakeError::OtherProfile(state.profile, state.first, state.last)));
        }
        Ok(NumberSeries { profile, prefix: prefix.to_string(), year, level, state })
    }

    /// Gives a series by its key; a year or level that is not the series' own is given with it. Nothing where there is no such
    /// series, its profile is gone, or year or level is lacking.
    pub fn series_of(
        &self,
        key: SeriesKey,
        year: Option<u8>,
        level: Option<Level>,
    ) -> Result<Option<NumberSeries>, Failure> {
        let Some(state) = self.with(|store| store.series_state(key))? else { return Ok(None) };
        let Some(profile) = self.office.catalogue().profile(&state.profile).cloned() else { return Ok(None) };
        let (year, level) = (key.year(&profile).or(year), key.level(&profile).or(level));
        let (Some(year), Some(level)) = (year, level) else { return Ok(None) };
        Ok(Some(NumberSeries { profile, prefix: key.prefix().to_string(), year, level, state }))
    }

    /// Reserves numbers of a series for a paper list, or a run received from outside; gives them, and the place of the entry.
    pub fn reserve(
        &self,
        series: &NumberSeries,
        wanted: WantedNumbers,
        on: NaiveDate,
        reason: &str,
    ) -> Result<(Run, u64), Failure> {
        let NumberSeries { profile, prefix, year, level, .. } = series;
        let reservation = Reservation { profile, prefix, year: *year, level: *level, wanted, on, reason };
        self.with(|store| store.reserve(&reservation))
    }

    /// Tells why no number of a series can be reserved, whichever and for whatever it would be.
    pub fn may_reserve(&self, key: SeriesKey) -> Result<(), Failure> {
        self.may_take_numbers()?;
        let today = self.office.today()?;
        // What the series leaves open is asked for; any of it will do here.
        let year = u8::try_from(today.year() % 100).ok();
        let Some(series) = self.series_of(key, year, Level::new(1))? else {
            return Err(Failure::new(FailureKind::Rule, self.office.locale().text("status.ledger-cannot"), ""));
        };
        self.tried(|session| session.reserve(&series, WantedNumbers::Next(1), today, "")).map(drop)
    }

    /// Tells why no number may be taken now, such as after an old copy of the store was put back.
    pub fn may_take_numbers(&self) -> Result<(), Failure> {
        self.with(Store::may_take_numbers)
    }

    /// Plans numbers for the rows of a batch that have none, and blanks where that is wanted. Nothing is taken.
    pub fn plan(&self, batch: &Batch, wish: &NumberOrder<'_>) -> Result<Plan, Failure> {
        self.office.is_settled(batch)?;
        let plan = self.with(|store| store.plan(batch, wish.wish, wish.prefix))?;
        let blank_runs = self.planned_blanks(&plan, batch.context().today())?;
        let next_blank = if plan.rows.is_empty() { None } else { self.next_blank(batch.context().profile())? };
        Ok(Plan { blank_runs, next_blank, ..plan })
    }

    /// Gives the next blank in stock of the kind that the profile's certificates are printed on; none where several keepers have some,
    /// for only whoever prints knows whose they are.
    fn next_blank(&self, profile: &Profile) -> Result<Option<BlankStart>, Failure> {
        let (kind, Some(ledger)) = (BlankKind::of(profile), self.office.ledger()?) else { return Ok(None) };
        let balances = ledger.with(StoreReader::balances)?.into_iter();
        let mut keepers =
            balances.filter(|(of, _, balance)| *of == kind && balance.stock != 0).map(|(_, keeper, _)| keeper);
        let (Some(keeper), None) = (keepers.next(), keepers.next()) else { return Ok(None) };
        let states = vec![BlankState::Stock];
        let filter = BlankFilter { kind: Some(kind), keeper: Some(keeper), states, within: None };
        let pieces = ledger.with(|reader| reader.blanks(&filter))?;
        Ok(pieces.first().map(|(kind, piece)| BlankStart { kind: *kind, from: piece.run.first }))
    }

    /// Tells on which blanks the certificates of a plan would be printed; none where it begins at none.
    ///
    /// # Errors
    /// The first one cannot be used, or whoever keeps it has too few.
    fn planned_blanks(&self, plan: &Plan, on: NaiveDate) -> Result<Vec<BlankRun>, Failure> {
        let Some(start) = plan.blanks else { return Ok(Vec::new()) };
        let act = BlankAct { kind: start.kind, on, reason: "" };
        self.with(|store| store.blanks_ahead(&act, start.from, &plan.numbers()))
    }

    /// As [`Session::plan`], once the rows are compared with the ledger as it is now: others may have given numbers to the
    /// same people meanwhile.
    pub fn plan_afresh(
        &self,
        (id, batch): (Option<BatchId>, &mut Batch),
        wish: &NumberOrder<'_>,
    ) -> Result<Plan, Failure> {
        let roster = batch.roster();
        let known = self.office.known(id, || all_asked(roster))?;
        batch.renew_known(Arc::new(known));
        self.plan(batch, wish)
    }

    /// Takes the numbers of a plan and records them in the rows of the batch, both or neither; gives the place of the entry.
    /// `change` is what they change in the rows; making it is left to whoever holds the batch.
    pub fn take_numbers(
        &self,
        id: BatchId,
        batch: &Batch,
        (plan, change): (&Plan, &Change),
        reason: &str,
    ) -> Result<u64, NotTaken> {
        let holder = |planned: &_| numbering::planned_holder(batch, planned);
        let allocation = Allocation { plan, change, holder: &holder, on: batch.context().today(), reason };
        self.try_with(|store| store.allocate(id, &allocation)).map_err(|error| {
            let failure = self.office.told(&error);
            match error {
                StoreError::LedgerMoved(_) => NotTaken::Moved(failure),
                _ => NotTaken::Failed(failure),
            }
        })
    }

    /// Takes the numbers of a plan, or of the next one where others were faster, and makes the change in the batch; gives the
    /// plan they were taken by and the place of the entry.
    pub(super) fn take_planned(
        &self,
        id: BatchId,
        batch: &mut Batch,
        mut plan: Plan,
        wish: &NumberOrder<'_>,
        reason: &str,
    ) -> Result<(Plan, u64), Failure> {
        let mut tried = 0;
        loop {
            let title = self.office.locale().numbering_title(batch, &plan);
            let change = numbering::change(batch, &plan, &title);
            let taken = self.take_numbers(id, batch, (&plan, &change), reason);
            tried += 1;
            match taken {
                Ok(entry) => {
                    batch.apply(change);
                    return Ok((plan, entry));
                }
                Err(NotTaken::Moved(_)) if tried < PLANS => plan = self.plan_afresh((Some(id), batch), wish)?,
                Err(NotTaken::Moved(failure) | NotTaken::Failed(failure)) => return Err(failure),
            }
        }
    }
}

impl Office {
    /// Guesses the profile whose fixed segments say most about a prefix; nothing when no code of it would read anywhere.
    fn guessed(&self, prefix: &str, year: u8, level: Level, tables: &Tables) -> Option<Arc<Profile>> {
        let fixed = |p: &Profile| {
            let code = compose(&p.layout, prefix, year, level, SeriesKey::range(p).0).ok()?;
            p.claims(code.as_str())
        };
        let all = self.catalogue().profiles.iter().filter(|p| reads(p, prefix, year, level, tables));
        all.max_by_key(|p| fixed(p)).cloned()
    }
}

/// Tells whether the first code of a series reads under a profile.
fn reads(profile: &Profile, prefix: &str, year: u8, level: Level, tables: &Tables) -> bool {
    let first = SeriesKey::range(profile).0;
    let regions = |table: &str, code: &str| tables.regions.name(table, code);
    compose(&profile.layout, prefix, year, level, first)
        .is_ok_and(|code| decode(&profile.layout, code.as_str(), &regions).complete())
}
