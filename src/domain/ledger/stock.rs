//! Blank certificates (空白证书): numbered sheets from outside, of which each one's way is known to its end.
//!
//! Numbers are received, never made. What happens to blanks is a list of [`BlankMove`]s, each of a run of them; [`Stock`] follows
//! it. [`crate::store`] keeps the same list, in which no blank can have two ways on.

mod list;
mod number;
mod refusal;
mod replay;

use std::fmt;
use std::ops::AddAssign;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::CaseId;
use super::{BatchId, SeriesKey};
use crate::domain::code::CertCode;
use crate::domain::profile::Profile;
use crate::domain::vocabulary::vocabulary;

pub use list::{Difference, common, count, union, without};
pub use number::{BLANK_DIGITS, BlankNumber, BlankRun, runs_of_numbers, typed_runs};
pub use refusal::StockRefusal;
pub use replay::{KeptMove, Piece, Stock};

vocabulary! {
    /// The kinds of blanks; each has numbers of its own.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
    pub enum BlankKind {
        /// 职业技能等级证书
        #[default]
        Ordinary = "ordinary",
        /// 竞赛证书 (SC-13)
        Competition = "competition",
    }
}

impl BlankKind {
    /// Gives the kind that the certificates of a profile are printed on (SC-13).
    pub fn of(profile: &Profile) -> BlankKind {
        if profile.competition_blanks.is_empty() { BlankKind::Ordinary } else { BlankKind::Competition }
    }
}

vocabulary! {
    /// How a blank stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum BlankState {
        /// A keeper has it, and nothing is printed on it.
        Stock = "stock",
        /// A certificate is printed on it.
        Used = "used",
        /// It is good for nothing and waits to be destroyed.
        Spoiled = "spoiled",
        Destroyed = "destroyed",
        /// It was missing at a stocktake.
        Lost = "lost",
    }
}

vocabulary! {
    /// The ways on which a blank goes from keeper to keeper.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Passing {
        /// Out of the store to whoever prints (申领).
        Draw = "draw",
        /// To another keeper, for good (移交).
        HandOver = "hand-over",
        /// What was drawn and not used goes back (退回).
        Return = "return",
    }
}

vocabulary! {
    /// What becomes of the certificates that spoiled blanks were laid beside.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub enum AfterSpoiling {
        /// They have none for now.
        #[default]
        Nothing = "nothing",
        /// Each gets the next blank that is free behind; the others keep theirs.
        Again = "again",
        /// Each gets the next blank, and the certificates of the batch behind it move on by one.
        Shift = "shift",
    }
}

vocabulary! {
    /// What is taken back of blanks, where it was noted by mistake.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub enum TakenBack {
        /// They never came.
        #[default]
        Receipt = "receive",
        Use = "use",
        Spoilage = "spoil",
        Destruction = "destroy",
    }
}

impl TakenBack {
    /// Gives the name under which the audit chain has what is taken back.
    pub fn action(self) -> &'static str {
        match self {
            TakenBack::Receipt => "stock.receive",
            TakenBack::Use => "stock.use",
            TakenBack::Spoilage => "stock.spoil",
            TakenBack::Destruction => "stock.destroy",
        }
    }
}

/// For whom blanks are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    Certificate(CertCode),
    /// Every certificate of a batch that has none yet, in the order of the rows.
    Batch(BatchId),
    /// The certificate of a case, on new paper; the old one is spoiled.
    Case(CaseId),
}

/// From which blank on certificates are printed, as a plan of numbers has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlankStart {
    pub kind: BlankKind,
    pub from: BlankNumber,
}

/// A stocktake's number; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountId(pub i64);

impl fmt::Display for CountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The year that a demand is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DemandYear(pub i32);

/// A number of a series, as it stands in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeriesNumber {
    pub series: SeriesKey,
    pub serial: u32,
}

impl SeriesNumber {
    /// Gives the number so many places further on.
    #[must_use]
    pub fn further(self, by: u32) -> SeriesNumber {
        SeriesNumber { serial: self.serial + by, ..self }
    }
}

impl BlankState {
    /// Tells whether a blank in this state may come to another one, or to another keeper or certificate in it.
    pub fn may_become(self, next: BlankState) -> bool {
        use BlankState::{Destroyed, Lost, Spoiled, Stock, Used};
        match self {
            Stock => matches!(next, Stock | Used | Spoiled | Lost),
            // Numbers that were laid beside certificates before they were printed are moved on by one.
            Used => matches!(next, Used | Spoiled),
            // Found again, it comes back where a stocktake says so.
            Lost => matches!(next, Spoiled | Stock),
            Spoiled => next == Destroyed,
            Destroyed => false,
        }
    }
}

