//! What was done with blank certificates, or would be: told before it is agreed to, and afterwards.

use chrono::NaiveDate;

use super::{Lang, Locale};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::BlanksMoved;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::{
    BlankKind, BlankMove, BlankNumber, BlankRun, BlankState, CountId, Demand, NotLost, SeriesNumber, TakenBack,
    runs_of_numbers,
};
use crate::domain::level::{Level, LevelForm};
use crate::domain::text;

/// How many certificates are named in a sentence.
const NAMED: usize = 3;

/// What a demand is for, as it is told.
#[derive(Debug, Clone, Copy)]
pub struct DemandTold<'a> {
    pub year: i32,
    pub kind: BlankKind,
    /// The institution's prefix; may be empty.
    pub institution: &'a str,
    pub as_of: NaiveDate,
    pub demand: &'a Demand,
}

/// Gives the level whose passes stand at a place of the estimates: annex 1 begins with the lowest.
pub fn level_at(at: usize) -> Option<Level> {
    Level::new(5_u8.checked_sub(u8::try_from(at).ok()?)?)
}

/// Lists runs of moves that are wanted.
fn runs(moved: &BlanksMoved, wanted: impl Fn(&BlankMove) -> bool) -> Vec<BlankRun> {
    moved.moves.iter().filter(|told| wanted(told)).map(|told| told.run).collect()
}

fn count(runs: &[BlankRun]) -> String {
    runs.iter().map(|run| run.count()).sum::<u64>().to_string()
}

impl Locale {
    /// Puts behind what was done where the audit chain has it.
    pub fn with_entry(&self, told: &[String], entry: u64) -> String {
        let mut lines = told.to_vec();
        if let Some(first) = lines.first_mut() {
            *first = self.fill("stock.done.entry", &[("told", first.as_str()), ("entry", &entry.to_string())]);
        }
        lines.join("\n")
    }

    /// Names certificates, the first of many.
    fn codes(&self, codes: &[CertCode]) -> String {
        let named: Vec<String> = codes.iter().take(NAMED).map(ToString::to_string).collect();
        let named = named.join(self.text("finding.comma"));
        if codes.len() <= NAMED {
            return named;
        }
        self.fill("stock.and-more-codes", &[("codes", &named), ("n", &codes.len().to_string())])
    }

    /// Tells what was done with blanks.
    pub fn blanks_done(&self, what: &str, kind: BlankKind, moved: &BlanksMoved) -> Vec<String> {
        // What was moved on with a spoiled one is told below.
        let is_own = |told: &BlankMove| what != "spoil" || told.state == BlankState::Spoiled;
        let (own, others) = (runs(moved, is_own), runs(moved, |told| !is_own(told)));
        let mut keepers: Vec<&str> = moved.moves.iter().map(|told| told.keeper.as_str()).collect();
        keepers.sort_unstable();
        keepers.dedup();
        let keepers: Vec<_> = keepers.into_iter().map(text::visible).collect();
        let places = [
            ("n", count(&own)),
            ("kind", self.blank_kind(kind).to_string()),
            ("runs", self.blank_runs(&own)),
            ("keeper", keepers.join(self.text("finding.comma"))),
            ("place", text::visible(moved.moves.first().map_or("", |told| &told.place)).into_owned()),
            ("witness", text::visible(&moved.witness).into_owned()),
        ];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        // Where nobody else has them now, only their place is another one.
        let is_place = what == "hand-over" && moved.moves.iter().all(|told| told.from.is_empty());
        let key = if is_place { "stock.done.placed".to_string() } else { format!("stock.done.{what}") };
        let mut lines = vec![self.fill(&key, &places)];
        let freed: Vec<CertCode> = moved.moves.iter().filter(|told| is_own(told)).flat_map(had).collect();
        if !others.is_empty() {
            let places = [("runs", &*self.blank_runs(&others)), ("n", &count(&others))];
            lines.push(self.fill("stock.done.moved-on", &places));
        } else if what == "spoil" && !freed.is_empty() {
            lines.push(self.fill("stock.done.freed", &[("codes", &self.codes(&freed))]));
        }
        lines
    }

