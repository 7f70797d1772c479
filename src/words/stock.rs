//! Blank certificates, in the user's words.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Locale;
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::ledger::action::BlanksCounted;
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::plan::Plan;
use crate::domain::ledger::stock::{
    Balance, BlankKind, BlankNumber, BlankRun, BlankStart, BlankState, CountId, Difference, Spoilage, Standing,
    StockRefusal,
};
use crate::domain::profile::Profile;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};

/// How the blanks stand altogether, as it is told.
#[derive(Debug, Clone, Default)]
pub struct StockTold {
    pub balances: Vec<(BlankKind, String, Balance)>,
    pub spoilage: Vec<(BlankKind, String, Spoilage)>,
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Above how many per cent it is too much, and the clause by which; nothing where nobody is warned.
    pub most_spoiled: Option<(u16, String)>,
    /// The stocktakes whose difference is not explained yet.
    pub open: Vec<(CountId, BlanksCounted)>,
    /// What is noted for a year: the passes, what is expected to be spoiled, what is in stock, what is to be ordered.
    pub demands: Vec<(i32, BlankKind, [u64; 4])>,
}

/// One step of a blank's way, as it is told.
#[derive(Debug, Clone)]
pub struct BlankStepTold<'a> {
    pub state: BlankState,
    pub on: NaiveDate,
    pub keeper: &'a str,
    pub place: &'a str,
    pub code: Option<CertCode>,
    pub entry: &'a AuditEntry,
    /// When it was written down, on the user's clock.
    pub when: String,
    /// The blank that took its place for a case.
    pub instead: Option<BlankNumber>,
    /// Who saw it destroyed, and where that is filed; may be empty.
    pub witness: String,
    pub record: String,
}

/// How many runs are named in a sentence.
const NAMED: usize = 12;

impl Locale {
    pub fn blank_kind(&self, kind: BlankKind) -> &str {
        self.text(match kind {
            BlankKind::Ordinary => "stock.kind.ordinary",
            BlankKind::Competition => "stock.kind.competition",
        })
    }

    pub fn blank_state(&self, state: BlankState) -> &str {
        self.text(match state {
            BlankState::Stock => "stock.state.stock",
            BlankState::Used => "stock.state.used",
            BlankState::Spoiled => "stock.state.spoiled",
            BlankState::Destroyed => "stock.state.destroyed",
            BlankState::Lost => "stock.state.lost",
        })
    }

    /// Lists runs, the first of many.
    pub fn blank_runs(&self, runs: &[BlankRun]) -> String {
        let named: Vec<String> = runs.iter().take(NAMED).map(ToString::to_string).collect();
        let named = named.join(self.text("finding.comma"));
        if runs.len() <= NAMED {
            return named;
        }
        self.fill("stock.and-more", &[("runs", &named), ("n", &runs.len().to_string())])
    }

    /// Tells on which blanks the certificates of a plan are printed.
    pub fn planned_blanks(&self, plan: &Plan) -> String {
        let kind = plan.blanks.map_or("", |start| self.blank_kind(start.kind));
        let (n, runs) = (plan.rows.len().to_string(), self.blank_runs(&plan.blank_runs));
        self.fill("ui.plan.blanks", &[("kind", kind), ("runs", &runs), ("n", &n)])
    }

    /// Warns of blanks of another kind than the certificates of a profile are printed on.
    pub fn other_blank_kind(&self, kind: BlankKind, profile: &Profile) -> Option<String> {
        let own = BlankKind::of(profile);
        let told = match profile.competition_blanks.as_str() {
            _ if own == kind => return None,
            "" => self.fill("stock.kind-ordinary", &[("kind", self.blank_kind(kind))]),
            clause => self.fill("stock.kind-competition", &[("kind", self.blank_kind(kind)), ("clause", clause)]),
        };
        Some(told)
    }

    /// Tells what to do with a blank whose certificate holds no more: on the command line, or where it is shown.
    pub fn blank_left(&self, number: BlankNumber, status: Status, clause: &str, is_here: bool) -> String {
        let places = [("number", &*number.to_string()), ("status", self.status(status)), ("clause", clause)];
        let key = match (is_here, clause.is_empty()) {
            (true, true) => "stock.left.here",
            (true, false) => "stock.left.here-by",
            (false, true) => "stock.left.told",
            (false, false) => "stock.left.told-by",
        };
        self.fill(key, &places)
    }

    /// Writes from which blank on is printed, as it is read.
    pub fn blank_start(&self, start: BlankStart) -> String {
        match start.kind {
            BlankKind::Ordinary => start.from.to_string(),
            kind @ BlankKind::Competition => format!("{} {}", start.from, self.blank_kind(kind)),
        }
    }