/// What happens to blanks of a run that stood the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlankMove {
    #[serde(flatten)]
    pub run: BlankRun,
    /// How they stood; nothing for those that are received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<BlankState>,
    /// Who had them; empty where that is still who has them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The certificate the first was used for, the next for the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub had: Option<SeriesNumber>,
    pub state: BlankState,
    pub keeper: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The certificate the first is used for, the next for the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<SeriesNumber>,
    /// Whether it takes a receipt back: the blanks never came.
    #[serde(default, skip_serializing_if = "is_false")]
    pub withdrawn: bool,
    /// Whether it corrects what was noted by mistake: the blanks stand as they stood before that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub corrected: bool,
}

/// Tells of a field of an entry whether it is left out.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !*value
}

impl BlankMove {
    /// Makes what receives blanks.
    pub fn receipt(run: BlankRun, keeper: &str, place: &str) -> BlankMove {
        let (keeper, place) = (keeper.to_string(), place.to_string());
        let (was, from, had, certificate) = (None, String::new(), None, None);
        let (withdrawn, corrected) = (false, false);
        BlankMove { run, was, from, had, state: BlankState::Stock, keeper, place, certificate, withdrawn, corrected }
    }

    /// Gives who had the blanks.
    pub fn keeper_before(&self) -> &str {
        if self.from.is_empty() { &self.keeper } else { &self.from }
    }
}

/// How blanks of a run stand, all of them by the same move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub run: BlankRun,
    pub state: BlankState,
    pub keeper: String,
    pub place: String,
    /// The certificate the first is used for, the next for the next one.
    pub certificate: Option<SeriesNumber>,
    /// Since which day.
    pub since: NaiveDate,
    /// The move by which, as the store numbers it.
    pub by: i64,
    /// Who had them before they were drawn, and where; nothing where they were not.
    pub drawn_from: Option<(String, String)>,
    /// Whether nothing has happened to them since they were received.
    pub is_fresh: bool,
}

impl Standing {
    /// Gives the part of it that lies in a run, which it reaches into.
    #[must_use]
    pub fn within(&self, run: BlankRun) -> Standing {
        let (first, last) = (self.run.first.max(run.first), self.run.last.min(run.last));
        let certificate = self.certificate.map(|number| number.further(first.places_after(self.run.first)));
        Standing { run: BlankRun { first, last }, certificate, ..self.clone() }
    }

    /// Makes the move to another state.
    ///
    /// # Errors
    /// It is not one that may come next, or dated before the last one.
    pub fn turned(&self, state: BlankState, on: NaiveDate) -> Result<BlankMove, StockRefusal> {
        self.must_be_before(on)?;
        if state == BlankState::Destroyed && self.state != BlankState::Spoiled && self.state != BlankState::Destroyed {
            return Err(StockRefusal::NotSpoiled(self.run.first));
        }
        // Out of what was lost only a stocktake brings anything back to the stock.
        if !self.state.may_become(state) || state == BlankState::Stock {
            return Err(self.refusal());
        }
        Ok(self.moved(state, &self.keeper, &self.place, None))
    }

    /// Makes the move by which a stocktake brings back what was lost.
    pub fn found_again(&self) -> BlankMove {
        self.moved(BlankState::Stock, &self.keeper, &self.place, None)
    }

    /// Makes the move by which a receipt is taken back.
    ///
    /// # Errors
    /// Something happened to the blanks since.
    pub fn taken_back(&self) -> Result<BlankMove, StockRefusal> {
        if !self.is_fresh {
            return Err(StockRefusal::NotFresh(self.run.first));
        }
        Ok(BlankMove { withdrawn: true, ..self.moved(BlankState::Stock, &self.keeper, &self.place, None) })
    }

    /// Makes the move by which the blanks are used, the first for a certificate.
    ///
    /// # Errors
    /// They are not in stock.
    pub fn used_for(&self, certificate: SeriesNumber, on: NaiveDate) -> Result<BlankMove, StockRefusal> {
        self.must_be_before(on)?;
        if self.state != BlankState::Stock {
            return Err(self.refusal());
        }
        Ok(self.moved(BlankState::Used, &self.keeper, &self.place, Some(certificate)))
    }

    /// Makes the move by which blanks that are laid beside certificates are laid beside others.
    pub fn used_instead(&self, certificate: SeriesNumber) -> BlankMove {
        self.moved(BlankState::Used, &self.keeper, &self.place, Some(certificate))
    }

    /// Makes the move to another keeper.
    ///
    /// # Errors
    /// They are not in stock, or are there already; what goes back was not drawn, or what is drawn was drawn by somebody before.
    pub fn passed(
        &self,
        way: Passing,
        (to, place): (Option<&str>, Option<&str>),
        on: NaiveDate,
    ) -> Result<BlankMove, StockRefusal> {
        self.must_be_before(on)?;
        if self.state != BlankState::Stock {
            return Err(self.refusal());
        }
        let back = self.drawn_from.as_ref();
        if way == Passing::Return && back.is_none() {
            return Err(StockRefusal::NotDrawn(self.run.first));
        }
        if way == Passing::Draw && back.is_some() {
            return Err(StockRefusal::Drawn(self.run.first, self.keeper.clone()));
        }
        let back = back.filter(|_| way == Passing::Return);
        let to = to.or(back.map(|(keeper, _)| keeper.as_str())).unwrap_or(&self.keeper);
        // What goes back to whom it came from goes where it lay.
        let there = back.filter(|(keeper, _)| keeper == to).map_or("", |(_, place)| place);
        let place = place.unwrap_or(if to == self.keeper { &self.place } else { there });
        if to == self.keeper && place == self.place {
            return Err(StockRefusal::SameKeeper(self.run.first, to.to_string()));
        }
        Ok(self.moved(BlankState::Stock, to, place, None))
    }

