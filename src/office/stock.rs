//! Blank certificates (空白证书): received, handed on, used, spoiled, destroyed, counted, compared and ordered.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::stock_demand::DemandPage;
use super::stock_keepers::spelled_as;
use super::{LedgerReader, Office, Session};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Action, BlanksMoved};
use crate::domain::ledger::case::{CaseId, CaseKind, CaseState, StoredCase};
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::stock::{
    AfterSpoiling, Balance, BlankKind, BlankNumber, BlankRun, BlankState, CountId, Difference, Passing, Printing,
    Standing, StockRefusal, TakenBack, typed_runs, union, without,
};
use crate::domain::profile::ReissueDocument;
use crate::domain::registry::typed_prefix;
use crate::domain::text;
use crate::failure::Failure;
use crate::locale::local_time;
use crate::store::{
    BlankAct, BlankFilter, BlankLife, BlankStep, BlanksDone, CountEnd, CountOrder, KeeperSpoilage, Printed, Stocktake,
    StoreError, StoreReader,
};
use crate::words::{BlankStepTold, StockTold};

/// So many characters a keeper, a place, a witness and the number of a record have at most.
const LONGEST: usize = 100;

/// How the blanks stand altogether.
#[derive(Debug, Clone, Default)]
pub struct StockPage {
    /// By kind and keeper.
    pub balances: Vec<(BlankKind, String, Balance)>,
    /// What was spoiled in the period.
    pub spoilage: Vec<KeeperSpoilage>,
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Above how many per cent it is too much, and the clause by which; nothing where nobody is warned.
    pub most_spoiled: Option<(u16, String)>,
    /// The stocktakes whose difference is not explained yet.
    pub open: Vec<Stocktake>,
    /// What is noted for this year and the next.
    pub demands: Vec<(i32, BlankKind, DemandPage)>,
}

/// Which blanks an act is about: numbers, or all that a keeper has in stock.
#[derive(Debug, Clone, Copy)]
pub enum WhichBlanks<'a> {
    Runs(&'a [BlankRun]),
    AllOf(&'a str),
    /// All that are spoiled and not destroyed.
    Spoiled,
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
        let demand = |(year, kind, page): &(i32, BlankKind, DemandPage)| {
            (*year, *kind, [page.passes, page.spoiled, page.stock, page.order])
        };
        let demands = self.demands.iter().map(demand).collect();
        StockTold {
            balances: self.balances.clone(),
            spoilage,
            period: self.period,
            most_spoiled: self.most_spoiled.clone(),
            open,
            demands,
        }
    }
}

