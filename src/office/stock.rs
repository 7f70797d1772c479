//! Blank certificates (空白证书): received, handed on, used, spoiled, destroyed, counted, compared and ordered.

use std::path::Path;

use chrono::{Datelike, NaiveDate};

use super::{LedgerReader, Office, Session};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::BlanksDemanded;
use crate::domain::ledger::case::{CaseId, CaseKind, CaseState, StoredCase};
use crate::domain::ledger::stock::{
    AfterSpoiling, Balance, BlankKind, BlankNumber, BlankRun, BlankState, CountId, Demand, DemandYear, Difference,
    Passing, Printing, Standing, StockRefusal, typed_runs, union,
};
use crate::domain::profile::ReissueDocument;
use crate::domain::registry::typed_prefix;
use crate::domain::text;
use crate::failure::Failure;
use crate::locale::local_time;
use crate::store::{
    BlankAct, BlankFilter, BlankLife, BlankStep, BlanksDone, CountEnd, CountOrder, KeeperSpoilage, NotedDemand,
    Printed, Stocktake, StoreError, StoreReader,
};
use crate::words::{BlankStepTold, StockTold};

/// How the blanks stand altogether.
#[derive(Debug, Clone, Default)]
pub struct StockPage {
    /// By kind and keeper.
    pub balances: Vec<(BlankKind, String, Balance)>,
    /// What was spoiled in the period.
    pub spoilage: Vec<KeeperSpoilage>,
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The stocktakes whose difference is not explained yet.
    pub open: Vec<Stocktake>,
}

/// Which blanks an act is about: numbers, or all that a keeper has in stock.
#[derive(Debug, Clone, Copy)]
pub enum WhichBlanks<'a> {
    Runs(&'a [BlankRun]),
    AllOf(&'a str),
    /// All that are spoiled and not destroyed.
    Spoiled,
}

/// What somebody asks for a year.
#[derive(Debug, Clone)]
pub struct DemandOrder {
    pub kind: BlankKind,
    pub year: i32,
    /// The institution as it was typed.
    pub institution: Option<String>,
    /// The passes that are expected, from the lowest level to the highest.
    pub estimates: [u32; 5],
    /// In per cent; that of the settings when not given.
    pub allowance: Option<u32>,
    /// The day whose stock counts; the end of the year before, or today where that is still to come, when not given.
    pub as_of: Option<NaiveDate>,
}

/// What a year needs, calculated.
#[derive(Debug, Clone)]
pub struct CalculatedDemand {
    pub order: DemandOrder,
    /// The institution's prefix; empty where there is none or several.
    pub institution: String,
    pub as_of: NaiveDate,
    pub demand: Demand,
}

/// How the blanks of a state differ from another system's.
#[derive(Debug, Clone)]
pub struct ComparedState {
    pub state: BlankState,
    pub difference: Difference,
}

impl StockPage {
    /// Gives what of it is told in words.
    pub fn told(&self) -> StockTold {
        let spoilage = self.spoilage.iter().map(|one| (one.kind, one.keeper.clone(), one.spoilage)).collect();
        let open = self.open.iter().map(|count| (count.id, count.told.clone())).collect();
        StockTold { balances: self.balances.clone(), spoilage, period: self.period, open }
    }
}

impl BlankStep {
    /// Gives what of it is told in words.
    pub fn told(&self) -> BlankStepTold<'_> {
        let BlankStep { on, keeper, place, code, entry, .. } = self;
        BlankStepTold { on: *on, keeper, place, code: *code, entry, when: local_time(&entry.time) }
    }
}

impl Office {
    /// Reads numbers as they were typed: single ones and ranges, several with blanks or commas between them.
    pub fn blank_runs(&self, typed: &[String]) -> Result<Vec<BlankRun>, Failure> {
        typed_runs(&typed.join(" ")).map_err(|refusal| self.told(&StoreError::Stock(refusal)))
    }

    /// Reads the number of one blank.
    pub fn blank_number(&self, typed: &str) -> Result<BlankNumber, Failure> {
        BlankNumber::read(typed).map_err(|refusal| self.told(&StoreError::Stock(refusal)))
    }