    /// Tells what was corrected of blanks: how they stand again, and which certificates have one again, or none.
    pub fn blanks_taken_back(&self, what: TakenBack, kind: BlankKind, moved: &BlanksMoved) -> Vec<String> {
        if what == TakenBack::Receipt {
            return self.blanks_done("take-back", kind, moved);
        }
        let places =
            [("what", self.taken_back(what)), ("kind", self.blank_kind(kind)), ("n", &moved.count.to_string())];
        let mut lines = vec![self.fill("stock.done.correct", &places)];
        for state in [BlankState::Stock, BlankState::Used, BlankState::Spoiled] {
            let runs = runs(moved, |told| told.state == state);
            if !runs.is_empty() {
                let places =
                    [("state", self.blank_state(state)), ("n", &*count(&runs)), ("runs", &self.blank_runs(&runs))];
                lines.push(format!("  {}", self.fill("stock.withdrawn-back", &places)));
            }
        }
        let again: Vec<CertCode> = moved.moves.iter().flat_map(|told| codes_of(told, told.certificate)).collect();
        let mut freed: Vec<CertCode> = moved.moves.iter().flat_map(had).collect();
        freed.retain(|code| !again.contains(code));
        if !again.is_empty() {
            lines.push(format!("  {}", self.fill("stock.done.again", &[("codes", &self.codes(&again))])));
        }
        if !freed.is_empty() {
            lines.push(format!("  {}", self.fill("stock.done.freed", &[("codes", &self.codes(&freed))])));
        }
        lines
    }

    pub fn taken_back(&self, what: TakenBack) -> &str {
        self.text(match what {
            TakenBack::Receipt => "stock.taken-back.receive",
            TakenBack::Use => "stock.taken-back.use",
            TakenBack::Spoilage => "stock.taken-back.spoil",
            TakenBack::Destruction => "stock.taken-back.destroy",
        })
    }

    /// Tells which spoiled blanks are left out where all are destroyed: they were lost with their certificates.
    pub fn blanks_away(&self, away: &[(BlankRun, CaseId)]) -> String {
        let of = |(run, case): &(BlankRun, CaseId)| {
            self.fill("stock.done.away", &[("runs", &run.to_string()), ("case", &case.to_string())])
        };
        away.iter().map(of).collect::<Vec<_>>().join("\n")
    }

    /// Tells what would come of an act, before it is agreed to.
    pub fn blanks_ahead(&self, told: &[String]) -> String {
        format!("{}\n{}", self.text("stock.ahead"), told.join("\n"))
    }

    /// Tells on which blanks certificates were printed, what was spoiled over it, and which old one is.
    pub fn blanks_printed(
        &self,
        (kind, spoiled): (BlankKind, Option<&BlanksMoved>),
        used: &BlanksMoved,
        pairs: &[(BlankNumber, CertCode)],
    ) -> Vec<String> {
        let runs_used = runs_of_numbers(pairs.iter().map(|(number, _)| *number));
        let code = |pair: Option<&(BlankNumber, CertCode)>| pair.map_or_else(String::new, |(_, code)| code.to_string());
        let places = [
            ("n", pairs.len().to_string()),
            ("kind", self.blank_kind(kind).to_string()),
            ("runs", self.blank_runs(&runs_used)),
            ("from", code(pairs.first())),
            ("to", code(pairs.last())),
        ];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        let key = if pairs.len() == 1 { "stock.done.use-one" } else { "stock.done.use" };
        let mut lines = vec![self.fill(key, &places)];
        let old = runs(used, |told| told.state == BlankState::Spoiled);
        if !old.is_empty() {
            lines.push(self.fill("stock.done.old", &[("runs", &self.blank_runs(&old))]));
        }
        lines.extend(spoiled.into_iter().flat_map(|moved| self.blanks_done("spoil", kind, moved)));
        lines
    }