    /// Tells how many came out good, how many were spoiled, and the rate.
    pub fn spoilage(&self, spoilage: &Spoilage) -> String {
        let rate = spoilage.rate().map_or_else(|| "0".to_string(), |rate| format!("{}.{:02}", rate / 100, rate % 100));
        let (good, spoiled) = (spoilage.good.to_string(), spoilage.spoiled.to_string());
        self.fill("stock.spoilage", &[("good", &good), ("spoiled", &spoiled), ("rate", &rate)])
    }

    /// Tells a keeper's balance, leaving out what is none.
    pub fn balance(&self, balance: &Balance) -> String {
        let Balance { received, came, went, stock, used, spoiled, destroyed, lost } = *balance;
        let parts = [
            ("stock.balance.received", received),
            ("stock.balance.came", came),
            ("stock.balance.went", went),
            ("stock.balance.stock", stock),
            ("stock.balance.used", used),
            ("stock.balance.spoiled", spoiled),
            ("stock.balance.destroyed", destroyed),
            ("stock.balance.lost", lost),
        ];
        let is_told = |(key, number): &(&str, u64)| *number != 0 || *key == "stock.balance.stock";
        let told = parts.into_iter().filter(is_told).map(|(key, number)| self.fill(key, &[("n", &number.to_string())]));
        told.collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Tells how the blanks stand: by kind and keeper, what was spoiled, and which stocktakes are open; nothing where there are none.
    pub fn stock_summary(&self, told: &StockTold) -> Vec<String> {
        let mut sums: BTreeMap<BlankKind, Balance> = BTreeMap::new();
        told.balances.iter().for_each(|(kind, _, balance)| *sums.entry(*kind).or_default() += *balance);
        let mut lines = Vec::new();
        // What waits to be explained comes first.
        for (id, count) in &told.open {
            lines.extend(self.stocktake_lines(count, *id, false));
        }
        for (kind, sum) in sums {
            // What went from one keeper to another is none of the sum's.
            let sum = Balance { came: 0, went: 0, ..sum };
            let places = [("kind", self.blank_kind(kind)), ("balance", &self.balance(&sum))];
            lines.push(self.fill("stock.of-kind", &places));
            for (_, keeper, balance) in told.balances.iter().filter(|(of, ..)| *of == kind) {
                let places = [("keeper", &*text::visible(keeper)), ("balance", &self.balance(balance))];
                lines.push(format!("  {}", self.fill("stock.of-keeper", &places)));
            }
        }
        lines.extend(told.demands.iter().map(|(year, kind, numbers)| {
            let [passes, spoiled, stock, order] = numbers.map(|number| number.to_string());
            let places = [
                ("year", &*year.to_string()),
                ("kind", self.blank_kind(*kind)),
                ("passes", &passes),
                ("spoiled", &spoiled),
                ("stock", &stock),
                ("order", &order),
            ];
            self.fill("stock.demand.line", &places)
        }));
        if let Some((from, to)) = told.period.filter(|_| !told.spoilage.is_empty()) {
            lines.push(self.fill("stock.spoilage-of", &[("from", &from.to_string()), ("to", &to.to_string())]));
            lines.extend(told.spoilage.iter().map(|(kind, keeper, spoilage)| {
                let told = match &told.most_spoiled {
                    Some((most, clause)) if spoilage.is_above(*most) => {
                        let places =
                            [("told", &*self.spoilage(spoilage)), ("most", &most.to_string()), ("clause", clause)];
                        let key = if clause.is_empty() { "stock.spoilage-above-own" } else { "stock.spoilage-above" };
                        self.fill(key, &places)
                    }
                    _ => self.spoilage(spoilage),
                };
                let places = [("kind", self.blank_kind(*kind)), ("keeper", &*text::visible(keeper)), ("told", &told)];
                format!("  {}", self.fill("stock.spoilage-line", &places))
            }));
        }
        lines
    }

    /// Tells where the tables of blanks and the chain differ.
    pub fn stock_fault(&self, detail: &str) -> String {
        let mut words = detail.split(' ');
        let (Some(what), Some(which), Some(how)) = (words.next(), words.next(), words.next_back()) else {
            return self.fill(
                "verify.stock-differs.entry",
                &[("kind", self.blank_kind(BlankKind::read(detail).unwrap_or_default()))],
            );
        };
        let key = match what {
            "blank_move" => "verify.stock-differs.move",
            "blank_balance" => "verify.stock-differs.balance",
            _ => "verify.stock-differs.blank",
        };
        let how = match how {
            "-" => self.text("verify.stock-differs.missing"),
            "+" => self.text("verify.stock-differs.surplus"),
            "differs" => self.text("verify.stock-differs.other"),
            column => column,
        };
        self.fill(key, &[("which", &text::visible(which)), ("how", how)])
    }

    /// Tells one step of a blank's way, and below it why.
    pub fn blank_step(&self, step: &BlankStepTold<'_>) -> Vec<String> {
        let places = [
            ("day", step.on.to_string()),
            ("what", self.step_name(step)),
            ("keeper", text::visible(step.keeper).into_owned()),
            ("place", text::visible(step.place).into_owned()),
            ("code", step.code.map(|code| code.to_string()).unwrap_or_default()),
            ("entry", step.entry.seq.to_string()),
            ("time", step.when.clone()),
            ("user", text::signed_by(&step.entry.user).to_string()),
        ];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        let told = self.fill("stock.step", &places);
        // What is empty leaves no gap.
        let told = told.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let mut lines = vec![format!("  {told}")];
        let beside = [
            ("stock.witnessed", text::visible(&step.witness).into_owned()),
            ("stock.recorded", text::visible(&step.record).into_owned()),
            ("stock.instead", step.instead.map(|number| number.to_string()).unwrap_or_default()),
        ];
        let beside = beside.iter().filter(|(_, text)| !text.is_empty());
        lines.extend(beside.map(|(key, text)| format!("    {}", self.fill(key, &[("text", text)]))));
        // Why one was spoiled is not why another one is used in its place.
        let is_theirs = !(step.entry.action == "stock.spoil" && step.state == BlankState::Used);
        let reason = if is_theirs { step.entry.reason.as_str() } else { "" };
        lines.extend(Some(format!("    {}", text::visible(reason))).filter(|_| !reason.is_empty()));
        lines
    }

    /// Names what happened to one blank: an entry may do one thing to it and another to others.
    fn step_name(&self, step: &BlankStepTold<'_>) -> String {
        let key = match (step.entry.action.as_str(), step.state) {
            ("stock.spoil", BlankState::Used) => "stock.step-name.in-place",
            ("stock.use", BlankState::Spoiled) => "stock.step-name.replaced",
            ("stock.close", BlankState::Lost) => "stock.step-name.lost",
            ("stock.close", _) => "stock.step-name.found",
            ("stock.withdraw", BlankState::Lost) => "stock.step-name.lost-again",
            ("stock.withdraw", _) => "stock.step-name.not-lost",
            (action, _) => return self.audit_action(action),
        };
        let count = step.entry.object.trim_start_matches("count:");
        self.fill(key, &[("count", count)])
    }

    /// Tells where a blank is.
    pub fn blank_line(&self, kind: BlankKind, number: BlankNumber, standing: &Standing) -> String {
        let number = number.to_string();
        let places = [
            ("number", &*number),
            ("kind", self.blank_kind(kind)),
            ("state", self.blank_state(standing.state)),
            ("keeper", &text::visible(&standing.keeper)),
            ("place", &text::visible(&standing.place)),
            ("day", &standing.since.to_string()),
        ];
        self.fill("stock.where", &places).trim_end().to_string()
    }

    /// Tells what was found at a stocktake: what is missing, too many, counted twice, and what comes next.
    pub fn stocktake_lines(&self, told: &BlanksCounted, id: CountId, is_closed: bool) -> Vec<String> {
        let whose = if told.keeper.is_empty() { self.text("stock.count.everybody") } else { &told.keeper };
        let difference = i128::from(told.counted) - i128::from(told.held);
        let (id, difference) = (id.to_string(), format!("{difference:+}"));
        let places = [
            ("count", &*id),
            ("day", &told.on.to_string()),
            ("kind", self.blank_kind(told.kind)),
            ("keeper", &text::visible(whose)),
            ("held", &told.held.to_string()),
            ("counted", &told.counted.to_string()),
            ("difference", &difference),
        ];
        let mut lines = vec![self.fill("stock.count.line", &places)];
        for (key, runs) in [
            ("stock.count.missing", &told.missing),
            ("stock.count.surplus", &told.surplus),
            ("stock.count.doubled", &told.doubled),
        ] {
            if !runs.is_empty() {
                lines.push(format!("  {}", self.fill(key, &[("runs", &self.blank_runs(runs))])));
            }
        }
        let is_even = told.missing.is_empty() && told.surplus.is_empty();
        let end = match (is_closed, is_even) {
            (true, true) => "stock.count.closed",
            (true, false) => "stock.count.explained",
            (false, _) => "stock.count.open",
        };
        lines.push(format!("  {}", self.fill(end, &places)));
        lines
    }

    /// Tells how the blanks of a state differ from another system's; nothing where neither has any.
    pub fn compared_blanks(&self, state: BlankState, difference: &Difference) -> Vec<String> {
        if difference.held == 0 && difference.counted == 0 {
            return Vec::new();
        }
        let (ours, theirs) = (difference.held.to_string(), difference.counted.to_string());
        let places = [("state", self.blank_state(state)), ("ours", &ours), ("theirs", &theirs)];
        let mut lines = vec![self.fill("stock.compared", &places)];
        for (key, runs) in [
            ("stock.only-ours", &difference.missing),
            ("stock.only-theirs", &difference.surplus),
            ("stock.doubled", &difference.doubled),
        ] {
            if !runs.is_empty() {
                lines.push(format!("  {}", self.fill(key, &[("runs", &self.blank_runs(runs))])));
            }
        }
        lines
    }

    /// Tells why something cannot be done with blanks.
    pub fn stock_refusal(&self, refusal: &StockRefusal) -> Failure {
        let text = |value: &dyn std::fmt::Display| value.to_string();
        let places: Vec<(&str, String)> = match refusal {
            StockRefusal::NoNumber(typed) => vec![("typed", text::visible(typed).into_owned())],
            StockRefusal::Backwards(first, last) => vec![("first", text(first)), ("last", text(last))],
            StockRefusal::Received(run) => vec![("runs", text(run))],
            StockRefusal::Used(number, code) => {
                vec![("number", text(number)), ("code", code.map_or_else(String::new, |code| code.to_string()))]
            }
            StockRefusal::NeverReceived(number)
            | StockRefusal::Spoiled(number)
            | StockRefusal::Destroyed(number)
            | StockRefusal::Lost(number)
            | StockRefusal::NotSpoiled(number)
            | StockRefusal::NotDrawn(number)
            | StockRefusal::NotFresh(number)
            | StockRefusal::NothingOn(number)
            | StockRefusal::Twice(number) => vec![("number", text(number))],
            StockRefusal::SameKeeper(number, keeper) | StockRefusal::Drawn(number, keeper) => {
                vec![("number", text(number)), ("keeper", text::visible(keeper).into_owned())]
            }
            StockRefusal::NothingToCorrect(number, what, action) => vec![
                ("number", text(number)),
                ("what", self.taken_back(*what).to_string()),
                ("action", self.audit_action(action)),
            ],
            StockRefusal::MovedOn(number, other) => vec![("number", text(number)), ("other", text(other))],
            StockRefusal::Early(number, day) => vec![("number", text(number)), ("day", text(day))],
            StockRefusal::HasBlank(code, number) => vec![("code", text(code)), ("number", text(number))],
            StockRefusal::NoPaper(code, status) => {
                vec![("code", text(code)), ("status", self.status(*status).to_string())]
            }
            StockRefusal::TooFew(wanted, there) => vec![("wanted", text(wanted)), ("there", text(there))],
            StockRefusal::NothingToPrint => Vec::new(),
            StockRefusal::OtherCase(case) | StockRefusal::CaseNotApproved(case) => vec![("case", text(case))],
            StockRefusal::CaseDone(case, number) => vec![("case", text(case)), ("number", text(number))],
            StockRefusal::NothingThere(keeper) => vec![("keeper", text::visible(keeper).into_owned())],
            StockRefusal::BeforeCount(count, day) => vec![("count", text(count)), ("day", text(day))],
            StockRefusal::NoCount(count) | StockRefusal::CountClosed(count) | StockRefusal::CountWithdrawn(count) => {
                vec![("count", text(count))]
            }
            StockRefusal::Proof(case, clause) => vec![("case", text(case)), ("clause", clause.clone())],
            StockRefusal::BeforeNumber(code, day) => vec![("code", text(code)), ("day", text(day))],
            StockRefusal::CountedLater(day) => vec![("day", text(day))],
        };
        let kind = match refusal {
            // What was typed is none, or names what is not there.
            StockRefusal::NoNumber(_)
            | StockRefusal::Backwards(..)
            | StockRefusal::Twice(_)
            | StockRefusal::NothingThere(_)
            | StockRefusal::NoCount(_) => FailureKind::Usage,
            _ => FailureKind::Rule,
        };
        let places: Vec<(&str, &str)> = places.iter().map(|(key, text)| (*key, text.as_str())).collect();
        let of = |part: &str| format!("stock.refused.{}.{part}", refusal.key());
        let hint = self.find(&of("hint")).map(|_| self.fill(&of("hint"), &places)).unwrap_or_default();
        let here = self.find(&of("here")).map(|_| self.fill(&of("here"), &places)).unwrap_or_default();
        Failure { here, ..Failure::new(kind, self.fill(&of("message"), &places), hint) }
    }
}