    /// Tells how the blanks stand, and what was spoiled in a period: this year up to today when none is given.
    pub fn stock_page(&self, period: (Option<NaiveDate>, Option<NaiveDate>)) -> Result<StockPage, Failure> {
        let Some(ledger) = self.ledger()? else { return Ok(StockPage::default()) };
        let to = self.or_today(period.1)?;
        let from = period.0.or_else(|| NaiveDate::from_ymd_opt(to.year(), 1, 1)).unwrap_or(to);
        if to < from {
            return Err(self.usage("stock.period", &[("from", &from.to_string()), ("to", &to.to_string())]));
        }
        let mut open = ledger.with(StoreReader::stocktakes)?;
        open.retain(|count| count.closed.is_none());
        Ok(StockPage {
            balances: ledger.with(StoreReader::balances)?,
            spoilage: ledger.with(|reader| reader.spoilage(from, to))?,
            period: Some((from, to)),
            open,
        })
    }

    /// Lists blanks in pieces.
    pub fn blanks(&self, filter: &BlankFilter) -> Result<Vec<(BlankKind, Standing, Option<CertCode>)>, Failure> {
        let Some(ledger) = self.ledger()? else { return Ok(Vec::new()) };
        let found = ledger.with(|reader| reader.blanks(filter))?;
        let with_code = |(kind, piece): (BlankKind, Standing)| {
            let code = match piece.state {
                BlankState::Used => ledger.with(|reader| reader.first_certificate(kind, &piece))?,
                _ => None,
            };
            Ok((kind, piece, code))
        };
        found.into_iter().map(with_code).collect()
    }

    /// Tells where a blank is and was, of each kind that has its number.
    ///
    /// # Errors
    /// None was ever received under it.
    pub fn blank_lives(&self, number: BlankNumber) -> Result<Vec<BlankLife>, Failure> {
        let found = match self.ledger()? {
            Some(ledger) => ledger.with(|reader| reader.blank_lives(number))?,
            None => Vec::new(),
        };
        if found.is_empty() {
            Err(self.told(&StoreError::Stock(StockRefusal::NeverReceived(number))))
        } else {
            Ok(found)
        }
    }

    /// Compares the blanks with another system's balance file (GD-10, GD-15): state by state where the file tells states, else
    /// what is in stock.
    pub fn compare_blanks(
        &self,
        kind: BlankKind,
        keeper: Option<&str>,
        file: &Path,
    ) -> Result<Vec<ComparedState>, Failure> {
        // A folder that is mistyped is told before the file.
        self.ledger()?;
        let list = self.blank_list(file, kind)?;
        let states = if list.has_states { BlankState::ALL.to_vec() } else { vec![BlankState::Stock] };
        let compare = |state: BlankState| {
            let filter =
                BlankFilter { kind: Some(kind), keeper: keeper.map(String::from), states: vec![state], within: None };
            let held: Vec<BlankRun> = self.blanks(&filter)?.into_iter().map(|(_, piece, _)| piece.run).collect();
            let theirs: Vec<BlankRun> = list.of(state).collect();
            Ok(ComparedState { state, difference: Difference::between(&theirs, &union(&held).0) })
        };
        states.into_iter().map(compare).collect()
    }

    /// Calculates what a year needs (GD-03).
    pub fn demand(&self, order: DemandOrder) -> Result<CalculatedDemand, Failure> {
        let today = self.today()?;
        let year_end = NaiveDate::from_ymd_opt(order.year - 1, 12, 31).unwrap_or(today);
        let as_of = order.as_of.unwrap_or(year_end.min(today));
        let institution = self.institution_or_only(order.institution.as_deref())?;
        let stock = match self.ledger()? {
            Some(ledger) => ledger.with(|reader| reader.stock_on(order.kind, as_of))?,
            None => 0,
        };
        let allowance = order.allowance.unwrap_or(self.settings().blank_allowance.into());
        let demand = Demand { estimates: order.estimates, stock, allowance };
        Ok(CalculatedDemand { order, institution, as_of, demand })
    }

    /// Lists what each institution needs in a year (GD-67).
    pub fn demands(&self, year: i32) -> Result<Vec<NotedDemand>, Failure> {
        self.ledger()?.map_or_else(|| Ok(Vec::new()), |ledger| ledger.with(|reader| reader.demands(year)))
    }