impl BlankStep {
    /// Gives what of it is told in words.
    pub fn told(&self) -> BlankStepTold<'_> {
        let BlankStep { state, on, keeper, place, code, entry } = self;
        let moved = Action::of_entry(entry).and_then(|action| action.blanks().map(|(_, moved)| moved.clone()));
        let moved = moved.unwrap_or_else(|| BlanksMoved::new(*on, Vec::new()));
        let new = moved.moves.iter().find(|told| *state == BlankState::Spoiled && told.state == BlankState::Used);
        BlankStepTold {
            state: *state,
            // A correction is of the day on which it was noted, though the blanks stand so since before.
            on: if moved.moves.iter().any(|told| told.corrected) { moved.on } else { *on },
            keeper,
            place,
            code: *code,
            entry,
            when: local_time(&entry.time),
            instead: new.filter(|_| moved.case.is_some()).map(|told| told.run.first),
            witness: moved.witness,
            record: moved.record,
        }
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
        open.retain(Stocktake::is_open);
        let mut demands = Vec::new();
        let today = self.today()?;
        for year in [today.year(), today.year() + 1] {
            for kind in BlankKind::ALL {
                let page = self.demands(year, kind)?;
                demands.extend(Some((year, kind, page)).filter(|(.., page)| !page.noted.is_empty()));
            }
        }
        Ok(StockPage {
            balances: ledger.with(StoreReader::balances)?,
            spoilage: ledger.with(|reader| reader.spoilage(from, to))?,
            period: Some((from, to)),
            most_spoiled: self.most_spoiled()?,
            open,
            demands,
        })
    }

    /// Gives above how many spoiled blanks of a hundred it is told (GD-12): as the notice of an institution on record says, else as
    /// the settings do.
    fn most_spoiled(&self) -> Result<Option<(u16, String)>, Failure> {
        let registry = self.registry()?;
        let profiles = registry.institutions().filter(|one| one.retired.is_none());
        let profiles = profiles.filter_map(|one| self.catalogue().profile(&one.profile));
        let asked = profiles.map(|profile| &profile.blanks).find(|blanks| !blanks.spoilage_clause.is_empty());
        let most = asked.and_then(|blanks| blanks.most_spoiled).unwrap_or(self.settings().spoilage_warning);
        let clause = asked.map_or_else(String::new, |blanks| blanks.spoilage_clause.clone());
        Ok((most != 0).then_some((most, clause)))
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
        let keeper = keeper.map(|keeper| self.must_be_keeper(Some(kind), keeper)).transpose()?;
        // A folder that is mistyped is told before the file.
        self.ledger()?;
        let list = self.blank_list(file, kind)?;
        let states = if list.has_states { BlankState::ALL.to_vec() } else { vec![BlankState::Stock] };
        let compare = |state: BlankState| {
            let filter = BlankFilter { kind: Some(kind), keeper: keeper.clone(), states: vec![state], within: None };
            let held: Vec<BlankRun> = self.blanks(&filter)?.into_iter().map(|(_, piece, _)| piece.run).collect();
            let theirs: Vec<BlankRun> = list.of(state).collect();
            Ok(ComparedState { state, difference: Difference::between(&theirs, &union(&held).0) })
        };
        states.into_iter().map(compare).collect()
    }

    /// Finds an institution by its prefix as it was typed; without one the only one that is on record and not retired.
    pub(super) fn institution_or_only(&self, typed: Option<&str>) -> Result<String, Failure> {
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
        let (keeper, place) = (self.keeper(keeper)?, self.short(place)?);
        self.with(|store| store.receive_blanks(act, run, (&keeper, &place)))
    }

    /// Takes back what was noted by mistake: a receipt, or the part of it to which nothing has happened yet; or the last thing that
    /// was noted, after which the blanks stand as before.
    pub fn take_back_blanks(
        &self,
        act: &BlankAct<'_>,
        what: TakenBack,
        runs: &[BlankRun],
    ) -> Result<BlanksDone, Failure> {
        self.must_have_been(act.on)?;
        self.must_say_why(act.reason)?;
        self.with(|store| match what {
            TakenBack::Receipt => store.take_back_blanks(act, runs),
            _ => store.correct_blanks(act, what, runs),
        })
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
        let place = place.map(|place| self.short(place)).transpose()?;
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
        if let Printing::Case(id) = whom {
            self.must_need_paper(id)?;
        }
        self.with(|store| store.use_blanks(act, from, whom, spoiled))
    }

    /// Warns of blanks of another kind than the certificates that were printed on them ask for.
    pub fn other_blank_kind(&self, kind: BlankKind, printed: &Printed) -> Result<Option<String>, Failure> {
        let Some((_, code)) = printed.pairs.first() else { return Ok(None) };
        let Some(certificate) = self.with(|store| store.certificate(*code))? else { return Ok(None) };
        let state = self.with(|store| store.series_state(certificate.series))?;
        let profile = state.and_then(|state| self.office.catalogue().profile(&state.profile).cloned());
        Ok(profile.and_then(|profile| self.office.locale().other_blank_kind(kind, &profile)))
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

    /// Notes that spoiled blanks were destroyed before a witness, and in which record that is filed. Of all that are spoiled those
    /// are left out that nobody can have in hand: they are given with the case by which they were lost.
    pub fn destroy_blanks(
        &self,
        act: &BlankAct<'_>,
        which: WhichBlanks<'_>,
        (witness, record): (&str, &str),
    ) -> Result<(BlanksDone, Vec<(BlankRun, CaseId)>), Failure> {
        self.must_have_been(act.on)?;
        if witness.trim().is_empty() {
            return Err(self.office.usage("stock.no-witness", &[]));
        }
        let (witness, record) = (self.short(witness)?, self.short(record)?);
        let mut runs = self.which(act.kind, which)?;
        let mut away = Vec::new();
        if let (WhichBlanks::Spoiled, Some(ledger)) = (which, self.office.ledger()?) {
            away = ledger.with(|reader| reader.blanks_not_in_hand(act.kind))?;
            runs = without(&runs, &union(&away.iter().map(|(run, _)| *run).collect::<Vec<_>>()).0);
        }
        if runs.is_empty() {
            let locale = self.office.locale();
            return Err(Failure { hint: locale.blanks_away(&away), ..self.office.usage("stock.none-spoiled", &[]) });
        }
        Ok((self.with(|store| store.destroy_blanks(act, &runs, (&witness, &record)))?, away))
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
        let keeper = keeper.map(|keeper| self.known_keeper(act.kind, keeper)).transpose()?.unwrap_or_default();
        let institution = self.counted_institution(act.kind, &keeper, institution)?;
        let order = CountOrder { keeper: &keeper, institution: &institution, list };
        self.with(|store| store.count_blanks(act, &order))
    }

    /// Finds the institution whose half-yearly stocktake it is (GD-14): that which is named, or the only one whose notice asks for
    /// one. What one keeper has, and competition blanks, are none of it.
    fn counted_institution(&self, kind: BlankKind, keeper: &str, typed: Option<&str>) -> Result<String, Failure> {
        if typed.is_some() || !keeper.is_empty() || kind != BlankKind::Ordinary {
            return self.office.institution_or_only(typed);
        }
        let registry = self.office.registry()?;
        let mut asked = Vec::new();
        for one in registry.institutions().filter(|one| one.retired.is_none()) {
            let profile = self.office.profile(&one.profile)?;
            let counted = DatedEvent::Counted.key();
            if profile.deadlines.iter().any(|deadline| deadline.from == counted || deadline.until == counted) {
                asked.push(one.prefix.clone());
            }
        }
        match asked.as_slice() {
            [] => Ok(String::new()),
            [only] => Ok(only.clone()),
            several => Err(self.office.usage("stock.whose-count", &[("prefixes", &several.join(" "))])),
        }
    }

    /// Withdraws a stocktake that was wrong.
    pub fn withdraw_count(&self, id: CountId, on: NaiveDate, reason: &str) -> Result<(u64, BlanksMoved), Failure> {
        self.must_have_been(on)?;
        self.must_say_why(reason)?;
        self.with(|store| store.withdraw_count(id, on, reason))
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

    /// Refuses new paper for a case whose notice has a proof written in place of a certificate (GD-48).
    fn must_need_paper(&self, id: CaseId) -> Result<(), Failure> {
        let StoredCase { case, profile, .. } = self.case(id)?;
        let reissue = &self.office.profile(&profile)?.reissue;
        if case.kind() == CaseKind::Reissue && reissue.document != ReissueDocument::SameCode {
            return Err(self.office.told(&StoreError::Stock(StockRefusal::Proof(id, reissue.clause.clone()))));
        }
        Ok(())
    }

    /// Finds a keeper who ever had blanks of a kind, by the name as it was typed.
    fn known_keeper(&self, kind: BlankKind, typed: &str) -> Result<String, Failure> {
        let keeper = self.keeper(typed)?;
        self.office.must_be_keeper(Some(kind), &keeper)
    }

    fn which(&self, kind: BlankKind, which: WhichBlanks<'_>) -> Result<Vec<BlankRun>, Failure> {
        let (keeper, state) = match which {
            WhichBlanks::Runs(runs) => return Ok(runs.to_vec()),
            WhichBlanks::AllOf(keeper) => {
                let keepers = self.office.keepers(Some(kind))?;
                (Some(spelled_as(&keepers, keeper).unwrap_or(keeper).to_string()), BlankState::Stock)
            }
            WhichBlanks::Spoiled => (None, BlankState::Spoiled),
        };
        let filter = BlankFilter { kind: Some(kind), keeper: keeper.clone(), states: vec![state], within: None };
        let found: Vec<BlankRun> = self.office.blanks(&filter)?.into_iter().map(|(_, piece, _)| piece.run).collect();
        if found.is_empty() {
            let whose = keeper.unwrap_or_else(|| self.office.locale().blank_state(state).to_string());
            return Err(match which {
                WhichBlanks::Spoiled => self.office.usage("stock.none-spoiled", &[]),
                _ => {
                    self.office.must_be_keeper(Some(kind), &whose)?;
                    self.office.told(&StoreError::Stock(StockRefusal::NothingThere(whose)))
                }
            });
        }
        Ok(union(&found).0)
    }

    /// Reads a keeper's name: another spelling of one that is known is that keeper.
    fn keeper(&self, typed: &str) -> Result<String, Failure> {
        let keeper = self.short(&typed.nfkc().collect::<String>())?;
        if keeper.is_empty() {
            return Err(self.office.usage("stock.no-keeper", &[]));
        }
        let known = self.office.keepers(None)?;
        Ok(spelled_as(&known, &keeper).map_or(keeper, String::from))
    }

    /// Reads a name, a place or the number of a record: nobody's is longer.
    fn short(&self, typed: &str) -> Result<String, Failure> {
        let text = text::trimmed(typed);
        if text.chars().count() <= LONGEST {
            return Ok(text.into_owned());
        }
        Err(self.office.usage("stock.too-long", &[("most", &LONGEST.to_string())]))
    }

    pub(super) fn must_have_been(&self, on: NaiveDate) -> Result<(), Failure> {
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