    /// Tells how a stocktake ended: what is lost, what is in stock again, and what was missing and is not lost.
    pub fn count_end(&self, id: CountId, moved: &BlanksMoved, left: &[(BlankRun, NotLost)]) -> Vec<String> {
        let (lost, back) =
            (runs(moved, |told| told.state == BlankState::Lost), runs(moved, |told| told.state == BlankState::Stock));
        let places = [("count", &*id.to_string()), ("n", &count(&lost)), ("runs", &self.blank_runs(&lost))];
        let mut lines = vec![self.fill(if lost.is_empty() { "stock.closed" } else { "stock.closed-lost" }, &places)];
        if !back.is_empty() {
            let places = [("n", &*count(&back)), ("runs", &self.blank_runs(&back))];
            lines.push(format!("  {}", self.fill("stock.closed-back", &places)));
        }
        lines.extend(left.iter().map(|(run, why)| {
            let why = match why {
                NotLost::Found(later) => self.fill("stock.not-lost.found", &[("count", &later.to_string())]),
                NotLost::Moved(state, day) => {
                    let places = [("state", self.blank_state(*state)), ("day", &*day.to_string())];
                    self.fill("stock.not-lost.moved", &places)
                }
                NotLost::TakenBack => self.text("stock.not-lost.taken-back").to_string(),
            };
            format!("  {}", self.fill("stock.not-lost.line", &[("runs", &run.to_string()), ("why", &why)]))
        }));
        lines
    }

    /// Tells that a stocktake is withdrawn, and what stands again as before.
    pub fn count_withdrawn(&self, id: CountId, back: &BlanksMoved) -> Vec<String> {
        let mut lines = vec![self.fill("stock.withdrawn", &[("count", &id.to_string())])];
        for state in [BlankState::Stock, BlankState::Lost] {
            let runs = runs(back, |told| told.state == state);
            if !runs.is_empty() {
                let places =
                    [("state", self.blank_state(state)), ("n", &*count(&runs)), ("runs", &self.blank_runs(&runs))];
                lines.push(format!("  {}", self.fill("stock.withdrawn-back", &places)));
            }
        }
        lines
    }

    /// Tells how a demand is calculated.
    pub fn demand_lines(&self, told: &DemandTold<'_>) -> Vec<String> {
        let DemandTold { year, kind, institution, as_of, demand } = *told;
        let places = [("year", &*year.to_string()), ("kind", self.blank_kind(kind)), ("institution", institution)];
        let mut lines = vec![self.fill("stock.demand.title", &places).trim_end().to_string()];
        let levels = self.estimates_told(&demand.estimates);
        lines.extend(levels.into_iter().map(|(level, count)| format!("  {level}  {count}")));
        lines.extend(self.demand_sum(as_of, demand));
        lines
    }

    /// Tells what is expected, what is in stock and what is to be ordered.
    pub fn demand_sum(&self, as_of: NaiveDate, demand: &Demand) -> Vec<String> {
        let (passes, spoiled) = (demand.passes().to_string(), demand.spoiled().to_string());
        let (stock, order) = (demand.stock.to_string(), demand.order().to_string());
        let places = [
            ("passes", &*passes),
            ("allowance", &demand.allowance.to_string()),
            ("spoiled", &spoiled),
            ("stock", &stock),
            ("day", &as_of.to_string()),
            ("order", &order),
        ];
        let keys = ["stock.demand.passes", "stock.demand.allowance", "stock.demand.stock", "stock.demand.order"];
        let is_told = |key: &&str| demand.allowance != 0 || *key != "stock.demand.allowance";
        keys.into_iter().filter(is_told).map(|key| self.fill(key, &places)).collect()
    }

    /// Lists what is expected of each level, from the lowest on.
    pub fn estimates_told(&self, estimates: &[u32; 5]) -> Vec<(String, String)> {
        let row = |(at, count): (usize, &u32)| Some((self.blank_level(level_at(at)?), count.to_string()));
        estimates.iter().enumerate().filter_map(row).collect()
    }

    /// Names a level as the columns of a demand do.
    pub fn blank_level(&self, level: Level) -> String {
        match self.lang {
            Lang::Zh => level.written(LevelForm::Grade),
            Lang::En => self.fill("stock.demand.level", &[("digit", &level.digit().to_string())]),
        }
    }
}

/// Lists the certificates that blanks of a move were used for.
fn had(told: &BlankMove) -> Vec<CertCode> {
    codes_of(told, told.had)
}

/// Lists the certificates of the blanks of a move, by that of the first.
fn codes_of(told: &BlankMove, start: Option<SeriesNumber>) -> Vec<CertCode> {
    let code = |by: u64| {
        let SeriesNumber { series, serial } = start?.further(u32::try_from(by).ok()?);
        series.code(serial)
    };
    (0..told.run.count()).filter_map(code).collect()
}