    /// Finds an institution by its prefix as it was typed; without one the only one that is on record and not retired.
    fn institution_or_only(&self, typed: Option<&str>) -> Result<String, Failure> {
        let registry = self.registry()?;
        match typed.map(typed_prefix) {
            Some(prefix) if registry.get(&prefix).is_some() => Ok(prefix),
            Some(prefix) => Err(self.unknown_institution(&prefix, &registry)),
            None => {
                let mut all = registry.institutions().filter(|one| one.retired.is_none());
                let only = all.next().filter(|_| all.next().is_none());
                Ok(only.map(|one| one.prefix.clone()).unwrap_or_default())
            }
        }
    }
}

impl LedgerReader {
    /// Gives the blank that a certificate is printed on.
    pub fn blank_of(&self, code: CertCode) -> Result<Option<(BlankKind, BlankNumber)>, Failure> {
        self.with(|reader| reader.blank_of(code))
    }
}

impl Session {
    /// Receives blanks from outside, for a keeper and a place.
    pub fn receive_blanks(
        &self,
        act: &BlankAct<'_>,
        run: BlankRun,
        (keeper, place): (&str, &str),
    ) -> Result<BlanksDone, Failure> {
        self.must_have_been(act.on)?;
        let (keeper, place) = (self.keeper(keeper)?, text::trimmed(place).into_owned());
        self.with(|store| store.receive_blanks(act, run, (&keeper, &place)))
    }

    /// Hands blanks to another keeper or place.
    pub fn pass_blanks(
        &self,
        act: &BlankAct<'_>,
        way: Passing,
        which: WhichBlanks<'_>,
        (to, place): (Option<&str>, Option<&str>),
    ) -> Result<BlanksDone, Failure> {
        self.must_have_been(act.on)?;
        let runs = self.which(act.kind, which)?;
        let to = to.map(|to| self.keeper(to)).transpose()?;
        let place = place.map(|place| text::trimmed(place).into_owned());
        self.with(|store| store.pass_blanks(act, way, &runs, (to.as_deref(), place.as_deref())))
    }

    /// Uses blanks for certificates, from a number on.
    pub fn use_blanks(
        &self,
        act: &BlankAct<'_>,
        from: BlankNumber,
        whom: Printing,
        spoiled: &[BlankRun],
    ) -> Result<Printed, Failure> {
        self.must_have_been(act.on)?;
        if !spoiled.is_empty() {
            self.must_say_why(act.reason)?;
        }
        self.with(|store| store.use_blanks(act, from, whom, spoiled))
    }

    /// Notes that blanks are spoiled, and why.
    pub fn spoil_blanks(
        &self,
        act: &BlankAct<'_>,
        runs: &[BlankRun],
        after: AfterSpoiling,
    ) -> Result<BlanksDone, Failure> {
        self.must_have_been(act.on)?;
        self.must_say_why(act.reason)?;
        self.with(|store| store.spoil_blanks(act, runs, after))
    }

    /// Notes that spoiled blanks were destroyed before a witness, and in which record that is filed.
    pub fn destroy_blanks(
        &self,
        act: &BlankAct<'_>,
        which: WhichBlanks<'_>,
        (witness, record): (&str, &str),
    ) -> Result<BlanksDone, Failure> {
        self.must_have_been(act.on)?;
        if witness.trim().is_empty() {
            return Err(self.office.usage("stock.no-witness", &[]));
        }
        let runs = self.which(act.kind, which)?;
        self.with(|store| store.destroy_blanks(act, &runs, (witness.trim(), record.trim())))
    }

    /// Notes a stocktake; one without a difference is closed at once. Nobody named as the keeper means everybody's blanks.
    pub fn count_blanks(
        &self,
        act: &BlankAct<'_>,
        keeper: Option<&str>,
        institution: Option<&str>,
        list: &[BlankRun],
    ) -> Result<Stocktake, Failure> {
        self.must_have_been(act.on)?;
        let institution = self.office.institution_or_only(institution)?;
        let keeper = keeper.map(|keeper| text::trimmed(keeper).into_owned()).unwrap_or_default();
        let order = CountOrder { keeper: &keeper, institution: &institution, list };
        let id = self.with(|store| store.count_blanks(act, &order))?;
        self.stocktake(id)
    }