    fn moved(&self, state: BlankState, keeper: &str, place: &str, certificate: Option<SeriesNumber>) -> BlankMove {
        BlankMove {
            run: self.run,
            was: Some(self.state),
            from: if keeper == self.keeper { String::new() } else { self.keeper.clone() },
            had: self.certificate,
            state,
            keeper: keeper.to_string(),
            place: place.to_string(),
            certificate,
            withdrawn: false,
            corrected: false,
        }
    }

    /// Makes the move by which the blanks stand again as they stood before what they stand by now.
    pub fn corrected(&self, former: &Standing) -> BlankMove {
        let told = self.moved(former.state, &former.keeper, &former.place, former.certificate);
        BlankMove { corrected: true, ..told }
    }

    fn must_be_before(&self, on: NaiveDate) -> Result<(), StockRefusal> {
        if on < self.since { Err(StockRefusal::Early(self.run.first, self.since)) } else { Ok(()) }
    }

    /// Tells why blanks that stand so cannot be taken.
    fn refusal(&self) -> StockRefusal {
        let first = self.run.first;
        match self.state {
            BlankState::Stock => StockRefusal::NotSpoiled(first),
            BlankState::Used => StockRefusal::Used(first, None),
            BlankState::Spoiled => StockRefusal::Spoiled(first),
            BlankState::Destroyed => StockRefusal::Destroyed(first),
            BlankState::Lost => StockRefusal::Lost(first),
        }
    }
}

/// How many blanks a keeper has had, and where they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// From outside.
    pub received: u64,
    /// From other keepers.
    pub came: u64,
    /// To other keepers.
    pub went: u64,
    pub stock: u64,
    pub used: u64,
    pub spoiled: u64,
    pub destroyed: u64,
    pub lost: u64,
}

impl Balance {
    /// Tells whether nothing is unaccounted for.
    pub fn is_even(&self) -> bool {
        self.received + self.came == self.went + self.stock + self.used + self.spoiled + self.destroyed + self.lost
    }

    /// Gives the number of those in a state.
    pub fn of(&mut self, state: BlankState) -> &mut u64 {
        match state {
            BlankState::Stock => &mut self.stock,
            BlankState::Used => &mut self.used,
            BlankState::Spoiled => &mut self.spoiled,
            BlankState::Destroyed => &mut self.destroyed,
            BlankState::Lost => &mut self.lost,
        }
    }
}

impl AddAssign for Balance {
    fn add_assign(&mut self, other: Balance) {
        self.received += other.received;
        self.came += other.came;
        self.went += other.went;
        BlankState::ALL.into_iter().for_each(|state| *self.of(state) += *other.clone().of(state));
    }
}

/// How many sheets came out good in a while, and how many were spoiled over it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spoilage {
    pub good: u64,
    pub spoiled: u64,
}

impl Spoilage {
    /// Gives the rate in hundredths of a per cent, rounded; nothing where nothing was printed.
    pub fn rate(&self) -> Option<u64> {
        let printed = self.good + self.spoiled;
        (printed != 0).then(|| (self.spoiled * 20_000 / printed).div_ceil(2))
    }

    /// Tells whether more than so many of a hundred that were printed are spoiled.
    pub fn is_above(&self, percent: u16) -> bool {
        (self.good + self.spoiled) * u64::from(percent) < self.spoiled * 100
    }
}

/// Why a blank that was missing at a stocktake is not lost when it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotLost {
    /// A later stocktake found it.
    Found(CountId),
    /// Something happened to it since; how it stands, and since when.
    Moved(BlankState, NaiveDate),
    /// Its receipt was taken back.
    TakenBack,
}

/// How many blanks a year needs (GD-03): the passes that are expected, less what is in stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The passes that are expected, in the order in which annex 1 prints the levels: from the lowest to the highest.
    pub estimates: [u32; 5],
    pub stock: u64,
    /// How much is spoiled, in per cent of the passes; the notice names none.
    pub allowance: u32,
}

impl Demand {
    pub fn passes(&self) -> u64 {
        self.estimates.iter().map(|number| u64::from(*number)).sum()
    }

    /// Gives how many are expected to be spoiled.
    pub fn spoiled(&self) -> u64 {
        (self.passes() * u64::from(self.allowance)).div_ceil(100)
    }

    /// Gives how many must be ordered.
    pub fn order(&self) -> u64 {
        (self.passes() + self.spoiled()).saturating_sub(self.stock)
    }
}

#[cfg(test)]
#[path = "stock/tests.rs"]
mod tests;