    /// Closes a stocktake once its difference is explained: what is still missing is lost.
    pub fn close_count(&self, id: CountId, on: NaiveDate, reason: &str) -> Result<CountEnd, Failure> {
        self.must_have_been(on)?;
        self.must_say_why(reason)?;
        self.with(|store| store.close_count(id, on, reason))
    }

    /// Gives a stocktake.
    pub fn stocktake(&self, id: CountId) -> Result<Stocktake, Failure> {
        self.with(|store| store.stocktake(id))
    }

    /// Notes what a year needs, and the day it was ordered, where it was.
    pub fn note_demand(
        &self,
        calculated: &CalculatedDemand,
        ordered: Option<NaiveDate>,
        reason: &str,
    ) -> Result<u64, Failure> {
        let CalculatedDemand { order, institution, as_of, demand } = calculated;
        if let Some(day) = ordered {
            self.must_have_been(day)?;
            if institution.is_empty() {
                return Err(self.office.usage("stock.which-institution", &[]));
            }
        }
        let demanded = BlanksDemanded {
            kind: order.kind,
            institution: institution.clone(),
            estimates: demand.estimates,
            stock: demand.stock,
            stock_on: *as_of,
            allowance: demand.allowance,
            order: demand.order(),
        };
        self.with(|store| store.demand_blanks(DemandYear(order.year), &demanded, ordered, reason))
    }

    /// Tells on which blank the old paper of a case is, where new paper is due: something was corrected or reissued, and nothing
    /// is printed for it yet (GD-53, BJ-36). Nothing where the paper never was on a blank that is known here, and where the notice
    /// has a proof written in place of a certificate (GD-48).
    pub fn blank_to_replace(&self, id: CaseId) -> Result<Option<BlankNumber>, Failure> {
        let StoredCase { case, profile, .. } = self.case(id)?;
        let is_agreed = matches!(case.state, CaseState::Approved | CaseState::Closed);
        let needs_paper = match case.kind() {
            CaseKind::Correct => true,
            CaseKind::Reissue => self.office.profile(&profile)?.reissue.document == ReissueDocument::SameCode,
            CaseKind::Revoke => false,
        };
        if !is_agreed || !needs_paper {
            return Ok(None);
        }
        self.with(|store| store.blank_to_replace(id))
    }

    fn which(&self, kind: BlankKind, which: WhichBlanks<'_>) -> Result<Vec<BlankRun>, Failure> {
        let (keeper, state) = match which {
            WhichBlanks::Runs(runs) => return Ok(runs.to_vec()),
            WhichBlanks::AllOf(keeper) => (Some(keeper.to_string()), BlankState::Stock),
            WhichBlanks::Spoiled => (None, BlankState::Spoiled),
        };
        let filter = BlankFilter { kind: Some(kind), keeper: keeper.clone(), states: vec![state], within: None };
        let found: Vec<BlankRun> = self.office.blanks(&filter)?.into_iter().map(|(_, piece, _)| piece.run).collect();
        if found.is_empty() {
            let whose = keeper.unwrap_or_else(|| self.office.locale().blank_state(state).to_string());
            return Err(self.office.told(&StoreError::Stock(StockRefusal::NothingThere(whose))));
        }
        Ok(union(&found).0)
    }

    fn keeper(&self, typed: &str) -> Result<String, Failure> {
        let keeper = text::trimmed(typed).into_owned();
        if keeper.is_empty() { Err(self.office.usage("stock.no-keeper", &[])) } else { Ok(keeper) }
    }

    fn must_have_been(&self, on: NaiveDate) -> Result<(), Failure> {
        if on <= self.office.today()? {
            return Ok(());
        }
        Err(self.office.usage("ledger.future", &[("day", &on.to_string())]))
    }

    fn must_say_why(&self, reason: &str) -> Result<(), Failure> {
        if reason.trim().is_empty() { Err(self.office.usage("cli.blank-reason", &[])) } else { Ok(()) }
    }
}

/// Names the file of a list for a person.
pub(super) fn named(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    text::visible(&name).into_owned()
}
